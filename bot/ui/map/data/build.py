"""Makes `land.npz` from the file `land-50m.json` of the npm package world-atlas; README.md beside it says how.

python bot/ui/map/data/build.py path/to/land-50m.json
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

LAND = Path(__file__).with_name("land.npz")
UNITS = 100  # in a degree; a coast drawn for 1:50,000,000 is no finer

Ring = npt.NDArray[np.float64]  # rows of longitude and latitude in degrees


def main(source: Path) -> None:
    """Convert the land of a TopoJSON file; the largest rings first, so that an island in a lake lies on the lake."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    kept = [(ring, hole) for ring, hole in rings(topology, topology["objects"]["land"]) if area(ring) > 0]
    kept.sort(key=lambda pair: -area(pair[0]))
    points = np.concatenate([ring for ring, _ in kept]).astype(np.int16)
    np.savez_compressed(
        LAND,
        # Neighbours are close, so the steps are small numbers and pack to half the size.
        steps=np.diff(points, axis=0, prepend=np.zeros((1, 2), np.int16)),
        ends=np.cumsum([len(ring) for ring, _ in kept], dtype=np.int32),
        holes=np.array([hole for _, hole in kept]),
    )


def rings(topology: dict[str, Any], shape: dict[str, Any]) -> Iterator[tuple[npt.NDArray[np.int64], bool]]:
    """Every ring of a shape in hundredths of a degree, and whether it is a hole."""
    if shape["type"] == "GeometryCollection":
        for part in shape["geometries"]:
            yield from rings(topology, part)
        return
    arcs = [arc_points(topology, arc) for arc in topology["arcs"]]
    for polygon in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
        for number, parts in enumerate(polygon):
            # An arc that is used backwards has its number inverted; each begins where the one before ended.
            pieces = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in parts]
            ring = closed(unwrapped(np.concatenate(pieces)))
            whole = np.rint(ring * UNITS).astype(np.int64)
            moved = np.any(whole != np.roll(whole, 1, axis=0), axis=1)
            yield whole[moved], number > 0


def arc_points(topology: dict[str, Any], arc: list[list[int]]) -> Ring:
    """An arc in degrees; the file holds it as steps on a grid."""
    grid = np.cumsum(np.array(arc), axis=0)
    return np.asarray(grid * topology["transform"]["scale"] + topology["transform"]["translate"])


def unwrapped(ring: Ring) -> Ring:
    """The ring with longitudes that run on where they jumped from 180 to -180, its middle within those."""
    jumps = np.diff(ring[:, 0], prepend=ring[0, 0])
    longitudes = ring[:, 0] - 360 * np.cumsum(np.rint(jumps / 360))
    middle = (longitudes.min() + longitudes.max()) / 2
    return np.column_stack([longitudes - 360 * np.rint(middle / 360), ring[:, 1]])


def closed(ring: Ring) -> Ring:
    """A ring that went once around the Earth is Antarctica: it is led along the pole, back to where it began."""
    if abs(ring[-1, 0] - ring[0, 0]) < 180:
        return ring
    pole = np.linspace(ring[-1, 0], ring[0, 0], 73)
    return np.vstack([ring, np.column_stack([pole, np.full_like(pole, -90)])])


def area(ring: npt.NDArray[np.int64]) -> float:
    """The area a ring has on a flat map, good enough to put rings in order."""
    x, y = ring[:, 0].astype(float), ring[:, 1].astype(float)
    return abs(float(np.sum(x * np.roll(y, 1) - y * np.roll(x, 1)))) / 2


if __name__ == "__main__":
    main(Path(sys.argv[1]))
