"""Distances and ways on the globe, which is taken as a ball: good to half a per cent."""

from math import asin, atan2, ceil, cos, degrees, hypot, radians, sin, sqrt

from bot.lookup.places import Place

EARTH_KM = 6371.0088  # mean radius
KM_IN_A_MILE = 1.609344

Point = tuple[float, float]  # latitude and longitude in degrees


def point_of(place: Place) -> Point | None:
    """Where a place lies, None where that is not known."""
    if place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def distance_km(a: Place, b: Place) -> float | None:
    """Kilometres between two places as the crow flies, None where one of them has no coordinates."""
    start, end = point_of(a), point_of(b)
    return None if start is None or end is None else EARTH_KM * angle(start, end)


def miles(km: float) -> float:
    """Kilometres as miles."""
    return km / KM_IN_A_MILE


def angle(a: Point, b: Point) -> float:
    """The angle between two points seen from the middle of the Earth, in radians: 0 to pi."""
    latitude_a, latitude_b = radians(a[0]), radians(b[0])
    across = sin((latitude_b - latitude_a) / 2) ** 2
    along = cos(latitude_a) * cos(latitude_b) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * asin(min(1.0, sqrt(across + along)))


def great_circle(a: Point, b: Point, step: float = 1.5) -> list[Point]:
    """The shortest way from a to b, both included, in points at most `step` degrees apart.

    Longitudes run on past ±180 instead of jumping, so that neighbours are never more than half a turn apart.
    Between antipodes every way is as short; one over the north pole is taken.
    """
    whole = angle(a, b)
    pieces = max(1, ceil(degrees(whole) / step))
    start, end = _vector(a), _vector(b)
    if sin(whole) < 1e-6:
        over = (90.0, a[1]) if abs(a[0]) < 89 else (0.0, a[1])
        return [a, b] if whole < 1 else [*great_circle(a, over, step), *great_circle(over, b, step)[1:]]
    points, unit = [a], sin(whole)
    for piece in range(1, pieces):
        one, other = sin(whole - whole * piece / pieces) / unit, sin(whole * piece / pieces) / unit
        x, y, z = one * start[0] + other * end[0], one * start[1] + other * end[1], one * start[2] + other * end[2]
        points.append((degrees(atan2(z, hypot(x, y))), near(degrees(atan2(y, x)), points[-1][1])))
    return [*points, (b[0], near(b[1], points[-1][1]))]


def near(longitude: float, to: float) -> float:
    """The same meridian, counted so that it is at most half a turn from `to`."""
    return to + (longitude - to + 180) % 360 - 180


def _vector(point: Point) -> tuple[float, float, float]:
    latitude, longitude = radians(point[0]), radians(point[1])
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)
