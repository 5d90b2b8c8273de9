"""Queries on feeds that somebody looks at before the server follows them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.feeds import LARGEST_ID
from db.models import Feed, FeedDraft, FeedPlace


async def draft(session: AsyncSession, guild_id: int, user_id: int, draft_id: int, since: datetime) -> FeedDraft | None:
    """A member's own draft on this server, kept from others until the transaction ends; None if it is older."""
    if not 0 < draft_id <= LARGEST_ID:
        return None
    query = select(FeedDraft).where(
        FeedDraft.id == draft_id,
        FeedDraft.guild_id == guild_id,
        FeedDraft.user_id == user_id,
        FeedDraft.created_at >= since,
    )
    return (await session.scalars(query.with_for_update())).one_or_none()


async def forget_old(session: AsyncSession, guild_id: int, before: datetime, most: int) -> None:
    """Delete every draft, of any server, that was begun before then, and of this server all but the newest."""
    newest = select(FeedDraft.id).where(FeedDraft.guild_id == guild_id).order_by(FeedDraft.id.desc()).limit(most)
    many = (FeedDraft.guild_id == guild_id) & FeedDraft.id.not_in(newest)
    await session.execute(delete(FeedDraft).where((FeedDraft.created_at < before) | many))


async def followed_urls(session: AsyncSession, guild_id: int, urls: Collection[str]) -> set[str]:
    """Which of these addresses the server follows already."""
    return set(await session.scalars(select(Feed.url).where(Feed.guild_id == guild_id, Feed.url.in_(urls))))


async def count_feeds(session: AsyncSession, guild_id: int) -> int:
    """How many feeds a server follows."""
    return await session.scalar(select(func.count()).select_from(Feed).where(Feed.guild_id == guild_id)) or 0


async def lock_feeds(session: AsyncSession, guild_id: int) -> None:
    """Let nobody else add to the feeds of a server, or change them, until the transaction ends."""
    await session.execute(select(Feed.id).where(Feed.guild_id == guild_id).order_by(Feed.id).with_for_update())


async def set_places(session: AsyncSession, feed: Feed, place_ids: Collection[int]) -> None:
    """Say which cities every story of a feed is about, in the place of those it was before."""
    await session.execute(delete(FeedPlace).where(FeedPlace.feed_id == feed.id))
    session.add_all(FeedPlace(feed_id=feed.id, place_id=place, guild_id=feed.guild_id) for place in place_ids)
