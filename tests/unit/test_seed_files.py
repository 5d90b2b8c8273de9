"""The shipped data: whole, consistent, and right where we know the answer."""

import csv
import hashlib
import re
import zoneinfo
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from bot.lookup.regions import country_name
from db.seed.region_names import english_name, other_names
from db.seed.remarks import Remarks, tidy

SEED = Path(__file__).parents[2] / "db" / "seed"
BIRMINGHAM = "4049979"

Row = dict[str, str]


@cache
def rows(name: str) -> list[Row]:
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def places() -> dict[str, Row]:
    return {row["place_id"]: row for row in rows("places.tsv")}


@cache
def tied_ids() -> set[str]:
    return {row[column] for row in rows("partnerships.tsv") for column in ("place_id", "partner_place_id")}


def named(name: str) -> set[tuple[str, str]]:
    """Region and country of every place of this name."""
    return {(row["admin1"], row["country_code"]) for row in rows("places.tsv") if row["name"] == name}


def partners(place_id: str) -> dict[tuple[str, str], Row]:
    """The ties of an American place, by name and country of the partner."""
    ties = [tie for tie in rows("partnerships.tsv") if tie["place_id"] == place_id]
    ends = [(places()[tie["partner_place_id"]], tie) for tie in ties]
    return {(end["name"], end["country_code"]): tie for end, tie in ends}


def only(name: str, region: str, country: str) -> str:
    """The id of the one place of this name, region and country."""
    [found] = [
        row["place_id"]
        for row in rows("places.tsv")
        if (row["name"], row["admin1"], row["country_code"]) == (name, region, country)
    ]
    return found


def test_there_are_2804_ties_and_no_pair_is_there_twice_or_of_one_place() -> None:
    pairs = [frozenset((tie["place_id"], tie["partner_place_id"])) for tie in rows("partnerships.tsv")]
    assert len(pairs) == 2804
    assert len(set(pairs)) == 2804
    assert {len(pair) for pair in pairs} == {2}


def test_every_end_of_a_tie_is_a_place() -> None:
    assert tied_ids() - set(places()) == set()


def test_place_ids_are_unique_and_sorted_and_are_the_geonames_ids_or_our_own() -> None:
    ids = [int(row["place_id"]) for row in rows("places.tsv")]
    assert ids == sorted(set(ids))
    wrong = [
        row
        for row in rows("places.tsv")
        if row["geoname_id"] != ("" if int(row["place_id"]) > 900_000_000 else row["place_id"])
    ]
    assert wrong == []


def test_values_are_from_the_allowed_sets() -> None:
    assert {row["kind"] for row in rows("places.tsv")} <= {"city", "county", "province", "country"}
    assert Counter(tie["kind"] for tie in rows("partnerships.tsv")) == {
        "unknown": 1957,
        "sister": 724,
        "friendship": 19,
        "pact": 101,
        "partner": 3,
    }
    assert Counter(tie["state"] for tie in rows("partnerships.tsv")) == {
        "active": 455,
        "suspended": 14,
        "ended": 16,
        "unknown": 2319,
    }
    assert Counter(tie["confidence"] for tie in rows("partnerships.tsv")) == {"confirmed": 2297, "unconfirmed": 507}


def test_every_country_code_has_a_name() -> None:
    codes = {row["country_code"] for row in rows("places.tsv")}
    assert {code for code in codes if country_name(code) == code} == set()


def test_the_version_is_the_hash_of_the_data() -> None:
    content = b"".join((SEED / name).read_bytes() for name in ("places.tsv", "partnerships.tsv"))
    expected = f"2026.11-{hashlib.sha256(content).hexdigest()[:12]}\n"
    assert (SEED / "VERSION").read_text(encoding="utf-8") == expected


def test_exactly_the_tied_places_without_coordinates_are_listed() -> None:
    listed = {row["place_id"] for row in rows("without_coordinates.tsv")}
    assert listed == {one for one in tied_ids() if not places()[one]["latitude"]}
    assert [row for row in rows("places.tsv") if bool(row["latitude"]) != bool(row["longitude"])] == []
    assert [row for row in rows("without_coordinates.tsv") if not row["why"]] == []


def test_every_time_zone_is_known_and_almost_every_place_has_one() -> None:
    zones = {row["timezone"] for row in rows("places.tsv")} - {""}
    assert {zoneinfo.ZoneInfo(zone).key for zone in zones} == zones
    without = {row["name"] for row in rows("places.tsv") if not row["timezone"]}
    assert without == {"Bayside", "Holmes County"}  # nobody knows which Bayside, nor which state's county


def test_aliases_are_names_that_differ_from_the_name_and_from_each_other() -> None:
    for row in rows("places.tsv"):
        aliases = row["aliases"].split("|") if row["aliases"] else []
        assert len({row["name"], *aliases}) == len(aliases) + 1, row
        bad = [one for one in aliases if not 0 < len(one) <= 60 or "://" in one or re.fullmatch("[A-Z]{3}", one)]
        assert bad == [], row


def test_birmingham_in_alabama_has_its_fourteen_partners() -> None:
    ties = partners(BIRMINGHAM)
    assert {partner: tie["signed"] for partner, tie in ties.items()} == {
        ("Hitachi", "JP"): "1982-04-23",
        ("Gweru", "ZW"): "",
        ("Székesfehérvár", "HU"): "1994-07-15",
        ("Anshan", "CN"): "",
        ("Vinnytsia", "UA"): "",
        ("Plzeň", "CZ"): "",
        ("Guédiawaye", "SN"): "",
        ("Al Karak", "JO"): "2005",
        ("Rosh HaAyin", "IL"): "2005",
        ("Maebashi", "JP"): "2017-07-03",
        ("Kingston", "JM"): "2017",
        ("Cobán", "GT"): "1972",
        ("Winneba", "GH"): "",
        ("Liverpool", "GB"): "",
    }
    assert [partner for partner, tie in ties.items() if tie["confidence"] != "confirmed"] == [("Liverpool", "GB")]


def test_birminghams_partners_lie_where_they_should() -> None:
    zones = {name: places()[tie["partner_place_id"]]["timezone"] for (name, _), tie in partners(BIRMINGHAM).items()}
    assert (zones["Vinnytsia"], zones["Al Karak"], zones["Kingston"]) == (
        "Europe/Kyiv",
        "Asia/Amman",
        "America/Jamaica",
    )
    karak = places()["250624"]
    assert (karak["name"], karak["admin1"]) == ("Al Karak", "Karak")
    assert "Qīr Moāv" in karak["aliases"].split("|")


def test_the_ties_the_project_is_about_are_there() -> None:
    assert ("Mataró", "ES") in partners(only("Fort Lauderdale", "Florida", "US"))
    nashville = partners(only("Nashville", "Tennessee", "US"))
    tamworth = places()[nashville["Tamworth", "AU"]["partner_place_id"]]
    assert (tamworth["admin1"], tamworth["timezone"]) == ("New South Wales", "Australia/Sydney")
    assert ("Najaf", "IQ") in partners(only("Minneapolis", "Minnesota", "US"))
    assert ("Killarney", "IE") in partners(only("Concord", "North Carolina", "US"))
    assert partners(only("Lockport", "Illinois", "US"))["Asiago", "IT"]["signed"] == "2014-10-03"


def test_namesakes_are_there() -> None:
    assert {("Alabama", "US"), ("England", "GB")} <= named("Birmingham")
    assert {("Texas", "US"), ("Île-de-France", "FR")} <= named("Paris")
    assert {("Ontario", "CA"), ("England", "GB")} <= named("London")
    assert {("Idaho", "US"), ("Moscow", "RU")} <= named("Moscow")
    assert {("Oregon", "US"), ("Maine", "US")} <= named("Portland")
    assert len([region for region, country in named("Springfield") if country == "US"]) >= 5


def test_corrections_hold() -> None:
    mobile, burbank = partners(only("Mobile", "Alabama", "US")), partners(only("Burbank", "California", "US"))
    assert mobile["Ariel", "IL"]["partner_place_id"] == "8199394"
    assert places()[burbank["Ōta", "JP"]["partner_place_id"]]["admin1"] == "Gunma"
    assert [row["name"] for row in rows("places.tsv") if row["name"].startswith("probably ")] == []
    assert [row["admin1"] for row in rows("places.tsv") if " id is " in row["admin1"]] == []
    assert partners(only("San Elizario", "Texas", "US"))["Guerrero", "MX"]["pages"] == (
        "which Guerrero is meant is not certain"
    )


def test_regions_go_by_the_names_that_english_readers_use() -> None:
    regions = {(row["country_code"], row["admin1"]) for row in rows("places.tsv")}
    assert {("DE", "Bavaria"), ("IL", "Central District"), ("CN", "Liaoning"), ("EG", "Alexandria")} <= regions
    assert {pair for pair in regions if english_name(pair[1], pair[0]) != pair[1]} == set()
    assert {country for country, name in regions if re.search(" Sheng| kraj| oblast$|-do$| län$", name)} == set()
    assert [name for country, name in sorted(regions) if country == "ZA" and name.casefold() == "kwazulu-natal"] == [
        "KwaZulu-Natal"
    ]


def test_what_a_region_is_called_elsewhere_is_kept() -> None:
    written = [(row["country_code"], row["as_written"]) for row in rows("region_names.tsv")]
    assert len(written) == len(set(written))
    assert [row for row in rows("region_names.tsv") if row["as_written"] == row["english"]] == []
    assert other_names("Bavaria", "DE") == {"Bayern"}
    assert other_names("Liaoning", "CN") == {"Liaoning Sheng", "Liaoning Province"}
    assert other_names("Alabama", "US") == frozenset()
    assert (english_name("Attikí", "GR"), english_name("Attica", "GR")) == ("Attica", "Attica")


def test_members_read_no_remarks_to_maintainers() -> None:
    pages = [tie["pages"] for tie in rows("partnerships.tsv")]
    assert [
        text for text in pages if re.search(r"CONFLICT|[+]| vs |search result|liquisearch|the table| /\w", text)
    ] == []
    [brussels] = [
        tie["pages"] for (name, _), tie in partners(only("Atlanta", "Georgia", "US")).items() if name == "Brussels"
    ]
    assert brussels == (
        "sources disagree on the year: 1983 (Atlanta Sister Cities Commission, annual report 2009) or 1967 (Wikipedia)"
    )
    settled = {row["members_read"] for row in rows("conflicts.tsv")}
    assert settled <= set(pages)
    signed = {tie["signed"] for tie in rows("partnerships.tsv") if "disagree on the year" in tie["pages"]}
    assert signed == {""}


@pytest.mark.parametrize(
    ("noted", "read"),
    [
        ("bhamwiki.com+hia.jp", "bhamwiki.com, hia.jp"),
        ("famouschicago.blogspot.com+liquisearch City of Chicago", "famouschicago.blogspot.com, Wikipedia"),
        ("sistercitiespgh.org who-we-are", "sistercitiespgh.org"),
        ("ksat.com 2025-02-11", "ksat.com 2025-02-11"),
        ("specialeventsmobile.org sister_cities (registered)", "specialeventsmobile.org (registered)"),
        ("EIN Presswire 2025-08-28 (35 years; year not stated)", "EIN Presswire 2025-08-28 (35 years)"),
        ("portland.gov; portland.gov International Relations", "portland.gov International Relations"),
        ("wiki.niidae.com Delaware, Ohio (Wikipedia copy)", "Wikipedia"),
    ],
)
def test_the_wording_is_made_plain(noted: str, read: str) -> None:
    assert tidy(noted) == read
    assert tidy(read) == read


def test_a_remark_to_maintainers_stops_the_build() -> None:
    with pytest.raises(SystemExit, match=r"conflicts\.tsv"):
        Remarks(SEED / "conflicts.tsv").members_read("CONFLICT: a.org says 1980; b.org says 1981")


def test_shinagawa_is_the_ward_of_tokyo_and_gangnam_is_there_once() -> None:
    [ward] = [row for row in rows("places.tsv") if row["name"] == "Shinagawa"]
    assert (ward["place_id"], ward["admin1"], ward["latitude"], ward["longitude"]) == (
        "1852139",
        "Tokyo",
        "35.60902",
        "139.73017",
    )
    assert named("Gangnam-gu") == {("Seoul", "KR")}
    assert named("Gangnam") == set()
    tie = partners(only("Riverside", "California", "US"))["Gangnam-gu", "KR"]
    assert (tie["kind"], tie["state"], tie["sources"]) == ("sister", "active", "page wikipedia:2026")


def test_the_seed_stays_small() -> None:
    assert sum(path.stat().st_size for path in SEED.glob("*.*")) < 5_000_000
