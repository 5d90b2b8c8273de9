"""Where a draft comes from: the options of a command, a template, or an event that was there before."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.zones import zone_meant
from bot.errors import BadInput
from bot.events.draft_page import Filled, typed_of
from bot.events.drafts import keep, moderated, new_draft
from bot.events.fields import EMPTY, KINDS
from bot.events.templates import TAKEN_OVER, fill, source, template
from bot.lookup.cities import NoSuchCity, find_place, home_ids
from bot.lookup.places import Place
from bot.lookup.search import LONGEST_QUERY, CityIndex
from bot.members import Member
from db import drafts as queries
from db.database import Database
from db.models import TRACKS, Event

UNTOUCHED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Start:
    """What a new event begins with; None is left to the form. `city` and `timezone` as they were picked or typed."""

    kind: str | None = None
    track: str | None = None
    city: str | None = None
    timezone: str | None = None
    template_id: int | None = None
    like_event_id: int | None = None
    picture: bool = False  # one is on its way


async def begin(
    database: Database, index: CityIndex, guild_id: int, member: Member, start: Start, now: datetime
) -> Filled:
    """What the form of a draft that begins so is opened with; the draft is 0 where there is nothing to keep yet.

    Raises NotAllowed, NotSetUp, NotFound, BadInput.
    """
    if start == Start():
        return Filled(0, EMPTY)
    city = await city_meant(database, index, guild_id, start.city) if start.city else None
    timezone = zone_meant(index, start.timezone).key if start.timezone else None
    async with database.write() as session:
        server = await moderated(session, guild_id, member)
        await queries.forget_untouched(session, guild_id, member.id, now - UNTOUCHED)
        event = new_draft(session, server, member, now)
        picture = await _take_over(session, guild_id, event, start)
        if start.kind in KINDS:
            event.kind = start.kind
        if start.track in TRACKS:
            event.track = start.track
        event.timezone = timezone or event.timezone
        if city is not None:
            event.place_id, event.location = city.id, event.location or city.name
        keep(event, typed_of(event), now)
        await session.flush()
        if picture is not None:
            await queries.put_picture(session, event.id, picture)
        return Filled.of(event, server)


async def _take_over(session: AsyncSession, guild_id: int, event: Event, start: Start) -> bytes | None:
    """Fill a draft from a template or an event; returns the event's picture."""
    picture = None
    if start.template_id is not None:
        fill(event, json.loads((await template(session, guild_id, start.template_id)).fields))
    if start.like_event_id is not None:
        before = await source(session, guild_id, start.like_event_id)
        fill(event, {name: getattr(before, name) for name in TAKEN_OVER})
        picture = await queries.picture(session, before.id)
        event.picture_alt = before.picture_alt if picture is not None else None
    if not await queries.place_is_there(session, event.place_id):
        event.place_id = None
    return picture


async def city_meant(database: Database, index: CityIndex, guild_id: int, text: str) -> Place:
    """The city that was picked or typed. Raises BadInput."""
    found = find_place(index, text, await home_ids(database, guild_id))
    if isinstance(found, NoSuchCity):
        raise BadInput(
            "I don't know a city called “{name}”. Type its first letters and pick it from the list.",
            name=text.strip()[:LONGEST_QUERY],
        )
    return found
