"""Queries for lists of events and for picking one by its title."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Answer, Event, EventPlace

Wanted = ColumnElement[bool]


def wanted(
    guild_id: int, now: datetime, which: str, user_id: int, track: str | None = None, place_id: int | None = None
) -> Wanted:
    """The open events of a list, by track and by a city that they are in or about.

    `which`: `upcoming`; `mine`, those of them that the member hosts or answered otherwise than no; `past`.
    """
    found = [Event.guild_id == guild_id, Event.status == "open"]
    found.append(Event.ends_at <= now if which == "past" else Event.ends_at > now)
    if which == "mine":
        answered = select(Answer.event_id).where(Answer.user_id == user_id, Answer.standing != "no")
        found.append(or_(Event.host_user_id == user_id, Event.id.in_(answered)))
    if track is not None:
        found.append(Event.track == track)
    if place_id is not None:
        about = select(EventPlace.event_id).where(EventPlace.place_id == place_id, EventPlace.guild_id == guild_id)
        found.append(or_(Event.place_id == place_id, Event.id.in_(about)))
    return and_(*found)


async def count(session: AsyncSession, wanted: Wanted) -> int:
    """How many events a list has."""
    return await session.scalar(select(func.count()).select_from(Event).where(wanted)) or 0


async def piece(
    session: AsyncSession, wanted: Wanted, *, latest_first: bool, offset: int, limit: int
) -> Sequence[Event]:
    """Some events of a list, ordered by their start."""
    order = (Event.starts_at.desc(), Event.id.desc()) if latest_first else (Event.starts_at, Event.id)
    return (await session.scalars(select(Event).where(wanted).order_by(*order).offset(offset).limit(limit))).all()


async def choices(session: AsyncSession, guild_id: int, now: datetime, *, past: bool, limit: int) -> Sequence[Any]:
    """(id, title, starts_at, timezone) of events to pick from: those to come, the next one first.

    With `past` cancelled ones too, then those that are over, the latest first; `limit` of each.
    """
    query = select(Event.id, Event.title, Event.starts_at, Event.timezone).where(Event.guild_id == guild_id)
    query = query.where(Event.status != "draft" if past else Event.status == "open").limit(limit)
    coming = query.where(Event.ends_at > now).order_by(Event.starts_at, Event.id)
    rows = list((await session.execute(coming)).all())
    if past:
        over = query.where(Event.ends_at <= now).order_by(Event.starts_at.desc(), Event.id.desc())
        rows += (await session.execute(over)).all()
    return rows
