"""How a feed is followed: where its stories go, how often, which of them, and what stands on them."""

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from bot.errors import BadInput
from bot.events.draft_start import city_meant
from bot.lookup.places import Place
from bot.lookup.search import CityIndex
from bot.plain_text import cut, visible
from db.database import Database
from db.models import TRACKS
from db.names import fold

MODES = ("each", "daily", "weekly")
CHANNEL_KINDS = ("text", "forum", "announcement")
NONE = "none"  # typed to take something away
MOST_WORDS, LONGEST_WORD = 20, 50
MOST_CITIES = 5
MOST_AN_HOUR = 60
LONGEST_PICTURE = 1_000  # of its address
PICTURE = re.compile(r"https?://[^\s<>\\`|\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class FeedTerms:
    """What moderators chose for a feed; each is a column of its row but the places. Words stand one a line."""

    channel_id: int
    channel_kind: str = "text"
    mode: str = "each"
    ping_role_id: int | None = None
    track: str | None = None
    place_ids: tuple[int, ...] = ()
    include_words: str = ""
    exclude_words: str = ""
    fallback_picture: str | None = None
    posts_an_hour: int = 5
    uses_webhook: bool = False
    crosspost: bool = False


@dataclass(frozen=True, slots=True)
class GivenTerms:
    """As a command was given them; None leaves a choice as it is, the text "none" takes it away."""

    channel_id: int | None = None
    channel_kind: str | None = None
    mode: str | None = None
    ping_role_id: int | None = None
    no_ping: bool | None = None
    track: str | None = None
    cities: str | None = None
    include: str | None = None
    exclude: str | None = None
    picture: str | None = None
    posts_an_hour: int | None = None
    webhook: bool | None = None
    crosspost: bool | None = None


def agreed(before: FeedTerms, given: GivenTerms, places: tuple[Place, ...] | None) -> FeedTerms:
    """The terms after what was given; `places` are the cities given, None where none were. Raises BadInput."""
    changes: dict[str, Any] = {
        "channel_id": given.channel_id,
        "channel_kind": _one_of(CHANNEL_KINDS, given.channel_kind),
        "mode": _one_of(MODES, given.mode),
        "ping_role_id": given.ping_role_id,
        "track": _one_of(TRACKS, given.track),
        "place_ids": None if places is None else tuple(place.id for place in places),
        "include_words": None if given.include is None else words_of(given.include),
        "exclude_words": None if given.exclude is None else words_of(given.exclude),
        "fallback_picture": None if given.picture is None else picture_of(given.picture),
        "posts_an_hour": None if given.posts_an_hour is None else max(1, min(given.posts_an_hour, MOST_AN_HOUR)),
        "uses_webhook": given.webhook,
        "crosspost": given.crosspost,
    }
    terms = replace(before, **{name: value for name, value in changes.items() if value is not None})
    if given.no_ping:
        terms = replace(terms, ping_role_id=None)
    if _is_none(given.track):
        terms = replace(terms, track=None)
    if _is_none(given.picture):
        terms = replace(terms, fallback_picture=None)
    if terms.crosspost and terms.channel_kind != "announcement":
        if given.crosspost:
            raise BadInput(
                "Only posts in an announcement channel can be passed on to other servers. Choose one as `channel`, or "
                "leave `crosspost` out."
            )
        terms = replace(terms, crosspost=False)
    return terms


def words_of(typed: str) -> str:
    """Words and phrases, separated by commas, as they are kept: one a line, each once. Raises BadInput."""
    if _is_none(typed):
        return ""
    kept: dict[str, str] = {}
    for piece in re.split(r"[,;\n]", typed):
        kept.setdefault(fold(piece), visible(piece))
    kept.pop("", None)  # nothing but spaces and marks
    if not kept or len(kept) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in kept.values()):
        raise BadInput(
            "Type words or short phrases separated by commas, such as **choir, cherry trees**: at most {most}, each "
            "of at most {longest} characters; or **none**.",
            most=MOST_WORDS,
            longest=LONGEST_WORD,
        )
    return "\n".join(kept.values())


def picture_of(typed: str) -> str | None:
    """The address of a picture; None for "none". Raises BadInput."""
    address = typed.strip()
    if _is_none(address):
        return None
    try:
        sound = bool(PICTURE.fullmatch(address) and urlsplit(address).hostname and "@" not in urlsplit(address).netloc)
    except ValueError:
        sound = False
    if not sound or len(address) > LONGEST_PICTURE:
        raise BadInput(
            "“{text}” is not the address of a picture. Give one that begins with https://, or **none**.",
            text=cut(visible(address), 100),
        )
    return address


async def cities_meant(
    database: Database, index: CityIndex, guild_id: int, typed: str | None
) -> tuple[Place, ...] | None:
    """The cities that were picked or typed, separated by semicolons; None where nothing was. Raises BadInput."""
    if typed is None:
        return None
    if _is_none(typed):
        return ()
    names = [name for name in (piece.strip() for piece in typed.split(";")) if name]
    if len(names) > MOST_CITIES:
        raise BadInput("A feed can be about at most {most} cities.", most=MOST_CITIES)
    places = [await city_meant(database, index, guild_id, name) for name in names]
    return tuple({place.id: place for place in places}.values())


def _is_none(text: str | None) -> bool:
    return text is not None and text.strip().casefold() == NONE


def _one_of(values: tuple[str, ...], given: str | None) -> str | None:
    """What was given if it is one of these; choices come from outside."""
    return given if given in values else None
