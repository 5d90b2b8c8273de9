"""Queries on events, answers and the messages that show them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import leases
from db.models import Answer, CardCopy, Event, EventPlace

LARGEST_ID = 2**31 - 1  # PostgreSQL's integers end there; an id from outside may be any number


async def event(session: AsyncSession, guild_id: int, event_id: int, *, lock: bool = False) -> Event | None:
    """An event of this server. With `lock` nobody else changes it or its answers until the transaction ends.

    On SQLite the write transaction is that lock. PostgreSQL must take it before it reads anything else, for under
    READ COMMITTED each statement sees what was committed before it.
    """
    if not 0 < event_id <= LARGEST_ID:
        return None
    query = select(Event).where(Event.guild_id == guild_id, Event.id == event_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def newest_draft(session: AsyncSession, guild_id: int, user_id: int, since: datetime) -> Event | None:
    """The draft that a member began last, if that was not before `since`."""
    mine = (Event.guild_id == guild_id) & (Event.status == "draft") & (Event.host_user_id == user_id)
    query = select(Event).where(mine, Event.created_at >= since).order_by(Event.id.desc()).limit(1)
    return (await session.scalars(query)).one_or_none()


async def answers(session: AsyncSession, event_id: int) -> Sequence[Answer]:
    """The answers to an event, the earliest turn first."""
    return (await session.scalars(select(Answer).where(Answer.event_id == event_id).order_by(Answer.turn))).all()


async def answer(session: AsyncSession, event_id: int, user_id: int) -> Answer | None:
    """One member's answer."""
    return await session.get(Answer, (event_id, user_id))


async def count_standing(session: AsyncSession, event_ids: Iterable[int], standing: str) -> dict[int, int]:
    """How many stand so, by event; an event where nobody does is left out."""
    query = (
        select(Answer.event_id, func.count())
        .where(Answer.event_id.in_(list(event_ids)), Answer.standing == standing)
        .group_by(Answer.event_id)
    )
    return {event_id: number for event_id, number in await session.execute(query)}


async def next_turn(session: AsyncSession, event_id: int) -> int:
    """The number after the newest turn of an event."""
    return (await session.scalar(select(func.max(Answer.turn)).where(Answer.event_id == event_id)) or 0) + 1


async def upcoming(session: AsyncSession, guild_id: int, now: datetime, limit: int) -> Sequence[Event]:
    """Open events that have not ended, the next one first."""
    query = (
        select(Event)
        .where(Event.guild_id == guild_id, Event.status == "open", Event.ends_at > now)
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def next_about(session: AsyncSession, guild_id: int, place_id: int, now: datetime) -> Event | None:
    """The next open event of this server about a place that has not begun."""
    about = (EventPlace.guild_id == guild_id) & (EventPlace.place_id == place_id)
    coming = (Event.guild_id == guild_id) & (Event.status == "open") & (Event.starts_at > now)
    query = select(Event).join(EventPlace, EventPlace.event_id == Event.id).where(about, coming)
    return (await session.scalars(query.order_by(Event.starts_at, Event.id).limit(1))).one_or_none()


async def copies(session: AsyncSession, event_ids: Iterable[int]) -> Sequence[CardCopy]:
    """The messages that show these events, the oldest first."""
    query = select(CardCopy).where(CardCopy.event_id.in_(list(event_ids))).order_by(CardCopy.message_id)
    return (await session.scalars(query)).all()


async def refresh_copies(session: AsyncSession, event_id: int, due: datetime) -> None:
    """Have every message that shows the event edited at `due`, or earlier if that is planned already."""
    waiting = CardCopy.refresh_at.is_(None) | (CardCopy.refresh_at > due)
    await session.execute(update(CardCopy).where(CardCopy.event_id == event_id, waiting).values(refresh_at=due))


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
