"""Files of ties: read line by line, nothing in them lost or run as a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plain_text import visible
from bot.ties.files import COLUMNS, OPTIONAL, BadFile, Fault, Line, read_lines, written

HEADER = ",".join(COLUMNS)
NO_UTF_8 = "this is not UTF-8 text. Save the file as “CSV UTF-8”."
NO_HEADER = f"line 1: there is no header. The columns are: {', '.join(COLUMNS)}."
WORDS = ["Laredo", "Texas", "US", "1", "Nuevo Laredo", "", "MX", "2", "sister", "1982", "active", "", "", "x:2026", "a"]
ROW = ",".join(WORDS)
CELLS = dict.fromkeys(COLUMNS + OPTIONAL, "") | dict(zip(COLUMNS, WORDS, strict=True))

cells = st.text(max_size=40).map(visible) | st.sampled_from(
    ["=1+1", "'=x", "''@a", "-5", "+1 205", "'t Zand", '"', ";"]
)


def faults_of(content: bytes) -> list[str]:
    """What is wrong with a file, or with its lines."""
    try:
        _, faults = read_lines(content)
    except BadFile as bad:
        return str(bad).split("\n")
    return [str(fault) for fault in faults]


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, cells)), max_size=4))
def test_what_was_written_is_read_again(rows: list[dict[str, str]]) -> None:
    lines, faults = read_lines(written(dict[str, str | None](row) for row in rows).encode())
    filled = [row for row in rows if any(row.values())]
    assert [{name: line.cells[name] for name in COLUMNS} for line in lines] == filled
    assert faults == []


@pytest.mark.parametrize(
    ("cell", "stored"),
    [("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("'=1", "''=1"), ("'s", "'s")],
)
def test_nothing_in_a_file_is_a_formula(cell: str, stored: str) -> None:
    text = written([dict[str, str | None](CELLS) | {"notes": cell}])
    assert text == f"{HEADER}\n{ROW.removesuffix('a')}{stored}\n"
    [line], _ = read_lines(text.encode())
    assert line.cells["notes"] == cell


def test_a_missing_value_is_an_empty_cell() -> None:
    assert written([dict.fromkeys(COLUMNS, None)]) == f"{HEADER}\n{',' * 14}\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_files_are_read_as_spreadsheets_write_them(delimiter: str, mark: str, end: str) -> None:
    text = mark + end.join([HEADER, ROW, ROW]).replace(",", delimiter)
    assert read_lines(text.encode()) == ([Line(2, CELLS), Line(3, CELLS)], [])


def test_a_mark_before_a_header_in_quotes_is_no_part_of_it() -> None:
    text = "\ufeff" + ",".join(f'"{name}"' for name in COLUMNS) + f"\n{ROW}\n"
    assert read_lines(text.encode()) == ([Line(2, CELLS)], [])


def test_columns_may_come_in_any_order_and_with_those_for_new_places() -> None:
    names = ["Remove", *reversed(COLUMNS), "latitude"]
    text = ",".join(names) + "\nyes," + ",".join(reversed(WORDS)) + ",-26.5\n"
    assert read_lines(text.encode()) == ([Line(2, CELLS | {"remove": "yes", "latitude": "-26.5"})], [])


def test_a_line_is_counted_as_an_editor_counts_it() -> None:
    two = ROW.removesuffix("a") + '"a\nb"'
    text = f"{HEADER}\n\n{two}\n{',' * 14}\n{ROW}\n1,2\n"
    lines, faults = read_lines(text.encode())
    assert lines == [Line(3, CELLS | {"notes": "a b"}), Line(6, CELLS)]
    assert faults == [Fault(7, "2 cells, but the header has 15 columns.")]


def test_what_cannot_be_seen_or_stored_is_left_out() -> None:
    lines, _ = read_lines(f"{HEADER}\n{ROW}\x00\u202e\u200b \n".encode())
    assert lines == [Line(2, CELLS)]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (f"{HEADER}\n{ROW}\nK\xf6ln".encode("latin-1"), [f"line 3: {NO_UTF_8}"]),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), [f"line 1: {NO_UTF_8}"]),
        (b"", [NO_HEADER]),
        (b"\n\n", [NO_HEADER]),
        (ROW.encode(), [NO_HEADER]),
        (
            HEADER.replace("kind,", "").replace("notes", "remarks").encode() + b",city",
            [
                "line 1: the column “kind” is missing.",
                "line 1: the column “notes” is missing.",
                "line 1: the column “remarks” is none that I know.",
                "line 1: the column “city” comes twice.",
            ],
        ),
        (f"{HEADER}\n{ROW},\n{ROW[:-2]}".encode(), [
            "line 2: 16 cells, but the header has 15 columns.",
            "line 3: 14 cells, but the header has 15 columns.",
        ]),
        (f"{HEADER}\n{ROW}{'x' * 1001}\n{ROW}".encode(), ["line 2: a cell is longer than 1,000 characters."]),
        (f'{HEADER}\n{ROW}\n{ROW.removesuffix("a")}"a\n{ROW}\n{ROW}\n'.encode(), [
            "line 3: from here on the file cannot be read: unexpected end of data. Look at its quotes."
        ]),
        (
            f"{HEADER}\n".encode() + b"\n" * 100_000,
            ["line 1: the file is too large: more than 100,000 lines. Import it in parts."],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(content: bytes, faults: list[str]) -> None:
    assert faults_of(content) == faults


@given(st.binary(max_size=200), st.booleans())
def test_no_file_brings_the_reader_down(content: bytes, headed: bool) -> None:
    faults = faults_of((f"{HEADER}\n".encode() if headed else b"") + content)
    assert [fault for fault in faults if not fault.startswith("line ")] == []
