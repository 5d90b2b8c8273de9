"""Queries on the messages that show events."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import leases
from db.models import CardCopy

REFRESH = (
    update(CardCopy)
    .where(CardCopy.event_id == bindparam("event"))
    .where(CardCopy.refresh_at.is_(None) | (CardCopy.refresh_at > bindparam("due")))
    .values(refresh_at=bindparam("due"))
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


async def copy_edited(session: AsyncSession, message_id: int, *, again_at: datetime | None) -> None:
    """End the claim on a message; `again_at` plans another edit after a failure."""
    # Locked, so that a change which comes in right now is not written over.
    row = await session.get(CardCopy, message_id, with_for_update=True)
    if row is not None:
        if row.refresh_at == row.lease_until:  # nothing changed during the edit
            row.refresh_at = again_at
        row.lease_until = None
        row.failures = row.failures + 1 if again_at else 0


async def forget_copy(session: AsyncSession, message_id: int) -> None:
    """The message is gone: nothing is left to edit."""
    row = await session.get(CardCopy, message_id)
    if row is not None:
        await session.delete(row)


async def next_refresh(session: AsyncSession) -> datetime | None:
    """When the next message is due for an edit, or the lease on it ends."""
    return await leases.next_due(session, CardCopy, CardCopy.refresh_at)
