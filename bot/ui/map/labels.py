"""Where numbers and names stand on a map, so that none covers anything else: pure geometry in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import dist

import numpy as np

from bot.ui.map.boxes import Box, Line, Size, Spot, boxes, crossed, crossing, holds, meeting, square, within

BADGE = 34.0  # the side of a number's square
DOT = 10.0  # the side of the dot that stays at the place when its number had to move
HUB = 30.0
GAP, NEAR = 3.0, 12.0  # between any two others: at least, and so that each is read by itself
CROWD = 4 * BADGE  # so near, places are one crowd
BESIDE = 5.0  # between a mark and its name
LOOKED_AT = 400  # how many of the best spots are tried for one whose line crosses nothing

TURNS = np.linspace(0, 2 * np.pi, 24, endpoint=False)
REACH = np.array([*range(32, 200, 6), *range(200, 1400, 30)])  # to the far corner of a picture: there is always room
# Where a number may go, seen from its place: first to the place itself, then around it, further and further out.
STEPS = np.vstack(
    [[0.0, 0.0], np.stack([np.outer(REACH, np.cos(TURNS)), np.outer(REACH, np.sin(TURNS))], 2).reshape(-1, 2)]
)
FAR = np.hypot(STEPS[:, 0], STEPS[:, 1])


@dataclass(frozen=True, slots=True)
class Mark:
    """A city to be placed: where it is, and how large its name is; None for a name that is not drawn."""

    spot: Spot
    name: Size | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A partner on the map: the middle of its number, whether that moved off its dot, the box of its name if any."""

    mark: Mark
    number: Spot
    moved: bool
    name: Box | None = None

    @property
    def badge(self) -> Box:
        """The square of the number."""
        return square(self.number, BADGE)

    @property
    def dot(self) -> Box:
        """The square of the dot, which is under the number if that did not move."""
        return square(self.mark.spot, DOT)

    @property
    def leader(self) -> Line:
        """The line from the dot to the number."""
        return *self.mark.spot, *self.number


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything in its place; `partners` in the order in which they were given."""

    hub: Box
    hub_name: Box | None
    partners: tuple[Placed, ...]


def lay_out(
    hub: Mark, partners: Sequence[Mark], frame: Box, taken: Sequence[Box] = (), ways: Sequence[Line] = ()
) -> Layout:
    """Give every partner a number that covers nothing, then a name to as many as have room, the hub first.

    Everything lies within the frame and off the boxes that are taken; dots alone may touch each other, for they
    cannot move. Names keep off the ways where they can.
    """
    hub_box = square(hub.spot, HUB)
    placed = _numbers(partners, frame, [*taken, hub_box])
    leaders = [one.leader for one in placed if one.moved]
    blocked = [*taken, hub_box, *(one.badge for one in placed), *(one.dot for one in placed if one.moved)]
    hub_name = _beside(hub_box, hub.name, frame, blocked, leaders, ways)
    named = []
    for one in placed:
        blocked += [hub_name] if hub_name and hub_name not in blocked else []
        name = _beside(one.badge, one.mark.name, frame, blocked, leaders, ways)
        blocked += [name] if name else []
        named.append(Placed(one.mark, one.number, one.moved, name))
    return Layout(hub_box, hub_name, tuple(named))


def _numbers(partners: Sequence[Mark], frame: Box, blocked: Sequence[Box]) -> list[Placed]:
    """Every number on its place if nothing else is there, else as near as there is room."""
    home = boxes([square(mark.spot, BADGE) for mark in partners])
    hits = meeting(home, boxes([square(mark.spot, BADGE) for mark in partners], GAP)).sum(axis=1) > 1
    hits |= meeting(home, boxes(blocked, GAP)).any(axis=1) | ~within(home, frame)
    placed = {index: Placed(mark, mark.spot, False) for index, mark in enumerate(partners) if not hits[index]}
    crowd = [index for index in range(len(partners)) if hits[index]]
    for index in sorted(crowd, key=lambda one: -dist(partners[one].spot, _middle(partners[one], partners))):
        dots = [square(partners[other].spot, DOT) for other in crowd if other != index]
        taken = [*blocked, *dots, *(one.badge for one in placed.values())]
        leaders = [one.leader for one in placed.values() if one.moved]
        number = _nearest_room(partners[index], _middle(partners[index], partners), frame, taken, leaders)
        placed[index] = Placed(partners[index], number, number != partners[index].spot)
    return [placed[index] for index in range(len(partners))]


def _middle(mark: Mark, partners: Sequence[Mark]) -> Spot:
    """The middle of the crowd that a place is in."""
    near = [other.spot for other in partners if dist(mark.spot, other.spot) < CROWD]
    return sum(x for x, _ in near) / len(near), sum(y for _, y in near) / len(near)


def _nearest_room(mark: Mark, middle: Spot, frame: Box, taken: Sequence[Box], leaders: Sequence[Line]) -> Spot:
    """The best spot for a number: near, on the side away from its crowd, with a line that crosses nothing."""
    spots = STEPS + mark.spot
    squares = np.hstack([spots - BADGE / 2, spots + BADGE / 2])
    free = within(squares, frame) & ~meeting(squares, boxes(taken, GAP)).any(axis=1)
    outward = STEPS @ (np.array(mark.spot) - middle) / max(dist(mark.spot, middle), 1.0) / np.maximum(FAR, 1.0)
    costs = np.where(free, FAR * (1.3 - 0.3 * outward), np.inf)
    best = np.argsort(costs, kind="stable")[: min(LOOKED_AT, int(free.sum()))]
    if not len(best):
        return mark.spot  # more numbers than the picture has room for
    lines = np.hstack([np.broadcast_to(mark.spot, (len(best), 2)), spots[best]])
    # What the place itself lies in cannot be kept clear of.
    ahead = boxes([box for box in taken if not holds(box, mark.spot)])
    crosses = crossed(ahead, lines).any(axis=0) | crossing(lines, boxes(leaders)).any(axis=1)
    x, y = spots[best[int(np.argmin(crosses))]].tolist()
    return x, y


def _beside(
    box: Box, size: Size | None, frame: Box, blocked: Sequence[Box], leaders: Sequence[Line], ways: Sequence[Line]
) -> Box | None:
    """A box for a name beside its mark, where the fewest ways and marks are; None where there is no room."""
    if size is None:
        return None
    width, height = size
    left, top, right, bottom = box[0] - BESIDE - width, box[1] - height, box[2] + BESIDE, box[3]
    middle, level = (box[0] + box[2] - width) / 2, (box[1] + box[3] - height) / 2
    corners = [(right, level), (left, level), (middle, bottom + GAP), (middle, top - GAP)]
    corners += [
        (right, top + height / 2),
        (right, bottom - height / 2),
        (left, top + height / 2),
        (left, bottom - height / 2),
    ]
    names = [(x, y, x + width, y + height) for x, y in corners]
    rows = boxes(names)
    others = [other for other in blocked if other != box]
    free = within(rows, frame) & ~meeting(rows, boxes(others, GAP)).any(axis=1)
    free &= ~crossed(rows, boxes(leaders)).any(axis=1)
    # So near to another mark, a name may be read as that one's.
    unclear = meeting(rows, boxes(others, NEAR)).sum(axis=1)
    costs = np.where(free, crossed(rows, boxes(ways)).sum(axis=1) + unclear, np.inf)
    best = int(np.argmin(costs))
    return names[best] if free[best] else None
