"""What stories and events are about: the places that their words name."""

import asyncio
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.feeds.reader import Entry
from bot.lookup.search import CityIndex
from bot.recogniser.recogniser import Recogniser
from db import cities as queries
from db.database import Database
from db.models import Event, EventPlace

MOST_PLACES = 10  # of one story or event
MOST_LOOKED_AT = 60  # stories of one look at a feed; more at once is no news


async def load_recogniser(database: Database, index: CityIndex) -> Recogniser:
    """The recogniser of places on this index, with every tie that all servers see."""
    async with database.read() as session:
        return Recogniser(index, [(row[0], row[1]) for row in await queries.ties(session, None)])


async def places_named(recogniser: Recogniser, entries: Sequence[Entry], home: Sequence[int]) -> dict[str, list[int]]:
    """Identity → ids of the places that an entry names in title or summary; `home` as for `Recogniser.places`.

    Others have their turn between two entries, so that no look at a feed holds up anybody.
    """
    named: dict[str, list[int]] = {}
    for entry in entries[:MOST_LOOKED_AT]:
        found = recogniser.places(f"{entry.title}\n{entry.summary}", home)
        named[entry.identity] = [place.id for place in found[:MOST_PLACES]]
        await asyncio.sleep(0)
    return named


async def note_event_places(session: AsyncSession, recogniser: Recogniser, event: Event) -> None:
    """Record which places an event is about: named in its title, location or description."""
    home = await queries.home_and_partners(session, event.guild_id)
    text = f"{event.title}\n{event.location}\n{event.description}"
    places = recogniser.places(text, home)[:MOST_PLACES]
    session.add_all(EventPlace(event_id=event.id, place_id=place.id, guild_id=event.guild_id) for place in places)
