"""Cities in what people say: the one that a chat message asks about, and all that a message names."""

import re
from datetime import datetime

from bot.lookup.cities import SUGGESTIONS, CityPage, NoSuchCity, city_page, find_by_name, home_ids, namesakes_of
from bot.lookup.places import Place
from bot.lookup.regions import region_words
from bot.lookup.search import CityIndex
from bot.recogniser.recogniser import Recogniser
from db.database import Database
from db.names import fold

MENTION = re.compile(r"<[@#][!&]?\d+>")
POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?!\w)")

# What may stand around a city's name when somebody asks in a sentence.
QUESTION = re.compile(
    r"\b(who|what|which|where|are|is|was|were|the|of|for|our|sister|twin|partner|partners|cit(?:y|ies)|towns?|tell|me|about"
    r"|show|find|please|does|do|have|has|with|and|in|s|hi|hello|hey|thanks|can|you|list|a)\b",
    re.IGNORECASE,
)


async def find_in_chat(
    database: Database,
    index: CityIndex,
    message: str,
    guild_id: int | None = None,
    *,
    recogniser: Recogniser | None = None,
    now: datetime | None = None,
) -> CityPage | NoSuchCity:
    """The page of the city that a chat message names, as its whole text or among its words."""
    text = MENTION.sub(" ", message)
    home = await home_ids(database, guild_id)
    if index.named(text, home, fewest_words=max(1, len(fold(text).split()))):
        return await find_by_name(database, index, text, guild_id, home, now)
    named = next(iter(recogniser.places(text, home)), None) if recogniser else None
    # Names of several words first: "Kansas City" would lose one of them together with the words of the question.
    named = named or index.named(text, home, fewest_words=2)
    named = named or index.named(POSSESSIVE.sub(" ", text), home, fewest_words=2)
    if named is None:
        asked = question_city(text)
        answer = await find_by_name(database, index, asked, guild_id, home, now)
        if isinstance(answer, CityPage) or answer.country:
            return answer
        named = index.named(asked, home)
        if named is None:
            return _without_far_guess(answer, index, home)
    namesakes = () if _says_where(text, named) else namesakes_of(index, named.id)
    return await city_page(database, index, named.id, guild_id, namesakes, now=now)


def _without_far_guess(answer: NoSuchCity, index: CityIndex, home: list[int]) -> NoSuchCity:
    """What no city goes by, without a guess that shares no word with several: "I love you" means no Iuzovo."""
    words = set(fold(answer.query).split())
    if len(words) < 2 or len(answer.suggestions) != 1 or words & set(fold(answer.suggestions[0].label).split()):
        return answer
    return NoSuchCity(answer.query, (), tuple(hit.place for hit in index.search("", SUGGESTIONS, home)))


def _says_where(text: str, place: Place) -> bool:
    words = f" {fold(text)} ".replace(f" {fold(place.name)} ", " ")
    return any(f" {region} " in words for region in region_words(place.region, place.country_code))


async def cities_in_message(
    database: Database, recogniser: Recogniser, text: str, guild_id: int | None = None
) -> list[Place]:
    """The places that a message names, in order; in doubt those near to the server's home."""
    return recogniser.places(MENTION.sub(" ", text), await home_ids(database, guild_id))


def question_city(text: str) -> str:
    """What is left of a chat message when the words of the question are taken out: the city's name."""
    bare = POSSESSIVE.sub(" ", MENTION.sub(" ", text))
    left = re.sub(r"[?!:;]", " ", QUESTION.sub(" ", bare))
    left = re.sub(r"\s+,", ",", " ".join(left.split())).strip(" ,.-")
    # "The Dalles", "Of": when nothing is left, the words themselves may have been the name.
    return left or " ".join(bare.split()).strip(" ?!.,")
