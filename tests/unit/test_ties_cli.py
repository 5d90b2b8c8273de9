"""`main.py ties …` and `main.py doctor --data`, as an operator meets them."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.unit.test_command_line import Ended, Shell

RESTART = "Restart the bot: it reads places and ties when it starts.\n"
HEADER = (
    "city;region;country;place_id;partner;partner_region;partner_country;partner_place_id;"
    "kind;signed;state;as_of;confidence;sources;notes\n"
)
OSLO = "Birmingham;Alabama;US;;Oslo;;NO;;friendship;2026-05;active;;;;By the mayors\n"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty folder to run commands in."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return Shell(folder)


async def test_ties_go_out_to_a_file_and_in_again(shell: Shell, database_url: str) -> None:
    out = await shell.run("ties", "export", "all.csv", DATABASE_URL=database_url)
    shown = await shell.run("ties", "export", DATABASE_URL=database_url, PYTHONIOENCODING="ascii")
    back = await shell.run("ties", "import", "all.csv", DATABASE_URL=database_url)
    content = (shell.folder / "all.csv").read_text(encoding="utf-8")

    assert (out, shown) == (Ended(0, "", ""), Ended(0, content, ""))
    assert content.count("\n") == 2_805
    assert back == Ended(0, "0 new, 0 changed, 0 removed, 2,804 unchanged.\n", "")


async def test_a_correction_is_rehearsed_made_and_shown(shell: Shell, sqlite_url: str) -> None:
    (shell.folder / "oslo.csv").write_text("\ufeff" + HEADER + OSLO, encoding="utf-8")
    rehearsed = await shell.run("ties", "import", "oslo.csv", "--dry-run", DATABASE_URL=sqlite_url)
    made = await shell.run("ties", "import", "-", typed=(HEADER + OSLO).encode(), DATABASE_URL=sqlite_url)
    ours, servers, looked = await asyncio.gather(
        shell.run("ties", "export", "--corrections", DATABASE_URL=sqlite_url),
        shell.run("ties", "export", "--server", "1", DATABASE_URL=sqlite_url),
        shell.run("lookup", "oslo", DATABASE_URL=sqlite_url),
    )

    counts = "1 new, 0 changed, 0 removed, 0 unchanged.\n"
    assert rehearsed == Ended(0, f"{counts}Nothing was written.\n", "")
    assert made == Ended(0, counts + RESTART, "")
    assert ours.output == HEADER.replace(";", ",") + (
        "Birmingham,Alabama,US,4049979,Oslo,,NO,3143244,friendship,2026-05,active,,confirmed,"
        f"{ours.output.split(',')[-2]},By the mayors\n"
    )
    assert servers == Ended(0, HEADER.replace(";", ","), "")
    assert [line for line in looked.output.split("\n") if line.startswith("- Birmingham, Alabama, US")] != []


async def test_a_file_with_faults_changes_nothing(shell: Shell, sqlite_url: str) -> None:
    wrong = HEADER + OSLO + OSLO.replace("Oslo", "Qqqq") + OSLO.replace("friendship", "twin")
    ended = await shell.run("ties", "import", "-", typed=wrong.encode(), DATABASE_URL=sqlite_url)
    after = await shell.run("ties", "export", "--corrections", DATABASE_URL=sqlite_url)

    assert ended == Ended(
        1,
        "",
        "line 3: there is no Qqqq, NO in the list. To add it, give its latitude, longitude and timezone.\n"
        "line 4: “twin” under kind: give sister, friendship, partner, pact or unknown.\n"
        "Nothing was imported.\n",
    )
    assert after.output == HEADER.replace(";", ",")


async def test_a_file_that_is_not_there_is_named(shell: Shell, sqlite_url: str) -> None:
    read, written = await asyncio.gather(
        shell.run("ties", "import", "none.csv", DATABASE_URL=sqlite_url),
        shell.run("ties", "export", "none/x.csv", DATABASE_URL=sqlite_url),
    )
    assert read == Ended(1, "", "none.csv cannot be read: No such file or directory.\n")
    assert written == Ended(1, "", "none/x.csv cannot be written: No such file or directory.\n")


@pytest.mark.parametrize("number", ["mine", "-1", "9223372036854775808"])
async def test_what_is_no_servers_id_is_refused(shell: Shell, number: str) -> None:
    ended = await shell.run("ties", "export", f"--server={number}")
    assert (ended.status, ended.output) == (2, "")
    assert ended.errors.endswith("--server: a server's id is a number, as Discord's developer mode copies it\n")


async def test_doctor_reports_doubtful_data(shell: Shell, database_url: str) -> None:
    few, everything, lines = await asyncio.gather(
        shell.run("doctor", "--data", DATABASE_URL=database_url),
        shell.run("doctor", "--data", "--verbose", DATABASE_URL=database_url),
        shell.run("doctor", "--data", "--json", DATABASE_URL=database_url),
    )
    objects = [json.loads(line) for line in lines.output.splitlines()]

    assert [ended.status for ended in (few, everything, lines)] == [0, 0, 0]
    assert [ended.errors for ended in (few, everything, lines)] == ["", "", ""]
    heads = [line for line in everything.output.splitlines() if not line.startswith("  ")]
    assert heads == [line for line in few.output.splitlines() if not line.startswith("  ")]
    assert heads == [f"{one['count']:,} {one['finding']}: {one['meaning']}" for one in objects]
    about = [f"  {line}" for one in objects for line in one["about"]]
    assert [line for line in everything.output.splitlines() if line.startswith("  ")] == about
    assert "0 self-loops: a place tied to itself" in heads


async def test_doctor_has_no_data_to_report_before_the_first_run(shell: Shell) -> None:
    ended = await shell.run("doctor", "--data")
    wrong = await shell.run("doctor", "--data", DATABASE_URL="mysql://bot@h/n")

    assert ended == Ended(1, "", "The database is empty: the first `main.py run` fills it.\n")
    assert (wrong.status, wrong.output, wrong.errors.partition(":")[0]) == (2, "", "DATABASE_URL")
    assert list(shell.folder.iterdir()) == []


async def test_doctor_says_so_if_the_data_cannot_be_read(shell: Shell) -> None:
    (shell.folder / "sister_city_bot.db").write_text("Dear diary, " * 100, encoding="utf-8")
    ended = await shell.run("doctor", "--data")

    assert (ended.status, ended.output) == (1, "")
    assert ended.errors.endswith("cannot be used (file is not a database): check DATABASE_URL and its server.\n")
