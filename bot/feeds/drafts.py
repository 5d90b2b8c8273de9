"""Feeds that a moderator looks at before the server follows them; what was found is kept as a draft for a day."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput, NotFound
from bot.feeds.discovery import discover
from bot.feeds.reader import Feed, FeedReader, Fetched
from bot.feeds.terms import FeedTerms
from bot.guilds import load_server
from bot.members import Member, require_moderator
from bot.plain_text import cut
from bot.stories.stories import Stories
from db import feed_drafts as queries
from db.models import FeedDraft

KEPT = timedelta(days=1)
MOST_FEEDS = 50  # that a server follows
MOST_DRAFTS = 20  # of a server; the oldest make room
LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class By:
    """Who does something about a server's feeds, and when (aware UTC)."""

    guild_id: int
    member: Member
    now: datetime


@dataclass(frozen=True, slots=True)
class FeedAt:
    """A feed that an address led to."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class FeedPreview:
    """A draft: the feed with its entries, how it would be followed, and all the feeds that were found."""

    draft_id: int
    url: str
    feed: Feed
    terms: FeedTerms
    found: tuple[FeedAt, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is kept."""

    url: str
    terms: FeedTerms
    found: tuple[FeedAt, ...]


async def look_up(stories: Stories, by: By, address: str, terms: FeedTerms) -> FeedPreview:
    """Find the feed of an address, or the feeds that a site links to, and keep the first that is not followed yet.

    Raises NotAllowed, FeedError, BadInput if the server follows them all, or too many.
    """
    async with stories.database.read() as session:
        await check_adding(session, by)
    found = await discover(stories.reader, address, by.now)
    async with stories.database.write() as session:
        await check_adding(session, by)
        await queries.forget_old(session, by.guild_id, by.now - KEPT, MOST_DRAFTS - 1)
        followed = await queries.followed_urls(session, by.guild_id, [one.url for one in found])
        new = [one for one in found if one.url not in followed]
        if not new:
            raise followed_already(found[0].url)
        at = tuple(FeedAt(one.url, cut(one.feed.title or one.url, LONGEST_TITLE)) for one in new)
        choices = {"terms": asdict(terms), "found": [[one.url, one.title] for one in at]}
        row = FeedDraft(guild_id=by.guild_id, user_id=by.member.id, url=at[0].url, created_at=by.now)
        row.choices = json.dumps(choices)
        session.add(row)
        await session.flush()
        return FeedPreview(row.id, row.url, new[0].feed, terms, at)


async def choose(stories: Stories, by: By, draft_id: int, number: int) -> FeedPreview:
    """Look at another of the feeds that were found, by its number from 0. Raises NotAllowed, NotFound, FeedError."""
    async with stories.database.read() as session:
        draft = (await open_draft(session, by, draft_id))[1]
    if number >= len(draft.found):
        raise BadInput("This is from before an update of the bot. Please use the command again.")
    url = draft.found[number].url
    feed, _ = await read_feed(stories.reader, url, by.now)
    async with stories.database.write() as session:
        row, draft = await open_draft(session, by, draft_id)
        row.url = url
    return FeedPreview(draft_id, url, feed, draft.terms, draft.found)


async def forget(stories: Stories, by: By, draft_id: int) -> None:
    """Delete a draft; nothing is followed. Raises NotAllowed, NotFound."""
    async with stories.database.write() as session:
        row, _ = await open_draft(session, by, draft_id)
        await session.delete(row)


async def draft_terms(stories: Stories, by: By, draft_id: int) -> FeedTerms:
    """How a draft would be followed. Raises NotAllowed, NotFound."""
    async with stories.database.read() as session:
        return (await open_draft(session, by, draft_id))[1].terms


async def check_adding(session: AsyncSession, by: By) -> None:
    """Raise NotAllowed, or BadInput where the server follows as many feeds as it may."""
    require_moderator(by.member, (await load_server(session, by.guild_id)).moderator_role_id)
    if await queries.count_feeds(session, by.guild_id) >= MOST_FEEDS:
        raise BadInput(
            "This server follows {most} feeds, which is the most it can. Remove one with `/feed remove` first.",
            most=MOST_FEEDS,
        )


async def open_draft(session: AsyncSession, by: By, draft_id: int) -> tuple[FeedDraft, Draft]:
    """A moderator's own draft, and what it says. Raises NotAllowed, NotFound."""
    require_moderator(by.member, (await load_server(session, by.guild_id)).moderator_role_id)
    row = await queries.draft(session, by.guild_id, by.member.id, draft_id, by.now - KEPT)
    if row is None:
        raise NotFound("This was followed or put aside already, or is more than a day old. Please use `/feed add`.")
    choices = json.loads(row.choices)
    terms = FeedTerms(**choices["terms"] | {"place_ids": tuple(choices["terms"]["place_ids"])})
    return row, Draft(row.url, terms, tuple(FeedAt(*one) for one in choices["found"]))


async def read_feed(reader: FeedReader, url: str, now: datetime) -> tuple[Feed, Fetched]:
    """What a feed holds at this moment. Raises FeedError."""
    fetched = await reader.fetch(url)
    return await reader.parse(fetched, now=now), fetched


def followed_already(url: str) -> BadInput:
    """The error for a feed that the server has."""
    return BadInput("This server follows {url} already. `/feed list` shows where it is posted.", url=url)
