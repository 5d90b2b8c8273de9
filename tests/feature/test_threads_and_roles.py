"""The thread of an event and the role of those who come: made, kept, taken back."""

from datetime import timedelta

import discord
import pytest
import simcord
from sqlalchemy import select

from bot.events.attendee_roles import MOST_AT_ONCE
from bot.events.chores import ARCHIVE_AFTER
from bot.events.corrections import Organising
from bot.events.edits import hide_roster
from bot.events.rsvp import Choice
from bot.members import Member
from db.models import Answer
from tests.feature.announcing import event_row, joined
from tests.feature.around import END, START, TITLE, at, chores, edited, going, held, queued, said, work
from tests.feature.conftest import World

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NO_THREAD = (
    f"I could not open a thread for **{TITLE}**: I need the permission *Create Public Threads* in this channel. "
    "Reminders come to the channel instead."
)
NO_ROLE = (
    f"I could not give or take the role of **{TITLE}**: I need the permission *Manage Roles*, "
    "and my own role must stand above that one in the server's settings."
)


def requests(world: World, method: str, ending: str) -> int:
    """How many requests of the bot were like that."""
    return sum(1 for request in world.env.http_requests if request.method == method and ending in request.path)


async def test_a_thread_is_made_from_the_card_and_archived_after_the_end(world: World) -> None:
    card = await held(world, wants_thread=True, title=f"{TITLE}\u202e\nwith tea" + "!" * 90)
    [thread] = world.events.threads
    event = await event_row(world)
    assert event is not None
    assert (thread.id, event.thread_id) == (card.id, card.id)
    assert thread.name == f"{TITLE} with tea" + "!" * (99 - len(f"{TITLE} with tea")) + "…"
    await at(world, END)
    assert not archived(world, thread)
    await at(world, END + ARCHIVE_AFTER)
    assert archived(world, thread)
    assert requests(world, "POST", "/threads") == 1


def archived(world: World, thread: simcord.ChannelHandle) -> bool:
    """Whether a thread is archived."""
    metadata = world.env.backend.channels[thread.id].thread_metadata
    assert metadata is not None
    return metadata.archived


async def test_an_event_that_wants_no_thread_has_none(world: World) -> None:
    await held(world)
    assert world.events.threads == []


async def test_a_thread_that_was_made_just_before_a_crash_is_found_again(world: World) -> None:
    card = await held(world)
    world.env.inject_error("POST", f"/channels/*/messages/{card.id}/threads", status=400, code=160004)
    await edited(world, wants_thread=True)
    await work(world)
    event = await event_row(world)
    assert event is not None
    assert event.thread_id == card.id


async def test_a_bot_that_may_not_make_threads_says_so_once_and_goes_on_without(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/threads", status=403, code=50013, times=None)
    await held(world, wants_thread=True)
    await edited(world)
    await work(world)
    assert said(world.events) == [NO_THREAD]


async def test_a_card_that_was_deleted_has_no_thread(world: World) -> None:
    await held(world)
    world.env.inject_error("POST", "/channels/*/threads", status=404, code=10008, message="Unknown Message")
    await edited(world, wants_thread=True)
    await work(world)
    assert (world.events.threads, said(world.events)) == ([], [])


async def test_a_discord_that_is_down_delays_a_thread(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/threads", status=503, times=1)
    await held(world, wants_thread=True)
    assert world.events.threads == []
    await at(world, world.bot.now() + timedelta(minutes=1))
    assert [thread.name for thread in world.events.threads] == [TITLE]


# The role.


def attendee_role(world: World) -> simcord.RoleHandle:
    """A role that the bot may give."""
    mine = world.guild.create_role("Bot", permissions=discord.Permissions(manage_roles=True), position=5)
    backend = world.env.backend
    backend.add_member_role(world.guild.id, backend.bot_user.id, mine.id)
    return world.guild.create_role("Guests", position=1)


def having(world: World, role: simcord.RoleHandle) -> list[int]:
    """Who has a role."""
    members = world.env.backend.get_guild(world.guild.id).members.values()
    return sorted(member.user_id for member in members if role.id in member.role_ids)


async def test_who_goes_has_the_role_until_they_do_not_or_it_is_over(world: World) -> None:
    role = attendee_role(world)
    await held(world, attendee_role_id=role.id)
    [chiyo] = joined(world, "Chiyo")
    await going(world, world.alice, world.bob, chiyo)
    await work(world)
    assert having(world, role) == [world.alice.id, world.bob.id]  # Chiyo waits
    await going(world, world.alice, choice=Choice.NO)
    await work(world)
    assert having(world, role) == [world.bob.id, chiyo.id]
    await at(world, END - HOUR)
    assert having(world, role) == [world.bob.id, chiyo.id]
    await at(world, END)
    assert having(world, role) == []


async def test_a_cancelled_event_takes_its_role_back(world: World) -> None:
    role = attendee_role(world)
    await held(world, attendee_role_id=role.id)
    await going(world, world.alice)
    await work(world)
    await edited(world, status="cancelled")
    await work(world)
    assert having(world, role) == []


@pytest.mark.parametrize("columns", [{"hide_roster": True}, {"track": "youth_education"}])
async def test_where_names_are_hidden_nobody_gets_a_role_that_would_show_them(
    world: World, columns: dict[str, object]
) -> None:
    role = attendee_role(world)
    await held(world, attendee_role_id=role.id, **columns)
    await going(world, world.alice)
    await work(world)
    assert having(world, role) == []


async def test_names_that_are_hidden_later_take_the_role_back(world: World) -> None:
    role = attendee_role(world)
    await held(world, attendee_role_id=role.id)
    await going(world, world.alice)
    await work(world)
    assert having(world, role) == [world.alice.id]
    organiser = Organising(world.guild.id, 1, Member(world.mod.id, "Mod", manages_events=True), world.bot.now())
    await hide_roster(world.bot.database, organiser, True)
    await work(world)
    assert having(world, role) == []


async def test_many_get_their_role_in_several_rounds(world: World) -> None:
    role = attendee_role(world)
    await held(world, attendee_role_id=role.id, capacity=None)
    members = joined(world, *(f"Member {number}" for number in range(MOST_AT_ONCE + 5)))
    await going(world, *members)
    await world.bot.chores.run_once(world.bot.now())
    assert len(having(world, role)) == MOST_AT_ONCE
    await work(world)
    assert having(world, role) == sorted(member.id for member in members)
    given = requests(world, "PUT", f"/roles/{role.id}")
    await work(world)
    assert requests(world, "PUT", f"/roles/{role.id}") == given


async def test_a_bot_that_may_not_give_the_role_says_so_once(world: World) -> None:
    role = attendee_role(world)
    world.env.inject_error("PUT", "/guilds/*/roles/*", status=403, code=50013, times=None)
    await held(world, attendee_role_id=role.id)
    await going(world, world.alice)
    await work(world)
    await going(world, world.bob)
    await work(world)
    assert (said(world.events), having(world, role)) == ([NO_ROLE], [])
    assert len(await queued(world, "notice")) == 1


async def test_a_member_who_left_before_getting_the_role_frees_the_seat(world: World) -> None:
    role = attendee_role(world)
    await held(world, attendee_role_id=role.id)
    await going(world, world.alice, world.bob)
    world.guild.remove_member(world.alice)
    await work(world)
    async with world.bot.database.read() as session:
        rows = await session.scalars(select(Answer))
        assert [(row.user_id, row.has_role) for row in rows] == [(world.bob.id, True)]


async def test_a_member_who_left_after_the_end_stays_on_the_list_of_who_came(world: World) -> None:
    role = attendee_role(world)
    await held(world, attendee_role_id=role.id)
    await going(world, world.alice)
    await work(world)
    await at(world, START)
    world.guild.remove_member(world.alice)
    await at(world, END)
    async with world.bot.database.read() as session:
        rows = await session.scalars(select(Answer))
        assert [(row.user_id, row.standing, row.has_role) for row in rows] == [(world.alice.id, "going", False)]


async def test_the_end_is_moved_with_the_event(world: World) -> None:
    await held(world)
    await edited(world, ends_at=END + DAY)
    await at(world, END)
    assert (await chores(world))["end"] == END + DAY
