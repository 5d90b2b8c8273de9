"""Channels where Discord let the bot post no more: what is due there waits until a moderator says to try again."""

import logging
from datetime import datetime, timedelta

from db import lost_channels
from db.database import Database

logger = logging.getLogger(__name__)

TRIED_AGAIN_WITHIN = timedelta(days=7)  # what was given up longer ago is no news any more


class LostChannels:
    """The use cases around them; who may reopen one is checked by the caller's own use case."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def reopen(self, guild_id: int, channel_id: int, now: datetime) -> int:
        """Try again in a channel; returns how many messages will be: those that wait, and those given up lately."""
        async with self.database.write() as session:
            count = await lost_channels.reopen(session, guild_id, channel_id, now - TRIED_AGAIN_WITHIN, now)
        logger.info("guild %s: channel %s is tried again, with %s messages", guild_id, channel_id, count)
        return count

    async def of(self, guild_id: int) -> dict[int, str]:
        """The lost channels of a server, each with Discord's words."""
        async with self.database.read() as session:
            return await lost_channels.lost(session, guild_id)
