"""Several processes that look at the feeds of one server at the same moment."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.feeds.reader import FeedReader
from bot.stories.stories import LEASE, Stories
from db import feeds
from db.database import Database
from tests.articles import article, articles, changed, document
from tests.newsroom import EVERY, HOUR, Newsroom, newsroom

PAPER = articles(1, 3)


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    async with newsroom(database, now, caplog) as room:
        yield room


async def look_together(room: Newsroom, processes: int) -> None:
    """The same round in several processes, each with a database of its own."""
    databases = [Database(room.database.url) for _ in range(processes)]
    async with FeedReader(allow_private=True) as reader:
        rounds = [Stories(database, reader, EVERY, spacing=0).run_once(room.now) for database in databases]
        await asyncio.gather(*rounds)
    for database in databases:
        await database.close()


async def test_a_story_that_many_feeds_bring_in_the_same_moment_is_told_once(room: Newsroom) -> None:
    paths = [f"/{at}" for at in range(8)]
    for path in paths:
        await room.follow(room.server.serve(path, document(PAPER)))
    for path in paths:
        room.server.serve(path, document([*changed([article(4)], guid=f"{path}{{}}"), *PAPER]))
    room.now += HOUR
    await look_together(room, processes=3)
    await room.look(timedelta())
    assert await room.told() == [article(4).title]
    assert room.server.hits() == 2 * len(paths)


async def test_a_look_that_outlived_its_lease_tells_nothing_twice(room: Newsroom) -> None:
    path = "/feed"
    await room.follow(room.server.serve(path, document(PAPER)))
    room.server.serve(path, document(articles(1, 5)), delay=0.5)
    room.now += HOUR
    slow = asyncio.create_task(room.stories.run_once(room.now))
    await asyncio.sleep(0.1)
    room.now += LEASE
    await look_together(room, processes=1)
    await slow
    assert (len(await room.told()), room.server.hits(path)) == (2, 3)


async def test_what_a_dead_process_held_is_free_after_two_minutes(room: Newsroom) -> None:
    await room.follow(room.server.serve("/feed", document(PAPER)))
    room.now += HOUR
    async with room.database.write() as session:
        assert len(await feeds.claim_feeds(session, room.now, room.now + LEASE, 5)) == 1
    assert await room.stories.run_once(room.now) == room.now + LEASE
    assert room.server.hits() == 1
    await room.stories.run_once(room.now + LEASE)
    assert room.server.hits() == 2
