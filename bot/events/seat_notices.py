"""Notices to those whose place in line changed without a press: a seat given, a seat offered, an offer that passed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.events.page import YOUTH
from bot.events.reminders import place_of_notices
from bot.events.rsvp import Given, Standing
from bot.guilds import Server
from db import outbox
from db.models import Event

KINDS = {Standing.GOING: "promotion", Standing.OFFERED: "offer", Standing.NO: "lapsed"}


async def queue_notices(
    session: AsyncSession, event: Event, server: Server, moved: Sequence[Given], now: datetime
) -> None:
    """Have each member told, in order. An event for the young sends nothing: its card asks them to look."""
    if event.track == YOUTH:
        return
    channel_id = await place_of_notices(session, event, server)
    if channel_id is None:
        return
    await outbox.queue_all(
        session,
        [
            {
                "guild_id": event.guild_id,
                "channel_id": channel_id,
                "kind": KINDS[given.standing],
                "object_id": event.id,
                "user_id": given.user_id,
                "dedupe_key": f"{KINDS[given.standing]}:{event.id}:{given.user_id}:{given.turn}",
                "due_at": now,
                "locale": server.locale,
            }
            for given in moved
        ],
    )
