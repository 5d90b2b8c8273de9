"""Queries on what a server's moderators chose."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.database import upsert
from db.models import GuildSettings


async def settings(session: AsyncSession, guild_id: int) -> GuildSettings:
    """A server's settings; empty ones, not stored, if it has none yet."""
    return await session.get(GuildSettings, guild_id) or unset(guild_id)


def unset(guild_id: int) -> GuildSettings:
    """The settings of a server where nothing was chosen yet."""
    return GuildSettings(guild_id=guild_id, locale="en-US", reminder_minutes="1440,60")


async def change(session: AsyncSession, guild_id: int, **columns: Any) -> GuildSettings:
    """Set some columns and keep the others."""
    new = upsert(session, GuildSettings).values(guild_id=guild_id, locale="en-US")
    await session.execute(new.on_conflict_do_nothing())
    row = await settings(session, guild_id)
    for name, value in columns.items():
        setattr(row, name, value)
    return row
