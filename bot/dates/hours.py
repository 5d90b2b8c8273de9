"""Times of day in a text, and the words for the days that remain around them (pure)."""

import re
from dataclasses import dataclass
from itertools import product

NOON = 12 * 60
MIDNIGHT = 24 * 60

_HALF = r"[ap]\.?m\b\.?"
_CLOCK = re.compile(
    rf"""(?<![\w:./]) (?:
        (?P<hour>\d{{1,2}}) : (?P<minute>\d\d) (?: :00)? (?: \s?(?P<half>{_HALF}))? (?![\w:])
      | (?P<hour12>\d{{1,2}}) (?: \.(?P<minute12>\d\d))? \s?(?P<half12>{_HALF}) (?!\w)
      # The 3 of "3-5pm"; a date such as 2026-12-05 is not the beginning of that.
      | (?<!-) (?P<bare>\d{{1,2}}) (?= \s?(?: - | (?:to|until|till)\b)\s?\d{{1,2}}(?: [:.]\d\d)?\s?{_HALF})
      | (?P<word>noon|midday|midnight)\b
    )""",
    re.VERBOSE,
)
_SEPARATOR = re.compile(r"^ ?-|- ?$| - |\b(?:to|until|till)\b")


@dataclass(frozen=True, slots=True)
class Typed:
    """The pieces of a text: words for the days ("" where none), and one or two times of day."""

    start_day: str
    end_day: str
    times: tuple[re.Match[str], ...]


def split(plain: str) -> Typed | None:
    """Take a text (lower case, simple dashes, single spaces) apart; None if it is no day and no span."""
    times = tuple(_CLOCK.finditer(plain))
    if len(times) > 2:
        return None
    if len(times) < 2:
        return Typed(_trim(_CLOCK.sub(" ", plain)), "", times)
    before, after = plain[: times[0].start()], plain[times[1].end() :]
    between = _SEPARATOR.split(plain[times[0].end() : times[1].start()])
    if len(between) != 2:
        return None
    left, right = _trim(before + between[0]), _trim(between[1] + after)
    if not left and not between[1].strip():
        left, right = right, ""  # "19:00-21:00 2026-12-05": the day of both
    return Typed(left, right, times)


def length(start: int, end: int) -> int:
    """Minutes from one time of day to the other, which is on the next day if it is earlier."""
    return end - start if end >= start else end + MIDNIGHT - start


def minutes(typed: Typed) -> tuple[int, ...]:
    """The minutes after midnight of the one or two times typed; nothing if one of them is impossible."""
    halves = not typed.end_day and any(match["half"] or match["half12"] for match in typed.times)
    options = [_minutes(match, halves) for match in typed.times]
    # "11-1pm" and "10pm-2:30" name one half of the day only: the shorter span is meant.
    return min(product(*options), key=lambda times: length(times[0], times[-1]), default=())


def _trim(words: str) -> str:
    return " ".join(words.split()).strip(" -")


def _minutes(match: re.Match[str], halves: bool) -> list[int]:
    """The minutes after midnight a time can mean; with `halves`, 3:30 without am or pm can mean two."""
    if word := match["word"]:
        return [MIDNIGHT if word == "midnight" else NOON]
    typed = match["hour"] or match["hour12"] or match["bare"]
    hour, minute = int(typed), int(match["minute"] or match["minute12"] or 0)
    half = match["half"] or match["half12"]
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        return []
    morning = hour % 12 * 60 + minute
    if half:
        return [morning + (NOON if half[0] == "p" else 0)] if 1 <= hour <= 12 else []
    if halves and 1 <= hour <= 12 and not typed.startswith("0"):
        return [morning, morning + NOON]
    return [] if match["bare"] else [hour * 60 + minute]
