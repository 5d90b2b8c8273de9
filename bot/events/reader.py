"""What one member reads of an event: where they stand, who is coming; and the note they leave to the organiser."""

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.errors import BadInput, NotAllowed
from bot.events.answers import published_event
from bot.events.changes import require_organiser
from bot.events.page import EventCard, event_card
from bot.events.rsvp import Given
from bot.guilds import load_server
from bot.members import Member
from db.database import Database
from db.models import Answer, Event

logger = logging.getLogger(__name__)

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class MyAnswer:
    """An event with one member's answer; None if they gave none.

    `place` counts from 1 among those who stand the same: for who waits, the place in line.
    """

    card: EventCard
    given: Given | None
    place: int
    note: str
    checked_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenRoster:
    """An event's card, and whether this member may read the names on it."""

    card: EventCard
    names: bool


async def my_answer(database: Database, guild_id: int, event_id: int, user_id: int) -> MyAnswer:
    """Where a member stands. Raises NotFound for an event of another server or none."""
    async with database.read() as session:
        card = await event_card(session, await published_event(session, guild_id, event_id))
        row = await session.get(Answer, (event_id, user_id))
        given = next((named.given for named in card.answers if named.given.user_id == user_id), None)
        note, came = (row.note, row.checked_in_at) if row else ("", None)
        return MyAnswer(card, given, card.places.get(user_id, 0), note, came)


async def write_note(database: Database, guild_id: int, event_id: int, member: Member, text: str) -> None:
    """Keep what a member wants the organiser to know; an empty text takes it back.

    Raises NotFound, BadInput for who has not answered and for a text that is too long.
    """
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise BadInput("A note can have {n} characters at most.", n=LONGEST_NOTE)
    async with database.write() as session:
        await published_event(session, guild_id, event_id)
        # Locked, so that an answer which is being erased right now is either written to or gone.
        row = await session.get(Answer, (event_id, member.id), with_for_update=True)
        if row is None:
            raise BadInput("Answer the event first; then you can write to the organiser.")
        row.note = text
    logger.info("guild %s: note of %s to event %s", guild_id, member.id, event_id)


async def seen_roster(database: Database, guild_id: int, event_id: int, member: Member) -> SeenRoster:
    """Who is coming, as far as a member may know: where the roster is hidden, only its host and moderators see names.

    Raises NotFound for an event of another server or none.
    """
    async with database.read() as session:
        event = await published_event(session, guild_id, event_id)
        server = await load_server(session, guild_id)
        card = await event_card(session, event)
        return SeenRoster(card, not card.hide_roster or _organises(member, server.moderator_role_id, event))


def _organises(member: Member, moderator_role_id: int | None, event: Event) -> bool:
    try:
        require_organiser(member, moderator_role_id, event)
    except NotAllowed:
        return False
    return True
