"""The answers to an event as a table for a spreadsheet (pure).

What people wrote must stay text there: a cell that a spreadsheet would calculate gets an apostrophe before it, as does
a place inside a cell that would begin one if the file were taken apart at another separator than ours.
"""

import csv
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.dates.clocks import zone_of
from bot.events.attendance import Attendee, AttendeeList
from bot.events.rsvp import Standing
from bot.plain_text import visible
from bot.texts import Texts

# Where a cell begins or could begin, apostrophes that are there, and what makes it a formula: ASCII or full width.
FORMULA = re.compile(r"((?:^|[;,|\t\r\n\"])[^\S\r\n]*)('*[=+\-@＝＋－＠])")


def attendance_sheet(event: AttendeeList, roles: Mapping[str, str], t: Texts) -> bytes:
    """The table as a CSV file in UTF-8 with a mark that says so; `roles` are the names of the volunteer roles.

    Cells are kept apart by a semicolon where the reader's language writes 1,5 for one and a half: there spreadsheets
    take a comma for part of a number.
    """
    zone, words = zone_of(event.timezone), standing_words(t)
    heads = [t("Name"), t("User"), t("Answer"), t("Guests"), t("Volunteer role"), t("Note"), t("Place in line")]
    heads += [t("Answered"), t("Answered (UTC)"), t("Checked in"), t("Checked in (UTC)")]
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=separator(t.locale), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    for attendee in event.attendees:
        writer.writerow(_row(attendee, words, roles, zone))
    return table.getvalue().encode("utf-8-sig")


def standing_words(t: Texts) -> dict[Standing, str]:
    """What each standing is called in lists."""
    return {
        Standing.GOING: t("Going"),
        Standing.OFFERED: t("Offered a seat"),
        Standing.WAITING: t("Waiting"),
        Standing.MAYBE: t("Maybe"),
        Standing.NO: t("Can't go"),
    }


def separator(locale: str) -> str:
    """What spreadsheets in this language expect between cells."""
    from babel import UnknownLocaleError
    from babel.numbers import get_decimal_symbol

    try:
        return ";" if get_decimal_symbol(locale.replace("-", "_")) == "," else ","
    except (UnknownLocaleError, ValueError):
        return ","


def safe_cell(text: str) -> str:
    """Somebody's words, line by line, as a cell that no spreadsheet calculates."""
    text = "\n".join(map(visible, text.splitlines())).strip()
    return FORMULA.sub(r"\1'\2", text)


def _row(attendee: Attendee, words: Mapping[Standing, str], roles: Mapping[str, str], zone: ZoneInfo) -> list[str]:
    role = attendee.volunteer
    return [
        safe_cell(attendee.name),
        f"<@{attendee.user_id}>",  # a bare id would become a number, and lose its last digits
        words[attendee.standing],
        str(attendee.guests),
        roles.get(role, role) if role else "",
        safe_cell(attendee.note),
        str(attendee.place or ""),
        *_times(attendee.answered_at, zone),
        *_times(attendee.checked_in_at, zone),
    ]


def _times(moment: datetime | None, zone: ZoneInfo) -> tuple[str, str]:
    """An instant in the event's zone and in UTC, as ISO 8601."""
    if moment is None:
        return "", ""
    moment = moment.replace(microsecond=0)
    return moment.astimezone(zone).isoformat(), f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
