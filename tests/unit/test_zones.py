"""Zones: which names are known, and wall times on the nights when clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.dates.days import spoken
from bot.dates.when import When, parse_when, zone
from bot.errors import BadInput

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=CHICAGO).astimezone(UTC)
ZONES = (
    "America/Chicago",
    "Europe/Budapest",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Africa/Casablanca",
    "America/Santiago",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Asia/Tokyo",
    "UTC",
)
# (zone, wall time that is skipped, next that exists).
SKIPPED = [
    ("America/Chicago", "2026-03-08 02:00", "2026-03-08 03:00"),
    ("America/Chicago", "2026-03-08 02:59", "2026-03-08 03:00"),
    ("America/Chicago", "2027-03-14 02:30", "2027-03-14 03:00"),
    ("Europe/Budapest", "2026-03-29 02:30", "2026-03-29 03:00"),
    ("Europe/Budapest", "2027-03-28 02:00", "2027-03-28 03:00"),
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04 02:30"),
    ("Australia/Lord_Howe", "2027-10-03 02:29", "2027-10-03 02:30"),
    ("America/Santiago", "2026-09-06 00:30", "2026-09-06 01:00"),
]
# (zone, wall time that occurs twice, offset in minutes of the first).
DOUBLED = [
    ("America/Chicago", "2026-11-01 01:00", -300),
    ("America/Chicago", "2027-11-07 01:59", -300),
    ("Europe/Budapest", "2026-10-25 02:30", 120),
    ("Europe/Budapest", "2027-10-31 02:00", 120),
    ("Australia/Lord_Howe", "2026-04-05 01:30", 660),
    ("Australia/Lord_Howe", "2027-04-04 01:59", 660),
]


def at(text: str, there: ZoneInfo) -> datetime:
    """The UTC instant of an ISO wall time."""
    return datetime.fromisoformat(text).replace(tzinfo=there).astimezone(UTC)


def refusal(text: str, there: ZoneInfo, now: datetime) -> str:
    """The sentence with which a text is refused."""
    with pytest.raises(BadInput) as caught:
        parse_when(text, there, now)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Budapest", "Europe/Budapest"),
        (" europe/budapest ", "Europe/Budapest"),
        ("America/New York", "America/New_York"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "UTC"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_iana_name(name: str, key: str) -> None:
    assert zone(name).key == key


@pytest.mark.parametrize(
    "name",
    ["EST", "EST5EDT", "UTC+2", "GMT", "Etc/GMT+5", "../etc", "/etc/passwd", "", "Budapest", "Europe", "a\0b"],
)
def test_any_other_zone_is_refused(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        zone(name)
    assert str(caught.value) == (
        "I do not know that time zone. Type the name of an area and a city, such as **America/Chicago** "
        "or **Europe/Budapest**; short forms such as EST do not say when clocks change."
    )


@pytest.mark.parametrize(("name", "asked", "later"), SKIPPED)
def test_a_time_that_clocks_skip_is_refused_with_the_next_that_exists(name: str, asked: str, later: str) -> None:
    skipped = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    next_one = datetime.fromisoformat(later).replace(tzinfo=UTC)
    assert refusal(asked, ZoneInfo(name), skipped - timedelta(days=2)) == (
        f"**{spoken(skipped)}** does not exist in {name}: clocks jump forward then. "
        f"The next time that does is **{spoken(next_one)}**."
    )


@pytest.mark.parametrize(("name", "asked", "later"), SKIPPED)
def test_the_time_that_is_named_instead_is_understood(name: str, asked: str, later: str) -> None:
    now = datetime.fromisoformat(asked).replace(tzinfo=UTC) - timedelta(days=2)
    assert parse_when(later, ZoneInfo(name), now).start == at(later, ZoneInfo(name))


@pytest.mark.parametrize(("name", "asked", "offset"), DOUBLED)
def test_a_time_that_occurs_twice_means_the_first_and_says_so(name: str, asked: str, offset: int) -> None:
    first = datetime.fromisoformat(asked).replace(tzinfo=UTC) - timedelta(minutes=offset)
    assert parse_when(asked, ZoneInfo(name), first - timedelta(days=2)) == When(
        first, first + timedelta(hours=2), doubled=True
    )


def test_a_span_over_a_change_of_clocks_keeps_both_wall_times() -> None:
    spring = parse_when("2027-03-13 23:00-03:30", CHICAGO, NOW)
    assert spring == When(at("2027-03-13 23:00", CHICAGO), at("2027-03-14 03:30", CHICAGO))
    assert spring.end - spring.start == timedelta(hours=3, minutes=30)
    autumn = parse_when("2027-11-06 23:00-01:30", CHICAGO, NOW)
    assert autumn == When(at("2027-11-06 23:00", CHICAGO), at("2027-11-07 01:30", CHICAGO), doubled=True)
    assert refusal("2027-03-13 23:00-02:30", CHICAGO, NOW) == (
        "**Sunday, 14 March 2027, 02:30** does not exist in America/Chicago: clocks jump forward then. "
        "The next time that does is **Sunday, 14 March 2027, 03:00**."
    )


@given(minutes=st.integers(1, 730 * 24 * 60), name=st.sampled_from(ZONES))
@example(minutes=44 * 60, name="Asia/Kathmandu")
def test_a_future_wall_time_that_exists_once_is_read_exactly(minutes: int, name: str) -> None:
    there = ZoneInfo(name)
    instant = NOW + timedelta(minutes=minutes)
    wall = instant.astimezone(there)
    assume(wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset())
    expected = When(instant, instant + timedelta(hours=2))
    for text in (
        f"{wall:%Y-%m-%d %H:%M}",
        f"{wall:%Y-%m-%dT%H:%M:%S}",
        spoken(wall),
        f"{wall:%I:%M%p %d %b %Y}",
        f"{wall:%B %d, %Y, %I.%M %p}",
    ):
        assert parse_when(text, there, NOW) == expected
