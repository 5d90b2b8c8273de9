"""A story as its card, lists and searches show it, read from rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db import stories as queries
from db.models import Feed, Story


@dataclass(frozen=True, slots=True)
class StoryPost:
    """A story as its card shows it; instants are aware UTC, `picture` is its own or its feed's fallback.

    `place_ids` are the places it is about.
    """

    id: int
    guild_id: int
    source: str
    title: str
    link: str | None
    summary: str
    picture: str | None
    published_at: datetime | None
    first_seen_at: datetime
    track: str | None
    place_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """How a feed's posts are made; a story whose feed is gone is posted plainly. `channel_kind` as in the table."""

    channel_kind: str = "text"
    crosspost: bool = False
    uses_webhook: bool = False
    ping_role_id: int | None = None


async def story_posts(session: AsyncSession, guild_id: int, rows: Sequence[Story]) -> list[StoryPost]:
    """Rows of one server as what may leave the transaction, in the same order."""
    places = await queries.place_ids(session, guild_id, [row.id for row in rows])
    pictures = await queries.fallback_pictures(session, {row.feed_id for row in rows if row.feed_id is not None})
    return [
        StoryPost(
            row.id,
            row.guild_id,
            row.source,
            row.title,
            row.link,
            row.summary,
            row.picture or pictures.get(row.feed_id or 0),
            row.published_at,
            row.first_seen_at,
            row.track,
            tuple(places.get(row.id, ())),
        )
        for row in rows
    ]


async def load_story(session: AsyncSession, guild_id: int, story_id: int) -> tuple[StoryPost, Target] | None:
    """A story of this server and how its feed posts it; None if the server has no such story."""
    row = await queries.story(session, guild_id, story_id)
    if row is None:
        return None
    feed = await session.get(Feed, row.feed_id) if row.feed_id is not None else None
    (post,) = await story_posts(session, guild_id, [row])
    return post, target_of(feed)


def target_of(feed: Feed | None) -> Target:
    """How a feed's posts are made."""
    return Target(feed.channel_kind, feed.crosspost, feed.uses_webhook, feed.ping_role_id) if feed else Target()
