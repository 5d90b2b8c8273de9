"""Corrections for all servers: a file is taken in wholly or not at all."""

import csv
import io
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.lookup.cities import CityPage, Tie, city_page, find_city
from bot.lookup.index import load_index
from bot.lookup.search import CityIndex
from bot.ties.files import COLUMNS, OPTIONAL, BadFile, written
from bot.ties.imports import export_ties, import_ties
from db.database import Database
from db.models import Partnership, Place, PlaceName
from db.seeding import SEED, load_seed

BIRMINGHAM, HITACHI, OSLO = 4049979, 2112708, 3143244
GUILD = 2**62
BIRMINGHAM_CELLS = {"city": "Birmingham", "region": "Alabama", "country": "US"}
HITACHI_CELLS = {"partner": "Hitachi", "partner_region": "Ibaraki", "partner_country": "JP"}
OSLO_CELLS = {"partner": "Oslo", "partner_country": "NO"}
KRASNO = {"partner": "Krásno nad Kysucou", "partner_region": "Žilina", "partner_country": "SK"}
WHERE = {"partner_latitude": "49.39", "partner_longitude": "18.83", "partner_timezone": "Europe/Bratislava"}
FACTS = {"kind": "sister", "signed": "2026-05", "state": "active", "as_of": "2026", "confidence": "confirmed"}


def file(*rows: Mapping[str, str]) -> bytes:
    """A file with these cells; the rest of each row is Birmingham, Alabama, and empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS + OPTIONAL, restval="")
    writer.writeheader()
    writer.writerows(BIRMINGHAM_CELLS | dict(row) for row in rows)
    return text.getvalue().encode()


async def state(database: Database) -> list[Any]:
    """Everything that an import may touch."""
    async with database.read() as session:
        ties = await session.execute(select(*Partnership.__table__.columns).order_by(Partnership.id))
        places = await session.execute(select(*Place.__table__.columns).where(Place.origin == "moderator"))
        names = await session.execute(
            select(PlaceName.place_id, PlaceName.name).where(PlaceName.place_id >= 950_000_001)
        )
        return [sorted(map(tuple, rows), key=repr) for rows in (ties, places, names)]


async def faults(database: Database, now: datetime, content: bytes) -> list[str]:
    """What is wrong with a file, of which nothing may be taken in."""
    before = await state(database)
    with pytest.raises(BadFile) as refused:
        await import_ties(database, content, now)
    assert await state(database) == before
    return str(refused.value).split("\n")


async def tie(database: Database, index: CityIndex, partner_id: int, guild_id: int | None = None) -> Tie | None:
    """Birmingham's tie with a place as a server sees it."""
    page = await city_page(database, index, BIRMINGHAM, guild_id)
    return next((tie for tie in page.ties if tie.partner.id == partner_id), None)


async def row(database: Database, place_a_id: int, place_b_id: int) -> dict[str, Any]:
    """The row of a pair for all servers, without its id."""
    async with database.read() as session:
        pair = (Partnership.place_a_id == place_a_id) & (Partnership.place_b_id == place_b_id)
        found = (await session.scalars(select(Partnership).where(pair, Partnership.guild_id.is_(None)))).one()
        return {name: getattr(found, name) for name in ("kind", "signed", "state", "sources", "notes", "origin")}


async def test_an_export_is_taken_in_again_without_changing_anything(database: Database, now: datetime) -> None:
    before = await state(database)
    text = await export_ties(database)
    plan = await import_ties(database, text.encode(), now)

    assert text.count("\n") == 2_805
    assert str(plan) == "0 new, 0 changed, 0 removed, 2,804 unchanged"
    assert not plan.writes
    assert await state(database) == before
    assert await export_ties(database, corrections=True) == written([])


async def test_new_and_changed_ties_are_seen_by_all_servers(
    database: Database, index: CityIndex, now: datetime
) -> None:
    unchanged = (await export_ties(database)).split("\n")[1]
    content = (
        file(
            HITACHI_CELLS | FACTS | {"state": "ended", "notes": "The council voted."},
            OSLO_CELLS | FACTS | {"sources": "wikipedia:2026", "notes": "=1+1"},
        )
        + f"{unchanged}{',' * len(OPTIONAL)}\r\n".encode()
    )
    plan = await import_ties(database, content, now)

    assert str(plan) == "1 new, 1 changed, 0 removed, 1 unchanged"
    assert plan.writes
    assert await row(database, HITACHI, BIRMINGHAM) == {
        "kind": "sister", "signed": "2026-05", "state": "ended", "sources": "operator:2026",
        "notes": "The council voted.", "origin": "moderator",
    }  # fmt: skip
    assert await row(database, OSLO, BIRMINGHAM) == {
        "kind": "sister", "signed": "2026-05", "state": "active", "sources": "wikipedia:2026",
        "notes": "=1+1", "origin": "moderator",
    }  # fmt: skip
    seen = await tie(database, index, HITACHI, GUILD)
    assert seen is not None and seen.state == "ended"
    corrections = (await export_ties(database, corrections=True)).split("\n")
    assert corrections[1:] == [
        f"Birmingham,Alabama,US,{BIRMINGHAM},Hitachi,Ibaraki,JP,{HITACHI},"
        "sister,2026-05,ended,2026,confirmed,operator:2026,The council voted.",
        f"Birmingham,Alabama,US,{BIRMINGHAM},Oslo,,NO,{OSLO},sister,2026-05,active,2026,confirmed,wikipedia:2026,'=1+1",
        "",
    ]


async def test_a_dry_run_says_the_same_and_writes_nothing(database: Database, now: datetime) -> None:
    before = await state(database)
    plan = await import_ties(database, file(OSLO_CELLS | FACTS, KRASNO | WHERE | FACTS), now, dry_run=True)

    assert str(plan) == "2 new, 0 changed, 0 removed, 0 unchanged; new places: Krásno nad Kysucou, Žilina, SK"
    assert await state(database) == before


async def test_one_wrong_line_keeps_all_out_and_every_fault_is_named(database: Database, now: datetime) -> None:
    content = file(
        OSLO_CELLS | FACTS,
        {"partner": "Qqqq", "partner_country": "JP"} | FACTS | {"kind": "twin", "state": "over", "signed": "2027"},
        HITACHI_CELLS | {"country": "USA", "as_of": "soon", "confidence": "sure", "sources": "a friend", "remove": "?"},
        {"partner": "Birmingham", "partner_region": "AL", "partner_country": "US"} | FACTS,
        {"city": "", "partner_place_id": "1"},
        {"partner_place_id": f"{HITACHI}", "partner": "Oslo"} | FACTS,
        {"partner_place_id": f"{HITACHI}", "partner_country": "NO"} | FACTS,
        {"partner": "birmingham", "partner_region": "alabama", "partner_country": "us"} | FACTS,
        OSLO_CELLS | FACTS,
        OSLO_CELLS | {"partner": "OSLO", "notes": "two\nlines"} | FACTS,
        {"partner": "Nuuk"} | FACTS,
    )  # fmt: skip
    assert await faults(database, now, content) == [
        "line 3: there is no Qqqq, JP in the list. To add it, give its latitude, longitude and timezone.",
        "line 3: “twin” under kind: give sister, friendship, partner, pact or unknown.",
        "line 3: “over” under state: give active, suspended, ended or unknown.",
        "line 3: signed: 2027 is still to come. Give the day on which it happened.",
        "line 4: “USA” is no country code of two letters, such as JP.",
        "line 4: “?” under remove: give yes, or leave it empty.",
        "line 5: there is no Birmingham, AL, US in the list. To add it, give its latitude, longitude and timezone.",
        "line 6: a city is missing: give its place_id, or its name and country.",
        "line 6: there is no place with the place_id 1.",
        f"line 7: the place_id {HITACHI} is Hitachi, Ibaraki, JP, not Oslo.",
        f"line 8: the place_id {HITACHI} is Hitachi, Ibaraki, JP, not in NO.",
        "line 9: Birmingham, Alabama, US cannot be its own partner.",
        "line 10: the same two cities as on line 2.",
        "line 11: the same two cities as on line 2.",
        "line 13: a city is missing: give its place_id, or its name and country.",
    ]


async def test_wrong_facts_are_all_named(database: Database, now: datetime) -> None:
    content = file(HITACHI_CELLS | {"as_of": "soon", "confidence": "sure", "sources": "a friend"})
    assert await faults(database, now, content) == [
        "line 2: “sure” under confidence: give confirmed or unconfirmed.",
        "line 2: as_of: “soon” is no date. Give a year, a month or a day, like 1982, 1982-04 or 1982-04-23.",
        "line 2: “a friend” under sources: give codes with a year, such as wikipedia:2026.",
    ]


async def test_a_tie_is_not_over_before_it_was_signed(database: Database, now: datetime) -> None:
    over = {"signed": "2010-05", "state": "ended", "as_of": "1999"}

    assert await faults(database, now, file(HITACHI_CELLS | over)) == [
        "line 2: It was signed in 2010-05, so it cannot be over since 1999. Correct the date that is wrong."
    ]


async def test_a_fault_of_the_file_and_one_of_its_ties_are_named_together(database: Database, now: datetime) -> None:
    content = file(HITACHI_CELLS | {"kind": "twin"}) + b"1,2\n"
    assert [fault.partition(":")[0] for fault in await faults(database, now, content)] == ["line 2", "line 3"]


async def test_a_name_that_may_mean_several_places_is_answered_with_them(database: Database, now: datetime) -> None:
    several = {"partner": "Brentwood", "partner_region": "California", "partner_country": "US"}
    assert await faults(database, now, file(several)) == [
        "line 2: Brentwood, California, US may be Brentwood, California, US (place_id 5330642) or "
        "Brentwood, California, US (place_id 5330643): give the place_id."
    ]
    [many] = await faults(database, now, file({"partner": "Springfield", "partner_country": "US"}))
    assert many.startswith("line 2: Springfield, US may be Springfield, ")
    assert many.endswith(" or others: give the place_id.")


async def test_a_name_means_the_place_that_goes_by_it_before_one_that_is_also_called_so(
    database: Database, now: datetime
) -> None:
    own = {"partner": "visakhapatnam", "partner_country": "in"}  # Rasapudipalem near by is also called so
    other = {"partner": "Pilsen", "partner_country": "CZ"}
    plan = await import_ties(database, file(own, other), now, dry_run=True)

    assert (list(plan.new), list(plan.changed)) == ([(1253102, BIRMINGHAM)], [(3068160, BIRMINGHAM)])


async def test_a_place_that_is_not_in_the_list_can_be_brought_along(database: Database, now: datetime) -> None:
    plan = await import_ties(database, file(KRASNO | WHERE | FACTS), now)
    again = await import_ties(database, file(KRASNO | WHERE | FACTS), now)
    index = await load_index(database)
    page = await find_city(database, index, "krasno nad kysucou")

    assert str(plan) == "1 new, 0 changed, 0 removed, 0 unchanged; new places: Krásno nad Kysucou, Žilina, SK"
    assert str(again) == "0 new, 0 changed, 0 removed, 1 unchanged"
    assert isinstance(page, CityPage)
    assert [tie.partner.id for tie in page.ties] == [BIRMINGHAM]
    async with database.read() as session:
        place = await session.get_one(Place, 950_000_001)
    kept = {name: getattr(place, name) for name in Place.__table__.columns.keys()}  # noqa: SIM118 - columns are no dict
    assert kept == {
        "id": 950_000_001, "geoname_id": None, "name": "Krásno nad Kysucou", "kind": "city", "region": "Žilina",
        "country_code": "SK", "latitude": 49.39, "longitude": 18.83, "population": None,
        "timezone": "Europe/Bratislava", "origin": "moderator",
    }  # fmt: skip
    assert index.places[950_000_001].label == "Krásno nad Kysucou, Žilina, SK"
    assert [found.place.id for found in index.search("krasno nad k", 1)] == [950_000_001]


async def test_a_region_goes_by_its_english_name_and_by_that_of_other_texts(database: Database, now: datetime) -> None:
    munich = {"partner": "Munich", "partner_country": "DE"}
    for region in ("Bavaria", "bayern"):
        plan = await import_ties(database, file(munich | {"partner_region": region} | FACTS), now, dry_run=True)
        assert (str(plan), plan.places) == ("1 new, 0 changed, 0 removed, 0 unchanged", ())

    plan = await import_ties(database, file(KRASNO | WHERE | FACTS | {"partner_region": "Žilinský kraj"}), now)
    assert [place.region for place in plan.places] == ["Žilina"]


async def test_a_new_place_may_stand_on_several_lines_and_the_next_one_gets_the_next_id(
    database: Database, now: datetime
) -> None:
    other = {"city": "Huntsville"} | KRASNO
    await import_ties(database, file(KRASNO | WHERE | FACTS, other | FACTS), now)
    plan = await import_ties(database, file(KRASNO | {"partner": "Čadca"} | WHERE | FACTS), now)

    assert [place.id for place in plan.places] == [950_000_002]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"partner_latitude": "north"}, "“north, 18.83” are no coordinates such as 47.19, 18.41."),
        ({"partner_latitude": "nan"}, "nan, 18.83 lies nowhere: degrees go to 90 north and 180 east."),
        ({"partner_longitude": "181"}, "49.39, 181 lies nowhere: degrees go to 90 north and 180 east."),
        ({"partner_timezone": "CET+1"}, "“CET+1” is no time zone such as Europe/Budapest."),
        ({"partner_country": "001"}, "“001” is no country code of two letters, such as JP."),
        ({"partner_country": "ß"}, "“ß” is no country code of two letters, such as JP."),
        ({"partner_country": "EU"}, "“EU” is no country code of two letters, such as JP."),
        ({"partner_country": "ZZ"}, "“ZZ” is no country code of two letters, such as JP."),
        ({"partner_region": "r" * 101}, f"“{'r' * 100}…” cannot be the name of a region."),
        ({"partner": "???"}, "“???” cannot be the name of a city."),
        ({"partner": "x" * 101}, f"“{'x' * 100}” cannot be the name of a city."),
        (OSLO_CELLS | {"partner_region": ""}, "Oslo, NO is in the list already, at 59.91273, 10.74609: "
         "leave its coordinates empty."),
        ({"partner_place_id": "900000003", "partner": "", "partner_country": ""},
         "Bayside, AU is in the list already, without coordinates: leave them empty."),
    ],
)  # fmt: skip
async def test_a_place_that_cannot_be_is_refused(
    database: Database, now: datetime, cells: dict[str, str], sentence: str
) -> None:
    assert await faults(database, now, file(KRASNO | WHERE | FACTS | cells)) == [f"line 2: {sentence}"]


async def test_what_was_imported_survives_a_new_seed(
    database: Database, index: CityIndex, now: datetime, tmp_path: Path
) -> None:
    await import_ties(database, file(KRASNO | WHERE | FACTS, HITACHI_CELLS | FACTS | {"kind": "partner"}), now)
    before = await export_ties(database, corrections=True)
    folder = Path(shutil.copytree(SEED, tmp_path / "seed", ignore=shutil.ignore_patterns("*.py")))
    (folder / "VERSION").write_text("2027.01-new\n", encoding="utf-8")

    assert await load_seed(database, now, folder=folder)
    assert before.count("\n") == 3
    assert await export_ties(database, corrections=True) == before


async def test_the_operators_word_can_be_taken_back(database: Database, now: datetime) -> None:
    before = await export_ties(database)
    await import_ties(database, file(HITACHI_CELLS | FACTS | {"state": "ended"}, OSLO_CELLS | FACTS), now)
    changed = await export_ties(database)
    plan = await import_ties(database, file(HITACHI_CELLS | {"remove": "yes"}, OSLO_CELLS | {"remove": "Yes"}), now)

    assert changed != before
    assert str(plan) == "0 new, 0 changed, 2 removed, 0 unchanged"
    assert await export_ties(database) == before
    assert await export_ties(database, corrections=True) == written([])


async def test_only_the_operators_word_can_be_taken_back(database: Database, now: datetime) -> None:
    content = file(HITACHI_CELLS | {"remove": "yes"}, OSLO_CELLS | {"remove": "yes"})
    assert await faults(database, now, content) == [
        "line 2: this tie comes with the bot and would come back. "
        "Give it the state ended, and say in notes why it is wrong.",
        "line 3: there is no such tie to remove.",
    ]


async def test_an_operator_adopts_what_a_server_put_right(database: Database, index: CityIndex, now: datetime) -> None:
    async with database.write() as session:
        words = {"kind": "sister", "confidence": "confirmed", "origin": "moderator", "as_of": "2026-11-22"}
        session.add(
            Partnership(guild_id=GUILD, place_a_id=HITACHI, place_b_id=BIRMINGHAM, state="ended",
                        sources="wikipedia:2026 moderator:2026", notes="https://a.example", **words)
        )  # fmt: skip
    text = await export_ties(database, GUILD)
    plan = await import_ties(database, text.encode(), now)
    again = await import_ties(database, text.encode(), now)

    assert text.count("\n") == 2
    assert (str(plan), again.unchanged) == ("0 new, 1 changed, 0 removed, 0 unchanged", 1)
    seen = await tie(database, index, HITACHI)
    assert seen is not None
    assert (seen.state, seen.sources) == ("ended", ("wikipedia:2026", "operator:2026"))


async def test_a_servers_own_word_wins_over_an_import(database: Database, index: CityIndex, now: datetime) -> None:
    async with database.write() as session:
        words = {"kind": "sister", "confidence": "confirmed", "origin": "moderator"}
        session.add(
            Partnership(guild_id=GUILD, place_a_id=HITACHI, place_b_id=BIRMINGHAM, state="active",
                        sources="moderator:2026", notes="", **words)
        )  # fmt: skip
    await import_ties(database, file(HITACHI_CELLS | FACTS | {"state": "ended"}), now)

    states = [found and found.state for found in
              (await tie(database, index, HITACHI, GUILD), await tie(database, index, HITACHI, GUILD + 1))]  # fmt: skip
    assert states == ["active", "ended"]
