"""Looking cities up: from what was typed to the page about a place."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from bot.errors import NotFound
from bot.places import Place
from bot.search import CityIndex, Hit, Name
from db import cities as queries
from db import models
from db.database import Database
from db.names import fold

CHOSEN = re.compile(r"id:(\d{1,9})")  # what autocomplete sends back; a longer number is none of our ids
SUGGESTIONS = 5
NAMESAKES = 4
MENTION = re.compile(r"<[@#][!&]?\d+>")
POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?!\w)")

# What may stand around a city's name when somebody asks in a sentence.
QUESTION = re.compile(
    r"\b(who|what|which|where|are|is|was|were|the|of|for|our|sister|twin|partner|partners|cit(?:y|ies)|towns?|tell|me|about"
    r"|show|find|please|does|do|have|has|with|and|in|s|hi|hello|hey|thanks|can|you|list|a)\b",
    re.IGNORECASE,
)


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
class LatestStory:
    """The newest story about a place that the server was told; `published_at` is aware UTC."""

    title: str
    link: str | None
    published_at: datetime


@dataclass(frozen=True, slots=True)
class NextEvent:
    """The next open event about a place; the ids are those of a message that shows its card."""

    title: str
    starts_at: datetime
    channel_id: int | None
    message_id: int | None


@dataclass(frozen=True, slots=True)
class CityPage:
    """Everything a city's card shows. `nearby` is filled only for a place without ties."""

    place: Place
    ties: tuple[Tie, ...]
    namesakes: tuple[Place, ...] = ()
    nearby: tuple[Place, ...] = ()
    story: LatestStory | None = None
    event: NextEvent | None = None

    @property
    def only_us_ties(self) -> bool:
        """The data lists partnerships from their US end, so a page about a place abroad must say so."""
        return self.place.country_code != "US"


@dataclass(frozen=True, slots=True)
class NoSuchCity:
    """Nothing goes by what was typed; the nearest names, likeliest first. `instead` where not even those are."""

    query: str
    suggestions: tuple[Place, ...]
    instead: tuple[Place, ...] = ()


async def load_index(database: Database) -> CityIndex:
    """Build the search index from every place and name in the database."""
    async with database.read() as session:
        places = [place_of(row) for row in await queries.places(session)]
        names = [Name(place_id, key, kind == "name") for place_id, key, kind in await queries.names(session)]
        ties = Counter(await queries.tie_ends(session))
    return CityIndex(places, names, dict(ties))


async def load_homes(database: Database) -> dict[int, list[int]]:
    """The home city and its partners of every server that has one, so that autocomplete need not ask the database."""
    async with database.read() as session:
        homes = await queries.homes(session)
        around = {home: [home, *await queries.partner_ids(session, home)] for home in set(homes.values())}
    return {guild_id: around[home] for guild_id, home in homes.items()}


async def find_city(
    database: Database, index: CityIndex, text: str, guild_id: int | None = None
) -> CityPage | NoSuchCity:
    """The page of the city that was chosen (`id:…`) or typed, or the nearest names if none goes by that."""
    chosen = CHOSEN.fullmatch(text.strip())
    if chosen:
        return await city_page(database, index, int(chosen[1]), guild_id)
    return await _find_by_name(database, index, text, guild_id, await home_ids(database, guild_id))


async def _find_by_name(
    database: Database, index: CityIndex, text: str, guild_id: int | None, home: list[int]
) -> CityPage | NoSuchCity:
    hits = index.search(text, home=home) if fold(text) else []
    if not hits or not (hits[0].exact or _is_alone(hits)):
        suggestions = tuple(hit.place for hit in hits[:SUGGESTIONS])
        instead = () if hits else tuple(hit.place for hit in index.search("", SUGGESTIONS, home))
        return NoSuchCity(text.strip(), suggestions, instead)
    name = fold(hits[0].place.name)
    namesakes = tuple(hit.place for hit in hits[1:] if hit.exact and fold(hit.place.name) == name)[:NAMESAKES]
    return await city_page(database, index, hits[0].place.id, guild_id, namesakes)


async def find_in_chat(
    database: Database, index: CityIndex, message: str, guild_id: int | None = None
) -> CityPage | NoSuchCity:
    """The page of the city that a chat message names, as its whole text or among its words."""
    text = MENTION.sub(" ", message)
    home = await home_ids(database, guild_id)
    if index.named(text, home, fewest_words=max(1, len(fold(text).split()))):
        return await _find_by_name(database, index, text, guild_id, home)
    # Names of several words first: "Kansas City" would lose one of them together with the words of the question.
    named = index.named(text, home, fewest_words=2) or index.named(POSSESSIVE.sub(" ", text), home, fewest_words=2)
    if named is None:
        asked = question_city(text)
        answer = await _find_by_name(database, index, asked, guild_id, home)
        if isinstance(answer, CityPage):
            return answer
        named = index.named(asked, home)
        if named is None:
            return answer
    return await city_page(database, index, named.id, guild_id)


def _is_alone(hits: list[Hit]) -> bool:
    """Whether the first hit is an unfinished name that begins nothing else."""
    return not hits[0].misspelt and (len(hits) == 1 or hits[1].misspelt)


async def city_page(
    database: Database, index: CityIndex, place_id: int, guild_id: int | None, namesakes: tuple[Place, ...] = ()
) -> CityPage:
    """The page of a place by its id. Raises NotFound for an id that is not there (any more)."""
    async with database.read() as session:
        row = await queries.place(session, place_id)
        if row is None:
            raise NotFound("That city is no longer in my list. Please search for it again by its name.")
        place = place_of(row)
        ties = [tie_of(tie, partner) for tie, partner in await queries.partners(session, place_id, guild_id)]
    nearby = () if ties else tuple(index.nearest_with_ties(place, SUGGESTIONS))
    return CityPage(place, tuple(ties), namesakes, nearby)


async def home_ids(database: Database, guild_id: int | None) -> list[int]:
    """The server's home city and its partners, which are preferred in searches; empty where none is set."""
    if guild_id is None:
        return []
    async with database.read() as session:
        return await queries.home_and_partners(session, guild_id)


def question_city(text: str) -> str:
    """What is left of a chat message when the words of the question are taken out: the city's name."""
    bare = POSSESSIVE.sub(" ", MENTION.sub(" ", text))
    left = re.sub(r"[?!:;]", " ", QUESTION.sub(" ", bare))
    left = re.sub(r"\s+,", ",", " ".join(left.split())).strip(" ,.-")
    # "The Dalles", "Of": when nothing is left, the words themselves may have been the name.
    return left or " ".join(bare.split()).strip(" ?!.,")


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
