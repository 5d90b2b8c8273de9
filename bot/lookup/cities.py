"""Looking cities up: from what was typed to the page about a place."""

import re
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bot.errors import NotFound
from bot.lookup.city_news import LatestStory, NextEvent, latest_story, next_event
from bot.lookup.countries import find_country
from bot.lookup.places import Place
from bot.lookup.regions import COUNTRY_NICKNAMES, country_name
from bot.lookup.search import CityIndex, Hit
from db import cities as queries
from db import models
from db.database import Database
from db.names import fold

CHOSEN = re.compile(r"id:(\d{1,9})")  # what autocomplete sends back; a longer number is none of our ids
SUGGESTIONS = 5
NAMESAKES = 4


@dataclass(frozen=True, slots=True)
class Tie:
    """A partnership seen from one of its ends; `signed` and `as_of` are ISO dates of any precision, or None."""

    partner: Place
    kind: str
    state: str
    confidence: str
    signed: str | None
    as_of: str | None
    sources: tuple[str, ...]
    notes: str

    @property
    def over(self) -> bool:
        """Whether it is ended or rests."""
        return self.state in ("ended", "suspended")

    @property
    def listed(self) -> int | None:
        """The newest year in which a source lists it; None if no source says when, or one says that it is over."""
        if self.over:
            return None
        years = [year for text in (*self.sources, self.as_of or "") for year in re.findall(r"(?:19|20)\d\d", text)]
        return max(map(int, years), default=None)


@dataclass(frozen=True, slots=True)
class CityPage:
    """Everything a city's card shows. `nearby` is filled only for a place without ties."""

    place: Place
    ties: tuple[Tie, ...]
    namesakes: tuple[Place, ...] = ()
    nearby: tuple[Place, ...] = ()
    story: LatestStory | None = None
    event: NextEvent | None = None
    guild_id: int | None = None  # of the server that asks, to which story and event belong

    @property
    def only_us_ties(self) -> bool:
        """The data lists partnerships from their US end, so a page about a place abroad must say so."""
        return self.place.country_code != "US"


@dataclass(frozen=True, slots=True)
class NoSuchCity:
    """Nothing goes by what was typed; the nearest names, likeliest first. `instead` where not even those are.

    `country` is the code of the country whose name was typed; then there are neither.
    """

    query: str
    suggestions: tuple[Place, ...]
    instead: tuple[Place, ...] = ()
    country: str | None = None


async def find_city(
    database: Database, index: CityIndex, text: str, guild_id: int | None = None, now: datetime | None = None
) -> CityPage | NoSuchCity:
    """The page of the city that was chosen (`id:…`) or typed, or the nearest names if none goes by that.

    `now` is needed for its next event, here as everywhere below.
    """
    chosen = CHOSEN.fullmatch(text.strip())
    if chosen:
        return await city_page(database, index, int(chosen[1]), guild_id, now=now)
    return await find_by_name(database, index, text, guild_id, await home_ids(database, guild_id), now)


async def find_by_name(
    database: Database, index: CityIndex, text: str, guild_id: int | None, home: list[int], now: datetime | None = None
) -> CityPage | NoSuchCity:
    """The page of the city that goes by a name, or the nearest names; `home` is preferred."""
    hits = _hits(index, text, home)
    if isinstance(hits, NoSuchCity):
        return hits
    return await city_page(database, index, hits[0].place.id, guild_id, _namesakes(hits, hits[0].place), now=now)


def namesakes_of(index: CityIndex, place_id: int) -> tuple[Place, ...]:
    """The likeliest other places of the same name; none for an id that is not there."""
    place = index.places.get(place_id)
    return _namesakes(index.search(place.name), place) if place else ()


def _namesakes(hits: list[Hit], place: Place) -> tuple[Place, ...]:
    name = fold(place.name)
    others = (hit.place for hit in hits if hit.exact and hit.place.id != place.id)
    return tuple(other for other in others if fold(other.name) == name)[:NAMESAKES]


def find_place(index: CityIndex, text: str, home: list[int]) -> Place | NoSuchCity:
    """The city that was chosen or typed, without its page; `home` is preferred. Raises NotFound for an id of none."""
    chosen = CHOSEN.fullmatch(text.strip())
    if chosen is None:
        hits = _hits(index, text, home)
        return hits if isinstance(hits, NoSuchCity) else hits[0].place
    place = index.places.get(int(chosen[1]))
    if place is None:
        raise _gone()
    return place


def _hits(index: CityIndex, text: str, home: list[int]) -> list[Hit] | NoSuchCity:
    """The places that go by what was typed, the likeliest first, or the nearest names if the first is not certain."""
    hits = index.search(text, home=home) if fold(text) else []
    if hits and (hits[0].exact or _is_alone(hits)):
        return hits
    country = _country(index, text)
    if country:
        return NoSuchCity(text.strip(), (), country=country)
    suggestions = tuple(hit.place for hit in hits[:SUGGESTIONS])
    instead = () if hits else tuple(hit.place for hit in index.search("", SUGGESTIONS, home))
    return NoSuchCity(text.strip(), suggestions, instead)


def _country(index: CityIndex, text: str) -> str | None:
    """The code of the country whose whole name was typed; a code itself may be any two letters."""
    try:
        code = find_country(index, text, "en")
    except NotFound:
        return None
    return code if fold(text) in (fold(country_name(code)), *COUNTRY_NICKNAMES.get(code, ())) else None


def _gone() -> NotFound:
    return NotFound("That city is no longer in my list. Please search for it again by its name.")


def _is_alone(hits: list[Hit]) -> bool:
    """Whether the first hit is an unfinished name that begins nothing else."""
    return not hits[0].misspelt and (len(hits) == 1 or hits[1].misspelt)


async def city_page(
    database: Database,
    index: CityIndex,
    place_id: int,
    guild_id: int | None,
    namesakes: tuple[Place, ...] = (),
    *,
    now: datetime | None = None,
) -> CityPage:
    """The page of a place by its id. Raises NotFound for an id that is not there (any more)."""
    async with database.read() as session:
        row = await queries.place(session, place_id)
        if row is None:
            raise _gone()
        place = place_of(row)
        ties = [tie_of(tie, partner) for tie, partner in await queries.partners(session, place_id, guild_id)]
        story = await latest_story(session, place_id, guild_id)
        event = await next_event(session, place_id, guild_id, now)
    nearby = () if ties else tuple(index.nearest_with_ties(place, SUGGESTIONS))
    return CityPage(place, tuple(ties), namesakes, nearby, story, event, guild_id)


async def random_page(
    database: Database, index: CityIndex, guild_id: int | None, chance: Random, now: datetime | None = None
) -> CityPage:
    """The page of any city that has ties. Raises NotFound where none has."""
    if not index.ties:
        raise NotFound("I don't know of any partnership yet.")
    return await city_page(database, index, chance.choice(sorted(index.ties)), guild_id, now=now)


async def home_ids(database: Database, guild_id: int | None) -> list[int]:
    """The server's home city and its partners, which are preferred in searches; empty where none is set."""
    if guild_id is None:
        return []
    async with database.read() as session:
        return await queries.home_and_partners(session, guild_id)


def place_of(row: models.Place) -> Place:
    """A row as the dataclass that may leave the transaction."""
    return Place(
        row.id,
        row.geoname_id,
        row.name,
        row.kind,
        row.region,
        row.country_code,
        row.latitude,
        row.longitude,
        row.population,
        row.timezone,
    )


def tie_of(tie: models.Partnership, partner: models.Place) -> Tie:
    """A partnership row, seen from the end that is not `partner`."""
    return Tie(
        place_of(partner),
        tie.kind,
        tie.state,
        tie.confidence,
        tie.signed,
        tie.as_of,
        tuple(tie.sources.split()),
        tie.notes,
    )
