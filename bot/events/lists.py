"""Lists of events, a page at a time, and events to pick from by words of their title."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.clocks import zone_of
from db import card_copies
from db import event_lists as queries
from db import events as event_queries
from db.database import Database
from db.models import CardCopy, Event
from db.names import fold

A_PAGE = 12
LOOKED_THROUGH = 300  # events on each side of now whose titles are searched


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


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events a list shows: `upcoming`, `mine` or `past`; of a track, about a place; pages count from 0."""

    which: str = "upcoming"
    track: str | None = None
    place_id: int | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of a list, and how many pages there are, at least one."""

    asked: Asked
    events: Sequence[Listed]
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """An event to pick; `starts_at` is in the event's own zone."""

    id: int
    title: str
    starts_at: datetime


async def list_events(database: Database, guild_id: int, user_id: int, asked: Asked, now: datetime) -> EventPage:
    """A page of the events that a member asked for; the last one where that page is not there."""
    wanted = queries.wanted(guild_id, now, asked.which, user_id, asked.track, asked.place_id)
    async with database.read() as session:
        pages = max(1, -(-await queries.count(session, wanted) // A_PAGE))
        page = max(0, min(asked.page, pages - 1))
        past = asked.which == "past"
        events = await queries.piece(session, wanted, latest_first=past, offset=page * A_PAGE, limit=A_PAGE)
        return EventPage(replace(asked, page=page), await _listed(session, events), pages)


async def events_like(database: Database, guild_id: int, typed: str, now: datetime, *, past: bool) -> list[Choice]:
    """Events whose title has every word that was typed, begun or whole: the next one first.

    With `past` those that are cancelled or over too, after the others, the latest first.
    """
    words = fold(typed).split()
    async with database.read() as session:
        rows = await queries.choices(session, guild_id, now, past=past, limit=LOOKED_THROUGH)
    return [
        Choice(event_id, title, starts_at.astimezone(zone_of(timezone)))
        for event_id, title, starts_at, timezone in rows
        if _has_words(title, words)
    ]


def _has_words(title: str, words: Sequence[str]) -> bool:
    """Whether each of the words begins a word of the title."""
    begins = [f" {word}" for word in words]
    return all(word in f" {fold(title)}" for word in begins)


async def _listed(session: AsyncSession, events: Sequence[Event]) -> list[Listed]:
    """Events as lines of a list, in their order; within an open transaction."""
    ids = [event.id for event in events]
    copies = {copy.event_id: copy for copy in reversed(await card_copies.copies(session, ids))}  # the first card wins
    going = await event_queries.seats_taken(session, ids)
    return [_line(event, going.get(event.id, 0), copies.get(event.id)) for event in events]


def _line(event: Event, going: int, copy: CardCopy | None) -> Listed:
    assert event.starts_at is not None  # noqa: S101 - a check constraint
    shown_in = (copy.channel_id, copy.message_id) if copy else (None, None)
    return Listed(event.id, event.title, event.starts_at, event.location, going, event.capacity, *shown_in)
