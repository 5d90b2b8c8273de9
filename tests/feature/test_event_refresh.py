"""The card keeps up: edits by the refresh loop, after bursts of changes, failures and crashes."""

import asyncio
import math
from datetime import timedelta

import discord

from bot.events.answers import REFRESH_AFTER
from bot.events.rsvp import Choice
from bot.members import Member
from bot.posting.edit_pace import OLD_REST
from bot.posting.refresh import CardRefresh
from db import card_copies, outbox
from db.database import Database
from tests.feature.announcing import announced, card_in, full_event, restarted, roster
from tests.feature.conftest import World, words

MOMENT = timedelta(seconds=2)


def edits_of(world: World, card: discord.Message) -> int:
    """How often the bot edited a card by itself, not in answer to a press."""
    path = f"/channels/{card.channel.id}/messages/{card.id}"
    return sum(request.method == "PATCH" and request.path == path for request in world.env.http_requests)


async def answers(world: World, user_id: int, choice: Choice = Choice.GOING) -> None:
    """A member answers in another process, so that nothing is edited by the press."""
    await world.bot.events.answer(world.guild.id, 1, Member(user_id, f"Member {user_id}"), choice, world.bot.now())


async def after(world: World, passed: timedelta) -> None:
    """Some time passes, then the loops have their turn."""
    world.clock[0] += passed
    await world.deliver()


async def shared(world: World) -> discord.Message:
    """A second copy of the card, in the general channel."""
    async with world.bot.database.write() as session:
        outbox.queue(
            session,
            guild_id=world.guild.id,
            channel_id=world.general.id,
            kind="event",
            object_id=1,
            dedupe_key="event:1:shared",
            due_at=world.bot.now(),
            locale="en-US",
        )
    await world.deliver()
    return card_in(world.general)


async def test_answers_given_elsewhere_reach_the_card_with_one_edit_after_a_moment(world: World) -> None:
    card = await announced(world, capacity="")
    for user_id in range(1, 6):
        await answers(world, user_id)
        await world.deliver()
    assert roster(card_in(world.events)).startswith("**Going 0**")
    edits = edits_of(world, card)
    await after(world, MOMENT)
    await world.deliver()
    assert roster(card_in(world.events)).startswith("**Going 5**\nMember 1, Member 2, Member 3, Member 4, Member 5")
    assert edits_of(world, card) == edits + 1


async def test_a_burst_is_at_most_as_many_edits_as_it_has_rests_and_one_and_the_last_shows_the_end(
    world: World,
) -> None:
    copies = [await announced(world, capacity=""), await shared(world)]
    began, burst, step = world.clock[0], timedelta(seconds=9), timedelta(seconds=0.15)
    pressed = 0
    while world.clock[0] - began <= burst:
        pressed += 1
        await answers(world, pressed)
        await after(world, step)
    for _ in range(20):
        await after(world, timedelta(seconds=0.5))
    edits = sum(edits_of(world, card) for card in copies)
    assert 4 * len(copies) <= edits <= len(copies) * (math.ceil(burst / REFRESH_AFTER) + 1)
    assert pressed == 61
    for channel in (world.events, world.general):
        assert roster(card_in(channel)).startswith("**Going 61**\nMember 1, Member 2,")


async def test_a_card_older_than_an_hour_is_edited_more_seldom(world: World) -> None:
    card = await announced(world, capacity="")
    await after(world, timedelta(hours=1))
    for user_id in range(1, 11):  # 20 seconds of answers
        await answers(world, user_id)
        await after(world, MOMENT)
    assert edits_of(world, card) == 1
    assert roster(card_in(world.events)).startswith("**Going 1**")
    await after(world, OLD_REST - 9 * MOMENT)
    assert edits_of(world, card) == 2
    assert roster(card_in(world.events)).startswith("**Going 10**")


async def test_two_processes_on_one_database_edit_once_for_a_change(world: World) -> None:
    card = await announced(world, capacity="")
    both = [CardRefresh(world.bot), CardRefresh(world.bot)]
    for user_id in range(1, 6):
        await answers(world, user_id)
        world.clock[0] += MOMENT
        await asyncio.gather(*(refresh.run_once(world.bot.now()) for refresh in both))
        await asyncio.gather(*(refresh.run_once(world.bot.now()) for refresh in both))
        assert edits_of(world, card) == user_id
    assert roster(card_in(world.events)).startswith("**Going 5**")


async def test_the_card_is_edited_after_a_drop_out(world: World) -> None:
    card, (alice, *_) = await full_event(world)
    await after(world, MOMENT)
    edits = edits_of(world, card)
    await world.bot.events.answer(world.guild.id, 1, Member(alice.id, "Alice"), Choice.NO, world.bot.now())
    await after(world, MOMENT)
    shown = roster(card_in(world.events))
    assert "**Going 2/2**\nBob, Chiyo\n" in shown and "1. Dana" in shown
    assert edits_of(world, card) == edits + 1


async def test_a_picture_stays_on_a_card_that_is_edited(world: World) -> None:
    card = await announced(world, capacity="")
    await answers(world, 1)
    await after(world, MOMENT)
    [edit] = [
        request for request in world.env.http_requests if request.method == "PATCH" and str(card.id) in request.path
    ]
    assert edit.json is not None and "attachments" not in edit.json


async def test_restart_between_an_answer_and_the_edit_of_the_card(world: World) -> None:
    await announced(world, capacity="")
    await answers(world, 1)
    await restarted(world)
    await after(world, MOMENT)
    assert roster(card_in(world.events)).startswith("**Going 1**\nMember 1")


async def test_an_edit_that_a_crash_cut_short_is_made_when_the_lease_ends(world: World, database: Database) -> None:
    await announced(world, capacity="")
    await answers(world, 1)
    world.clock[0] += MOMENT
    lease_until = world.clock[0] + timedelta(minutes=2)
    async with database.write() as session:
        assert len(await card_copies.claim_copies(session, world.clock[0], lease_until, 8)) == 1
    await restarted(world)
    await world.deliver()
    assert roster(card_in(world.events)).startswith("**Going 0**")
    async with database.read() as session:
        assert await card_copies.next_refresh(session) == lease_until
    world.clock[0] = lease_until
    await world.deliver()
    assert roster(card_in(world.events)).startswith("**Going 1**\nMember 1")


async def test_a_change_during_an_edit_is_edited_after_it(world: World, database: Database) -> None:
    card = await announced(world, capacity="")
    now = world.clock[0]
    lease_until, rests_until = now + timedelta(minutes=2), now + timedelta(seconds=3)
    async with database.write() as session:
        await card_copies.refresh_copies(session, 1, now)
        await card_copies.claim_copies(session, now, lease_until, 8)
    await answers(world, 1)
    async with database.write() as session:
        await card_copies.copy_edited(session, card.id, lease_until, again_at=None, rests_until=rests_until)
    async with database.read() as session:
        assert await card_copies.next_refresh(session) == rests_until
    await after(world, MOMENT)
    assert roster(card_in(world.events)).startswith("**Going 0**")
    await after(world, timedelta(seconds=1))
    async with database.read() as session:
        assert await card_copies.next_refresh(session) is None
    assert roster(card_in(world.events)).startswith("**Going 1**\nMember 1")


async def test_who_was_too_slow_with_an_edit_does_not_end_the_claim_of_the_next(
    world: World, database: Database
) -> None:
    card = await announced(world, capacity="")
    first, second = (world.clock[0] + timedelta(minutes=minutes) for minutes in (2, 4))
    async with database.write() as session:
        await card_copies.refresh_copies(session, 1, world.clock[0])
    for now, lease_until in ((world.clock[0], first), (first, second)):
        async with database.write() as session:
            assert len(await card_copies.claim_copies(session, now, lease_until, 8)) == 1
    async with database.write() as session:
        await card_copies.refresh_copies(session, 1, first)
    async with database.write() as session:
        await card_copies.copy_edited(session, card.id, first, again_at=None, rests_until=first)
    async with database.write() as session:
        assert await card_copies.next_refresh(session) == second
        assert await card_copies.claim_copies(session, first + MOMENT, second + MOMENT, 8) == []


async def test_a_failed_edit_is_tried_again(world: World) -> None:
    await announced(world, capacity="")
    await answers(world, 1)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=500)
    await after(world, MOMENT)
    assert roster(card_in(world.events)).startswith("**Going 0**")
    await after(world, timedelta(seconds=10))
    assert roster(card_in(world.events)).startswith("**Going 1**\nMember 1")


async def test_a_card_in_a_channel_that_is_closed_for_a_while_is_not_given_up(world: World) -> None:
    await announced(world)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50001, message="Missing Access", times=2)
    await answers(world, 1)
    for passed in (MOMENT, timedelta(minutes=1), timedelta(minutes=10)):
        assert roster(card_in(world.events)).startswith("**Going 0")
        await after(world, passed)
    assert roster(card_in(world.events)).startswith("**Going 1/2**\nMember 1")


async def test_one_channel_that_cannot_be_written_to_holds_up_no_other(world: World) -> None:
    await announced(world, capacity="")
    await shared(world)
    world.env.inject_error("PATCH", f"/channels/{world.events.id}/messages/*", status=503, times=None)
    await answers(world, 1)
    await after(world, MOMENT)
    assert roster(card_in(world.events)).startswith("**Going 0")
    assert "**Going 1**\nMember 1" in words(card_in(world.general))
