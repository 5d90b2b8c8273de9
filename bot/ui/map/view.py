"""From latitudes and longitudes to pixels: which part of the Earth a map shows, and in which projection."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.lookup.geography import Point, great_circle, near
from bot.ui.map.boxes import Box, Spot, Way

Numbers = npt.NDArray[np.float64]

REGION = 180.0  # degrees of longitude that the ways may span to be shown as one region
MERCATOR_SPAN, MERCATOR_LATITUDE = 40.0, 66.0  # a region this small keeps its shape best in Mercator's projection
CLOSEST, ALONE = 50.0, 20.0  # pixels a degree: closer up the coast would show its corners; a place by itself
POLE = 1.4224  # where the Natural Earth projection has the poles


@dataclass(frozen=True, slots=True)
class View:
    """A map: `centre` is the longitude in its middle, `scale` pixels a radian, (left, top) the projected corner."""

    centre: float
    mercator: bool
    scale: float
    left: float
    top: float

    def pixels(self, latitudes: Numbers, longitudes: Numbers) -> tuple[Numbers, Numbers]:
        """Where points lie; their longitudes run on from the centre: one beyond 180 degrees from it is off the map."""
        x, y = project(self.mercator, latitudes, longitudes - self.centre)
        return (x - self.left) * self.scale, (self.top - y) * self.scale

    def spot(self, point: Point) -> Spot:
        """Where one point lies."""
        x, y = self.pixels(np.array([point[0]]), np.array([near(point[1], self.centre)]))
        return float(x[0]), float(y[0])

    def latitude(self, y: float) -> float:
        """The latitude at a height on a map in Mercator's projection."""
        return float(np.degrees(np.arctan(np.sinh(self.top - y / self.scale))))

    def way(self, start: Point, end: Point) -> Way:
        """The great circle from one point to another, in one piece.

        It need not be cut where the map ends: in a map about the hub no way from there goes beyond half a turn, and
        a map about another longitude is made of a region only.
        """
        points = great_circle(start, end, 1.0 if self.mercator else 1.5)
        longitudes = np.array([point[1] for point in points])
        turns = np.rint((longitudes[[0, -1]] - self.centre) / 360)
        closest = int(np.argmin(np.abs(longitudes[[0, -1]] - 360 * turns - self.centre)))
        x, y = self.pixels(np.array([point[0] for point in points]), longitudes - 360 * turns[closest])
        return tuple(zip(x.tolist(), y.tolist(), strict=True))


def project(mercator: bool, latitudes: Numbers, longitudes: Numbers) -> tuple[Numbers, Numbers]:
    """Points on the plane, in radians at the equator, y to the north; longitudes count from the map's centre.

    Mercator's projection, else the polynomials of the Natural Earth projection (Šavrič and others, 2011).
    """
    phi, x = np.radians(latitudes), np.radians(longitudes)
    if mercator:
        return x, np.arctanh(np.sin(np.clip(phi, -1.48, 1.48)))
    squared = phi * phi
    fourth = squared * squared
    width = 0.8707 - 0.131979 * squared + fourth * (-0.013791 + fourth * squared * (0.003971 - 0.001529 * squared))
    height = 1.007226 + squared * (0.015085 + fourth * (-0.044475 + 0.028874 * squared - 0.005916 * fourth))
    return x * width, phi * height


def view_of_ways(hub: Point, partners: Sequence[Point], area: Box) -> View:
    """The map that shows the hub, the partners and the ways to them in an area, as large as they fit.

    A region is shown by itself, the world with the hub's longitude in the middle.
    """
    points = [point for partner in partners for point in great_circle(hub, partner, 4.0)] or [hub]
    longitudes = [point[1] for point in points]
    span = max(longitudes) - min(longitudes)
    if span > REGION:
        # The same again on the other side, so that the hub comes to the middle.
        points += [(latitude, 2 * hub[1] - longitude) for latitude, longitude in points]
        return _fitted(points, hub[1], False, area)
    return view_of_region(points, area)


def view_of_region(points: Sequence[Point], area: Box) -> View:
    """The map that shows points, whose longitudes run on, in an area as large as they fit."""
    longitudes, latitudes = [point[1] for point in points], [abs(point[0]) for point in points]
    small = max(longitudes) - min(longitudes) <= MERCATOR_SPAN and max(latitudes) <= MERCATOR_LATITUDE
    return _fitted(points, (min(longitudes) + max(longitudes)) / 2, small, area)


def _fitted(points: Sequence[Point], centre: float, mercator: bool, area: Box) -> View:
    x, y = project(mercator, np.array([p[0] for p in points]), np.array([p[1] for p in points]) - centre)
    west, east, south, north = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    width, height = area[2] - area[0], area[3] - area[1]
    closest = float(np.degrees(CLOSEST if len(points) > 1 else ALONE))
    scale = min(width / max(east - west, 1e-9), height / max(north - south, 1e-9), closest)
    left = (west + east) / 2 - (area[0] + width / 2) / scale
    top = (south + north) / 2 + (area[1] + height / 2) / scale
    if not mercator:
        top = _without_void(top, scale, area)
    return View(near(centre, 0.0), mercator, scale, left, top)


def _without_void(top: float, scale: float, area: Box) -> float:
    """The top of a map, moved so that it ends at a pole; where both poles are seen they are as far from its edges."""
    whole = (area[1] + area[3]) / scale  # the picture is as much higher than the area below as above
    spare = whole - 2 * POLE
    return POLE + spare / 2 if spare > 0 else min(max(top, whole - POLE), POLE)
