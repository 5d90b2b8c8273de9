"""Looking up stories that the server was told, as far as the one who asks may see where that was."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.errors import BadInput, NotFound
from bot.lookup.places import Place
from bot.lookup.search import CityIndex
from bot.plain_text import visible
from bot.stories.page import StoryPost, story_posts
from db import story_search as queries
from db.database import Database
from db.names import fold
from db.stories import story as story_row

A_PAGE = 8
LONGEST_WORDS = 50  # they travel in the ids of buttons
MOST_TAGS = 4
# Scripts that set no spaces between words, folded: a word may begin anywhere in them.
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)
EXACT = re.compile(r"[%_\\]")  # who types such a mark means it


@dataclass(frozen=True, slots=True)
class Asked:
    """Which stories a list shows: with these words, of a track, about a place; pages count from 0."""

    words: str = ""
    track: str | None = None
    place_id: int | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A page of a list, the newest story first, and how many stories and pages there are, at least one page."""

    asked: Asked
    stories: Sequence[StoryPost]
    total: int
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A story and the message that told it: channel id and message id, None where that is not known."""

    story: StoryPost
    shown_in: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A story to pick; `seen_at` is aware UTC."""

    id: int
    title: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Needles:
    """What was typed, taken apart: folded words, folded parts of text without spaces, and what is meant exactly."""

    words: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.words or self.parts or self.exact)


def needles(typed: str) -> Needles:
    """Take what was typed apart. Accents, capitals and punctuation do not matter, but for `%`, `_` and `\\`."""
    found = Needles()
    for piece in visible(typed).split():
        if EXACT.search(piece):
            found.exact.append(piece)
            continue
        for word in fold(piece).split():
            (found.parts if UNSPACED.search(word) else found.words).append(word)
    return found


async def list_stories(database: Database, guild_id: int, channel_ids: Collection[int], asked: Asked) -> StoryPage:
    """A page of the stories that were told in these channels; the last one where that page is not there.

    Raises BadInput for words without a letter or digit.
    """
    sought = needles(asked.words)
    if asked.words and not sought:
        raise BadInput("Type at least one word to look for, such as a name.")
    wanted = (
        queries.about(guild_id, asked.track, asked.place_id)
        & queries.worded(sought.words, parts=sought.parts, exact=sought.exact)
        & queries.told(guild_id, channel_ids)
    )
    async with database.read() as session:
        total = await queries.count(session, wanted)
        pages = max(1, -(-total // A_PAGE))
        page = max(0, min(asked.page, pages - 1))
        rows = await queries.piece(session, wanted, offset=page * A_PAGE, limit=A_PAGE)
        return StoryPage(replace(asked, page=page), await story_posts(session, guild_id, rows), total, pages)


async def find_story(database: Database, guild_id: int, channel_ids: Collection[int], story_id: int) -> Found:
    """A story that was told in one of these channels. Raises NotFound, the same whyever it is not there."""
    async with database.read() as session:
        row = await story_row(session, guild_id, story_id)
        if row is None or not await queries.is_told(session, guild_id, channel_ids, story_id):
            raise NotFound("There is no such story here. `/story search` finds stories by their words.")
        (story,) = await story_posts(session, guild_id, [row])
        return Found(story, await queries.shown_in(session, guild_id, story_id))


async def stories_like(
    database: Database, guild_id: int, channel_ids: Collection[int], typed: str, limit: int
) -> list[Choice]:
    """Stories told in these channels whose title holds every word that was typed, the newest first."""
    sought = needles(typed[:LONGEST_WORDS])
    wanted = queries.titled(sought.words, parts=sought.parts, exact=sought.exact)
    async with database.read() as session:
        rows = await queries.titles(session, wanted & queries.told(guild_id, channel_ids), limit)
        return [Choice(*row) for row in rows]


def tagged(story: StoryPost, index: CityIndex, home: Collection[int] = ()) -> list[Place]:
    """The places whose names stand on a story's card as buttons: the server's own and its partners first."""
    known = [index.places[place_id] for place_id in story.place_ids if place_id in index.places]
    return sorted(known, key=lambda place: place.id not in home)[:MOST_TAGS]
