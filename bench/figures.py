"""What a benchmark reports: figures with their ratio to ours, as JSON or as tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

OURS = "ours"


@dataclass(frozen=True)
class Figure:
    """One measured value of one subject, of one kind of input or, with an empty kind, of all together.

    `ratio` is the value over that of ours in the same run, None where there is none to compare with.
    """

    bench: str
    subject: str
    figure: str
    value: float
    unit: str
    ratio: float | None = None
    kind: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The figure as JSON wants it."""
        return {
            "bench": self.bench,
            "subject": self.subject,
            "figure": f"{self.figure} {self.kind}".strip(),
            "value": self.value,
            "unit": self.unit,
            "ratio": self.ratio,
        }


def ratio_of(value: float, ours: float | None) -> float | None:
    """The value over ours, with three digits; None where ours is nothing or not known."""
    return float(f"{value / ours:.3g}") if ours else None


def tables(figures: Sequence[Figure]) -> str:
    """For each benchmark a line a subject, then, where there are figures by kind, a line a kind."""
    parts = []
    for bench in dict.fromkeys(figure.bench for figure in figures):
        mine = [figure for figure in figures if figure.bench == bench]
        whole = [((f.subject, f"{f.figure} ({f.unit})"), _cell(f)) for f in mine if not f.kind]
        by_kind = [((f.kind, f"{f.subject} {f.figure}"), f"{f.value:g}") for f in mine if f.kind]
        parts += [_table(title, cells) for title, cells in ((bench, whole), (f"{bench}, by kind", by_kind)) if cells]
    return "\n\n".join(parts)


def _cell(figure: Figure) -> str:
    return f"{figure.value:g}" if figure.ratio is None else f"{figure.value:g}  {figure.ratio:g}x"


def _table(title: str, cells: Sequence[tuple[tuple[str, str], str]]) -> str:
    known = dict(cells)
    names = list(dict.fromkeys(column for (_, column), _ in cells))
    lines = dict.fromkeys(line for (line, _), _ in cells)
    rows = [[title, *names], *([line, *(known.get((line, name), "") for name in names)] for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
