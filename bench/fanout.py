"""One story to many channels, beside a loop that sends one after the other; and how many feeds one process reads.

The real bot runs in a process of its own, with SQLite; the fake Discord is 150 ms away. The bound is what a pace of 45
requests a second allows. Meanwhile members press *Going* and look cities up, ten times a second in all: what they wait
is compared with what they wait while nothing is sent. Discord's limit of 50 requests in any second is checked.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import feed_rate
from bench.figures import OURS, Figure, ratio_of
from bench.search import Say
from bot.client import utc_now
from bot.start import open_database
from db.models import Event
from tests.wire.bot_process import in_database, running
from tests.wire.discord_server import DiscordServer
from tests.wire.payloads import APPLICATION_ID, GUILD_ID, Payload
from tests.wire.people import Person
from tests.wire.stories import queue_stories

BENCH = "fanout"
SEQUENTIAL = "one-after-the-other"
LOOP_BOT = ("-m", "bench.loop_bot")
CHANNELS, LOOPED = 1_000, 60
ROUND_TRIP = 0.15  # seconds
PACE, LIMIT = 45, 50  # requests a second: ours, Discord's
PRESSES = 10  # a second
IDLE_SECONDS = 10
BIRMINGHAM = "id:4049979"
MANAGE_GUILD = 1 << 5
TITLE, SUMMARY = "Choirs of both cities sing together", "Forty singers from Hitachi came to Birmingham for a week. " * 4
UNCOUNTED = ("/interactions/", f"/webhooks/{APPLICATION_ID}/")  # answers to members, in Discord's limit
WAITING = "SELECT count(*) FROM outbox WHERE done_at IS NULL"
NUMBERS = count(1200000000000000001)  # of members
GOING = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Going", "custom_id": "event-answer:1:going"}]}


@dataclass(frozen=True)
class FanOut:
    """What was seen: seconds from when the posts were due to the last one, and milliseconds that members waited."""

    channels: int
    posts: int
    seconds: float
    busiest_second: int
    refused: int
    idle: Sequence[float]
    sending: Sequence[float]

    @property
    def bound(self) -> float:
        """The seconds that the pace alone takes."""
        return self.channels / PACE


def run(seed: int, say: Say) -> list[Figure]:
    """Measure the fan-out and the loop in one run, then the feeds."""
    with TemporaryDirectory() as folder:
        say(f"{BENCH}: {CHANNELS} channels …")
        seen = asyncio.run(fan_out(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}", CHANNELS, IDLE_SECONDS))
    say(f"{BENCH}: one after the other …")
    each = asyncio.run(one_after_the_other(LOOPED))
    return figures_of(seen, each) + feed_rate.run(seed, say)


def figures_of(seen: FanOut, each: float) -> list[Figure]:
    """The figures of a fan-out; `each` is how many seconds a post takes one after the other."""
    rows: list[tuple[str, float, str]] = [
        ("channels", seen.channels, "count"),
        ("posts", seen.posts, "count"),
        ("time", round(seen.seconds, 2), "s"),
        ("time to the bound", round(seen.seconds / seen.bound, 3), "x"),
        ("requests in the busiest second", seen.busiest_second, "count"),
        ("429", seen.refused, "count"),
        *((f"{name} p{part}", percentile(times, part), "ms") for name, times in _waits(seen) for part in (50, 99)),
        ("presses", len(seen.idle) + len(seen.sending), "count"),
    ]
    looped = round(each * seen.channels, 1)
    return [
        *(Figure(BENCH, OURS, figure, value, unit) for figure, value, unit in rows),
        Figure(BENCH, SEQUENTIAL, "time", looped, "s", ratio_of(looped, seen.seconds)),
    ]


def _waits(seen: FanOut) -> tuple[tuple[str, Sequence[float]], ...]:
    return ("press while idle", seen.idle), ("press while sending", seen.sending)


def percentile(times: Sequence[float], part: int) -> float:
    """The time that so many of a hundred stay under; of few, the longest."""
    return round(sorted(times)[min(len(times) * part // 100, len(times) - 1)], 1)


async def fan_out(url: str, channels: int, idle_seconds: float) -> FanOut:
    """Have a story posted in so many channels at one moment, with members at work before and meanwhile."""
    async with DiscordServer() as discord:
        general = discord.add_channel("general")
        targets = [discord.add_channel(f"stories-{number}") for number in range(channels)]
        await _prepare(url, targets)
        async with running(discord, url):
            await Person(discord, "Mod", 1, permissions=MANAGE_GUILD).slash("setup", {"home_city": BIRMINGHAM})
            discord.misbehave("*", "slow", times=None, seconds=ROUND_TRIP)
            # A copy, which no answer edits.
            card = dict(discord.written.post(general["id"], discord.bot, {"components": [GOING]}))
            begun, due = len(discord.requests), time.monotonic() + idle_seconds
            due_at = utc_now() + timedelta(seconds=idle_seconds)
            in_database(url, "UPDATE outbox SET due_at = ?", f"{due_at:%Y-%m-%d %H:%M:%S.%f}")
            idle = await _presses(discord, card, lambda: time.monotonic() < due)
            sending = await _presses(discord, card, lambda: len(_posts(discord, begun)) < channels)
            await discord.until(lambda: in_database(url, WAITING) == [(0,)])
        posts = _posts(discord, begun)
        asked = [request.at for request in discord.requests[begun:] if not request.path.startswith(UNCOUNTED)]
        seconds = in_a_second(asked)
        refused = sum(requests > LIMIT for requests in seconds)
        return FanOut(channels, len(posts), max(posts) - due, max(seconds), refused, idle, sending)


async def _prepare(url: str, targets: Sequence[Payload]) -> None:
    """A story that waits for each channel, far off, and an event for the members."""
    now = utc_now()
    async with open_database(url, now, progress=lambda _text: None) as database, database.write() as session:
        session.add(
            Event(
                guild_id=int(GUILD_ID), status="open", title="Hot", typed_when="", typed_capacity="",
                starts_at=now + timedelta(days=3), ends_at=now + timedelta(days=3, hours=2), timezone="UTC",
                location="", description="", host_user_id=1, host_name="Host", created_at=now,
            )
        )  # fmt: skip
    await queue_stories(url, [(target, TITLE) for target in targets], summary=SUMMARY)
    in_database(url, "UPDATE outbox SET due_at = ?", "2100-01-01 00:00:00.000000")


def _posts(discord: DiscordServer, begun: int) -> list[float]:
    """When each post came, of the requests since then."""
    return [
        request.at
        for request in discord.requests[begun:]
        if request.method == "POST" and request.path.endswith("/messages")
    ]


def in_a_second(moments: Sequence[float]) -> list[int]:
    """For each request how many had come within the second up to it."""
    recent: deque[float] = deque()
    counts = []
    for moment in sorted(moments):
        recent.append(moment)
        while recent[0] <= moment - 1:
            recent.popleft()
        counts.append(len(recent))
    return counts


async def _presses(discord: DiscordServer, card: Payload, going_on: Callable[[], bool]) -> list[float]:
    """New members press *Going* and look a city up in turn, at a steady pace; the milliseconds that each waited."""
    waited: list[float] = []

    async def act(number: int) -> None:
        member = Person(discord, f"Member {number}", number)
        started = time.perf_counter()
        if number % 2:
            await member.press(card, "Going")
        else:
            await member.slash("city view", {"city": BIRMINGHAM})
        waited.append((time.perf_counter() - started) * 1000)

    first, begun = next(NUMBERS), time.perf_counter()
    async with asyncio.TaskGroup() as acting:
        for number in count(first):
            await asyncio.sleep(max(0, begun + (number - first) / PRESSES - time.perf_counter()))
            if not going_on():
                break
            acting.create_task(act(next(NUMBERS)))
    return waited


async def one_after_the_other(posts: int) -> float:
    """How many seconds a post takes in a loop over the channels that awaits each."""
    async with DiscordServer() as discord:
        for number in range(posts):
            discord.add_channel(f"stories-{number}")
        discord.misbehave("*", "slow", times=None, seconds=ROUND_TRIP)
        async with running(discord, "", LOOP_BOT):
            await discord.until(lambda: len(_posts(discord, 0)) == posts, timeout=posts)
        moments = _posts(discord, 0)
        return (moments[-1] - moments[0]) / (posts - 1)
