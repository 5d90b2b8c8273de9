"""Trying the bot without a token: the transcript, the page, and that nothing is left behind."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import discord
import pytest
import simcord

from bot.preview import set_clock
from bot.settings import load_settings
from bot.transcript import transcript

ROOT = Path(__file__).parents[2]


async def start(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    """`main.py preview` in an empty folder that also serves for temporary files."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "main.py"),
        "preview",
        *arguments,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(folder), "HOME": str(folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.fixture
async def env() -> AsyncIterator[simcord.Env]:
    """simcord with a client that does nothing."""
    env = simcord.Env(discord.Client(intents=discord.Intents.none()))
    await env.start()
    yield env
    await env.shutdown()


async def test_the_transcript_shows_every_step_and_leaves_nothing_behind(tmp_path: Path) -> None:
    process = await start(tmp_path, "--transcript")
    out, err = await asyncio.wait_for(process.communicate(), 120)
    text = out.decode()
    steps = (
        *("Hitachi", "Page 2 of 2", "Going 12/12", "1. Alice", "A seat opened", "Interpreters 1/2"),
        *("Students from Hitachi", "⏰", "You are checked in", '"Alice","<@', "Thank you for coming"),
    )
    assert (process.returncode, [step for step in steps if step not in text.replace("\\", "")]) == (0, []), err.decode()
    assert text.endswith("Every step happened.\n")
    assert list(tmp_path.iterdir()) == []


async def test_the_transcript_fails_when_a_step_does_not_happen(capsys: pytest.CaptureFixture[str]) -> None:
    assert await transcript(load_settings({}), story="A story that no feed has") == 1
    assert "FAILED: ['A story that no feed has'] did not show" in capsys.readouterr().out


async def test_the_page_is_served_until_it_is_interrupted_and_leaves_nothing_behind(tmp_path: Path) -> None:
    process = await start(tmp_path)
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(120):
        while "Ctrl-C" not in said:
            said += (await process.stdout.readline()).decode()
    address = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert address is not None
    async with aiohttp.ClientSession() as session, session.get(address[0]) as page:
        status = page.status
    process.send_signal(signal.SIGINT)
    assert (status, await asyncio.wait_for(process.wait(), 20)) == (200, 0)
    assert list(tmp_path.iterdir()) == []


async def test_it_is_today_in_the_preview(env: simcord.Env) -> None:
    today = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
    set_clock(env, today)
    channel = env.create_guild("Here").create_text_channel("general")
    message = await env.guild.add_member(env.create_user("Alice")).send(channel, "hello")
    assert (env.now(), message.created_at) == (today, today)
