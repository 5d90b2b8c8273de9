"""Loading the places and partnerships that ship with the bot; done again only when the shipped version changes."""

import csv
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from db.database import Database, upsert
from db.models import Base, Partnership, Place, PlaceName, SeedVersion
from db.names import fold

logger = logging.getLogger(__name__)

SEED = Path(__file__).parent / "seed"
CHUNK = 5_000  # rows a statement

Row = TypeVar("Row")


async def load_seed(
    database: Database, now: datetime, *, folder: Path = SEED, progress: Callable[[str], None] = logger.info
) -> bool:
    """Load the seed unless this version is there already; True if it was loaded.

    One transaction: all or nothing. Rows that a moderator made or changed (`origin`) stay as they are.
    """
    version = shipped_version(folder)
    if await loaded_version(database) == version:
        return False
    progress(f"Loading places and partnerships, version {version} …")
    async with database.write() as session:
        await database.lock_for_start(session)
        if await session.scalar(select(SeedVersion.version)) == version:
            return False  # another process was quicker
        places, names = _places(folder)
        await _load_places(session, places)
        await _load_names(session, names)
        ties = list(shipped_ties(folder))
        await _load_partnerships(session, ties)
        await _drop_places(session, {place["id"] for place in places})
        await session.merge(SeedVersion(id=1, version=version, loaded_at=now))
    progress(f"Loaded {len(places):,} places with {len(names):,} names and {len(ties):,} partnerships.")
    return True


def shipped_version(folder: Path = SEED) -> str:
    """The version of the seed in a folder."""
    return (folder / "VERSION").read_text(encoding="utf-8").strip()


async def loaded_version(database: Database) -> str | None:
    """The version of the seed in the database, None if none was loaded."""
    async with database.read() as session:
        return await session.scalar(select(SeedVersion.version))


async def _load_places(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    for chunk in _chunks(rows):
        statement = upsert(session, Place)
        new = statement.excluded
        columns = {name: new[name] for name in chunk[0] if name != "id"}
        await session.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=columns, where=Place.origin == "seed"), chunk
        )


async def _load_names(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Names of places that a moderator changed, or that the seed does not list, are not touched."""
    listed = {row["place_id"] for row in rows}
    known = await session.execute(select(Place.id, Place.origin))
    untouched = {place_id for place_id, origin in known if origin != "seed" or place_id not in listed}
    await session.execute(delete(PlaceName).where(PlaceName.place_id.not_in(untouched)))
    for chunk in _chunks([row for row in rows if row["place_id"] not in untouched]):
        await session.execute(insert(PlaceName), chunk)


async def _load_partnerships(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Ties that the new seed no longer lists go; what a moderator says of a pair stays."""
    known = await session.execute(
        select(Partnership.place_a_id, Partnership.place_b_id).where(
            Partnership.guild_id.is_(None), Partnership.origin != "seed"
        )
    )
    corrected = {(a, b) for a, b in known}
    await session.execute(delete(Partnership).where(Partnership.origin == "seed"))
    for chunk in _chunks([row for row in rows if (row["place_a_id"], row["place_b_id"]) not in corrected]):
        await session.execute(insert(Partnership), chunk)


async def _drop_places(session: AsyncSession, listed: set[int]) -> None:
    """Places that the new seed no longer lists go, unless somebody still uses them: as a home, or in a tie."""
    places = Base.metadata.tables["places"]
    references = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.references(places.c.id) and table.name != "place_names"
    ]
    used = set(await session.scalars(union(*map(select, references))))
    known = await session.scalars(select(Place.id).where(Place.origin == "seed"))
    for chunk in _chunks([place_id for place_id in known if place_id not in listed and place_id not in used]):
        await session.execute(delete(Place).where(Place.id.in_(chunk)))


def _places(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    places: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for row in _rows(folder / "places.tsv"):
        place_id = int(row["place_id"])
        places.append(
            {
                "id": place_id,
                "geoname_id": _number(row["geoname_id"]),
                "name": row["name"],
                "kind": row["kind"],
                "region": row["admin1"] or None,
                "country_code": row["country_code"],
                "latitude": float(row["latitude"]) if row["latitude"] else None,
                "longitude": float(row["longitude"]) if row["longitude"] else None,
                "population": _number(row["population"]),
                "timezone": row["timezone"] or None,
                "origin": "seed",
            }
        )
        names.append({"place_id": place_id, "name": row["name"], "key": fold(row["name"]), "kind": "name"})
        for alias in filter(None, row["aliases"].split("|")):
            # GeoNames writes the names that machines spelled out of other scripts without capitals.
            kind = "romanised" if alias[0].isascii() and alias[0].islower() else "alias"
            names.append({"place_id": place_id, "name": alias, "key": fold(alias), "kind": kind})
    return places, names


def shipped_ties(folder: Path = SEED) -> Iterator[dict[str, Any]]:
    """The partnerships of the seed in a folder, each as the columns of its row."""
    for row in _rows(folder / "partnerships.tsv"):
        a, b = sorted((int(row["place_id"]), int(row["partner_place_id"])))
        yield {
            "guild_id": None,
            "place_a_id": a,
            "place_b_id": b,
            "kind": row["kind"],
            "state": row["state"],
            "confidence": row["confidence"],
            "signed": row["signed"] or None,
            "as_of": row["as_of"] or None,
            "sources": row["sources"],
            "notes": row["pages"],
            "origin": "seed",
        }


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _number(text: str) -> int | None:
    return int(text) if text else None


def _chunks(rows: list[Row]) -> Iterator[list[Row]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
