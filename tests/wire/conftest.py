"""The stage of the wire tests: a fake Discord with channels and people, a database file, feeds."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.feeds_server import FeedsServer, item, rss
from tests.wire.bot_process import in_database
from tests.wire.discord_server import DiscordServer
from tests.wire.interactions import DEFER, MESSAGE, UPDATE
from tests.wire.openapi import SPEC_FILE, complaints
from tests.wire.payloads import Payload
from tests.wire.people import Person, words
from tests.wire.requests import Request
from tests.wire.stories import queue_stories

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

    def titles(self, channel: Payload | None = None) -> list[str]:
        """The headings in a channel, that of the stories unless said otherwise."""
        headings = (re.findall("^### (.*)", text, re.MULTILINE) for text in self.posted(channel or self.stories))
        return [re.sub(r"^\[(.*)\]\(.*\)$", r"\1", heading) for found in headings for heading in found]

    def posting(self, channel: Payload | None = None) -> str:
        """How `misbehave` calls the requests that post in a channel, that of the stories unless said otherwise."""
        return f"POST /channels/{(channel or self.stories)['id']}/messages"

    def asked(self, pattern: str) -> list[Request]:
        """The requests so far whose "METHOD path" fits."""
        return [request for request in self.discord.requests if re.fullmatch(pattern, str(request))]

    def posts(self, channel: Payload | None = None) -> list[Request]:
        """The requests so far that would post in a channel, that of the stories unless said otherwise."""
        return self.asked(self.posting(channel))

    async def queue(self, *titles: str, channel: Payload | None = None, **wishes: Any) -> None:
        """Have stories posted; a bot that runs sees it at once."""
        await queue_stories(self.database_url, [(channel or self.stories, title) for title in titles], **wishes)
        await self.wake()

    async def wake(self) -> None:
        """Have the loops of a bot that runs look at once, which else may be in half a minute: a moderator's change."""
        if self.discord.gateway.socket:
            await self.mod.slash("setup", {"events_channel": self.events})

    def rows(self, *columns: str) -> list[tuple[object, ...]]:
        """Columns of the outbox, the oldest row first."""
        return in_database(self.database_url, f"SELECT {', '.join(columns)} FROM outbox ORDER BY id")  # noqa: S608

    async def everything_sent(self, rows: int | None = None, *, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until the outbox has had so many rows (or any number of them), and all are done."""
        query = "SELECT count(*), count(done_at) FROM outbox"
        done = [(rows, rows)]

        def all_done() -> bool:
            [(count, ended)] = found = in_database(self.database_url, query)
            return found == done if rows is not None else count == ended

        await self.discord.until(all_done, timeout)


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with DiscordServer() as discord:
        general, events, stories = (discord.add_channel(name) for name in ("general", "events", "stories"))
        mod = Person(discord, "Mod", 1200000000000000001, permissions=MANAGE_GUILD | MANAGE_EVENTS)
        ada = Person(discord, "Ada", 1200000000000000002)
        yield World(discord, general, events, stories, mod, ada, sqlite_url)
        assert discord.unknown_routes == []
        assert discord.invalid == []
        assert_nobody_is_pinged(discord)
        if SPEC_FILE.exists():
            assert list(complaints(discord.requests)) == []


@pytest.fixture
async def feeds() -> AsyncIterator[FeedsServer]:
    async with FeedsServer() as server:
        server.serve("/news", rss(OLD))
        yield server


def assert_nobody_is_pinged(discord: DiscordServer) -> None:
    """Discord's default is to ping all that a text names, so each body that makes or edits a message must say no."""
    for request in discord.requests:
        message = _message(request)
        if message is not None:
            assert message["allowed_mentions"]["parse"] == [], request


def _message(request: Request) -> Payload | None:
    """The part of a body that makes or edits a message."""
    body: Payload | None = request.body
    if body is None:
        return None
    if request.path.endswith("/callback"):
        return body.get("data") if body["type"] in (MESSAGE, UPDATE) else None
    if request.path.endswith("/threads"):  # in a forum it comes with its first message
        return body.get("message")
    return body if "/messages" in request.path or request.path.startswith("/webhooks") else None


async def follow(world: World, feeds: FeedsServer) -> None:
    """Set the server up, and follow the feed in the stories channel."""
    await world.mod.slash("setup", {"stories_channel": world.stories})
    added = await world.mod.slash("feed add", {"url": feeds.url("/news")})
    await world.discord.until(lambda: added.message)
    assert added.callback["type"] == DEFER
    await world.mod.press(added.message, "Follow")
    await world.discord.until(lambda: "Following" in words(added.message))
