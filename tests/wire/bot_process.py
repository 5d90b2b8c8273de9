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
    """One process; `output` is what it has logged so far, no errors but what a test expects."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.output = ""
        self.expected_error: str | None = None  # words of it
        self._process = process
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.output += line.decode()

    def errors(self) -> list[str]:
        """What it has logged of errors that nobody expected."""
        lines = (line for line in self.output.splitlines() if " ERROR bot." in line)
        return [line for line in lines if not (self.expected_error and self.expected_error in line)]

    def send(self, how: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(how)

    async def end(self, how: signal.Signals | None = None) -> int:
        """Send a signal, if any, and wait until it has ended; its exit status. TimeoutError after 10 seconds."""
        if how is not None and self._process.returncode is None:
            self.send(how)
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
    assert process.errors() == []
    await discord.until(lambda: discord.gateway.socket is None)


@asynccontextmanager
async def running(
    discord: DiscordServer, database_url: str, program: Sequence[str] = BOT, **settings: str
) -> AsyncIterator[BotProcess]:
    """The bot, connected and ready to answer."""
    sessions = discord.gateway.sessions
    async with starting(discord, database_url, program, **settings) as process:
        await discord.until(lambda: discord.gateway.sessions > sessions and discord.gateway.socket, timeout=20)
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


def let_waits_pass(database_url: str) -> None:
    """As if the time had come for everything that is to be tried again."""
    in_database(database_url, "UPDATE outbox SET due_at = ? WHERE done_at IS NULL", LONG_AGO)


def let_minutes_pass(database_url: str, minutes: int) -> None:
    """As if everything that waits had been tried so many minutes earlier, and its leases had run out."""
    earlier = "UPDATE outbox SET first_tried_at = strftime('%Y-%m-%d %H:%M:%S.000000', first_tried_at, ?)"
    in_database(database_url, f"{earlier} WHERE done_at IS NULL", f"-{minutes} minutes")
    let_leases_run_out(database_url)
