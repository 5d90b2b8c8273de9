"""Announcing an event: what was typed is kept as a draft, looked over, then published."""

import logging
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.clocks import zone_of
from bot.dates.when import AmbiguousDate
from bot.errors import BadInput, NotAllowed, NotFound, NotSetUp
from bot.events.chores import plan_chores
from bot.events.draft_page import Draft, Filled, draft_of, times_problem, typed_of
from bot.events.fields import LONGEST, Typed, understood
from bot.guilds import Server, load_server
from bot.members import Member, require_event_moderator
from bot.recogniser.recogniser import Recogniser
from bot.recogniser.tags import note_event_places
from db import drafts as queries
from db import events, outbox
from db.database import Database
from db.models import Event

logger = logging.getLogger(__name__)

REMEMBERED = timedelta(days=1)


async def ready(database: Database, guild_id: int, member: Member) -> int:
    """The id of the channel that events go to. Raises NotAllowed, or NotSetUp where something is not chosen yet."""
    async with database.read() as session:
        server = await moderated(session, guild_id, member)
        server.zone()
        return _events_channel(server)


async def unfinished(database: Database, guild_id: int, member: Member, now: datetime) -> Draft | None:
    """The member's newest draft of the last day, whose private preview may have gone with a reload."""
    async with database.read() as session:
        server = await moderated(session, guild_id, member)
        event = await queries.newest(session, guild_id, member.id, now - REMEMBERED)
        return await draft_of(session, event, server, now) if event else None


async def save(
    database: Database, guild_id: int, member: Member, typed: Typed, now: datetime, draft_id: int | None = None
) -> Draft:
    """Keep what was typed, in the place of `draft_id` if that is still the member's draft, and say how it looks.

    A form may come in after its draft was published or discarded: what was typed then becomes a new draft.
    """
    async with database.write() as session:
        server = await moderated(session, guild_id, member)
        event = await events.event(session, guild_id, draft_id, lock=True) if draft_id else None
        if event is None or event.status != "draft" or event.host_user_id != member.id:
            event = new_draft(session, server, member, now)
        keep(event, typed, now)
        await session.flush()
        logger.info("guild %s: draft %s saved by %s", guild_id, event.id, member.id)
        return await draft_of(session, event, server, now)


async def typed_into(database: Database, guild_id: int, member: Member, draft_id: int) -> Filled:
    """What a draft keeps, to fill the form again. Raises NotFound once it is published or discarded."""
    async with database.read() as session:
        server, event = await own_draft(session, guild_id, member, draft_id)
        return Filled.of(event, server)


async def shown(database: Database, guild_id: int, member: Member, draft_id: int, now: datetime) -> Draft:
    """A draft as it looks now. Raises NotFound once it is published or discarded."""
    async with database.read() as session:
        server, event = await own_draft(session, guild_id, member, draft_id)
        return await draft_of(session, event, server, now)


async def settle(
    database: Database, guild_id: int, member: Member, draft_id: int, reading: int, now: datetime
) -> Draft:
    """Write one of the two readings of an ambiguous date into the draft, as an ISO date. `reading` is 0 or 1."""
    async with database.write() as session:
        server, event = await own_draft(session, guild_id, member, draft_id)
        typed = typed_of(event)
        problem = understood(typed, zone_of(event.timezone), now)[2]
        if isinstance(problem, AmbiguousDate):
            keep(event, Typed(typed.title, problem.rewritten[reading], *_rest(typed)), now)
            await session.flush()
        return await draft_of(session, event, server, now)


def _rest(typed: Typed) -> tuple[str, str, str]:
    return typed.where, typed.description, typed.capacity


async def publish(
    database: Database,
    guild_id: int,
    member: Member,
    draft_id: int,
    now: datetime,
    recogniser: Recogniser | None = None,
    *,
    ping: bool = False,
) -> int:
    """Make the draft an event and have its card posted; returns the id of the channel it goes to.

    Its role is pinged only with `ping`. Raises NotAllowed, NotFound, NotSetUp, or BadInput when one of its times has
    passed meanwhile or they do not fit together.
    """
    async with database.write() as session:
        server, event = await own_draft(session, guild_id, member, draft_id)
        channel_id = _events_channel(server)
        _check_times(event, now)
        event.status = "open"
        if not ping:
            event.ping_role_id = None
        if recogniser is not None:
            await note_event_places(session, recogniser, event)
            await session.flush()
        await queries.note_city(session, event)
        await plan_chores(session, event, server, now)
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


def _check_times(event: Event, now: datetime) -> None:
    if event.starts_at is None or event.starts_at <= now:
        raise BadInput("The time of this draft has passed. Press *Change* and give a new one.")
    if problem := times_problem(event.opens_at, event.deadline, event.starts_at, now):
        raise problem


async def discard(database: Database, guild_id: int, member: Member, draft_id: int) -> None:
    """Forget a draft. Raises NotAllowed, NotFound."""
    async with database.write() as session:
        _, event = await own_draft(session, guild_id, member, draft_id)
        await session.delete(event)


async def moderated(session: AsyncSession, guild_id: int, member: Member) -> Server:
    """The server's settings, for somebody who may run its events. Raises NotAllowed."""
    server = await load_server(session, guild_id)
    require_event_moderator(member, server.moderator_role_id)
    return server


async def own_draft(session: AsyncSession, guild_id: int, member: Member, draft_id: int) -> tuple[Server, Event]:
    """A draft of the member's own, locked, with its server's settings. Raises NotAllowed, NotFound."""
    server = await moderated(session, guild_id, member)
    event = await events.event(session, guild_id, draft_id, lock=True)
    if event is None or event.status != "draft":
        raise NotFound("This draft is not there any more: it was published or discarded. `/event list` shows events.")
    if event.host_user_id != member.id:
        raise NotAllowed("Only {name}, who began this draft, can go on with it.", name=event.host_name)
    return server, event


def new_draft(session: AsyncSession, server: Server, member: Member, now: datetime) -> Event:
    """An empty draft of the member's, in the server's time zone. Raises NotSetUp where none is chosen."""
    event = Event(
        guild_id=server.guild_id,
        status="draft",
        title="",
        typed_when="",
        typed_capacity="",
        location="",
        description="",
        timezone=server.zone().key,
        host_user_id=member.id,
        host_name=member.name,
        created_at=now,
    )
    session.add(event)
    return event


def keep(event: Event, typed: Typed, now: datetime) -> None:
    """Write what was typed into a draft, and what is understood of it."""
    event.title = typed.title.strip()[: LONGEST["title"]]
    event.typed_when = typed.when.strip()[: LONGEST["when"]]
    event.location = typed.where.strip()[: LONGEST["where"]]
    event.description = typed.description.strip()[: LONGEST["description"]]
    event.typed_capacity = typed.capacity.strip()[: LONGEST["capacity"]]
    when, event.capacity, _ = understood(typed, zone_of(event.timezone), now)
    event.starts_at, event.ends_at = (when.start, when.end) if when else (None, None)


def _events_channel(server: Server) -> int:
    if server.events_channel_id is None:
        raise NotSetUp("This server has no channel for events yet. A moderator can choose one with `/setup`.")
    return server.events_channel_id
