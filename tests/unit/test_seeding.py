"""Loading the seed: whole, once, and without undoing what moderators put right."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.database import Database
from db.migrate import migrate
from db.models import GuildSettings, Partnership, Place, PlaceName, SeedVersion
from db.seeding import SEED, load_seed, loaded_version, shipped_version

PLACES = "place_id geoname_id name kind admin1 country_code latitude longitude population timezone aliases"
TIES = "place_id partner_place_id kind signed state as_of confidence sources pages"
GUILD = 2**62

ALDER, BIRCH, CEDAR, DOGWOOD = 1, 2, 3, 900_000_001

Found = tuple[dict[int, str], list[tuple[int, str]], list[tuple[int, int, str, int | None]]]


def place(place_id: int, name: str, aliases: str = "", population: str = "10") -> str:
    """A line of places.tsv; ids from 900000001 up are of places that GeoNames does not know."""
    geoname_id = "" if place_id >= 900_000_001 else str(place_id)
    values = [
        str(place_id),
        geoname_id,
        name,
        "city",
        "Texas",
        "US",
        "30",
        "-97",
        population,
        "America/Chicago",
        aliases,
    ]
    return "\t".join(values)


def tie(place_id: int, partner_id: int, state: str = "active") -> str:
    """A line of partnerships.tsv."""
    return "\t".join([str(place_id), str(partner_id), "sister", "1984-05", state, "2026", "confirmed", "x:2026", ""])


def seed(folder: Path, version: str, places: Sequence[str], ties: Sequence[str]) -> Path:
    """Write a seed of a few lines."""
    folder.mkdir(exist_ok=True)
    for name, head, lines in (("places", PLACES, places), ("partnerships", TIES, ties)):
        text = "\n".join([head.replace(" ", "\t"), *lines])
        (folder / f"{name}.tsv").write_text(text + "\n", encoding="utf-8")
    (folder / "VERSION").write_text(version + "\n", encoding="utf-8")
    return folder


async def found(database: Database) -> Found:
    """Places by id, folded names, and ties as (one end, other end, state, server)."""
    async with database.read() as session:
        places = await session.execute(select(Place.id, Place.name))
        names = await session.execute(select(PlaceName.place_id, PlaceName.key))
        columns = (Partnership.place_a_id, Partnership.place_b_id, Partnership.state, Partnership.guild_id)
        ties = await session.execute(select(*columns).order_by(*columns[:2], Partnership.origin.desc()))
        return (
            {n: name for n, name in places},
            sorted((n, key) for n, key in names),
            [(a, b, s, g) for a, b, s, g in ties],
        )


@pytest.fixture
async def small(empty_database: Database, tmp_path: Path, now: datetime) -> Database:
    """A database with version 1 of a seed: three cities in a row of two ties."""
    await migrate(empty_database)
    cities = [place(ALDER, "Alder", "Áldör|Elder"), place(BIRCH, "Birch"), place(CEDAR, "Cedar")]
    folder = seed(tmp_path / "seed", "1", cities, [tie(BIRCH, ALDER), tie(BIRCH, CEDAR)])
    said: list[str] = []
    assert await load_seed(empty_database, now, folder=folder, progress=said.append)
    assert said == [
        "Loading places and partnerships, version 1 …",
        "Loaded 3 places with 5 names and 2 partnerships.",
    ]
    return empty_database


async def test_the_seed_that_ships_is_loaded_whole(database: Database) -> None:
    async with database.read() as session:
        counts = [await session.scalar(select(func.count()).select_from(table)) for table in (Place, Partnership)]
    lines = [len((SEED / name).read_text(encoding="utf-8").split("\n")) for name in ("places.tsv", "partnerships.tsv")]
    assert counts == [lines[0] - 2, 2_804] == [lines[0] - 2, lines[1] - 2]
    assert await loaded_version(database) == shipped_version()


async def test_the_same_version_is_not_loaded_again(database: Database, now: datetime) -> None:
    said: list[str] = []
    assert await load_seed(database, now + timedelta(days=1), progress=said.append) is False
    async with database.read() as session:
        loaded_at = await session.scalar(select(SeedVersion.loaded_at))
    assert (loaded_at, said) == (now, [])


async def test_a_place_is_kept_with_all_its_columns(small: Database) -> None:
    async with small.read() as session:
        row = await session.get_one(Place, ALDER)
        kept = {column: getattr(row, column) for column in Place.__table__.columns.keys()}  # noqa: SIM118 - columns are no dict
    assert kept == {
        "id": ALDER,
        "geoname_id": ALDER,
        "name": "Alder",
        "kind": "city",
        "region": "Texas",
        "country_code": "US",
        "latitude": 30.0,
        "longitude": -97.0,
        "population": 10,
        "timezone": "America/Chicago",
        "origin": "seed",
    }


async def test_names_are_folded_and_a_pair_is_stored_smaller_id_first(small: Database) -> None:
    names = [(ALDER, "alder"), (ALDER, "aldor"), (ALDER, "elder"), (BIRCH, "birch"), (CEDAR, "cedar")]
    ties = [(ALDER, BIRCH, "active", None), (BIRCH, CEDAR, "active", None)]
    assert await found(small) == ({ALDER: "Alder", BIRCH: "Birch", CEDAR: "Cedar"}, names, ties)


async def test_a_new_version_brings_changes_and_drops_ties_that_are_no_longer_listed(
    small: Database, tmp_path: Path, now: datetime
) -> None:
    cities = [place(ALDER, "New Alder"), place(BIRCH, "Birch"), place(CEDAR, "Cedar"), place(DOGWOOD, "Dogwood")]
    folder = seed(tmp_path / "seed", "2", cities, [tie(ALDER, BIRCH, "ended"), tie(ALDER, DOGWOOD)])
    assert await load_seed(small, now + timedelta(days=1), folder=folder)
    assert await found(small) == (
        {ALDER: "New Alder", BIRCH: "Birch", CEDAR: "Cedar", DOGWOOD: "Dogwood"},
        [(ALDER, "new alder"), (BIRCH, "birch"), (CEDAR, "cedar"), (DOGWOOD, "dogwood")],
        [(ALDER, BIRCH, "ended", None), (ALDER, DOGWOOD, "active", None)],
    )
    async with small.read() as session:
        version = await session.get_one(SeedVersion, 1)
    assert (version.version, version.loaded_at) == ("2", now + timedelta(days=1))


async def test_a_new_version_leaves_alone_what_moderators_put_right(
    small: Database, tmp_path: Path, now: datetime
) -> None:
    async with small.write() as session:
        corrected = await session.get_one(Place, ALDER)
        corrected.name, corrected.origin = "Alder-on-Sea", "moderator"
        session.add(PlaceName(place_id=ALDER, name="Alder-on-Sea", key="alder on sea", kind="name"))
        settled = (await session.scalars(select(Partnership).where(Partnership.place_a_id == ALDER))).one()
        settled.state, settled.origin = "suspended", "moderator"
        words = {"kind": "sister", "confidence": "confirmed", "sources": "", "notes": "", "origin": "moderator"}
        session.add(Partnership(place_a_id=BIRCH, place_b_id=CEDAR, guild_id=GUILD, state="ended", **words))
        session.add(Partnership(place_a_id=ALDER, place_b_id=CEDAR, guild_id=None, state="active", **words))
    cities = [place(ALDER, "Alder", "Another"), place(BIRCH, "Birch"), place(CEDAR, "Cedar")]
    folder = seed(tmp_path / "seed", "2", cities, [tie(ALDER, BIRCH), tie(BIRCH, CEDAR)])
    assert await load_seed(small, now, folder=folder)
    assert await found(small) == (
        {ALDER: "Alder-on-Sea", BIRCH: "Birch", CEDAR: "Cedar"},
        [
            *((ALDER, key) for key in ("alder", "alder on sea", "aldor", "elder")),
            (BIRCH, "birch"),
            (CEDAR, "cedar"),
        ],
        [
            (ALDER, BIRCH, "suspended", None),
            (ALDER, CEDAR, "active", None),
            (BIRCH, CEDAR, "active", None),
            (BIRCH, CEDAR, "ended", GUILD),
        ],
    )


async def test_a_correction_outlasts_the_seed_that_it_corrected(small: Database, tmp_path: Path, now: datetime) -> None:
    async with small.write() as session:
        settled = (await session.scalars(select(Partnership).where(Partnership.place_a_id == ALDER))).one()
        settled.state, settled.origin = "ended", "moderator"
    folder = seed(tmp_path / "seed", "2", [place(ALDER, "Alder"), place(BIRCH, "Birch")], [])
    assert await load_seed(small, now, folder=folder)
    _, _, ties = await found(small)
    assert ties == [(ALDER, BIRCH, "ended", None)]


async def test_a_place_that_the_seed_no_longer_lists_goes_unless_somebody_uses_it(
    small: Database, tmp_path: Path, now: datetime
) -> None:
    async with small.write() as session:
        session.add(GuildSettings(guild_id=GUILD, home_place_id=CEDAR))
    folder = seed(tmp_path / "seed", "2", [place(DOGWOOD, "Dogwood")], [])
    assert await load_seed(small, now, folder=folder)
    names = [(CEDAR, "cedar"), (DOGWOOD, "dogwood")]
    assert await found(small) == ({CEDAR: "Cedar", DOGWOOD: "Dogwood"}, names, [])


async def test_a_seed_with_a_fault_changes_nothing(small: Database, tmp_path: Path, now: datetime) -> None:
    before = await found(small)
    folder = seed(tmp_path / "seed", "2", [place(ALDER, "Another")], [tie(ALDER, 77)])
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await load_seed(small, now, folder=folder)
    assert (await found(small), await loaded_version(small)) == (before, "1")
