"""What people write after a city's name: states, countries and their short forms, all folded."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.lookup.keys import range_of
from bot.lookup.places import Place
from db.names import fold
from db.seed.region_names import other_names

SHORTEST_UNFINISHED = 3  # letters of a region's name that is taken for its beginning

US_STATES = {
    "al": "Alabama", "ak": "Alaska", "az": "Arizona", "ar": "Arkansas", "ca": "California", "co": "Colorado",
    "ct": "Connecticut", "de": "Delaware", "dc": "District of Columbia", "fl": "Florida", "ga": "Georgia",
    "gu": "Guam", "hi": "Hawaii", "id": "Idaho", "il": "Illinois", "in": "Indiana", "ia": "Iowa", "ks": "Kansas",
    "ky": "Kentucky", "la": "Louisiana", "me": "Maine", "md": "Maryland", "ma": "Massachusetts", "mi": "Michigan",
    "mn": "Minnesota", "ms": "Mississippi", "mo": "Missouri", "mt": "Montana", "ne": "Nebraska", "nv": "Nevada",
    "nh": "New Hampshire", "nj": "New Jersey", "nm": "New Mexico", "ny": "New York", "nc": "North Carolina",
    "nd": "North Dakota", "oh": "Ohio", "ok": "Oklahoma", "or": "Oregon", "pa": "Pennsylvania", "pr": "Puerto Rico",
    "ri": "Rhode Island", "sc": "South Carolina", "sd": "South Dakota", "tn": "Tennessee", "tx": "Texas",
    "ut": "Utah", "vt": "Vermont", "va": "Virginia", "wa": "Washington", "wv": "West Virginia", "wi": "Wisconsin",
    "wy": "Wyoming",
}  # fmt: skip

SHORT_REGIONS = {
    "US": US_STATES | {"fla": "Florida"},  # other short forms are beginnings: Tenn, Mass
    "CA": {
        "ab": "Alberta", "bc": "British Columbia", "mb": "Manitoba", "nb": "New Brunswick",
        "nl": "Newfoundland and Labrador", "ns": "Nova Scotia", "nt": "Northwest Territories", "nu": "Nunavut",
        "on": "Ontario", "pe": "Prince Edward Island", "qc": "Quebec", "sk": "Saskatchewan", "yt": "Yukon",
    },
    "AU": {
        "act": "Australian Capital Territory", "nsw": "New South Wales", "nt": "Northern Territory",
        "qld": "Queensland", "sa": "South Australia", "tas": "Tasmania", "vic": "Victoria", "wa": "Western Australia",
    },
}  # fmt: skip

COUNTRY_NICKNAMES = {
    "US": ("usa", "u s", "u s a", "united states of america", "america"),
    "GB": ("uk", "u k", "great britain", "britain"),
    "AE": ("uae",),
    "CI": ("ivory coast",),
    "CN": ("prc",),
    "CZ": ("czech republic",),
    "HK": ("hong kong",),
    "KR": ("korea",),
    "MM": ("burma",),
    "MO": ("macau",),
    "NL": ("holland",),
    "PS": ("palestine",),
    "TR": ("turkey",),
}


@cache
def country_name(code: str, locale: str = "en") -> str:
    """A country's name in a Discord locale, from CLDR; the code itself where CLDR has none."""
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(locale, sep="-").territories
    except (UnknownLocaleError, ValueError):
        territories = Locale.parse("en").territories
    return str(territories.get(code, code))


def short_forms(region: str, country_code: str) -> set[str]:
    """The letters for a region, folded, also with dots between: "N.C." is folded to "n c"."""
    short = {letters for letters, name in SHORT_REGIONS.get(country_code, {}).items() if fold(name) == fold(region)}
    return short | {" ".join(letters) for letters in short}


@cache
def region_words(region: str | None, country_code: str) -> frozenset[str]:
    """Everything that may follow a city's name and means this region or country, folded."""
    country = {fold(country_code), fold(country_name(country_code)), *COUNTRY_NICKNAMES.get(country_code, ())}
    words = set(country)
    if region:
        words |= {fold(region), *map(fold, other_names(region, country_code)), *short_forms(region, country_code)}
    # "alabama us", "al usa": the region, then the country.
    return frozenset(words | {f"{word} {land}" for word in words for land in country})


def flag(country_code: str) -> str:
    """The country's flag as an emoji: two regional-indicator letters."""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country_code.upper())


class Regions:
    """Which of some places lie in the region or country that words name, the last word perhaps unfinished."""

    def __init__(self, places: Sequence[Place]) -> None:
        number: dict[tuple[str | None, str], int] = {}
        self._of_place = np.array(
            [number.setdefault((p.region, p.country_code), len(number)) for p in places], np.int32
        )
        self._named: dict[str, list[int]] = {}
        for (region, country_code), at in number.items():
            for words in region_words(region, country_code):
                self._named.setdefault(words, []).append(at)
        self._words = sorted(self._named)
        self._count = len(number)

    def known(self, words: str) -> bool:
        """Whether the words name a region or country, or begin to."""
        return bool(self._called(words))

    def within(self, words: str, places: NDArray[np.int32]) -> NDArray[np.bool_] | None:
        """For each place, by its position, whether it lies there; None where the words name no region."""
        found = self._called(words)
        if not found:
            return None
        there = np.zeros(self._count, bool)
        there[found] = True
        return there[self._of_place[places]]

    def _called(self, words: str) -> list[int]:
        found = self._named.get(words, [])
        if not found and len(words) >= SHORTEST_UNFINISHED:
            low, high = range_of(self._words, words)
            found = [at for word in self._words[low:high] for at in self._named[word]]
        return found
