"""The network of ties as a server sees it: the chain between two cities, and the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput
from bot.lookup.cities import NoSuchCity, find_place
from bot.lookup.geography import distance_km
from bot.lookup.network import Chains, Link, Network
from bot.lookup.network_figures import Figures, figures
from bot.lookup.places import Place
from bot.lookup.search import CityIndex
from db import cities as queries
from db import guilds, statistics
from db.database import Database

OFFERED = 4  # places for each end, where nothing links the two


@dataclass(frozen=True, slots=True)
class Unclear:
    """One of two cities that were asked for is not certain; `option` is what it is called, `other` the one that is."""

    option: str
    answer: NoSuchCity
    other: Place | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where one can go from `place`: how many others chains of lasting ties lead to, and some to begin with.

    They are its partners, the largest first, or for a place without ties the nearest places that have some.
    """

    place: Place
    reach: int
    partners: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class PathPage:
    """How two cities are linked; `surroundings`, of start and end, only where nothing links them (`chains` is None)."""

    start: Place
    end: Place
    km: float | None  # as the crow flies
    chains: Chains | None
    surroundings: tuple[Surroundings, ...]


@dataclass(frozen=True, slots=True)
class ServerFigures:
    """What one server has, in numbers; `partners` are its home city's."""

    home: Place | None
    partners: int
    ties: int
    stories: int
    held: int
    upcoming: int
    feeds: int


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """The network in numbers; `edition` is the month of the data ("2026-11"), `server` None in a direct message."""

    figures: Figures
    edition: str | None
    server: ServerFigures | None


async def find_two(
    session: AsyncSession, index: CityIndex, city: str, other: str, guild_id: int | None
) -> tuple[Place, Place] | Unclear:
    """Two different cities by what was chosen or typed. Raises BadInput if they are the same one."""
    home = await queries.home_and_partners(session, guild_id) if guild_id else []
    one, two = find_place(index, city, home), find_place(index, other, home)
    if isinstance(one, NoSuchCity):
        return Unclear("city", one, None if isinstance(two, NoSuchCity) else two)
    if isinstance(two, NoSuchCity):
        return Unclear("other", two, one)
    if one.id == two.id:
        raise BadInput("Both are {city}. Please choose two different cities.", city=one.label)
    return one, two


async def find_path(
    database: Database, index: CityIndex, city: str, other: str, guild_id: int | None
) -> PathPage | Unclear:
    """The shortest chains of ties from one city to the other. Raises BadInput if they are the same one."""
    async with database.read() as session:
        found = await find_two(session, index, city, other, guild_id)
        if isinstance(found, Unclear):
            return found
        network = await load_network(session, index.places, guild_id)
    start, end = found
    chains = network.chains(start.id, end.id)
    around = () if chains else tuple(_surroundings(network, index, place) for place in found)
    return PathPage(start, end, distance_km(start, end), chains, around)


async def count_network(database: Database, index: CityIndex, guild_id: int | None, now: datetime) -> StatisticsPage:
    """The network that a server sees in numbers, and what the server itself has."""
    async with database.read() as session:
        network = await load_network(session, index.places, guild_id)
        version = await statistics.seed_version(session)
        server = await _count_server(session, network, guild_id, now) if guild_id else None
    edition = version.partition("-")[0].replace(".", "-") if version else None
    return StatisticsPage(figures(network), edition, server)


async def load_network(session: AsyncSession, places: Mapping[int, Place], guild_id: int | None) -> Network:
    """All ties that a server sees, its own and those for everybody."""
    rows = await queries.ties(session, guild_id)
    return Network(
        places, (Link(a, b, kind, state, sure, signed, as_of) for a, b, kind, state, sure, signed, as_of, _ in rows)
    )


async def _count_server(session: AsyncSession, network: Network, guild_id: int, now: datetime) -> ServerFigures:
    home_id = (await guilds.settings(session, guild_id)).home_place_id
    home = network.places.get(home_id) if home_id else None
    partners = len(network.partners(home.id)) if home else 0
    return ServerFigures(home, partners, *await statistics.of_server(session, guild_id, now))


def _surroundings(network: Network, index: CityIndex, place: Place) -> Surroundings:
    partners = network.partners(place.id)
    places = partners or index.nearest_with_ties(place, OFFERED)
    return Surroundings(place, network.reach(place.id), len(partners), tuple(places[:OFFERED]))
