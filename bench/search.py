"""Look-up on the shipped seed: our index beside what bots usually do, on the same names.

Queries are made from the places themselves: a whole name, a beginning, one slip of the finger, accents dropped.
A hit is the wanted place among the first k places. The seed of the random numbers is fixed.
"""

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz import fuzz, process

from bench.figures import Figure, with_ratios
from bot.cities import load_index
from bot.client import utc_now
from bot.places import Place
from bot.search import CityIndex
from bot.start import open_database
from db.names import fold

QUERIES_A_KIND = 150
Search = Callable[[str], list[int]]


def run() -> list[Figure]:
    """Measure every subject."""
    with TemporaryDirectory() as folder:
        index, seconds = asyncio.run(_built(Path(folder) / "bench.db"))
    queries = _queries(list(index.places.values()), random.Random(2))  # noqa: S311 - a repeatable draw
    figures = [Figure("ours", "build", round(seconds, 2), "s")]
    for subject, search in _subjects(index).items():
        figures += _measured(subject, search, queries)
    return with_ratios(figures)


async def _built(path: Path) -> tuple[CityIndex, float]:
    async with open_database(f"sqlite+aiosqlite:///{path}", utc_now(), progress=lambda _text: None) as database:
        started = time.perf_counter()
        return await load_index(database), time.perf_counter() - started


def _queries(places: list[Place], draw: random.Random) -> list[tuple[str, int]]:
    chosen = draw.sample([place for place in places if len(fold(place.name)) > 4], QUERIES_A_KIND)
    queries = []
    for place in chosen:
        key = fold(place.name)
        at = draw.randrange(1, len(key) - 1)
        slip = draw.choice([key[:at] + key[at + 1 :], key[:at] + key[at + 1] + key[at] + key[at + 2 :]])
        queries += [(place.name, place.id), (key, place.id), (key[:4], place.id), (slip, place.id)]
    return queries


def _subjects(index: CityIndex) -> dict[str, Search]:
    names = {place.id: fold(place.name) for place in index.places.values()}
    people = {place.id: place.population or 0 for place in index.places.values()}

    def fuzzy(query: str) -> list[int]:
        return [place_id for _, _, place_id in process.extract(fold(query), names, scorer=fuzz.WRatio, limit=25)]

    # It is only ever read, by one thread.
    table = sqlite3.connect(":memory:")
    table.execute("CREATE TABLE places (id INTEGER, key TEXT, people INTEGER)")
    table.executemany("INSERT INTO places VALUES (?, ?, ?)", [(i, key, people[i]) for i, key in names.items()])

    def like(query: str) -> list[int]:
        rows = table.execute(
            "SELECT id FROM places WHERE key LIKE ? ORDER BY people DESC LIMIT 25", (f"%{fold(query)}%",)
        )
        return [row[0] for row in rows]

    return {
        "ours": lambda query: [hit.place.id for hit in index.search(query)],
        "rapidfuzz WRatio over names": fuzzy,
        "SQLite LIKE over names": like,
    }


def _measured(subject: str, search: Search, queries: list[tuple[str, int]]) -> list[Figure]:
    found_at, times = [], []
    for query, wanted in queries:
        started = time.perf_counter()
        answer = search(query)
        times.append((time.perf_counter() - started) * 1000)
        found_at.append(answer.index(wanted) if wanted in answer else 99)
    times.sort()
    recalls = [
        Figure(subject, f"recall@{k}", round(sum(at < k for at in found_at) / len(found_at), 3), "share")
        for k in (1, 5, 25)
    ]
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    return [*recalls, Figure(subject, "p50", round(p50, 3), "ms"), Figure(subject, "p99", round(p99, 3), "ms")]
