"""Distances and ways on the globe."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookup.geography import EARTH_KM, Point, angle, distance_km, great_circle, miles, near
from bot.lookup.places import Place

BIRMINGHAM, HITACHI = (33.5207, -86.8025), (36.6, 140.65)
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def place(point: Point | None) -> Place:
    latitude, longitude = point or (None, None)
    return Place(1, 1, "Town", "city", None, "US", latitude, longitude, None, None)


# Along the ellipsoid WGS 84, as GeographicLib gives it.
@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        ((33.5207, -86.8025), (36.6, 140.65), 10_817.6),  # Birmingham, Alabama, and Hitachi
        ((40.7128, -74.0060), (51.5074, -0.1278), 5_585.2),  # New York and London
        ((21.3069, -157.8583), (-36.8485, 174.7633), 7_050.1),  # Honolulu and Auckland, across the date line
        ((61.2181, -149.9003), (69.6492, 18.9553), 5_457.5),  # Anchorage and Tromsø, near the pole
        ((-18.1416, 178.4419), (-13.8333, -171.7667), 1_151.1),  # Suva and Apia
    ],
)
def test_known_distances_are_right_to_half_a_per_cent(start: Point, end: Point, km: float) -> None:
    assert distance_km(place(start), place(end)) == pytest.approx(km, rel=0.005)


def test_a_place_is_no_distance_from_itself_and_its_antipode_is_half_the_way_around() -> None:
    assert distance_km(place(BIRMINGHAM), place(BIRMINGHAM)) == 0
    assert distance_km(place((10.0, 20.0)), place((-10.0, -160.0))) == pytest.approx(math.pi * EARTH_KM)


def test_the_date_line_is_no_distance() -> None:
    assert distance_km(place((0.0, 179.5)), place((0.0, -179.5))) == pytest.approx(111.2, abs=0.1)


def test_no_distance_is_known_to_a_place_that_nobody_can_find() -> None:
    assert distance_km(place(None), place(HITACHI)) is None
    assert distance_km(place(HITACHI), place(None)) is None


def test_a_mile_is_a_mile() -> None:
    assert miles(1.609344) == 1.0


@given(points, points)
def test_distances_are_the_same_both_ways(start: Point, end: Point) -> None:
    assert angle(start, end) == pytest.approx(angle(end, start), abs=1e-9)


@given(st.floats(-1_000, 1_000), st.floats(-1_000, 1_000))
def test_a_meridian_near_another_is_the_same_meridian(longitude: float, to: float) -> None:
    moved = near(longitude, to)

    assert abs(moved - to) <= 180 + 1e-9
    assert math.remainder(moved - longitude, 360) == pytest.approx(0, abs=1e-6)


@given(points, points)
def test_a_great_circle_goes_from_start_to_end_in_small_steps_and_no_longer_than_needed(
    start: Point, end: Point
) -> None:
    way = great_circle(start, end)
    steps = [math.degrees(angle(a, b)) for a, b in pairwise(way)]

    assert way[0] == start
    assert way[-1][0] == end[0]
    assert math.remainder(way[-1][1] - end[1], 360) == pytest.approx(0, abs=1e-9)
    assert max(steps) <= 1.51
    assert sum(steps) == pytest.approx(math.degrees(angle(start, end)), abs=0.01)


def test_a_great_circle_across_the_date_line_runs_on_beyond_it() -> None:
    way = great_circle((35.0, 139.0), (21.0, -157.0), 10)

    longitudes = [longitude for _, longitude in way]
    assert longitudes == sorted(longitudes)
    assert (longitudes[0], round(longitudes[-1], 9)) == (139.0, 203.0)


def test_between_antipodes_the_way_goes_over_the_pole() -> None:
    way = great_circle((20.0, 30.0), (-20.0, -150.0), 30)

    assert max(latitude for latitude, _ in way) == 90.0
    assert len(way) > 5
