"""Which partners are such close neighbours that they need a map of their own."""

from collections.abc import Sequence
from math import dist

from bot.ui.map.boxes import Box, Spot, around, boxes, grown, holds, meeting, square
from bot.ui.map.labels import BADGE

FEWEST = 5  # numbers that are in each other's way; fewer can step aside
NEIGHBOURS = 45.0  # pixels; places so near to each other belong to one crowd
PADDING = 14.0  # pixels around the crowd


def crowd_of(spots: Sequence[Spot]) -> list[int]:
    """The places of the largest crowd and all others within its box, by their index; none if it is small."""
    badges = boxes([square(spot, BADGE) for spot in spots])
    in_the_way = (meeting(badges, badges).sum(axis=1) > 1).tolist()
    crowds: list[list[int]] = []
    for index, spot in enumerate(spots):
        near = [crowd for crowd in crowds if any(dist(spot, spots[other]) < NEIGHBOURS for other in crowd)]
        crowds = [crowd for crowd in crowds if crowd not in near] + [[index, *(one for crowd in near for one in crowd)]]
    crowd = max(crowds, key=lambda some: sum(in_the_way[one] for one in some), default=[])
    if sum(in_the_way[one] for one in crowd) < FEWEST:
        return []
    part = box_of([spots[one] for one in crowd])
    return [index for index, spot in enumerate(spots) if holds(part, spot)]


def box_of(spots: Sequence[Spot]) -> Box:
    """The part of the map in which a crowd is."""
    return grown(around(spots), PADDING)
