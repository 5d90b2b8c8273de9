"""Stories from feeds: followed by moderators, looked at when due, each new entry told once."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BotError, FeedError, NotFound
from bot.feeds.health import failed, host_of, problem_of
from bot.feeds.host_spacing import HostSpacing
from bot.feeds.news import in_order
from bot.feeds.reader import Entry, Feed, FeedReader, Fetched
from bot.guilds import load_server
from bot.loops import Work, side_by_side
from bot.members import Member, require_moderator
from bot.recogniser.recogniser import Recogniser
from bot.recogniser.tags import places_named
from bot.stories.digests import queue_digests
from bot.stories.record import Places, record
from db import cities, feeds, models, stories
from db.database import Database

logger = logging.getLogger(__name__)

# Mostly longer than a look; one that lasts longer may be repeated, and tells nothing twice.
LEASE = timedelta(minutes=2)
AT_ONCE = 16  # feeds looked at side by side
FEWEST = 4  # taken at once, if there are as many
LONGEST_ROUND = 20.0  # seconds after which the loop has its say again, with feeds left or not
SPACING = 1.0  # seconds between two questions to one host


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A feed as lists and forms show it. Columns of the same name say what each is; words stand one a line.

    `problem` is why the last look failed, None if it was good; instants are aware UTC.
    """

    id: int
    url: str
    title: str
    channel_id: int
    channel_kind: str
    mode: str
    track: str | None
    ping_role_id: int | None
    include_words: str
    exclude_words: str
    fallback_picture: str | None
    posts_an_hour: int
    uses_webhook: bool
    crosspost: bool
    paused_at: datetime | None
    place_ids: tuple[int, ...]
    last_good_poll_at: datetime | None
    next_poll_at: datetime | None
    failures: int
    failing_since: datetime | None
    problem: BotError | None
    moved_url: str | None


@dataclass(frozen=True, slots=True)
class _Due:
    """A claimed feed, without its session."""

    id: int
    guild_id: int
    url: str
    host: str
    etag: str | None
    last_modified: str | None


class Stories:
    """The use cases around feeds. `every` is the time between two looks at the same feed.

    `spacing` is the time in seconds between two questions to one host.
    """

    def __init__(self, database: Database, reader: FeedReader, every: timedelta, *, spacing: float = SPACING) -> None:
        self.database = database
        self.reader = reader
        self.every = every
        self.recogniser: Recogniser | None = None  # set when the index is loaded; without it no story gets places
        self._hosts = HostSpacing(spacing)

    async def followed(self, guild_id: int) -> list[FollowedFeed]:
        """The feeds of a server, by title."""
        async with self.database.read() as session:
            return await followed_feeds(session, await feeds.feeds(session, guild_id))

    async def unfollow(self, guild_id: int, member: Member, feed_id: int, now: datetime) -> FollowedFeed:
        """Remove a feed: what was posted stays, what waits to be posted is not. Raises NotAllowed, NotFound."""
        await self.check_moderator(guild_id, member)
        async with self.database.write() as session:
            row = await feeds.feed(session, guild_id, feed_id, lock=True)
            if row is None:
                raise NotFound("This server follows no such feed. `/feed list` shows the ones it follows.")
            gone = followed_feed(row)
            await feeds.remove_feed(session, row, now)
            logger.info("guild %s no longer follows feed %s", guild_id, feed_id)
            return gone

    async def check_moderator(self, guild_id: int, member: Member) -> None:
        """Raise NotAllowed unless the member may change feeds here."""
        async with self.database.read() as session:
            require_moderator(member, (await load_server(session, guild_id)).moderator_role_id)

    async def run_once(self, now: datetime) -> datetime | None:
        """Tell the digests that are due, look at the feeds that are; returns when there is more to do."""
        clock = asyncio.get_running_loop().time
        end = clock() + LONGEST_ROUND

        async def claim(limit: int) -> list[Work]:
            if limit < FEWEST or clock() > end:
                return []
            return [self._look(due, now) for due in await self._claim(now, limit)]

        async with self.database.write() as session:
            await queue_digests(session, now)
        await side_by_side(claim, AT_ONCE)
        async with self.database.read() as session:
            moments = (await feeds.next_poll(session), await feeds.next_digest(session))
            return min((moment for moment in moments if moment is not None), default=None)

    async def _claim(self, now: datetime, limit: int) -> list[_Due]:
        async with self.database.write() as session:
            rows = await feeds.claim_feeds(session, now, now + LEASE, limit)
            return [_Due(row.id, row.guild_id, row.url, host_of(row.url), row.etag, row.last_modified) for row in rows]

    async def _look(self, due: _Due, now: datetime) -> None:
        """One look at a feed, good or not; only a database that fails can make this raise."""
        try:
            await self._hosts.turn(due.host)
            fetched = await self.reader.fetch(due.url, etag=due.etag, last_modified=due.last_modified)
            found = await self.reader.parse(fetched, now=now) if fetched.status != 304 else None
            await self._record(due, found, fetched, now)
        except FeedError as error:
            logger.info("feed %s: %s", due.id, error)
            await self._failed(due.id, error, now)
        except Exception:  # one odd feed must not hold up the others
            logger.exception("feed %s could not be looked at", due.id)
            await self._failed(due.id, FeedError("Something unforeseen went wrong while reading it."), now)

    async def _record(self, due: _Due, found: Feed | None, fetched: Fetched, now: datetime) -> None:
        places = await self._places(due, found.entries) if found is not None else {}
        async with self.database.write() as session:
            lock = feeds.locked_feed if found is None else feeds.lock_server
            row = await lock(session, due.id)
            if row is not None and row.url == due.url and row.paused_at is None:  # nobody changed it meanwhile
                await record(session, row, found, fetched, now, every=self.every, places=places)

    async def _places(self, due: _Due, entries: Sequence[Entry]) -> Places:
        """The places that the entries name which are not known yet; found before the transaction, for it takes time."""
        if self.recogniser is None:
            return {}
        async with self.database.read() as session:
            met = {row.identity for row in await stories.remembered(session, due.id, [one.identity for one in entries])}
            new = [entry for entry in in_order(entries) if entry.identity not in met]
            if not new:
                return {}
            home = await cities.home_and_partners(session, due.guild_id)
        return await places_named(self.recogniser, new, home)

    async def _failed(self, feed_id: int, error: FeedError, now: datetime) -> None:
        async with self.database.write() as session:
            row = await feeds.locked_feed(session, feed_id)
            if row is not None:
                await failed(session, row, error, now)


async def followed_feeds(session: AsyncSession, rows: Sequence[models.Feed]) -> list[FollowedFeed]:
    """Rows of feeds as what may leave the transaction, in the same order."""
    places = await feeds.place_ids(session, [row.id for row in rows])
    return [followed_feed(row, places.get(row.id, ())) for row in rows]


def followed_feed(row: models.Feed, place_ids: Sequence[int] = ()) -> FollowedFeed:
    """A feed's row as what may leave the transaction."""
    return FollowedFeed(
        id=row.id,
        url=row.url,
        title=row.title,
        channel_id=row.channel_id,
        channel_kind=row.channel_kind,
        mode=row.mode,
        track=row.track,
        ping_role_id=row.ping_role_id,
        include_words=row.include_words,
        exclude_words=row.exclude_words,
        fallback_picture=row.fallback_picture,
        posts_an_hour=row.posts_an_hour,
        uses_webhook=row.uses_webhook,
        crosspost=row.crosspost,
        paused_at=row.paused_at,
        place_ids=tuple(place_ids),
        last_good_poll_at=row.last_good_poll_at,
        next_poll_at=row.next_poll_at,
        failures=row.failures,
        failing_since=row.failing_since,
        problem=problem_of(row),
        moved_url=row.moved_url,
    )
