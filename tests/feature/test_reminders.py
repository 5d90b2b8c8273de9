"""Reminders: to the right people, in the right place, once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.events.changes import TOLD
from bot.events.chores import LEASE, Chore, Chores, plan_all_chores
from bot.events.reminders import MOST_MENTIONED, queue_to_attendees
from bot.events.rsvp import Choice
from bot.guilds import load_server
from db import event_chores, events, guilds
from db.models import Answer
from tests.feature.announcing import joined, restarted
from tests.feature.around import (
    AT_START,
    END,
    IN,
    OPEN,
    REMINDER,
    START,
    TITLE,
    at,
    chores,
    edited,
    going,
    held,
    pinged,
    queued,
    said,
    said_in_thread,
    work,
    written_to,
)
from tests.feature.conftest import World, words

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


async def test_who_comes_is_reminded_a_day_and_an_hour_before_and_nobody_else(world: World) -> None:
    await held(world, capacity=1)
    [chiyo] = joined(world, "Chiyo")
    await going(world, world.alice, world.bob)  # Bob waits
    await at(world, START - DAY - MINUTE)
    assert said(world.events) == []
    reminder = f"{REMINDER}\n<@{world.alice.id}>\n{OPEN}"
    await at(world, START - DAY)
    assert said(world.events) == [reminder]
    await at(world, START - HOUR)
    assert (said(world.events), pinged(world, world.events)) == ([reminder] * 2, [[world.alice.id]] * 2)
    await at(world, END)
    assert len(said(world.events)) == 2
    assert [written_to(world, member) for member in (world.alice, world.bob, chiyo)] == [[], [], []]


async def test_who_drops_out_before_a_reminder_is_sent_is_not_mentioned_in_it(world: World) -> None:
    await held(world)
    await going(world, world.alice, world.bob)
    world.clock[0] = START - HOUR
    await world.bot.chores.run_once(world.bot.now())
    await going(world, world.alice, choice=Choice.NO)
    await work(world)
    assert pinged(world, world.events) == [[world.bob.id]]


async def test_an_event_to_which_nobody_comes_reminds_nobody(world: World) -> None:
    await held(world)
    await at(world, START - HOUR)
    assert said(world.events) == []


async def test_reminders_are_those_of_the_event_if_it_has_its_own(world: World) -> None:
    await held(world, reminder_minutes="30")
    await going(world, world.alice)
    await at(world, START - HOUR)
    assert said(world.events) == []
    await at(world, START - 30 * MINUTE)
    assert len(said(world.events)) == 1


async def test_an_event_without_reminders_has_none(world: World) -> None:
    await held(world, reminder_minutes="")
    await going(world, world.alice)
    for moment in (START - DAY, START - HOUR, START):
        await at(world, moment)
    assert said(world.events) == []


async def test_many_are_mentioned_eighty_to_a_message(world: World) -> None:
    await held(world, capacity=None)
    members = joined(world, *(f"Member {number}" for number in range(MOST_MENTIONED + 1)))
    await going(world, *members)
    await at(world, START - HOUR)
    ids = [member.id for member in members]
    assert pinged(world, world.events) == [ids[:MOST_MENTIONED], ids[MOST_MENTIONED:]]


@pytest.mark.parametrize("columns", [{"hide_roster": True}, {"track": "youth_education"}])
async def test_where_names_are_hidden_a_reminder_names_nobody(world: World, columns: dict[str, object]) -> None:
    await held(world, **columns)
    await going(world, world.alice)
    await at(world, START - HOUR)
    assert (said(world.events), pinged(world, world.events)) == ([f"{REMINDER}\n{OPEN}"], [[]])


async def test_a_reminder_goes_to_the_thread_where_there_is_one(world: World) -> None:
    await held(world, wants_thread=True)
    await going(world, world.alice)
    await at(world, START - HOUR)
    assert said(world.events) == []
    assert said_in_thread(world.events) == [f"{REMINDER}\n<@{world.alice.id}>\n{OPEN}"]


async def test_a_thread_that_somebody_deleted_sends_reminders_to_the_channel_again(world: World) -> None:
    card = await held(world, wants_thread=True)
    await going(world, world.alice)
    path = f"/channels/{card.id}/messages"
    world.env.inject_error("POST", path, status=404, code=10003, message="Unknown Channel", times=None)
    await at(world, START - DAY)
    await at(world, START - HOUR)
    assert len(said(world.events)) == 2


async def test_all_that_was_meant_for_a_thread_that_was_deleted_comes_to_the_channel(world: World) -> None:
    card = await held(world, wants_thread=True)
    await going(world, world.alice)
    world.clock[0] = START - HOUR
    async with world.bot.database.write() as session:
        event = await events.event(session, world.guild.id, 1)
        assert event is not None
        server = await load_server(session, world.guild.id)
        for key in ("first", "second"):
            await queue_to_attendees(
                session, event, server, "reminder", key, {"start": int(START.timestamp())}, world.bot.now()
            )
    path = f"/channels/{card.id}/messages"
    world.env.inject_error("POST", path, status=404, code=10003, message="Unknown Channel", times=None)
    await world.bot.outbox.run_once(world.bot.now())
    assert len(said(world.events)) == 2


# Direct messages.


async def wants_messages(world: World, *members: object, zone: str = "") -> None:
    for member in members:
        await member.slash(world.general, "me reminders", switch="on")  # type: ignore[attr-defined]
        if zone:
            await member.slash(world.general, "me timezone", time_zone=zone)  # type: ignore[attr-defined]


async def test_only_who_asked_for_it_also_gets_a_direct_message(world: World) -> None:
    await held(world)
    await wants_messages(world, world.alice)
    await going(world, world.alice, world.bob)
    await at(world, START - HOUR)
    assert len(said(world.events)) == 1
    assert (written_to(world, world.alice), written_to(world, world.bob)) == ([f"{REMINDER}\n{OPEN}"], [])


async def test_closed_direct_messages_are_no_matter_for_the_channel_has_it(world: World) -> None:
    await held(world)
    await wants_messages(world, world.alice)
    await going(world, world.alice)
    direct = world.alice.user.dm_channel.id
    path = f"/channels/{direct}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, message="Cannot send messages", times=None)
    for moment in (START - HOUR, START - HOUR + 30 * MINUTE):
        await at(world, moment)
    assert (len(said(world.events)), written_to(world, world.alice)) == (1, [])
    assert [(row.outcome, row.attempts) for row in await queued(world, "reminder")] == [("sent", 1), ("gone", 1)]


async def test_the_young_never_get_a_direct_message(world: World) -> None:
    await held(world, track="youth_education")
    await wants_messages(world, world.alice)
    await going(world, world.alice)
    await at(world, START - HOUR)
    assert (len(said(world.events)), written_to(world, world.alice)) == (1, [])
    assert [row.user_id for row in await queued(world, "reminder")] == [None]


async def test_a_reminder_at_a_members_night_comes_in_the_morning(world: World) -> None:
    await held(world)
    await wants_messages(world, world.alice, zone="Europe/Budapest")
    await going(world, world.alice)
    await at(world, START - DAY)  # two in the night there
    assert written_to(world, world.alice) == []
    await at(world, START - DAY + 5 * HOUR - MINUTE)
    assert written_to(world, world.alice) == []
    await at(world, START - DAY + 5 * HOUR)
    assert written_to(world, world.alice) == [f"{REMINDER}\n{OPEN}"]


async def test_a_reminder_that_would_come_after_the_start_in_the_morning_does_not_come(world: World) -> None:
    await held(world)
    await wants_messages(world, world.alice, zone="Europe/Budapest")
    await going(world, world.alice)
    await at(world, START - HOUR)  # one in the night there
    await at(world, START + 6 * HOUR)
    assert (len(said(world.events)), written_to(world, world.alice)) == (1, [])


async def test_a_message_that_waits_for_the_morning_is_dropped_by_who_drops_out_or_wants_none_any_more(
    world: World,
) -> None:
    await held(world)
    await wants_messages(world, world.alice, world.bob, zone="Europe/Budapest")
    await going(world, world.alice, world.bob)
    await at(world, START - DAY)
    await world.alice.slash(world.general, "me reminders", switch="off")
    await world.bob.click(world.events.history()[0], label="Can't go")
    await at(world, START - DAY + 5 * HOUR)
    assert (written_to(world, world.alice), written_to(world, world.bob)) == ([], [])


async def test_a_bot_that_was_down_does_not_make_up_for_it_in_the_middle_of_the_night(world: World) -> None:
    await held(world, starts_at=START + 18 * HOUR, ends_at=END + 18 * HOUR)
    await wants_messages(world, world.alice, zone="Europe/Budapest")
    await going(world, world.alice)
    world.clock[0] = START - 6 * HOUR  # a day before, in the evening there: queued, and then the bot was down
    await world.bot.chores.run_once(world.bot.now())
    await at(world, START - HOUR)  # one in the night
    assert written_to(world, world.alice) == []
    await at(world, START + 5 * HOUR)
    assert len(written_to(world, world.alice)) == 1


# Once per person and offset, whatever happens.


async def test_a_restart_at_the_due_moment_reminds_once(world: World) -> None:
    await held(world)
    await going(world, world.alice)
    world.clock[0] = START - HOUR
    await world.bot.chores.run_once(world.bot.now())
    await restarted(world)
    await work(world)
    await restarted(world)
    await at(world, START - HOUR + MINUTE)
    assert len(said(world.events)) == 1


async def test_a_process_that_dies_over_a_reminder_leaves_it_to_the_next(world: World) -> None:
    await held(world)
    await going(world, world.alice)
    world.clock[0] = START - HOUR
    async with world.bot.database.write() as session:  # and then it dies
        await event_chores.claim(session, world.bot.now(), world.bot.now() + LEASE, 8)
    await work(world)
    assert said(world.events) == []
    await at(world, START - HOUR + LEASE)
    assert len(said(world.events)) == 1


async def test_a_process_that_dies_after_queueing_a_reminder_has_it_queued_once(world: World) -> None:
    await held(world)
    await wants_messages(world, world.alice)
    await going(world, world.alice)
    await at(world, START - HOUR)
    async with world.bot.database.write() as session:  # as if the chore had not been completed
        await event_chores.replan(session, 1, world.guild.id, {"reminder:60": START - HOUR})
    await at(world, START - HOUR + MINUTE)
    assert (len(said(world.events)), len(written_to(world, world.alice))) == (1, 1)
    assert (await chores(world))["reminder:60"] is None


async def test_two_processes_remind_once(world: World) -> None:
    await held(world)
    await wants_messages(world, world.alice, world.bob)
    await going(world, world.alice, world.bob)
    world.clock[0] = START - HOUR
    mate = Chores(world.bot)
    await asyncio.gather(world.bot.chores.run_once(world.bot.now()), mate.run_once(world.bot.now()))
    await work(world)
    assert len(said(world.events)) == 1
    assert [len(written_to(world, member)) for member in (world.alice, world.bob)] == [1, 1]


async def test_a_moved_start_reminds_again_and_never_twice_for_the_same(world: World) -> None:
    await held(world)
    await going(world, world.alice)
    await at(world, START - HOUR)
    await edited(world, starts_at=START + DAY, ends_at=END + DAY)
    assert (await chores(world))["reminder:60"] == START + DAY - HOUR
    for moment in (START, START + DAY - HOUR, START + DAY - HOUR + MINUTE):
        await at(world, moment)
    there = [text.splitlines()[0] for text in said(world.events)]
    later = REMINDER.replace("1796518800", str(1796518800 + 86400)).splitlines()[0]
    assert there == [REMINDER.splitlines()[0], later, later]  # of the day and of the hour before
    await edited(world, starts_at=START + DAY, ends_at=END + DAY + HOUR)
    await at(world, START + DAY - 30 * MINUTE)
    assert len(said(world.events)) == 3


async def test_a_start_that_was_moved_and_moved_back_reminds_once_for_each(world: World) -> None:
    await held(world, reminder_minutes="60")
    await going(world, world.alice)
    await at(world, START - HOUR)
    await edited(world, starts_at=START + DAY, ends_at=END + DAY)
    world.clock[0] = START - 2 * HOUR  # and the clock is back as well
    await edited(world, starts_at=START, ends_at=END)
    await at(world, START - HOUR)
    assert len(said(world.events)) == 1


async def test_a_reminder_that_was_queued_before_the_start_was_moved_is_not_sent(world: World) -> None:
    await held(world)
    await going(world, world.alice)
    world.clock[0] = START - HOUR
    await world.bot.chores.run_once(world.bot.now())
    await edited(world, starts_at=START + DAY + HOUR, ends_at=END + DAY + HOUR)
    await work(world)
    assert said(world.events) == []


async def test_a_start_that_is_moved_while_a_reminder_is_at_work_is_reminded_of_at_its_new_time(world: World) -> None:
    await held(world, reminder_minutes="60")
    await going(world, world.alice)
    now = world.clock[0] = START - HOUR
    async with world.bot.database.write() as session:
        [row] = await event_chores.claim(session, now, now + LEASE, 8)
    await edited(world, starts_at=START + DAY, ends_at=END + DAY)
    await world.bot.chores.see_to(Chore(1, world.guild.id, row.name, row.failures, now + LEASE), now)
    await work(world)
    assert (said(world.events), (await chores(world))["reminder:60"]) == ([], START + DAY - HOUR)
    await at(world, START + DAY - HOUR)
    assert len(said(world.events)) == 1


async def test_permission_lost_to_write_is_one_notice_in_another_channel(world: World) -> None:
    await held(world)
    await world.set_up(events_channel=world.stories)  # where the next events will be
    await going(world, world.alice)
    path = f"/channels/{world.events.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50013, message="Missing Permissions", times=None)
    for reminder in (START - DAY, START - HOUR):
        for minutes in (0, 1, 11):
            await at(world, reminder + timedelta(minutes=minutes))
    assert [words(message) for message in world.stories.history()] == [
        f"A message about **{TITLE}** could not be posted in <#{world.events.id}>, and I have stopped trying. "
        "Please check that I may see that channel and send messages there; then choose it again with `/setup`."
    ]


async def test_a_clock_that_is_set_back_reminds_once(world: World) -> None:
    await held(world)
    await going(world, world.alice)
    for moment in (START - HOUR, START - 2 * HOUR, START - HOUR, START - 30 * MINUTE):
        await at(world, moment)
        await edited(world)
    assert len(said(world.events)) == 1


async def test_in_the_night_in_which_clocks_change_a_reminder_comes_once_and_in_time(world: World) -> None:
    night = datetime.fromisoformat("2027-03-14T08:30:00+00:00")  # 3:30 in Chicago, which had no 2:30
    await held(world, starts_at=night, ends_at=night + HOUR)
    await going(world, world.alice)
    due = [night - DAY, night - HOUR]
    for moment in (due[0] - MINUTE, *due, night - 30 * MINUTE, night):
        await at(world, moment)
    assert len(said(world.events)) == 2


async def test_a_bot_that_was_down_sends_one_late_reminder_and_none_after_the_start(world: World) -> None:
    await held(world)
    await going(world, world.alice)
    await at(world, START - 10 * MINUTE)  # both were due meanwhile
    assert len(said(world.events)) == 1
    await edited(world, starts_at=START + 2 * DAY, ends_at=END + 2 * DAY)
    await at(world, START + 2 * DAY + MINUTE)
    assert len(said(world.events)) == 1


async def test_a_reminder_whose_time_has_passed_at_publishing_is_skipped(world: World) -> None:
    world.clock[0] = START - 2 * HOUR
    await held(world)
    await going(world, world.alice)
    await work(world)
    assert said(world.events) == []
    await at(world, START - HOUR)
    assert len(said(world.events)) == 1


async def test_a_cancelled_event_reminds_nobody(world: World) -> None:
    await held(world)
    await going(world, world.alice)
    world.clock[0] = START - HOUR
    await world.bot.chores.run_once(world.bot.now())
    await edited(world, status="cancelled")
    await at(world, START - HOUR + MINUTE)
    assert said(world.events) == []


async def test_new_reminders_of_the_server_count_for_events_that_are_there(world: World) -> None:
    await held(world)
    await going(world, world.alice)
    async with world.bot.database.write() as session:
        await guilds.change(session, world.guild.id, reminder_minutes="30")
    await plan_all_chores(world.bot.database, world.guild.id, world.bot.now())
    for moment in (START - DAY, START - HOUR):
        await at(world, moment)
    assert said(world.events) == []
    await at(world, START - 30 * MINUTE)
    assert len(said(world.events)) == 1


# Changes.


async def test_who_comes_hears_of_a_new_time_and_place(world: World) -> None:
    await held(world)
    await going(world, world.alice, world.bob)
    later = START + DAY
    await change(world, sorted(TOLD), starts_at=later, ends_at=END + DAY, location="City Hall")
    assert said(world.events) == [
        f"📅 **{TITLE}** has a new time: <t:{1796518800 + 86400}:F>.\n📍 City Hall\n"
        "If you cannot come now, please press *Can't go* on the event.\n"
        f"<@{world.alice.id}> <@{world.bob.id}>\n{OPEN}"
    ]
    assert pinged(world, world.events) == [[world.alice.id, world.bob.id]]


async def test_who_comes_hears_that_it_is_cancelled_and_why(world: World) -> None:
    await held(world)
    await going(world, world.alice)
    await change(world, [], cancelled=True, status="cancelled", cancel_reason="The hall is *closed* @everyone")
    [notice] = said(world.events)
    assert notice == (
        f"❌ **{TITLE}**, {AT_START}, is cancelled.\n> The hall is \\*closed\\* @\u200beveryone\n"
        f"<@{world.alice.id}>\n{OPEN}"
    )
    assert IN not in notice


async def test_who_waits_or_may_come_hears_of_changes_too_and_who_said_no_does_not(world: World) -> None:
    await held(world, capacity=1)
    chiyo, dana = joined(world, "Chiyo", "Dana")
    await going(world, world.alice, world.bob)
    await going(world, chiyo, choice=Choice.MAYBE)
    await going(world, dana, choice=Choice.NO)
    await change(world, ["place"], location="City Hall")
    assert pinged(world, world.events) == [[world.alice.id, world.bob.id, chiyo.id]]


async def test_a_cancellation_reaches_those_who_may_come_where_nobody_is_going_yet(world: World) -> None:
    await held(world)
    await going(world, world.alice, choice=Choice.MAYBE)
    await change(world, [], cancelled=True, status="cancelled")
    assert said(world.events) == [f"❌ **{TITLE}**, {AT_START}, is cancelled.\n<@{world.alice.id}>\n{OPEN}"]


async def change(world: World, changed: list[str], *, cancelled: bool = False, **columns: object) -> None:
    """The event is changed and those who come are told, as `bot.events.changes` does it."""
    await edited(world, **columns)
    async with world.bot.database.write() as session:
        event = await events.event(session, world.guild.id, 1)
        assert event is not None
        server = await load_server(session, world.guild.id)
        detail: dict[str, object] = {"cancelled": True} if cancelled else {"changed": changed}
        for _ in range(2):  # the same occasion twice says it once
            await queue_to_attendees(session, event, server, "change", "1", detail, world.bot.now())
    await work(world)


# Thanks.


async def came(world: World, *user_ids: int) -> None:
    async with world.bot.database.write() as session:
        for user_id in user_ids:
            answer = await session.get(Answer, (1, user_id))
            assert answer is not None
            answer.checked_in_at = START


async def test_who_came_is_thanked_and_who_did_not_is_not_named(world: World) -> None:
    await held(world, wants_thread=True)
    await going(world, world.alice, world.bob)
    await came(world, world.alice.id)
    await at(world, END)
    assert said_in_thread(world.events) == [f"💛 Thank you for coming to **{TITLE}**!\n<@{world.alice.id}>"]


async def test_the_young_are_thanked_without_names(world: World) -> None:
    await held(world, track="youth_education")
    await going(world, world.alice, world.bob)
    await came(world, world.alice.id, world.bob.id)
    await at(world, END)
    assert said(world.events)[-1] == f"💛 Thank you to the 2 people who came to **{TITLE}**!"


async def test_an_event_to_which_nobody_came_or_that_was_cancelled_thanks_nobody(world: World) -> None:
    await held(world, reminder_minutes="")
    await going(world, world.alice)
    await at(world, END)
    assert said(world.events) == []


async def test_thanks_that_are_days_late_are_not_said(world: World) -> None:
    await held(world, reminder_minutes="")
    await going(world, world.alice)
    await came(world, world.alice.id)
    await at(world, END + 2 * DAY)
    assert said(world.events) == []
