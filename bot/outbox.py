"""Everything the bot says on its own account: claimed with a lease, sent with the row's nonce, completed.

A crash loses nothing: the lease runs out and the row is sent again, with the same nonce, so that Discord gives back
the first message instead of making a second one. `docs/design.md` says what that can promise.
"""

import asyncio
import json
import logging
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord
from sqlalchemy.ext.asyncio import AsyncSession

from bot.event_page import event_card
from bot.gone_cards import tell_undelivered
from bot.live_posts import remember
from bot.loops import Work, side_by_side
from bot.outbox_posts import Done, Job, Later, Posts
from bot.retry import wait_after
from db import event_chores, events, outbox
from db.models import CardCopy, OutboxRow

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
LONGEST_SEND = 90.0  # seconds; shorter than the lease, so that no lease outlives its send
LONGEST_ROUND = timedelta(seconds=20)  # after which the loop has its say again, with work left or not
AT_ONCE = 8  # channels that are written to side by side

FIRST_RETRY, LAST_RETRY = timedelta(seconds=2), timedelta(minutes=10)
# A channel that is gone or shut, or a message that Discord or we ourselves cannot take, is tried three times, with
# time between for somebody to put a permission right; then the row is parked.
AFTER_REFUSAL = (timedelta(minutes=1), timedelta(minutes=10))

ABOUT_EVENTS = ("event", "promotion", "offer", "lapsed", "reminder", "change", "thanks")
UNKNOWN_MESSAGE = 10008  # the nonce's message was posted, and has been deleted since


class Outbox:
    """Sends what is due. Any number of processes may run one on the same database."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot
        self.posts = Posts(bot)
        self.owner = secrets.token_hex(8)
        self.stopping = False  # no new work is begun

    async def run_once(self, now: datetime) -> datetime | None:
        """Send what is due, channels side by side; returns when the next row is due."""
        ahead = now - self.bot.now()

        async def claim(limit: int) -> list[Work]:
            moment = self.bot.now() + ahead
            if self.stopping or moment >= now + LONGEST_ROUND:
                return []
            return [self._work(job, moment) for job in await self._claim(moment, limit)]

        await side_by_side(claim, AT_ONCE)
        async with self.bot.database.read() as session:
            return await outbox.next_due(session)

    async def release(self) -> None:
        """Give back what this process still holds, so that the next one need not wait for the leases."""
        async with self.bot.database.write() as session:
            await outbox.release(session, self.owner)

    async def _claim(self, now: datetime, limit: int) -> list[Job]:
        if limit < 1:
            return []
        async with self.bot.database.write() as session:
            rows = await outbox.claim(session, now, now + LEASE, self.owner, limit)
            return [_job(row) for row in rows]

    async def _work(self, job: Job, now: datetime) -> None:
        """Send one row and write down what came of it; only a database that fails can make this raise."""
        try:
            async with asyncio.timeout(LONGEST_SEND):
                done = await self.posts.send(job, now)
        except Later as later:
            await self._postpone(job, later.due_at)
            return
        except Exception as error:  # one row that cannot be rendered must not hold up all the others
            if isinstance(error, discord.HTTPException) and error.code == UNKNOWN_MESSAGE:
                done = Done("gone", error="posted, and deleted since")
            else:
                await self._failed(job, error, now)
                return
        await self._complete(job, done, now)

    async def _complete(self, job: Job, done: Done, now: datetime) -> None:
        async with self.bot.database.write() as session:
            row = await outbox.claimed(session, job.id, self.owner)
            if row is None:
                logger.warning("outbox row %s is gone, or another process took it over", job.id)
                return
            row.done_at, row.outcome, row.message_id, row.last_error = now, done.outcome, done.message_id, done.error
            if job.kind == "event" and done.message_id:
                await _remember_copy(session, job, done, done.message_id, now)
            elif job.kind == "live" and done.message_id:
                await remember(session, done.message_id, job.guild_id, job.channel_id)
        logger.info("outbox row %s (%s): %s in channel %s", job.id, job.kind, done.outcome, done.channel_id)
        if job.kind == "event":
            self.bot.wake()  # its thread is made from the card

    async def _postpone(self, job: Job, due_at: datetime) -> None:
        async with self.bot.database.write() as session:
            row = await outbox.claimed(session, job.id, self.owner)
            if row is not None:
                row.lease_until, row.lease_owner, row.due_at = None, None, due_at

    async def _failed(self, job: Job, error: Exception, now: datetime) -> None:
        """Plan another try with the same nonce, or park the row if it was refused three times."""
        refused = not _passes_by_itself(error)
        if refused and not isinstance(error, discord.HTTPException):
            logger.exception("outbox row %s (%s) cannot be sent", job.id, job.kind, exc_info=error)
        else:
            logger.warning("outbox row %s (%s), try %s: %s", job.id, job.kind, job.attempts, error)
        async with self.bot.database.write() as session:
            row = await outbox.claimed(session, job.id, self.owner)
            if row is None:
                return
            row.lease_until, row.lease_owner, row.last_error = None, None, str(error)[:500]
            row.refusals += refused
            if row.refusals > len(AFTER_REFUSAL):
                row.done_at, row.outcome = now, "parked"
                if job.kind in ABOUT_EVENTS and job.channel_id != job.user_id:  # no direct message
                    await tell_undelivered(session, job.guild_id, job.object_id, job.channel_id, now)
            elif refused:
                row.due_at = now + AFTER_REFUSAL[row.refusals - 1]
            else:
                row.due_at = now + wait_after(job.attempts, FIRST_RETRY, LAST_RETRY)


async def _remember_copy(session: AsyncSession, job: Job, done: Done, message_id: int, now: datetime) -> None:
    """The message shows the event from now on; it is due for an edit if answers came in while it was sent."""
    event = await events.event(session, job.guild_id, job.object_id, lock=True)
    changed = event is not None and await event_card(session, event) != done.shown
    if event is not None and event.wants_thread and event.thread_id is None:
        await event_chores.plan(session, event.id, event.guild_id, "thread", now)
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


def _passes_by_itself(error: Exception) -> bool:
    """Whether trying again may help: no network, a slow answer, an error of Discord's or of a proxy before it."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429 or error.code == 0
    return isinstance(error, discord.DiscordException | aiohttp.ClientError | OSError | TimeoutError)


def _job(row: OutboxRow) -> Job:
    return Job(
        row.id,
        row.guild_id,
        row.channel_id,
        row.kind,
        row.object_id,
        row.user_id,
        json.loads(row.detail or "{}"),
        row.locale,
        row.dedupe_key,
        row.nonce,
        row.attempts,
    )
