"""The report on doubtful data: counted against the seed's own files, and each kind found where it is."""

import csv
import json
from collections import Counter
from itertools import groupby
from typing import Any

import pytest

from bot.lookup.places import Place
from bot.ties.data_report import EXAMPLES, Finding, KnownTie, data_report, findings, report_json, report_lines
from bot.ties.facts import Facts
from db.database import Database
from db.models import Partnership
from db.names import fold
from db.seeding import SEED

GUILD = 2**62
FACTS = Facts("sister", "active", "confirmed", None, None, "wikipedia:2014 wikidata:2016", "")
KINDS = [
    "self-loops",
    "one-sided ties",
    "contradicted ties",
    "same-name ties",
    "country-level twins",
    "same-name places",
    "no coordinates",
    "no time zone",
]


def place(place_id: int, name: str, country: str = "US", **facts: Any) -> Place:
    """A place in Ohio, or abroad."""
    known: dict[str, Any] = {"kind": "city", "region": "Ohio", "latitude": 1.0, "longitude": 1.0, "timezone": "UTC"}
    known |= facts
    return Place(
        place_id, place_id, name, known["kind"], known["region"], country,
        known["latitude"], known["longitude"], 1, known["timezone"],
    )  # fmt: skip


def tie(a: int, b: int, guild_id: int | None = None, **facts: str) -> KnownTie:
    """A tie that two sources name."""
    return KnownTie(a, b, guild_id, Facts(**(FACTS.columns() | facts)))  # type: ignore[arg-type]  # columns by name


def rows(name: str) -> list[dict[str, str]]:
    """A file of the seed."""
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def found(places: list[Place], ties: list[KnownTie]) -> dict[str, tuple[str, ...]]:
    """What is found, without the kinds in which nothing is."""
    return {finding.kind: finding.about for finding in findings(places, ties) if finding.about}


async def test_the_counts_are_those_of_the_seeds_files(database: Database) -> None:
    places = {row["place_id"]: row for row in rows("places.tsv")}
    ties = rows("partnerships.tsv")
    ends = [(places[row["place_id"]], places[row["partner_place_id"]]) for row in ties]
    doubles = Counter((fold(row["name"]), fold(row["admin1"]), row["country_code"]) for row in places.values())
    expected = {
        "self-loops": 0,
        "one-sided ties": sum(len({code.split(":")[0] for code in row["sources"].split()}) == 1 for row in ties),
        "contradicted ties": 0,
        "same-name ties": sum(fold(a["name"]) == fold(b["name"]) for a, b in ends),
        "country-level twins": sum((a["kind"] == "city") + (b["kind"] == "city") == 1 for a, b in ends),
        "same-name places": sum(count > 1 for count in doubles.values()),
        "no coordinates": sum(not row["latitude"] for row in places.values()),
        "no time zone": sum(not row["timezone"] for row in places.values()),
    }
    counted = {finding.kind: len(finding.about) for finding in await data_report(database)}

    assert counted == expected
    assert list(counted) == KINDS
    assert min(expected[kind] for kind in KINDS if kind not in ("self-loops", "contradicted ties")) > 0


async def test_a_server_that_says_otherwise_is_named(database: Database) -> None:
    async with database.write() as session:
        session.add(
            Partnership(guild_id=GUILD, place_a_id=2112708, place_b_id=4049979, origin="moderator",
                        **(FACTS.columns() | {"state": "ended"}))
        )  # fmt: skip
    about = {finding.kind: finding.about for finding in await data_report(database)}
    assert about["contradicted ties"] == (f"Hitachi, Ibaraki, JP – Birmingham, Alabama, US (server {GUILD})",)


def test_nothing_is_found_where_nothing_is_doubtful() -> None:
    places = [place(1, "Kent"), place(2, "Lima", "PE")]
    assert found(places, [tie(1, 2), tie(1, 2, GUILD, notes="more")]) == {}
    assert [finding.kind for finding in findings(places, [])] == KINDS


@pytest.mark.parametrize(
    ("sources", "one_sided"),
    [
        ("wikipedia:2014 wikipedia:2026", True),
        ("page", True),
        ("", True),
        ("wikipedia:2014 page", False),
        ("operator:2026", False),
        ("moderator:2026 wikipedia:2014", False),
    ],
)
def test_a_tie_that_one_source_names_is_one_sided_unless_somebody_answers_for_it(sources: str, one_sided: bool) -> None:
    about = found([place(1, "Kent"), place(2, "Lima", "PE")], [tie(1, 2, sources=sources)])
    assert about == ({"one-sided ties": ("Kent, Ohio, US – Lima, Ohio, PE",)} if one_sided else {})


@pytest.mark.parametrize(("facts", "contradicts"), [
    ({"state": "ended"}, True), ({"kind": "pact"}, True), ({"signed": "1999"}, True),
    ({"confidence": "unconfirmed", "as_of": "2026", "sources": "moderator:2026"}, False),
])  # fmt: skip
def test_a_server_contradicts_with_another_kind_state_or_date(facts: dict[str, str], contradicts: bool) -> None:
    about = found([place(1, "Kent"), place(2, "Lima", "PE")], [tie(1, 2), tie(1, 2, GUILD, **facts)])
    assert about == (
        {"contradicted ties": (f"Kent, Ohio, US – Lima, Ohio, PE (server {GUILD})",)} if contradicts else {}
    )


def test_a_servers_tie_that_nobody_else_names_contradicts_nobody() -> None:
    assert found([place(1, "Kent"), place(2, "Lima", "PE")], [tie(1, 2, GUILD)]) == {}


def test_each_kind_is_found_where_it_is() -> None:
    places = [
        place(1, "Kent"),
        place(2, "Kent", "GB", region="England"),
        place(3, "KÉNT", timezone=None),
        place(4, "Ohio County", kind="county", latitude=None, longitude=None),
        place(5, "Bihar", "IN", kind="province", region="Bihar", latitude=None, longitude=None),
    ]
    assert found(places, [tie(1, 2), tie(1, 4), tie(4, 5), tie(3, 3)]) == {
        "self-loops": ("KÉNT, Ohio, US – KÉNT, Ohio, US",),
        "same-name ties": ("Kent, Ohio, US – Kent, England, GB",),
        "country-level twins": ("Kent, Ohio, US – Ohio County, Ohio, US",),
        "same-name places": ("Kent, Ohio, US (1, 3)",),
        "no coordinates": ("Bihar, IN (5)", "Ohio County, Ohio, US (4)"),
        "no time zone": ("KÉNT, Ohio, US (3)",),
    }


def test_places_without_ties_are_marked() -> None:
    assert found([place(1, "Kent", latitude=None)], []) == {"no coordinates": ("Kent, Ohio, US (1), no ties",)}


def test_a_report_shows_a_few_examples_or_all() -> None:
    one = Finding("self-loops", "a place tied to itself", ())
    two = Finding("no time zone", "places whose clock is not known", tuple(f"Town {n}" for n in range(1_007)))
    lines = list(report_lines([one, two]))
    whole = list(report_lines([one, two], verbose=True))

    assert lines[:2] == ["0 self-loops: a place tied to itself", "1,007 no time zone: places whose clock is not known"]
    assert lines[2:] == [*(f"  Town {n}" for n in range(EXAMPLES)), "  … and 1,002 more (--verbose shows all)"]
    assert whole[2:] == [f"  Town {n}" for n in range(1_007)]


def test_a_report_for_programs_is_an_object_a_kind() -> None:
    lines = list(report_json([Finding("no time zone", "why", ("Łódź", "B"))]))
    assert [json.loads(line) for line in lines] == [
        {"finding": "no time zone", "meaning": "why", "count": 2, "about": ["Łódź", "B"]}
    ]
    assert "Łódź" in lines[0]


def test_every_list_is_in_order(index: Any) -> None:
    places = list(index.places.values())
    for finding in findings(places, []):
        assert [key for key, _ in groupby(finding.about)] == sorted(set(finding.about))
