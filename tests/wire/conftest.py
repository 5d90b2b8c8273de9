"""The stage of the wire tests: a fake Discord with channels and people, a database file, feeds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.feeds_server import FeedsServer, item, rss
from tests.wire.bot_process import in_database
from tests.wire.discord_server import DEFER, MESSAGE, UPDATE, DiscordServer
from tests.wire.payloads import Payload
from tests.wire.people import Person, words

MANAGE_GUILD, MANAGE_EVENTS = 1 << 5, 1 << 33
OLD = item("Bells ring in both cities", guid="old")


@dataclass
class World:
    """A server with its channels and people, and the file that the bot keeps everything in."""

    discord: DiscordServer
    general: Payload
    events: Payload
    stories: Payload
    mod: Person
    ada: Person
    database_url: str

    def posted(self, channel: Payload) -> list[str]:
        """The texts of the messages in a channel."""
        return [words(message) for message in self.discord.messages(channel)]

    def story_titles(self) -> list[str]:
        """The headings in the stories channel."""
        return [line for text in self.posted(self.stories) for line in text.splitlines() if line.startswith("###")]

    async def everything_sent(self, rows: int) -> None:
        """Wait until the outbox has had so many rows, and all are done."""
        query = "SELECT count(*), count(done_at) FROM outbox"
        await self.discord.until(lambda: in_database(self.database_url, query) == [(rows, rows)])


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with DiscordServer() as discord:
        general, events, stories = (discord.add_channel(name) for name in ("general", "events", "stories"))
        mod = Person(discord, "Mod", 1200000000000000001, permissions=MANAGE_GUILD | MANAGE_EVENTS)
        ada = Person(discord, "Ada", 1200000000000000002)
        yield World(discord, general, events, stories, mod, ada, sqlite_url)
        assert discord.unknown_routes == []
        assert_nobody_is_pinged(discord)


@pytest.fixture
async def feeds() -> AsyncIterator[FeedsServer]:
    async with FeedsServer() as server:
        server.serve("/news", rss(OLD))
        yield server


def assert_nobody_is_pinged(discord: DiscordServer) -> None:
    """Discord's default is to ping all that a text names, so each body that makes or edits a message must say no."""
    for request in discord.requests:
        body = request.body
        if request.path.endswith("/callback"):
            body = body.get("data") if body["type"] in (MESSAGE, UPDATE) else None
        elif not ("/messages" in request.path or request.path.startswith("/webhooks")):
            body = None
        if body is not None:
            assert body["allowed_mentions"]["parse"] == [], request


async def follow(world: World, feeds: FeedsServer) -> None:
    """Set the server up, and follow the feed in the stories channel."""
    await world.mod.slash("setup", {"stories_channel": world.stories})
    added = await world.mod.slash("feed add", {"url": feeds.url("/news")})
    await world.discord.until(lambda: added.message)
    assert added.callback["type"] == DEFER
    assert "Following" in words(added.message)
