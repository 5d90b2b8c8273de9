"""Queries on the messages that show stories."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Story, StoryCopy


async def remember(session: AsyncSession, copy: StoryCopy) -> None:
    """A message shows a story from now on; nothing is written where the story is gone."""
    # Locked, so that it is not removed before the copy that points to it is written.
    query = select(Story.id).where(Story.id == copy.story_id, Story.guild_id == copy.guild_id)
    if await session.scalar(query.with_for_update(read=True, key_share=True)) is not None:
        await session.merge(copy)


async def copies(session: AsyncSession, guild_id: int, story_id: int) -> Sequence[StoryCopy]:
    """The messages of this server that show a story, the oldest first."""
    query = select(StoryCopy).where(StoryCopy.story_id == story_id, StoryCopy.guild_id == guild_id)
    return (await session.scalars(query.order_by(StoryCopy.message_id))).all()


async def forget(session: AsyncSession, message_ids: Collection[int]) -> None:
    """Messages are gone."""
    await session.execute(delete(StoryCopy).where(StoryCopy.message_id.in_(message_ids)))
