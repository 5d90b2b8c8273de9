"""Queries on the messages that show events.

A message that was just edited stays leased for a while: so long it rests, and a change waits for the end of that.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import leases
from db.models import CardCopy, OutboxRow

# Every row is written, even one that is due already: so it is locked until the change is committed, and nobody who
# cannot see the change yet edits the message and takes it for done.
REFRESH = (
    update(CardCopy)
    .where(CardCopy.event_id == bindparam("event"))
    .values(
        refresh_at=case(
            (CardCopy.refresh_at <= bindparam("due"), CardCopy.refresh_at),
            else_=bindparam("due", type_=CardCopy.refresh_at.type),
        )
    )
)


async def copies(session: AsyncSession, event_ids: Iterable[int]) -> Sequence[CardCopy]:
    """The messages that show these events, the oldest first."""
    query = select(CardCopy).where(CardCopy.event_id.in_(list(event_ids))).order_by(CardCopy.message_id)
    return (await session.scalars(query)).all()


async def refresh_copies(session: AsyncSession, event_id: int, due: datetime) -> None:
    """Have every message that shows the event edited at `due`, or earlier if that is planned already."""
    connection = await session.connection()
    await connection.execute(REFRESH, {"event": event_id, "due": due})


async def claim_copies(session: AsyncSession, now: datetime, lease_until: datetime, limit: int) -> Sequence[CardCopy]:
    """Take messages that are due for an edit; a change that comes after this makes them due again.

    Until `copy_edited` says otherwise they are due again when the lease ends, so that a crash loses no edit.
    """
    due = CardCopy.refresh_at
    rows = await leases.claim(session, CardCopy, due, now=now, lease_until=lease_until, limit=limit)
    for row in rows:
        row.refresh_at = lease_until
    return rows


async def copy_edited(
    session: AsyncSession, message_id: int, lease_until: datetime, *, again_at: datetime | None, rests_until: datetime
) -> None:
    """End the claim on a message that was taken until `lease_until`; it is not edited again before `rests_until`.

    `again_at` plans another edit after a failure. Whoever took so long that another has the message changes nothing.
    """
    # Locked, so that a change which comes in right now is not written over.
    row = await session.get(CardCopy, message_id, with_for_update=True)
    if row is None or row.lease_until != lease_until:
        return
    if row.refresh_at == lease_until:  # nothing changed during the edit
        row.refresh_at = again_at
    row.lease_until = rests_until
    row.failures = row.failures + 1 if again_at else 0


async def next_refresh(session: AsyncSession) -> datetime | None:
    """When the next message is due for an edit and has rested, or the lease on it ends."""
    return await leases.next_due(session, CardCopy, CardCopy.refresh_at)


async def message_ids(
    session: AsyncSession, guild_id: int, *, among: Collection[int] | None = None, channel_id: int | None = None
) -> Sequence[int]:
    """The messages of a server that show events: those among these, or in this channel."""
    query = select(CardCopy.message_id).where(CardCopy.guild_id == guild_id)
    if among is not None:
        query = query.where(CardCopy.message_id.in_(among))
    if channel_id is not None:
        query = query.where(CardCopy.channel_id == channel_id)
    return (await session.scalars(query)).all()


async def events_shown(session: AsyncSession, message_ids: Collection[int]) -> Sequence[int]:
    """The events that these messages show, in order of their ids."""
    query = select(CardCopy.event_id).where(CardCopy.message_id.in_(message_ids)).distinct()
    return (await session.scalars(query.order_by(CardCopy.event_id))).all()


async def forget_copies(session: AsyncSession, event_id: int, message_ids: Collection[int]) -> Sequence[int]:
    """These messages show the event no more; returns those that did until now."""
    here = (CardCopy.event_id == event_id) & CardCopy.message_id.in_(message_ids)
    return (await session.scalars(delete(CardCopy).where(here).returning(CardCopy.message_id))).all()


async def newest_channel(session: AsyncSession, guild_id: int, *, without: int | None) -> int | None:
    """The channel of a server in which a card was posted last, another than this one."""
    query = select(CardCopy.channel_id).where(CardCopy.guild_id == guild_id)
    if without is not None:
        query = query.where(CardCopy.channel_id != without)
    return await session.scalar(query.order_by(CardCopy.message_id.desc()).limit(1))


async def is_waiting(session: AsyncSession, guild_id: int, event_id: int) -> bool:
    """Whether a card of the event is about to be posted."""
    open_row = (OutboxRow.guild_id == guild_id) & OutboxRow.done_at.is_(None)
    query = select(OutboxRow.id).where(open_row, OutboxRow.kind == "event", OutboxRow.object_id == event_id)
    return await session.scalar(query.limit(1)) is not None


async def is_being_posted(session: AsyncSession, event_id: int, now: datetime) -> bool:
    """Whether somebody is posting a card of the event right now."""
    held = (OutboxRow.lease_until > now) & OutboxRow.done_at.is_(None)
    query = select(OutboxRow.id).where(held, OutboxRow.kind == "event", OutboxRow.object_id == event_id)
    return await session.scalar(query.limit(1)) is not None
