"""Boxes and lines on a picture, in pixels, y downwards."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Spot = tuple[float, float]
Size = tuple[float, float]
Line = tuple[float, float, float, float]  # from x, y to x, y
Way = tuple[Spot, ...]
Box = tuple[float, float, float, float]  # left, top, right, bottom
Boxes = npt.NDArray[np.float64]  # a box a row


def square(spot: Spot, side: float) -> Box:
    """A square around a spot."""
    return spot[0] - side / 2, spot[1] - side / 2, spot[0] + side / 2, spot[1] + side / 2


def holds(box: Box, spot: Spot) -> bool:
    """Whether a spot lies in a box."""
    return box[0] <= spot[0] <= box[2] and box[1] <= spot[1] <= box[3]


def grown(box: Box, margin: float) -> Box:
    """A box made wider on every side, or narrower by a negative margin."""
    return box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin


def around(spots: Sequence[Spot]) -> Box:
    """The smallest box that holds all spots."""
    rows = np.array(spots)
    (left, top), (right, bottom) = rows.min(axis=0).tolist(), rows.max(axis=0).tolist()
    return left, top, right, bottom


def boxes(some: Sequence[Box], margin: float = 0.0) -> Boxes:
    """Boxes as rows, each wider by a margin on every side."""
    rows: Boxes = np.array(some, dtype=np.float64).reshape(-1, 4)
    return np.asarray(rows + np.array([-margin, -margin, margin, margin]))


def within(some: Boxes, frame: Box) -> npt.NDArray[np.bool_]:
    """Which of the boxes lie wholly in the frame."""
    left, top, right, bottom = frame
    return np.asarray((some[:, 0] >= left) & (some[:, 1] >= top) & (some[:, 2] <= right) & (some[:, 3] <= bottom))


def meeting(some: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
    """A row for each of the boxes: which of the others have something in common with it."""
    one, other = some[:, None, :], others[None, :, :]
    across = (one[..., 0] < other[..., 2]) & (other[..., 0] < one[..., 2])
    return np.asarray(across & (one[..., 1] < other[..., 3]) & (other[..., 1] < one[..., 3]))


def crossed(some: Boxes, lines: Boxes) -> npt.NDArray[np.bool_]:
    """A row for each of the boxes: which of the lines (rows from x, y to x, y) run through it."""
    start, way = lines[None, :, :2], lines[None, :, 2:] - lines[None, :, :2]
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    one, other = (some[:, None, :2] - start) / way, (some[:, None, 2:] - start) / way
    enters, leaves = np.minimum(one, other).max(axis=2), np.maximum(one, other).min(axis=2)
    return np.asarray((enters < leaves) & (leaves > 0) & (enters < 1))


def crossing(lines: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
    """A row for each of the lines: which of the others it crosses, not only touches."""

    def sides(some: Boxes, spots: Boxes) -> Boxes:
        """On which side of each line each spot is: above zero to the right of it, below zero to the left."""
        way, away = some[:, None, 2:] - some[:, None, :2], spots[None] - some[:, None, :2]
        return np.asarray(way[..., 0] * away[..., 1] - way[..., 1] * away[..., 0])

    apart = sides(lines, others[:, :2]) * sides(lines, others[:, 2:]) < 0
    return np.asarray(apart & (sides(others, lines[:, :2]) * sides(others, lines[:, 2:]) < 0).T)
