"""What the private preview of an event shows, put together from its draft."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.clocks import Clock, zone_of
from bot.dates.when import occurs_twice
from bot.errors import BadInput, BotError
from bot.events.fields import Typed, understood
from bot.events.page import EventCard, event_card, partner_clocks
from bot.guilds import Server
from db import drafts as queries
from db.models import Event


@dataclass(frozen=True, slots=True)
class Choices:
    """What the organiser chose beside the form; columns of `db.models.Event` by the same names."""

    kind: str = "meeting"
    track: str | None = None
    answer_role_id: int | None = None
    max_guests: int = 0
    offer_hours: int = 2
    hide_roster: bool = False
    volunteers: str = ""
    ping_role_id: int | None = None
    attendee_role_id: int | None = None
    reminder_minutes: str | None = None  # None: the server's
    wants_thread: bool = False
    second_language: str | None = None
    second_title: str = ""
    second_description: str = ""

    @classmethod
    def of(cls, event: Event) -> "Choices":
        """From an event's row."""
        return cls(**{name: getattr(event, name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that matters, `start`, `end`, `opens` or `deadline`, and what partners' clocks show then."""

    name: str
    at: datetime
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: either `card` shows how it will look, or `problem` says what to correct; `doubled` as in `When`."""

    id: int
    typed: Typed
    card: EventCard | None
    problem: BotError | None
    doubled: bool
    choices: Choices = field(default_factory=Choices)
    moments: tuple[Moment, ...] = ()
    times_problem: BotError | None = None  # of when answers open and close
    times_doubled: bool = False  # as `doubled`, of these
    server_reminders: str = ""
    timezone: str = "UTC"
    server_timezone: str | None = None
    picture: bytes | None = None


async def draft_of(session: AsyncSession, event: Event, server: Server, now: datetime) -> Draft:
    """A draft row as it looks now: its card, or the first problem with what was typed."""
    typed = typed_of(event)
    zone = zone_of(event.timezone)
    when, _, problem = understood(typed, zone, now)
    answering = [at.astimezone(zone) for at in (event.opens_at, event.deadline) if at]
    shown = when is not None and problem is None
    return Draft(
        event.id,
        typed,
        await event_card(session, event) if shown else None,
        problem,
        bool(when and when.doubled),
        Choices.of(event),
        await _moments(session, event, server) if shown else (),
        times_problem(event.opens_at, event.deadline, event.starts_at, now),
        any(map(occurs_twice, answering)),
        server.reminder_minutes,
        event.timezone,
        server.timezone,
        await queries.picture(session, event.id) if event.picture_alt is not None else None,
    )


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form is opened with. `timezone` says in which zone times are typed, None if in the server's."""

    draft_id: int
    typed: Typed
    timezone: str | None = None

    @classmethod
    def of(cls, event: Event, server: Server) -> "Filled":
        """From a draft's row."""
        return cls(event.id, typed_of(event), event.timezone if event.timezone != server.timezone else None)


def typed_of(event: Event) -> Typed:
    """What the form was filled in with."""
    return Typed(event.title, event.typed_when, event.location, event.description, event.typed_capacity)


def times_problem(
    opens_at: datetime | None, deadline: datetime | None, starts_at: datetime | None, now: datetime
) -> BadInput | None:
    """What is wrong with when answers open and close, beside the start of the event."""
    if deadline and deadline <= now:
        return BadInput("Answers would be closed already. Press *Opens and closes…* and give a later time, or none.")
    if deadline and starts_at and deadline > starts_at:
        return BadInput("Answers would close after the event has begun. Press *Opens and closes…* and correct it.")
    if opens_at and starts_at and opens_at >= starts_at:
        return BadInput("Answers would open after the event has begun. Press *Opens and closes…* and correct it.")
    if opens_at and deadline and opens_at >= deadline:
        return BadInput("Answers would close before they open. Press *Opens and closes…* and correct it.")
    return None


async def _moments(session: AsyncSession, event: Event, server: Server) -> tuple[Moment, ...]:
    return tuple(
        [Moment(name, at, await partner_clocks(session, server, at, event.timezone)) for name, at in _times(event)]
    )


def _times(event: Event) -> Iterator[tuple[str, datetime]]:
    times = {"start": event.starts_at, "end": event.ends_at, "opens": event.opens_at, "deadline": event.deadline}
    yield from ((name, at) for name, at in times.items() if at is not None)
