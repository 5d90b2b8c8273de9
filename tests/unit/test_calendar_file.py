"""Files and links for calendars hold what was typed, whatever was typed, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.events.calendar_file import LONGEST_LINK, CalendarEntry, about, calendar_file, calendar_links, one_line
from tests.unit.calendar_reader import Component, read_calendar, text_of

NOW = datetime(2026, 11, 22, 16, 0, 0, 999, tzinfo=UTC)
CARD = "https://discord.com/channels/1000000000000000001/1000000000000000002/1000000000000000003"
ENTRY = CalendarEntry(
    7,
    1000000000000000001,
    "Cherry blossom evening",
    "Tea and koto music.",
    "Botanical Gardens",
    datetime(2026, 12, 6, 1, tzinfo=UTC),
    datetime(2026, 12, 6, 3, tzinfo=UTC),
    "America/Chicago",
    False,
    2,
    CARD,
)
ANYTHING = st.text(st.characters() | st.sampled_from("\r\n\\nN;,:=\"' \t\x85\u2028é日\U0001f1e6"), max_size=300)
HOSTILE = [
    "a\r\nBEGIN:VALARM\r\nEND:VALARM",
    "a\nBEGIN:VALARM\nACTION:AUDIO\nEND:VALARM",
    "a\rBEGIN:VALARM\rEND:VALARM",  # a lone CR ends a line for some readers
    "END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR",
    "a\x85BEGIN:VALARM\u2028END:VALARM\u2029\x0b\x0c\x1c",
    "C:\\New folder\\north, \\n; \\N \\; \\, \\\\",
    "日本語のとても長い説明" * 40,
    "é" * 37 + "日" * 37,
    "👨‍👩‍👧‍👦" * 30,
    "x" * 74 + "\\" * 9 + ";" * 9,
    "\x00\x07\x1b[31m\x7f",
    "\ud800 lone",
    " leading\r\n folded?",
    "=1+1\t\t",
]


def event_of(content: bytes) -> Component:
    calendar = read_calendar(content)
    assert (calendar.name, [(one.name, one.inside) for one in calendar.inside]) == ("VCALENDAR", [("VEVENT", [])])
    return calendar.inside[0]


def test_an_event_is_in_utc_with_a_lasting_id_and_the_way_back_to_its_card() -> None:
    content = calendar_file(ENTRY, NOW)
    assert read_calendar(content).properties == {
        "VERSION": "2.0",
        "PRODID": "-//Sister City Bot//Events//EN",
        "METHOD": "PUBLISH",
    }
    assert event_of(content).properties == {
        "UID": "event-7-1000000000000000001@sister-city-bot.invalid",
        "DTSTAMP": "20261122T160000Z",
        "DTSTART": "20261206T010000Z",
        "DTEND": "20261206T030000Z",
        "SEQUENCE": "2",
        "STATUS": "CONFIRMED",
        "SUMMARY": "Cherry blossom evening",
        "LOCATION": "Botanical Gardens",
        "DESCRIPTION": f"Tea and koto music.\\n\\n{CARD}",
        "URL": CARD,
    }


def test_whatever_is_edited_the_calendar_knows_the_event_again() -> None:
    edited = replace(
        ENTRY, title="Moved", starts_at=ENTRY.starts_at + timedelta(days=1), ends_at=ENTRY.ends_at + timedelta(days=1)
    )
    before, after = (event_of(calendar_file(one, NOW)).properties["UID"] for one in (ENTRY, edited))
    assert before == after
    others = [replace(ENTRY, id=8), replace(ENTRY, guild_id=2)]
    assert before not in [event_of(calendar_file(one, NOW)).properties["UID"] for one in others]


def test_a_cancelled_event_is_cancelled_in_the_calendar_too() -> None:
    content = calendar_file(replace(ENTRY, cancelled=True, sequence=3), NOW)
    event = event_of(content).properties
    assert read_calendar(content).properties["METHOD"] == "CANCEL"
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", "3")


def test_an_event_without_place_description_and_card_leaves_them_out() -> None:
    bare = replace(ENTRY, location="", description=" \n ", card_url=None)
    assert event_of(calendar_file(bare, NOW)).properties.keys().isdisjoint({"LOCATION", "DESCRIPTION", "URL"})


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_was_typed_stays_text(typed: str) -> None:
    assert_text_survives(typed)


@given(ANYTHING)
def test_anything_that_can_be_typed_stays_text(typed: str) -> None:
    assert_text_survives(typed)


def assert_text_survives(typed: str) -> None:
    """Two readers find one event, and in it the words that the card shows."""
    entry = replace(ENTRY, title=typed, location=typed, description=typed)
    content = calendar_file(entry, NOW)
    ours = event_of(content).properties
    found = tuple(text_of(ours.get(name, "")) for name in ("SUMMARY", "LOCATION", "DESCRIPTION"))
    assert found == (one_line(typed), one_line(typed), about(entry))
    assert len(ours) == 9 + bool(one_line(typed))
    theirs = Calendar.from_ical(content)
    assert [component.name for component in theirs.walk()] == ["VCALENDAR", "VEVENT"]
    [event] = theirs.walk("VEVENT")
    assert tuple(str(event.get(name, "")) for name in ("SUMMARY", "LOCATION", "DESCRIPTION")) == found


def test_lines_of_a_description_stay_lines() -> None:
    entry = replace(ENTRY, description="One\r\nTwo\rThree\n\nFour", card_url=None)
    assert about(entry) == "One\nTwo\nThree\n\nFour"


def test_links_fill_in_the_forms_of_four_calendars() -> None:
    google, outlook, office, yahoo = calendar_links(replace(ENTRY, title="Tea & cake + 10% = fun"))
    assert (google.calendar, asked(google.url)) == (
        "Google",
        (
            "https://calendar.google.com/calendar/render",
            {
                "action": "TEMPLATE",
                "dates": "20261206T010000Z/20261206T030000Z",
                "text": "Tea & cake + 10% = fun",
                "location": "Botanical Gardens",
                "details": f"{CARD}\n\nTea and koto music.",
            },
        ),
    )
    of_outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "startdt": "2026-12-06T01:00:00Z",
        "enddt": "2026-12-06T03:00:00Z",
        "subject": "Tea & cake + 10% = fun",
        "location": "Botanical Gardens",
        "body": f"{CARD}\n\nTea and koto music.",
    }
    assert (outlook.calendar, asked(outlook.url)) == (
        "Outlook.com",
        ("https://outlook.live.com/calendar/deeplink/compose", of_outlook),
    )
    assert (office.calendar, asked(office.url)) == (
        "Microsoft 365",
        ("https://outlook.office.com/calendar/deeplink/compose", of_outlook),
    )
    assert (yahoo.calendar, asked(yahoo.url)) == (
        "Yahoo",
        (
            "https://calendar.yahoo.com/",
            {
                "v": "60",
                "st": "20261206T010000Z",
                "et": "20261206T030000Z",
                "title": "Tea & cake + 10% = fun",
                "in_loc": "Botanical Gardens",
                "desc": f"{CARD}\n\nTea and koto music.",
            },
        ),
    )
    assert "+" not in google.url + outlook.url + office.url + yahoo.url  # some show it as it is


def asked(url: str) -> tuple[str, dict[str, str]]:
    """The page that an address opens, and what it is told."""
    parts = urlsplit(url)
    assert not parts.fragment
    return f"{parts.scheme}://{parts.netloc}{parts.path}", {
        name: value for name, [value] in parse_qs(parts.query, strict_parsing=True, errors="strict").items()
    }


@given(ANYTHING, ANYTHING, ANYTHING)
def test_links_fit_behind_buttons_and_keep_the_way_back(title: str, location: str, description: str) -> None:
    entry = replace(ENTRY, title=title, location=location, description=description)
    for _, url in calendar_links(entry):
        assert url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_LINK
        _, told = asked(url)
        assert CARD in told.values() or any(value.startswith(f"{CARD}\n\n") for value in told.values())


def test_long_texts_are_cut_in_links_the_description_first() -> None:
    entry = replace(ENTRY, title="日本語の題名" * 10, location="東京都" * 30, description="x " * 900)
    for _, url in calendar_links(entry):
        _, told = asked(url)
        title, location, details = list(told.values())[-3:]
        assert (title[:6], title[-1], location[:3], location[-1], details) == ("日本語の題名", "…", "東京都", "…", CARD)


def test_nothing_touches_the_way_back_where_little_of_the_description_fits() -> None:
    for length in range(330):  # of a place, so that what is left for the description takes every size
        entry = replace(ENTRY, location="x" * length, description="é" * 30)
        for _, url in calendar_links(entry):
            details = list(asked(url)[1].values())[-1]
            assert len(url) <= LONGEST_LINK
            assert details == CARD or details.startswith(f"{CARD}\n\né")
