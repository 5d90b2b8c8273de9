"""Queries on the feeds that servers follow."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import BigInteger, ColumnElement, Text, cast, delete, extract, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import leases
from db.models import Feed, FeedPlace, OutboxRow, Story

LARGEST_ID = 2**31 - 1  # PostgreSQL's integers end there; an id from outside may be any number
AT_ONCE_ON_A_HOST = 2


async def feeds(session: AsyncSession, guild_id: int) -> Sequence[Feed]:
    """The feeds of a server, by title."""
    query = select(Feed).where(Feed.guild_id == guild_id).order_by(Feed.title, Feed.id)
    return (await session.scalars(query)).all()


async def feed(session: AsyncSession, guild_id: int, feed_id: int, *, lock: bool = False) -> Feed | None:
    """A feed of this server, None if it has no such feed; with `lock` kept from others until the transaction ends."""
    if not 0 < feed_id <= LARGEST_ID:
        return None
    query = select(Feed).where(Feed.guild_id == guild_id, Feed.id == feed_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def feed_at(session: AsyncSession, guild_id: int, url: str) -> Feed | None:
    """The feed of this server with an address."""
    return (await session.scalars(select(Feed).where(Feed.guild_id == guild_id, Feed.url == url))).one_or_none()


async def place_ids(session: AsyncSession, feed_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Feed id → the ids of the cities that every story of it is about; a feed without any is left out."""
    query = select(FeedPlace).where(FeedPlace.feed_id.in_(feed_ids)).order_by(FeedPlace.feed_id, FeedPlace.place_id)
    found: dict[int, tuple[int, ...]] = {}
    for row in await session.scalars(query):
        found[row.feed_id] = (*found.get(row.feed_id, ()), row.place_id)
    return found


async def claim_feeds(session: AsyncSession, now: datetime, lease_until: datetime, limit: int) -> Sequence[Feed]:
    """Take feeds that are due for a look, the longest overdue first; of one host at most two are held at once."""
    free = or_(Feed.lease_until.is_(None), Feed.lease_until <= now)
    turn = func.row_number().over(partition_by=Feed.host, order_by=(Feed.next_poll_at, Feed.id)).label("turn")
    due = select(Feed.id, Feed.host, turn).where(Feed.next_poll_at <= now, Feed.paused_at.is_(None), free).subquery()
    held = select(Feed.host, func.count().label("n")).where(Feed.lease_until > now).group_by(Feed.host).subquery()
    left = AT_ONCE_ON_A_HOST - func.coalesce(held.c.n, 0)
    # PostgreSQL locks no rows that were counted, so they are counted first.
    spared = (
        select(due.c.id).outerjoin(held, held.c.host == due.c.host).where((due.c.turn <= left) | (due.c.host == ""))
    )
    conditions = (Feed.id.in_(spared), Feed.paused_at.is_(None))
    return await leases.claim(
        session, Feed, Feed.next_poll_at, *conditions, now=now, lease_until=lease_until, limit=limit
    )


async def locked_feed(session: AsyncSession, feed_id: int) -> Feed | None:
    """A feed, kept from others until the transaction ends; None if it was removed meanwhile."""
    query = select(Feed).where(Feed.id == feed_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def lock_server(session: AsyncSession, feed_id: int) -> Feed | None:
    """The same, and every other feed of its server with it, so that none of them tells the same story meanwhile.

    They are locked in one order, so that no two processes wait for each other.
    """
    guild_id = await session.scalar(select(Feed.guild_id).where(Feed.id == feed_id))
    query = select(Feed).where(Feed.guild_id == guild_id).order_by(Feed.id).with_for_update()
    rows = (await session.scalars(query)).all()
    return next((row for row in rows if row.id == feed_id), None)


async def spare_host(session: AsyncSession, host: str, until: datetime) -> None:
    """Look at no feed of a host before then. Those that are being looked at now learn it from the host themselves."""
    sooner = (Feed.host == host) & (Feed.next_poll_at < until)
    rows = await session.scalars(select(Feed).where(sooner).with_for_update(skip_locked=True))
    for row in rows:
        row.next_poll_at = until


async def next_poll(session: AsyncSession) -> datetime | None:
    """When the next feed is due, or its lease ends."""
    return await leases.next_due(session, Feed, Feed.next_poll_at, Feed.paused_at.is_(None))


async def claim_digests(session: AsyncSession, now: datetime, limit: int) -> Sequence[Feed]:
    """The feeds whose digest is due, locked."""
    due = (Feed.digest_due_at <= now) & Feed.paused_at.is_(None)
    query = select(Feed).where(due).order_by(Feed.digest_due_at, Feed.id).limit(limit)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def next_digest(session: AsyncSession) -> datetime | None:
    """When the next digest is due."""
    return await session.scalar(select(func.min(Feed.digest_due_at)).where(Feed.paused_at.is_(None)))


async def remove_feed(session: AsyncSession, row: Feed, now: datetime) -> None:
    """Forget a feed, the entries of it that were never posted, and what of it still waits to be posted."""
    await locked_feed(session, row.id)  # before its stories, as whoever records a look at it does
    stories = select(Story.id).where(Story.feed_id == row.id)
    of_stories = OutboxRow.kind.in_(("story", "story_edit")) & OutboxRow.object_id.in_(stories)
    of_feed = OutboxRow.kind.in_(("digest", "feed_notice")) & (OutboxRow.object_id == row.id)
    open_or_refused = OutboxRow.done_at.is_(None) | (OutboxRow.outcome == "parked")
    posts = (await session.scalars(select(OutboxRow).where(or_(of_stories, of_feed), open_or_refused))).all()
    # What was tried and not refused may have arrived, so it counts as told.
    unsaid = [post for post in posts if post.first_tried_at is None or post.outcome == "parked"]
    for post in posts:
        post.done_at, post.outcome = now, "gone"
    await session.execute(delete(Story).where(Story.feed_id == row.id, _untold(unsaid)))
    # Without the feed nothing else says which digest told a story (`db.story_search.TOLD_IN`).
    key = literal(f"digest:{row.id}:") + cast(cast(extract("epoch", Story.digested_at), BigInteger), Text)
    in_digest = (Story.feed_id == row.id) & (Story.decision == "digest")
    await session.execute(update(Story).where(in_digest).values(because=key))
    await session.delete(row)


def _untold(unsaid: Sequence[OutboxRow]) -> ColumnElement[bool]:
    """Stories that no message told, where these are the ones that were never sent; else another feed could not."""
    posts = [post.object_id for post in unsaid if post.kind == "story"]
    digests = [
        datetime.fromtimestamp(int(post.dedupe_key.rpartition(":")[2]), UTC) for post in unsaid if post.kind == "digest"
    ]
    collected = (Story.decision == "digest") & (Story.digested_at.is_(None) | Story.digested_at.in_(digests))
    return Story.announced.is_(False) | collected | Story.id.in_(posts)
