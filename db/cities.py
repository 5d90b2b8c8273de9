"""Queries on places, their names and partnerships."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import GuildSettings, Partnership, Place, PlaceName


async def joined_names(session: AsyncSession) -> Sequence[Row[int, str, str]]:
    """(place_id, kind, folded keys with a line break between) of every place: far fewer rows than names."""
    keys = func.aggregate_strings(PlaceName.key, "\n")
    rows = await session.execute(
        select(PlaceName.place_id, PlaceName.kind, keys).group_by(PlaceName.place_id, PlaceName.kind)
    )
    return rows.all()


async def place_rows(session: AsyncSession) -> Sequence[Any]:
    """The columns of every place in the order of `bot.lookup.places.Place`; whole rows take three times as long."""
    p = Place
    columns = (p.id, p.geoname_id, p.name, p.kind, p.region, p.country_code)
    rows = await session.execute(select(*columns, p.latitude, p.longitude, p.population, p.timezone))
    return rows.all()


async def places(session: AsyncSession) -> Sequence[Place]:
    """Every place as a whole row."""
    return (await session.scalars(select(Place))).all()


async def tie_ends(session: AsyncSession) -> list[int]:
    """Both ends of every partnership that all servers see; a place appears once for each of its ties."""
    rows = await session.execute(
        select(Partnership.place_a_id, Partnership.place_b_id).where(Partnership.guild_id.is_(None))
    )
    return [place_id for pair in rows for place_id in pair]


async def homes(session: AsyncSession) -> dict[int, int]:
    """The home city of every server that chose one: guild id → place id."""
    chosen = select(GuildSettings.guild_id, GuildSettings.home_place_id).where(GuildSettings.home_place_id.is_not(None))
    return {guild_id: place_id for guild_id, place_id in await session.execute(chosen) if place_id is not None}


async def home_and_partners(session: AsyncSession, guild_id: int) -> list[int]:
    """The server's home city and the places it has ties with; empty where no home is set."""
    home = await session.scalar(select(GuildSettings.home_place_id).where(GuildSettings.guild_id == guild_id))
    if home is None:
        return []
    return [home, *await partner_ids(session, home, guild_id)]


async def partner_ids(session: AsyncSession, place_id: int, guild_id: int | None = None) -> list[int]:
    """The places a place has ties with, those that ended aside; with a server's id as that server sees it."""
    ties = await partners(session, place_id, guild_id)
    return [partner.id for tie, partner in ties if tie.state != "ended"]


async def servers_with_own_ties(session: AsyncSession) -> set[int]:
    """The servers that say something of a tie themselves."""
    found = await session.scalars(select(Partnership.guild_id).where(Partnership.guild_id.is_not(None)).distinct())
    return {guild_id for guild_id in found if guild_id is not None}


async def place(session: AsyncSession, place_id: int) -> Place | None:
    """One place, None if there is none."""
    return await session.get(Place, place_id)


async def partners(session: AsyncSession, place_id: int, guild_id: int | None) -> Sequence[tuple[Partnership, Place]]:
    """The partnerships of a place with the place at the other end; a server's own row wins over the one for all."""
    rows = await session.execute(_ties_of(Partnership, Place), {"place": place_id, "guild": guild_id})
    return list({partner.id: (tie, partner) for tie, partner in rows}.values())


@cache
def _ties_of(*columns: Any) -> Select[Any]:
    """Columns of a place's ties and of the places at their other ends, for a server, whose own rows come last."""
    place_id: Any = bindparam("place")
    guild_id: Any = bindparam("guild")
    other_end = case((Partnership.place_a_id == place_id, Partnership.place_b_id), else_=Partnership.place_a_id)
    of_place = or_(Partnership.place_a_id == place_id, Partnership.place_b_id == place_id)
    for_guild = or_(Partnership.guild_id.is_(None), Partnership.guild_id == guild_id)
    query = select(*columns).join_from(Partnership, Place, Place.id == other_end).where(of_place, for_guild)
    return query.order_by(Partnership.guild_id.is_not(None), Partnership.id)


async def partner_zones(
    session: AsyncSession, place_id: int, guild_id: int | None
) -> Sequence[tuple[str, str | None, str]]:
    """(name, time zone, state of the tie) of each partner, as a server sees it: plain columns, for every press asks."""
    query = _ties_of(Place.id, Place.name, Place.timezone, Partnership.state)
    rows = await session.execute(query, {"place": place_id, "guild": guild_id})
    return list({place_id: (name, timezone, state) for place_id, name, timezone, state in rows}.values())


async def ties(
    session: AsyncSession, guild_id: int | None
) -> list[Row[int, int, str, str, str, str | None, str | None, int | None]]:
    """(place_a_id, place_b_id, kind, state, confidence, signed, as_of, guild_id) of every tie that a server sees.

    One row a pair: the server's own wins over the one for all. Columns, for whole rows would take twice as long.
    """
    p = Partnership
    columns = select(p.place_a_id, p.place_b_id, p.kind, p.state, p.confidence, p.signed, p.as_of, p.guild_id)
    rows = await session.execute(columns.where(or_(p.guild_id.is_(None), p.guild_id == guild_id)))
    best: dict[tuple[int, int], Row[int, int, str, str, str, str | None, str | None, int | None]] = {}
    for row in rows:
        if row[:2] not in best or row.guild_id is not None:
            best[row[:2]] = row
    return list(best.values())
