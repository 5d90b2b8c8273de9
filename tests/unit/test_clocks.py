"""The partner clocks on nights when zones change apart, and around the date line."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates.clocks import Clock, clocks

CHICAGO = ZoneInfo("America/Chicago")
BUDAPEST = ZoneInfo("Europe/Budapest")
NAMES = (
    "America/Chicago",
    "America/Mexico_City",
    "Europe/Budapest",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Pacific/Apia",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "UTC",
)

Shown = tuple[tuple[str, ...], str, int, bool]


def shown(instant: datetime, home: str, *names: str) -> list[Shown]:
    """The clocks of zones named after themselves, with the wall time written out."""
    found = clocks(instant, ZoneInfo(home), [(name, ZoneInfo(name)) for name in names])
    return [(clock.names, f"{clock.local:%m-%d %H:%M}", clock.day, clock.night) for clock in found]


def test_a_clock_carries_the_zone_of_its_first_place_and_names_in_the_order_given() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = clocks(
        datetime(2026, 7, 1, 17, 30, tzinfo=UTC),
        CHICAGO,
        [("Pécs", BUDAPEST), ("Chicago", CHICAGO), ("Hamburg", berlin), ("Budapest", BUDAPEST)],
    )
    assert found == (
        Clock(("Chicago",), datetime(2026, 7, 1, 12, 30, tzinfo=CHICAGO), 0, False),
        Clock(("Pécs", "Hamburg", "Budapest"), datetime(2026, 7, 1, 19, 30, tzinfo=BUDAPEST), 0, False),
    )
    assert [clock.local.tzinfo for clock in found] == [CHICAGO, BUDAPEST]


def test_no_places_make_no_clocks() -> None:
    assert clocks(datetime(2026, 7, 1, tzinfo=UTC), CHICAGO, []) == ()


@pytest.mark.parametrize(
    ("chicago", "budapest", "day"),
    [
        (datetime(2026, 3, 7, 19, tzinfo=CHICAGO), "03-08 02:00", 1),  # both on winter time
        (datetime(2026, 3, 8, 19, tzinfo=CHICAGO), "03-09 01:00", 1),  # America is ahead of Europe
        (datetime(2026, 3, 28, 19, tzinfo=CHICAGO), "03-29 01:00", 1),
        (datetime(2026, 3, 29, 19, tzinfo=CHICAGO), "03-30 02:00", 1),  # Europe has followed
        (datetime(2026, 10, 24, 19, tzinfo=CHICAGO), "10-25 02:00", 1),
        (datetime(2026, 10, 25, 19, tzinfo=CHICAGO), "10-26 01:00", 1),  # Europe goes back first
        (datetime(2026, 10, 31, 19, tzinfo=CHICAGO), "11-01 01:00", 1),
        (datetime(2026, 11, 1, 19, tzinfo=CHICAGO), "11-02 02:00", 1),
        (datetime(2026, 3, 8, 12, tzinfo=CHICAGO), "03-08 18:00", 0),
        (datetime(2026, 3, 29, 12, tzinfo=CHICAGO), "03-29 19:00", 0),
    ],
)
def test_seven_in_the_evening_in_chicago_moves_in_budapest_while_the_two_change_apart(
    chicago: datetime, budapest: str, day: int
) -> None:
    wall = f"{chicago:%m-%d %H:%M}"
    assert shown(chicago.astimezone(UTC), "America/Chicago", "Europe/Budapest", "America/Chicago") == [
        (("America/Chicago",), wall, 0, False),
        (("Europe/Budapest",), budapest, day, day == 1),
    ]


@pytest.mark.parametrize(
    ("instant", "grouped"),
    [
        (datetime(2026, 1, 15, 18, tzinfo=UTC), [("America/Chicago", "America/Mexico_City")]),
        (datetime(2026, 7, 15, 18, tzinfo=UTC), [("America/Mexico_City",), ("America/Chicago",)]),
    ],
)
def test_places_share_a_clock_only_while_their_wall_times_agree(
    instant: datetime, grouped: list[tuple[str, ...]]
) -> None:
    found = shown(instant, "UTC", "America/Chicago", "America/Mexico_City")
    assert [names for names, *_ in found] == grouped


@pytest.mark.parametrize(
    ("instant", "zone", "wall", "night"),
    [
        (datetime(2026, 6, 1, 12, 0, tzinfo=UTC), "Asia/Kathmandu", "06-01 17:45", False),
        (datetime(2026, 6, 1, 12, 0, tzinfo=UTC), "Asia/Kolkata", "06-01 17:30", False),
        (datetime(2026, 6, 1, 12, 0, tzinfo=UTC), "Australia/Adelaide", "06-01 21:30", False),
        (datetime(2026, 4, 4, 12, 0, tzinfo=UTC), "Australia/Lord_Howe", "04-04 23:00", False),  # summer, +11
        (datetime(2026, 4, 5, 12, 0, tzinfo=UTC), "Australia/Lord_Howe", "04-05 22:30", False),  # half an hour
        (datetime(2026, 6, 1, 18, 14, tzinfo=UTC), "Asia/Kathmandu", "06-01 23:59", False),
        (datetime(2026, 6, 1, 18, 15, tzinfo=UTC), "Asia/Kathmandu", "06-02 00:00", True),
        (datetime(2026, 6, 2, 0, 14, tzinfo=UTC), "Asia/Kathmandu", "06-02 05:59", True),
        (datetime(2026, 6, 2, 0, 15, tzinfo=UTC), "Asia/Kathmandu", "06-02 06:00", False),
    ],
)
def test_zones_off_the_hour_show_their_own_minutes_and_night_is_midnight_to_six(
    instant: datetime, zone: str, wall: str, night: bool
) -> None:
    day = int(wall[3:5]) - instant.day
    assert shown(instant, "UTC", zone) == [((zone,), wall, day, night)]


def test_around_the_date_line_the_day_counts_from_home_and_west_comes_first() -> None:
    around = ("Pacific/Kiritimati", "Pacific/Apia", "Pacific/Honolulu", "America/Chicago")
    instant = datetime(2026, 6, 15, 3, 30, tzinfo=UTC)
    assert shown(instant, "America/Chicago", *around) == [
        (("Pacific/Honolulu",), "06-14 17:30", 0, False),
        (("America/Chicago",), "06-14 22:30", 0, False),
        (("Pacific/Apia",), "06-15 16:30", 1, False),
        (("Pacific/Kiritimati",), "06-15 17:30", 1, False),
    ]
    assert [day for _, _, day, _ in shown(instant, "Pacific/Kiritimati", *around)] == [-1, -1, 0, 0]


def test_the_furthest_clocks_can_be_two_dates_apart() -> None:
    instant = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
    assert shown(instant, "Pacific/Pago_Pago", "Pacific/Kiritimati", "Pacific/Pago_Pago") == [
        (("Pacific/Pago_Pago",), "06-14 23:30", 0, False),
        (("Pacific/Kiritimati",), "06-16 00:30", 2, True),
    ]


ZONES = st.sampled_from(NAMES).map(ZoneInfo)


@given(
    minutes=st.integers(0, 2 * 365 * 24 * 60),
    home=ZONES,
    zones=st.lists(ZONES, max_size=12),
)
def test_every_place_is_on_one_clock_that_is_right_for_it(
    minutes: int, home: ZoneInfo, zones: Sequence[ZoneInfo]
) -> None:
    instant = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    places = [(f"{n} {zone.key}", zone) for n, zone in enumerate(zones)]
    found = clocks(instant, home, places)
    assert sorted(name for clock in found for name in clock.names) == sorted(name for name, _ in places)
    zone_of = dict(places)
    for clock in found:
        assert [instant.astimezone(zone_of[name]).utcoffset() for name in clock.names] == [
            clock.local.utcoffset()
        ] * len(clock.names)
        assert list(clock.names) == sorted(clock.names, key=[name for name, _ in places].index)
        assert (clock.local, clock.local.tzinfo) == (instant, zone_of[clock.names[0]])
        assert instant.astimezone(home).date() + timedelta(days=clock.day) == clock.local.date()
        assert clock.night == (clock.local.hour in range(6))
    offsets = [clock.local.utcoffset() or timedelta() for clock in found]
    assert offsets == sorted(set(offsets))
