"""What an organiser types and chooses about an event, read and checked (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dates.when import When, parse_when
from bot.errors import BadInput, BotError
from bot.events.languages import language_code

LONGEST = {"title": 100, "when": 200, "where": 200, "description": 1500, "capacity": 10}
LONGEST_SECOND = {"title": 100, "description": 1500}
MOST_SEATS = 100_000
MOST_VOLUNTEERS = 99
MOST_REMINDERS = 5
FURTHEST_REMINDER = 28 * 24 * 60  # minutes
KINDS = ("meeting", "festival", "delegation", "trade_mission", "virtual_signing", "webinar")
VOLUNTEERS = ("host_family", "interpreter", "driver")

_MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_REMINDER = re.compile(r"(\d{1,5}) ?(m|h|d|w)[a-z]*")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the organiser typed into the form, as it was typed."""

    title: str
    when: str
    where: str
    description: str
    capacity: str


EMPTY = Typed("", "", "", "", "")


def understood(typed: Typed, zone: ZoneInfo, now: datetime) -> tuple[When | None, int | None, BotError | None]:
    """The times and the capacity that were meant, or the first problem with them."""
    try:
        if not any(letter.isprintable() and not letter.isspace() for letter in typed.title):
            raise BadInput("The event needs a title.")
        return parse_when(typed.when, zone, now), seats(typed.capacity), None
    except BotError as problem:
        return None, None, problem


def seats(text: str) -> int | None:
    """The number of seats that was typed; an empty text is no limit. Raises BadInput."""
    text = text.strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= MOST_SEATS:
        raise BadInput(
            "“{text}” is not a number of seats. Type a whole number such as 20, or leave it empty for no limit.",
            text=text[:20],
        )
    return int(text)


def reminders(text: str) -> str:
    """Minutes before the start, the longest first, of a text such as `24h 1h` or `none`: "1440,60". Raises BadInput."""
    words = text.strip().casefold().replace(",", " ")
    if words in ("none", "no", "0", "-"):
        return ""
    found = [int(count) * _MINUTES[unit] for count, unit in _REMINDER.findall(words)]
    rest = _REMINDER.sub(" ", words).replace("and", " ").strip()
    if rest or not found or len(set(found)) > MOST_REMINDERS or not 5 <= min(found) <= max(found) <= FURTHEST_REMINDER:
        raise BadInput(
            "“{text}” are no reminders. Type how long before the start, such as **24h 1h** or **1 week**, at most five "
            "and at most four weeks; or **none**.",
            text=text.strip()[:50],
        )
    return ",".join(map(str, sorted(set(found), reverse=True)))


def volunteers(typed: Mapping[str, str]) -> str:
    """How many of each volunteer role are wanted, as it is stored: "interpreter:1 driver:2". Raises BadInput."""
    wanted = {role: typed.get(role, "").strip() for role in VOLUNTEERS}
    for text in wanted.values():
        if text and (not re.fullmatch(r"[0-9]{1,6}", text) or int(text) > MOST_VOLUNTEERS):
            raise BadInput(
                "“{text}” is not a number of volunteers. Type a whole number up to {most}, or leave it empty for none.",
                text=text[:20],
                most=MOST_VOLUNTEERS,
            )
    return " ".join(f"{role}:{int(text)}" for role, text in wanted.items() if text and int(text))


def second_code(language: str, title: str, description: str, locale: str) -> str | None:
    """The code of the second language, None where there is no title in one.

    It goes by its code, or its name in English, in itself or in the reader's `locale`. Raises BadInput.
    """
    if description and not title:
        raise BadInput("A description in a second language needs a title in that language too.")
    code = language_code(language, locale) if title else None
    if title and code is None:
        raise BadInput(
            "I do not know the language “{text}”. Type its name, such as **Hungarian**, or its code, such as **hu**.",
            text=language[:40],
        )
    return code
