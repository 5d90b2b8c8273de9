"""The network of ties in numbers (pure)."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from bot.lookup.network import Network, Pair
from bot.lookup.places import Place
from bot.lookup.regions import US_STATES

NO_STATES = ("dc", "gu", "pr")  # a district and territories
STATES = frozenset(name for short, name in US_STATES.items() if short not in NO_STATES)
TOP_COUNTRIES, TOP_PLACES = 10, 5

Key = TypeVar("Key", int, str)
Measure = TypeVar("Measure", float, str)


@dataclass(frozen=True, slots=True)
class Figures:
    """What can be counted. All ties count in the totals; rankings and records leave out those that are ended.

    `states` and `confidences` count ties by their word. A record is None where no tie has what it takes.
    """

    ties: int
    places: int
    countries: int
    us_states: int
    states: dict[str, int]
    confidences: dict[str, int]
    top_countries: tuple[tuple[str, int], ...]
    top_places: tuple[tuple[Place, int], ...]
    oldest: Pair | None
    newest: Pair | None
    farthest: Pair | None
    nearest: Pair | None
    groups: tuple[int, ...]


def figures(network: Network) -> Figures:
    """Count a network."""
    pairs = [Pair(network.places[link.a], network.places[link.b], link) for link in network.links]
    places = {place.id: place for pair in pairs for place in (pair.one, pair.other)}
    standing = [pair for pair in pairs if pair.link.state != "ended"]
    measured = [(km, pair) for pair in standing if (km := pair.km) is not None]
    dated = [(pair.link.signed, pair) for pair in standing if pair.link.signed]
    return Figures(
        ties=len(pairs),
        places=len(places),
        countries=len({place.country_code for place in places.values()}),
        us_states=len({place.region for place in places.values() if place.country_code == "US"} & STATES),
        states=Counter(pair.link.state for pair in pairs),
        confidences=Counter(pair.link.confidence for pair in pairs),
        top_countries=tuple(_most(standing, lambda place: place.country_code)[:TOP_COUNTRIES]),
        top_places=tuple((places[i], n) for i, n in _most(standing, lambda place: place.id)[:TOP_PLACES]),
        oldest=_first(dated),
        newest=_first(dated, last=True),
        farthest=_first(measured, last=True),
        nearest=_first(measured),
        groups=tuple(network.groups()),
    )


def _most(pairs: Iterable[Pair], end: Callable[[Place], Key]) -> list[tuple[Key, int]]:
    """How many ties each kind of end has, those with the most first; a tie with the same at both ends counts once."""
    counts = Counter(key for pair in pairs for key in {end(pair.one), end(pair.other)})
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _first(measured: list[tuple[Measure, Pair]], *, last: bool = False) -> Pair | None:
    """The pair with the smallest measure, or the largest; of several the one with the smallest ids."""
    if not measured:
        return None
    measures = [measure for measure, _ in measured]
    wanted = max(measures) if last else min(measures)
    pairs = [pair for measure, pair in measured if measure == wanted]
    return min(pairs, key=lambda pair: (pair.link.a, pair.link.b))
