"""Who comes to an event and who came, as its organisers see it and tick it off by hand."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput
from bot.events.answers import published_event
from bot.events.changes import require_organiser
from bot.events.rsvp import Standing
from bot.guilds import load_server
from bot.members import Member
from db import answers as answer_queries
from db.database import Database
from db.models import Answer, Event

logger = logging.getLogger(__name__)

BEFORE, AFTER = timedelta(hours=1), timedelta(hours=6)  # the start and the end: when people check in


@dataclass(frozen=True, slots=True)
class Attendee:
    """A member's answer as organisers see it; `place` is the place in line of who waits, else 0."""

    user_id: int
    name: str
    standing: Standing
    guests: int
    volunteer: str | None
    note: str
    place: int
    answered_at: datetime
    checked_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttendeeList:
    """Everybody who answered an event: those with a seat by name, those who wait in line, the others by name.

    `ticking`: people may be ticked off as present.
    """

    event_id: int
    title: str
    starts_at: datetime
    timezone: str
    capacity: int | None
    ticking: bool
    attendees: tuple[Attendee, ...]

    def standing(self, *standings: Standing) -> list[Attendee]:
        """Those who stand so."""
        return [attendee for attendee in self.attendees if attendee.standing in standings]

    @property
    def came(self) -> list[Attendee]:
        """Those who checked in, however they had answered."""
        return [attendee for attendee in self.attendees if attendee.checked_in_at is not None]


async def attendees(database: Database, guild_id: int, event_id: int, member: Member, now: datetime) -> AttendeeList:
    """Everybody who answered. Raises NotFound, NotAllowed for all but the host and moderators."""
    async with database.read() as session:
        event = await organised_event(session, guild_id, event_id, member)
        return await _list(session, event, now)


async def tick(
    database: Database,
    guild_id: int,
    event_id: int,
    member: Member,
    now: datetime,
    *,
    came: Collection[int],
    did_not: Collection[int],
) -> AttendeeList:
    """Note by hand that these users came, and that those did not after all; ids of nobody who answered are ignored.

    Raises NotFound, NotAllowed, BadInput earlier than an hour before the start and for a cancelled event.
    """
    async with database.write() as session:
        event = await organised_event(session, guild_id, event_id, member, lock=True)
        if not _ticking(event, now):
            raise BadInput("People can be ticked off from an hour before the start, unless the event is cancelled.")
        for row in await answer_queries.answers(session, event_id):
            if row.user_id in came:
                row.checked_in_at = row.checked_in_at or now
            elif row.user_id in did_not:
                row.checked_in_at = None
        logger.info("guild %s: %s ticked people off at event %s", guild_id, member.id, event_id)
        return await _list(session, event, now)


async def organised_event(
    session: AsyncSession, guild_id: int, event_id: int, member: Member, *, lock: bool = False
) -> Event:
    """The same, for its host or a moderator. Raises NotFound, NotAllowed."""
    event = await published_event(session, guild_id, event_id, lock=lock)
    require_organiser(member, (await load_server(session, guild_id)).moderator_role_id, event)
    return event


def window(event: Event) -> tuple[datetime, datetime]:
    """From when until when people check in."""
    assert event.starts_at is not None and event.ends_at is not None  # noqa: S101 - a check constraint
    return event.starts_at - BEFORE, event.ends_at + AFTER


def _ticking(event: Event, now: datetime) -> bool:
    return event.status == "open" and now >= window(event)[0]


async def _list(session: AsyncSession, event: Event, now: datetime) -> AttendeeList:
    assert event.starts_at is not None  # noqa: S101 - a check constraint
    rows = await answer_queries.answers(session, event.id)
    line = {row.user_id: place for place, row in enumerate((row for row in rows if row.standing == "waiting"), 1)}
    found = [_attendee(row, line.get(row.user_id, 0)) for row in rows]
    order = list(Standing)
    found.sort(key=lambda one: (order.index(one.standing), one.place, one.name.casefold(), one.user_id))
    return AttendeeList(
        event.id, event.title, event.starts_at, event.timezone, event.capacity, _ticking(event, now), tuple(found)
    )


def _attendee(row: Answer, place: int) -> Attendee:
    return Attendee(
        row.user_id,
        row.display_name,
        Standing(row.standing),
        row.guests,
        row.volunteer_role,
        row.note,
        place,
        row.answered_at,
        row.checked_in_at,
    )
