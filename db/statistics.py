"""What one server has, counted."""

from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Event, Feed, Partnership, SeedVersion, Story


async def seed_version(session: AsyncSession) -> str | None:
    """The version of the seed that is loaded: "2026.11-9cbb40f6d747"; None if there is none."""
    return await session.scalar(select(SeedVersion.version))


async def of_server(session: AsyncSession, guild_id: int, now: datetime) -> Row[int, int, int, int, int]:
    """(ties, stories, held, upcoming, feeds) of a server.

    Ties that its moderators added or changed, stories it was shown, events that are over and that are not, without
    drafts and cancelled ones, and feeds it follows.
    """
    is_open = (Event.guild_id == guild_id) & (Event.status == "open")
    ties = select(func.count()).select_from(Partnership).where(Partnership.guild_id == guild_id)
    stories = select(func.count()).select_from(Story).where(Story.guild_id == guild_id, Story.announced)
    held = select(func.count()).select_from(Event).where(is_open, Event.ends_at <= now)
    upcoming = select(func.count()).select_from(Event).where(is_open, Event.ends_at > now)
    feeds = select(func.count()).select_from(Feed).where(Feed.guild_id == guild_id)
    counts = (ties, stories, held, upcoming, feeds)
    return (await session.execute(select(*(count.scalar_subquery() for count in counts)))).one()
