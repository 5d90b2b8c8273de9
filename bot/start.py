"""Opening the database: schema first, then the seed."""

import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from db.database import Database
from db.migrate import migrate
from db.seeding import load_seed

logger = logging.getLogger(__name__)


class DatabaseUnusable(Exception):
    """The database does not open or does not answer; the text is one sentence for the operator, without secrets."""

    def __init__(self, database: Database, error: Exception) -> None:
        shown = database.url.render_as_string(hide_password=True)
        lines = str(getattr(error, "orig", None) or error).splitlines()
        reason = lines[0] if lines else type(error).__name__
        super().__init__(f"The database {shown} cannot be used ({reason}): check DATABASE_URL and its server.")


@asynccontextmanager
async def open_database(
    url: str, now: datetime, progress: Callable[[str], None] = logger.info
) -> AsyncIterator[Database]:
    """A database that is up to date and holds the seed; it is closed at the end of the block.

    Raises DatabaseUnusable.
    """
    database = Database(url)
    try:
        await _reach(database)
        await migrate(database)
        await load_seed(database, now, progress=progress)
        yield database
    finally:
        await database.close()


async def _reach(database: Database) -> None:
    try:
        async with database.engine.connect():
            pass
    except Exception as error:  # also asyncpg's TypeError for an option that it does not know
        raise DatabaseUnusable(database, error) from error


def spare_the_loaded() -> None:
    """Keep what was loaded at start out of the garbage collector's rounds, and have fewer of them.

    Without it half of the slowest answers in a rush wait for the collector, which finds next to nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
