"""Odd and malformed feeds through the whole pipeline: over HTTP, through the child processes, into a real database.

They are other projects' test files and no part of this one. `FEED_CORPUS` names a folder of them; without it the one
beside the checkout is taken.
"""

import asyncio
import logging
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from db.database import Database
from tests.feed_versions import reordered, touched, with_news
from tests.newsroom import Newsroom, newsroom

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "feeds"
AT_ONCE, FEEDS_A_SERVER = 8, 40
BATCH = 400  # files that are followed and polled together
LARGEST = 5 * 1024 * 1024
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class File:
    """One file of the corpus, and what its story would be called if it brought one."""

    number: int
    path: Path
    body: bytes = field(repr=False)

    @property
    def page(self) -> str:
        """Where it is served."""
        return f"/{self.number}"

    @property
    def news(self) -> str:
        """The title of an entry that is new in it."""
        return f"News number {self.number}"


@pytest.fixture(scope="module")
def files() -> list[File]:
    """The corpus."""
    folder = Path(os.environ.get("FEED_CORPUS") or BESIDE)
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and 0 < path.stat().st_size <= LARGEST)
    if not paths:
        pytest.skip(f"no feeds in {folder}: name a folder of them with FEED_CORPUS")
    return [File(number, path, path.read_bytes()) for number, path in enumerate(paths)]


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    async with newsroom(database, now, caplog, everywhere=True, patience=20) as room:
        yield room


async def test_no_odd_feed_crashes_is_posted_at_first_sight_or_posted_twice(room: Newsroom, files: list[File]) -> None:
    """Followed, then polled three times: unchanged, reordered, all dates set to now. In the end each brings news."""
    counts: Counter[str] = Counter()
    due: list[str] = []
    for start in range(0, len(files), BATCH):
        some = files[start : start + BATCH]
        followed = await follow_all(room, some)

        def with_new_dates(body: bytes) -> bytes:
            return touched(body, room.now)

        for change in (unchanged, reordered, with_new_dates):
            counts[change.__name__] += serve(room, followed, change)
            await room.look()
        due += await bring_news(room, followed)
        counts["feeds"] += len(followed)
    told = await room.told()
    counts.update(files=len(files), entries=len(await room.rows()) - len(told), told=len(told))
    logger.info("the corpus: %s", dict(counts))
    assert room.crashes() == []
    assert [title for title, times in Counter(told).items() if times > 1 or not title.startswith("News number ")] == []
    assert sorted(told) == sorted(due)
    # Else it would have been shown of nothing; most odd feeds have one entry, and many no date.
    assert min(20 * counts["reordered"], 5 * counts["with_new_dates"], 2 * len(due)) > counts["feeds"], counts


def unchanged(body: bytes) -> bytes:
    return body


def serve(room: Newsroom, some: list[File], change: Callable[[bytes], bytes]) -> int:
    """Serve another version of each file; returns how many do differ."""
    bodies = {file: change(file.body) for file in some}
    for file, body in bodies.items():
        room.server.serve(file.page, body, content_type=kind(file))
    return sum(file.body != body for file, body in bodies.items())


def kind(file: File) -> str:
    return "application/feed+json" if file.path.suffix == ".json" else "application/xml"


async def follow_all(room: Newsroom, some: list[File]) -> list[File]:
    """The files that could be followed; each on a host of its own, some dozens to a server."""
    serve(room, some, unchanged)
    places = asyncio.Semaphore(AT_ONCE)

    async def follow(file: File) -> bool:
        many = sys.platform == "linux"  # elsewhere the loopback is one address
        host = f"127.1.{file.number // 250 % 250}.{file.number % 250 + 1}" if many else None
        async with places:
            url = room.server.url(file.page, host)
            return await room.follow(url, guild_id=1 + file.number // FEEDS_A_SERVER) is not None

    read = await asyncio.gather(*map(follow, some))
    return [file for file, good in zip(some, read, strict=True) if good]


async def bring_news(room: Newsroom, some: list[File]) -> list[str]:
    """One more entry in each feed where it is known how; returns the titles."""
    brought = []
    for file in some:
        body = with_news(file.body, file.news, f"https://fresh.example/{file.number}")
        if body is not None:
            room.server.serve(file.page, body, content_type=kind(file))
            brought.append(file.news)
    await room.look()
    await room.look()
    return brought
