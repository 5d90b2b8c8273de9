"""The real bot in a process of its own, as an operator starts it: `python main.py run`."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

from tests.wire.discord_server import DiscordServer
from tests.wire.payloads import TOKEN

REPOSITORY = Path(__file__).parents[2]
BOT = ("main.py", "run")
LONG_AGO = "2000-01-01 00:00:00.000000"


class BotProcess:
    """One process; `output` is what it has logged so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.output = ""
        self._process = process
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.output += line.decode()

    async def end(self, how: signal.Signals | None = None) -> int:
        """Send a signal, if any, and wait until it has ended; its exit status. TimeoutError after 10 seconds."""
        if how is not None and self._process.returncode is None:
            self._process.send_signal(how)
        async with asyncio.timeout(10):
            await self._reader
            return await self._process.wait()


@asynccontextmanager
async def starting(
    discord: DiscordServer, database_url: str, program: Sequence[str] = BOT, **settings: str
) -> AsyncIterator[BotProcess]:
    """Start the bot; at the end of the block it is killed if still there. It must not tell the token, nor fail."""
    environment = {
        "PATH": os.defpath,
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "DATABASE_URL": database_url,
        "FEED_ALLOW_PRIVATE": "1",
        "LOG_LEVEL": "INFO",
    } | settings
    process = BotProcess(
        await asyncio.create_subprocess_exec(
            sys.executable, *program, cwd=REPOSITORY, env=environment, stderr=asyncio.subprocess.PIPE
        )
    )
    try:
        yield process
    except BaseException:
        print(process.output)  # noqa: T201 - pytest shows it with the failure
        raise
    finally:
        await process.end(signal.SIGKILL)
    assert environment["DISCORD_TOKEN"] not in process.output
    assert " ERROR bot." not in process.output
    await discord.until(lambda: discord.gateway.socket is None)


@asynccontextmanager
async def running(discord: DiscordServer, database_url: str, program: Sequence[str] = BOT) -> AsyncIterator[BotProcess]:
    """The bot, connected and ready to answer."""
    async with starting(discord, database_url, program) as process:
        await discord.until(lambda: discord.gateway.socket, timeout=20)
        yield process


def in_database(database_url: str, statement: str, *values: str) -> list[tuple[object, ...]]:
    """Run one statement on the SQLite file that the bot has open, and return what it gives."""
    with closing(sqlite3.connect(database_url.partition(":///")[2], timeout=10)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def poll_feeds_now(database_url: str) -> None:
    """As if the minutes between two looks at a feed had passed; the bot sees it when it starts or is woken."""
    in_database(database_url, "UPDATE feeds SET next_poll_at = ?", LONG_AGO)


def let_leases_run_out(database_url: str) -> None:
    """As if the two minutes had passed in which nobody else may do what a killed process had begun."""
    for table in ("outbox", "feeds"):
        # The name is one of these two words.
        in_database(database_url, f"UPDATE {table} SET lease_until = ? WHERE lease_until IS NOT NULL", LONG_AGO)  # noqa: S608
