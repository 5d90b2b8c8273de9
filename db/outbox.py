"""Queries on what the bot is to say: queue, claim, complete."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import leases
from db.database import upsert
from db.models import LostChannel, OutboxRow


def queue(
    session: AsyncSession,
    *,
    guild_id: int,
    channel_id: int,
    kind: str,
    object_id: int,
    dedupe_key: str,
    due_at: datetime,
    locale: str,
    user_id: int | None = None,
    detail: str = "",
) -> None:
    """Have something said; the same `dedupe_key` a second time fails the transaction."""
    session.add(
        OutboxRow(
            guild_id=guild_id,
            channel_id=channel_id,
            kind=kind,
            object_id=object_id,
            user_id=user_id,
            detail=detail,
            dedupe_key=dedupe_key,
            due_at=due_at,
            locale=locale,
            nonce=_nonce(),
        )
    )


async def queue_all(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Have many things said, in this order; each of the columns that `queue` takes."""
    connection = await session.connection()
    await connection.execute(insert(OutboxRow.__table__), [row | {"nonce": _nonce()} for row in rows])  # type: ignore[arg-type]


async def queue_new(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """The same, but for the occasions that were queued before."""
    statement = upsert(session, OutboxRow).on_conflict_do_nothing(index_elements=["dedupe_key"])
    connection = await session.connection()
    await connection.execute(statement, [row | {"nonce": _nonce()} for row in rows])


def _nonce() -> int:
    return secrets.randbits(63) | 1  # never 0


def _in_turn() -> tuple[ColumnElement[bool], ...]:
    """What may be sent next: of each channel the oldest open row, unless the channel is lost.

    Crossposts wait only for each other: Discord takes ten an hour, and what is posted meanwhile need not wait for them.
    """
    is_open = OutboxRow.done_at.is_(None)
    line = OutboxRow.channel_id, OutboxRow.kind == "crosspost"
    # One pass over what is open, however many rows wait.
    oldest = select(func.min(OutboxRow.id)).where(is_open).group_by(*line)
    return is_open, OutboxRow.id.in_(oldest), OutboxRow.channel_id.not_in(select(LostChannel.channel_id))


async def claim(
    session: AsyncSession, now: datetime, lease_until: datetime, owner: str, limit: int
) -> Sequence[OutboxRow]:
    """Take due rows, from each channel only its oldest open one, so that a channel's order is kept."""
    due = OutboxRow.due_at
    rows = await leases.claim(session, OutboxRow, due, *_in_turn(), now=now, lease_until=lease_until, limit=limit)
    for row in rows:
        row.lease_owner = owner
        row.attempts += 1
        row.first_tried_at = row.first_tried_at or now
    return rows


async def claimed(session: AsyncSession, row_id: int, owner: str, attempt: int) -> OutboxRow | None:
    """A row that this owner still holds since that attempt, locked; None if its lease ran out and it was taken anew."""
    held = (OutboxRow.lease_owner == owner) & (OutboxRow.attempts == attempt) & OutboxRow.done_at.is_(None)
    return (
        await session.scalars(select(OutboxRow).where(OutboxRow.id == row_id, held).with_for_update())
    ).one_or_none()


async def parked(session: AsyncSession, guild_id: int, since: datetime) -> int:
    """How many posts of a server were given up since then."""
    given_up = (OutboxRow.guild_id == guild_id) & (OutboxRow.outcome == "parked") & (OutboxRow.done_at >= since)
    return await session.scalar(select(func.count()).select_from(OutboxRow).where(given_up)) or 0


async def release(session: AsyncSession, owner: str) -> None:
    """End every lease of an owner; the rows are sent again, with the same nonces."""
    held = (OutboxRow.lease_owner == owner) & OutboxRow.done_at.is_(None)
    await session.execute(update(OutboxRow).where(held).values(lease_until=None, lease_owner=None))


async def next_due(session: AsyncSession) -> datetime | None:
    """When the next row can be claimed."""
    return await leases.next_due(session, OutboxRow, OutboxRow.due_at, *_in_turn())
