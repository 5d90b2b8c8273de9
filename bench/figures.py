"""What a benchmark reports."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured value of one subject; `ratio` is the value over that of the subject called "ours"."""

    subject: str
    figure: str
    value: float
    unit: str
    ratio: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The figure as JSON wants it."""
        return asdict(self)


def with_ratios(figures: Sequence[Figure]) -> list[Figure]:
    """The same figures, each with its ratio to ours."""
    ours = {figure.figure: figure.value for figure in figures if figure.subject == "ours"}

    def ratio(figure: Figure) -> float | None:
        base = ours.get(figure.figure)
        return round(figure.value / base, 3) if base else None

    return [Figure(f.subject, f.figure, f.value, f.unit, ratio(f)) for f in figures]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table: a line a subject, each value with its ratio to ours."""
    names = list(dict.fromkeys(f"{figure.figure} ({figure.unit})" for figure in figures))
    cells = {(f.subject, f"{f.figure} ({f.unit})"): f"{f.value:g}  {f.ratio or 1:g}x" for f in figures}
    rows = [["", *names]]
    rows += [
        [who, *(cells.get((who, name), "") for name in names)] for who in dict.fromkeys(f.subject for f in figures)
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
