"""Queries on what became of each story of a feed."""

from collections.abc import Collection, Sequence

from sqlalchemy import Row, Text, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import OutboxRow, Story, StoryCopy


async def count(session: AsyncSession, feed_id: int) -> int:
    """How many stories of a feed are remembered."""
    return await session.scalar(select(func.count()).select_from(Story).where(Story.feed_id == feed_id)) or 0


async def page(
    session: AsyncSession, feed_id: int, start: int, length: int
) -> Sequence[Row[Story, OutboxRow | None, int | None]]:
    """Some of a feed's stories, the last seen first, each with its own post and the channel where that message is."""
    key = literal("story:") + cast(Story.id, Text)
    query = (
        select(Story, OutboxRow, StoryCopy.channel_id)
        .outerjoin(OutboxRow, OutboxRow.dedupe_key == key)
        .outerjoin(StoryCopy, StoryCopy.message_id == OutboxRow.message_id)
        .where(Story.feed_id == feed_id)
        .order_by(Story.first_seen_at.desc(), Story.id.desc())
        .offset(start)
        .limit(length)
    )
    return (await session.execute(query)).all()


async def posts(session: AsyncSession, dedupe_keys: Collection[str]) -> dict[str, OutboxRow]:
    """The posts that were queued for these occasions."""
    rows = await session.scalars(select(OutboxRow).where(OutboxRow.dedupe_key.in_(dedupe_keys)))
    return {row.dedupe_key: row for row in rows}
