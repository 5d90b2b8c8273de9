"""Queries on events, answers and the messages that show them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import leases
from db.database import upsert_in
from db.models import Answer, CardCopy, Event, EventPlace, GuildSettings, Place

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


async def events_with_servers(
    session: AsyncSession, event_ids: Iterable[int], *, lock: bool
) -> Sequence[Row[Event, GuildSettings | None, Place | None]]:
    """Events of any server by id, each with its server's settings and home, None where there are none.

    The events are locked as one is, always in the same order, so that no two processes wait for each other.
    """
    ids = [event_id for event_id in event_ids if 0 < event_id <= LARGEST_ID]
    return (await session.execute(LOCKED_EVENTS if lock else EVENTS, {"ids": ids})).all()


# Statements that every press needs take longer to build than to run, so they are built once.
EVENTS = (
    select(Event, GuildSettings, Place)
    .outerjoin(GuildSettings, GuildSettings.guild_id == Event.guild_id)
    .outerjoin(Place, Place.id == GuildSettings.home_place_id)
    .where(Event.id.in_(bindparam("ids", expanding=True)))
    .order_by(Event.id)
)
LOCKED_EVENTS = EVENTS.with_for_update(of=Event)
ANSWERS = select(Answer.event_id, Answer.user_id, Answer.standing, Answer.turn, Answer.display_name).where(
    Answer.event_id.in_(bindparam("ids", expanding=True))
)
MOVED_UP = (
    update(Answer)
    .where(Answer.event_id == bindparam("event"), Answer.user_id == bindparam("user"))
    .values(standing=bindparam("now"))
)


async def newest_draft(session: AsyncSession, guild_id: int, user_id: int, since: datetime) -> Event | None:
    """The draft that a member began last, if that was not before `since`."""
    mine = (Event.guild_id == guild_id) & (Event.status == "draft") & (Event.host_user_id == user_id)
    query = select(Event).where(mine, Event.created_at >= since).order_by(Event.id.desc()).limit(1)
    return (await session.scalars(query)).one_or_none()


async def answers(session: AsyncSession, event_id: int) -> Sequence[Answer]:
    """The answers to an event, the earliest turn first."""
    return (await session.scalars(select(Answer).where(Answer.event_id == event_id).order_by(Answer.turn))).all()


async def answer_columns(session: AsyncSession, event_ids: Iterable[int]) -> Sequence[Row[int, int, str, int, str]]:
    """(event_id, user_id, standing, turn, display_name) of every answer: plain columns, for there may be thousands."""
    return (await session.execute(ANSWERS, {"ids": list(event_ids)})).all()


async def write_answers(session: AsyncSession, new: Sequence[dict[str, Any]], moved: Sequence[dict[str, Any]]) -> None:
    """Write answers that members gave (every column), and the standing of those who moved up without a press."""
    connection = await session.connection()
    if new:
        await connection.execute(_answers_given(session.get_bind().dialect.name), list(new))
    if moved:
        rows = [{"event": row["event_id"], "user": row["user_id"], "now": row["standing"]} for row in moved]
        await connection.execute(MOVED_UP, rows)


@cache
def _answers_given(dialect: str) -> Any:
    """The statement that writes answers, in one of the two dialects."""
    statement = upsert_in(dialect, Answer)
    columns = {name: statement.excluded[name] for name in ("standing", "display_name", "turn", "answered_at")}
    return statement.on_conflict_do_update(index_elements=["event_id", "user_id"], set_=columns)


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
    connection = await session.connection()
    await connection.execute(REFRESH, {"event": event_id, "due": due})


REFRESH = (
    update(CardCopy)
    .where(CardCopy.event_id == bindparam("event"))
    .where(CardCopy.refresh_at.is_(None) | (CardCopy.refresh_at > bindparam("due")))
    .values(refresh_at=bindparam("due"))
)


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
