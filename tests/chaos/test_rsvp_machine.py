"""Answers pressed at random against a real database: after each transaction the rows are read and must be right.

One database and one event loop serve all runs; each run has an event of its own. What is fast here is only that the
databases do not wait for the disk: nothing crashes in these tests.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import delete, event

from bot.errors import BotError
from bot.events.answers import Answered
from bot.events.events import Events
from db.database import Database
from db.models import Event, OutboxRow
from tests.answer_machine import NOW, AnswerMachine, Presses
from tests.answering import GUILD, announce, change_terms, look_at_offers
from tests.invariants import Seen, seen

Outcome = TypeVar("Outcome")
Run = Callable[[Coroutine[Any, Any, Outcome]], Outcome]
FEW, MANY = 25, 2_000
STEPS = 50


class Rows:
    """An event in a database, answered through the use case."""

    def __init__(self, database: Database, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self.database, self.run = database, run
        self.events = Events(database)

    def announce(self, **columns: Any) -> None:
        self.event_id = self.run(announce(self.database, NOW, **columns))

    def press(self, presses: Presses, now: datetime) -> Sequence[Answered | Exception | None]:
        async def all_of_them() -> list[Any]:
            waiting = (self.events.answer(GUILD, self.event_id, member, deed, now) for member, deed in presses)
            return await asyncio.gather(*waiting, return_exceptions=True)

        outcomes: list[Any] = self.run(all_of_them())
        for outcome in outcomes:
            if not isinstance(outcome, Answered | BotError):
                raise outcome
        return outcomes

    def change(self, now: datetime, **columns: Any) -> None:
        def alter(row: Event) -> None:
            for name, value in columns.items():
                setattr(row, name, value)

        self.run(change_terms(self.database, self.event_id, now, alter))

    def look(self, now: datetime) -> None:
        self.run(look_at_offers(self.database, self.event_id, now))

    def seen(self) -> Seen:
        async def read() -> Seen:
            async with self.database.read() as session:
                return await seen(session, self.event_id)

        rows: Seen = self.run(read())
        return rows

    def close(self) -> None:
        async def forget() -> None:
            async with self.database.write() as session:
                await session.execute(delete(Event))
                await session.execute(delete(OutboxRow))

        self.run(forget())


@pytest.fixture
def run() -> Iterator[Run[Any]]:
    """One event loop, which every step of every run is done in."""
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture
def hasty(database_url: str, run: Run[Any]) -> Iterator[Database]:
    """A database of each kind in turn that does not wait for the disk."""
    database = Database(database_url)
    statement = "PRAGMA synchronous=OFF" if database.is_sqlite else "SET synchronous_commit TO off"

    def hurry(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        connection.commit()

    event.listen(database.engine.sync_engine, "connect", hurry)
    yield database
    run(database.close())


@pytest.mark.parametrize("runs", [FEW, pytest.param(MANY, marks=pytest.mark.chaos)])
def test_whatever_is_pressed_the_rows_are_right_after_every_commit(hasty: Database, run: Run[Any], runs: int) -> None:
    class OnRows(AnswerMachine):
        def __init__(self) -> None:
            super().__init__()
            self.desk = Rows(hasty, run)

    slow = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    profile = settings(max_examples=runs, stateful_step_count=STEPS, deadline=None, suppress_health_check=slow)
    run_state_machine_as_test(OnRows, settings=profile)
