"""The card keeps up: edits by the refresh loop, after changes, failures, crashes and deletions."""

from datetime import timedelta

import discord

from bot.members import Member
from bot.rsvp import Choice
from db import events
from db.database import Database
from tests.feature.announcing import announced, card_in, full_event, restarted, roster
from tests.feature.conftest import World, words


def edits_of(world: World, card: discord.Message) -> int:
    """How often the bot edited a card by itself, not in answer to a press."""
    path = f"/channels/{world.events.id}/messages/{card.id}"
    return sum(request.method == "PATCH" and request.path == path for request in world.env.http_requests)


async def test_answers_given_elsewhere_reach_the_card_with_one_edit_after_a_moment(world: World) -> None:
    card = await announced(world, capacity="")
    for user_id in range(1, 6):  # as another process would
        member = Member(user_id, f"Member {user_id}")
        await world.bot.events.answer(world.guild.id, 1, member, Choice.GOING, world.bot.now())
        await world.deliver()
    assert roster(card_in(world.events)) == "**Going 0**\n[Going]"
    edits = edits_of(world, card)
    world.clock[0] += timedelta(seconds=2)
    await world.deliver()
    await world.deliver()
    shown = card_in(world.events)
    assert roster(shown) == "**Going 5**\nMember 1, Member 2, Member 3, Member 4, Member 5\n[Going]"
    assert edits_of(world, card) == edits + 1


async def test_the_card_is_edited_after_a_drop_out(world: World) -> None:
    card, (alice, *_) = await full_event(world)
    world.clock[0] += timedelta(seconds=2)
    await world.deliver()
    edits = edits_of(world, card)
    await world.bot.events.answer(world.guild.id, 1, Member(alice.id, "Alice"), Choice.NO, world.bot.now())
    world.clock[0] += timedelta(seconds=2)
    await world.deliver()
    assert roster(card_in(world.events)) == "**Going 2 / 2**\nBob, Chiyo\n**Waiting 1**  1. Dana\n[Join waiting list]"
    assert edits_of(world, card) == edits + 1


async def test_an_edit_that_a_crash_cut_short_is_made_when_the_lease_ends(world: World, database: Database) -> None:
    await announced(world, capacity="")
    await world.bot.events.answer(world.guild.id, 1, Member(1, "Member 1"), Choice.GOING, world.bot.now())
    world.clock[0] += timedelta(seconds=2)
    lease_until = world.clock[0] + timedelta(minutes=2)
    async with database.write() as session:
        assert len(await events.claim_copies(session, world.clock[0], lease_until, 8)) == 1
    await restarted(world)
    await world.deliver()
    assert roster(card_in(world.events)) == "**Going 0**\n[Going]"
    async with database.read() as session:
        assert await events.next_refresh(session) == lease_until
    world.clock[0] = lease_until
    await world.deliver()
    assert roster(card_in(world.events)) == "**Going 1**\nMember 1\n[Going]"


async def test_a_change_during_an_edit_is_edited_after_it(world: World, database: Database) -> None:
    card = await announced(world, capacity="")
    now = world.clock[0]
    async with database.write() as session:
        await events.refresh_copies(session, 1, now)
        await events.claim_copies(session, now, now + timedelta(minutes=2), 8)
    await world.bot.events.answer(world.guild.id, 1, Member(1, "Member 1"), Choice.GOING, now)
    async with database.write() as session:
        await events.copy_edited(session, card.id, again_at=None)
    async with database.read() as session:
        assert await events.next_refresh(session) == now + timedelta(seconds=2)
    world.clock[0] += timedelta(seconds=2)
    await world.deliver()
    async with database.read() as session:
        assert await events.next_refresh(session) is None
    assert roster(card_in(world.events)) == "**Going 1**\nMember 1\n[Going]"


async def test_a_failed_edit_is_tried_again(world: World) -> None:
    await announced(world, capacity="")
    await world.bot.events.answer(world.guild.id, 1, Member(1, "Member 1"), Choice.GOING, world.bot.now())
    world.clock[0] += timedelta(seconds=2)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=500)
    await world.deliver()
    assert roster(card_in(world.events)) == "**Going 0**\n[Going]"
    world.clock[0] += timedelta(seconds=10)
    await world.deliver()
    assert roster(card_in(world.events)) == "**Going 1**\nMember 1\n[Going]"


async def test_a_card_in_a_channel_that_is_closed_for_a_while_is_not_given_up(world: World) -> None:
    await announced(world)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50001, message="Missing Access", times=2)
    await world.mod.slash(world.general, "event cancel", event="id:1")
    for seconds in (0, 10, 20):
        world.clock[0] += timedelta(seconds=seconds)
        await world.deliver()
    assert "**Cancelled**" in words(card_in(world.events))


async def test_a_card_that_was_deleted_by_hand_is_forgotten(world: World, database: Database) -> None:
    card = await announced(world)
    rights = discord.Permissions(manage_messages=True)
    keeper = world.guild.add_member(
        world.env.create_user("Keeper"), roles=[world.guild.create_role("Keepers", permissions=rights)]
    )
    await keeper.delete(card)
    await world.mod.slash(world.general, "event cancel", event="id:1")
    await world.deliver()
    async with database.read() as session:
        assert await events.copies(session, [1]) == []
        assert await events.next_refresh(session) is None
    requests = len(world.env.http_requests)
    await world.deliver()
    assert len(world.env.http_requests) == requests
