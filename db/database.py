"""The one door to the database: `read()` and `write()` open a transaction, the same on SQLite and PostgreSQL."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

logger = logging.getLogger(__name__)

BUSY_MS = 30_000  # how long SQLite waits for another process's write
WAL_ATTEMPTS, WAL_WAIT = 100, 0.02  # seconds
START_LOCK = 7_515_201_982  # any number, the same in every process of ours


class Database:
    """An engine and its rules. Open it inside the event loop that uses it; `close()` when done."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.engine = make_engine(self.url)
        self._read = async_sessionmaker(self.engine, expire_on_commit=False, execution_options={"read_only": True})
        self._write = async_sessionmaker(self.engine, expire_on_commit=False)
        # SQLite has one writer at a time. Queueing in the process is fair; polling the file lock is not.
        self._writer = asyncio.Lock() if self.is_sqlite else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite, False on PostgreSQL."""
        return self.url.get_backend_name() == "sqlite"

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for queries alone; it never takes the write lock."""
        async with self._read() as session, session.begin():
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction: committed at the end of the block, rolled back if it raises."""
        async with self._writer, self._write() as session, session.begin():
            yield session

    async def lock_for_start(self, session: AsyncSession | AsyncConnection) -> None:
        """Hold every other process's start-up work until this transaction ends (SQLite: the write lock does)."""
        if not self.is_sqlite:
            await session.execute(text("SET LOCAL lock_timeout = 0"))
            await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": START_LOCK})

    async def close(self) -> None:
        """Give back every connection."""
        await self.engine.dispose()


def upsert(session: AsyncSession, model: type) -> Any:
    """An INSERT that can say what happens on a conflict, in the session's own dialect."""
    return upsert_in(session.get_bind().dialect.name, model)


def upsert_in(dialect: str, model: type) -> Any:
    """The same, for a dialect by name."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(model)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(model)


def make_engine(url: URL, **options: Any) -> AsyncEngine:
    """An engine with our connection settings for the two databases we support."""
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, **options)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    # A lost client or a lock held by a hung one must not stop everybody else.
    server_settings = {"lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}
    return create_async_engine(
        url,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"server_settings": server_settings},
        **options,
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's driver would otherwise begin transactions by its own rules; `_begin_sqlite` does it by ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    _switch_to_wal(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _switch_to_wal(cursor: Any) -> None:
    # Here SQLite does not wait, whatever the timeout, for another process that is making the same switch of a new file.
    for attempt in range(WAL_ATTEMPTS):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or attempt == WAL_ATTEMPTS - 1:
                raise
            time.sleep(WAL_WAIT)


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once under contention, whatever the timeout.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
