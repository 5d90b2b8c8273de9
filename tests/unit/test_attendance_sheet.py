"""The sheet of answers opens as a table, and nothing that people typed is calculated in it."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.attendance import Attendee, AttendeeList
from bot.events.attendance_sheet import attendance_sheet, safe_cell, separator
from bot.events.rsvp import Standing
from bot.plain_text import visible
from bot.texts import texts

START = datetime(2026, 12, 6, 1, tzinfo=UTC)
ROLES = {"driver": "Driver"}
BEGINS = tuple("=+-@＝＋－＠\t\r")  # what spreadsheets take for the beginning of a formula
ANYTHING = st.text(st.characters() | st.sampled_from("=+-@＝＋－＠\t\r\n;,|'\" "), max_size=60)
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "  =1+1",
    "\u200b=1+1",
    "'=1+1",
    "''=1+1",
    "x\n=1+1",
    "x;=1+1",
    "x, -1+1",
    'x"=1+1',
    'x"";"=1+1',
    "x\u2028=1+1",
    '=HYPERLINK("https://example.org";"press")',
    "=cmd|' /C calc'!A0",
    "\x00=1",
]
HEADS = ["Name", "User", "Answer", "Guests", "Volunteer role", "Note", "Place in line"]
HEADS += ["Answered", "Answered (UTC)", "Checked in", "Checked in (UTC)"]


def event_with(*attendees: Attendee) -> AttendeeList:
    return AttendeeList(7, "Evening", START, "America/Chicago", 20, True, attendees)


def one_who(name: str = "Alice", note: str = "") -> Attendee:
    answered = datetime(2026, 11, 22, 16, 0, 0, 999, tzinfo=UTC)
    return Attendee(1000000000000000007, name, Standing.GOING, 0, None, note, 0, answered, None)


def cells(content: bytes, delimiter: str = ",") -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def as_typed(cell: str) -> str:
    """A cell without the apostrophes that keep it text."""
    return re.sub(r"((?:^|[;,|\t\n\"])[^\S\n]*)'('*[=+\-@＝＋－＠])", r"\1\2", cell)


def shown(typed: str) -> str:
    """Words as the card shows them, line by line."""
    return "\n".join(map(visible, typed.splitlines())).strip()


def test_a_sheet_has_everything_that_an_organiser_needs() -> None:
    answered, came = datetime(2026, 11, 1, 4, 30, tzinfo=UTC), datetime(2026, 12, 6, 1, 5, 9, 5, tzinfo=UTC)
    alice = Attendee(1000000000000000007, "Alice", Standing.GOING, 2, "driver", "No nuts,\nplease", 0, answered, came)
    bob = Attendee(1000000000000000008, 'Bob "B"', Standing.WAITING, 0, None, "", 3, answered, None)
    content = attendance_sheet(event_with(alice, bob), ROLES, texts("en-US"))
    here = ["2026-12-05T19:05:09-06:00", "2026-12-06T01:05:09Z"]
    assert content.startswith(b'\xef\xbb\xbf"Name","User",')
    when = ["2026-10-31T23:30:00-05:00", "2026-11-01T04:30:00Z"]
    assert cells(content) == [
        HEADS,
        ["Alice", "<@1000000000000000007>", "Going", "2", "Driver", "No nuts,\nplease", "", *when, *here],
        ['Bob "B"', "<@1000000000000000008>", "Waiting", "0", "", "", "3", *when, "", ""],
    ]


def test_an_empty_sheet_has_its_heads() -> None:
    assert cells(attendance_sheet(event_with(), ROLES, texts("en-US"))) == [HEADS]


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en-US", ","), ("en-GB", ","), ("ja", ","), ("de", ";"), ("hu", ";"), ("pt-BR", ";"), ("fr", ";"), ("xx", ",")],
)
def test_cells_are_apart_as_spreadsheets_in_the_readers_language_expect(locale: str, expected: str) -> None:
    assert separator(locale) == expected
    assert len(cells(attendance_sheet(event_with(one_who("A, B; C")), ROLES, texts(locale)), expected)[1]) == 11


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_formula_reaches_a_spreadsheet(typed: str) -> None:
    assert_stays_text(typed)
    assert safe_cell(typed) != shown(typed)  # each of these would have been one


@given(ANYTHING)
def test_anything_that_can_be_typed_stays_text(typed: str) -> None:
    assert_stays_text(typed)


def assert_stays_text(typed: str) -> None:
    """Read as it is written it is what was typed; taken apart at another separator, no piece is a formula."""
    content = attendance_sheet(event_with(one_who(typed, typed)), ROLES, texts("en-US"))
    [_, row] = cells(content)
    assert [as_typed(row[at]) for at in (0, 5)] == [shown(typed)] * 2
    assert len(row) == 11
    assert [cell for cell in row if cell.startswith(BEGINS)] == []
    pieces = re.split(r'[;,|\t\r\n"]', content.decode("utf-8-sig"))
    assert [piece for piece in pieces if piece.strip(" ").startswith(BEGINS)] == []


def test_words_that_are_no_formula_are_left_alone() -> None:
    for words in ("O'Neil", "'tis me", "half-past 7", "a@example.org", "1+1=2", 'Tea & cake; "fine"', "日本 - 東京"):
        assert safe_cell(words) == words
