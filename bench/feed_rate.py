"""How many feeds a minute one process keeps up with: fetched, read, compared with what is known, written down.

2,000 feeds on 200 hosts answer after 50 ms, one in twenty with a new story. The peer is what small bots do: one feed
after the other, feedparser on the event loop, and the ids in memory instead of a database. The pauses are those of the
event loop, in which nobody who presses a button is answered.
"""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import feedparser
from sqlalchemy import func, select

from bench.figures import OURS, Figure, ratio_of
from bench.search import Say
from bot.client import utc_now
from bot.feeds.reader import FeedReader
from bot.start import open_database, spare_the_loaded
from bot.stories.stories import Stories
from db.database import Database
from db.models import Feed, Story

BENCH = "feed-rate"
PEER = "feedparser-in-turn"
FEEDS, HOSTS, PEERS_FEEDS = 2_000, 200, 150
FEEDS_A_SERVER = 50
EVERY = timedelta(minutes=15)
TICK = 0.005  # seconds between two looks at how late the event loop is


def run(seed: int, say: Say) -> list[Figure]:
    """Measure both in one run; `seed` is that of the stories."""
    spare_the_loaded()
    with TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        return asyncio.run(measure(url, seed, say, feeds=FEEDS, hosts=HOSTS, peers_feeds=PEERS_FEEDS))


async def measure(url: str, seed: int, say: Say, *, feeds: int, hosts: int, peers_feeds: int) -> list[Figure]:
    """The figures for so many feeds in a database; the peer gets fewer, for its rate depends on no number."""
    async with hosts_of_feeds(seed) as port:
        numbers = range(feeds + peers_feeds)
        urls = [f"http://127.1.{feed % hosts // 250}.{feed % hosts % 250 + 1}:{port}/{feed}" for feed in numbers]
        urls, peers = urls[:feeds], urls[feeds:]
        peer = await _rate(len(peers), lambda: _in_turn(peers))
        say(f"{PEER}: {peer[0]:.0f} feeds a minute")
        ours = await _ours(url, urls)
        say(f"{OURS}: {ours[0]:.0f} feeds a minute")
    figures = (("feeds a minute", "count"), ("pause p99", "ms"), ("pause max", "ms"))
    return [
        Figure(BENCH, subject, figure, round(value, 1), unit, ratio_of(value, mine))
        for subject, values in ((OURS, ours), (PEER, peer))
        for (figure, unit), value, mine in zip(figures, values, ours, strict=True)
    ]


@asynccontextmanager
async def hosts_of_feeds(seed: int) -> AsyncIterator[int]:
    """The port on which all hosts answer, in a process of their own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.feed_hosts", str(seed)), stdin=PIPE, stdout=PIPE
    )
    assert process.stdin and process.stdout
    try:
        yield int(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


async def _ours(url: str, urls: Sequence[str]) -> tuple[float, float, float]:
    """The second look at all feeds; the first one, which remembers what is in them, is not measured."""
    now = utc_now()
    async with (
        open_database(url, now, progress=lambda _text: None) as database,
        FeedReader(allow_private=True) as reader,
    ):
        stories = Stories(database, reader, EVERY)
        await _add(database, urls, now)
        await _look(stories, now)
        before, later = await _count(database), now + 2 * EVERY
        rate = await _rate(len(urls), lambda: _look(stories, later))
        expected = len([feed for feed in range(len(urls)) if feed % 20 == 0])
        assert await _count(database) - before == expected, "every feed was read, and every new story found"
        return rate


async def _add(database: Database, urls: Sequence[str], now: datetime) -> None:
    async with database.write() as session:
        session.add_all(
            Feed(
                guild_id=1 + number // FEEDS_A_SERVER,
                channel_id=1 + number,
                url=url,
                title=url,
                host=url.split("/")[2].partition(":")[0],
                added_by_user_id=1,
                next_poll_at=now,
            )
            for number, url in enumerate(urls)
        )


async def _look(stories: Stories, now: datetime) -> None:
    while (due := await stories.run_once(now)) is not None and due <= now:
        pass


async def _count(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(Story)) or 0


async def _in_turn(urls: Sequence[str]) -> None:
    """One feed after the other: fetch, read, look up each id."""
    known: set[str] = set()
    async with aiohttp.ClientSession() as session:
        for url in urls:
            async with session.get(url) as response:
                parsed = feedparser.parse(await response.read())
            known.update(entry.id for entry in parsed.entries)


async def _rate(feeds: int, work: Callable[[], Awaitable[None]]) -> tuple[float, float, float]:
    """Feeds a minute, and the pauses of the event loop meanwhile in milliseconds: p99 and the longest."""
    pauses: list[float] = [0.0]

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            pauses.append(time.perf_counter() - before - TICK)

    watcher = asyncio.create_task(watch())
    started = time.perf_counter()
    try:
        await work()
    finally:
        watcher.cancel()
    seconds = time.perf_counter() - started
    pauses.sort()
    return feeds / seconds * 60, pauses[int(len(pauses) * 0.99)] * 1_000, pauses[-1] * 1_000
