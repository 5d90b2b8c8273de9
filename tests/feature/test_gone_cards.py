"""Cards and channels that were deleted by hand or closed: moderators are told once, nothing is lost, no ghosts."""

import asyncio
from datetime import timedelta

import discord
import pytest
import simcord
from sqlalchemy import select

from bot.events.gone_cards import messages_gone
from db import card_copies, events
from db.models import CardCopy, Event, OutboxRow
from tests.feature.announcing import NOT_ALLOWED, announced, card_in, forged, only_text
from tests.feature.conftest import World, words
from tests.feature.test_event_refresh import after, answers, shared

MOMENT = timedelta(seconds=2)
CARD_GONE = '{"text_key": "card_gone"}'


@pytest.fixture
def keeper(world: World) -> simcord.MemberActor:
    """Somebody who may delete messages and channels, but does not run events."""
    rights = discord.Permissions(manage_messages=True, manage_channels=True)
    return world.guild.add_member(
        world.env.create_user("Keeper"), roles=[world.guild.create_role("Keepers", permissions=rights)]
    )


async def notices(world: World) -> list[tuple[int, int, str, str]]:
    """Channel, event, key and detail of every notice that was queued, sent or not."""
    async with world.bot.database.read() as session:
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.kind == "notice").order_by(OutboxRow.id))
        return [(row.channel_id, row.object_id, row.dedupe_key, row.detail) for row in rows]


async def copies(world: World) -> list[int]:
    """The messages that the bot believes to show the event."""
    async with world.bot.database.read() as session:
        return [copy.message_id for copy in await card_copies.copies(session, [1])]


def vanish(world: World, message: discord.Message) -> None:
    """A message is deleted while the bot is not listening."""
    del world.env.backend.messages[message.channel.id][message.id]


def requests(world: World) -> int:
    """How many requests the bot has made."""
    return len(world.env.http_requests)


async def test_a_card_deleted_by_hand_is_forgotten_at_once_with_one_notice(
    world: World, keeper: simcord.MemberActor
) -> None:
    card = await announced(world)
    await keeper.delete(card)
    assert await copies(world) == []
    assert await notices(world) == [(world.events.id, 1, f"card_gone:1:{card.id}", CARD_GONE)]
    await world.deliver()
    before = requests(world)
    await answers(world, 1)
    await after(world, MOMENT)
    assert (requests(world), len(await notices(world))) == (before, 1)


async def test_a_card_deleted_while_the_bot_was_away_is_found_out_by_the_next_edit(world: World) -> None:
    card = await announced(world)
    vanish(world, card)
    await answers(world, 1)
    await after(world, MOMENT)
    assert await copies(world) == []
    assert await notices(world) == [(world.events.id, 1, f"card_gone:1:{card.id}", CARD_GONE)]
    await answers(world, 2)
    await after(world, MOMENT)
    assert len(await notices(world)) == 1


async def test_many_messages_deleted_at_once_are_one_notice(world: World) -> None:
    first, second = await announced(world), await shared(world)
    third = await shared_again(world)
    world.env.backend.bulk_delete_messages(world.general.id, [second.id, third.id])
    await world.env.settle()
    assert (await copies(world), await notices(world)) == ([first.id], [])
    world.env.backend.bulk_delete_messages(world.events.id, [first.id, 1])
    await world.env.settle()
    assert await copies(world) == []
    assert await notices(world) == [(world.events.id, 1, f"card_gone:1:{first.id}", CARD_GONE)]


async def test_of_two_last_cards_that_go_at_the_same_moment_one_is_a_notice(world: World) -> None:
    first, second = await announced(world), await shared(world)
    database, guild_id = world.bot.database, world.guild.id
    async with database.write() as session:  # as another process does, which has not committed yet
        await events.event(session, guild_id, 1, lock=True)
        await card_copies.forget_copies(session, 1, [first.id])
        told = asyncio.create_task(messages_gone(database, guild_id, [second.id], world.bot.now()))
        await asyncio.sleep(0.3)
    assert await told
    assert (await copies(world), len(await notices(world))) == ([], 1)


async def shared_again(world: World) -> discord.Message:
    """A third copy of the card, in the general channel too."""
    async with world.bot.database.write() as session:
        row = await session.scalar(select(OutboxRow).where(OutboxRow.dedupe_key == "event:1:shared"))
        assert row is not None
        row.dedupe_key = "event:1:shared before"
    return await shared(world)


async def test_a_channel_deleted_takes_its_cards_along_and_the_notice_goes_where_another_card_is(world: World) -> None:
    first = await announced(world)
    await shared(world)
    world.env.backend.delete_channel(world.general.id)
    await world.env.settle()
    assert (await copies(world), await notices(world)) == ([first.id], [])
    await another_event(world)
    world.env.backend.delete_channel(world.events.id)
    await world.env.settle()
    assert await notices(world) == [(world.stories.id, 1, f"card_gone:1:{first.id}", CARD_GONE)]


async def another_event(world: World) -> None:
    """An event whose card is in the stories channel."""
    now = world.bot.now()
    later = now + timedelta(hours=1)
    typed = {"title": "Fair", "typed_when": "", "typed_capacity": "", "location": "", "description": ""}
    event = Event(guild_id=world.guild.id, status="open", host_user_id=1, host_name="Mod", created_at=now, **typed)
    event.starts_at, event.ends_at, event.timezone = now, later, "UTC"
    async with world.bot.database.write() as session:
        session.add(event)
        await session.flush()
        session.add(CardCopy(message_id=9, guild_id=world.guild.id, channel_id=world.stories.id, event_id=event.id))


async def test_where_no_channel_is_left_nobody_is_told_and_nothing_fails(world: World) -> None:
    await announced(world)
    world.env.backend.delete_channel(world.events.id)
    await world.env.settle()
    assert (await copies(world), await notices(world)) == ([], [])


async def test_a_channel_deleted_while_the_bot_was_away_is_found_out_by_the_next_edit(world: World) -> None:
    card = await announced(world)
    await another_event(world)
    world.env.inject_error("PATCH", f"/channels/{world.events.id}/*", status=404, code=10003, message="Unknown Channel")
    await answers(world, 1)
    await after(world, MOMENT)
    assert await notices(world) == [(world.stories.id, 1, f"card_gone:1:{card.id}", CARD_GONE)]


async def test_permission_lost_is_one_notice_after_three_tries(world: World) -> None:
    card = await announced(world)
    await another_event(world)
    lost = f"/channels/{world.events.id}/messages/*"
    world.env.inject_error("PATCH", lost, status=403, code=50001, message="Missing Access", times=None)
    await answers(world, 1)
    for passed in (MOMENT, timedelta(minutes=1), timedelta(minutes=10)):
        assert await notices(world) == []
        await after(world, passed)
    assert await notices(world) == [(world.stories.id, 1, f"card_gone:1:{card.id}", CARD_GONE)]
    await answers(world, 2)
    await after(world, timedelta(days=1))
    path = f"/channels/{world.events.id}/messages/{card.id}"
    assert [request.method for request in world.env.http_requests if request.path == path] == ["PATCH"] * 3


async def test_a_card_of_an_event_that_is_cancelled_or_over_is_missed_by_nobody(
    world: World, keeper: simcord.MemberActor
) -> None:
    card = await announced(world)
    await world.mod.slash(world.general, "event cancel", event="id:1")
    await world.deliver()
    await keeper.delete(card)
    assert (await copies(world), await notices(world)) == ([], [])
    await another_event(world)
    world.clock[0] += timedelta(hours=1)
    world.env.backend.delete_channel(world.stories.id)
    await world.env.settle()
    assert await notices(world) == []


async def test_messages_of_others_and_of_other_servers_are_nothing_to_us(
    world: World, keeper: simcord.MemberActor
) -> None:
    card = await announced(world)
    await keeper.delete(await world.alice.send(world.general, "Hello"))
    assert (await copies(world), await notices(world)) == ([card.id], [])


async def test_a_moderator_has_the_card_posted_again_once(world: World, keeper: simcord.MemberActor) -> None:
    await keeper.delete(await announced(world))
    await answers(world, 1)
    await world.deliver()
    notice = card_in(world.events)
    assert words(notice) == (
        "The card of **Cherry blossom evening** is gone: its message was deleted, or I can no longer reach it.\n"
        "[Post it again]"
    )
    assert only_text(await world.alice.click(notice, label="Post it again")) == NOT_ALLOWED
    await world.mod.click(notice, label="Post it again")
    assert words(card_in(world.events)) == (
        f"The card of **Cherry blossom evening** is posted again in <#{world.events.id}>."
    )
    await forged(world.mod, notice, "event-repost:1")  # a second moderator, at the same moment
    await world.deliver()
    card = card_in(world.events)
    assert "**Going 1/2**\nMember 1" in words(card)
    assert await copies(world) == [card.id]
    link = f"https://discord.com/channels/{world.guild.id}/{world.events.id}/{card.id}"
    assert only_text(await forged(world.mod, notice, "event-repost:1")) == f"That event has a card: {link}"


async def test_a_card_that_nobody_needs_is_not_posted_again(world: World, keeper: simcord.MemberActor) -> None:
    await keeper.delete(await announced(world))
    await world.deliver()
    notice = card_in(world.events)
    await world.mod.slash(world.general, "event cancel", event="id:1")
    over = "That event is over or was cancelled, so it needs no card any more."
    assert only_text(await forged(world.mod, notice, "event-repost:1")) == over
    gone = "That event is not there any more. `/event list` shows what is coming up."
    assert only_text(await forged(world.mod, notice, "event-repost:999999999999999999")) == gone
