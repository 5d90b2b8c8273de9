"""Events and the answers to them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answered, Press, answer_all, gone
from bot.errors import BadInput
from bot.event_page import EventCard, event_card
from bot.group_commit import GroupCommit
from bot.guilds import load_server
from bot.members import Member, require_event_moderator
from bot.rsvp import Deed, Standing
from db import answers as answer_queries
from db import card_copies
from db import events as queries
from db.database import Database
from db.models import CardCopy, Event

logger = logging.getLogger(__name__)

LISTED = 25


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list of events; the ids are those of a message that shows the card, None where there is none."""

    id: int
    title: str
    starts_at: datetime
    location: str
    going: int
    capacity: int | None
    channel_id: int | None
    message_id: int | None


class Events:
    """The use cases around an event that is published. Drafts are in `bot.drafts`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._answers = GroupCommit(self._commit)

    async def answer(self, guild_id: int, event_id: int, member: Member, deed: Deed, now: datetime) -> Answered:
        """Record a member's answer, move up whoever a freed seat goes to, and have them told.

        Raises NotFound for an event of another server or none, BadInput if it is cancelled or has begun.
        """
        return await self._answers.do(Press(guild_id, event_id, member, deed, now))

    async def _commit(self, presses: Sequence[Press]) -> list[Answered | Exception]:
        async with self.database.write() as session:
            return await answer_all(session, presses)

    async def card(self, guild_id: int, event_id: int) -> EventCard:
        """An event's card as it is now. Raises NotFound."""
        async with self.database.read() as session:
            return await event_card(session, await _event(session, guild_id, event_id))

    async def holds_a_seat(self, event_id: int, user_id: int, now: datetime) -> bool:
        """Whether a member is going to an event that is open and yet to begin."""
        async with self.database.read() as session:
            answer = await answer_queries.answer(session, event_id, user_id)
            event = await session.get(Event, event_id)
            if answer is None or event is None or event.starts_at is None:
                return False
            return answer.standing == Standing.GOING and event.status == "open" and event.starts_at > now

    async def upcoming(self, guild_id: int, now: datetime) -> list[Listed]:
        """The open events that have not ended, the next one first, at most 25."""
        async with self.database.read() as session:
            events = await queries.upcoming(session, guild_id, now, LISTED)
            ids = [event.id for event in events]
            copies = {copy.event_id: copy for copy in await card_copies.copies(session, ids)}
            going = await answer_queries.count_standing(session, ids, Standing.GOING)
            return [_listed(event, going.get(event.id, 0), copies.get(event.id)) for event in events]

    async def cancel(self, guild_id: int, event_id: int, member: Member, now: datetime) -> EventCard:
        """Call an event off; every message that shows it is brought up to date.

        Raises NotAllowed, NotFound, BadInput if it is cancelled already or over.
        """
        async with self.database.write() as session:
            server = await load_server(session, guild_id)
            require_event_moderator(member, server.moderator_role_id)
            event = await _event(session, guild_id, event_id, lock=True)
            if event.status == "cancelled":
                raise BadInput("That event is cancelled already.")
            if event.ends_at is not None and event.ends_at <= now:
                raise BadInput("That event is over, so there is nothing to call off.")
            event.status = "cancelled"
            logger.info("guild %s: event %s cancelled by %s", guild_id, event_id, member.id)
            await card_copies.refresh_copies(session, event_id, now)
            return await event_card(session, event)


async def _event(session: AsyncSession, guild_id: int, event_id: int, *, lock: bool = False) -> Event:
    event = await queries.event(session, guild_id, event_id, lock=lock)
    if event is None or event.status == "draft":
        raise gone()
    return event


def _listed(event: Event, going: int, copy: CardCopy | None) -> Listed:
    assert event.starts_at is not None  # noqa: S101 - a check constraint
    shown_in = (copy.channel_id, copy.message_id) if copy else (None, None)
    return Listed(event.id, event.title, event.starts_at, event.location, going, event.capacity, *shown_in)
