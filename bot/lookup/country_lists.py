"""Who is paired with a country, and the towns of a state: the ties of many places at once."""

from collections import defaultdict
from dataclasses import dataclass

from bot.lookup.countries import Region
from bot.lookup.places import Place
from bot.lookup.search import CityIndex
from db import cities as queries
from db.database import Database

LISTED_FROM = "US"  # every tie that ships with the bot has an end here


@dataclass(frozen=True, slots=True)
class ListedTie:
    """A tie between a place in the country or state that was asked for, `here`, and one elsewhere, `there`."""

    here: Place
    there: Place
    state: str


@dataclass(frozen=True, slots=True)
class CountryTies:
    """The ties of a country; `domestic` where only those with both ends in it are listed."""

    country_code: str
    ties: tuple[ListedTie, ...]
    domestic: bool


@dataclass(frozen=True, slots=True)
class Town:
    """A place with its ties, each from its end."""

    place: Place
    ties: tuple[ListedTie, ...]

    @property
    def partners(self) -> int:
        """How many partners it has; those that it no longer has are left out."""
        return sum(tie.state != "ended" for tie in self.ties)


@dataclass(frozen=True, slots=True)
class RegionTowns:
    """The places of a state or region that have ties, or had some."""

    region: Region
    towns: tuple[Town, ...]


async def country_ties(database: Database, index: CityIndex, country_code: str, guild_id: int | None) -> CountryTies:
    """All ties of a country as a server sees them. Of the country that all ties lead to, only those inside it."""
    domestic = country_code == LISTED_FROM
    found = []
    for one, other, state in await _all_ties(database, index, guild_id):
        inside = [place for place in (one, other) if place.country_code == country_code]
        if len(inside) == 2 or (inside and not domestic):
            here = inside[0]
            found.append(ListedTie(here, other if here is one else one, state))
    return CountryTies(country_code, tuple(found), domestic)


async def region_towns(database: Database, index: CityIndex, region: Region, guild_id: int | None) -> RegionTowns:
    """The places of a state or region with the ties that a server sees, those with most partners first."""
    ties: dict[int, list[ListedTie]] = defaultdict(list)
    for one, other, state in await _all_ties(database, index, guild_id):
        for here, there in ((one, other), (other, one)):
            if region.holds(here):
                ties[here.id].append(ListedTie(here, there, state))
    towns = [Town(index.places[place_id], tuple(some)) for place_id, some in ties.items()]
    return RegionTowns(region, tuple(sorted(towns, key=lambda town: (-town.partners, town.place.name))))


async def _all_ties(database: Database, index: CityIndex, guild_id: int | None) -> list[tuple[Place, Place, str]]:
    """Both places and the state of every tie that a server sees."""
    async with database.read() as session:
        rows = await queries.ties(session, guild_id)
    places = index.places
    return [
        (places[row.place_a_id], places[row.place_b_id], row.state)
        for row in rows
        if row.place_a_id in places and row.place_b_id in places
    ]
