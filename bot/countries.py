"""Which country, or which state or region of one, a person means by what they typed (pure)."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from rapidfuzz.distance import OSA

from bot.errors import NotFound
from bot.places import Place
from bot.regions import COUNTRY_NICKNAMES, country_name, short_forms
from bot.search import CityIndex
from db.names import fold

LONGEST_TYPED = 100
SUGGESTIONS = 5
ALIKE = 0.6  # from 0 to 1: a name less like what was typed is not suggested
WHOLE, BEGUN, INNER = 0, 1, 2  # how what was typed is found in a name, best first

T = TypeVar("T", bound=Hashable)


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


def tied_countries(index: CityIndex) -> Counter[str]:
    """The countries that have ties, with their number."""
    return _counted(index, lambda place: place.country_code)


def tied_regions(index: CityIndex) -> Counter[Region]:
    """The states and regions that have ties, with their number."""
    return _counted(index, lambda place: Region(place.country_code, place.region) if place.region else None)


def _counted(index: CityIndex, part: Callable[[Place], T | None]) -> Counter[T]:
    counted: Counter[T] = Counter()
    for place_id, ties in index.ties.items():
        place = index.places.get(place_id)
        key = part(place) if place else None
        if key is not None:
            counted[key] += ties
    return counted


def like_countries(index: CityIndex, text: str, locale: str) -> list[str]:
    """The codes of countries with ties that a text may mean, in a locale or English; all, most ties first, for none."""
    return [code for _, code in _found(text, tied_countries(index), lambda code: _country_keys(code, locale))]


def like_regions(index: CityIndex, text: str) -> list[Region]:
    """The states and regions with ties that a text may mean; all, those with most ties first, for an empty one."""
    return [region for _, region in _found(text, tied_regions(index), _region_keys)]


def find_country(index: CityIndex, text: str, locale: str) -> str:
    """The code of the country that was typed or picked. Raises NotFound with the names that are most like it."""
    codes = tied_countries(index)
    found = _found(text, codes, lambda code: _country_keys(code, locale))
    code = _certain(text, found)
    if code is None:  # a country without ties is a country too
        key = fold(text[:LONGEST_TYPED])
        code = next((other for other in _all_countries() if key in _country_keys(other, locale)), None)
    if code is None:
        names = ", ".join(country_name(code, locale) for _, code in found[:SUGGESTIONS])
        if names and fold(text):
            raise NotFound("I don't know which country that is. Did you mean one of these: {names}?", names=names)
        raise NotFound("I don't know that country. Type the first letters of its name and pick it from the list.")
    return code


def find_region(index: CityIndex, text: str, locale: str) -> Region:
    """The state or region that was typed or picked. Raises NotFound with the names that are most like it."""
    regions = tied_regions(index)
    found = _found(text, regions, _region_keys)
    # Names in the data may differ in a hyphen alone, so what was picked is compared as it is.
    region = next((region for region in regions if region.value == text), None) or _certain(text, found)
    if region is None:
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


def _found(text: str, weight: Mapping[T, int], keys_of: Callable[[T], Collection[str]]) -> list[tuple[int, T]]:
    """(how well, which) of what goes by a text, best first, then by weight; if nothing does, the names most like it."""
    typed = fold(text[:LONGEST_TYPED])
    ranked = [(rank, one) for one in weight if (rank := _rank(typed, keys_of(one))) is not None]
    if not ranked:
        alike = {one: max(OSA.normalized_similarity(typed, key) for key in keys_of(one)) for one in weight}
        near = sorted((one for one in weight if alike[one] >= ALIKE), key=lambda one: -alike[one])
        return [(INNER + 1, one) for one in near[:SUGGESTIONS]]
    return sorted(ranked, key=lambda found: (found[0], -weight[found[1]]))


def _rank(typed: str, keys: Collection[str]) -> int | None:
    if typed in keys:
        return WHOLE
    if any(key.startswith(typed) for key in keys):
        return BEGUN
    return INNER if any(f" {typed}" in key for key in keys) else None


@cache
def _country_keys(code: str, locale: str) -> frozenset[str]:
    names = (code, country_name(code), country_name(code, locale))
    return frozenset({*map(fold, names), *COUNTRY_NICKNAMES.get(code, ())})


@cache
def _region_keys(region: Region) -> frozenset[str]:
    """Its name and, where there are some, its letters, each with or without the country behind it."""
    short = short_forms(region.name, region.country_code)
    words = {fold(region.name), *(letters for letters in short if " " not in letters)}
    lands = _country_keys(region.country_code, "en")
    return frozenset(words | short | {f"{word} {land}" for word in words for land in lands})


@cache
def _all_countries() -> frozenset[str]:
    from babel import Locale

    return frozenset(code for code in map(str, Locale.parse("en").territories) if len(code) == 2)
