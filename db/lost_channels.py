"""Queries on channels where the bot may post no more, and on what waits for them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.database import upsert
from db.models import LostChannel, OutboxRow


async def note(session: AsyncSession, guild_id: int, channel_id: int, error: str, now: datetime) -> bool:
    """Remember that a channel is lost; False if that was known."""
    row = {"channel_id": channel_id, "guild_id": guild_id, "lost_at": now, "error": error}
    statement = upsert(session, LostChannel).values(row).on_conflict_do_nothing().returning(LostChannel.channel_id)
    return await session.scalar(statement) is not None


async def reopen(session: AsyncSession, guild_id: int, channel_id: int, since: datetime, now: datetime) -> int:
    """Have what waits for a channel tried again, and what was given up there since then; returns how many rows."""
    of_server = (LostChannel.guild_id == guild_id) & (LostChannel.channel_id == channel_id)
    await session.execute(delete(LostChannel).where(of_server))
    there = (OutboxRow.guild_id == guild_id) & (OutboxRow.channel_id == channel_id)
    given_up = (OutboxRow.outcome == "parked") & (OutboxRow.done_at >= since)
    again = {"done_at": None, "outcome": None, "refusals": 0, "due_at": now, "lease_until": None, "lease_owner": None}
    await session.execute(update(OutboxRow).where(there, given_up).values(again))
    waiting = select(func.count()).select_from(OutboxRow).where(there, OutboxRow.done_at.is_(None))
    return await session.scalar(waiting) or 0


async def lost(session: AsyncSession, guild_id: int) -> dict[int, str]:
    """The lost channels of a server, each with Discord's words."""
    query = select(LostChannel.channel_id, LostChannel.error).where(LostChannel.guild_id == guild_id)
    return {channel_id: error for channel_id, error in await session.execute(query)}


async def open_ones(session: AsyncSession, channel_ids: Collection[int]) -> set[int]:
    """Those of the channels that are not lost."""
    query = select(LostChannel.channel_id).where(LostChannel.channel_id.in_(channel_ids))
    return set(channel_ids) - set(await session.scalars(query))
