"""Queries on the stories that came from feeds."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Feed, FeedPlace, OutboxRow, Story, StoryPlace

Value = TypeVar("Value")


async def story(session: AsyncSession, guild_id: int, story_id: int) -> Story | None:
    """One story of this server."""
    query = select(Story).where(Story.id == story_id, Story.guild_id == guild_id)
    return (await session.scalars(query)).one_or_none()


async def place_ids(session: AsyncSession, guild_id: int, story_ids: Sequence[int]) -> dict[int, list[int]]:
    """Story id → the ids of the places it is about."""
    query = (
        select(StoryPlace.story_id, StoryPlace.place_id)
        .where(StoryPlace.guild_id == guild_id, StoryPlace.story_id.in_(story_ids))
        .order_by(StoryPlace.story_id, StoryPlace.place_id)
    )
    found: dict[int, list[int]] = {}
    for story_id, place_id in await session.execute(query):
        found.setdefault(story_id, []).append(place_id)
    return found


async def fallback_pictures(session: AsyncSession, feed_ids: Collection[int]) -> dict[int, str]:
    """Feed id → the picture of its stories that have none."""
    query = select(Feed.id, Feed.fallback_picture).where(Feed.id.in_(feed_ids), Feed.fallback_picture.is_not(None))
    return {feed_id: picture for feed_id, picture in await session.execute(query) if picture}


AT_ONCE = 500  # values in one statement
REMEMBERED = (
    *(Story.id, Story.identity, Story.decision, Story.link_key, Story.title_key, Story.title, Story.summary),
    *(Story.link, Story.picture, Story.published_at, Story.first_seen_at, Story.edits),
)


async def remembered(session: AsyncSession, feed_id: int, identities: Collection[str]) -> list[Row[Any]]:
    """The stories of a feed that have these identities, with the columns of `REMEMBERED`."""
    found: list[Row[Any]] = []
    for some in pieces(list(identities), AT_ONCE):
        query = select(*REMEMBERED).where(Story.feed_id == feed_id, Story.identity.in_(some))
        found += await session.execute(query)
    return found


async def remembered_like(
    session: AsyncSession, feed_id: int, *, links: Collection[str], titles: Collection[str], words: Collection[str]
) -> list[Row[Any]]:
    """The stories of a feed that have one of these link keys, title keys or search keys, each once."""
    found: dict[int, Row[Any]] = {}
    for column, values in ((Story.link_key, links), (Story.title_key, titles), (Story.search_key, words)):
        for some in pieces(list(values), AT_ONCE):
            query = select(*REMEMBERED).where(Story.feed_id == feed_id, column.in_(some))
            found |= {row.id: row for row in await session.execute(query)}
    return list(found.values())


async def told_elsewhere(
    session: AsyncSession, guild_id: int, feed_id: int, links: Collection[str]
) -> list[tuple[str, str]]:
    """(link key, title key) of the stories at these links that a server was told, but not by this feed."""
    other = (Story.feed_id != feed_id) | Story.feed_id.is_(None)
    found: list[tuple[str, str]] = []
    for some in pieces(list(links), AT_ONCE):
        told = (Story.guild_id == guild_id) & Story.link_key.in_(some) & Story.announced.is_(True)
        query = select(Story.link_key, Story.title_key).where(told, other)
        found += [(link, title) for link, title in await session.execute(query) if link is not None]
    return found


async def any_of(session: AsyncSession, feed_id: int) -> bool:
    """Whether a feed ever had a story."""
    return await session.scalar(select(Story.id).where(Story.feed_id == feed_id).limit(1)) is not None


async def posted_since(session: AsyncSession, feed_id: int, since: datetime) -> int:
    """How many stories of a feed that were first seen after that have a post of their own."""
    posted = (Story.feed_id == feed_id) & (Story.decision == "post") & (Story.first_seen_at > since)
    return await session.scalar(select(func.count()).select_from(Story).where(posted)) or 0


async def add(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Remember stories of one feed, in this order; identity → id."""
    connection = await session.connection()
    table = Story.__table__
    added = await connection.execute(insert(table).returning(table.c.identity, table.c.id), rows)  # type: ignore[arg-type]
    return {identity: story_id for identity, story_id in added}


async def rewrite(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Change what stories say; each row holds the story's `id` and the same columns as the others."""
    if not rows:
        return
    connection = await session.connection()
    columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "id"}
    statement = update(Story.__table__).where(Story.id == bindparam("story_id")).values(columns)  # type: ignore[arg-type]
    await connection.execute(
        statement, [{"story_id": row["id"]} | {name: row[name] for name in columns} for row in rows]
    )


async def take_digest(session: AsyncSession, feed_id: int, now: datetime) -> list[int]:
    """The ids of a feed's stories that wait for a digest, the newest first; they wait no longer."""
    waiting = (Story.feed_id == feed_id) & (Story.decision == "digest") & Story.digested_at.is_(None)
    ids = list(await session.scalars(select(Story.id).where(waiting).order_by(Story.id.desc())))
    await session.execute(update(Story).where(waiting).values(digested_at=now))
    return ids


def pieces(values: Sequence[Value], size: int) -> Iterator[Sequence[Value]]:
    """The values, so many at a time."""
    return (values[start : start + size] for start in range(0, len(values), size))


async def queued(session: AsyncSession, keys: Collection[str]) -> dict[str, OutboxRow]:
    """What is or was to be said under these keys."""
    rows = await session.scalars(select(OutboxRow).where(OutboxRow.dedupe_key.in_(keys)))
    return {row.dedupe_key: row for row in rows}


async def note_places(session: AsyncSession, feed: Feed, named: Mapping[int, Sequence[int]], most: int) -> None:
    """Note what stories of a feed are about: the cities of the feed, then those they name; at most so many each."""
    query = select(FeedPlace.place_id).where(FeedPlace.feed_id == feed.id).order_by(FeedPlace.place_id)
    always = list(await session.scalars(query))
    rows = [
        {"story_id": story_id, "place_id": place_id, "guild_id": feed.guild_id}
        for story_id, place_ids in named.items()
        for place_id in list(dict.fromkeys([*always, *place_ids]))[:most]
    ]
    for some in pieces(rows, AT_ONCE):
        await session.execute(insert(StoryPlace), some)
