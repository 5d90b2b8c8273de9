"""Queries on the messages that list what is on in a server and keep themselves up to date.

As with cards, a post stays leased for a while after each look at it: so long it rests.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import leases
from db.models import CardCopy, Event, LivePost, OutboxRow


@dataclass(frozen=True, slots=True)
class Claimed:
    """A post that was taken; `rested_until` is where the lease before ended, None if there was none."""

    post: LivePost
    rested_until: datetime | None


async def touch(session: AsyncSession, guild_id: int, due: datetime) -> None:
    """Have every list of a server looked at by `due`."""
    later = LivePost.refresh_at.is_(None) | (LivePost.refresh_at > due)
    await session.execute(update(LivePost).where(LivePost.guild_id == guild_id, later).values(refresh_at=due))


async def touch_where_posted(session: AsyncSession, since_message_id: int, due: datetime) -> None:
    """The same for every server in which an event's card was posted since that message."""
    posted = select(CardCopy.guild_id).where(CardCopy.message_id >= since_message_id)
    later = LivePost.refresh_at.is_(None) | (LivePost.refresh_at > due)
    await session.execute(update(LivePost).where(LivePost.guild_id.in_(posted), later).values(refresh_at=due))


async def claim(session: AsyncSession, now: datetime, lease_until: datetime, limit: int) -> Sequence[Claimed]:
    """Take posts that are due for a look, the longest overdue first; as for cards, a crash loses none."""
    due = select(LivePost.message_id, LivePost.lease_until).where(LivePost.refresh_at <= now)
    # Whoever had one of them between these two statements left a lease that has not ended yet.
    before = {message_id: until for message_id, until in await session.execute(due)}
    column = LivePost.refresh_at
    rows = await leases.claim(session, LivePost, column, now=now, lease_until=lease_until, limit=limit)
    for row in rows:
        row.refresh_at = lease_until
    return [Claimed(row, before.get(row.message_id)) for row in rows]


async def looked_at(
    session: AsyncSession,
    message_id: int,
    lease_until: datetime,
    *,
    next_at: datetime,
    rests_until: datetime,
    failures: int = 0,
) -> None:
    """End the claim on a post that was taken until `lease_until`, and plan the next look, or leave an earlier one."""
    row = await session.get(LivePost, message_id, with_for_update=True)
    if row is None or row.lease_until != lease_until:
        return
    if row.refresh_at is None or row.refresh_at > next_at or row.refresh_at == lease_until:
        row.refresh_at = next_at
    row.lease_until, row.failures = rests_until, failures


async def next_look(session: AsyncSession) -> datetime | None:
    """When the next post is due for a look and has rested."""
    return await leases.next_due(session, LivePost, LivePost.refresh_at)


async def put(session: AsyncSession, message_id: int, guild_id: int, channel_id: int, due: datetime) -> None:
    """The message is the channel's list from now on, in the place of any other."""
    others = (LivePost.guild_id == guild_id) & (LivePost.channel_id == channel_id) & (LivePost.message_id != message_id)
    await session.execute(delete(LivePost).where(others))
    await session.merge(LivePost(message_id=message_id, guild_id=guild_id, channel_id=channel_id, refresh_at=due))


async def message_ids(
    session: AsyncSession, guild_id: int, *, among: Collection[int] | None = None, channel_id: int | None = None
) -> Sequence[int]:
    """The lists of a server: those among these messages, or in this channel."""
    query = select(LivePost.message_id).where(LivePost.guild_id == guild_id)
    if among is not None:
        query = query.where(LivePost.message_id.in_(among))
    if channel_id is not None:
        query = query.where(LivePost.channel_id == channel_id)
    return (await session.scalars(query)).all()


async def forget(session: AsyncSession, message_ids: Collection[int]) -> None:
    """These messages list nothing any more."""
    await session.execute(delete(LivePost).where(LivePost.message_id.in_(message_ids)))


async def is_waiting(session: AsyncSession, guild_id: int, channel_id: int) -> bool:
    """Whether a list for the channel is about to be posted."""
    here = (OutboxRow.guild_id == guild_id) & (OutboxRow.channel_id == channel_id) & OutboxRow.done_at.is_(None)
    return await session.scalar(select(OutboxRow.id).where(here, OutboxRow.kind == "live").limit(1)) is not None


async def count_coming(session: AsyncSession, guild_id: int, now: datetime) -> int:
    """How many open events of a server have not ended."""
    coming = (Event.guild_id == guild_id) & (Event.status == "open") & (Event.ends_at > now)
    return await session.scalar(select(func.count()).select_from(Event).where(coming)) or 0
