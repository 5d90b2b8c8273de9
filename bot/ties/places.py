"""Which places the lines of a file mean, and the places that a file brings along (pure)."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.dates.when import zone_names
from bot.lookup.places import Place
from bot.lookup.regions import country_name
from db.names import fold
from db.seed.region_names import english_name, other_names

FIRST_OWN_ID = 950_000_001  # far above what the seed gives to places without a GeoNames id
LAST_OWN_ID = 999_999_999  # buttons carry ids of nine digits
LONGEST_NAME = 100
NAMED = 5  # of the places that a name may mean
SAME_SPOT = 0.001  # degrees
COUNTRY_CODE = re.compile(r"[A-Za-z]{2}")  # CLDR has numbers as well, for continents
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # that CLDR has names for


class Wrong(Exception):
    """What a cell or several say cannot be; one sentence for each."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class End:
    """One end of a tie as it stands in a file."""

    name: str
    region: str
    country: str
    place_id: str
    latitude: str
    longitude: str
    timezone: str

    @property
    def label(self) -> str:
        """As the file names it: "Springfield, Ohio, US"."""
        return ", ".join(filter(None, (self.name, self.region, self.country)))


class Places:
    """The places there are, and those that were added; `find` finds the one that an end means."""

    def __init__(self, places: Iterable[Place], names: Iterable[tuple[int, str, str]]) -> None:
        """`names` are (place id, folded name, kind), at least of the names in the file; kind "name" goes first."""
        self.known = {place.id: place for place in places}
        self.added: list[Place] = []
        self._called: dict[str, dict[int, bool]] = defaultdict(dict)
        for place_id, key, kind in names:
            called = self._called[key]
            called[place_id] = kind == "name" or called.get(place_id, False)
        self._next_id = max(FIRST_OWN_ID - 1, max(self.known, default=0)) + 1

    def find(self, end: End) -> Place:
        """The place that an end means; one that is new is added if the line says where it is. Raises Wrong."""
        if end.place_id:
            return self._checked(self._by_id(end), end)
        if not (end.name and end.country):
            raise Wrong("a city is missing: give its place_id, or its name and country.")
        code = end.country.upper() if COUNTRY_CODE.fullmatch(end.country) else None
        if code is None or code in NO_COUNTRIES or country_name(code) == code:
            raise Wrong(f"“{end.country}” is no country code of two letters, such as JP.")
        found = self._by_name(end)
        if len(found) > 1:
            some = " or ".join(f"{place.label} (place_id {place.id})" for place in found[:NAMED])
            raise Wrong(f"{end.label} may be {some}{' or others' if found[NAMED:] else ''}: give the place_id.")
        return self._checked(found[0], end) if found else self._add(end)

    def _by_id(self, end: End) -> Place:
        place = self.known.get(int(end.place_id)) if end.place_id.isdecimal() else None
        if place is None:
            raise Wrong(f"there is no place with the place_id {end.place_id}.")
        # A row that slipped in a spreadsheet would otherwise tie the wrong cities.
        if end.name and place.id not in self._called.get(fold(end.name), {}):
            raise Wrong(f"the place_id {end.place_id} is {place.label}, not {end.name}.")
        if end.country and end.country.upper() != place.country_code:
            raise Wrong(f"the place_id {end.place_id} is {place.label}, not in {end.country}.")
        return place

    def _by_name(self, end: End) -> list[Place]:
        """Those of that name, region and country; those that go by it before those that are also called so."""
        called = self._called.get(fold(end.name), {})
        places = [self.known[place_id] for place_id in called if place_id in self.known]
        places = [place for place in places if place.country_code == end.country.upper()]
        if end.region:
            places = [place for place in places if fold(end.region) in _region_keys(place)]
        return [place for place in places if called[place.id]] or places

    def _checked(self, place: Place, end: End) -> Place:
        """The place, unless the line says that it lies elsewhere."""
        if end.latitude or end.longitude:
            latitude, longitude = _coordinates(end)
            if place.latitude is None or place.longitude is None:
                raise Wrong(f"{place.label} is in the list already, without coordinates: leave them empty.")
            if abs(latitude - place.latitude) > SAME_SPOT or abs(longitude - place.longitude) > SAME_SPOT:
                where = f"{place.latitude}, {place.longitude}"
                raise Wrong(f"{place.label} is in the list already, at {where}: leave its coordinates empty.")
        return place

    def _add(self, end: End) -> Place:
        if not (end.latitude and end.longitude and end.timezone):
            raise Wrong(f"there is no {end.label} in the list. To add it, give its latitude, longitude and timezone.")
        key = fold(end.name)
        if not key or len(end.name) > LONGEST_NAME:
            raise Wrong(f"“{end.name[:LONGEST_NAME]}” cannot be the name of a city.")
        if len(end.region) > LONGEST_NAME:
            raise Wrong(f"“{end.region[:LONGEST_NAME]}…” cannot be the name of a region.")
        if end.timezone not in zone_names():
            raise Wrong(f"“{end.timezone}” is no time zone such as Europe/Budapest.")
        if self._next_id > LAST_OWN_ID:
            raise Wrong("there is no room for more places.")
        latitude, longitude = _coordinates(end)
        country = end.country.upper()
        place = Place(
            *(self._next_id, None, end.name, "city", english_name(end.region, country) or None, country),
            *(latitude, longitude, None, end.timezone),
        )
        self._next_id += 1
        self.known[place.id] = place
        self._called[key][place.id] = True
        self.added.append(place)
        return place


def _region_keys(place: Place) -> set[str]:
    """What the region of a place is called, in English and in other texts; empty for a place without one."""
    region = place.region or ""
    return {fold(name) for name in (region, *other_names(region, place.country_code))}


def _coordinates(end: End) -> tuple[float, float]:
    try:
        latitude, longitude = float(end.latitude), float(end.longitude)
    except ValueError:
        raise Wrong(f"“{end.latitude}, {end.longitude}” are no coordinates such as 47.19, 18.41.") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Wrong(f"{end.latitude}, {end.longitude} lies nowhere: degrees go to 90 north and 180 east.")
    return latitude, longitude
