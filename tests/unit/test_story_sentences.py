"""The places that stories are tagged with: measured on our own titles and summaries, half of them traps."""

import asyncio
import csv
from pathlib import Path

from bot.lookup.search import CityIndex
from bot.recogniser.recogniser import Recogniser
from bot.recogniser.tags import load_recogniser
from db.database import Database

SENTENCES = Path(__file__).parent / "story_sentences.tsv"
PRECISION, RECALL = 0.95, 0.9


def stories() -> list[tuple[frozenset[str], str, str]]:
    """(labels of the places it is about, title, summary) of every line of the file."""
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(frozenset(filter(None, row["places"].split("; "))), row["title"], row["summary"]) for row in rows]


def test_the_stories_are_many_half_of_them_traps_and_name_places_of_the_seed(index: CityIndex) -> None:
    rows = stories()
    known = {place.label for place in index.places.values()}
    traps = sum(not expected for expected, _, _ in rows)

    assert len(rows) >= 200
    assert 0.4 < traps / len(rows) < 0.6
    assert len({title for _, title, _ in rows}) == len(rows)
    assert set().union(*(expected for expected, _, _ in rows)) - known == set()


def test_stories_are_tagged_with_the_places_they_name_and_with_no_others(
    sqlite_template: Path, index: CityIndex
) -> None:
    recogniser = asyncio.run(_load(f"sqlite+aiosqlite:///{sqlite_template}", index))
    wrong = right = missed = 0
    for expected, title, summary in stories():
        found = {place.label for place in recogniser.places(f"{title}\n{summary}")}
        wrong += len(found - expected)
        right += len(found & expected)
        missed += len(expected - found)
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"stories: precision {precision:.3f}, recall {recall:.3f} on {right + missed} places")  # noqa: T201 - for `pytest -s`

    assert precision >= PRECISION
    assert recall >= RECALL


async def _load(url: str, index: CityIndex) -> Recogniser:
    database = Database(url)
    try:
        return await load_recogniser(database, index)
    finally:
        await database.close()
