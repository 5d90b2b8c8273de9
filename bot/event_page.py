"""What an event's card shows, put together from its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import Clock, clocks, zone_of
from bot.guilds import Server, load_server
from bot.rsvp import Standing
from db import cities
from db import events as queries
from db.models import Event


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


async def event_card(session: AsyncSession, event: Event) -> EventCard:
    """An event as its card shows it, from rows of an open transaction."""
    given = await queries.answers(session, event.id)
    names = {standing: [row.display_name for row in given if row.standing == standing] for standing in Standing}
    return await card_with(session, event, await load_server(session, event.guild_id), names)


async def card_with(
    session: AsyncSession, event: Event, server: Server, names: Mapping[Standing, Sequence[str]]
) -> EventCard:
    """The same, where server and names are known already: those of each standing, in order of answering."""
    assert event.starts_at is not None and event.ends_at is not None  # noqa: S101 - a check constraint
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
        tuple(names[Standing.GOING]),
        tuple(names[Standing.WAITING]),
        tuple(names[Standing.MAYBE]),
        await _partner_clocks(session, server, event.starts_at, event.timezone),
        server.home.timezone if server.home else None,
        server.locale,
    )


async def _partner_clocks(session: AsyncSession, server: Server, instant: datetime, timezone: str) -> tuple[Clock, ...]:
    """What the clocks of the server's home city and its partners show then; empty where no home is set."""
    if server.home is None:
        return ()
    ties = await cities.partner_zones(session, server.home.id, server.guild_id)
    partners = [(name, timezone) for name, timezone, state in ties if state not in ("ended", "suspended")]
    places = [(server.home.name, server.home.timezone), *sorted(partners, key=lambda place: place[0])]
    zoned = [(name, zone_of(key)) for name, key in places if key]
    return clocks(instant, zone_of(timezone), zoned)
