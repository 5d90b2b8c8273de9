"""Autocomplete from end to end: the frame leaves the gateway of a fake Discord, the bot's choices are posted back.

The real bot runs in a process of its own, with the shipped seed in SQLite and a home city for the server. The queries
come at a steady pace, whether or not those before are answered; the bots take turns.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.corpus import read
from bench.figures import OURS, Figure, ratio_of
from bench.queries import queries
from bench.search import Say
from bot.client import utc_now
from bot.start import open_database
from tests.wire.bot_process import BOT, running
from tests.wire.discord_server import DiscordServer
from tests.wire.people import Person

BENCH = "autocomplete"
CONSTANT = "discord-py-constant"
PROGRAMS = {OURS: BOT, CONSTANT: ("-m", "bench.constant_bot")}
HOME = "id:4049979"  # Birmingham, Alabama
MANAGE_GUILD = 1 << 5
RATE, SECONDS, ROUNDS, WARMING_SECONDS = 50, 5, 4, 2
PER_KIND = 80  # queries; of sixteen kinds, more than are asked

Values = dict[tuple[str, str], float]  # by figure and unit


@dataclass
class Times:
    """Milliseconds from frame to choices, and how many queries had no answer within three seconds."""

    milliseconds: list[float] = field(default_factory=list)
    unanswered: int = 0

    def values(self) -> Values:
        """What is reported; times only if there are any."""
        times = sorted(self.milliseconds)
        counts: Values = {("answers", "count"): len(times), ("unanswered", "count"): self.unanswered}
        if not times:
            return counts
        shown = {"p50": times[len(times) // 2], "p99": times[int(len(times) * 0.99)], "max": times[-1]}
        return counts | {(figure, "ms"): round(value, 2) for figure, value in shown.items()}


def run(seed: int, say: Say) -> list[Figure]:
    """Measure the real bot, and one that answers without looking anything up; `seed` is that of the queries."""
    with TemporaryDirectory() as folder:
        return asyncio.run(_run(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}", seed, say))


async def _run(url: str, seed: int, say: Say) -> list[Figure]:
    async with open_database(url, utc_now(), progress=lambda _text: None) as database:
        corpus = await read(database)
    texts = [query.text for query in queries(corpus, PER_KIND, seed)]
    random.Random(seed).shuffle(texts)  # noqa: S311 - a repeatable draw
    times = await _times(url, texts, say)
    ours = times[OURS].values()
    return [
        Figure(BENCH, subject, figure, value, unit, ratio_of(value, ours.get((figure, unit))) if unit == "ms" else None)
        for subject, some in times.items()
        for (figure, unit), value in some.values().items()
    ]


async def _times(url: str, texts: Sequence[str], say: Say) -> dict[str, Times]:
    """Ask the bots in turn, each for some seconds, so that what else the machine does falls on both."""
    times = {subject: Times() for subject in PROGRAMS}
    async with AsyncExitStack() as stack:
        members = {}
        for subject, program in PROGRAMS.items():
            members[subject] = await stack.enter_async_context(_member(url, program))
            await _ask(members[subject], texts[: RATE * WARMING_SECONDS], Times())
        for number in range(1, ROUNDS + 1):
            say(f"{BENCH}: {RATE} a second, round {number} of {ROUNDS}")
            for subject, member in members.items():
                await _ask(member, texts[RATE * SECONDS * number :][: RATE * SECONDS], times[subject])
    return times


@asynccontextmanager
async def _member(url: str, program: Sequence[str]) -> AsyncIterator[Person]:
    """Somebody in a Discord where a bot runs; where it is ours, in a server that has a home city."""
    async with DiscordServer() as discord:
        discord.add_channel("general")
        member = Person(discord, "Mod", 1200000000000000001, permissions=MANAGE_GUILD)
        async with running(discord, url, program):
            if program == BOT:
                await member.slash("setup", {"home_city": HOME})
            yield member


async def _ask(member: Person, texts: Sequence[str], times: Times) -> None:
    """Type these at a steady pace, whether or not what was typed before is answered."""
    first = time.perf_counter()
    async with asyncio.TaskGroup() as typing:
        for number, text in enumerate(texts):
            await asyncio.sleep(max(0, first + number / RATE - time.perf_counter()))
            typing.create_task(_type(member, text, times))


async def _type(member: Person, text: str, times: Times) -> None:
    started = time.perf_counter()
    try:
        await member.choices("sister", "city", text)
    except TimeoutError:
        times.unanswered += 1
    else:
        times.milliseconds.append((time.perf_counter() - started) * 1000)
