"""Numbers and names on a map never cover one another."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ui.map.boxes import Box, boxes, crossed, crossing, holds, meeting, square
from bot.ui.map.labels import BADGE, Layout, Mark, lay_out

FRAME: Box = (0.0, 0.0, 1_200.0, 636.0)
spots = st.tuples(st.floats(70, 1_130), st.floats(44, 592))
sizes = st.none() | st.tuples(st.floats(10, 300), st.just(26.4))
marks = st.builds(Mark, spots, sizes)


def apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def faults(layout: Layout, frame: Box, taken: list[Box]) -> list[tuple[Box, Box]]:
    """Everything that covers something else or leaves the frame; names on lines too."""
    words = [placed.badge for placed in layout.partners]
    words += [placed.name for placed in layout.partners if placed.name] + ([layout.hub_name] if layout.hub_name else [])
    rows = boxes(words)
    found = [(words[a], words[b]) for a, b in np.argwhere(meeting(rows, rows)).tolist() if a < b]
    found += [(word, frame) for word in words if not (holds(frame, word[:2]) and holds(frame, word[2:]))]
    names = boxes([placed.name for placed in layout.partners if placed.name])
    leaders = boxes([placed.leader for placed in layout.partners if placed.moved])
    found += [(tuple(names[a]), tuple(leaders[b])) for a, b in np.argwhere(crossed(names, leaders)).tolist()]
    for other in [*taken, layout.hub]:
        found += [(word, other) for word in words if not apart(word, other)]
    for placed in layout.partners:
        found += [(word, placed.dot) for word in words if word != placed.badge and not apart(word, placed.dot)]
        found += [(placed.badge, placed.dot)] if placed.moved and not apart(placed.badge, placed.dot) else []
    return found


@settings(max_examples=100, deadline=None)
@given(marks, st.lists(marks, max_size=40), st.lists(st.builds(square, spots, st.floats(10, 150)), max_size=3))
def test_nothing_covers_anything_wherever_places_are(hub: Mark, partners: list[Mark], taken: list[Box]) -> None:
    assert faults(lay_out(hub, partners, FRAME, taken), FRAME, taken) == []


def test_nothing_covers_anything_in_crowds_with_long_names() -> None:
    random = np.random.default_rng(3)
    for _ in range(200):
        places = random.normal((600, 300), 60, (25, 2)).tolist()
        crowd = [Mark((x, y), (width, 26.4)) for (x, y), width in zip(places, random.uniform(40, 200, 25), strict=True)]
        assert faults(lay_out(Mark((100.0, 100.0), None), crowd, FRAME), FRAME, []) == []


def test_forty_partners_in_one_spot_stand_around_it() -> None:
    layout = lay_out(Mark((100.0, 100.0), None), [Mark((600.0, 300.0), (90.0, 26.4))] * 40, FRAME)
    far = [abs(placed.number[0] - 600) + abs(placed.number[1] - 300) for placed in layout.partners]

    assert faults(layout, FRAME, []) == []
    assert all(placed.moved for placed in layout.partners)
    assert max(far) < 260


def test_more_numbers_than_there_is_room_for_stand_on_their_places() -> None:
    frame = (0.0, 0.0, 100.0, 100.0)
    layout = lay_out(Mark((10.0, 10.0), None), [Mark((50.0, 50.0), None)] * 30, frame)

    assert len(layout.partners) == 30
    assert layout.partners[-1].number == (50.0, 50.0)


def test_a_lonely_number_is_its_own_dot_with_its_name_to_the_right() -> None:
    [placed] = lay_out(Mark((100.0, 100.0), None), [Mark((600.0, 300.0), (90.0, 26.0))], FRAME).partners

    assert (placed.number, placed.moved) == ((600.0, 300.0), False)
    assert placed.badge == square((600.0, 300.0), BADGE)
    assert placed.name == (622.0, 287.0, 712.0, 313.0)


def test_a_name_goes_where_no_way_runs_and_is_left_out_where_it_has_no_room() -> None:
    hub, mark = Mark((100.0, 100.0), None), Mark((600.0, 300.0), (90.0, 26.0))
    to_the_right = [(600.0, 300.0, 1_000.0, 300.0)]
    [beside] = lay_out(hub, [mark], FRAME, ways=to_the_right).partners
    walls = [(500.0, 200.0, 580.0, 400.0), (620.0, 200.0, 700.0, 400.0)]
    [shut_in] = lay_out(
        hub, [mark], FRAME, [*walls, (500.0, 320.0, 700.0, 400.0), (500.0, 200.0, 700.0, 280.0)]
    ).partners

    assert beside.name == (488.0, 287.0, 578.0, 313.0)
    assert shut_in.name is None


def test_the_lines_of_neighbours_do_not_cross() -> None:
    turns = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    ring = [(600 + 20 * np.cos(turn), 300 + 20 * np.sin(turn)) for turn in turns]
    layout = lay_out(Mark((100.0, 100.0), None), [Mark((float(x), float(y)), None) for x, y in ring], FRAME)
    leaders = [placed.leader for placed in layout.partners if placed.moved]

    assert len(leaders) == 8
    assert not crossing(boxes(leaders), boxes(leaders)).any()


@pytest.mark.parametrize(
    ("line", "through"),
    [
        ((0, 0, 100, 100), True),
        ((0, 50, 100, 50), True),
        ((50, 0, 50, 39), False),
        ((50, 50, 51, 51), True),
        ((0, 0, 100, 0), False),
        ((0, 75, 75, 100), False),
    ],
)
def test_a_line_runs_through_a_box_or_past_it(line: Box, through: bool) -> None:
    assert crossed(boxes([(40.0, 40.0, 60.0, 60.0)]), boxes([line])).tolist() == [[through]]
    backwards = (*line[2:], *line[:2])
    assert crossed(boxes([(40.0, 40.0, 60.0, 60.0)]), boxes([backwards])).tolist() == [[through]]


@pytest.mark.parametrize(
    ("line", "crosses"),
    [
        ((50, 0, 50, 100), True),
        ((0, 0, 100, 100), True),
        ((0, 50, 100, 50), False),
        ((0, 50, 100, 60), False),
        ((120, 0, 120, 100), False),
        ((50, 60, 50, 100), False),
    ],
)
def test_two_lines_cross_or_only_touch(line: Box, crosses: bool) -> None:
    level = boxes([(0.0, 50.0, 100.0, 50.0)])

    assert crossing(level, boxes([line])).tolist() == crossing(boxes([line]), level).tolist() == [[crosses]]
