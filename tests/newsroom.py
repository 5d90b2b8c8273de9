"""Feeds from a server on loopback through the real reader and the real records; no Discord, the outbox is the end."""

import json
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.errors import BotError
from bot.feeds.drafts import read_feed
from bot.feeds.reader import FeedReader
from bot.members import Member
from bot.stories.record import record_first
from bot.stories.stories import Stories
from db.database import Database
from db.models import Feed, OutboxRow, Story
from tests.feeds_server import FeedsServer

MODERATOR = Member(1, "Mod", manages_server=True)
GUILD, CHANNEL = 77, 700
A_MOMENT = timedelta(seconds=30)
HOUR = timedelta(hours=1)
EVERY = timedelta(minutes=50)  # between looks, and up to a tenth more: every hour all feeds are due


@dataclass
class Newsroom:
    """What one server is told of its feeds; `now` moves with every look."""

    database: Database
    server: FeedsServer
    stories: Stories
    now: datetime
    caught: pytest.LogCaptureFixture

    async def follow(self, url: str, guild_id: int = GUILD) -> int | None:
        """Follow a feed; its id, None if it was refused with a sentence, or is followed already."""
        try:
            return await self.add(url, guild_id)
        except (BotError, IntegrityError):
            return None

    async def add(self, url: str, guild_id: int = GUILD) -> int:
        """Remember all that a feed holds, as following it does, however many the server has. Raises FeedError."""
        feed, fetched = await read_feed(self.stories.reader, url, self.now)
        async with self.database.write() as session:
            row = Feed(guild_id=guild_id, channel_id=CHANNEL, url=url, title=url, added_by_user_id=MODERATOR.id)
            session.add(row)
            await session.flush()
            await record_first(session, row, feed, fetched, self.now, self.stories.every)
            return row.id

    async def look(self, after: timedelta = HOUR) -> None:
        """Some time later every feed that is due is looked at, however many they are."""
        self.now += after
        moment = self.now
        while (due := await self.stories.run_once(moment)) is not None and due <= moment + A_MOMENT:
            moment = max(due, moment)  # the next feed of a host that is being spared

    async def looks(self, url: str, bodies: Iterable[bytes], after: timedelta = HOUR) -> None:
        """One look at each of these documents, in turn."""
        for body in bodies:
            self.server.serve(url.removeprefix(self.server.url("")), body)
            await self.look(after)

    async def told(self) -> list[str]:
        """The titles of the stories of which the server is told, in posts of their own or digests."""
        return [story.title for story in await self.rows() if story.announced]

    async def posts(self) -> list[int]:
        """The ids of the stories that have a post of their own, in the order of the posts."""
        return [row.object_id for row in await self.queued("story")]

    async def notices(self) -> list[str]:
        """What moderators are told, by the key of the text."""
        return [json.loads(row.detail)["text_key"] for row in await self.queued("feed_notice")]

    async def queued(self, *kinds: str) -> list[OutboxRow]:
        """What was queued, of these kinds or of all, oldest first."""
        async with self.database.read() as session:
            rows = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
        return [row for row in rows if row.kind in kinds or not kinds]

    async def rows(self, feed_id: int | None = None) -> list[Story]:
        """Every story that is remembered, of one feed or of all."""
        query = select(Story).order_by(Story.id)
        async with self.database.read() as session:
            return list(await session.scalars(query if feed_id is None else query.where(Story.feed_id == feed_id)))

    async def feed(self, feed_id: int) -> Feed:
        """A feed as it is stored."""
        async with self.database.read() as session:
            return (await session.scalars(select(Feed).where(Feed.id == feed_id))).one()

    def crashes(self) -> list[str]:
        """What was logged as unforeseen."""
        return [record.getMessage() for record in self.caught.records if record.levelno >= logging.ERROR]


@asynccontextmanager
async def newsroom(
    database: Database,
    now: datetime,
    caught: pytest.LogCaptureFixture,
    *,
    everywhere: bool = False,
    patience: float = 5,
    spacing: float = 0,
) -> AsyncIterator[Newsroom]:
    """A newsroom with a feed server of its own.

    `patience` is how many seconds a fetch may take, `spacing` how many pass between two questions to one host.
    """
    async with (
        FeedsServer(everywhere=everywhere) as server,
        FeedReader(allow_private=True, timeout=patience) as reader,
    ):
        yield Newsroom(database, server, Stories(database, reader, EVERY, spacing=spacing), now, caught)
