"""What stories and events say of a city, in the server that has them."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db import card_copies, events, story_search


@dataclass(frozen=True, slots=True)
class LatestStory:
    """The newest story about a place that the server was told; `published_at` is aware UTC.

    `channel_id` is where it was posted, None as long as it was not; `elsewhere` are the newest of every other channel,
    the newest first, for who may not see that one.
    """

    title: str
    link: str | None
    published_at: datetime
    channel_id: int | None
    elsewhere: tuple["LatestStory", ...] = ()


@dataclass(frozen=True, slots=True)
class NextEvent:
    """The next open event about a place; the ids are those of a message that shows its card."""

    title: str
    starts_at: datetime
    channel_id: int | None
    message_id: int | None


async def latest_story(session: AsyncSession, place_id: int, guild_id: int | None) -> LatestStory | None:
    """The newest story about a place that a server was told."""
    rows = await story_search.latest_about(session, guild_id, place_id) if guild_id is not None else []
    told = [LatestStory(row.title, row.link, row.published_at or row.first_seen_at, posted) for row, posted in rows]
    return replace(told[0], elsewhere=tuple(told[1:])) if told else None


async def next_event(
    session: AsyncSession, place_id: int, guild_id: int | None, now: datetime | None
) -> NextEvent | None:
    """The next open event of a server about a place."""
    if guild_id is None or now is None:
        return None
    row = await events.next_about(session, guild_id, place_id, now)
    if row is None or row.starts_at is None:
        return None
    copies = await card_copies.copies(session, [row.id])
    shown = (copies[-1].channel_id, copies[-1].message_id) if copies else (None, None)
    return NextEvent(row.title, row.starts_at, *shown)
