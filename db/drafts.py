"""Queries on events that are not published yet, and on their pictures."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.database import upsert
from db.models import Event, EventPicture, EventPlace, Place


async def newest(session: AsyncSession, guild_id: int, user_id: int, since: datetime) -> Event | None:
    """The draft that a member typed something into and began last, if that was not before `since`."""
    query = (
        select(Event)
        .where(_drafts(guild_id, user_id) & ~_untouched() & (Event.created_at >= since))
        .order_by(Event.id.desc())
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def forget_untouched(session: AsyncSession, guild_id: int, user_id: int, before: datetime) -> None:
    """Delete a member's older drafts whose form never came back."""
    old = Event.created_at < before
    await session.execute(delete(Event).where(_drafts(guild_id, user_id) & _untouched() & old))


async def picture(session: AsyncSession, event_id: int) -> bytes | None:
    """An event's picture as it is sent to Discord."""
    return (await session.scalars(select(EventPicture.content).where(EventPicture.event_id == event_id))).one_or_none()


async def put_picture(session: AsyncSession, event_id: int, content: bytes) -> None:
    """Give an event its picture, in the place of any it has."""
    statement = upsert(session, EventPicture).values(event_id=event_id, content=content)
    await session.execute(statement.on_conflict_do_update(index_elements=["event_id"], set_={"content": content}))


async def remove_picture(session: AsyncSession, event_id: int) -> None:
    """Take an event's picture away."""
    await session.execute(delete(EventPicture).where(EventPicture.event_id == event_id))


async def note_city(session: AsyncSession, event: Event) -> None:
    """Have an event listed under the city it is in."""
    if event.place_id is not None:
        statement = upsert(session, EventPlace).values(
            event_id=event.id, place_id=event.place_id, guild_id=event.guild_id
        )
        await session.execute(statement.on_conflict_do_nothing())


async def place_is_there(session: AsyncSession, place_id: int | None) -> bool:
    """Whether a place of this id exists."""
    return place_id is not None and await session.get(Place, place_id) is not None


def _drafts(guild_id: int, user_id: int) -> ColumnElement[bool]:
    mine = (Event.guild_id == guild_id) & (Event.status == "draft") & (Event.host_user_id == user_id)
    return mine & (Event.sequence == 0)  # one above keeps the text of a change that could not be made


def _untouched() -> ColumnElement[bool]:
    """The form asks for a time, and nothing else fills it in: a draft without one was never sent in."""
    return Event.typed_when == ""
