"""Bringing the schema up to date at start, one process at a time."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from db.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


async def migrate(database: Database) -> None:
    """Upgrade to the newest schema in one transaction; others that start meanwhile wait for it."""
    async with database.engine.connect() as connection:
        if database.is_sqlite:
            # Re-creating a table (how SQLite alters one) would otherwise cascade into the tables that point at it.
            await connection.run_sync(_pragma, "foreign_keys=OFF")
        async with connection.begin():  # BEGIN IMMEDIATE: SQLite's own lock
            await database.lock_for_start(connection)
            await connection.run_sync(_upgrade)
        if database.is_sqlite:
            await connection.run_sync(_pragma, "foreign_keys=ON")


async def schema_versions(database: Database) -> tuple[str | None, str]:
    """The schema version the database has (None: empty) and the one this code expects."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_current), _newest()


def _pragma(connection: Connection, pragma: str) -> None:
    # Past SQLAlchemy, which would begin a transaction first: there this pragma does nothing.
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def config(connection: Connection | None = None) -> Any:
    """Alembic's configuration, without a file."""
    from alembic.config import Config

    alembic = Config()
    alembic.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    alembic.attributes["connection"] = connection
    return alembic


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(config(connection), "head")


def _current(connection: Connection) -> str | None:
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _newest() -> str:
    from alembic.script import ScriptDirectory

    newest = ScriptDirectory.from_config(config()).get_current_head()
    assert newest is not None  # noqa: S101 - a build without migrations is no build
    return newest
