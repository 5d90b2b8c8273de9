"""Queries on who came to events."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Answer


async def next_turn(session: AsyncSession, event_id: int) -> int:
    """The turn of the next answer to an event, which must be locked."""
    return (await session.scalar(select(func.max(Answer.turn)).where(Answer.event_id == event_id)) or 0) + 1
