"""Which part of the Earth a map shows, and where things lie on it."""

from itertools import pairwise
from math import dist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lookup.geography import Point
from bot.ui.map.boxes import Box, holds
from bot.ui.map.land import load_land
from bot.ui.map.view import project, view_of_ways

AREA: Box = (70.0, 44.0, 1_130.0, 592.0)
BIRMINGHAM, HITACHI, HONOLULU, LONDON = (33.52, -86.8), (36.6, 140.65), (21.31, -157.86), (51.5, -0.1)
points = st.tuples(st.floats(-75, 78), st.floats(-180, 180))


def test_the_natural_earth_projection_has_its_published_size() -> None:
    x, y = project(False, np.array([0.0, 90.0, 45.0]), np.array([180.0, 0.0, 180.0]))

    assert x[0] == pytest.approx(2.7354, abs=1e-4)
    assert y[1] == pytest.approx(1.4224, abs=1e-4)
    assert x[2] / x[0] == pytest.approx(0.9006, abs=5e-4)  # from the table of the projection's makers


def test_a_world_has_the_hub_in_the_middle_and_a_region_both_ends_at_the_sides() -> None:
    world = view_of_ways(HONOLULU, [HITACHI, LONDON, (-33.9, 18.4)], AREA)
    region = view_of_ways(BIRMINGHAM, [(52.0, 21.0)], AREA)

    assert world.spot(HONOLULU)[0] == pytest.approx(600)
    assert [round(region.spot(end)[0]) for end in (BIRMINGHAM, (52.0, 21.0))] == [70, 1_130]


def test_partners_in_one_region_are_shown_close_up() -> None:
    laredo = (27.5, -99.5)
    mexico = [(25.67, -100.31), (19.43, -99.13), (20.67, -103.35), (27.48, -99.51)]
    view = view_of_ways(laredo, mexico, AREA)
    west, east = view.spot((20.67, -103.35)), view.spot(laredo)

    assert view.mercator
    assert dist(west, east) > 400


def test_a_partner_across_the_street_is_no_closer_than_the_coast_can_bear_and_a_place_alone_less() -> None:
    one, other = view_of_ways((27.5, -99.5), [(27.48, -99.51)], AREA), view_of_ways((27.5, -99.5), [], AREA)

    assert np.radians([one.scale, other.scale]).tolist() == pytest.approx([50, 20])
    assert other.spot((27.5, -99.5)) == pytest.approx((600, 318))


@settings(max_examples=300, deadline=None)
@given(points, st.lists(points, max_size=8))
def test_hub_and_partners_are_within_the_area_and_no_way_jumps(hub: Point, partners: list[Point]) -> None:
    view = view_of_ways(hub, partners, AREA)
    area = (AREA[0] - 1, AREA[1] - 41, AREA[2] + 1, AREA[3] + 41)  # where a pole is near, the map is moved a little

    assert [spot for spot in map(view.spot, [hub, *partners]) if not holds(area, spot)] == []
    for partner in partners:
        way = view.way(hub, partner)
        assert way[0] == pytest.approx(view.spot(hub), abs=0.01) or abs(hub[1]) == 180
        assert dist(way[-1], view.spot(partner)) < 0.01 or abs(abs(partner[1] - hub[1]) - 180) < 1e-6
        if max(abs(hub[0]), abs(partner[0])) < 60 and abs(abs(partner[1] - hub[1]) - 180) > 30:
            assert max(dist(a, b) for a, b in pairwise(way)) < 120


def test_no_ring_of_land_jumps_and_the_largest_come_first() -> None:
    land = load_land()
    rings = list(zip(land.starts.tolist(), land.ends.tolist(), strict=True))

    assert len(rings) > 1_400
    assert land.ends[-1] == len(land.latitudes) == len(land.longitudes)
    assert max(np.abs(np.diff(land.longitudes[start:end])).max() for start, end in rings) < 10
    sizes = [np.ptp(land.longitudes[start:end]) for start, end in rings[:3]]
    assert sizes == [pytest.approx(207.8), pytest.approx(360.0), pytest.approx(133.28)]
    assert land.holes.tolist().count(True) == 1  # the Caspian Sea
