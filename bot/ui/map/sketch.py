"""What a map shows and where everything on it goes; `bot.ui.map.picture` draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from bot.lookup.cities import Tie
from bot.lookup.geography import EARTH_KM, Point, miles, near, point_of
from bot.lookup.places import Place
from bot.ui.map.boxes import Box, Line, Way, grown
from bot.ui.map.crowd import box_of, crowd_of
from bot.ui.map.font import CREDIT_SIZE, HUB_SIZE, NAME_SIZE, size_of
from bot.ui.map.labels import Layout, Mark, lay_out
from bot.ui.map.view import View, view_of_region, view_of_ways

WIDTH = 1200
BAND = 84  # the height of the band with the title
ALONE, ABOVE, BELOW = 636, 500, 420  # the heights of a map by itself, and of the two if a part is shown again, larger
BETWEEN = 8
SIDES, ENDS = 70.0, 44.0  # how far from the edges of a map dots stay
EDGE = 8.0  # and words
CREDIT = "Natural Earth"
MOST = 99  # partners on a map; more would hide it, and each other
ROUND, LONGEST_BAR = (1, 50, 100, 200, 500), 220.0  # kilometres; pixels
CLOSE_UP = 1_100.0  # pixels a radian
LARGER = 1.8  # times, at least, for showing a part again to be worth its room


@dataclass(frozen=True, slots=True)
class Stop:
    """A partner on the map; `over` where the tie is ended or rests."""

    number: int
    name: str
    point: Point
    over: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """Everything that makes one picture differ from another, so it is also what pictures are kept under."""

    title: str
    name: str
    point: Point
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """The scale: a bracket as long as the text says, the text above it."""

    line: Box
    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A map with everything in its place, in pixels from its own corner; `top` is where it begins in the picture.

    `ways` are the great circles it shows, each with its stop; `stops` those that have their number here, in the order
    of `layout.partners`; `part` is the box of what another panel shows larger, `bar` the scale.
    """

    top: int
    height: int
    view: View
    layout: Layout
    stops: tuple[Stop, ...]
    ways: tuple[tuple[Stop, Way], ...]
    credit: Box | None = None
    part: Box | None = None
    bar: Bar | None = None


def sketch_of(place: Place, ties: Sequence[Tie]) -> Sketch | None:
    """The map of a place and its ties, numbered in their order; None if nobody knows where the place is.

    Ties whose partner nobody can find, and those that are too many, must come last: they get no number.
    """
    point = point_of(place)
    if point is None:
        return None
    points = [(tie, where) for tie in ties if (where := point_of(tie.partner))][:MOST]
    stops = [Stop(number, tie.partner.name, where, tie.over) for number, (tie, where) in enumerate(points, start=1)]
    title = ", ".join(part for part in (place.name, place.own_region) if part)
    return Sketch(title, place.name, point, tuple(stops))


def panels_of(sketch: Sketch) -> list[Panel]:
    """Decide what of the Earth is shown, and where names and numbers stand: one map, or two below each other."""
    points = [stop.point for stop in sketch.stops]
    view = view_of_ways(sketch.point, points, _area(ALONE))
    crowd = crowd_of([view.spot(point) for point in points])
    if crowd:
        main = view_of_ways(sketch.point, points, _area(ABOVE))
        first = points[crowd[0]][1]
        larger = view_of_region([(points[one][0], near(points[one][1], first)) for one in crowd], _area(BELOW))
        if larger.scale > LARGER * main.scale:
            part = box_of([main.spot(points[one]) for one in crowd])
            stops = [stop for index, stop in enumerate(sketch.stops) if index not in crowd]
            again = [sketch.stops[one] for one in crowd]
            top = BAND + ABOVE + BETWEEN
            return [_panel(sketch, stops, main, BAND, ABOVE, part), _panel(sketch, again, larger, top, BELOW)]
    return [_panel(sketch, sketch.stops, view, BAND, ALONE)]


def _area(height: int) -> Box:
    """Where dots go on a map of this height."""
    return SIDES, ENDS, WIDTH - SIDES, height - ENDS


def _panel(sketch: Sketch, stops: Sequence[Stop], view: View, top: int, height: int, part: Box | None = None) -> Panel:
    """A map on which these stops have their numbers; the part of it that is shown again has its dots alone."""
    shown = sketch.stops if part else stops
    ways = tuple((stop, view.way(sketch.point, stop.point)) for stop in shown)
    # Four pieces of a way as one line: near enough to keep names off it.
    lines: list[Line] = [(*a, *b) for _, way in ways for a, b in zip(way[::4], (*way[4::4], way[-1]), strict=False)]
    marks = [Mark(view.spot(stop.point), size_of(stop.name, NAME_SIZE)) for stop in stops]
    hub = Mark(view.spot(sketch.point), size_of(sketch.name, HUB_SIZE))
    frame = grown((0.0, 0.0, float(WIDTH), float(height)), -EDGE)
    credit = _credit_box(height) if top == BAND else None
    bar = _bar(view, height)
    taken = [box for box in (credit, part, *((bar.line, bar.box) if bar else ())) if box]
    return Panel(top, height, view, lay_out(hub, marks, frame, taken, lines), tuple(stops), ways, credit, part, bar)


def _bar(view: View, height: int) -> Bar | None:
    """A scale for maps so close up that one scale holds for all of them."""
    if not view.mercator or view.scale < CLOSE_UP:
        return None
    pixels = view.scale / EARTH_KM / cos(radians(view.latitude(height / 2)))  # a kilometre
    km = max(round_number for round_number in ROUND if round_number * pixels <= LONGEST_BAR)
    text = f"{km} km · {miles(km):.0f} mi"
    width, tall = size_of(text, CREDIT_SIZE) or (0.0, 0.0)
    line = (16.0, height - 24.0, 16.0 + km * pixels, height - 16.0)
    middle = max(line[0] + width / 2, (line[0] + line[2]) / 2)
    return Bar(line, (middle - width / 2, line[1] - tall, middle + width / 2, line[1]), text)


def _credit_box(height: int) -> Box:
    size = size_of(CREDIT, CREDIT_SIZE) or (0.0, 0.0)
    return WIDTH - 16 - size[0], height - 8 - size[1], WIDTH - 16.0, height - 8.0
