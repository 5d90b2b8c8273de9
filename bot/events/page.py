"""What an event's card shows, put together from its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.clocks import Clock, clocks, zone_of
from bot.events.rsvp import Given, Standing, Terms
from bot.guilds import Server, load_server
from db import answers as answer_queries
from db import cities
from db.models import Event

FRESH, MOST_KNOWN = timedelta(minutes=10), 500  # clocks that are remembered
YOUTH = "youth_education"  # the track whose members are never named in public nor written to


STANDINGS = {standing.value: standing for standing in Standing}  # quicker than calling the class, for thousands of rows


class Named(NamedTuple):
    """An answer with the display name of its member as of the press."""

    given: Given
    name: str

    @classmethod
    def of(cls, row: Any) -> "Named":
        """From the columns of a row: see `db.answers.answer_columns`."""
        _, user_id, standing, turn, guests, volunteer, offered_until, name = row
        return cls(Given(user_id, STANDINGS[standing], turn, guests, volunteer, offered_until), name)


@dataclass(frozen=True, slots=True)
class SecondText:
    """Title and description in a second language, by its code: `hu`, `pt-BR`."""

    language: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class EventCard:
    """Everything an event's card shows. Instants are aware UTC; answers are in order of turn."""

    id: int
    guild_id: int
    status: str
    title: str
    host_user_id: int
    host_name: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    location: str
    description: str
    kind: str
    track: str | None
    second: SecondText | None
    picture_alt: str | None  # None: there is no picture
    hide_roster: bool  # counts only: chosen, or because the track is for the young
    cancel_reason: str
    terms: Terms
    answers: tuple[Named, ...]
    thread_id: int | None
    clocks: tuple[Clock, ...]
    home_timezone: str | None  # of the home city, whose clock is always shown; None where no home is set
    locale: str  # the server's: a card is read by everyone
    checks_in: bool = False  # whether guests can check in by now

    def standing(self, *standings: Standing) -> tuple[Named, ...]:
        """The answers of those who stand so."""
        return tuple(named for named in self.answers if named.given.standing in standings)

    def seats(self, *standings: Standing) -> int:
        """How many people that is, guests included."""
        return sum(named.given.party for named in self.standing(*standings))

    @property
    def full(self) -> bool:
        """Whether the next one to press Going would wait."""
        if self.terms.capacity is None:
            return False
        return self.seats(Standing.GOING, Standing.OFFERED) >= self.terms.capacity or bool(
            self.standing(Standing.WAITING)
        )

    @property
    def places(self) -> dict[int, int]:
        """User id → place, from 1, among those who stand the same."""
        alike = {standing: count(1) for standing in Standing}
        return {named.given.user_id: next(alike[named.given.standing]) for named in self.answers}


def hides_names(event: Event) -> bool:
    """Whether nobody of those who come is named in public."""
    return event.hide_roster or event.track == YOUTH


def terms_of(event: Event) -> Terms:
    """What the organiser decided about answering."""
    assert event.starts_at is not None  # noqa: S101 - a check constraint: only drafts lack it
    return Terms(
        event.status == "open",
        event.starts_at,
        event.capacity,
        event.opens_at,
        event.deadline,
        event.max_guests,
        event.answer_role_id,
        0 if event.track == YOUTH else event.offer_hours,  # nobody is told of an offer, so it would just pass
        wanted(event.volunteers),
        event.timezone,
    )


def wanted(volunteers: str) -> dict[str, int]:
    """Role → how many, from the text of the column: `driver:2 interpreter:1`."""
    return {role: int(seats) for role, _, seats in (part.partition(":") for part in volunteers.split())}


async def event_card(session: AsyncSession, event: Event) -> EventCard:
    """An event as its card shows it, from rows of an open transaction."""
    rows = await answer_queries.answer_columns(session, [event.id])
    return await card_with(session, event, await load_server(session, event.guild_id), map(Named.of, rows))


async def card_with(
    session: AsyncSession,
    event: Event,
    server: Server,
    named: Iterable[Named],
    known_clocks: tuple[Clock, ...] | None = None,
) -> EventCard:
    """The same, where server and answers are known already, in any order."""
    assert event.starts_at is not None and event.ends_at is not None  # noqa: S101 - a check constraint
    second = SecondText(event.second_language, event.second_title, event.second_description)  # type: ignore[arg-type]
    return EventCard(
        event.id,
        event.guild_id,
        event.status,
        event.title,
        event.host_user_id,
        event.host_name,
        event.starts_at,
        event.ends_at,
        event.timezone,
        event.location,
        event.description,
        event.kind,
        event.track,
        second if event.second_language else None,
        event.picture_alt,
        hides_names(event),
        event.cancel_reason,
        terms_of(event),
        tuple(sorted(named, key=attrgetter("given.turn"))),
        event.thread_id,
        known_clocks or await partner_clocks(session, server, event.starts_at, event.timezone),
        server.home.timezone if server.home else None,
        server.locale,
        event.check_in_code is not None,
    )


async def partner_clocks(session: AsyncSession, server: Server, instant: datetime, timezone: str) -> tuple[Clock, ...]:
    """What the clocks of the server's home city and its partners show then; empty where no home is set."""
    if server.home is None:
        return ()
    ties = await cities.partner_zones(session, server.home.id, server.guild_id)
    partners = [(name, timezone) for name, timezone, state in ties if state not in ("ended", "suspended")]
    places = [(server.home.name, server.home.timezone), *sorted(partners, key=lambda place: place[0])]
    zoned = [(name, zone_of(key)) for name, key in places if key]
    return clocks(instant, zone_of(timezone), zoned)


class KnownClocks:
    """The partner clocks of events that were answered lately, so that not every press reads all ties of a city.

    A tie that a moderator changes shows on a pressed card after ten minutes at most.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[datetime, tuple[Clock, ...]]] = {}

    async def of(self, session: AsyncSession, event: Event, server: Server, now: datetime) -> tuple[Clock, ...]:
        """The clocks of an event as it is now."""
        assert event.starts_at is not None  # noqa: S101 - a check constraint: only drafts lack it
        key = (server.guild_id, server.home and server.home.id, event.starts_at, event.timezone)
        known = self._known.get(key)
        if known is not None and abs(now - known[0]) < FRESH:
            return known[1]
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        found = await partner_clocks(session, server, event.starts_at, event.timezone)
        self._known[key] = now, found
        return found
