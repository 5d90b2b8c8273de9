"""When reminders are due, whether a late one is still sent, and at what hours nobody is written to. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dates.clocks import waking_time
from bot.events.chores import chore_times
from bot.events.reminders import direct_at, makes_sense, offsets
from bot.guilds import Server
from db.models import Event

START = datetime(2026, 12, 6, 1, 0, tzinfo=UTC)
END = START + timedelta(hours=2)
NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CHICAGO, BUDAPEST = ZoneInfo("America/Chicago"), ZoneInfo("Europe/Budapest")
SERVER = Server(1, None, "America/Chicago", 2, None, None, "en-US")


def event(**columns: object) -> Event:
    """An event that is open, on the evening of 5 December in Birmingham."""
    usual = {"status": "open", "starts_at": START, "ends_at": END, "timezone": "America/Chicago"}
    return Event(**(usual | {"wants_thread": False} | columns))


def test_what_a_moderator_typed_as_reminders_is_read_with_the_longest_first() -> None:
    assert [offsets("60,1440"), offsets(" 30 "), offsets("")] == [(1440, 60), (30,), ()]


def test_a_published_event_has_its_reminders_start_and_end_planned() -> None:
    assert chore_times(event(), (1440, 60), {}, NOW) == {
        "reminder:1440": START - DAY,
        "reminder:60": START - HOUR,
        "start": START,
        "end": END,
    }


def test_a_reminder_whose_time_passed_before_publishing_is_skipped() -> None:
    due = chore_times(event(), (1440, 60), {}, START - 2 * HOUR)
    assert (due["reminder:1440"], due["reminder:60"]) == (None, START - HOUR)


def test_a_reminder_that_is_due_just_now_survives_an_edit_of_something_else() -> None:
    before = {"reminder:60": START - HOUR}
    due = chore_times(event(), (60,), before, START - HOUR + timedelta(seconds=5))
    assert due["reminder:60"] == START - HOUR


def test_a_reminder_that_was_sent_is_not_planned_again_for_the_same_start() -> None:
    due = chore_times(event(), (60,), {"reminder:60": None}, START - timedelta(minutes=30))
    assert due["reminder:60"] is None


def test_a_moved_start_plans_a_reminder_that_was_sent_already_anew() -> None:
    later = START + DAY
    due = chore_times(event(starts_at=later, ends_at=later + HOUR), (60,), {"reminder:60": None}, START)
    assert due == {"reminder:60": later - HOUR, "start": later, "end": later + HOUR}


def test_a_reminder_that_is_no_longer_wanted_is_dropped() -> None:
    before = {"reminder:1440": START - DAY, "reminder:60": START - HOUR}
    assert chore_times(event(), (60,), before, NOW)["reminder:1440"] is None


def test_a_cancelled_event_reminds_nobody_and_still_tidies_up() -> None:
    before = {"reminder:60": START - HOUR, "start": START, "end": END}
    due = chore_times(event(status="cancelled", attendee_role_id=5), (60,), before, NOW)
    assert due == {"reminder:60": None, "start": None, "end": END, "roles": NOW}


def test_a_thread_is_wanted_until_there_is_one() -> None:
    assert chore_times(event(wants_thread=True), (), {}, NOW)["thread"] == NOW
    assert "thread" not in chore_times(event(wants_thread=True, thread_id=7), (), {}, NOW)


@pytest.mark.parametrize(
    ("minutes", "before_start", "sent"),
    [
        (60, timedelta(hours=1), True),
        (60, timedelta(minutes=1), True),  # the bot was down: late, and of use
        (60, timedelta(0), False),
        (60, timedelta(minutes=-5), False),
        (1440, timedelta(hours=3), True),
        (1440, timedelta(hours=1), False),  # the next reminder is due as well, and says it better
    ],
)
def test_a_late_reminder_is_sent_only_if_it_still_makes_sense(
    minutes: int, before_start: timedelta, sent: bool
) -> None:
    assert makes_sense(minutes, (1440, 60), START, START - before_start) is sent


@pytest.mark.parametrize(
    ("local", "zone", "waking"),
    [
        ("2026-11-22 07:00", CHICAGO, "2026-11-22 07:00"),
        ("2026-11-22 21:59", CHICAGO, "2026-11-22 21:59"),
        ("2026-11-22 22:00", CHICAGO, "2026-11-23 07:00"),
        ("2026-11-23 00:30", CHICAGO, "2026-11-23 07:00"),
        ("2026-11-23 06:59", CHICAGO, "2026-11-23 07:00"),
        ("2026-12-31 23:00", BUDAPEST, "2027-01-01 07:00"),
        # The nights in which clocks change: one is an hour shorter, one an hour longer.
        ("2026-03-07 23:00", CHICAGO, "2026-03-08 07:00"),
        ("2026-03-08 01:30", CHICAGO, "2026-03-08 07:00"),
        ("2026-10-31 23:00", CHICAGO, "2026-11-01 07:00"),
        ("2026-11-01 01:30", CHICAGO, "2026-11-01 07:00"),
    ],
)
def test_nobody_is_written_to_at_night(local: str, zone: ZoneInfo, waking: str) -> None:
    asked, expected = (datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC) for text in (local, waking))
    assert waking_time(asked, zone) == expected


def test_a_direct_message_goes_by_the_members_zone_then_the_servers_then_the_events() -> None:
    noon_there = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)  # 5 in Chicago, 12 in Budapest, 20 in Tokyo
    nowhere = Server(1, None, None, 2, None, None, "en-US")
    assert [
        direct_at("Europe/Budapest", SERVER, event(), noon_there),
        direct_at(None, SERVER, event(), noon_there),
        direct_at(None, nowhere, event(timezone="Asia/Tokyo"), noon_there),
    ] == [noon_there, datetime(2026, 11, 22, 13, 0, tzinfo=UTC), noon_there]


def test_what_would_wait_for_the_morning_until_after_the_start_is_dropped() -> None:
    night = START.replace(hour=5)  # 23:00 in Chicago
    assert direct_at(None, SERVER, event(starts_at=night + 2 * HOUR, ends_at=END + DAY), night) is None
