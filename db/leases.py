"""Leases on rows that are due: each is taken for a while, so that two never do the same and a crash loses nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, case, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import QueryableAttribute

from db.models import CardCopy, EventChore, Feed, LivePost, OutboxRow

Leased = TypeVar("Leased", Feed, CardCopy, EventChore, LivePost, OutboxRow)
Due = QueryableAttribute[Any]  # the column that holds when a row is due; where it may be empty, never


async def claim(
    session: AsyncSession,
    table: type[Leased],
    due: Due,
    *conditions: ColumnElement[bool],
    now: datetime,
    lease_until: datetime,
    limit: int,
) -> Sequence[Leased]:
    """Take rows that are due and that nobody holds, the longest overdue first."""
    free = table.lease_until.is_(None) | (table.lease_until <= now)
    query = (
        select(table)
        .where(due <= now, free, *conditions)
        .order_by(due, *inspect(table).primary_key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = (await session.scalars(query)).all()
    for row in rows:
        row.lease_until = lease_until
    return rows


async def next_due(
    session: AsyncSession, table: type[Leased], due: Due, *conditions: ColumnElement[bool]
) -> datetime | None:
    """When the next row can be taken: it is due, and no lease is on it any more."""
    moment: ColumnElement[datetime] = case((table.lease_until > due, table.lease_until), else_=due)
    return await session.scalar(select(func.min(moment)).where(due.is_not(None), *conditions))
