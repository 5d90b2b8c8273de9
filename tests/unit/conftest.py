"""What the tests of the ground share: databases without anything in them."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.engine import make_url

from db.database import Database
from tests.conftest import run_sql


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database of each kind in turn that has no tables yet."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    server: str = request.getfixturevalue("postgresql_server")
    name = f"empty_{uuid4().hex}"
    await run_sql(server, f'CREATE DATABASE "{name}"')
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    await run_sql(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def empty_database(empty_url: str) -> AsyncIterator[Database]:
    """An open database of each kind in turn that has no tables yet."""
    database = Database(empty_url)
    yield database
    await database.close()
