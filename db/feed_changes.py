"""Queries on the posts of one feed: what waits to be posted, and where it goes when the feed moves to a channel."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Feed, OutboxRow, Story

UNTRIED = {
    "done_at": None,
    "outcome": None,
    "refusals": 0,
    "attempts": 0,
    "first_tried_at": None,
    "lease_until": None,
    "lease_owner": None,
}


async def waiting(session: AsyncSession, feed_id: int) -> int:
    """How many posts of a feed are not sent yet."""
    query = select(func.count()).select_from(OutboxRow).where(_posts(feed_id), OutboxRow.done_at.is_(None))
    return await session.scalar(query) or 0


async def stories_in_hand(session: AsyncSession, feed_id: int) -> int:
    """How many stories of a feed wait for its next message of several."""
    pending = (Story.feed_id == feed_id) & (Story.decision == "digest") & Story.digested_at.is_(None)
    return await session.scalar(select(func.count()).select_from(Story).where(pending)) or 0


async def move_posts(session: AsyncSession, feed: Feed, channel_id: int, since: datetime, now: datetime) -> None:
    """Have the posts of a feed that were not tried yet, or given up since then, made in another channel.

    One that is on its way may have arrived, so it is left where it is.
    """
    untried = OutboxRow.done_at.is_(None) & OutboxRow.first_tried_at.is_(None)
    given_up = (OutboxRow.outcome == "parked") & (OutboxRow.done_at >= since)
    here = (OutboxRow.guild_id == feed.guild_id) & (OutboxRow.channel_id == feed.channel_id)
    moved = update(OutboxRow).where(here, _posts(feed.id), or_(untried, given_up))
    await session.execute(moved.values(UNTRIED | {"channel_id": channel_id, "due_at": now}))


def _posts(feed_id: int) -> ColumnElement[bool]:
    """The rows that say a feed's stories for the first time."""
    stories = select(Story.id).where(Story.feed_id == feed_id)
    each = (OutboxRow.kind == "story") & OutboxRow.object_id.in_(stories)
    return or_(each, (OutboxRow.kind == "digest") & (OutboxRow.object_id == feed_id))
