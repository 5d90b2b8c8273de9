"""The real bot inside simcord's local look-alike of Discord: no token, nothing left behind."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import discord
import simcord

from bot.client import SisterCityBot, utc_now
from bot.sample import EVENT, GUESTS, HELP, OPTIONS, PICTURE_ALT, SECOND, SampleFeed
from bot.sample_picture import blossoms
from bot.serve import on_request_to_end
from bot.settings import Settings
from bot.start import open_database

HOME = "id:4049979"  # Birmingham, Alabama
EVERY = timedelta(seconds=5)  # between two looks at the sample feed
SOON = timedelta(seconds=10)  # by then a card that changed is up to date, however many pressed
FIRST_STORY, NEXT_STORY = 20, 60  # seconds


@dataclass
class Clock:
    """The preview's clock, which can be put forward."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Aware UTC."""
        return utc_now() + self.ahead


@dataclass
class Stage:
    """What the preview plays on: one channel, two members and a moderator."""

    env: simcord.Env
    bot: SisterCityBot
    clock: Clock
    feed: SampleFeed
    channel: simcord.ChannelHandle
    alice: simcord.MemberActor
    bob: simcord.MemberActor
    dana: simcord.MemberActor

    def newest(self) -> discord.Message:
        """The newest message in the channel."""
        return self.channel.history()[-1]

    async def round(self, ahead: timedelta = timedelta(0)) -> None:
        """What the bot's loops would do now, or a little later; simcord cannot settle while they run by themselves."""
        set_clock(self.env, self.bot.now())
        with self.env.time_context():
            for loop in self.bot.loops:
                await loop.run_once(self.bot.now() + ahead)

    async def travel(self, moment: datetime) -> None:
        """Make it later, for everybody, and do what is due by then."""
        self.clock.ahead = max(self.clock.ahead, moment - utc_now())
        for _ in range(2):  # what one loop leaves for another, too
            await self.round()


def set_clock(env: simcord.Env, now: datetime) -> None:
    """Make it today in simcord, whose clock starts in January 2026 and has no public way to be set."""
    clock = env.backend.clock
    if not isinstance(getattr(clock, "_epoch", None), datetime):
        raise RuntimeError("this version of simcord keeps its clock in another way: see bot.preview.set_clock")
    clock._epoch = now - timedelta(seconds=clock.elapsed)


@asynccontextmanager
async def staged(settings: Settings) -> AsyncIterator[Stage]:
    """The bot with a fresh database, the sample feed and people, everything set up through real commands."""
    with TemporaryDirectory(prefix="sister-city-bot-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'preview.db'}"
        settings = replace(settings, database_url=url, feed_allow_private=True, hear_mentions=True)
        async with open_database(url, utc_now(), progress=say) as database, SampleFeed(utc_now()) as feed:
            clock = Clock()
            bot = SisterCityBot(settings, database, clock=clock.now)
            bot.stories.every = EVERY
            env = simcord.Env(bot, settle_timeout=20.0)
            env.backend.bot_user.name = "Sister City Bot"
            set_clock(env, utc_now())
            await env.start()
            try:
                yield await _build(env, bot, clock, feed)
            finally:
                await env.shutdown()
                await bot.reader.close()


async def _build(env: simcord.Env, bot: SisterCityBot, clock: Clock, feed: SampleFeed) -> Stage:
    guild = env.create_guild("Sister Cities")
    channel = guild.create_text_channel("sister-cities")
    rights = discord.Permissions(manage_events=True, manage_guild=True)
    moderators = guild.create_role("Moderators", permissions=rights)
    alice, bob = (guild.add_member(env.create_user(name)) for name in ("Alice", "Bob"))
    dana = guild.add_member(env.create_user("Dana"), roles=[moderators])
    stage = Stage(env, bot, clock, feed, channel, alice, bob, dana)
    await dana.slash(channel, "setup", home_city=HOME, events_channel=channel, stories_channel=channel)
    await follow_feed(stage)
    await announce(stage)
    for name in GUESTS:
        await guild.add_member(env.create_user(name)).click(stage.newest(), label="Going")
    await stage.travel(stage.bot.now() + SOON)
    return stage


async def follow_feed(stage: Stage) -> None:
    """Dana gives the sample site's address, looks at the feed that is found there, and follows it."""
    found = await stage.dana.slash(stage.channel, "feed add", url=stage.feed.url, track="community_development")
    assert found.response is not None  # noqa: S101 - simcord would have raised
    await stage.dana.click(found.response, label="Follow")


async def announce(stage: Stage) -> None:
    """Dana announces the sample event, three days ahead in the evening."""
    day = stage.bot.now() + timedelta(days=3)
    picture = {"image": ("blossoms.png", blossoms()), "image_description": PICTURE_ALT}
    form = await stage.dana.slash(stage.channel, "event create", **OPTIONS, **picture)
    typed = EVENT | {"when": f"{day:%Y-%m-%d} 19:30-21:30"}
    shown = await stage.dana.submit_modal(form, typed)
    assert shown.response is not None  # noqa: S101 - simcord would have raised
    preview = shown.response
    for page, button, more in (("Answers…", "Volunteers…", HELP), ("Details…", "Second language…", SECOND)):
        await stage.dana.click(preview, label=page)
        await stage.dana.submit_modal(await stage.dana.click(preview, label=button), more)
        await stage.dana.click(preview, label="Back to the preview")
    await stage.dana.click(preview, label="Publish")
    await stage.round()


async def show(settings: Settings, port: int) -> int:
    """Serve the preview until Ctrl-C."""
    async with staged(settings) as stage:
        people = [stage.alice, stage.bob, stage.dana]
        view: dict[str, Any] = {"layout": "channel", "timezone": "America/Chicago", "port": port or None}
        async with stage.env.preview(stage.channel, viewers=people, **view) as page:
            say(
                f"\nOpen {page.url}\n\n"
                "You look through Alice; the page lets you be Bob, or Dana, who is a moderator. Four things to try:\n"
                "  1. /city view, and type “plzen” or “birm”: the card has pages, and more cities behind its buttons.\n"
                "  2. Press Going on the cherry blossom evening: one seat is left. Then be Bob and press it too.\n"
                "  3. Press My answer, Add to calendar, 日本語; then be Dana and press Manage.\n"
                f"  4. Wait {FIRST_STORY} seconds: a story comes out of a feed.\n\n"
                "Ctrl-C ends it and leaves nothing behind."
            )
            await _play(stage, page)
    return 0


async def _play(stage: Stage, page: Any) -> None:
    """Do the loops' work once a second, let stories come in, and bring the page up to date."""
    stop = asyncio.Event()
    on_request_to_end(stop)
    next_story = stage.bot.now() + timedelta(seconds=FIRST_STORY)
    while not stop.is_set():
        if stage.bot.now() >= next_story:
            stage.feed.publish_next(stage.bot.now())
            next_story += timedelta(seconds=NEXT_STORY)
        before = _sent(stage)
        try:
            await stage.round()
            if _sent(stage) != before:
                await page.refresh()
        except simcord.SetupError:
            pass  # somebody is pressing something right now; the next round is a second away
        try:
            async with asyncio.timeout(1):
                await stop.wait()
        except TimeoutError:
            pass


def _sent(stage: Stage) -> int:
    """How many requests the bot has made."""
    return len(stage.env.http_requests)


def say(text: str) -> None:
    """Print to the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
