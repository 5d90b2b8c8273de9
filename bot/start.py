"""Opening the database: schema first, then the seed."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from db.database import Database
from db.migrate import migrate
from db.seeding import load_seed

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_database(
    url: str, now: datetime, progress: Callable[[str], None] = logger.info
) -> AsyncIterator[Database]:
    """A database that is up to date and holds the seed; it is closed at the end of the block."""
    database = Database(url)
    try:
        await migrate(database)
        await load_seed(database, now, progress=progress)
        yield database
    finally:
        await database.close()
