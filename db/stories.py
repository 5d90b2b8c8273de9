"""Queries on feeds and the stories that came from them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Row, Text, cast, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import leases
from db.models import Feed, OutboxRow, Story, StoryPlace


async def feeds(session: AsyncSession, guild_id: int) -> Sequence[Feed]:
    """The feeds of a server, by title."""
    query = select(Feed).where(Feed.guild_id == guild_id).order_by(Feed.title, Feed.id)
    return (await session.scalars(query)).all()


async def feed(session: AsyncSession, guild_id: int, feed_id: int) -> Feed | None:
    """A feed of this server, None if it has no such feed."""
    return (await session.scalars(select(Feed).where(Feed.guild_id == guild_id, Feed.id == feed_id))).one_or_none()


async def feed_at(session: AsyncSession, guild_id: int, url: str) -> Feed | None:
    """The feed of this server with an address."""
    return (await session.scalars(select(Feed).where(Feed.guild_id == guild_id, Feed.url == url))).one_or_none()


async def claim_feeds(session: AsyncSession, now: datetime, lease_until: datetime, limit: int) -> Sequence[Feed]:
    """Take feeds that are due for a look, the longest overdue first."""
    return await leases.claim(session, Feed, Feed.next_poll_at, now=now, lease_until=lease_until, limit=limit)


async def locked_feed(session: AsyncSession, feed_id: int) -> Feed | None:
    """A feed, kept from others until the transaction ends; None if it was removed meanwhile."""
    return (await session.scalars(select(Feed).where(Feed.id == feed_id).with_for_update())).one_or_none()


async def known_identities(session: AsyncSession, feed_id: int) -> set[str]:
    """The identities of every entry that was ever seen in a feed."""
    return set(await session.scalars(select(Story.identity).where(Story.feed_id == feed_id)))


async def next_poll(session: AsyncSession) -> datetime | None:
    """When the next feed is due, or its lease ends."""
    return await leases.next_due(session, Feed, Feed.next_poll_at)


async def remove_feed(session: AsyncSession, row: Feed, now: datetime) -> None:
    """Forget a feed, the entries of it that were never posted, and what of it still waits to be posted."""
    stories = select(Story.id).where(Story.feed_id == row.id)
    waiting = (OutboxRow.kind == "story") & OutboxRow.object_id.in_(stories) & OutboxRow.done_at.is_(None)
    await session.execute(update(OutboxRow).where(waiting).values(done_at=now, outcome="gone"))
    await session.execute(delete(Story).where(Story.feed_id == row.id, Story.announced.is_(False)))
    await session.delete(row)


async def latest_about(session: AsyncSession, guild_id: int, place_id: int) -> Sequence[Row[Story, int | None]]:
    """The newest story about a place in each channel that has any, the newest first.

    The channel is None for stories that the server is told but that were not posted yet.
    """
    about = (StoryPlace.guild_id == guild_id) & (StoryPlace.place_id == place_id)
    told = (Story.guild_id == guild_id) & Story.announced.is_(True)
    # A story is queued under this key, and only once; the key has an index.
    key = literal("story:") + cast(Story.id, Text)
    posted = (OutboxRow.dedupe_key == key) & (OutboxRow.outcome == "sent")
    newest = (func.coalesce(Story.published_at, Story.first_seen_at).desc(), Story.id.desc())
    place_in_channel = func.row_number().over(partition_by=OutboxRow.channel_id, order_by=newest)
    ranked = (
        select(Story.id, OutboxRow.channel_id, place_in_channel.label("place"))
        .join(StoryPlace, StoryPlace.story_id == Story.id)
        .outerjoin(OutboxRow, posted)
        .where(about, told)
        .subquery()
    )
    query = select(Story, ranked.c.channel_id).join(ranked, ranked.c.id == Story.id).where(ranked.c.place == 1)
    return (await session.execute(query.order_by(*newest))).all()


async def story(session: AsyncSession, guild_id: int, story_id: int) -> Story | None:
    """One story of this server."""
    query = select(Story).where(Story.id == story_id, Story.guild_id == guild_id)
    return (await session.scalars(query)).one_or_none()


async def place_ids(session: AsyncSession, guild_id: int, story_ids: Sequence[int]) -> dict[int, list[int]]:
    """Story id → the ids of the places it is about."""
    query = (
        select(StoryPlace.story_id, StoryPlace.place_id)
        .where(StoryPlace.guild_id == guild_id, StoryPlace.story_id.in_(story_ids))
        .order_by(StoryPlace.story_id, StoryPlace.place_id)
    )
    found: dict[int, list[int]] = {}
    for story_id, place_id in await session.execute(query):
        found.setdefault(story_id, []).append(place_id)
    return found


async def fallback_pictures(session: AsyncSession, feed_ids: Collection[int]) -> dict[int, str]:
    """Feed id → the picture of its stories that have none."""
    query = select(Feed.id, Feed.fallback_picture).where(Feed.id.in_(feed_ids), Feed.fallback_picture.is_not(None))
    return {feed_id: picture for feed_id, picture in await session.execute(query) if picture}
