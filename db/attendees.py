"""Queries on those who come to an event, and what is due to them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Answer, Event, MemberSettings


async def standing(session: AsyncSession, event_id: int, standings: Iterable[str]) -> Sequence[int]:
    """The users who stand so, the earliest turn first."""
    query = select(Answer.user_id).where(Answer.event_id == event_id, Answer.standing.in_(list(standings)))
    return (await session.scalars(query.order_by(Answer.turn))).all()


async def wanting_reminders(session: AsyncSession, event_id: int) -> Sequence[tuple[int, str | None]]:
    """(user id, time zone) of those with a seat, or the offer of one, who want direct messages."""
    query = (
        select(Answer.user_id, MemberSettings.timezone)
        .join(MemberSettings, MemberSettings.user_id == Answer.user_id)
        .where(Answer.event_id == event_id, Answer.standing.in_(["going", "offered"]), MemberSettings.reminders_by_dm)
        .order_by(Answer.turn)
    )
    return [(user_id, timezone) for user_id, timezone in await session.execute(query)]


async def checked_in(session: AsyncSession, event_id: int) -> Sequence[int]:
    """The users who came, in the order of their checking in."""
    query = select(Answer.user_id).where(Answer.event_id == event_id, Answer.checked_in_at.is_not(None))
    return (await session.scalars(query.order_by(Answer.checked_in_at, Answer.turn))).all()


async def with_role(session: AsyncSession, event_id: int, *, has_role: bool) -> Sequence[tuple[int, str]]:
    """(user id, standing) of those who have the attendee role, or have not."""
    query = select(Answer.user_id, Answer.standing).where(Answer.event_id == event_id, Answer.has_role.is_(has_role))
    return [(user_id, standing) for user_id, standing in await session.execute(query.order_by(Answer.turn))]


async def note_role(session: AsyncSession, event_id: int, user_ids: Collection[int], *, has_role: bool) -> None:
    """These have the attendee role from now on, or no longer."""
    these = (Answer.event_id == event_id) & Answer.user_id.in_(list(user_ids))
    await session.execute(update(Answer).where(these).values(has_role=has_role))


async def answered_by(session: AsyncSession, guild_id: int, user_id: int, now: datetime) -> Sequence[int]:
    """The events of a server yet to end that a member answered."""
    query = (
        select(Event.id)
        .join(Answer, Answer.event_id == Event.id)
        .where(Event.guild_id == guild_id, Event.ends_at > now, Answer.user_id == user_id)
        .order_by(Event.id)
    )
    return (await session.scalars(query)).all()
