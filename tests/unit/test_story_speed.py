"""Looking stories up stays quick where there are ten thousand of them, on each database."""

import re
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from bot.stories.lookup import Asked, list_stories, stories_like
from db import story_search
from db.database import Database
from db.models import OutboxRow, Story
from tests import telling
from tests.telling import FIRST, GUILD

MANY = 10_000
OPEN, CLOSED = 50, 51
CHANNELS = [*range(1, 200), OPEN]
FIELDS = Story.__table__.columns.keys()
SLOWEST = 0.25  # seconds, for two processors that seven others share


@pytest.fixture
async def full(database: Database) -> Database:
    """Ten thousand stories of a server, every tenth in a channel that its members cannot see, a third in digests."""
    feed_id = await telling.feed(database, GUILD, OPEN)
    words = ["Choir", "Székesfehérvár", "exchange", "visit", "日立", "garden", "100%", "of_all", "a\\b", "mayor"]
    stories, rows = [], []
    for number in range(1, MANY + 1):
        title = " ".join(words[(number + step) % len(words)] for step in range(6)) + f" {number}"
        digest = number % 3 == 0
        seen = FIRST + timedelta(minutes=number)
        row = telling.story(
            number,
            title,
            feed_id=feed_id,
            summary=f"{title}. " * 3,
            decision="digest" if digest else "post",
            digested_at=seen if digest else None,
            track=None,
            published_at=None,
            picture=None,
            link_key=None,
        )
        stories.append({name: getattr(row, name) for name in FIELDS if name in vars(row)})
        key = f"digest:{feed_id}:{int(seen.timestamp())}" if digest else f"story:{number}"
        post = telling.sent(key, CLOSED if number % 10 == 0 else OPEN)
        rows.append({name: value for name, value in vars(post).items() if not name.startswith("_")})
    async with database.write() as session:
        await session.execute(insert(Story), stories)
        await session.execute(insert(OutboxRow), rows)
        await session.execute(text("ANALYZE"))
    return database


async def seconds(work: Callable[[], Awaitable[object]]) -> float:
    """Wall time of the quickest of five goes."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        await work()
        times.append(time.perf_counter() - started)
    return min(times)


async def test_ten_thousand_stories_are_listed_searched_and_offered_quickly(full: Database) -> None:
    took = {
        "latest": await seconds(lambda: list_stories(full, GUILD, CHANNELS, Asked())),
        "last page": await seconds(lambda: list_stories(full, GUILD, CHANNELS, Asked(page=9_999))),
        "search": await seconds(lambda: list_stories(full, GUILD, CHANNELS, Asked("szekesfehervar choir"))),
        "search, exact": await seconds(lambda: list_stories(full, GUILD, CHANNELS, Asked("100%"))),
        "search, nothing": await seconds(lambda: list_stories(full, GUILD, CHANNELS, Asked("nothing"))),
        "autocomplete": await seconds(lambda: stories_like(full, GUILD, CHANNELS, "gar vis", 25)),
        "autocomplete, nothing": await seconds(lambda: stories_like(full, GUILD, CHANNELS, "nothing", 25)),
    }
    name = "SQLite" if full.is_sqlite else "PostgreSQL"
    print(name, {what: f"{1_000 * figure:.1f} ms" for what, figure in took.items()})  # noqa: T201 - for `pytest -s`

    assert {what: figure for what, figure in took.items() if figure > SLOWEST} == {}


async def test_a_servers_stories_are_read_by_an_index_and_their_posts_by_key(full: Database) -> None:
    wanted = story_search.worded(["choir"]) & story_search.told(GUILD, CHANNELS)
    async with full.read() as session:
        if not full.is_sqlite:  # where one server has nearly all stories, it would rightly read the whole table
            await session.execute(text("SET LOCAL enable_seqscan = off"))
        query = story_search.newest(wanted, 0, 8).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN" if full.is_sqlite else "EXPLAIN"
        plan = "\n".join(" ".join(map(str, row)) for row in await session.execute(text(f"{explain} {query}")))

    assert "ix_stories_guild_id" in plan
    by_key = r"sqlite_autoindex_outbox_\d \(dedupe_key=\?\)" if full.is_sqlite else "using uq_outbox_dedupe_key"
    assert re.search(by_key, plan)
    assert "SCAN" not in plan and "Seq Scan" not in plan
