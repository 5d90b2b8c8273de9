"""Queries on ties: what a server says of a pair itself, what all servers see, and what was changed."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.database import upsert
from db.models import Partnership, Place, PlaceName, TieChange
from db.names import fold

LARGEST_ID = 2**31 - 1  # PostgreSQL's integers end there; an id from outside may be any number
CHUNK = 5_000  # keys a statement
Pair = tuple[int, int]  # the smaller place id first


async def lock_pair(session: AsyncSession, pair: Pair) -> None:
    """Let nobody else change this pair until the transaction ends; call it before anything of the pair is read.

    A pair that nobody named yet has no row of its own to lock, so the place does. SQLite's write transaction is that
    lock already. Rows that refer to the place can still be written.
    """
    await session.execute(select(Place.id).where(Place.id == pair[0]).with_for_update(key_share=True))


async def places(session: AsyncSession, pair: Pair) -> tuple[Place | None, Place | None]:
    """The two places of a pair, None for one that is not there."""
    return await session.get(Place, pair[0]), await session.get(Place, pair[1])


async def tie(session: AsyncSession, pair: Pair, guild_id: int | None) -> Partnership | None:
    """What this server says of a pair itself; with None, what all servers see."""
    whose = Partnership.guild_id.is_(None) if guild_id is None else Partnership.guild_id == guild_id
    of_pair = (Partnership.place_a_id == pair[0]) & (Partnership.place_b_id == pair[1])
    return (await session.scalars(select(Partnership).where(of_pair, whose))).one_or_none()


async def ties(session: AsyncSession, guild_id: int | None, *, corrections: bool = False) -> Sequence[Partnership]:
    """The ties that all servers see, or those that are one server's own; with `corrections` without the seed's."""
    whose = Partnership.guild_id.is_(None) if guild_id is None else Partnership.guild_id == guild_id
    query = select(Partnership).where(whose).order_by(Partnership.place_a_id, Partnership.place_b_id)
    return (await session.scalars(query.where(Partnership.origin == "moderator") if corrections else query)).all()


async def every_tie(session: AsyncSession) -> Sequence[Partnership]:
    """All ties there are, also the servers' own."""
    return (await session.scalars(select(Partnership).order_by(Partnership.id))).all()


async def shared_ties(session: AsyncSession, place_id: int) -> Sequence[Partnership]:
    """The ties of a place that all servers see."""
    of_place = or_(Partnership.place_a_id == place_id, Partnership.place_b_id == place_id)
    return (await session.scalars(select(Partnership).where(Partnership.guild_id.is_(None), of_place))).all()


async def changes(
    session: AsyncSession, guild_id: int, place_id: int, partner_id: int | None, limit: int
) -> list[tuple[TieChange, Place, Place]]:
    """What a server changed of the ties of a place, or of one pair, with the two places; the newest first."""
    a, b = aliased(Place), aliased(Place)
    if partner_id is None:
        which = or_(TieChange.place_a_id == place_id, TieChange.place_b_id == place_id)
    else:
        first, second = sorted((place_id, partner_id))
        which = (TieChange.place_a_id == first) & (TieChange.place_b_id == second)
    query = (
        select(TieChange, a, b)
        .join(a, a.id == TieChange.place_a_id)
        .join(b, b.id == TieChange.place_b_id)
        .where(TieChange.guild_id == guild_id, which)
        .order_by(TieChange.id.desc())
        .limit(limit)
    )
    return [(change, one, other) for change, one, other in await session.execute(query)]


async def changes_before(session: AsyncSession, guild_id: int, place_id: int, change_id: int) -> Sequence[TieChange]:
    """Of each tie of a place the last change that a server made before another one."""
    of_place = or_(TieChange.place_a_id == place_id, TieChange.place_b_id == place_id)
    last = select(func.max(TieChange.id)).where(TieChange.guild_id == guild_id, of_place, TieChange.id < change_id)
    pairs = last.group_by(TieChange.place_a_id, TieChange.place_b_id)
    return (await session.scalars(select(TieChange).where(TieChange.id.in_(pairs)))).all()


async def change(session: AsyncSession, guild_id: int, change_id: int) -> TieChange | None:
    """One change that this server made."""
    if not 0 < change_id <= LARGEST_ID:
        return None
    query = select(TieChange).where(TieChange.guild_id == guild_id, TieChange.id == change_id)
    return (await session.scalars(query)).one_or_none()


async def newest_changes(session: AsyncSession, guild_id: int, pair: Pair, count: int) -> Sequence[TieChange]:
    """The last changes that this server made of a pair, the newest first."""
    of_pair = (TieChange.place_a_id == pair[0]) & (TieChange.place_b_id == pair[1])
    query = select(TieChange).where(TieChange.guild_id == guild_id, of_pair).order_by(TieChange.id.desc()).limit(count)
    return (await session.scalars(query)).all()


async def names_called(session: AsyncSession, keys: Iterable[str]) -> list[tuple[int, str, str]]:
    """(place id, folded key, kind) of the names that fold to one of these keys."""
    some, found = sorted(set(keys)), list[tuple[int, str, str]]()
    for start in range(0, len(some), CHUNK):
        chunk = some[start : start + CHUNK]
        query = select(PlaceName.place_id, PlaceName.key, PlaceName.kind).where(PlaceName.key.in_(chunk))
        found += [(place_id, key, kind) for place_id, key, kind in await session.execute(query)]
    return found


async def add_places(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add places that operators name, each found by its name; a row holds the columns of `Place`."""
    if rows:
        names = [{"place_id": row["id"], "name": row["name"], "key": fold(row["name"]), "kind": "name"} for row in rows]
        await session.execute(insert(Place), list(rows))
        await session.execute(insert(PlaceName), names)


async def put_shared(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write ties that all servers see, each in the place of what was said of its pair."""
    if not rows:
        return
    statement = upsert(session, Partnership)
    new = {name: statement.excluded[name] for name in rows[0] if name not in ("guild_id", "place_a_id", "place_b_id")}
    pair = [Partnership.place_a_id, Partnership.place_b_id]
    statement = statement.on_conflict_do_update(
        index_elements=pair, index_where=Partnership.guild_id.is_(None), set_=new
    )
    await session.execute(statement, list(rows))


async def drop_shared(session: AsyncSession, pairs: Iterable[Pair]) -> None:
    """Take away ties that all servers see."""
    for a, b in pairs:
        of_pair = (Partnership.place_a_id == a) & (Partnership.place_b_id == b)
        await session.execute(delete(Partnership).where(of_pair, Partnership.guild_id.is_(None)))
