"""Feeds that fail: who is told, how often, and how long servers are left alone."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.errors import FeedError
from bot.feeds.health import next_look
from db import feeds
from db.database import Database
from db.models import Feed, GuildSettings
from tests.articles import articles, document
from tests.newsroom import CHANNEL, GUILD, Newsroom, newsroom

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    async with newsroom(database, now, caplog) as room:
        yield room


async def followed(room: Newsroom, path: str = "/feed") -> int:
    feed_id = await room.follow(room.server.serve(path, document(articles(1, 3))))
    assert feed_id is not None
    return feed_id


async def set_feed(room: Newsroom, feed_id: int, **columns: object) -> None:
    async with room.database.write() as session:
        await session.execute(update(Feed).where(Feed.id == feed_id).values(**columns))


async def wait(room: Newsroom, feed_id: int) -> timedelta:
    """How long after now the feed is looked at next."""
    due = (await room.feed(feed_id)).next_poll_at
    assert due is not None
    return due - room.now


async def test_one_notice_when_a_feed_fails_and_one_when_it_recovers(room: Newsroom) -> None:
    feed_id = await followed(room)
    room.server.serve("/feed", status=500)
    told = []
    for _ in range(8):
        await room.look(DAY)
        told.append(await room.notices())
    assert told == [[]] * 3 + [["outage"]] * 5
    room.server.serve("/feed", document(articles(1, 3)))
    for _ in range(3):
        await room.look(DAY)
    assert await room.notices() == ["outage", "recovered"]
    room.server.serve("/feed", status=404)  # another time
    for _ in range(5):
        await room.look(DAY)
    assert await room.notices() == ["outage", "recovered", "outage"]
    assert (await room.feed(feed_id)).failures == 5


async def test_nobody_is_told_of_an_outage_that_is_over_soon(room: Newsroom) -> None:
    feed_id = await followed(room)
    room.server.serve("/feed", status=503)
    for _ in range(3):
        await room.look(DAY)
    assert (await room.feed(feed_id)).failing_since == room.now - 2 * DAY
    room.server.serve("/feed", document(articles(1, 3)))
    await room.look(DAY)
    feed = await room.feed(feed_id)
    assert (await room.notices(), feed.failures, feed.failing_since, feed.last_error) == ([], 0, None, None)


async def test_waits_double_up_to_a_day(room: Newsroom) -> None:
    feed_id = await followed(room)
    room.server.serve("/feed", status=500)
    waits = []
    for _ in range(11):
        await room.look(DAY)
        waits.append(await wait(room, feed_id))
    assert waits == [*(5 * MINUTE * 2**times for times in range(9)), DAY, DAY]


@pytest.mark.parametrize(
    ("wish", "minutes"),
    [("1800", 30), ("1", 5), ("-5", 5), ("315360000", 24 * 60), ("soon", 5)],
    ids=["half-an-hour", "a-second", "negative", "ten-years", "odd"],
)
async def test_what_a_server_asks_for_is_respected_within_reason(room: Newsroom, wish: str, minutes: int) -> None:
    feed_id = await followed(room)
    room.server.serve("/feed", status=503, headers={"Retry-After": wish})
    await room.look()
    assert await wait(room, feed_id) == minutes * MINUTE


async def test_a_server_that_is_asked_too_often_is_spared_for_all_its_feeds(room: Newsroom) -> None:
    first, second = await followed(room, "/one"), await followed(room, "/two")
    other = await followed(room, "/three")
    await set_feed(room, other, host="elsewhere.example")
    before = await wait(room, other)
    await set_feed(room, first, next_poll_at=room.now)
    room.server.serve("/one", status=429, headers={"Retry-After": "36000"})
    await room.stories.run_once(room.now)
    hours = timedelta(hours=10)
    assert [await wait(room, feed_id) for feed_id in (first, second, other)] == [hours, hours, before]
    assert [(await room.feed(feed_id)).failures for feed_id in (first, second)] == [1, 0]


async def test_another_error_puts_off_only_the_feed_that_has_it(room: Newsroom) -> None:
    first, second = await followed(room, "/one"), await followed(room, "/two")
    before = await wait(room, second)
    await set_feed(room, first, next_poll_at=room.now)
    room.server.serve("/one", status=503, headers={"Retry-After": "36000"})
    await room.stories.run_once(room.now)
    assert [await wait(room, first), await wait(room, second)] == [timedelta(hours=10), before]


async def test_a_feed_that_is_gone_for_good_is_told_at_once_and_asked_for_no_more(room: Newsroom) -> None:
    feed_id = await followed(room)
    room.server.serve("/feed", status=410)
    for _ in range(3):
        await room.look(DAY)
    assert (await room.notices(), (await room.feed(feed_id)).next_poll_at) == (["gone"], None)
    assert room.server.hits("/feed") == 2


async def test_notices_go_where_moderators_want_them(room: Newsroom) -> None:
    await followed(room)
    room.server.serve("/feed", status=410)
    await room.look()
    [row] = await room.queued("feed_notice")
    async with room.database.write() as session:
        session.add(GuildSettings(guild_id=GUILD, notices_channel_id=31, locale="de"))
    room.server.serve("/other", document(articles(4, 5)))
    await room.follow(room.server.url("/other"))
    room.server.serve("/other", status=410)
    await room.look()
    [_, other] = await room.queued("feed_notice")
    assert [(row.channel_id, row.locale), (other.channel_id, other.locale)] == [(CHANNEL, "en-US"), (31, "de")]


async def test_the_error_is_kept_so_that_it_can_be_said_in_any_language(room: Newsroom) -> None:
    await followed(room)
    room.server.serve("/feed", status=404)
    await room.look()
    [feed] = await room.stories.followed(GUILD)
    assert feed.problem is not None
    assert feed.problem.sentence == "There is nothing at {url}. Check the address for typing mistakes."
    assert feed.problem.values == {"url": room.server.url("/feed")}


async def test_a_notice_says_what_is_wrong_and_since_when(room: Newsroom) -> None:
    await followed(room)
    room.server.serve("/feed", status=404)
    for _ in range(4):
        await room.look(DAY)
    [row] = await room.queued("feed_notice")
    sentence = FeedError("There is nothing at {url}. Check the address for typing mistakes.").sentence
    since = int((room.now - 3 * DAY).timestamp())
    values = {"url": room.server.url("/feed")}
    assert json.loads(row.detail) == {"text_key": "outage", "since": since, "sentence": sentence, "values": values}


async def test_a_feed_that_is_paused_is_left_alone(room: Newsroom) -> None:
    feed_id = await followed(room)
    await set_feed(room, feed_id, paused_at=room.now)
    room.server.serve("/feed", document(articles(1, 5)))
    await room.look(DAY)
    assert (room.server.hits("/feed"), await room.posts()) == (1, [])
    await set_feed(room, feed_id, paused_at=None)
    await room.look()
    assert len(await room.posts()) == 2


async def test_of_one_host_at_most_two_feeds_are_held_at_once(room: Newsroom) -> None:
    ids = [await followed(room, f"/{name}") for name in "abcd"]
    await set_feed(room, ids[3], host="other.example")
    then = room.now + DAY

    async def claim(limit: int = 10) -> list[int]:
        async with room.database.write() as session:
            return [row.id for row in await feeds.claim_feeds(session, then, then + MINUTE, limit)]

    assert sorted(await claim()) == [ids[0], ids[1], ids[3]]
    assert await claim() == []
    await set_feed(room, ids[0], lease_until=None, next_poll_at=then + DAY)
    assert await claim() == [ids[2]]


async def test_feeds_are_not_all_looked_at_in_the_same_moment(room: Newsroom) -> None:
    moments = [next_look(feed_id, room.now, timedelta(hours=1)) - room.now for feed_id in range(1, 101)]
    assert min(moments) >= timedelta(hours=1)
    assert max(moments) <= timedelta(hours=1, minutes=6)
    by_second = [int(moment.total_seconds()) for moment in moments]
    assert max(map(by_second.count, by_second)) <= 2  # a hundred feeds over six minutes


async def test_many_feeds_of_one_host_are_all_looked_at(room: Newsroom) -> None:
    for at in range(9):
        await followed(room, f"/{at}")
    await room.look()
    async with room.database.read() as session:
        polled = set(await session.scalars(select(Feed.last_good_poll_at)))
    assert polled == {room.now}
