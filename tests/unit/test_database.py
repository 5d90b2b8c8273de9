"""The door to the database: transactions, time, and the rules that tables keep by themselves, on both databases."""

import asyncio
import re
import sqlite3
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from db.database import Database
from db.models import (
    Answer,
    Base,
    Event,
    Feed,
    GuildSettings,
    OutboxRow,
    Partnership,
    Place,
    PlaceName,
    SeedVersion,
    Story,
)

GUILD, OTHER_GUILD, MEMBER = 2**62, 2**62 + 1, 2**63 - 1  # Discord's ids need all 63 bits
QARCHAK, GOLESTAN, NOWHERE = 32767, 32900, 1  # two places that the seed knows no tie between, and none


def event(now: datetime, **changes: Any) -> Event:
    """An open event with id 1 from seven to nine."""
    usual = {"id": 1, "guild_id": GUILD, "status": "open", "title": "Dinner", "typed_when": "", "typed_capacity": ""}
    place = {"timezone": "UTC", "location": "", "description": "", "host_user_id": MEMBER, "host_name": "Dana"}
    times = {"starts_at": now, "ends_at": now + timedelta(hours=2), "created_at": now}
    return Event(**(usual | place | times | changes))


def answer(now: datetime, user_id: int, turn: int, **changes: Any) -> Answer:
    """An answer to event 1."""
    usual = {"event_id": 1, "guild_id": GUILD, "standing": "going", "display_name": "Alice", "answered_at": now}
    return Answer(**(usual | {"user_id": user_id, "turn": turn} | changes))


def tie(a: int, b: int, **changes: Any) -> Partnership:
    """A moderator's tie that all servers see."""
    usual = {"kind": "sister", "state": "active", "confidence": "confirmed", "sources": "", "notes": ""}
    return Partnership(**(usual | {"place_a_id": a, "place_b_id": b, "origin": "moderator"} | changes))


def said(now: datetime, dedupe_key: str, nonce: int, **changes: Any) -> OutboxRow:
    """Something to say about event 1."""
    usual = {"guild_id": GUILD, "channel_id": 5, "kind": "event", "object_id": 1, "locale": "en-US", "due_at": now}
    return OutboxRow(**(usual | {"dedupe_key": dedupe_key, "nonce": nonce} | changes))


async def add(session: AsyncSession, *rows: Base) -> None:
    for row in rows:
        session.add(row)
        await session.flush()
        session.expunge_all()  # the tables are to refuse a row, not the session


async def store(database: Database, *rows: Base) -> None:
    async with database.write() as session:
        await add(session, *rows)


async def look_and_store(database: Database, guild_id: int) -> None:
    """Read before writing: that is what a transaction that began as a reader fails at on SQLite."""
    async with database.write() as session:
        await session.scalar(select(GuildSettings.guild_id))
        await asyncio.sleep(0.05)
        session.add(GuildSettings(guild_id=guild_id))


async def refusal(database: Database, *rows: Base) -> str:
    """Why the last of these rows is refused, the others being good; "" if it is not. Nothing stays."""
    async with database.write() as session:
        await add(session, *rows[:-1])
        try:
            await add(session, rows[-1])
        except IntegrityError as error:
            return str(error.orig)
        finally:
            await session.rollback()
    return ""


async def guilds(database: Database) -> list[int]:
    async with database.read() as session:
        return list(await session.scalars(select(GuildSettings.guild_id).order_by(GuildSettings.guild_id)))


async def test_nothing_is_written_by_a_transaction_that_fails(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as session:
            session.add(GuildSettings(guild_id=GUILD))
            await session.flush()
            raise ZeroDivisionError
    assert await guilds(database) == []
    await store(database, GuildSettings(guild_id=GUILD))  # and the next one is not held up
    assert await guilds(database) == [GUILD]


async def test_a_reader_neither_waits_for_an_open_write_nor_sees_it(database: Database) -> None:
    async with database.write() as session:
        session.add(GuildSettings(guild_id=GUILD))
        await session.flush()
        async with asyncio.timeout(5):
            assert await guilds(database) == []
    assert await guilds(database) == [GUILD]


async def test_two_writers_at_once_both_succeed(database: Database) -> None:
    await asyncio.gather(look_and_store(database, GUILD), look_and_store(database, OTHER_GUILD))
    assert await guilds(database) == [GUILD, OTHER_GUILD]


async def test_writers_in_two_processes_both_succeed(database: Database, database_url: str) -> None:
    other = Database(database_url)  # another engine shares no lock with the first, as another process would not
    try:
        async with database.write() as session:
            session.add(GuildSettings(guild_id=GUILD))
            await session.flush()
            waiting = asyncio.create_task(look_and_store(other, OTHER_GUILD))
            await asyncio.sleep(0.2)
            # SQLite has one writer at a time, PostgreSQL as many as touch different rows.
            assert waiting.done() is not database.is_sqlite
        await waiting
    finally:
        await other.close()
    assert await guilds(database) == [GUILD, OTHER_GUILD]


async def test_a_time_without_a_zone_is_refused(database: Database, now: datetime) -> None:
    with pytest.raises(StatementError, match="a naive datetime must not reach the database"):
        await store(database, event(now, created_at=now.replace(tzinfo=None)))


async def test_a_time_of_any_zone_comes_back_in_utc(database: Database, now: datetime) -> None:
    local = now.astimezone(ZoneInfo("Asia/Kathmandu")) + timedelta(microseconds=1)
    await store(database, event(now, created_at=local))
    async with database.read() as session:
        stored = await session.scalar(select(Event.created_at))
    assert stored is not None
    assert (stored.isoformat(), stored) == ("2026-11-22T16:00:00.000001+00:00", local)


async def test_times_compare_as_instants_whatever_their_zone(database: Database, now: datetime) -> None:
    await store(database, event(now))
    local = now.astimezone(ZoneInfo("America/Chicago"))
    async with database.read() as session:
        assert list(await session.scalars(select(Event.id).where(Event.starts_at == local))) == [1]
        assert list(await session.scalars(select(Event.id).where(Event.starts_at < local))) == []


async def test_sqlite_is_set_to_survive_a_power_cut_and_to_check_foreign_keys(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    try:
        for transaction in (database.read, database.write):
            async with transaction() as session:
                found = {name: await session.scalar(text(f"PRAGMA {name}")) for name in pragmas}
            # 2 is FULL: a commit is on the disk when it returns.
            assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    finally:
        await database.close()


async def test_a_new_sqlite_file_that_another_process_is_writing_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.2, other.commit)
    end.start()
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    async with database.read() as session:
        assert await session.scalar(text("PRAGMA journal_mode")) == "wal"
    await database.close()
    end.join()
    other.close()


async def test_the_tables_refuse_what_must_not_be(database: Database, now: datetime) -> None:
    pair = (QARCHAK, GOLESTAN)
    own = {"guild_id": GUILD}
    cases: list[tuple[str, str, *tuple[Base, ...]]] = [
        ("a tie of a place with itself", "ordered_pair", tie(QARCHAK, QARCHAK)),
        ("a tie written from its other end", "ordered_pair", tie(GOLESTAN, QARCHAK)),
        ("a pair twice", "pair_for_all|: partnerships.place_a_id, .*place_b_id", tie(*pair), tie(*pair)),
        ("a server's pair twice", "pair_in_guild|: partnerships.guild_id", tie(*pair, **own), tie(*pair, **own)),
        ("a server's tie in the seed", "seed_is_for_all", tie(*pair, **own, origin="seed")),
        ("a tie with no place", "FOREIGN KEY|fk_partnerships_place_a_id", tie(NOWHERE, QARCHAK)),
        ("a home that is no place", "FOREIGN KEY|fk_guild", GuildSettings(guild_id=GUILD, home_place_id=NOWHERE)),
        ("a name of no place", "FOREIGN KEY|fk_pl", PlaceName(place_id=NOWHERE, name="X", key="x", kind="name")),
        ("a second seed", "one_row", SeedVersion(id=2, version="2", loaded_at=now)),
        ("an open event without times", "has_times", event(now, starts_at=None, ends_at=None)),
        ("an open event without an end", "has_times", event(now, ends_at=None)),
        ("an end before the start", "ends_after_start", event(now, ends_at=now - timedelta(seconds=1))),
        ("an end at the start", "ends_after_start", event(now, ends_at=now)),
        ("an event for nobody", "ck_events_capacity", event(now, capacity=0)),
        ("an unknown status", "ck_events_status", event(now, status="closed")),
        ("two answers of one member", "pk_answers|user_id", event(now), answer(now, 7, 1), answer(now, 7, 2)),
        ("two answers with one turn", "event_id_turn|answers.turn", event(now), answer(now, 7, 1), answer(now, 8, 1)),
        ("an answer to no event", "FOREIGN KEY|fk_answers_event_id", answer(now, 7, 1)),
        ("an unknown standing", "ck_answers_standing", event(now), answer(now, 7, 1, standing="perhaps")),
        ("an occasion twice", "dedupe_key", said(now, "event:1", 1), said(now, "event:1", 2)),
        ("a nonce twice", "nonce", said(now, "event:1", 1), said(now, "event:2", 1)),
        ("no nonce", "ck_outbox_nonce", said(now, "event:1", 0)),
        ("an outcome before the end", "outcome_when_done", said(now, "event:1", 1, outcome="sent")),
        ("an end without an outcome", "outcome_when_done", said(now, "event:1", 1, done_at=now)),
    ]
    reasons = {what: (await refusal(database, *rows), pattern) for what, pattern, *rows in cases}
    assert {what: reason for what, reason in reasons.items() if not re.search(reason[1], reason[0])} == {}


async def test_a_server_may_say_something_else_of_a_pair_that_all_servers_see(database: Database) -> None:
    ties = [tie(QARCHAK, GOLESTAN, guild_id=guild_id) for guild_id in (None, GUILD, OTHER_GUILD)]
    assert await refusal(database, *ties) == ""


async def test_a_draft_needs_no_times(database: Database, now: datetime) -> None:
    assert await refusal(database, event(now, status="draft", starts_at=None, ends_at=None)) == ""


async def test_an_event_takes_its_answers_along_a_place_in_a_tie_stays(database: Database, now: datetime) -> None:
    await store(database, event(now), answer(now, 7, 1), tie(QARCHAK, GOLESTAN))
    async with database.write() as session:
        await session.delete(await session.get_one(Event, 1))
    async with database.read() as session:
        assert list(await session.scalars(select(Answer.user_id))) == []
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await session.delete(await session.get_one(Place, QARCHAK))


async def test_a_story_outlives_its_feed(database: Database, now: datetime) -> None:
    words = {"identity": "x", "source": "", "title": "", "summary": ""}
    followed = Feed(id=1, guild_id=GUILD, channel_id=5, url="https://a.example", title="", added_by_user_id=MEMBER)
    story = Story(id=1, guild_id=GUILD, feed_id=1, first_seen_at=now, announced=True, **words)
    await store(database, followed, story)
    async with database.write() as session:
        await session.delete(await session.get_one(Feed, 1))
    async with database.read() as session:
        assert (await session.get_one(Story, 1)).feed_id is None
