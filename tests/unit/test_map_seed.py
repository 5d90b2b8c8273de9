"""The maps of all places in the seed: nothing is covered, cut off or torn."""

from itertools import pairwise
from math import dist

import pytest

from bot.lookup.cities import CityPage
from bot.lookup.geography import point_of
from bot.ui.map.boxes import grown, holds
from bot.ui.map.sketch import BAND, EDGE, WIDTH, Panel, Sketch, panels_of, sketch_of
from tests.unit.city_pages import pages
from tests.unit.test_map_labels import faults

__all__ = ["pages"]  # a fixture


@pytest.fixture(scope="module")
def maps(pages: dict[int, CityPage]) -> list[tuple[Sketch, list[Panel]]]:
    """The map of every place with ties that is somewhere."""
    sketches = [sketch for page in pages.values() if (sketch := sketch_of(page.place, page.ties))]
    return [(sketch, panels_of(sketch)) for sketch in sketches]


def test_every_place_that_is_somewhere_has_a_map(
    pages: dict[int, CityPage], maps: list[tuple[Sketch, list[Panel]]]
) -> None:
    assert len(maps) == sum(point_of(page.place) is not None for page in pages.values())
    assert len(maps) > 2_500
    assert {len(panels) for _, panels in maps} == {1, 2}


def test_nothing_covers_anything(maps: list[tuple[Sketch, list[Panel]]]) -> None:
    wrong, numbers, names = [], 0, 0
    for sketch, panels in maps:
        for panel in panels:
            frame = grown((0.0, 0.0, float(WIDTH), float(panel.height)), -EDGE)
            bar = [panel.bar.line, panel.bar.box] if panel.bar else []
            taken = [box for box in (panel.credit, panel.part, *bar) if box]
            wrong += [(sketch.title, fault) for fault in faults(panel.layout, frame, taken)]
            numbers += len(panel.layout.partners)
            names += sum(placed.name is not None for placed in panel.layout.partners)

    assert wrong == []
    assert numbers > 5_000
    assert names / numbers > 0.95


def test_every_partner_has_its_number_once(maps: list[tuple[Sketch, list[Panel]]]) -> None:
    numbers = [sorted(stop.number for panel in panels for stop in panel.stops) for _, panels in maps]

    assert numbers == [list(range(1, len(sketch.stops) + 1)) for sketch, _ in maps]


def test_hub_and_partners_are_inside_the_picture(maps: list[tuple[Sketch, list[Panel]]]) -> None:
    outside = []
    for sketch, (main, *_) in maps:
        frame = (0.0, 0.0, float(WIDTH), float(main.height))
        spots = [main.view.spot(point) for point in (sketch.point, *(stop.point for stop in sketch.stops))]
        outside += [(sketch.title, spot) for spot in spots if not holds(frame, spot)]

    assert outside == []


def test_no_way_is_torn(maps: list[tuple[Sketch, list[Panel]]]) -> None:
    for sketch, (main, *_) in maps:
        pole = main.view.spot((90.0, 0.0))[1] + 25  # near it a way runs along the upper edge of the Earth
        steps = [dist(a, b) for _, way in main.ways for a, b in pairwise(way) if min(a[1], b[1]) > pole]
        assert max(steps, default=0) < 120, sketch.title
        ends = [(way[0], way[-1]) for _, way in main.ways]
        aims = [(main.view.spot(sketch.point), main.view.spot(stop.point)) for stop, _ in main.ways]
        assert all(
            dist(a, b) < 0.01 for pair, aim in zip(ends, aims, strict=True) for a, b in zip(pair, aim, strict=True)
        )


def test_a_crowd_is_shown_again_below_and_its_part_marked_above(maps: list[tuple[Sketch, list[Panel]]]) -> None:
    [(sketch, panels)] = [one for one in maps if one[0].title == "Honolulu, Hawaii"]
    main, again = panels

    assert (main.top, again.top) == (BAND, BAND + main.height + 8)
    assert main.part is not None
    assert all(holds(main.part, main.view.spot(stop.point)) for stop in again.stops)
    assert not any(holds(main.part, main.view.spot(stop.point)) for stop in main.stops)
    assert {stop.name for stop in again.stops} >= {"Tokyo", "Hiroshima", "Manila", "Seoul"}
    assert len(main.ways) == len(sketch.stops) == len(main.stops) + len(again.stops)
