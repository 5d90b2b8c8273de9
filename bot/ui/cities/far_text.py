"""How far away a place is, in kilometres and hours, and links to where more is said about it."""

import re
from datetime import datetime, timedelta
from typing import TypeGuard
from urllib.parse import quote_plus, urlsplit

from yarl import URL

from bot.dates.clocks import MORNING
from bot.lookup.geography import distance_km, miles
from bot.lookup.places import Place
from bot.lookup.regions import country_name
from bot.texts import Texts
from bot.ui.text import time_of_day

NO_BREAK = "\N{NO-BREAK SPACE}"
LONGEST_ADDRESS = 200  # of a link within a text that holds several
LONGEST_SEARCH = 440  # as it stands in the address of a link button, which takes 512 characters
WIKIPEDIA_LISTS = "https://en.wikipedia.org/wiki/List_of_sister_cities_in_the_United_States"
# What would end a masked link early, or be read as a mark within it.
ADDRESS_MARKS = str.maketrans({mark: f"%{ord(mark):02X}" for mark in "()[]*~"})


def distance_words(km: float, t: Texts) -> str:
    """A distance, to the nearest ten from a hundred on: "10,870 km"; in miles for readers in the United States.

    No phone breaks the line within it.
    """
    from babel.units import format_unit

    in_miles = t.locale == "en-US"
    number = miles(km) if in_miles else km
    number = round(number, -1 if number >= 100 else 0)
    unit = "length-mile" if in_miles else "length-kilometer"
    words = str(format_unit(int(number), unit, "short", locale=t.locale.replace("-", "_")))
    return words.replace("\u202f", NO_BREAK).replace(" ", NO_BREAK)


def away(place: Place, home: Place, t: Texts) -> str | None:
    """The distance between two places in words, None where it is not known."""
    km = distance_km(home, place)
    return None if km is None else distance_words(km, t)


def far_words(place: Place, home: Place, now: datetime, t: Texts) -> str:
    """A place's clock and its distance, on one line: "🌙 1:00 AM, +15 h · 6,710 mi"; without what is not known."""
    words = (clock_words(place, home, now, t), away(place, home, t))
    return f"{NO_BREAK}·{NO_BREAK}".join(word for word in words if word)


def clock_words(place: Place, home: Place, now: datetime, t: Texts) -> str | None:
    """A place's clock, marked at night, and how far it is ahead of home's, unbroken: "🌙 1:00 AM, +15 h"."""
    there, here = place.local(now), home.local(now)
    if there is None:
        return None
    clock = ("🌙 " if there.hour < MORNING else "") + time_of_day(there, t)
    ahead = hours_ahead(there, here, t) if here else None
    return (f"{clock}, {ahead}" if ahead else clock).replace(" ", NO_BREAK)


def hours_ahead(there: datetime, here: datetime, t: Texts) -> str | None:
    """How far a clock is ahead of another: "+15 h", "−3 h", "+11:30 h"; None where both show the same."""
    difference = (there.utcoffset() or timedelta()) - (here.utcoffset() or timedelta())
    if not difference:
        return None
    hours, minutes = divmod(abs(difference) // timedelta(minutes=1), 60)
    sign = "+" if difference > timedelta() else "−"
    return t("{hours} h", hours=f"{sign}{hours}:{minutes:02}" if minutes else f"{sign}{hours}")


def host_of(address: str | None) -> str:
    """The host of an address as it is sent, empty where there is none."""
    try:
        return urlsplit(ascii_address(address) or "").hostname or ""
    except ValueError:  # a bracket that is never closed
        return ""


def ascii_address(address: str | None) -> str | None:
    """An address as it is sent: a host of letters that only look like others shows what it is."""
    if address is None or address.isascii():
        return address
    try:
        return str(URL(address))
    except ValueError:
        return None


def is_web_address(address: str | None, longest: int = LONGEST_ADDRESS) -> TypeGuard[str]:
    """Whether something is a plain address of the web, no longer than that after `https://`.

    Discord refuses a whole message for one button or picture at a host without a dot, such as `localhost`.
    """
    plain = rf"https?://[^\s<>\\`|\x00-\x1f]{{1,{longest}}}"
    return address is not None and bool(re.fullmatch(plain, address) and "." in host_of(address).strip("."))


def masked(label: str, address: str | None, longest: int = LONGEST_ADDRESS) -> str:
    """A label, already safe, that opens an address; the label alone where the address is none, or no plain web one.

    The address is written as it is sent; `longest` counts what is escaped in it, too.
    """
    shown = (ascii_address(address) or "").translate(ADDRESS_MARKS)
    return f"[{label}]({shown})" if is_web_address(shown, longest) else label


def wikipedia_search(place: Place) -> str:
    """Where Wikipedia's search goes straight to the place's article, if there is one."""
    around = place.own_region if place.country_code == "US" else country_name(place.country_code)
    name = ", ".join(part for part in (place.name, around) if part)
    while len(quote_plus(name)) > LONGEST_SEARCH:
        name = name[:-1]
    return f"https://en.wikipedia.org/w/index.php?search={quote_plus(name)}&go=Go"


def wikidata_search(place: Place) -> str | None:
    """Wikidata's page on a place, found by its GeoNames id."""
    if place.geoname_id is None:
        return None
    return f"https://www.wikidata.org/w/index.php?search=haswbstatement:P1566={place.geoname_id}"


def geonames_page(place: Place) -> str | None:
    """GeoNames' page on a place."""
    return None if place.geoname_id is None else f"https://www.geonames.org/{place.geoname_id}"
