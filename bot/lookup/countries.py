"""Which country, or which state or region of one, a person means by what they typed (pure)."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

from bot.errors import NotFound
from bot.lookup.called import BEGUN, LONGEST_TYPED, WHOLE, Called, T
from bot.lookup.places import Place
from bot.lookup.regions import COUNTRY_NICKNAMES, country_name, short_forms
from bot.lookup.search import CityIndex
from db.names import fold
from db.seed.region_names import other_names

SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Region:
    """A state, or another country's first-level division, by its name in the data."""

    country_code: str
    name: str

    def label(self, locale: str = "en") -> str:
        """A state of the United States by its name, others with their country: "Bavaria, Germany"."""
        return self.name if self.country_code == "US" else f"{self.name}, {country_name(self.country_code, locale)}"

    @property
    def value(self) -> str:
        """What autocomplete sends back, which is found again as if it had been typed: "Alabama, US"."""
        return f"{self.name}, {self.country_code}"

    def holds(self, place: Place) -> bool:
        """Whether a place lies in it."""
        return (place.country_code, place.region) == (self.country_code, self.name)


class Tied:
    """The countries and regions of an index that have ties, with their number and by what they are called."""

    def __init__(self, index: CityIndex) -> None:
        self.countries: Counter[str] = Counter()
        self.regions: Counter[Region] = Counter()
        for place_id, ties in index.ties.items():
            place = index.places.get(place_id)
            if place:
                self.countries[place.country_code] += ties
            if place and place.region:
                self.regions[Region(place.country_code, place.region)] += ties
        self.called_regions = Called(self.regions, _region_keys)
        self._called_countries: dict[str, Called[str]] = {}

    def called_countries(self, locale: str) -> Called[str]:
        """The countries by their names in a locale and in English."""
        if locale not in self._called_countries:
            self._called_countries[locale] = Called(self.countries, lambda code: _country_keys(code, locale))
        return self._called_countries[locale]


_TIED: WeakKeyDictionary[CityIndex, Tied] = WeakKeyDictionary()  # counted once an index, which never changes


def _tied(index: CityIndex) -> Tied:
    if index not in _TIED:
        _TIED[index] = Tied(index)
    return _TIED[index]


def tied_countries(index: CityIndex) -> Counter[str]:
    """The countries that have ties, with their number."""
    return _tied(index).countries


def tied_regions(index: CityIndex) -> Counter[Region]:
    """The states and regions that have ties, with their number."""
    return _tied(index).regions


def like_countries(index: CityIndex, text: str, locale: str) -> list[str]:
    """The codes of countries with ties that a text may mean, in a locale or English; all, most ties first, for none."""
    return [code for _, code in _tied(index).called_countries(locale).find(text)]


def like_regions(index: CityIndex, text: str) -> list[Region]:
    """The states and regions with ties that a text may mean; all, those with most ties first, for an empty one."""
    return [region for _, region in _tied(index).called_regions.find(text)]


def find_country(index: CityIndex, text: str, locale: str) -> str:
    """The code of the country that was typed or picked. Raises NotFound with the names that are most like it."""
    found = _tied(index).called_countries(locale).find(text)
    code = _certain(text, found) or _any_country(text, locale)
    if code is None:
        names = ", ".join(country_name(code, locale) for _, code in found[:SUGGESTIONS])
        if names and fold(text):
            raise NotFound("I don't know which country that is. Did you mean one of these: {names}?", names=names)
        raise NotFound("I don't know that country. Type the first letters of its name and pick it from the list.")
    return code


def find_region(index: CityIndex, text: str, locale: str) -> Region:
    """The state or region that was typed or picked. Raises NotFound with the names that are most like it."""
    found = _tied(index).called_regions.find(text)
    # Names in the data may differ in a hyphen alone, so what was picked is compared as it is.
    picked = next((region for region in tied_regions(index) if region.value == text), None)
    region = picked or _certain(text, found)
    if region is None:
        country = _any_country(text, locale)
        if country:  # Puerto Rico is one to GeoNames
            name = country_name(country, locale)
            raise NotFound("{country} is a country in my list. Ask for it with `/city country`.", country=name)
        names = "; ".join(region.label(locale) for _, region in found[:SUGGESTIONS])
        if names and fold(text):
            raise NotFound("I don't know which state that is. Did you mean one of these: {names}?", names=names)
        raise NotFound("I don't know that state. Type the first letters of its name and pick it from the list.")
    return region


def region_of(index: CityIndex, place_id: int) -> Region:
    """The state or region in which a place lies. Raises NotFound for a place that is not there or lies in none."""
    place = index.places.get(place_id)
    if place is None or not place.region:
        raise NotFound("That state is no longer in my list. Please search for it again by its name.")
    return Region(place.country_code, place.region)


def _certain(text: str, found: list[tuple[int, T]]) -> T | None:
    """The one that goes by this name, or whose name alone begins like this."""
    if not fold(text) or not found:
        return None
    alone = found[0][0] == BEGUN and [rank for rank, _ in found].count(BEGUN) == 1
    return found[0][1] if found[0][0] == WHOLE or alone else None


def _any_country(text: str, locale: str) -> str | None:
    """The country that goes by this name, whether it has ties or not."""
    key = fold(text[:LONGEST_TYPED])
    return next((code for code in _all_countries() if key in _country_keys(code, locale)), None)


@cache
def _country_keys(code: str, locale: str) -> frozenset[str]:
    names = (code, country_name(code), country_name(code, locale))
    return frozenset({*map(fold, names), *COUNTRY_NICKNAMES.get(code, ())})


@cache
def _region_keys(region: Region) -> frozenset[str]:
    """Its name and, where there are some, its letters, each with or without the country behind it."""
    short = short_forms(region.name, region.country_code)
    others = map(fold, other_names(region.name, region.country_code))
    words = {fold(region.name), *others, *(letters for letters in short if " " not in letters)}
    lands = _country_keys(region.country_code, "en")
    return frozenset(words | short | {f"{word} {land}" for word in words for land in lands})


@cache
def _all_countries() -> frozenset[str]:
    from babel import Locale

    return frozenset(code for code in map(str, Locale.parse("en").territories) if len(code) == 2)
