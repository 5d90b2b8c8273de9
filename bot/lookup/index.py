"""Reading what is held in memory out of the database: the search index, and every server's home."""

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.lookup.places import Place
from bot.lookup.search import CityIndex, Name
from db import cities as queries
from db.database import Database


async def load_index(database: Database) -> CityIndex:
    """Build the search index from every place and name in the database."""
    async with database.read() as session:
        places = [Place(*row) for row in await queries.place_rows(session)]
        rows = await queries.joined_names(session)
        ties = Counter(await queries.tie_ends(session))
    return CityIndex(places, _names(rows), dict(ties))


def _names(rows: Iterable[tuple[int, str, str]]) -> Iterator[Name]:
    for place_id, kind, keys in rows:
        for key in keys.split("\n"):
            yield Name(place_id, key, kind == "name", kind == "romanised")


async def load_homes(database: Database) -> dict[int, list[int]]:
    """The home city and its partners of every server that has one, so that autocomplete need not ask the database."""
    async with database.read() as session:
        homes = await queries.homes(session)
        own = await queries.servers_with_own_ties(session)
        # Most servers say nothing of their own, so those with the same home share one answer.
        seen_by = {guild_id: (home, guild_id if guild_id in own else None) for guild_id, home in homes.items()}
        around = {
            (home, guild_id): [home, *await queries.partner_ids(session, home, guild_id)]
            for home, guild_id in set(seen_by.values())
        }
    return {guild_id: around[key] for guild_id, key in seen_by.items()}
