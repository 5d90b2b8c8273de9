"""Days as people name them in English, and moments spelled out (pure)."""

import re
from datetime import date, datetime, time, timedelta

from bot.errors import BadInput

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHORT_WEEKDAYS = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
WEEKDAY_OF = _SHORT_WEEKDAYS | {form: n for n, name in enumerate(WEEKDAYS) for form in (name.lower(), name[:3].lower())}
_MONTH_OF = {"sept": 9} | {form: n for n, name in enumerate(MONTHS, 1) for form in (name.lower(), name[:3].lower())}

_BETWEEN = r"(?:[-/]|\.\s?)"
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_BETWEEN}(\d\d?){_BETWEEN}(\d\d?)\.?")
_YEAR_LAST = re.compile(rf"(\d\d?){_BETWEEN}(\d\d?){_BETWEEN}(\d{{4}})")
_NO_YEAR = re.compile(r"(\d\d?)(?:/|\.\s?)(\d\d?)\.?()")
_TOKEN = re.compile(r"\d+|[^\W\d_]+|\S")
_DECORATION = (".", "-", "/", "st", "nd", "rd", "th")
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_RELATIVE = re.compile(rf"today|tonight|tomorrow|(?:in )?day after tomorrow|in {_COUNT} (?:day|week|month)s?", re.ASCII)


def spoken(moment: datetime) -> str:
    """A moment in English words, in the zone it carries: `Saturday, 5 December 2026, 19:00`."""
    return f"{spoken_day(moment.date())}, {moment:%H:%M}"


def spoken_day(day: date) -> str:
    """A day in English words: `Saturday, 5 December 2026`."""
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def possible_days(words: str, today: date, first: date) -> list[date]:
    """The days that lower-case words can mean: none, one, or two where day and month can be swapped.

    "Tomorrow" counts from `today`; a weekday or a day without a year is the next one from `first` on.
    Raises BadInput where a weekday is named and the date falls on another.
    """
    named = {WEEKDAY_OF[word] for word in words.split() if word in WEEKDAY_OF}
    rest = " ".join(word for word in words.split() if word not in WEEKDAY_OF)
    if not named:
        return _dates(rest, today, first)
    if len(named) > 1:
        return []
    weekday = named.pop()
    if rest in ("", "this", "coming", "this coming"):
        return [first + timedelta(days=(weekday - first.weekday()) % 7)]
    if rest == "next":
        return [first + timedelta(days=(weekday - first.weekday() - 1) % 7 + 1)]
    days = _dates(rest, today, first)
    fitting = [day for day in days if day.weekday() == weekday]
    if days and not fitting:
        raise BadInput(
            "The day does not fit: **{understood}** is not a {named}. Correct the day or leave its name out.",
            understood=spoken_day(days[0]),
            named=WEEKDAYS[weekday],
        )
    return fitting


def _dates(words: str, today: date, first: date) -> list[date]:
    found = [*_numeric(words, first), _with_month_name(words, first), _relative(words, today)]
    return list(dict.fromkeys(day for day in found if day))


def _numeric(words: str, first: date) -> list[date | None]:
    if match := _YEAR_FIRST.fullmatch(words):
        return [_day(*map(int, match.groups()))]
    if match := _YEAR_LAST.fullmatch(words) or _NO_YEAR.fullmatch(words):
        one, other, year = match.groups()
        return [_next_day(year, int(other), int(one), first), _next_day(year, int(one), int(other), first)]
    return []


def _with_month_name(words: str, first: date) -> date | None:
    """A month's name, a day and perhaps a year of four digits, in any order, and nothing else."""
    tokens = [token for token in _TOKEN.findall(words) if token not in _DECORATION]
    months = [_MONTH_OF[token] for token in tokens if token in _MONTH_OF]
    days = [int(token) for token in tokens if token.isdecimal() and len(token) <= 2]
    years = [token for token in tokens if token.isdecimal() and len(token) == 4]
    if (len(months), len(days)) != (1, 1) or len(tokens) != 2 + len(years) or len(years) > 1:
        return None
    return _next_day("".join(years), months[0], days[0], first)


def _relative(words: str, today: date) -> date | None:
    """Words that count from today; only known phrases, since dateparser guesses at anything."""
    if not _RELATIVE.fullmatch(words):
        return None
    import dateparser

    found: datetime | None = dateparser.parse(
        words,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(today, time(12)),
            "PREFER_DATES_FROM": "future",
            "DATE_ORDER": "YMD",
        },
    )
    return found.date() if found else None


def _next_day(year: str, month: int, day: int, first: date) -> date | None:
    """The day in that year; without one, the next such day from `first` on (29 February takes a while)."""
    if year:
        return _day(int(year), month, day)
    days = (_day(first.year + ahead, month, day) for ahead in range(9))
    return next((found for found in days if found and found >= first), None)


def _day(year: int, month: int, day: int) -> date | None:
    """The date, if there is one; years far from ours would overflow a zone's arithmetic."""
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None
