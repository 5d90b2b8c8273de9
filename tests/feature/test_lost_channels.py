"""Channels that the bot may not write in any more: three tries, one notice, what is due there waits, and goes on."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db import guilds, outbox
from db.models import Event, Feed, LostChannel, OutboxRow, Story
from tests.feature.conftest import World
from tests.feature.test_outbox import SEND, later, row, titles

DAY = timedelta(days=1)
TEN_MINUTES = timedelta(minutes=10)


async def queue_from_feed(world: World, *titles_of_stories: str, channel: Any = None) -> list[int]:
    """Stories of a feed that wait to be posted; returns the ids of their outbox rows."""
    target = channel or world.stories
    now = world.bot.now()
    async with world.bot.database.write() as session:
        feed = Feed(
            guild_id=world.guild.id,
            channel_id=target.id,
            url=f"https://news.example/{target.id}/{titles_of_stories[0]}",
            title="News",
            added_by_user_id=1,
            first_polled_at=now,
            host="news.example",
        )
        session.add(feed)
        await session.flush()
        ids = []
        for title in titles_of_stories:
            story = Story(
                guild_id=world.guild.id, feed_id=feed.id, identity=title, source="News", title=title, summary="",
                first_seen_at=now, announced=True,
            )  # fmt: skip
            session.add(story)
            await session.flush()
            outbox.queue(
                session, guild_id=world.guild.id, channel_id=target.id, kind="story", object_id=story.id,
                dedupe_key=f"story:{story.id}", due_at=now, locale="en-US",
            )  # fmt: skip
            ids.append(story.id)
        await session.flush()
        rows = await session.scalars(select(OutboxRow.id).where(OutboxRow.object_id.in_(ids)).order_by(OutboxRow.id))
        return list(rows)


def shut(world: World, channel: Any, code: int = 50001) -> None:
    """Nobody may write in a channel from now on."""
    path = f"/channels/{channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=code, message="Missing Access", times=None)


def tries(world: World, channel: Any) -> int:
    """How often the bot tried to post in a channel."""
    path = f"/channels/{channel.id}/messages"
    return sum(request.method == "POST" and request.path == path for request in world.env.http_requests)


async def lost(world: World) -> list[tuple[int, int, str]]:
    """The lost channels: server, channel, Discord's words."""
    async with world.bot.database.read() as session:
        return [(one.guild_id, one.channel_id, one.error) for one in await session.scalars(select(LostChannel))]


async def notices(world: World) -> list[tuple[str, int, dict[str, Any]]]:
    """Kind, channel and detail of every notice that something was not delivered."""
    async with world.bot.database.read() as session:
        query = select(OutboxRow).where(OutboxRow.dedupe_key.like("undelivered:%")).order_by(OutboxRow.id)
        return [(one.kind, one.channel_id, json.loads(one.detail)) for one in await session.scalars(query)]


async def choose_notices_channel(world: World, channel: Any) -> None:
    async with world.bot.database.write() as session:
        await guilds.change(session, world.guild.id, notices_channel_id=channel.id)


async def an_event(world: World, begins_in: timedelta) -> int:
    """An event that lasts a quarter of a day; returns its id."""
    begins = world.bot.now() + begins_in
    async with world.bot.database.write() as session:
        event = Event(
            guild_id=world.guild.id, status="open", title="Fair", typed_when="", typed_capacity="", starts_at=begins,
            ends_at=begins + DAY / 4, timezone="UTC", location="", description="", host_user_id=1, host_name="Mod",
            created_at=world.bot.now(),
        )  # fmt: skip
        session.add(event)
        await session.flush()
        return event.id


async def queue_about(world: World, event_id: int, kind: str, channel: Any = None, **detail: Any) -> None:
    """Something about an event that waits to be posted."""
    async with world.bot.database.write() as session:
        outbox.queue(
            session, guild_id=world.guild.id, channel_id=(channel or world.events).id, kind=kind, object_id=event_id,
            dedupe_key=f"{kind}:{event_id}", due_at=world.bot.now(), locale="en-US", detail=json.dumps(detail),
        )  # fmt: skip


async def test_a_channel_is_lost_after_three_tries_and_moderators_are_told_once(world: World) -> None:
    await choose_notices_channel(world, world.general)
    first, second, third = await queue_from_feed(world, "First", "Second", "Third")
    shut(world, world.stories)
    waits = []
    for _ in range(3):
        await world.bot.outbox.run_once(world.bot.now())
        waits.append((await row(world, first)).due_at - world.bot.now())
        world.clock[0] = (await row(world, first)).due_at
    assert waits[:2] == [timedelta(minutes=1), TEN_MINUTES]
    for _ in range(5):
        await later(world, DAY)
    ((guild_id, channel_id, words),) = await lost(world)
    assert (guild_id, channel_id, "Missing Access" in words) == (world.guild.id, world.stories.id, True)
    assert [(await row(world, one)).outcome for one in (first, second, third)] == ["parked", None, None]
    assert [(await row(world, one)).attempts for one in (first, second, third)] == [3, 0, 0]
    detail = {"text_key": "undelivered", "channel": world.stories.id, "lost": True, "error": words}
    assert await notices(world) == [("feed_notice", world.general.id, detail)]
    assert tries(world, world.stories) == 3


async def test_other_channels_go_on_while_one_is_lost(world: World) -> None:
    await queue_from_feed(world, "First", "Second")
    shut(world, world.stories)
    for _ in range(3):
        await later(world, TEN_MINUTES)
    await queue_from_feed(world, "Elsewhere", channel=world.events)
    due = await world.bot.outbox.run_once(world.bot.now())
    assert (titles(world.events), due) == (["Elsewhere"], None)  # nothing is due while a channel is lost


async def test_a_channel_that_is_opened_again_gets_everything_in_order(world: World) -> None:
    await queue_from_feed(world, "First", "Second", "Third")
    path = f"/channels/{world.stories.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50013, message="Missing Permissions", times=3)
    for _ in range(4):
        await later(world, TEN_MINUTES)
    waiting = await world.bot.lost.of(world.guild.id)
    count = await world.bot.lost.reopen(world.guild.id, world.stories.id, world.bot.now())
    await world.bot.outbox.run_once(world.bot.now())
    assert (list(waiting), count, await lost(world)) == ([world.stories.id], 3, [])
    assert titles(world.stories) == ["First", "Second", "Third"]


async def test_what_was_given_up_more_than_a_week_ago_stays_given_up(world: World) -> None:
    first, _ = await queue_from_feed(world, "First", "Second")
    path = f"/channels/{world.stories.id}/messages"
    world.env.inject_error("POST", path, status=404, code=10003, message="Unknown Channel", times=3)
    for _ in range(3):
        await later(world, TEN_MINUTES)
    world.clock[0] += 8 * DAY
    assert await world.bot.lost.reopen(world.guild.id, world.stories.id, world.bot.now()) == 1
    await world.bot.outbox.run_once(world.bot.now())
    assert (titles(world.stories), (await row(world, first)).outcome) == (["Second"], "parked")


async def test_another_server_cannot_open_a_channel(world: World) -> None:
    await queue_from_feed(world, "First")
    shut(world, world.stories)
    for _ in range(3):
        await later(world, TEN_MINUTES)
    assert await world.bot.lost.reopen(world.guild.id + 1, world.stories.id, world.bot.now()) == 0
    assert [channel for _, channel, _ in await lost(world)] == [world.stories.id]
    assert await world.bot.lost.of(world.guild.id + 1) == {}


async def test_a_channel_that_is_lost_a_second_time_is_told_again(world: World) -> None:
    await choose_notices_channel(world, world.general)
    await queue_from_feed(world, "First")
    shut(world, world.stories)
    for _ in range(2):
        for _ in range(3):
            await later(world, TEN_MINUTES)
        await world.bot.lost.reopen(world.guild.id, world.stories.id, world.bot.now())
    assert [(kind, channel) for kind, channel, _ in await notices(world)] == [("feed_notice", world.general.id)] * 2


async def test_a_message_that_is_refused_is_given_up_alone_and_told_once_a_day(world: World) -> None:
    world.env.inject_error(*SEND, status=400, code=200000, message="Blocked by automatic moderation", times=6)
    bad, worse, _ = await queue_from_feed(world, "Bad", "Worse", "Good")
    for _ in range(6):
        await later(world, TEN_MINUTES)
    outcomes = [(await row(world, one)).outcome for one in (bad, worse)]
    assert (outcomes, await lost(world)) == (["parked", "parked"], [])
    ((kind, channel_id, detail),) = await notices(world)
    assert (kind, channel_id, detail["lost"]) == ("feed_notice", world.stories.id, False)
    assert "Good" in titles(world.stories)[0]


async def test_a_notice_that_cannot_be_posted_either_makes_no_further_notices(world: World) -> None:
    await choose_notices_channel(world, world.general)
    await queue_from_feed(world, "First")
    for channel in (world.stories, world.general):
        shut(world, channel)
    for _ in range(12):
        await later(world, TEN_MINUTES)
    assert [channel for _, channel, _ in await notices(world)] == [world.general.id]
    assert [channel for _, channel, _ in await lost(world)] == [world.stories.id, world.general.id]
    assert (tries(world, world.stories), tries(world, world.general)) == (3, 3)


async def test_two_feeds_of_a_channel_that_is_lost_are_one_notice(world: World) -> None:
    await choose_notices_channel(world, world.general)
    await queue_from_feed(world, "First")
    await queue_from_feed(world, "Thread", channel=world.stories)
    shut(world, world.stories)
    for _ in range(6):
        await later(world, TEN_MINUTES)
    assert len(await notices(world)) == 1


async def test_an_event_in_a_lost_channel_is_told_where_notices_go(world: World) -> None:
    await choose_notices_channel(world, world.general)
    await queue_about(world, await an_event(world, DAY), "event")
    shut(world, world.events, 50013)
    for _ in range(4):
        await later(world, TEN_MINUTES)
    ((kind, channel_id, told),) = await notices(world)
    assert (kind, channel_id, told["channel"]) == ("notice", world.general.id, world.events.id)
    assert [channel for _, channel, _ in await lost(world)] == [world.events.id]


async def test_a_channel_is_not_lost_by_a_message_of_which_nobody_would_hear(world: World) -> None:
    await choose_notices_channel(world, world.general)
    await queue_about(world, await an_event(world, -DAY), "thanks", came=3)
    shut(world, world.events, 50013)
    for _ in range(4):
        await later(world, TEN_MINUTES)
    assert (await lost(world), await notices(world)) == ([], [])
    await queue_about(world, await an_event(world, DAY), "event")
    for _ in range(4):
        await later(world, TEN_MINUTES)
    assert [channel for _, channel, _ in await lost(world)] == [world.events.id]
    assert [channel for _, channel, _ in await notices(world)] == [world.general.id]


async def test_a_channel_for_notices_that_is_closed_is_told_where_cards_are(world: World) -> None:
    await choose_notices_channel(world, world.general)
    async with world.bot.database.write() as session:
        await guilds.change(session, world.guild.id, events_channel_id=world.events.id)
    await queue_about(world, await an_event(world, DAY), "notice", world.general, text_key="card_gone")
    shut(world, world.general, 50013)
    for _ in range(4):
        await later(world, TEN_MINUTES)
    assert [channel for _, channel, _ in await lost(world)] == [world.general.id]
    assert [(kind, channel) for kind, channel, _ in await notices(world)] == [("notice", world.events.id)]


async def test_an_event_whose_channel_is_lost_a_second_time_is_told_again(world: World) -> None:
    await choose_notices_channel(world, world.general)
    await queue_about(world, await an_event(world, DAY), "event")
    shut(world, world.events, 50013)
    for _ in range(2):
        for _ in range(3):
            await later(world, TEN_MINUTES)
        await world.bot.lost.reopen(world.guild.id, world.events.id, world.bot.now())
    assert [channel for _, channel, _ in await notices(world)] == [world.general.id] * 2


async def test_direct_messages_that_are_refused_lose_no_channel(world: World) -> None:
    (row_id,) = await queue_from_feed(world, "First")
    async with world.bot.database.write() as session:
        queued = await session.get_one(OutboxRow, row_id)
        queued.user_id = queued.channel_id  # as the rows of direct messages have it
    shut(world, world.stories)
    for _ in range(4):
        await later(world, TEN_MINUTES)
    assert ((await row(world, row_id)).outcome, await lost(world), await notices(world)) == ("parked", [], [])
