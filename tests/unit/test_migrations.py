"""The schema: the migrations lead to what the models say, there and back, and many processes may start at once."""

import asyncio
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, text

from bot.start import open_database
from db.database import Database
from db.migrate import config, migrate, schema_versions
from db.models import Base, Partnership, Place, SeedVersion
from db.seeding import SEED, shipped_version

PROJECT = Path(__file__).parents[2]
TABLES = sorted(Base.metadata.tables)

# What every process runs; each waits for a word when all is imported, so that all begin in the same moment.
START = """
import asyncio, sys
from datetime import UTC, datetime
from bot.start import open_database

async def start():
    async with open_database(sys.argv[1], datetime(2026, 11, 22, tzinfo=UTC), progress=print):
        print("open")

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(start())
"""


def tables(connection: Connection) -> list[str]:
    return sorted(inspect(connection).get_table_names())


def shape(connection: Connection) -> dict[str, dict[str, list[str]]]:
    """All that the database itself knows about our tables, constraints included."""
    seen = inspect(connection)
    found: dict[str, dict[str, Any]] = {}
    for table in TABLES:
        found[table] = {
            "columns": seen.get_columns(table),
            "key": [seen.get_pk_constraint(table)],
            "foreign keys": seen.get_foreign_keys(table),
            "unique": seen.get_unique_constraints(table),
            "checks": seen.get_check_constraints(table),
            "indexes": seen.get_indexes(table),
        }
    return {table: {part: sorted(map(written, rows)) for part, rows in parts.items()} for table, parts in found.items()}


def written(row: Any) -> str:
    return json.dumps(row, default=str, sort_keys=True)


async def run(database: Database, do: Any, *arguments: Any) -> Any:
    """Run something that wants a plain connection, in a transaction."""
    async with database.engine.connect() as connection, connection.begin():
        return await connection.run_sync(do, *arguments)


def downgrade(connection: Connection) -> None:
    command.downgrade(config(connection), "base")


async def test_an_empty_database_is_brought_to_the_newest_schema(empty_database: Database) -> None:
    newest = ScriptDirectory.from_config(config()).get_current_head()
    assert await schema_versions(empty_database) == (None, newest)
    await migrate(empty_database)
    assert await schema_versions(empty_database) == (newest, newest)
    assert await run(empty_database, tables) == sorted([*TABLES, "alembic_version"])
    await migrate(empty_database)
    assert await schema_versions(empty_database) == (newest, newest)


async def test_the_models_ask_for_no_migration_that_is_missing(empty_database: Database) -> None:
    def missing(connection: Connection) -> Any:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return compare_metadata(context, Base.metadata)

    await migrate(empty_database)
    assert await run(empty_database, missing) == []


async def test_the_migrations_make_the_same_tables_as_the_models_down_to_each_check(empty_database: Database) -> None:
    await migrate(empty_database)
    migrated = await run(empty_database, shape)
    await run(empty_database, downgrade)
    await run(empty_database, Base.metadata.create_all)
    assert await run(empty_database, shape) == migrated


async def test_the_way_back_leaves_nothing_and_the_way_up_is_the_same_again(empty_database: Database) -> None:
    await migrate(empty_database)
    first = await run(empty_database, shape)
    await run(empty_database, downgrade)
    assert await run(empty_database, tables) == ["alembic_version"]
    await migrate(empty_database)
    assert await run(empty_database, shape) == first


async def test_foreign_keys_are_checked_again_after_a_migration(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    await migrate(database)
    async with database.read() as session:  # the pool hands the same connection out again
        assert await session.scalar(text("PRAGMA foreign_keys")) == 1
    await database.close()


async def test_four_processes_that_start_on_an_empty_database_at_once_all_come_up(empty_url: str) -> None:
    said = await asyncio.gather(*await started(4, empty_url))
    assert [output.splitlines()[-1] for output in said] == ["open"] * 4, said
    assert sum(line.startswith("Loaded") for output in said for line in output.splitlines()) == 1, said
    database = Database(empty_url)
    async with database.read() as session:
        versions = list(await session.scalars(select(SeedVersion.version)))
        counts = [await session.scalar(select(func.count()).select_from(table)) for table in (Place, Partnership)]
    await database.close()
    assert (versions, counts) == ([shipped_version()], [rows("places.tsv"), rows("partnerships.tsv")])


async def test_a_database_that_is_up_to_date_is_opened_without_a_word(database_url: str, now: datetime) -> None:
    said: list[str] = []
    async with open_database(database_url, now, progress=said.append) as database:
        schema, newest = await schema_versions(database)
    assert (schema, said) == (newest, [])


async def started(count: int, url: str) -> list[Any]:
    """What each of some processes prints, to be awaited; they have begun in the same moment."""
    pipe = asyncio.subprocess.PIPE
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)}
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", START, url),
            stdin=pipe,
            stdout=pipe,
            stderr=asyncio.subprocess.STDOUT,
            env=environment,
        )
        for _ in range(count)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"

    async def output(process: asyncio.subprocess.Process) -> str:
        said, _ = await process.communicate(b"go\n")
        return said.decode()

    return [output(process) for process in processes]


def rows(name: str) -> int:
    """How many rows a file of the seed has below its head."""
    return len((SEED / name).read_text(encoding="utf-8").split("\n")) - 2
