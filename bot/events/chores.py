"""What the bot has to do about events at their time: reminders, offers that pass, roles, threads, start and end."""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from bot.events.answers import open_sheets, write_sheet
from bot.events.attendee_roles import serve_roles
from bot.events.leavers import check_members
from bot.events.reminders import Occasion, makes_sense, place_of_notices, planned_reminders, queue_reminder, queue_to
from bot.events.threads import close_thread, open_thread
from bot.guilds import Server, load_server
from bot.retry import wait_after
from db import attendees, card_copies, event_chores, events, outbox
from db.database import Database
from db.models import Event

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
LONGEST_CHORE = 90.0  # seconds; shorter than the lease
AT_ONCE = 8
FIRST_RETRY, LAST_RETRY = timedelta(seconds=10), timedelta(hours=1)
MOST_FAILURES = 12  # of a chore in a row, which is several hours
THANKS_WITHIN = timedelta(days=1)  # after the end; a bot that was down for longer says nothing
ARCHIVE_AFTER = timedelta(hours=1)  # the end, so that the thanks come before: a message would open the thread again
REFUSED = {"thread": "no_thread", "roles": "no_role"}  # what moderators are told when the bot may not do it


@dataclass(frozen=True, slots=True)
class Chore:
    """A claimed row, without its session."""

    event_id: int
    guild_id: int
    name: str
    failures: int
    lease_until: datetime


async def plan_chores(session: AsyncSession, event: Event, server: Server, now: datetime) -> None:
    """Plan everything an event will need, anew after each change of its times; within an open transaction."""
    before = await event_chores.planned(session, event.id)
    due = chore_times(event, planned_reminders(event, server), before, now)
    await event_chores.replan(session, event.id, event.guild_id, due)


async def plan_all_chores(database: Database, guild_id: int, now: datetime) -> None:
    """The same for every event of a server yet to begin, after its own reminders were changed."""
    async with database.write() as session:
        server = await load_server(session, guild_id)
        for event_id in await event_chores.yet_to_begin(session, guild_id, now):
            event = await events.event(session, guild_id, event_id, lock=True)
            if event is not None and event.status == "open":
                await plan_chores(session, event, server, now)


def chore_times(
    event: Event, minutes: Sequence[int], before: Mapping[str, datetime | None], now: datetime
) -> dict[str, datetime | None]:
    """When an event's chores are due; `before` is what was planned. Pure.

    What is past is not planned, but kept if it is due just now. Offers are planned by the answers themselves.
    """
    assert event.starts_at is not None and event.ends_at is not None  # noqa: S101 - a check constraint
    due: dict[str, datetime | None] = {name: None for name in before if name.startswith("reminder:")}
    due["start"] = event.starts_at
    if event.status == "open":
        due |= {f"reminder:{offset}": event.starts_at - timedelta(minutes=offset) for offset in minutes}
    else:
        due["start"] = None
    due["end"] = event.ends_at
    due = {
        name: moment if moment and (moment >= now or before.get(name) == moment) else None
        for name, moment in due.items()
    }
    if event.wants_thread and event.thread_id is None and event.status == "open":
        due["thread"] = now
    if event.attendee_role_id is not None:
        due["roles"] = now
    return due


class Chores:
    """Sees to the chores that are due. Any number of processes may run one on the same database."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot

    async def run_once(self, now: datetime) -> datetime | None:
        """Do what is due; returns when the next chore is."""
        async with self.bot.database.write() as session:
            rows = await event_chores.claim(session, now, now + LEASE, AT_ONCE)
            due = [Chore(row.event_id, row.guild_id, row.name, row.failures, now + LEASE) for row in rows]
        await asyncio.gather(*(self.see_to(chore, now) for chore in due))
        async with self.bot.database.read() as session:
            return await event_chores.next_due(session)

    async def see_to(self, chore: Chore, now: datetime) -> None:
        """Do one chore and write down what came of it; only a database that fails can make this raise."""
        again_at: datetime | None = None
        failed = refused = False
        try:
            async with asyncio.timeout(LONGEST_CHORE):
                again_at = await self._do(chore, now)
        except Exception as error:  # one chore that cannot be done must not hold up the others
            failed, refused = True, getattr(error, "status", None) in (403, 404)
            logger.warning("event %s: %s failed: %s", chore.event_id, chore.name, error, exc_info=not refused)
            if not refused and chore.failures < MOST_FAILURES:
                again_at = now + wait_after(chore.failures + 1, FIRST_RETRY, LAST_RETRY)
        async with self.bot.database.write() as session:
            if refused and chore.name in REFUSED:
                await _tell_moderators(session, chore, REFUSED[chore.name], now)
            await event_chores.done(
                session, chore.event_id, chore.name, chore.lease_until, again_at=again_at, failed=failed
            )

    async def _do(self, chore: Chore, now: datetime) -> datetime | None:
        """Returns when it is to be done again, if that is known."""
        name, _, offset = chore.name.partition(":")
        if name == "offers":
            return await self._offers(chore, now)
        if name == "reminder":
            return await self._reminder(chore, int(offset), now)
        if name == "roles":
            more = await serve_roles(self.bot, chore.guild_id, chore.event_id, now)
            return now if more else None
        if name == "thread":
            return await self._thread(chore, now)
        if name == "picture":
            sent = await self.bot.refresh.send_picture(chore.guild_id, chore.event_id, now)
            return None if sent else now + FIRST_RETRY
        if name == "start":
            return await self._start(chore, now)
        if name == "end":
            return await self._end(chore, now)
        logger.error("event %s: nobody knows the chore %s", chore.event_id, chore.name)
        return None

    async def _offers(self, chore: Chore, now: datetime) -> datetime | None:
        """Take back the offers whose time has passed and serve the next; returns when the next offer passes."""
        async with self.bot.database.write() as session:
            sheet = (await open_sheets(session, {chore.event_id}, lock=True)).get(chore.event_id)
            if sheet is None:
                return None
            sheet.look(now)
            await write_sheet(session, sheet)
            until = [offer.offered_until for offer in sheet.state.offers.values() if offer.offered_until]
            # Planned here too: others may have found this chore at work and left the plan as it was.
            await event_chores.replan(session, chore.event_id, chore.guild_id, {chore.name: min(until, default=None)})
        return None

    async def _reminder(self, chore: Chore, minutes: int, now: datetime) -> datetime | None:
        """Queue a reminder for this start; returns when it is due if the start was moved meanwhile."""
        await check_members(self.bot, chore.guild_id, chore.event_id)
        async with self.bot.database.write() as session:
            event = await _open_event(session, chore, lock=True)
            if event is None or event.starts_at is None:
                return None
            due = event.starts_at - timedelta(minutes=minutes)
            if due > now:
                return due
            server = await load_server(session, event.guild_id)
            if makes_sense(minutes, planned_reminders(event, server), event.starts_at, now):
                await queue_reminder(session, event, server, minutes, now)
        return None

    async def _start(self, chore: Chore, now: datetime) -> datetime | None:
        """Free the seats of those who left, and have the cards show that it has begun."""
        async with self.bot.database.read() as session:
            event = await _open_event(session, chore)
        if event is None or event.starts_at is None or event.starts_at > now:
            return event.starts_at if event else None
        await check_members(self.bot, chore.guild_id, chore.event_id)
        async with self.bot.database.write() as session:
            await card_copies.refresh_copies(session, chore.event_id, now)
        return None

    async def _end(self, chore: Chore, now: datetime) -> datetime | None:
        """Have those who came thanked, the thread archived, and the role taken back."""
        async with self.bot.database.write() as session:
            event = await events.event(session, chore.guild_id, chore.event_id, lock=True)
            if event is None or event.ends_at is None or event.ends_at > now:
                return event.ends_at if event else None
            if event.status == "open" and now < event.ends_at + THANKS_WITHIN:
                came = await attendees.checked_in(session, event.id)
                thanks = Occasion("thanks", str(int(event.ends_at.timestamp())), {"came": len(came)})
                await queue_to(session, event, await load_server(session, event.guild_id), thanks, came, now)
            after = {"roles": now} if event.attendee_role_id is not None else {}
            if event.thread_id is not None:
                after["thread"] = now + ARCHIVE_AFTER
            await event_chores.replan(session, event.id, event.guild_id, after)
            await card_copies.refresh_copies(session, event.id, now)
        return None

    async def _thread(self, chore: Chore, now: datetime) -> datetime | None:
        """Open the thread, or archive it when the event is over."""
        async with self.bot.database.read() as session:
            event = await events.event(session, chore.guild_id, chore.event_id)
        if event is None or event.ends_at is None:
            return None
        if event.ends_at <= now:
            await close_thread(self.bot, chore.guild_id, chore.event_id)
        elif event.status == "open":
            await open_thread(self.bot, chore.guild_id, chore.event_id, now)
        return None


async def _open_event(session: AsyncSession, chore: Chore, *, lock: bool = False) -> Event | None:
    """The event of a chore, unless it was cancelled."""
    event = await events.event(session, chore.guild_id, chore.event_id, lock=lock)
    return event if event is not None and event.status == "open" else None


async def _tell_moderators(session: AsyncSession, chore: Chore, text_key: str, now: datetime) -> None:
    """Have moderators told, once, in the channel where the event is."""
    event = await events.event(session, chore.guild_id, chore.event_id)
    if event is None:
        return
    server = await load_server(session, chore.guild_id)
    channel_id = await place_of_notices(session, event, server)
    row = {
        "guild_id": chore.guild_id,
        "channel_id": channel_id,
        "kind": "notice",
        "object_id": chore.event_id,
        "detail": json.dumps({"text_key": text_key}),
        "dedupe_key": f"notice:{text_key}:{chore.event_id}",
        "due_at": now,
        "locale": server.locale,
    }
    if channel_id is not None:
        await outbox.queue_new(session, [row])
