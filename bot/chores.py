"""What the bot has to do about events at their time: reminders, offers that pass, roles, start and end."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.guilds import Server
from db.models import Event


async def plan_chores(session: AsyncSession, event: Event, server: Server, now: datetime) -> None:
    """Plan everything an event will need, anew after each change of its times; within an open transaction."""
