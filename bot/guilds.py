"""What a server's moderators chose: home city, time zone, channels, moderator role."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.clocks import zone_of
from bot.dates.zones import zone_meant
from bot.errors import BadInput, NotSetUp
from bot.events.fields import reminders
from bot.lookup.cities import CHOSEN, place_of
from bot.lookup.places import Place
from bot.lookup.search import LONGEST_QUERY, CityIndex
from bot.members import Member, require_moderator
from db import cities, models, outbox
from db import guilds as queries
from db.database import Database

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """A server's settings; None where nothing was chosen yet. Channels and role are Discord's ids."""

    guild_id: int
    home: Place | None
    timezone: str | None
    events_channel_id: int | None
    stories_channel_id: int | None
    moderator_role_id: int | None
    locale: str
    reminder_minutes: str = "1440,60"  # before the start of every event, unless it says otherwise; empty: none
    notices_channel_id: int | None = None  # where moderators are told what needs them

    def zone(self) -> ZoneInfo:
        """The zone in which times are typed here. Raises NotSetUp where none is chosen."""
        if self.timezone is None:
            raise NotSetUp("This server has no time zone yet. A moderator can choose one with `/setup`.")
        return zone_of(self.timezone)


@dataclass(frozen=True, slots=True)
class SetupChange:
    """What `/setup` was given; None leaves a setting as it is. `home` is what autocomplete sent or what was typed."""

    home: str | None = None
    timezone: str | None = None
    events_channel_id: int | None = None
    stories_channel_id: int | None = None
    moderator_role_id: int | None = None
    locale: str | None = None  # the server's language, as Discord knows it
    reminders: str | None = None  # as typed: "24h 1h", "none"
    notices_channel_id: int | None = None

    @property
    def channel_ids(self) -> set[int]:
        """The channels that were chosen anew."""
        channels = (self.events_channel_id, self.stories_channel_id, self.notices_channel_id)
        return {channel_id for channel_id in channels if channel_id is not None}


async def server(database: Database, guild_id: int) -> Server:
    """The settings of a server; empty ones if nobody set it up."""
    async with database.read() as session:
        return await load_server(session, guild_id)


async def undelivered(database: Database, guild_id: int, now: datetime) -> int:
    """How many posts of the last seven days found their channel gone or closed and were given up."""
    async with database.read() as session:
        return await outbox.parked(session, guild_id, now - timedelta(days=7))


async def set_up(database: Database, index: CityIndex, guild_id: int, member: Member, change: SetupChange) -> Server:
    """Change what was given; a new home city also sets the time zone unless one is given or was chosen before."""
    home = _home(index, change.home) if change.home else None
    timezone = zone_meant(index, change.timezone).key if change.timezone else None
    reminder_minutes = reminders(change.reminders) if change.reminders else None
    async with database.write() as session:
        before = await load_server(session, guild_id)
        require_moderator(member, before.moderator_role_id)
        if home and timezone is None and before.timezone in (None, before.home and before.home.timezone):
            timezone = home.timezone
        columns = {
            "home_place_id": home.id if home else None,
            "timezone": timezone,
            "events_channel_id": change.events_channel_id,
            "stories_channel_id": change.stories_channel_id,
            "moderator_role_id": change.moderator_role_id,
            "locale": change.locale,
            "reminder_minutes": reminder_minutes,
            "notices_channel_id": change.notices_channel_id,
        }
        await queries.change(session, guild_id, **{name: value for name, value in columns.items() if value is not None})
        await session.flush()
        logger.info("guild %s set up by %s", guild_id, member.id)
        return await load_server(session, guild_id)


def _home(index: CityIndex, text: str) -> Place:
    chosen = CHOSEN.fullmatch(text.strip())
    if chosen:
        place = index.places.get(int(chosen[1]))
    else:
        hits = index.search(text, limit=1)
        place = hits[0].place if hits and hits[0].exact else None
    if place is None:
        raise BadInput(
            "I don't know a city called “{name}”. Type its first letters and pick it from the list.",
            name=text.strip()[:LONGEST_QUERY],
        )
    return place


async def load_server(session: AsyncSession, guild_id: int) -> Server:
    """The settings of a server inside a transaction that is open already."""
    row = await queries.settings(session, guild_id)
    home = await cities.place(session, row.home_place_id) if row.home_place_id else None
    return server_of(guild_id, row, home)


def server_of(guild_id: int, row: models.GuildSettings | None, home: models.Place | None) -> Server:
    """The settings of a server from its row and its home city's; the default ones where it has none."""
    if row is None:
        row = queries.unset(guild_id)
    return Server(
        guild_id,
        place_of(home) if home else None,
        row.timezone,
        row.events_channel_id,
        row.stories_channel_id,
        row.moderator_role_id,
        row.locale,
        row.reminder_minutes,
        row.notices_channel_id,
    )
