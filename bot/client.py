"""The Discord client: it holds what the cogs need and loads them."""

import asyncio
import logging
import pkgutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

import cogs
from bot.events.check_in import CHECK_IN_DURING, CHECK_IN_TRIES
from bot.events.chores import Chores
from bot.events.events import Events
from bot.events.live_posts import LivePosts
from bot.events.press_rate import PressRate
from bot.events.tries import Tries
from bot.feeds.reader import FeedReader
from bot.lookup.cities import home_ids
from bot.lookup.index import load_homes, load_index
from bot.lookup.search import CityIndex
from bot.loops import Loop
from bot.posting.lost_channels import LostChannels
from bot.posting.outbox import Outbox
from bot.posting.refresh import CardRefresh
from bot.posting.rest_gate import LONGEST_RATE_LIMIT, RestGate
from bot.recogniser.recogniser import Recogniser
from bot.recogniser.tags import load_recogniser
from bot.settings import Settings
from bot.stories.stories import Stories
from bot.ui import press
from bot.ui.map.cache import Maps
from db.database import Database

logger = logging.getLogger(__name__)

LAST_ROUND = 5.0  # seconds that a loop has to finish what it is doing when the bot ends


def utc_now() -> datetime:
    """The clock; everything else gets the time as an argument."""
    return datetime.now(UTC)


class Tree(app_commands.CommandTree["SisterCityBot"]):
    """The commands; their errors are explained to the person like those of every press."""

    async def on_error(self, interaction: discord.Interaction["SisterCityBot"], error: Exception, /) -> None:
        await press.explain(interaction, error)


class SisterCityBot(commands.Bot):
    """One bot in one event loop. `clock` gives the aware UTC instant; loops run only if `start_loops`.

    The search index is read from the database at start unless one is given.
    """

    index: CityIndex
    recogniser: Recogniser
    homes: dict[int, list[int]]  # guild id → its home city and that city's partners

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        clock: Callable[[], datetime] = utc_now,
        start_loops: bool = False,
        index: CityIndex | None = None,
        **options: Any,
    ) -> None:
        self.rest_gate = RestGate(discord.http.Route.BASE, settings.requests_a_second)
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=Tree,
            intents=_intents(settings),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=LONGEST_RATE_LIMIT,
            http_trace=self.rest_gate.trace(),
            **options,
        )
        self.settings = settings
        self.database = database
        self.now = clock
        self.reader = FeedReader(allow_private=settings.feed_allow_private, user_agent=settings.user_agent)
        self.events = Events(database)
        self.stories = Stories(database, self.reader, timedelta(minutes=settings.feed_minutes))
        self.lost = LostChannels(database)
        self.outbox = Outbox(self)
        self.refresh = CardRefresh(self)
        self.live_posts = LivePosts(self)
        self.chores = Chores(self)
        self.maps = Maps()
        self.press_rate, self.check_in_tries = PressRate(), Tries(CHECK_IN_TRIES, CHECK_IN_DURING)
        self.loops = self._recurring_work()
        self._start_loops, self._given_index = start_loops, index
        self._running: list[asyncio.Task[None]] = []

    def _recurring_work(self) -> tuple[Loop, ...]:
        self._sending = Loop("outbox", self.outbox.run_once, self.now)
        return (
            Loop("feeds", self._look_at_feeds, self.now),
            Loop("chores", self._see_to_chores, self.now),
            self._sending,
            Loop("cards", self.refresh.run_once, self.now),
            Loop("live posts", self.live_posts.run_once, self.now),
        )

    async def setup_hook(self) -> None:
        """Runs once, after login and before the gateway."""
        self.rest_gate.application_id = self.application_id
        self.index = self._given_index or await load_index(self.database)
        self.homes = await load_homes(self.database)
        self.recogniser = self.stories.recogniser = await load_recogniser(self.database, self.index)
        for module in pkgutil.iter_modules(cogs.__path__, "cogs."):
            await self.load_extension(module.name)
        self.add_dynamic_items(*press.Press.kinds)
        synced = await self.tree.sync()
        logger.info("%d commands, %d places", len(synced), len(self.index.places))
        if self._start_loops:
            self._running = [asyncio.create_task(loop.run(), name=loop.name) for loop in self.loops]

    async def _look_at_feeds(self, now: datetime) -> datetime | None:
        due = await self.stories.run_once(now)
        self._sending.wake()  # new stories wait in the outbox
        return due

    async def _see_to_chores(self, now: datetime) -> datetime | None:
        due = await self.chores.run_once(now)
        self._sending.wake()  # reminders wait in the outbox
        return due

    def wake(self) -> None:
        """Something was written that a loop should see to now."""
        for loop in self.loops:
            loop.wake()

    async def refresh_home(self, guild_id: int) -> None:
        """Read anew which cities come first in a server's searches, after its home or its ties changed."""
        self.homes[guild_id] = await home_ids(self.database, guild_id)

    async def close(self) -> None:
        """End the loops, then the connections, each even if another fails. The database belongs to its opener."""
        self.outbox.stopping = True
        for loop in self.loops:
            loop.stop()
        try:
            if self._running:
                await asyncio.wait(self._running, timeout=LAST_ROUND)
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
            await self.outbox.release()
        except Exception:  # a database that does not answer: the leases run out by themselves
            logger.exception("could not give the leases back")
        finally:
            await self.reader.close()
            await super().close()

    @property
    def me(self) -> str:
        """How the bot is mentioned."""
        return self.user.mention if self.user else "@bot"

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no text commands; the city cog listens to mentions by itself."""

    async def on_interaction(self, interaction: discord.Interaction["SisterCityBot"]) -> None:
        """Forms, and buttons that no class of ours knows."""
        await press.route(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """An event handler failed: nobody waits for an answer, the log must have it."""
        logger.exception("error while handling %s", event_method)


def _intents(settings: Settings) -> discord.Intents:
    """Nothing privileged unless asked for. Guild messages are there only to hear a mention, which has its text."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = settings.hear_mentions
    intents.dm_messages = settings.hear_mentions
    intents.members = settings.members_intent
    return intents
