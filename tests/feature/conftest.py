"""The real bot inside simcord, with a server and people to act through."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
import pytest
import simcord

from bot.client import SisterCityBot
from bot.errors import BotError
from bot.lookup.search import CityIndex
from bot.preview import set_clock
from bot.settings import Settings
from bot.ui.cities.far_text import NO_BREAK
from db.database import Database

REPLY, UPDATE = 4, 7  # kinds of answers to an interaction
BIRMINGHAM = "id:4049979"


@dataclass
class World:
    """A server called Sister Cities with its channels and people; `now` can be moved."""

    env: simcord.Env
    bot: SisterCityBot
    guild: simcord.GuildHandle
    general: simcord.ChannelHandle
    events: simcord.ChannelHandle
    stories: simcord.ChannelHandle
    alice: simcord.MemberActor
    bob: simcord.MemberActor
    mod: simcord.MemberActor
    clock: list[datetime]

    async def set_up(self, **options: Any) -> simcord.InteractionResult:
        """The moderator sets the server up; Birmingham, Alabama is home."""
        chosen = {"home_city": BIRMINGHAM, "events_channel": self.events, "stories_channel": self.stories}
        return await self.mod.slash(self.general, "setup", **(chosen | options))

    async def deliver(self) -> None:
        """What the loops would do now: send what is due, edit the cards and lists that are due."""
        set_clock(self.env, self.bot.now())  # a message's id tells when it was sent
        for loop in (self.bot.outbox, self.bot.refresh, self.bot.live_posts):
            await loop.run_once(self.bot.now())


@pytest.fixture
def clock(now: datetime) -> list[datetime]:
    """The bot's clock: one moment, which a test may replace."""
    return [now]


@pytest.fixture
def simcord_bot(settings: Settings, database: Database, clock: list[datetime], index: CityIndex) -> SisterCityBot:
    """The bot that simcord runs, on each database in turn."""
    return SisterCityBot(settings, database, clock=lambda: clock[0], index=index)


@pytest.fixture
def unforeseen() -> tuple[type[Exception], ...]:
    """The errors that a test provokes although they carry no sentence."""
    return ()


@pytest.fixture
async def simcord_env(
    simcord_bot: SisterCityBot, unforeseen: tuple[type[Exception], ...]
) -> AsyncIterator[simcord.Env]:
    """A simulated Discord. In the end the bot has met only errors that carry a sentence, and pinged nobody."""
    env = simcord.Env(simcord_bot, check_errors=False)
    set_clock(env, simcord_bot.now())
    await env.start()
    yield env
    await env.shutdown()
    causes = [getattr(error, "original", error) for error in env.errors]
    assert [cause for cause in causes if not isinstance(cause, (BotError, *unforeseen))] == []
    assert [body for body in message_bodies(env) if body.get("allowed_mentions", {}).get("parse") != []] == []


def message_bodies(env: simcord.Env) -> list[dict[str, Any]]:
    """Every body with which the bot created or edited a message."""
    bodies = []
    for request in env.http_requests:
        if request.json is None or request.method not in ("POST", "PATCH"):
            continue
        if request.path.endswith("/threads"):
            continue  # a thread is made, and nothing said
        if request.path.endswith("/callback"):
            if request.json["type"] in (REPLY, UPDATE):
                bodies.append(request.json["data"])
        elif "/messages" in request.path or request.path.startswith("/webhooks/"):
            bodies.append(request.json)
    return bodies


@pytest.fixture
async def world(simcord_env: simcord.Env, simcord_bot: SisterCityBot, clock: list[datetime]) -> AsyncIterator[World]:
    """A server with a moderator and two members."""
    guild = simcord_env.create_guild("Sister Cities")
    general, events, stories = (guild.create_text_channel(name) for name in ("general", "events", "stories"))
    rights = discord.Permissions(manage_events=True, manage_guild=True)
    moderators = guild.create_role("Moderators", permissions=rights)
    alice, bob = (guild.add_member(simcord_env.create_user(name)) for name in ("Alice", "Bob"))
    mod = guild.add_member(simcord_env.create_user("Mod"), roles=[moderators])
    yield World(simcord_env, simcord_bot, guild, general, events, stories, alice, bob, mod, clock)
    await simcord_bot.reader.close()


def words(message: Any) -> str:
    """All text that a message shows, buttons included, one piece a line, every space a plain one."""
    pieces: list[str] = []

    def walk(components: Any) -> None:
        for component in components or []:
            if component.get("content"):
                pieces.append(component["content"])
            if component.get("label"):
                pieces.append(f"[{component['label']}]")
            walk(component.get("components"))

    components = message.components
    walk([part.to_dict() if hasattr(part, "to_dict") else part for part in components])
    return "\n".join(pieces).replace(NO_BREAK, " ")
