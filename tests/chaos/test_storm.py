"""A storm: real processes answer one hot event and fifty others at random; afterwards the rows must add up.

Nobody is oversold, nobody overtaken, nobody promoted twice or in silence, nothing acknowledged is lost, and no member
is shown that a database is locked.
"""

import asyncio
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.events.rsvp import Given, Standing
from db.database import Database
from tests.answering import announce
from tests.invariants import Seen, check, notice_key, seen

PROJECT = Path(__file__).parents[2]
OTHERS, HOT_SEATS, SEATS = 50, 40, 6

Said = dict[str, Any]


@pytest.mark.parametrize(
    ("database_url", "processes", "operations"),
    [
        pytest.param("sqlite", 2, 600, id="sqlite-short"),
        pytest.param("postgresql", 3, 900, id="postgresql-short"),
        pytest.param("sqlite", 4, 5_000, id="sqlite", marks=pytest.mark.chaos),
        pytest.param("postgresql", 8, 20_000, id="postgresql", marks=pytest.mark.chaos),
    ],
    indirect=["database_url"],
)
async def test_a_storm_of_answers_leaves_every_row_right(
    database_url: str, database: Database, now: datetime, processes: int, operations: int
) -> None:
    usual = {"max_guests": 3}
    events = [await announce(database, now, capacity=HOT_SEATS, **usual)]
    events += [await announce(database, now, capacity=SEATS, **usual) for _ in range(OTHERS)]
    said = await storm(database_url, processes, operations // processes, events)
    assert [line for line in said if "error" in line] == []
    assert len(said) == operations // processes * processes
    async with database.read() as session:
        rows = {event_id: await seen(session, event_id) for event_id in events}
    for event_rows in rows.values():
        check(event_rows, now)
        turns = [int(key.split(":")[3]) for key in event_rows.notices]
        assert turns == sorted(set(turns)), f"promoted out of order: {turns}"
    hot = [line for line in said if line.get("event") == events[0]]
    assert [line for line in hot if line["taken"] > line["capacity"]] == [], (
        "oversold, and none of its seats was taken back"
    )
    promoted = check_acknowledged(said, rows)
    assert promoted > operations / 200, "too little happened to show anything"


def check_acknowledged(said: list[Said], rows: dict[int, Seen]) -> int:
    """Whatever a member was told last is in the rows, or a seat since then with its notice; how many of those."""
    last: dict[tuple[int, int], Said] = {}
    for line in said:
        if "user" in line:
            last[line["event"], line["user"]] = line
    answered = {(event_id, given.user_id) for event_id, event_rows in rows.items() for given in event_rows.answers}
    assert answered == {key for key, line in last.items() if line["standing"]}, "answers lost, or nobody's"
    promoted = 0
    for (event_id, user_id), line in last.items():
        if line["standing"] is None:
            continue
        given, event_rows = rows[event_id].by_user[user_id], rows[event_id]
        told = Given(user_id, Standing(line["standing"]), line["turn"], line["guests"])
        if given != told:
            assert told.standing is Standing.WAITING, f"told {told}, written {given}"
            assert given == told._replace(standing=Standing.GOING), f"told {told}, written {given}"
            assert event_rows.notices.count(notice_key(event_id, given)) == 1, f"promoted in silence: {given}"
            promoted += 1
    return promoted


async def storm(url: str, processes: int, operations: int, event_ids: list[int]) -> list[Said]:
    """What all processes said, each in its order; they begin in the same moment."""
    pipe = asyncio.subprocess.PIPE
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)}
    arguments = [str(operations), *map(str, event_ids)]
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.storm_worker", url, str(number), *arguments),
            stdin=pipe,
            stdout=pipe,
            env=environment,
            cwd=PROJECT,
        )
        for number in range(1, processes + 1)
    ]
    for process in started:
        assert process.stdout is not None
        assert json.loads(await process.stdout.readline()).keys() == {"ready"}
    outputs = await asyncio.gather(*(process.communicate(b"go\n") for process in started))
    assert [process.returncode for process in started] == [0] * processes
    return [json.loads(line) for output, _ in outputs for line in output.splitlines()]
