"""Queries on events."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Row, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Answer, Event, EventChore, EventPicture, EventPlace, GuildSettings, OutboxRow, Place

LARGEST_ID = 2**31 - 1  # PostgreSQL's integers end there; an id from outside may be any number


async def event(session: AsyncSession, guild_id: int, event_id: int, *, lock: bool = False) -> Event | None:
    """An event of this server. With `lock` nobody else changes it or its answers until the transaction ends.

    On SQLite the write transaction is that lock. PostgreSQL must take it before it reads anything else, for under
    READ COMMITTED each statement sees what was committed before it.
    """
    if not 0 < event_id <= LARGEST_ID:
        return None
    query = select(Event).where(Event.guild_id == guild_id, Event.id == event_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def events_with_servers(
    session: AsyncSession, event_ids: Iterable[int], *, lock: bool
) -> Sequence[Row[Event, GuildSettings | None, Place | None]]:
    """Events of any server by id, each with its server's settings and home, None where there are none.

    The events are locked as one is, always in the same order, so that no two processes wait for each other.
    """
    ids = [event_id for event_id in event_ids if 0 < event_id <= LARGEST_ID]
    return (await session.execute(LOCKED_EVENTS if lock else EVENTS, {"ids": ids})).all()


# Statements that every press needs take longer to build than to run, so they are built once.
EVENTS = (
    select(Event, GuildSettings, Place)
    .outerjoin(GuildSettings, GuildSettings.guild_id == Event.guild_id)
    .outerjoin(Place, Place.id == GuildSettings.home_place_id)
    .where(Event.id.in_(bindparam("ids", expanding=True)))
    .order_by(Event.id)
)
LOCKED_EVENTS = EVENTS.with_for_update(of=Event)


async def upcoming(session: AsyncSession, guild_id: int, now: datetime, limit: int) -> Sequence[Event]:
    """Open events that have not ended, the next one first."""
    query = (
        select(Event)
        .where(Event.guild_id == guild_id, Event.status == "open", Event.ends_at > now)
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def next_about(session: AsyncSession, guild_id: int, place_id: int, now: datetime) -> Event | None:
    """The next open event of this server about a place that has not begun."""
    about = (EventPlace.guild_id == guild_id) & (EventPlace.place_id == place_id)
    coming = (Event.guild_id == guild_id) & (Event.status == "open") & (Event.starts_at > now)
    query = select(Event).join(EventPlace, EventPlace.event_id == Event.id).where(about, coming)
    return (await session.scalars(query.order_by(Event.starts_at, Event.id).limit(1))).one_or_none()


async def forget_places(session: AsyncSession, event_id: int) -> None:
    """Forget which places an event is about; its words have changed."""
    await session.execute(delete(EventPlace).where(EventPlace.event_id == event_id))


async def forget_change_drafts(session: AsyncSession, guild_id: int, user_id: int, before: datetime) -> None:
    """Erase what a member typed into forms of changes before that moment and never sent again."""
    mine = (Event.guild_id == guild_id) & (Event.status == "draft") & (Event.host_user_id == user_id)
    await session.execute(delete(Event).where(mine, Event.sequence > 0, Event.created_at < before))


async def picture(session: AsyncSession, guild_id: int, event_id: int) -> bytes | None:
    """The picture on an event's card, as WebP; None where there is none."""
    query = select(EventPicture.content).join(Event, Event.id == EventPicture.event_id)
    return await session.scalar(query.where(Event.guild_id == guild_id, Event.id == event_id))


async def notes(session: AsyncSession, event_id: int) -> Sequence[Answer]:
    """The answers that carry a note to the organiser, the earliest turn first."""
    query = select(Answer).where(Answer.event_id == event_id, Answer.note != "").order_by(Answer.turn)
    return (await session.scalars(query)).all()


async def seats_taken(session: AsyncSession, event_ids: Iterable[int]) -> dict[int, int]:
    """How many people go to each event, guests included; an event to which nobody goes is left out."""
    going = (Answer.event_id.in_(list(event_ids))) & (Answer.standing == "going")
    query = select(Answer.event_id, func.sum(1 + Answer.guests)).where(going).group_by(Answer.event_id)
    return {event_id: int(number) for event_id, number in await session.execute(query)}


async def role_in_use(session: AsyncSession, event_id: int, now: datetime, *, lock: bool = False) -> bool:
    """Whether a member has the event's role, or is being given it; with `lock` nobody is until the transaction ends."""
    giving = select(EventChore).where(EventChore.event_id == event_id, EventChore.name == "roles")
    chore = (await session.scalars(giving.with_for_update() if lock else giving)).one_or_none()
    if chore is not None and chore.lease_until is not None and chore.lease_until > now:
        return True
    having = select(Answer.user_id).where(Answer.event_id == event_id, Answer.has_role).limit(1)
    return await session.scalar(having) is not None


async def card_posts(session: AsyncSession, event_id: int, channel_id: int) -> Sequence[OutboxRow]:
    """The cards of an event that were ever queued for a channel, the newest first."""
    query = select(OutboxRow).where(
        OutboxRow.kind == "event", OutboxRow.object_id == event_id, OutboxRow.channel_id == channel_id
    )
    return (await session.scalars(query.order_by(OutboxRow.id.desc()))).all()
