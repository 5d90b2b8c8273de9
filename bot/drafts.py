"""Announcing an event: what was typed is kept as a draft, looked over, then published."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput, BotError, NotFound, NotSetUp
from bot.event_page import EventCard, event_card
from bot.guilds import Server, load_server
from bot.members import Member, require_event_moderator
from bot.recogniser.recogniser import Recogniser
from bot.recogniser.tags import note_event_places
from bot.when import When, parse_when
from db import events as queries
from db import outbox
from db.database import Database
from db.models import Event

logger = logging.getLogger(__name__)

LONGEST = {"title": 100, "when": 200, "where": 200, "description": 1500, "capacity": 10}
MOST_SEATS = 100_000
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Typed:
    """What the organiser typed into the form, as it was typed."""

    title: str
    when: str
    where: str
    description: str
    capacity: str


EMPTY = Typed("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: either `card` shows how it will look, or `problem` says what to correct; `doubled` as in `When`."""

    id: int
    typed: Typed
    card: EventCard | None
    problem: BotError | None
    doubled: bool


async def ready(database: Database, guild_id: int, member: Member) -> int:
    """The id of the channel that events go to. Raises NotAllowed, or NotSetUp where something is not chosen yet."""
    async with database.read() as session:
        server = await _moderated(session, guild_id, member)
        server.zone()
        return _events_channel(server)


async def unfinished(database: Database, guild_id: int, member: Member, now: datetime) -> Draft | None:
    """The member's newest draft of the last day, whose private preview may have gone with a reload."""
    async with database.read() as session:
        server = await _moderated(session, guild_id, member)
        event = await queries.newest_draft(session, guild_id, member.id, now - REMEMBERED)
        return await _draft_of(session, event, server.zone(), now) if event else None


async def save(
    database: Database, guild_id: int, member: Member, typed: Typed, now: datetime, draft_id: int | None = None
) -> Draft:
    """Keep what was typed, in the place of `draft_id` if that is still a draft, and say whether it can be published.

    A form may come in after its draft was published or discarded: what was typed then becomes a new draft.
    """
    async with database.write() as session:
        zone = (await _moderated(session, guild_id, member)).zone()
        event = await queries.event(session, guild_id, draft_id, lock=True) if draft_id else None
        if event is None or event.status != "draft":
            event = Event(guild_id=guild_id, status="draft", created_at=now)
            session.add(event)
        event.timezone, event.host_user_id, event.host_name = zone.key, member.id, member.name
        _keep(event, typed)
        when, capacity, _ = _understood(typed, zone, now)
        event.starts_at, event.ends_at = (when.start, when.end) if when else (None, None)
        event.capacity = capacity
        await session.flush()
        logger.info("guild %s: draft %s saved by %s", guild_id, event.id, member.id)
        return await _draft_of(session, event, zone, now)


async def typed_into(database: Database, guild_id: int, member: Member, draft_id: int) -> Typed:
    """What a draft keeps, to fill the form again. Raises NotFound once it is published or discarded."""
    async with database.read() as session:
        await _moderated(session, guild_id, member)
        return _typed(await _draft(session, guild_id, draft_id))


async def shown(database: Database, guild_id: int, member: Member, draft_id: int, now: datetime) -> Draft:
    """A draft as it looks now. Raises NotFound once it is published or discarded."""
    async with database.read() as session:
        server = await _moderated(session, guild_id, member)
        return await _draft_of(session, await _draft(session, guild_id, draft_id), server.zone(), now)


async def publish(
    database: Database,
    guild_id: int,
    member: Member,
    draft_id: int,
    now: datetime,
    recogniser: Recogniser | None = None,
) -> int:
    """Make the draft an event and have its card posted; returns the id of the channel it goes to.

    Raises NotAllowed, NotFound, NotSetUp, or BadInput when its time has passed meanwhile.
    """
    async with database.write() as session:
        server = await _moderated(session, guild_id, member)
        channel_id = _events_channel(server)
        event = await _draft(session, guild_id, draft_id)
        if event.starts_at is None or event.starts_at <= now:
            raise BadInput("The time of this draft has passed. Press *Change* and give a new one.")
        event.status = "open"
        if recogniser is not None:
            await note_event_places(session, recogniser, event)
        outbox.queue(
            session,
            guild_id=guild_id,
            channel_id=channel_id,
            kind="event",
            object_id=event.id,
            dedupe_key=f"event:{event.id}",
            due_at=now,
            locale=server.locale,
        )
        logger.info("guild %s: event %s published by %s", guild_id, event.id, member.id)
        return channel_id


async def discard(database: Database, guild_id: int, member: Member, draft_id: int) -> None:
    """Forget a draft. Raises NotAllowed, NotFound."""
    async with database.write() as session:
        await _moderated(session, guild_id, member)
        await session.delete(await _draft(session, guild_id, draft_id))


async def _moderated(session: AsyncSession, guild_id: int, member: Member) -> Server:
    """The server's settings, for somebody who may run its events."""
    server = await load_server(session, guild_id)
    require_event_moderator(member, server.moderator_role_id)
    return server


def _events_channel(server: Server) -> int:
    if server.events_channel_id is None:
        raise NotSetUp("This server has no channel for events yet. A moderator can choose one with `/setup`.")
    return server.events_channel_id


async def _draft_of(session: AsyncSession, event: Event, zone: ZoneInfo, now: datetime) -> Draft:
    """A draft row as it looks now: its card, or the first problem with what was typed."""
    typed = _typed(event)
    when, _, problem = _understood(typed, zone, now)
    card = await event_card(session, event) if when and not problem else None
    return Draft(event.id, typed, card, problem, bool(when and when.doubled))


def _typed(event: Event) -> Typed:
    return Typed(event.title, event.typed_when, event.location, event.description, event.typed_capacity)


async def _draft(session: AsyncSession, guild_id: int, draft_id: int) -> Event:
    event = await queries.event(session, guild_id, draft_id, lock=True)
    if event is None or event.status != "draft":
        raise NotFound("This draft is not there any more: it was published or discarded. `/event list` shows events.")
    return event


def _keep(event: Event, typed: Typed) -> None:
    event.title = typed.title.strip()[: LONGEST["title"]]
    event.typed_when = typed.when.strip()[: LONGEST["when"]]
    event.location = typed.where.strip()[: LONGEST["where"]]
    event.description = typed.description.strip()[: LONGEST["description"]]
    event.typed_capacity = typed.capacity.strip()[: LONGEST["capacity"]]


def _understood(typed: Typed, zone: ZoneInfo, now: datetime) -> tuple[When | None, int | None, BotError | None]:
    """The times and the capacity that were meant, or the first problem with them."""
    try:
        if not any(letter.isprintable() and not letter.isspace() for letter in typed.title):
            raise BadInput("The event needs a title.")
        return parse_when(typed.when, zone, now), seats(typed.capacity), None
    except BotError as problem:
        return None, None, problem


def seats(text: str) -> int | None:
    """The number of seats that was typed; an empty text is no limit. Raises BadInput."""
    text = text.strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= MOST_SEATS:
        raise BadInput(
            "“{text}” is not a number of seats. Type a whole number such as 20, or leave it empty for no limit.",
            text=text[:20],
        )
    return int(text)
