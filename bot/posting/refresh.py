"""Bringing the messages that show an event up to date, after it changed.

Changes that come in quick succession are one edit: it is made a moment after the first of them, and after an edit the
message rests (`bot.posting.edit_pace`). Whatever changes, an edit comes after it.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import discord

from bot.errors import NotFound
from bot.events.gone_cards import messages_gone, out_of_reach
from bot.loops import Work, side_by_side
from bot.posting.edit_pace import rested_at
from bot.posting.editing import DONE, Outcome, after_error, edit
from bot.ui.events.event_card import event_view
from bot.ui.events.event_text import PICTURE
from db import card_copies, live_posts

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
LONGEST_EDIT = 90.0  # seconds; shorter than the lease
LONGEST_ROUND = timedelta(seconds=20)  # after which the loop has its say again, with work left or not
AT_ONCE = 8  # messages that are edited side by side


@dataclass(frozen=True, slots=True)
class Copy:
    """A claimed message, without its session."""

    message_id: int
    channel_id: int
    guild_id: int
    event_id: int
    failures: int
    lease_until: datetime


class CardRefresh:
    """Edits the cards that are due. Any number of processes may run one on the same database."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot

    async def run_once(self, now: datetime) -> datetime | None:
        """Edit the cards that are due; returns when the next one is."""
        ahead = now - self.bot.now()

        async def claim(limit: int) -> list[Work]:
            moment = self.bot.now() + ahead
            if moment >= now + LONGEST_ROUND:
                return []
            return [self._refresh(copy, ahead) for copy in await self._claim(moment, limit)]

        await side_by_side(claim, AT_ONCE)
        async with self.bot.database.read() as session:
            return await card_copies.next_refresh(session)

    async def send_picture(self, guild_id: int, event_id: int, now: datetime) -> bool:
        """Send an event's picture to every message with its card, or take it off them; an edit comes after it.

        False where a card is just being posted, with whichever picture: then it is too early. Raises what Discord
        answers.
        """
        async with self.bot.database.read() as session:
            if await card_copies.is_being_posted(session, event_id, now):
                return False
            copies = await card_copies.copies(session, [event_id])
        card = await self.bot.events.card(guild_id, event_id)
        picture = await self.bot.events.picture(guild_id, event_id) if card.picture_alt is not None else None
        for copy in copies:
            files = [discord.File(BytesIO(picture), PICTURE, description=card.picture_alt)] if picture else []
            try:
                await edit(self.bot, guild_id, copy.channel_id, copy.message_id, event_view(card), files)
            except (discord.NotFound, discord.Forbidden) as error:  # the edit that comes after it sees to that
                logger.info("card %s of event %s gets no picture: %s", copy.message_id, event_id, error)
        async with self.bot.database.write() as session:
            await card_copies.refresh_copies(session, event_id, now)  # somebody may have answered meanwhile
        return True

    async def _claim(self, now: datetime, limit: int) -> list[Copy]:
        if limit < 1:
            return []
        lease_until = now + LEASE
        async with self.bot.database.write() as session:
            rows = await card_copies.claim_copies(session, now, lease_until, limit)
            return [
                Copy(row.message_id, row.channel_id, row.guild_id, row.event_id, row.failures, lease_until)
                for row in rows
            ]

    async def _refresh(self, copy: Copy, ahead: timedelta) -> None:
        """Edit one message and write down what came of it; only a database that fails can make this raise."""
        outcome = await self._edit(copy)
        now = self.bot.now() + ahead
        if outcome.gone:
            await self._gone(copy, outcome, now)
            return
        async with self.bot.database.write() as session:
            await card_copies.copy_edited(
                session,
                copy.message_id,
                copy.lease_until,
                again_at=now + outcome.again_in if outcome.again_in is not None else None,
                rests_until=rested_at(copy.message_id, now),
            )
            await live_posts.touch(session, copy.guild_id, now)  # the lists may show it too

    async def _edit(self, copy: Copy) -> Outcome:
        try:
            async with asyncio.timeout(LONGEST_EDIT):
                card = await self.bot.events.card(copy.guild_id, copy.event_id)
                await edit(self.bot, copy.guild_id, copy.channel_id, copy.message_id, event_view(card))
            return DONE
        except NotFound:
            return Outcome(gone=True)
        except Exception as error:  # one card that cannot be rendered must not hold up the others
            logger.warning("card %s of event %s: %s", copy.message_id, copy.event_id, error)
            return after_error(error, copy.failures)

    async def _gone(self, copy: Copy, outcome: Outcome, now: datetime) -> None:
        if outcome.lost_channel:
            told = out_of_reach(self.bot.database, copy.guild_id, copy.channel_id, copy.message_id, now)
        else:
            told = messages_gone(self.bot.database, copy.guild_id, [copy.message_id], now)
        if await told:
            self.bot.wake()  # a notice waits in the outbox
