"""Stories from feeds: followed by moderators, polled when due, each new entry posted once."""

import asyncio
import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput, FeedError, NotFound
from bot.feeds import Feed, FeedBusy, FeedGone, FeedReader, Fetched, parse
from bot.guilds import load_server
from bot.members import Member, require_moderator
from bot.news import News, decide_new
from bot.recogniser.recogniser import Recogniser
from bot.recogniser.tags import note_story_places
from bot.retry import wait_after
from db import models, outbox
from db import stories as queries
from db.database import Database
from db.names import fold

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # longer than a fetch and a parse can take together
BATCH = 8  # feeds looked at side by side
FIRST_RETRY, LAST_RETRY = timedelta(minutes=5), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A feed as `/feed list` shows it; `last_error` is the sentence of the last failed look, None if it was good."""

    id: int
    url: str
    title: str
    channel_id: int
    last_good_poll_at: datetime | None
    next_poll_at: datetime | None
    last_error: str | None


class Stories:
    """The use cases around feeds. `every` is the time between two looks at the same feed."""

    def __init__(self, database: Database, reader: FeedReader, every: timedelta) -> None:
        self.database = database
        self.reader = reader
        self.every = every
        self.recogniser: Recogniser | None = None  # set when the index is loaded; without it no story gets places
        # More children than processors would only run out of time together.
        self._parsing = asyncio.Semaphore(os.cpu_count() or 1)

    async def follow(self, guild_id: int, member: Member, url: str, channel_id: int, now: datetime) -> FollowedFeed:
        """Add a feed: look at it now, remember all it holds, post only what comes later.

        Raises NotAllowed, FeedError (a sentence about the address), BadInput if it is followed already.
        """
        url = url.strip()
        await self.check_moderator(guild_id, member)
        async with self.database.read() as session:
            await _refuse_twice(session, guild_id, url)
        fetched = await self.reader.fetch(url)
        found = await self._parse(fetched, now)
        try:
            return await self._follow(guild_id, member, url, channel_id, fetched, found, now)
        except IntegrityError:  # somebody else added it in this very moment
            raise _followed_already(url) from None

    async def _follow(
        self, guild_id: int, member: Member, url: str, channel_id: int, fetched: Fetched, found: Feed, now: datetime
    ) -> FollowedFeed:
        async with self.database.write() as session:
            await _refuse_twice(session, guild_id, url)
            row = models.Feed(
                guild_id=guild_id,
                channel_id=channel_id,
                url=url,
                title=found.title or url,
                added_by_user_id=member.id,
            )
            session.add(row)
            await session.flush()
            await self._record(session, row, fetched, found, now)
            logger.info("guild %s follows feed %s", guild_id, row.id)
            return _followed(row)

    async def followed(self, guild_id: int) -> list[FollowedFeed]:
        """The feeds of a server, by title."""
        async with self.database.read() as session:
            return [_followed(row) for row in await queries.feeds(session, guild_id)]

    async def unfollow(self, guild_id: int, member: Member, feed_id: int, now: datetime) -> FollowedFeed:
        """Remove a feed: what was posted stays, what waits to be posted is not. Raises NotAllowed, NotFound."""
        await self.check_moderator(guild_id, member)
        async with self.database.write() as session:
            row = await queries.feed(session, guild_id, feed_id)
            if row is None:
                raise NotFound("This server follows no such feed. `/feed list` shows the ones it follows.")
            gone = _followed(row)
            await queries.remove_feed(session, row, now)
            logger.info("guild %s no longer follows feed %s", guild_id, feed_id)
            return gone

    async def check_moderator(self, guild_id: int, member: Member) -> None:
        """Raise NotAllowed unless the member may change feeds here."""
        async with self.database.read() as session:
            require_moderator(member, (await load_server(session, guild_id)).moderator_role_id)

    async def run_once(self, now: datetime) -> datetime | None:
        """Look at the feeds that are due; returns when the next one is."""
        async with self.database.write() as session:
            rows = await queries.claim_feeds(session, now, now + LEASE, BATCH)
            due = [(row.id, row.url, row.etag, row.last_modified) for row in rows]
        await asyncio.gather(*(self._look(*feed, now) for feed in due))
        async with self.database.read() as session:
            return await queries.next_poll(session)

    async def _look(self, feed_id: int, url: str, etag: str | None, last_modified: str | None, now: datetime) -> None:
        found: Feed | None = None
        try:
            fetched = await self.reader.fetch(url, etag=etag, last_modified=last_modified)
            if fetched.status != 304:
                found = await self._parse(fetched, now)
        except FeedError as error:
            logger.info("feed %s: %s", feed_id, error)
            await self._failed(feed_id, error, now)
            return
        except Exception:  # one odd feed must not hold up the others
            logger.exception("feed %s could not be looked at", feed_id)
            await self._failed(feed_id, FeedError("Something unforeseen went wrong while reading it."), now)
            return
        async with self.database.write() as session:
            row = await queries.locked_feed(session, feed_id)
            if row is not None:
                await self._record(session, row, fetched, found, now)

    async def _parse(self, fetched: Fetched, now: datetime) -> Feed:
        async with self._parsing:
            return await parse(fetched, now=now)

    async def _failed(self, feed_id: int, error: FeedError, now: datetime) -> None:
        async with self.database.write() as session:
            await _put_off(session, feed_id, error, now)

    async def _record(
        self, session: AsyncSession, row: models.Feed, fetched: Fetched, found: Feed | None, now: datetime
    ) -> None:
        """Write what a good look brought: new stories, their posts, and when to look again."""
        if found is not None:
            known = await queries.known_identities(session, row.id)
            news = decide_new(found.entries, known, first_poll=row.first_polled_at is None)
            await _add_stories(session, row, news, now, self.recogniser)
            row.first_polled_at = row.first_polled_at or now
            row.etag, row.last_modified = fetched.etag, fetched.last_modified
        row.last_good_poll_at, row.failures, row.last_error = now, 0, None
        row.next_poll_at, row.lease_until = now + self.every, None


async def _add_stories(
    session: AsyncSession, row: models.Feed, news: News, now: datetime, recogniser: Recogniser | None
) -> None:
    stories = [
        models.Story(
            guild_id=row.guild_id,
            feed_id=row.id,
            identity=entry.identity,
            source=row.title,
            title=entry.title,
            link=entry.link,
            summary=entry.summary,
            picture=entry.picture,
            published_at=entry.published,
            first_seen_at=now,
            announced=news.announce,
            decision="post" if news.announce else "old",
            link_key=entry.link_key,
            title_key=entry.title_key,
            search_key=fold(f"{entry.title} {entry.summary} {row.title}"),
        )
        for entry in news.entries
    ]
    session.add_all(stories)
    if not news.announce:
        return
    await session.flush()
    if recogniser is not None:
        await note_story_places(session, recogniser, stories)
    locale = (await load_server(session, row.guild_id)).locale
    for story in stories:
        outbox.queue(
            session,
            guild_id=row.guild_id,
            channel_id=row.channel_id,
            kind="story",
            object_id=story.id,
            dedupe_key=f"story:{story.id}",
            due_at=now,
            locale=locale,
        )


async def _put_off(session: AsyncSession, feed_id: int, error: FeedError, now: datetime) -> None:
    row = await queries.locked_feed(session, feed_id)
    if row is None:
        return
    row.failures += 1
    row.last_error, row.lease_until = str(error), None
    wait = wait_after(row.failures, FIRST_RETRY, LAST_RETRY)
    if isinstance(error, FeedBusy) and error.retry_after:
        wait = max(wait, timedelta(seconds=error.retry_after))
    row.next_poll_at = None if isinstance(error, FeedGone) else now + wait


async def _refuse_twice(session: AsyncSession, guild_id: int, url: str) -> None:
    if await queries.feed_at(session, guild_id, url) is not None:
        raise _followed_already(url)


def _followed_already(url: str) -> BadInput:
    return BadInput("This server follows {url} already. `/feed list` shows where it is posted.", url=url)


def _followed(row: models.Feed) -> FollowedFeed:
    return FollowedFeed(
        row.id, row.url, row.title, row.channel_id, row.last_good_poll_at, row.next_poll_at, row.last_error
    )
