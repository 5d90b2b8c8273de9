"""Ties as a file for spreadsheets: CSV with a header line; what is wrong in one is said with its line number."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.plain_text import visible

COLUMNS = (
    *("city", "region", "country", "place_id"),
    *("partner", "partner_region", "partner_country", "partner_place_id"),
    *("kind", "signed", "state", "as_of", "confidence", "sources", "notes"),
)
# For a place that is not in the list yet, and for taking a correction back. They may be left out.
OPTIONAL = ("latitude", "longitude", "timezone", "partner_latitude", "partner_longitude", "partner_timezone", "remove")
DELIMITERS = ",;\t"  # spreadsheets write a semicolon where the comma is the decimal mark
MOST_LINES, MOST_BYTES = 100_000, 50_000_000
LONGEST_CELL = 1_000

# A spreadsheet takes a cell that begins so for a formula, so it gets an apostrophe, and loses it when it is read.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
GUARDED_FORMULA = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file: column → text on one line; `number` is the line of the file on which it begins, from 1."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line of a file."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}"


class BadFile(Exception):
    """A file that cannot be taken, with everything that is wrong in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(map(str, self.faults)))


def written(rows: Iterable[dict[str, str | None]]) -> str:
    """The rows as CSV with the header of `COLUMNS`; None is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_guarded(row[column] or "") for column in COLUMNS] for row in rows)
    return text.getvalue()


def read_lines(content: bytes) -> tuple[list[Line], list[Fault]]:
    """The rows of a file, empty ones left out, and the faults of those that are no rows.

    Raises BadFile where nothing can be made of the whole: no UTF-8, too large, wrong columns.
    """
    text = _decoded(content)
    head = text.splitlines()[0] if text.strip() else ""
    records = _records(text, max(DELIMITERS, key=head.count))
    columns = _columns(next(records, (1, [])))
    lines: list[Line] = []
    faults: list[Fault] = []
    for number, record in records:
        if isinstance(record, str):
            faults.append(Fault(number, record))
        elif not any(cell.strip() for cell in record):
            continue
        elif len(record) != len(columns):
            faults.append(Fault(number, f"{len(record)} cells, but the header has {len(columns)} columns."))
        elif max(map(len, record)) > LONGEST_CELL:
            faults.append(Fault(number, f"a cell is longer than {LONGEST_CELL:,} characters."))
        else:
            cells = [visible(_bare(cell)) for cell in record]
            lines.append(
                Line(number, dict.fromkeys((*COLUMNS, *OPTIONAL), "") | dict(zip(columns, cells, strict=True)))
            )
    return lines, faults


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES or content.count(b"\n") > MOST_LINES:
        raise BadFile([Fault(1, f"the file is too large: more than {MOST_LINES:,} lines. Import it in parts.")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        advice = "Save the file as “CSV UTF-8”."
        raise BadFile([Fault(number, f"this is not UTF-8 text. {advice}")]) from None


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with the line on which it begins; a sentence for the one at which the file cannot be read on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, f"from here on the file cannot be read: {error}. Look at its quotes."
            return


def _columns(first: tuple[int, list[str] | str]) -> list[str]:
    number, record = first
    columns = [visible(cell).casefold() for cell in record] if isinstance(record, list) else []
    faults = [f"the column “{name}” is missing." for name in COLUMNS if name not in columns]
    if len(faults) == len(COLUMNS):
        faults = [f"there is no header. The columns are: {', '.join(COLUMNS)}."]
    else:
        unknown = [name for name in columns if name not in (*COLUMNS, *OPTIONAL)]
        faults += [f"the column “{name}” is none that I know." for name in unknown]
        faults += [f"the column “{name}” comes twice." for name in COLUMNS + OPTIONAL if columns.count(name) > 1]
    if faults:
        raise BadFile(Fault(number, fault) for fault in faults)
    return columns


def _guarded(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if GUARDED_FORMULA.match(cell) else cell
