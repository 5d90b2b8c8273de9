"""What the clocks of partner places show at one instant (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MORNING = 6
BED_TIME, RISING_TIME = time(22), time(7)  # between them nobody is waited for, nor reminded in person


@dataclass(frozen=True, slots=True)
class Clock:
    """The places that share a wall time; `local` is aware, in the zone of the first of them.

    `day` counts from the home zone's date: -1 the day before, 0 the same, 1 the day after (±2 across the
    date line). `night` is from midnight to six, local time.
    """

    names: tuple[str, ...]
    local: datetime
    day: int
    night: bool


@cache
def zone_of(key: str) -> ZoneInfo:
    """A time zone by its IANA name; Python itself keeps only the last eight and reads the others again."""
    return ZoneInfo(key)


def waking_time(now: datetime, zone: ZoneInfo) -> datetime:
    """`now`, or the end of the night if it is night in `zone`; aware UTC."""
    local = now.astimezone(zone)
    if RISING_TIME <= local.time() < BED_TIME:
        return now
    day = local.date() if local.time() < RISING_TIME else local.date() + timedelta(days=1)
    return datetime.combine(day, RISING_TIME, zone).astimezone(UTC)


def clocks(instant: datetime, home: ZoneInfo, places: Sequence[tuple[str, ZoneInfo]]) -> tuple[Clock, ...]:
    """The clocks at an aware instant, from west to east; places whose wall times agree then share one."""
    shared: dict[datetime, list[tuple[str, datetime]]] = {}
    for name, zone in places:
        local = instant.astimezone(zone)
        shared.setdefault(local.replace(tzinfo=None), []).append((name, local))
    today = instant.astimezone(home).date()
    return tuple(
        Clock(
            names=tuple(name for name, _ in members),
            local=members[0][1],
            day=(wall.date() - today).days,
            night=wall.hour < MORNING,
        )
        for wall, members in sorted(shared.items())
    )
