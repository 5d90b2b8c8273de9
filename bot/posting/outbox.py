"""Everything the bot says on its own account: claimed with a lease, sent with the row's nonce, completed.

A crash loses nothing: the lease runs out and the row is sent again, with the same nonce, so that Discord gives back
the first message instead of making a second one. `docs/design.md` says what that can promise.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events.group_commit import GroupCommit
from bot.loops import Work, side_by_side
from bot.posting.job import Done, Job, Later
from bot.posting.posts import Posts
from bot.posting.rest_gate import Paused
from bot.posting.undelivered import give_up
from bot.retry import wait_after
from db import outbox
from db.models import OutboxRow

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
LONGEST_SEND = 90.0  # seconds; shorter than the lease, so that no lease outlives its send
# Channels that are written to side by side: while another batch is claimed, 16 keep the pace of 45 a second with a
# Discord that takes a third of a second to answer.
AT_ONCE, BATCH = 24, 8

FIRST_RETRY, LAST_RETRY = timedelta(seconds=2), timedelta(minutes=10)
# A channel that is gone or shut, or a message that Discord or we ourselves cannot take, is tried three times, with
# time between for somebody to put a permission right; then the row is parked.
AFTER_REFUSAL = (timedelta(minutes=1), timedelta(minutes=10))

Write = Callable[[AsyncSession, OutboxRow], Awaitable[None]]
Wish = Callable[[AsyncSession], Awaitable[bool]]
Clock = Callable[[], datetime]

UNKNOWN_MESSAGE = 10008  # the nonce's message was posted, and has been deleted since


class Outbox:
    """Sends what is due. Any number of processes may run one on the same database."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot
        self.posts = Posts(bot)
        self.owner = secrets.token_hex(8)
        self.stopping = False  # no new work is begun
        self._endings = GroupCommit(self._commit)

    async def run_once(self, now: datetime) -> datetime | None:
        """Send what is due, channels side by side; returns when the next row is due."""
        ahead = now - self.bot.now()

        def clock() -> datetime:
            return self.bot.now() + ahead

        async def claim(limit: int) -> list[Work]:
            if self.stopping or self.bot.rest_gate.paused_for():
                return []
            return [self._work(job, clock) for job in await self._claim(clock, limit)]

        await side_by_side(claim, AT_ONCE, BATCH)
        if seconds := self.bot.rest_gate.paused_for():
            return clock() + timedelta(seconds=seconds)
        async with self.bot.database.read() as session:
            return await outbox.next_due(session)

    async def release(self) -> None:
        """Give back what this process still holds, so that the next one need not wait for the leases."""
        async with self.bot.database.write() as session:
            await outbox.release(session, self.owner)

    async def _claim(self, clock: Clock, limit: int) -> list[Job]:
        if limit < 1:
            return []
        async with self.bot.database.write() as session:
            now = clock()  # here, for there may have been a wait for others who write: the lease counts from now on
            rows = await outbox.claim(session, now, now + LEASE, self.owner, limit)
            return [_job(row) for row in rows]

    async def _work(self, job: Job, clock: Clock) -> None:
        """Send one row and write down what came of it; whatever fails, the others go on."""
        try:
            async with asyncio.timeout(LONGEST_SEND):
                done = await self.posts.send(job, clock())
        except Later as later:
            await self._postpone(job, later.due_at, untouched=True)
        except discord.RateLimited as limited:  # longer than it is worth to wait with a lease in hand
            untouched = isinstance(limited, Paused) and limited.untouched
            await self._postpone(job, clock() + timedelta(seconds=limited.retry_after), untouched=untouched)
        except Exception as error:  # one row that cannot be rendered must not hold up all the others
            if isinstance(error, discord.HTTPException) and error.code == UNKNOWN_MESSAGE:
                await self._complete(job, Done("gone", error="posted, and deleted since"), clock())
            else:
                await self._failed(job, error, clock())
        else:
            await self._complete(job, done, clock())

    async def _complete(self, job: Job, done: Done, now: datetime) -> None:
        async def write(session: AsyncSession, row: OutboxRow) -> None:
            row.done_at, row.outcome, row.message_id, row.last_error = now, done.outcome, done.message_id, done.error
            await self.posts.completed(session, job, done, now)

        if await self._write(job, write):
            logger.info("outbox row %s (%s): %s in channel %s", job.id, job.kind, done.outcome, done.channel_id)
            if job.kind == "event":
                self.bot.wake()  # its thread is made from the card

    async def _postpone(self, job: Job, due_at: datetime, *, untouched: bool) -> None:
        """Leave a row for later; `untouched`: Discord cannot have heard of it, so that this was no attempt."""

        async def write(_session: AsyncSession, row: OutboxRow) -> None:
            row.lease_until, row.lease_owner, row.due_at = None, None, due_at
            row.attempts -= untouched
            if not row.attempts:
                row.first_tried_at = None

        await self._write(job, write)

    async def _failed(self, job: Job, error: Exception, now: datetime) -> None:
        """Plan another try with the same nonce, or give up if it was refused three times."""
        refused = not _passes_by_itself(error)
        code = error.code if isinstance(error, discord.HTTPException) else None
        if refused and code is None:
            logger.exception("outbox row %s (%s) cannot be sent", job.id, job.kind, exc_info=error)
        else:
            logger.warning("outbox row %s (%s), try %s: %s", job.id, job.kind, job.attempts, error)

        async def write(session: AsyncSession, row: OutboxRow) -> None:
            row.lease_until, row.lease_owner, row.last_error = None, None, str(error)[:500]
            row.refusals += refused
            if row.refusals > len(AFTER_REFUSAL):
                row.done_at, row.outcome = now, "parked"
                await give_up(session, job, code, row.last_error, now)
            elif refused:
                row.due_at = now + AFTER_REFUSAL[row.refusals - 1]
            else:
                row.due_at = now + wait_after(job.attempts, FIRST_RETRY, LAST_RETRY)

        await self._write(job, write)

    async def _write(self, job: Job, write: Write) -> bool:
        """Write down how a job ended, with those that end in the same moment; False if that was not to be done."""

        async def wish(session: AsyncSession) -> bool:
            row = await outbox.claimed(session, job.id, self.owner, job.attempts)
            if row is not None:
                await write(session, row)
            return row is not None

        try:
            held = await self._endings.do(wish)
        except Exception:  # the lease runs out, and it is tried again: nothing is lost
            logger.exception("what came of outbox row %s cannot be written down", job.id)
            return False
        if not held:
            logger.warning("outbox row %s is gone, or was taken over", job.id)
        return held

    async def _commit(self, wishes: Sequence[Wish]) -> list[bool]:
        async with self.bot.database.write() as session:
            return [await wish(session) for wish in wishes]


def _passes_by_itself(error: Exception) -> bool:
    """Whether trying again may help: no network, a slow answer, an error of Discord's or of a proxy before it."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429 or (error.code == 0 and error.status != 400)
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
        row.first_tried_at,
    )
