"""The land of the Earth as polygons on a map."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.ui.map.boxes import Size
from bot.ui.map.view import Numbers, View

LAND = Path(__file__).with_name("data") / "land.npz"
SMALLEST = 0.5  # pixels; less of an island is not seen


@dataclass(frozen=True, slots=True)
class Land:
    """Every ring in one row of points; `starts` are the first points of the rings, the largest ring first."""

    latitudes: Numbers
    longitudes: Numbers
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    holes: npt.NDArray[np.bool_]


@cache
def load_land() -> Land:
    """Read the land from its file, once: about 1 MB in memory."""
    with np.load(LAND) as file:
        points = np.cumsum(file["steps"], axis=0, dtype=np.int16) / 100
        ends = file["ends"].astype(np.int64)
        return Land(points[:, 1], points[:, 0], np.concatenate([[0], ends[:-1]]), ends, file["holes"])


def polygons(view: View, size: Size) -> Iterator[tuple[Numbers, bool]]:
    """The rings that reach into a picture as rows of x and y in pixels, and whether each is a hole.

    The Earth is laid out three times, once around to either side, so nothing has to be cut where it ends; what lies
    beyond its edge is left to the drawing to cover.
    """
    land = load_land()
    for turn in (-360.0, 0.0, 360.0):
        x, y = view.pixels(land.latitudes, land.longitudes + turn)
        left, right = np.minimum.reduceat(x, land.starts), np.maximum.reduceat(x, land.starts)
        top, bottom = np.minimum.reduceat(y, land.starts), np.maximum.reduceat(y, land.starts)
        seen = (right >= 0) & (left <= size[0]) & (bottom >= 0) & (top <= size[1])
        seen &= (right - left > SMALLEST) | (bottom - top > SMALLEST)
        for ring in np.flatnonzero(seen).tolist():
            part = slice(land.starts[ring], land.ends[ring])
            yield np.column_stack([x[part], y[part]]), bool(land.holes[ring])
