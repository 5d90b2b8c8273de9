"""Events and the answers to them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import Clock, clocks
from bot.errors import BadInput, NotFound
from bot.guilds import Server, load_server
from bot.members import Member, require_event_moderator
from bot.rsvp import Choice, Decision, EventState, Given, Standing, decide_answer
from db import cities, outbox
from db import events as queries
from db.database import Database
from db.models import Answer, CardCopy, Event

logger = logging.getLogger(__name__)

REFRESH_AFTER = timedelta(seconds=2)  # the pressed card shows the change at once; this edit brings up all others
LISTED = 25


@dataclass(frozen=True, slots=True)
class EventCard:
    """Everything an event's card shows. Instants are aware UTC; names are display names, in order of answering."""

    id: int
    guild_id: int
    status: str
    title: str
    host_name: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    location: str
    description: str
    capacity: int | None
    going: tuple[str, ...]
    waiting: tuple[str, ...]
    maybe: tuple[str, ...]
    clocks: tuple[Clock, ...]
    home_timezone: str | None  # of the home city, whose clock is always shown; None where no home is set
    locale: str  # the server's: a card is read by everyone

    @property
    def full(self) -> bool:
        """Whether the next one to press Going would wait."""
        return self.capacity is not None and (len(self.going) >= self.capacity or bool(self.waiting))


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer: the card as it is now, and where the member stands.

    `place` counts from 1 among those who stand the same, in the order of the card: for who waits, the place in line.
    """

    card: EventCard
    standing: Standing
    changed: bool
    place: int


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

    async def answer(self, guild_id: int, event_id: int, member: Member, answer: Choice, now: datetime) -> Answered:
        """Record a member's answer, move up whoever a freed seat goes to, and have them told.

        Raises NotFound for an event of another server or none, BadInput if it is cancelled or has begun.
        """
        async with self.database.write() as session:
            event = await _event(session, guild_id, event_id, lock=True)
            given = await queries.answers(session, event_id)
            decision = decide_answer(event_state(event, given), member.id, answer, now)
            await apply_decision(session, event, given, member, decision, now)
            given = await queries.answers(session, event_id)
            alike = [row.user_id for row in given if row.standing == decision.standing]
            card = await _card(session, event, given)
        return Answered(card, decision.standing, decision.changed, alike.index(member.id) + 1)

    async def card(self, guild_id: int, event_id: int) -> EventCard:
        """An event's card as it is now. Raises NotFound."""
        async with self.database.read() as session:
            return await event_card(session, await _event(session, guild_id, event_id))

    async def holds_a_seat(self, event_id: int, user_id: int, now: datetime) -> bool:
        """Whether a member is going to an event that is open and yet to begin."""
        async with self.database.read() as session:
            answer = await queries.answer(session, event_id, user_id)
            event = await session.get(Event, event_id)
            if answer is None or event is None or event.starts_at is None:
                return False
            return answer.standing == Standing.GOING and event.status == "open" and event.starts_at > now

    async def upcoming(self, guild_id: int, now: datetime) -> list[Listed]:
        """The open events that have not ended, the next one first, at most 25."""
        async with self.database.read() as session:
            events = await queries.upcoming(session, guild_id, now, LISTED)
            ids = [event.id for event in events]
            copies = {copy.event_id: copy for copy in await queries.copies(session, ids)}
            going = await queries.count_standing(session, ids, Standing.GOING)
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
            await queries.refresh_copies(session, event_id, now)
            return await event_card(session, event)


async def _event(session: AsyncSession, guild_id: int, event_id: int, *, lock: bool = False) -> Event:
    event = await queries.event(session, guild_id, event_id, lock=lock)
    if event is None or event.status == "draft":
        raise NotFound("That event is not there any more. `/event list` shows what is coming up.")
    return event


def event_state(event: Event, given: Sequence[Answer]) -> EventState:
    """What the rules need to know, from rows of an open transaction."""
    assert event.starts_at is not None  # noqa: S101 - a check constraint: only drafts lack it
    answers = tuple(Given(row.user_id, Standing(row.standing), row.turn) for row in given)
    return EventState(event.status == "open", event.starts_at, event.capacity, answers)


async def apply_decision(
    session: AsyncSession, event: Event, given: Sequence[Answer], member: Member, decision: Decision, now: datetime
) -> None:
    """Write what was decided: the member's row, those who move up, their notices, the cards to refresh."""
    rows = {row.user_id: row for row in given}
    if decision.changed:
        turn = await queries.next_turn(session, event.id)
        row = rows.get(member.id)
        if row is None:
            row = Answer(event_id=event.id, user_id=member.id, guild_id=event.guild_id)
            session.add(row)
        row.standing, row.display_name, row.turn, row.answered_at = decision.standing, member.name, turn, now
    for user_id in decision.promoted:
        rows[user_id].standing = Standing.GOING
    if decision.promoted:
        await _tell_promoted(session, event, [rows[user_id] for user_id in decision.promoted], now)
    if decision.changed or decision.promoted:
        await session.flush()
        await queries.refresh_copies(session, event.id, now + REFRESH_AFTER)


async def _tell_promoted(session: AsyncSession, event: Event, promoted: Sequence[Answer], now: datetime) -> None:
    server = await load_server(session, event.guild_id)
    copies = await queries.copies(session, [event.id])
    channel_id = copies[0].channel_id if copies else server.events_channel_id
    if channel_id is None:
        return
    for row in promoted:
        outbox.queue(
            session,
            guild_id=event.guild_id,
            channel_id=channel_id,
            kind="promotion",
            object_id=event.id,
            user_id=row.user_id,
            dedupe_key=f"promotion:{event.id}:{row.user_id}:{row.turn}",
            due_at=now,
            locale=server.locale,
        )


async def event_card(session: AsyncSession, event: Event) -> EventCard:
    """An event as its card shows it, from rows of an open transaction."""
    return await _card(session, event, await queries.answers(session, event.id))


async def _card(session: AsyncSession, event: Event, given: Sequence[Answer]) -> EventCard:
    assert event.starts_at is not None and event.ends_at is not None  # noqa: S101 - a check constraint
    server = await load_server(session, event.guild_id)
    names = {standing: tuple(row.display_name for row in given if row.standing == standing) for standing in Standing}
    return EventCard(
        event.id,
        event.guild_id,
        event.status,
        event.title,
        event.host_name,
        event.starts_at,
        event.ends_at,
        event.timezone,
        event.location,
        event.description,
        event.capacity,
        names[Standing.GOING],
        names[Standing.WAITING],
        names[Standing.MAYBE],
        await _partner_clocks(session, server, event.starts_at, event.timezone),
        server.home.timezone if server.home else None,
        server.locale,
    )


async def _partner_clocks(session: AsyncSession, server: Server, instant: datetime, timezone: str) -> tuple[Clock, ...]:
    """What the clocks of the server's home city and its partners show then; empty where no home is set."""
    if server.home is None:
        return ()
    ties = await cities.partners(session, server.home.id, server.guild_id)
    partners = [(place.name, place.timezone) for tie, place in ties if tie.state not in ("ended", "suspended")]
    places = [(server.home.name, server.home.timezone), *sorted(partners, key=lambda place: place[0])]
    zoned = [(name, ZoneInfo(key)) for name, key in places if key]
    return clocks(instant, ZoneInfo(timezone), zoned)


def _listed(event: Event, going: int, copy: CardCopy | None) -> Listed:
    assert event.starts_at is not None  # noqa: S101 - a check constraint
    shown_in = (copy.channel_id, copy.message_id) if copy else (None, None)
    return Listed(event.id, event.title, event.starts_at, event.location, going, event.capacity, *shown_in)
