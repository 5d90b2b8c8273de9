"""Time zones as people name them: by their IANA name, or by a city that lies in them."""

from zoneinfo import ZoneInfo

from bot.dates.clocks import zone_of
from bot.dates.when import zone, zone_names
from bot.errors import BadInput
from bot.lookup.search import CityIndex


def zone_meant(index: CityIndex, text: str) -> ZoneInfo:
    """The zone of an IANA name, or of the city of that name. Raises BadInput."""
    try:
        return zone(text)
    except BadInput:
        hits = index.search(text, limit=1)
        if hits and hits[0].exact and hits[0].place.timezone:
            return zone_of(hits[0].place.timezone)
        raise


def like_zones(index: CityIndex, text: str, limit: int) -> list[tuple[str, str]]:
    """(what to show, IANA name) of the zones that what was typed so far may mean: by name, then by city."""
    typed = text.casefold().strip().replace(" ", "_")
    offered = {name: name for name in zone_names() if typed in name.casefold()}
    cities = [hit.place for hit in index.search(text, limit) if not hit.misspelt] if typed else []
    for place in cities:
        if place.timezone:  # the likeliest city speaks for its zone
            offered.setdefault(place.timezone, f"{place.timezone} · {place.label}")
    return [(label, name) for name, label in offered.items()][:limit]
