"""Bringing the messages that show an event up to date, after it changed."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot.errors import NotFound
from bot.retry import wait_after
from bot.ui.event_card import event_view
from db import card_copies

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
LONGEST_EDIT = 90.0  # seconds; shorter than the lease
AT_ONCE = 8
FIRST_RETRY, LAST_RETRY = timedelta(seconds=10), timedelta(hours=1)

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, INVALID_FORM = 10003, 10008, 50035  # Discord's error codes


@dataclass(frozen=True, slots=True)
class Copy:
    """A claimed message, without its session."""

    message_id: int
    channel_id: int
    guild_id: int
    event_id: int
    failures: int


class CardRefresh:
    """Edits the cards that are due. Any number of processes may run one on the same database."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot

    async def run_once(self, now: datetime) -> datetime | None:
        """Edit the cards that are due; returns when the next one is."""
        async with self.bot.database.write() as session:
            rows = await card_copies.claim_copies(session, now, now + LEASE, AT_ONCE)
            due = [Copy(row.message_id, row.channel_id, row.guild_id, row.event_id, row.failures) for row in rows]
        await asyncio.gather(*(self._refresh(copy, now) for copy in due))
        async with self.bot.database.read() as session:
            return await card_copies.next_refresh(session)

    async def _refresh(self, copy: Copy, now: datetime) -> None:
        """Edit one message and write down what came of it; only a database that fails can make this raise."""
        again_at: datetime | None = None
        try:
            async with asyncio.timeout(LONGEST_EDIT):
                await self._edit(copy)
        except Exception as error:  # one card that cannot be rendered must not hold up the others
            code = error.code if isinstance(error, discord.HTTPException) else None
            logger.warning("card %s of event %s: %s", copy.message_id, copy.event_id, error)
            if code in (UNKNOWN_CHANNEL, UNKNOWN_MESSAGE) or isinstance(error, NotFound):
                async with self.bot.database.write() as session:
                    await card_copies.forget_copy(session, copy.message_id)
                return
            if code != INVALID_FORM:
                again_at = now + wait_after(copy.failures + 1, FIRST_RETRY, LAST_RETRY)
        async with self.bot.database.write() as session:
            await card_copies.copy_edited(session, copy.message_id, again_at=again_at)

    async def _edit(self, copy: Copy) -> None:
        card = await self.bot.events.card(copy.guild_id, copy.event_id)
        channel = self.bot.get_partial_messageable(copy.channel_id, guild_id=copy.guild_id)
        message = channel.get_partial_message(copy.message_id)
        await message.edit(view=event_view(card), allowed_mentions=discord.AllowedMentions.none())
