"""Changing an event that is published, by its host or a moderator, each time in one transaction.

What a change leads to is read off the row afterwards, whichever way it was made: a new time, place, title or status
counts as a change of the calendar entry; attendees hear of a new time or place and of a cancellation, and of nothing
else; free seats go to those who wait.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput
from bot.events.answer_rules import with_terms
from bot.events.answers import REFRESH_AFTER, Sheet, gone, open_sheets, write_sheet
from bot.events.chores import plan_chores
from bot.events.corrections import Organising, forget_typed
from bot.events.page import EventCard, card_with, terms_of
from bot.events.reminders import queue_to_attendees
from bot.events.rsvp import SEATED
from bot.members import Member, require_event_moderator
from bot.recogniser.recogniser import Recogniser
from bot.recogniser.tags import note_event_places
from db import card_copies
from db import events as queries
from db.database import Database
from db.drafts import note_city
from db.models import Event

logger = logging.getLogger(__name__)

COUNTED = frozenset({"time", "place", "title", "status"})  # what a calendar entry holds
TOLD = frozenset({"time", "place"})  # what attendees need to know
LONGEST_REASON = 300


class Closed(BadInput):
    """The event cannot be changed at all, whatever is typed."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change came to: the card as it is now, what is new on it, and how many members got a seat thereby."""

    card: EventCard
    what: frozenset[str]
    moved_up: int


Alter = Callable[[Event], None]
First = Callable[[AsyncSession, Event], Awaitable[None]]


async def change(
    database: Database,
    by: Organising,
    alter: Alter,
    *,
    first: First | None = None,
    draft_id: int = 0,
    recogniser: Recogniser | None = None,
) -> Changed:
    """Apply `alter` to the event's row and see to all that follows; `draft_id` is the form's that is used up thereby.

    `first` checks or writes other rows beforehand. Raises NotFound, NotAllowed, Closed, and what the two raise.
    """
    async with database.write() as session:
        sheet = await _sheet(session, by)
        before = _facts(sheet.event)
        if first is not None:
            await first(session, sheet.event)
        alter(sheet.event)
        after = _facts(sheet.event)
        what = frozenset(name for name in after if after[name] != before[name])
        if draft_id:
            await forget_typed(session, by, draft_id)
        if recogniser is not None and what & {"title", "place", "description", "city"}:
            await session.flush()
            await queries.forget_places(session, by.event_id)
            await note_event_places(session, recogniser, sheet.event)
            await note_city(session, sheet.event)
        return await _see_to(session, sheet, what, by)


async def cancel(database: Database, by: Organising, reason: str = "") -> Changed:
    """Call the event off; its cards and those who are going are told, with the reason if there is one."""

    def alter(event: Event) -> None:
        event.status, event.cancel_reason = "cancelled", " ".join(reason.split())[:LONGEST_REASON]

    return await change(database, by, alter)


async def _sheet(session: AsyncSession, by: Organising) -> Sheet:
    """The event and its answers, kept from others, for somebody who may change it."""
    sheet = (await open_sheets(session, {by.event_id}, lock=True)).get(by.event_id)
    if sheet is None or sheet.event.guild_id != by.guild_id:
        raise gone()
    require_organiser(by.member, sheet.server.moderator_role_id, sheet.event)
    require_changeable(sheet.event, by.now)
    return sheet


def require_organiser(member: Member, moderator_role_id: int | None, event: Event) -> None:
    """Raise NotAllowed unless the member hosts the event or may run events here."""
    if member.id != event.host_user_id:
        require_event_moderator(member, moderator_role_id)


def require_changeable(event: Event, now: datetime) -> None:
    """Raise Closed for an event that is cancelled or over."""
    if event.status == "cancelled":
        raise Closed("That event is cancelled already.")
    if event.ends_at is not None and event.ends_at <= now:
        raise Closed("That event is over, so there is nothing to change any more.")


def _facts(event: Event) -> dict[str, object]:
    """What attendees, calendars, chores or the search for places may have to know of, by a name for it."""
    return {
        "time": (event.starts_at, event.ends_at),
        "place": event.location,
        "title": event.title,
        "status": event.status,
        "description": event.description,
        "city": event.place_id,
        "chores": (event.reminder_minutes, event.wants_thread, event.attendee_role_id),
    }


async def _see_to(session: AsyncSession, sheet: Sheet, what: frozenset[str], by: Organising) -> Changed:
    """Everything that a change leads to: the row has it already."""
    event, server = sheet.event, sheet.server
    if what & COUNTED:
        event.sequence += 1
    await session.flush()
    if event.status == "cancelled":
        await queue_to_attendees(session, event, server, "change", str(event.sequence), {"cancelled": True}, by.now)
    elif what & TOLD:
        changed = {"changed": sorted(what & TOLD, reverse=True)}
        await queue_to_attendees(session, event, server, "change", str(event.sequence), changed, by.now)
    if what & {"time", "status", "chores"}:
        await plan_chores(session, event, server, by.now)
    moved = with_terms(sheet.state, terms_of(event), by.now)
    sheet.move(moved, by.now)
    sheet.refresh_at = sheet.refresh_at or by.now + REFRESH_AFTER  # the offers that are held may end earlier now
    await write_sheet(session, sheet)
    await card_copies.refresh_copies(session, event.id, by.now)  # no press shows it, so at once
    logger.info("guild %s: event %s changed by %s: %s", by.guild_id, event.id, by.member.id, ", ".join(sorted(what)))
    up = sum(given.standing in SEATED for given in moved)
    return Changed(await card_with(session, event, server, sheet.named), what, up)
