"""Hostile answers through the whole pipeline: nothing crashes, nothing leaks out, nothing is posted."""

import asyncio
import gc
import time
import unicodedata
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from db.database import Database
from db.models import Story
from tests import hostile_answers, hostile_letters, hostile_markup
from tests.feeds_server import item, rss
from tests.hostile_bodies import ANY, Hostile
from tests.newsroom import Newsroom, newsroom

BODIES = (
    *(*hostile_markup.FLOODS, *hostile_markup.NESTING, *hostile_markup.ENTITIES),
    *(*hostile_letters.ENCODINGS, *hostile_letters.ODD_JSON, *hostile_letters.NAMES, *hostile_letters.WORDS),
    *(*hostile_answers.BOMBS, *hostile_answers.LENGTHS, *hostile_answers.NO_FEEDS),
)
Family = Sequence[Hostile]
HIDDEN_WORDS = "the words of the secret file"
GOOD = rss(*(item(f"Choir evening {n}", f"https://news.example/{n}", guid=f"choir-{n}") for n in range(3)))
LONGEST_HOLD = 0.05  # seconds of computing that the event loop may spend on one thing
NOBODY_ELSES = 1_000  # the id of a server
A_DAY = timedelta(days=1, hours=3)  # longer than the longest wait after failures


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """PostgreSQL alone: it refuses what SQLite would swallow."""
    return postgresql_url


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that no feed may read."""
    path = tmp_path / "secret.txt"
    path.write_text(HIDDEN_WORDS)
    return path


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    async with newsroom(database, now, caplog, patience=3) as room:
        yield room


def test_there_are_enough_of_them_and_each_says_what_it_attacks() -> None:
    assert len({hostile.name for hostile in BODIES}) == len(BODIES) >= 40
    assert [hostile.name for hostile in BODIES if not hostile.attacks.endswith(".")] == []


async def test_f10_bombs_are_cut_off_before_they_unfold(room: Newsroom, secret: Path) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await harmless(room, secret, hostile_answers.BOMBS)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024  # the server's copies among them


async def test_f10_lies_about_lengths_are_errors(room: Newsroom, secret: Path) -> None:
    await harmless(room, secret, hostile_answers.LENGTHS)


@pytest.mark.parametrize("family", [hostile_markup.FLOODS, hostile_markup.NESTING], ids=["floods", "nesting"])
async def test_f12_floods_and_nesting_end_in_time(room: Newsroom, secret: Path, family: Family) -> None:
    await harmless(room, secret, family)


async def test_f13_entities_bring_nothing_from_elsewhere(room: Newsroom, secret: Path) -> None:
    await harmless(room, secret, hostile_markup.ENTITIES)


@pytest.mark.parametrize("family", [hostile_letters.ENCODINGS, hostile_letters.ODD_JSON], ids=["encodings", "JSON"])
async def test_f14_lies_about_encodings_are_survived(room: Newsroom, secret: Path, family: Family) -> None:
    await harmless(room, secret, family)


async def test_f15_what_is_no_feed_is_refused(room: Newsroom, secret: Path) -> None:
    await harmless(room, secret, hostile_answers.NO_FEEDS)


@pytest.mark.parametrize("family", [hostile_letters.NAMES, hostile_letters.WORDS], ids=["names", "words"])
async def test_f18_words_and_links_that_deceive_are_made_harmless(room: Newsroom, secret: Path, family: Family) -> None:
    await harmless(room, secret, family)


async def harmless(room: Newsroom, secret: Path, bodies: Family) -> None:
    """Each as a new feed, then as what a good feed answers one day."""
    async with held_up() as times:
        found = {hostile.name: await first_sight(room, secret, hostile) for hostile in bodies}
        feeds = await good_feeds(room, len(bodies))
        for number, hostile in enumerate(bodies):
            hostile.serve(room.server, f"/good/{number}", secret)
        await room.look()
    told = await room.told()
    await good_feeds(room, len(bodies))
    await room.look(A_DAY)
    assert found == {one.name: found[one.name] if one.entries == ANY else one.entries for one in bodies}
    assert unfit(await room.rows()) == []
    assert room.server.hits("/canary") == 0
    assert [(await room.feed(feed)).failures for feed in feeds if feed is not None] == [0] * len(bodies)
    assert [title for title in told if title.startswith("Choir")] == []
    assert await room.told() == told
    assert room.crashes() == []
    assert max(times) < LONGEST_HOLD


async def first_sight(room: Newsroom, secret: Path, hostile: Hostile) -> int | None:
    """How many entries are found in it when it is followed; None if it is refused."""
    path = f"/new/{hostile.name.replace(' ', '-')}"
    feed = await room.follow(hostile.serve(room.server, path, secret), guild_id=NOBODY_ELSES)
    room.server.serve(path, status=404)
    return None if feed is None else len(await room.rows(feed))


async def good_feeds(room: Newsroom, count: int) -> list[int | None]:
    """The same good feed on many pages, each followed by a server of its own."""
    urls = [room.server.serve(f"/good/{number}", GOOD) for number in range(count)]
    return [await room.follow(url, guild_id=number + 1) for number, url in enumerate(urls)]


@asynccontextmanager
async def held_up() -> AsyncIterator[list[float]]:
    """For how long the event loop computed without letting others in; other programs on the machine do not count."""
    times = [0.0]

    async def watch() -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0.002)
            now = time.thread_time()
            times.append(now - before)
            before = now

    gc.collect()
    gc.freeze()  # as the bot does: the collector's pauses are not the feed's
    watcher = asyncio.create_task(watch())
    try:
        yield times
    finally:
        watcher.cancel()
        gc.unfreeze()


def unfit(stories: Iterable[Story]) -> list[str]:
    """What is wrong with stories as they are stored."""
    return [f"{story.identity}: {wrong}" for story in stories for wrong in _unfit(story)]


def _unfit(story: Story) -> Iterable[str]:
    shown = f"{story.title}{story.summary}{story.link}{story.picture}"
    if HIDDEN_WORDS in shown or "root:" in shown:
        yield "tells a secret"
    if hidden := sorted({ascii(sign) for sign in shown if unicodedata.category(sign) in ("Cc", "Cs")}):
        yield f"holds {hidden}"
    if any(sign in shown for sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f"):
        yield "turns round"
    if not 1 <= len(story.title) <= 256 or len(story.summary) > 300 or len(story.identity) > 310:
        yield "is too short or too long"
    for address in filter(None, (story.link, story.picture)):
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or len(address) > 2_000:
            yield f"leads to {address[:50]}"
