"""Dates and times as people type them, read from Sunday 2026-11-22 10:00 in Chicago unless said otherwise."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.dates.when import AmbiguousDate, When, parse_when
from bot.errors import BadInput

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=CHICAGO).astimezone(UTC)
EXAMPLES = "**2026-12-06 19:00** or **6 December 2026, 7pm to 9pm**"
UNREADABLE = f"I cannot read that as a day and a time. Type it like {EXAMPLES}."
NO_TIME = f"At what time? Type the day and the time, like {EXAMPLES}."
NO_DAY = f"On which day? Type the day and the time, like {EXAMPLES}."


def at(text: str, zone: ZoneInfo = CHICAGO) -> datetime:
    """The UTC instant of an ISO wall time."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def refusal(text: str) -> str:
    """The sentence with which a text is refused."""
    with pytest.raises(BadInput) as caught:
        parse_when(text, CHICAGO, NOW)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-12-05 19:00", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("2026-12-05 19:00-21:00", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("2026-12-05 19:00 – 20:30", "2026-12-05 19:00", "2026-12-05 20:30"),
        ("2026-12-05 19:00—20:30", "2026-12-05 19:00", "2026-12-05 20:30"),
        ("2026-12-05 19:00 until 20:30", "2026-12-05 19:00", "2026-12-05 20:30"),
        ("2026-12-05T19:00", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("2026-12-05t19:00:00", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("  2026-12-5   7PM  ", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("2026/12/05 6pm", "2026-12-05 18:00", "2026-12-05 20:00"),
        ("2026. 12. 05. 18:00", "2026-12-05 18:00", "2026-12-05 20:00"),
        ("2026-12-05-7pm", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("2026-12-05 22:00-01:00", "2026-12-05 22:00", "2026-12-06 01:00"),
        ("2026-12-05 20:00-24:00", "2026-12-05 20:00", "2026-12-06 00:00"),
        ("2026-12-05 00:00-24:00", "2026-12-05 00:00", "2026-12-06 00:00"),
        ("2026-12-05 10:00 - 2026-12-06 16:00", "2026-12-05 10:00", "2026-12-06 16:00"),
        ("2026-12-05 10:00-2026-12-06 16:00", "2026-12-05 10:00", "2026-12-06 16:00"),
        ("2026-12-05 10:00 to 2026-12-19 10:00", "2026-12-05 10:00", "2026-12-19 10:00"),
        ("19:00-21:00 2026-12-05", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("19:00 2026-12-05 until 21:30", "2026-12-05 19:00", "2026-12-05 21:30"),
        ("２０２６-１２-０５ １９:００", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("٢٠٢٦-١٢-٠٥ ١٩:٠٠", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("5 December 2026 7pm", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("5 December 7pm", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("Dec 5 7:30pm to 9pm", "2026-12-05 19:30", "2026-12-05 21:00"),
        ("Dec. 5, 2026, from 7 p.m. till 9 P.M.", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("the 5th of december at 7.30pm", "2026-12-05 19:30", "2026-12-05 21:30"),
        ("december 5th noon", "2026-12-05 12:00", "2026-12-05 14:00"),
        ("dec 5 noon until 3 pm", "2026-12-05 12:00", "2026-12-05 15:00"),
        ("dec 5 12pm", "2026-12-05 12:00", "2026-12-05 14:00"),
        ("dec 5 12am", "2026-12-05 00:00", "2026-12-05 02:00"),
        ("dec 5 8pm until midnight", "2026-12-05 20:00", "2026-12-06 00:00"),
        ("5dec 7pm", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("5/Dec/2026 19:00", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("5 Dec - 7pm", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("Sat. 5 Dec @ 7pm", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("Saturday, 5 December 2026, 19:00", "2026-12-05 19:00", "2026-12-05 21:00"),
        ("9am-5pm dec 5", "2026-12-05 09:00", "2026-12-05 17:00"),
        ("dec 5 3-5pm", "2026-12-05 15:00", "2026-12-05 17:00"),
        ("5 nov 7pm", "2027-11-05 19:00", "2027-11-05 21:00"),
        ("22 november 18:00", "2026-11-22 18:00", "2026-11-22 20:00"),
        ("29 feb 7pm", "2028-02-29 19:00", "2028-02-29 21:00"),
        ("31 dec 20:00 - 1 jan 02:00", "2026-12-31 20:00", "2027-01-01 02:00"),
        ("2027-01-05 10:00 - 6 jan 16:00", "2027-01-05 10:00", "2027-01-06 16:00"),
        ("13/12/2026 18:00", "2026-12-13 18:00", "2026-12-13 20:00"),
        ("12/13/2026 18:00", "2026-12-13 18:00", "2026-12-13 20:00"),
        ("13-12-2026 18:00", "2026-12-13 18:00", "2026-12-13 20:00"),
        ("13.12. 18:00", "2026-12-13 18:00", "2026-12-13 20:00"),
        ("13. 12. 2026 18:00", "2026-12-13 18:00", "2026-12-13 20:00"),
        ("12/12/2026 18:00", "2026-12-12 18:00", "2026-12-12 20:00"),
        ("sat 05/12/2026 18:00", "2026-12-05 18:00", "2026-12-05 20:00"),
        ("7pm next friday", "2026-11-27 19:00", "2026-11-27 21:00"),
        ("7pm next friday until 9:30pm", "2026-11-27 19:00", "2026-11-27 21:30"),
        ("next sunday 18:00", "2026-11-29 18:00", "2026-11-29 20:00"),
        ("next monday 18:00", "2026-11-23 18:00", "2026-11-23 20:00"),
        ("this friday 18:00", "2026-11-27 18:00", "2026-11-27 20:00"),
        ("sunday 18:00", "2026-11-22 18:00", "2026-11-22 20:00"),
        ("sunday 10:01", "2026-11-22 10:01", "2026-11-22 12:01"),
        ("sunday 10:00", "2026-11-29 10:00", "2026-11-29 12:00"),
        ("sunday 9:00", "2026-11-29 09:00", "2026-11-29 11:00"),
        ("saturday 3pm-5pm", "2026-11-28 15:00", "2026-11-28 17:00"),
        ("saturday 3-5pm", "2026-11-28 15:00", "2026-11-28 17:00"),
        ("saturday 11-1pm", "2026-11-28 11:00", "2026-11-28 13:00"),
        ("saturday 10 to 12pm", "2026-11-28 10:00", "2026-11-28 12:00"),
        ("sat 9-12am", "2026-11-28 21:00", "2026-11-29 00:00"),
        ("sat 7:30-9pm", "2026-11-28 19:30", "2026-11-28 21:00"),
        ("sat 10pm-2:30", "2026-11-28 22:00", "2026-11-29 02:30"),
        ("sat 10pm-09:00", "2026-11-28 22:00", "2026-11-29 09:00"),
        ("sat 7pm-08:00", "2026-11-28 19:00", "2026-11-29 08:00"),
        ("friday 7pm to sunday 3pm", "2026-11-27 19:00", "2026-11-29 15:00"),
        ("friday 7pm to sunday 9:30", "2026-11-27 19:00", "2026-11-29 09:30"),
        ("tomorrow 18:00", "2026-11-23 18:00", "2026-11-23 20:00"),
        ("18:00 tomorrow", "2026-11-23 18:00", "2026-11-23 20:00"),
        ("today 18:00-19:15", "2026-11-22 18:00", "2026-11-22 19:15"),
        ("tonight 8pm", "2026-11-22 20:00", "2026-11-22 22:00"),
        ("the day after tomorrow at 7pm", "2026-11-24 19:00", "2026-11-24 21:00"),
        ("in 3 days 18:00", "2026-11-25 18:00", "2026-11-25 20:00"),
        ("in a week 7pm", "2026-11-29 19:00", "2026-11-29 21:00"),
        ("in two weeks, 7pm", "2026-12-06 19:00", "2026-12-06 21:00"),
        ("in 1 month 7pm", "2026-12-22 19:00", "2026-12-22 21:00"),
    ],
)
def test_what_people_type_is_understood(text: str, start: str, end: str) -> None:
    assert parse_when(text, CHICAGO, NOW) == When(at(start), at(end))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", NO_TIME),
        ("asdf", NO_TIME),
        ("12", NO_TIME),
        ("next monday", NO_TIME),
        ("5 december 2026", NO_TIME),
        ("saturday at 7", NO_TIME),
        ("in 2 hours", NO_TIME),
        ("5 dec 19-21", NO_TIME),
        ("03/04", NO_TIME),
        ("19:00", NO_DAY),
        ("7pm-9pm", NO_DAY),
        ("7pm until saturday 9pm", NO_DAY),
        ("2026-02-30 10:00", UNREADABLE),
        ("30 february 10:00", UNREADABLE),
        ("2026-12-05 25:00", UNREADABLE),
        ("2026-12-05 24:30", UNREADABLE),
        ("2026-12-05 19:60", UNREADABLE),
        ("2026-12-05 13pm", UNREADABLE),
        ("2026-12-05 0am", UNREADABLE),
        ("9999-12-31 23:59", UNREADABLE),
        ("0001-01-01 00:00", UNREADABLE),
        ("next week 7pm", UNREADABLE),
        ("friday next week 7pm", UNREADABLE),
        ("friday saturday 7pm", UNREADABLE),
        ("tonight 7:30", UNREADABLE),
        ("dec 7pm", UNREADABLE),
        ("dec 5 - 7pm", UNREADABLE),
        ("5-6 december 10:00", UNREADABLE),
        ("5.12.26 19:00", UNREADABLE),
        ("5 dec 26 19:00", UNREADABLE),
        ("12 19:00", UNREADABLE),
        ("7pm 9pm saturday", UNREADABLE),
        ("saturday 7pm 8pm 9pm", UNREADABLE),
        ("sat 7pm - dec 5 8pm - 9pm", UNREADABLE),
        ("christmas 7pm", UNREADABLE),
        ("3 - 5pm dec 5 to dec 6", UNREADABLE),
    ],
)
def test_what_cannot_be_read_is_refused_with_examples(text: str, sentence: str) -> None:
    assert refusal(text) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "today 9:00",
            "That moment is past: I understood **Sunday, 22 November 2026, 09:00** (America/Chicago). "
            "Type a later one, like **2026-12-06 19:00**.",
        ),
        (
            "2026-11-22 10:00",
            "That moment is past: I understood **Sunday, 22 November 2026, 10:00** (America/Chicago). "
            "Type a later one, like **2026-12-06 19:00**.",
        ),
        (
            "2028-11-22 10:01",
            "That is more than two years ahead: I understood **Wednesday, 22 November 2028, 10:01** "
            "(America/Chicago). Type a nearer day.",
        ),
        (
            "2026-12-05 10:00 - 2026-12-19 10:01",
            "That lasts longer than 14 days: I understood **Saturday, 5 December 2026, 10:00** until "
            "**Saturday, 19 December 2026, 10:01**.",
        ),
        (
            "2026-12-05 10:00 - 2026-12-04 16:00",
            "The end must come after the start: I understood **Saturday, 5 December 2026, 10:00** until "
            "**Friday, 4 December 2026, 16:00**.",
        ),
        (
            "2026-12-05 19:00-19:00",
            "The end must come after the start: I understood **Saturday, 5 December 2026, 19:00** until "
            "**Saturday, 5 December 2026, 19:00**.",
        ),
        (
            "monday 5 december 2026 7pm",
            "The day does not fit: **Saturday, 5 December 2026** is not a Monday. "
            "Correct the day or leave its name out.",
        ),
        (
            "saturday midnight",
            "Midnight could be the beginning or the end of that day. "
            "Type 00:00 with the day that begins then, like **2026-12-06 00:00**.",
        ),
        (
            "friday 7pm until saturday midnight",
            "Midnight could be the beginning or the end of that day. "
            "Type 00:00 with the day that begins then, like **2026-12-06 00:00**.",
        ),
    ],
)
def test_an_impossible_moment_is_refused_showing_what_was_understood(text: str, sentence: str) -> None:
    assert refusal(text) == sentence


def test_two_years_ahead_to_the_minute_is_allowed() -> None:
    assert parse_when("2028-11-22 10:00", CHICAGO, NOW).start == at("2028-11-22 10:00")


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-05T19:00Z",
        "2026-12-05T19:00+01:00",
        "2026-12-05T19:00:00-05:00",
        "2026-12-05 19:00 EST",
        "7pm UTC+2 5 december",
        "5 december 7pm Asia/Tokyo",
    ],
)
def test_a_zone_in_the_text_is_refused_not_ignored(text: str) -> None:
    assert refusal(text) == (
        "Times are read in America/Chicago. Type the day and the time without a zone or an offset, "
        "like **2026-12-06 19:00**."
    )


@pytest.mark.parametrize(
    ("text", "day_first", "month_first", "sentence"),
    [
        (
            "03/04/2026 19:00",
            "2026-04-03 19:00",
            "2026-03-04 19:00",
            "That date can be read in two ways: **Friday, 3 April 2026, 19:00** or "
            "**Wednesday, 4 March 2026, 19:00**. Type it like **2026-04-03 19:00**, or write the month's name.",
        ),
        (
            "3.4. 7pm",
            "2027-04-03 19:00",
            "2027-03-04 19:00",
            "That date can be read in two ways: **Saturday, 3 April 2027, 19:00** or "
            "**Thursday, 4 March 2027, 19:00**. Type it like **2027-04-03 19:00**, or write the month's name.",
        ),
        (
            "2026-12-30 10:00 - 01/02/2027 16:00",
            "2027-02-01 16:00",
            "2027-01-02 16:00",
            "That date can be read in two ways: **Monday, 1 February 2027, 16:00** or "
            "**Saturday, 2 January 2027, 16:00**. Type it like **2027-02-01 16:00**, or write the month's name.",
        ),
    ],
)
def test_day_and_month_that_can_be_swapped_are_asked_about(
    text: str, day_first: str, month_first: str, sentence: str
) -> None:
    with pytest.raises(AmbiguousDate) as caught:
        parse_when(text, CHICAGO, NOW)
    assert caught.value.readings == (at(day_first), at(month_first))
    assert str(caught.value) == sentence
    assert [reading.tzinfo for reading in caught.value.readings] == [CHICAGO, CHICAGO]


def test_today_is_the_day_in_the_zone_of_the_text() -> None:
    kiritimati = ZoneInfo("Pacific/Kiritimati")  # Monday 06:00 there
    assert parse_when("today 18:00", kiritimati, NOW).start == at("2026-11-23 18:00", kiritimati)
    assert parse_when("sunday 18:00", kiritimati, NOW).start == at("2026-11-29 18:00", kiritimati)


def test_the_default_length_is_the_callers() -> None:
    found = parse_when("2026-12-05 19:00", CHICAGO, NOW, default_length=timedelta(minutes=45))
    assert found.end == at("2026-12-05 19:45")


@given(days=st.integers(1, 730), unit=st.sampled_from(["day", "week"]))
def test_counted_days_and_weeks_are_counted(days: int, unit: str) -> None:
    whole = timedelta(days=days * (7 if unit == "week" else 1))
    assume(whole <= timedelta(days=730) and days < 1000)
    day = (datetime(2026, 11, 22, tzinfo=UTC) + whole).date()
    assert parse_when(f"in {days} {unit}s 19:00", CHICAGO, NOW).start == at(f"{day} 19:00")


PIECES = (
    "5 05 12 13 31 2026 2027 2026-12-05 3/4 13/12/2026 3.4. 19:00 7pm 7:30 7 - – to until dec december "
    "5th fri friday next this today tonight tomorrow in 3 days noon midnight 24:00 . / : am t"
)
WORDS = st.lists(st.sampled_from(PIECES.split()), max_size=8)


@given(text=WORDS.flatmap(lambda words: st.sampled_from([" ".join(words), "".join(words)])))
@example(text="24:00 2027-12-31")
def test_any_mixture_of_words_is_a_future_span_or_refused(text: str) -> None:
    try:
        found = parse_when(text, CHICAGO, NOW)
    except BadInput as error:
        assert str(error)
    else:
        assert NOW < found.start < found.end <= found.start + timedelta(days=14)


@given(text=st.text(max_size=220))
def test_any_text_at_all_is_a_span_or_refused(text: str) -> None:
    try:
        parse_when(text, CHICAGO, NOW)
    except BadInput as error:
        assert str(error)


@pytest.mark.parametrize("piece", ["1", " ", "-", "1 ", "7pm ", "- ", "a.", "1:", "to ", "ﷺ", "3 - 5pm ", ". "])
def test_long_input_is_refused_at_once(piece: str) -> None:
    started = time.perf_counter()
    assert refusal((piece * 10_000)[:10_000]) == (
        f"That is too long for a date. Type only the day and the time, like {EXAMPLES}."
    )
    with pytest.raises(BadInput):
        parse_when((piece * 200)[:200], CHICAGO, NOW)
    assert time.perf_counter() - started < 1


def test_dateparser_is_loaded_only_for_words_that_count_from_today() -> None:
    program = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from bot.dates.when import parse_when, zone\n"
        "now = datetime(2026, 11, 22, tzinfo=UTC)\n"
        "for text in ('2026-12-05 19:00', 'friday 7pm', 'in 3 days 7pm'):\n"
        "    parse_when(text, zone('UTC'), now)\n"
        "    print('dateparser' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False", "True"]
