"""What tests of answering do to a database: announce an event by its row, change its terms as an organiser does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.events.answer_rules import with_terms
from bot.events.answers import REFRESH_AFTER, open_sheets, write_sheet
from bot.events.page import terms_of
from db.database import Database
from db.models import CardCopy, Event

GUILD, CHANNEL = 77, 7700


async def announce(database: Database, now: datetime, **columns: Any) -> int:
    """An open event three days from now, with a card in the server's channel; returns its id."""
    starts_at = now + timedelta(days=3)
    usual: dict[str, Any] = {
        "guild_id": GUILD,
        "status": "open",
        "title": "The race",
        "typed_when": "",
        "typed_capacity": "",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "timezone": "UTC",
        "location": "",
        "description": "",
        "host_user_id": 1,
        "host_name": "Host",
        "created_at": now,
    }
    async with database.write() as session:
        event = Event(**(usual | columns))
        session.add(event)
        await session.flush()
        session.add(CardCopy(message_id=10**6 + event.id, guild_id=GUILD, channel_id=CHANNEL, event_id=event.id))
        return event.id


async def change_terms(database: Database, event_id: int, now: datetime, alter: Callable[[Event], object]) -> None:
    """Change an event's row, and all that follows from it for those who answered."""
    async with database.write() as session:
        sheet = (await open_sheets(session, {event_id}, lock=True))[event_id]
        alter(sheet.event)
        sheet.move(with_terms(sheet.state, terms_of(sheet.event), now), now)
        sheet.refresh_at = sheet.refresh_at or now + REFRESH_AFTER
        await write_sheet(session, sheet)


async def look_at_offers(database: Database, event_id: int, now: datetime) -> None:
    """Do what time alone changes, as the chore `offers` does."""
    async with database.write() as session:
        sheet = (await open_sheets(session, {event_id}, lock=True))[event_id]
        sheet.look(now)
        await write_sheet(session, sheet)
