"""Queries on the answers to events."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.database import upsert_in
from db.models import Answer, OutboxRow

# Statements that every press needs take longer to build than to run, so they are built once.
# This one is on the table, not the class, for the ORM would look at each of thousands of rows once more.
TABLE = Answer.__table__.c
ANSWERS = select(
    TABLE.event_id,
    TABLE.user_id,
    TABLE.standing,
    TABLE.turn,
    TABLE.guests,
    TABLE.volunteer_role,
    TABLE.offered_until,
    TABLE.display_name,
).where(TABLE.event_id.in_(bindparam("ids", expanding=True)))
MOVED = (
    update(Answer)
    .where(Answer.event_id == bindparam("event"), Answer.user_id == bindparam("user"))
    .values(
        standing=bindparam("now"),
        guests=bindparam("party"),
        volunteer_role=bindparam("helps_as"),
        offered_until=bindparam("until", type_=Answer.offered_until.type),
    )
)
LEFT = delete(Answer).where(Answer.event_id == bindparam("event"), Answer.user_id == bindparam("user"))
NOT_TOLD = delete(OutboxRow).where(
    OutboxRow.object_id == bindparam("event"),
    OutboxRow.user_id == bindparam("user"),
    or_(*(OutboxRow.kind == kind for kind in ("promotion", "offer", "lapsed"))),  # `in_` cannot be run for many at once
)


async def answers(session: AsyncSession, event_id: int) -> Sequence[Answer]:
    """The answers to an event, the earliest turn first."""
    return (await session.scalars(select(Answer).where(Answer.event_id == event_id).order_by(Answer.turn))).all()


async def answer_columns(session: AsyncSession, event_ids: Iterable[int]) -> Sequence[Any]:
    """(event_id, user_id, standing, turn, guests, volunteer_role, offered_until, display_name) of every answer.

    Plain columns, for there may be thousands.
    """
    connection = await session.connection()
    return (await connection.execute(ANSWERS, {"ids": list(event_ids)})).all()


async def write_answers(
    session: AsyncSession,
    given: Sequence[dict[str, Any]],
    moved: Sequence[dict[str, Any]],
    left: Sequence[dict[str, Any]],
) -> None:
    """Write answers that members gave (every column), those that changed without a press, and erase some.

    The notices about an erased answer go with it: its turn may be another's next time, or even the member's own again,
    and a notice names its occasion by member and turn.
    """
    connection = await session.connection()
    if given:
        await connection.execute(_answers_given(session.get_bind().dialect.name), list(given))
    if moved:
        await connection.execute(MOVED, list(moved))
    if left:
        await connection.execute(NOT_TOLD, list(left))
        await connection.execute(LEFT, list(left))


@cache
def _answers_given(dialect: str) -> Any:
    """The statement that writes answers, in one of the two dialects."""
    statement = upsert_in(dialect, Answer)
    names = ("standing", "display_name", "turn", "answered_at", "guests", "volunteer_role", "offered_until")
    columns = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=["event_id", "user_id"], set_=columns)


async def answer(session: AsyncSession, event_id: int, user_id: int) -> Answer | None:
    """One member's answer."""
    return await session.get(Answer, (event_id, user_id))
