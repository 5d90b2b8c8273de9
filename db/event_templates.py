"""Queries on the templates of events."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.events import LARGEST_ID
from db.models import EventTemplate


async def templates(session: AsyncSession, guild_id: int) -> Sequence[EventTemplate]:
    """A server's templates by name."""
    query = select(EventTemplate).where(EventTemplate.guild_id == guild_id).order_by(EventTemplate.name)
    return (await session.scalars(query)).all()


async def template(session: AsyncSession, guild_id: int, template_id: int) -> EventTemplate | None:
    """A template of this server."""
    if not 0 < template_id <= LARGEST_ID:
        return None
    query = select(EventTemplate).where(EventTemplate.guild_id == guild_id, EventTemplate.id == template_id)
    return (await session.scalars(query)).one_or_none()
