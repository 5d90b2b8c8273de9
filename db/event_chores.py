"""Queries on what the bot has to do about events, each at its time."""

from datetime import datetime

from sqlalchemy import case
from sqlalchemy.ext.asyncio import AsyncSession

from db.database import upsert
from db.models import EventChore


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
