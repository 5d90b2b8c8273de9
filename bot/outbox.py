"""Everything the bot says on its own account: claimed with a lease, sent with the row's nonce, completed.

A crash loses nothing: the lease runs out and the row is sent again, with the same nonce, so that Discord gives back
the first message instead of making a second one. `docs/design.md` says what that can promise.
"""

import asyncio
import logging
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.events import EventCard, event_card
from bot.texts import Texts, texts
from bot.ui.event_card import event_view, promotion_notice
from bot.ui.story_card import story_card
from db import events, outbox
from db.models import CardCopy, OutboxRow

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
LONGEST_SEND = 90.0  # seconds; shorter than the lease, so that no lease outlives its send
BATCH = 8
FIRST_RETRY, LAST_RETRY = timedelta(seconds=2), timedelta(minutes=10)
TRIES_AT_A_CLOSED_DOOR = 3  # a channel that is gone or shut

UNKNOWN_MESSAGE = 10008  # the nonce's message was posted, and has been deleted since
UNAVAILABLE = (10003, 50001, 50013)  # unknown channel, missing access, missing permissions


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed row, without its session."""

    id: int
    guild_id: int
    channel_id: int
    kind: str
    object_id: int
    user_id: int | None
    locale: str
    nonce: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Done:
    """How a job ended: `sent` with the message's id, `gone` when there was nothing left to say, or `parked`."""

    outcome: str
    message_id: int | None = None
    channel_id: int | None = None
    error: str | None = None
    shown: EventCard | None = None


class Outbox:
    """Sends what is due. Any number of processes may run one on the same database."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot
        self.owner = secrets.token_hex(8)

    async def run_once(self, now: datetime) -> datetime | None:
        """Send what is due, channels side by side; returns when the next row is due."""
        while jobs := await self._claim(now):
            await asyncio.gather(*(self._work(job, now) for job in jobs))
        async with self.bot.database.read() as session:
            return await outbox.next_due(session)

    async def release(self) -> None:
        """Give back what this process still holds, so that the next one need not wait for the leases."""
        async with self.bot.database.write() as session:
            await outbox.release(session, self.owner)

    async def _claim(self, now: datetime) -> list[Job]:
        async with self.bot.database.write() as session:
            rows = await outbox.claim(session, now, now + LEASE, self.owner, BATCH)
            return [_job(row) for row in rows]

    async def _work(self, job: Job, now: datetime) -> None:
        done: Done | None
        try:
            async with asyncio.timeout(LONGEST_SEND):
                done = await self._send(job)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            done = _after_failure(job, error)
        if done is None:
            await self._retry(job, now)
        else:
            await self._complete(job, done, now)

    async def _send(self, job: Job) -> Done:
        t = texts(job.locale)
        if job.kind == "story":
            story = await self.bot.stories.story(job.object_id)
            if story is None:
                return Done("gone")
            return await self._post(job, story_card(story, t))
        try:
            card = await self.bot.events.card(job.guild_id, job.object_id)
        except NotFound:
            return Done("gone")
        if job.kind == "promotion":
            # Called off since: the seat is worth nothing any more.
            return await self._tell(job, card, t) if card.status == "open" else Done("gone")
        return replace(await self._post(job, event_view(card)), shown=card)

    async def _post(self, job: Job, view: discord.ui.LayoutView, ping: discord.AllowedMentions | None = None) -> Done:
        channel = self.bot.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        mentions = ping or discord.AllowedMentions.none()
        message = await channel.send(view=view, nonce=job.nonce, allowed_mentions=mentions)
        return Done("sent", message.id, job.channel_id)

    async def _tell(self, job: Job, card: EventCard, t: Texts) -> Done:
        """Tell one member: by direct message, or by one mention where the event is when those are closed."""
        member = discord.Object(job.user_id or 0)
        try:
            direct = await self.bot.create_dm(member)
            message = await direct.send(
                view=promotion_notice(card, t), nonce=job.nonce, allowed_mentions=discord.AllowedMentions.none()
            )
            return Done("sent", message.id, direct.id)
        except discord.Forbidden:
            view = promotion_notice(card, t, mention=f"<@{member.id}>")
            return await self._post(job, view, discord.AllowedMentions(everyone=False, roles=False, users=[member]))

    async def _complete(self, job: Job, done: Done, now: datetime) -> None:
        async with self.bot.database.write() as session:
            row = await outbox.claimed(session, job.id, self.owner)
            if row is None:
                logger.warning("outbox row %s was taken over by another process", job.id)
                return
            row.done_at, row.outcome, row.message_id, row.last_error = now, done.outcome, done.message_id, done.error
            if job.kind == "event" and done.message_id:
                await _remember_copy(session, job, done, done.message_id, now)
        logger.info("outbox row %s (%s): %s in channel %s", job.id, job.kind, done.outcome, done.channel_id)

    async def _retry(self, job: Job, now: datetime) -> None:
        async with self.bot.database.write() as session:
            row = await outbox.claimed(session, job.id, self.owner)
            if row is not None:
                row.due_at = now + min(FIRST_RETRY * 2 ** min(job.attempts - 1, 10), LAST_RETRY)
                row.lease_until = row.lease_owner = None


class CardRefresh:
    """Edits the messages that show an event, after it changed."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot

    async def run_once(self, now: datetime) -> datetime | None:
        """Edit the cards that are due; returns when the next one is."""
        async with self.bot.database.write() as session:
            rows = await events.claim_copies(session, now, now + LEASE, BATCH)
            due = [(row.message_id, row.channel_id, row.guild_id, row.event_id) for row in rows]
        await asyncio.gather(*(self._edit(*copy, now) for copy in due))
        async with self.bot.database.read() as session:
            return await events.next_refresh(session)

    async def _edit(self, message_id: int, channel_id: int, guild_id: int, event_id: int, now: datetime) -> None:
        again_at: datetime | None = None
        gone = False
        try:
            card = await self.bot.events.card(guild_id, event_id)
            channel = self.bot.get_partial_messageable(channel_id, guild_id=guild_id)
            view = event_view(card)
            async with asyncio.timeout(LONGEST_SEND):
                await channel.get_partial_message(message_id).edit(
                    view=view, allowed_mentions=discord.AllowedMentions.none()
                )
        except (NotFound, discord.NotFound, discord.Forbidden) as error:
            logger.info("card %s of event %s is out of reach: %s", message_id, event_id, error)
            gone = True
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            logger.warning("card %s of event %s: %s", message_id, event_id, error)
            again_at = now + FIRST_RETRY * 5
        async with self.bot.database.write() as session:
            if gone:
                await events.forget_copy(session, message_id)
            else:
                await events.copy_edited(session, message_id, again_at=again_at)


async def _remember_copy(session: AsyncSession, job: Job, done: Done, message_id: int, now: datetime) -> None:
    """The message shows the event from now on; it is due for an edit if answers came in while it was sent."""
    event = await events.event(session, job.guild_id, job.object_id)
    changed = event is not None and await event_card(session, event) != done.shown
    await session.merge(
        CardCopy(
            message_id=message_id,
            guild_id=job.guild_id,
            channel_id=job.channel_id,
            event_id=job.object_id,
            # After a crash the first message comes back, as it was rendered then.
            refresh_at=now if changed or job.attempts > 1 else None,
        )
    )


def _after_failure(job: Job, error: Exception) -> Done | None:
    """What a failed send means: done after all, parked, or None for another try with the same nonce."""
    code = error.code if isinstance(error, discord.HTTPException) else None
    if code == UNKNOWN_MESSAGE:
        return Done("gone", error="posted, and deleted since")
    shut = code in UNAVAILABLE or (isinstance(error, discord.HTTPException) and error.status in (400, 403, 404))
    logger.warning("outbox row %s (%s), try %s: %s", job.id, job.kind, job.attempts, error)
    if shut and job.attempts >= TRIES_AT_A_CLOSED_DOOR:
        return Done("parked", error=str(error)[:500])
    return None


def _job(row: OutboxRow) -> Job:
    return Job(
        row.id,
        row.guild_id,
        row.channel_id,
        row.kind,
        row.object_id,
        row.user_id,
        row.locale,
        row.nonce,
        row.attempts,
    )
