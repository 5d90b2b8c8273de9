"""When something happens, as people type it: days, times and zones (pure; the clock is an argument)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.dates.day_words import in_english
from bot.dates.days import WEEKDAY_OF, possible_days, spoken
from bot.dates.hours import NOON, Typed, length, minutes, split
from bot.errors import BadInput

MOST_LETTERS = 200
LONGEST = timedelta(days=14)
FURTHEST = timedelta(days=731)
ISO = "%Y-%m-%d %H:%M"

_FILLER = re.compile(r"[,@\s]+|\b(?:at|from|of|on|the)\b")
_ZONED = re.compile(
    r"\b(?:utc|gmt|[ecmp][sd]t|ces?t|eest|bst|ist|jst)\b|[a-z]/[a-z]|\d(?:z\b|\+\d)"
    r"|t\d\d:\d\d(?::\d\d)?-(?:0\d|1[0-2]):?\d\d"
)


@dataclass(frozen=True, slots=True)
class When:
    """A span of time in aware UTC; `doubled` if a wall time typed occurs twice and the first is meant."""

    start: datetime
    end: datetime
    doubled: bool = False


class AmbiguousDate(BadInput):
    """Day and month can be swapped; `readings` are both moments, aware, in the zone of the text.

    `rewritten` is what was `typed` once for each reading, with an ISO date in the place of the ambiguous one.
    """

    def __init__(
        self,
        sentence: str,
        /,
        *,
        readings: tuple[datetime, datetime],
        typed: str,
        rewritten: tuple[str, str],
        **values: object,
    ) -> None:
        super().__init__(sentence, **values)
        self.readings, self.typed, self.rewritten = readings, typed, rewritten


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name such as `Europe/Budapest` (any case), or UTC; else BadInput."""
    known = _zones().get(name.strip().casefold().replace(" ", "_"))
    if known is None:
        raise BadInput(
            "I do not know that time zone. Type the name of an area and a city, such as **America/Chicago** "
            "or **Europe/Budapest**; short forms such as EST do not say when clocks change."
        )
    return ZoneInfo(known)


def parse_when(text: str, zone: ZoneInfo, now: datetime, *, default_length: timedelta = timedelta(hours=2)) -> When:
    """The span that a person in `zone` means, `now` being aware UTC; BadInput says what to type instead."""
    reader = _Reader(zone, now, text.strip())
    typed = split(reader.plain(text))
    if typed is None:
        raise reader.unreadable()
    times = reader.times(typed)
    start_wall = reader.moment(typed.start_day, reader.today, times[0], after=_until(typed, times))
    if typed.start_day in WEEKDAY_OF and start_wall.astimezone(UTC) <= now:
        start_wall += timedelta(days=7)  # it is that weekday today, and the time has gone by
    start = reader.instant(start_wall)
    reader.check_start(start)
    if len(times) == 1:
        return When(start, start + default_length, doubled=occurs_twice(start_wall))
    if typed.end_day:
        end_wall = reader.moment(typed.end_day, start_wall.date(), times[1], before=f"{start_wall:{ISO}} - ")
    else:
        end_wall = start_wall + timedelta(minutes=length(*times))
    end = reader.instant(end_wall)
    reader.check_end(start, end)
    return When(start, end, doubled=occurs_twice(start_wall) or occurs_twice(end_wall))


def _until(typed: Typed, times: tuple[int, ...]) -> str:
    """What was typed of the end, to stand behind an ISO date and time."""
    if len(times) == 1:
        return ""
    hour, minute = divmod(times[1], 60)
    return f" - {typed.end_day} {hour:02}:{minute:02}" if typed.end_day else f"-{hour:02}:{minute:02}"


def zone_names() -> list[str]:
    """The names that `zone` understands, sorted."""
    return sorted(_zones().values())


@cache
def _zones() -> dict[str, str]:
    """The names with an area and a city, by their casefolded form; fixed offsets (Etc/…) are left out."""
    names = {name for name in available_timezones() if "/" in name and not name.startswith("Etc/")}
    return {name.casefold(): name for name in names | {"UTC"}}


def _exists(wall: datetime) -> bool:
    """Whether clocks in the wall time's zone ever show it; the comparison is of wall times (same zone)."""
    return wall.astimezone(UTC).astimezone(wall.tzinfo) == wall


def occurs_twice(wall: datetime) -> bool:
    """Whether clocks in the wall time's zone show it twice."""
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


@dataclass(frozen=True, slots=True)
class _Reader:
    """One reading of a text: its zone and the moment it was typed, which every error sentence needs."""

    zone: ZoneInfo
    now: datetime
    text: str

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def examples(self) -> dict[str, str]:
        """Two texts that would be understood."""
        day = self.today + timedelta(days=14)
        words = spoken(datetime.combine(day, time(), self.zone)).split(", ")[1]
        return {"iso": f"{day.isoformat()} 19:00", "words": f"{words}, 7pm to 9pm"}

    def plain(self, text: str) -> str:
        """The text in lower case with simple dashes and single spaces, without filler words."""
        if len(text) > MOST_LETTERS:
            raise BadInput(
                "That is too long for a date. Type only the day and the time, like **{iso}** or **{words}**.",
                **self.examples(),
            )
        plain = in_english(re.sub(r"[‐-―−]", "-", unicodedata.normalize("NFKC", text).lower()))
        if _ZONED.search(plain):
            raise BadInput(
                "Times are read in {zone}. Type the day and the time without a zone or an offset, like **{iso}**.",
                zone=self.zone.key,
                **self.examples(),
            )
        plain = re.sub(r"(?<=\d)t(?=\d)|(?<=[a-z])\.(?= |$)", " ", plain)  # 2026-12-05t19:00, sat. 5 dec.
        return " ".join(_FILLER.sub(" ", plain).split())

    def unreadable(self) -> BadInput:
        """The error for a text that cannot be read at all."""
        return BadInput(
            "I cannot read that as a day and a time. Type it like **{iso}** or **{words}**.",
            **self.examples(),
        )

    def times(self, typed: Typed) -> tuple[int, ...]:
        """The minutes after midnight at which it starts and, if that was typed, ends."""
        if not typed.times:
            raise BadInput("At what time? Type the day and the time, like **{iso}** or **{words}**.", **self.examples())
        if not typed.start_day:
            raise BadInput("On which day? Type the day and the time, like **{iso}** or **{words}**.", **self.examples())
        words = [match["word"] for match in typed.times]
        if words[0] == "midnight" or (words[-1] == "midnight" and typed.end_day):
            raise BadInput(
                "Midnight could be the beginning or the end of that day. "
                "Type 00:00 with the day that begins then, like **{iso}**.",
                iso=self.examples()["iso"].replace("19:00", "00:00"),
            )
        times = minutes(typed)
        if not times or ("tonight" in typed.start_day and times[0] < NOON):
            raise self.unreadable()
        return times

    def moment(self, words: str, first: date, minutes: int, *, before: str = "", after: str = "") -> datetime:
        """The wall time meant, in our zone; a day without a year is the next one from `first` on.

        `before` and `after` are what stands around it, for the readings of an ambiguous one.
        """
        days = possible_days(words, self.today, first)
        readings = [datetime.combine(day, time(), self.zone) + timedelta(minutes=minutes) for day in days]
        if not readings:
            raise self.unreadable()
        if len(readings) == 1:
            return readings[0]
        one, other = readings
        raise AmbiguousDate(
            "That date can be read in two ways: **{one}** or **{other}**. "
            "Type it like **{iso}**, or write the month's name.",
            readings=(one, other),
            typed=self.text,
            rewritten=(f"{before}{one:{ISO}}{after}", f"{before}{other:{ISO}}{after}"),
            one=spoken(one),
            other=spoken(other),
            iso=f"{one:{ISO}}",
        )

    def instant(self, wall: datetime) -> datetime:
        """The UTC instant of a wall time, the first if it occurs twice; BadInput if clocks skip it."""
        if not _exists(wall):
            later = wall
            while not _exists(later):
                later += timedelta(minutes=1)
            raise BadInput(
                "**{asked}** does not exist in {zone}: clocks jump forward then. "
                "The next time that does is **{later}**.",
                asked=spoken(wall),
                zone=self.zone.key,
                later=spoken(later),
            )
        return wall.astimezone(UTC)

    def check_start(self, start: datetime) -> None:
        """Refuse the past and the far future, showing what was understood."""
        understood = spoken(start.astimezone(self.zone))
        if start <= self.now:
            raise BadInput(
                "That moment is past: I understood **{understood}** ({zone}). Type a later one, like **{iso}**.",
                understood=understood,
                zone=self.zone.key,
                iso=self.examples()["iso"],
            )
        if start > self.now + FURTHEST:
            raise BadInput(
                "That is more than two years ahead: I understood **{understood}** ({zone}). Type a nearer day.",
                understood=understood,
                zone=self.zone.key,
            )

    def check_end(self, start: datetime, end: datetime) -> None:
        """Refuse an end that is not after the start, or too long after it."""
        first, last = (spoken(moment.astimezone(self.zone)) for moment in (start, end))
        if end <= start:
            raise BadInput(
                "The end must come after the start: I understood **{first}** until **{last}**.",
                first=first,
                last=last,
            )
        if end - start > LONGEST:
            raise BadInput(
                "That lasts longer than 14 days: I understood **{first}** until **{last}**.",
                first=first,
                last=last,
            )
