"""The log: whatever goes wrong, it shows no secret. A process of its own starts logging as the bot does."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

PROJECT = Path(__file__).parents[2]
TOKEN = ".".join(("MTIz" * 6, "GcanRy", "canary" * 6))
IN_ADDRESS = "sing%20canary%2Fsing"
PASSWORD = unquote(IN_ADDRESS)

# Logs the secrets in every way there is, and ends with an exception that nobody catches.
SCRIPT = """
import asyncio, logging, sys
from bot.logs import start_logging
from bot.settings import load_settings

settings = load_settings({"DISCORD_TOKEN": sys.argv[1], "DATABASE_URL": sys.argv[2], "LOG_LEVEL": sys.argv[3]})
start_logging(settings)
token, (_, password, *_) = settings.discord_token, settings.secrets()

class Thing:
    def __repr__(self):
        return f"<Thing {token}>"

def fail(text):
    held = text
    raise ValueError(text)

log = logging.getLogger("bot.somewhere")
log.info("in a message: " + token)
log.info("in arguments: %s %r", password, {"url": settings.database_url})
log.warning("in a thing: %r", Thing())
logging.getLogger("discord.http").info("of another library: Bot %s", token)
logging.getLogger("discord.http").debug("not shown: a whole body")
logging.getLogger("discord.webhook.async_").debug("not shown: a webhook's token")
logging.getLogger("discord.gateway").debug("not shown: a payload")
log.debug("shown at DEBUG")
try:
    try:
        fail(token)
    except ValueError as error:
        raise RuntimeError(password) from error
except RuntimeError:
    log.exception("in a traceback")

async def main():
    task = asyncio.create_task(asyncio.sleep(0, fail), name=token)
    task.add_done_callback(lambda task: fail(settings.database_url))
    await task
    await asyncio.sleep(0)

asyncio.run(main())
fail(f"at the end: {token} {settings.database_url}")
"""


@cache
def log(level: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a process that logs at a level."""
    address = f"postgresql://bot:{IN_ADDRESS}@127.0.0.1/bot"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, TOKEN, address, level],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def lines(level: str, of: str) -> list[str]:
    """What a logger wrote, without the time."""
    return [line.split(" ", 2)[2] for line in log(level)[2].splitlines() if f" {of}: " in line]


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_no_secret_is_in_the_log_in_any_spelling(level: str) -> None:
    status, output, errors = log(level)
    assert (status, output) == (1, "")
    assert [word for word in ("canary", TOKEN, PASSWORD, IN_ADDRESS) if word in errors] == []


def test_what_surrounds_a_secret_stays() -> None:
    assert lines("INFO", "bot.somewhere") == [
        "INFO bot.somewhere: in a message: [secret]",
        "INFO bot.somewhere: in arguments: [secret] {'url': 'postgresql+asyncpg://bot:[secret]@127.0.0.1/bot'}",
        "WARNING bot.somewhere: in a thing: <Thing [secret]>",
        "ERROR bot.somewhere: in a traceback",
    ]
    assert lines("INFO", "discord.http") == ["INFO discord.http: of another library: Bot [secret]"]


def test_tracebacks_are_whole_but_for_the_secrets() -> None:
    errors = log("INFO")[2].splitlines()
    assert [line for line in errors if line.startswith(("ValueError", "RuntimeError"))] == [
        "ValueError: [secret]",
        "RuntimeError: [secret]",
        "ValueError: postgresql+asyncpg://bot:[secret]@127.0.0.1/bot",  # asyncio's own report
        "ValueError: at the end: [secret] postgresql+asyncpg://bot:[secret]@127.0.0.1/bot",
    ]


def test_an_exception_that_nobody_catches_is_logged_like_any_other() -> None:
    assert lines("INFO", "main") == [
        "CRITICAL main: The bot ends: at the end: [secret] postgresql+asyncpg://bot:[secret]@127.0.0.1/bot"
    ]


def test_at_debug_more_is_shown_but_no_bodies_of_discord_s() -> None:
    assert "shown at DEBUG" in log("DEBUG")[2]
    assert "shown at DEBUG" not in log("INFO")[2]
    assert "not shown" not in log("DEBUG")[2]
    assert lines("DEBUG", "discord.http") == ["INFO discord.http: of another library: Bot [secret]"]


def test_a_quieter_level_is_kept_by_all() -> None:
    assert lines("ERROR", "discord.http") == []
    assert lines("ERROR", "bot.somewhere") == ["ERROR bot.somewhere: in a traceback"]
