"""Queries on what the bot has to do about events, each at its time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import leases
from db.database import upsert
from db.models import Event, EventChore


async def plan(session: AsyncSession, event_id: int, guild_id: int, name: str, due: datetime) -> None:
    """Have a chore of an event seen to at `due`, or earlier if that is planned; a chore that is done is due again."""
    statement = upsert(session, EventChore).values(
        event_id=event_id, guild_id=guild_id, name=name, due_at=due, failures=0
    )
    earlier = case(
        (EventChore.due_at.is_(None) | (EventChore.due_at > statement.excluded.due_at), statement.excluded.due_at),
        else_=EventChore.due_at,
    )
    keys = ["event_id", "name"]
    await session.execute(statement.on_conflict_do_update(index_elements=keys, set_={"due_at": earlier}))


async def planned(session: AsyncSession, event_id: int) -> dict[str, datetime | None]:
    """When an event's chores are due, by name; None for those that are done."""
    query = select(EventChore.name, EventChore.due_at).where(EventChore.event_id == event_id)
    return {name: due for name, due in await session.execute(query)}


async def replan(session: AsyncSession, event_id: int, guild_id: int, due: Mapping[str, datetime | None]) -> None:
    """Have chores seen to exactly then, whatever was planned; None: not at all."""
    for name, moment in sorted(due.items()):
        statement = upsert(session, EventChore).values(
            event_id=event_id, guild_id=guild_id, name=name, due_at=moment, failures=0
        )
        columns = {"due_at": statement.excluded.due_at, "failures": 0}
        await session.execute(statement.on_conflict_do_update(index_elements=["event_id", "name"], set_=columns))


async def yet_to_begin(session: AsyncSession, guild_id: int, now: datetime) -> Sequence[int]:
    """The open events of a server that have not begun, in order of their ids."""
    coming = (Event.guild_id == guild_id) & (Event.status == "open") & (Event.starts_at > now)
    return (await session.scalars(select(Event.id).where(coming).order_by(Event.id))).all()


async def claim(session: AsyncSession, now: datetime, lease_until: datetime, limit: int) -> Sequence[EventChore]:
    """Take chores that are due; what is planned after this makes them due again.

    Until `done` says otherwise they are due again when the lease ends, so that a crash forgets none.
    """
    rows = await leases.claim(session, EventChore, EventChore.due_at, now=now, lease_until=lease_until, limit=limit)
    for row in rows:
        row.due_at = lease_until
    return rows


async def done(
    session: AsyncSession, event_id: int, name: str, lease_until: datetime, *, again_at: datetime | None, failed: bool
) -> None:
    """End a claim; `again_at` plans the chore anew, unless that was done by others meanwhile."""
    row = await session.get(EventChore, (event_id, name), with_for_update=True)
    if row is None or row.lease_until != lease_until:
        return  # it took too long, and somebody else has it now
    if row.due_at == lease_until:
        row.due_at = again_at
    row.lease_until = None
    row.failures = row.failures + 1 if failed else 0


async def next_due(session: AsyncSession) -> datetime | None:
    """When the next chore is due, or the lease on it ends."""
    return await leases.next_due(session, EventChore, EventChore.due_at)
