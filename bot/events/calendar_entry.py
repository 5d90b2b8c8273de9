"""What calendars are told of an event of this server."""

from bot.events.answers import gone
from bot.events.calendar_file import CalendarEntry
from db import card_copies
from db import events as queries
from db.database import Database


async def calendar_entry(database: Database, guild_id: int, event_id: int) -> CalendarEntry:
    """A published event, cancelled or not, with the address of its first card. Raises NotFound."""
    async with database.read() as session:
        event = await queries.event(session, guild_id, event_id)
        if event is None or event.starts_at is None or event.ends_at is None or event.status == "draft":
            raise gone()
        copies = await card_copies.copies(session, [event_id])
        where = f"{guild_id}/{copies[0].channel_id}/{copies[0].message_id}" if copies else None
        return CalendarEntry(
            event.id,
            event.guild_id,
            event.title,
            event.description,
            event.location,
            event.starts_at,
            event.ends_at,
            event.timezone,
            event.status == "cancelled",
            event.sequence,
            f"https://discord.com/channels/{where}" if where else None,
        )
