"""What people write after a city's name: states, countries and their short forms, all folded."""

from functools import cache

from db.names import fold

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


@cache
def region_words(region: str | None, country_code: str) -> frozenset[str]:
    """Everything that may follow a city's name and means this region or country, folded."""
    country = {fold(country_code), fold(country_name(country_code)), *COUNTRY_NICKNAMES.get(country_code, ())}
    words = set(country)
    if region:
        key = fold(region)
        words.add(key)
        if country_code == "US":
            words |= {short for short, name in US_STATES.items() if fold(name) == key}
    # "alabama us", "al usa": the region, then the country.
    return frozenset(words | {f"{word} {land}" for word in words for land in country})


def flag(country_code: str) -> str:
    """The country's flag as an emoji: two regional-indicator letters."""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country_code.upper())
