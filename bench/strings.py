"""What the engines are given, the same to each, and what they give back."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from bench.corpus import Corpus
from bench.queries import STATE_CODES
from bot.lookup.places import Place
from bot.lookup.regions import country_name
from db.names import fold

MOST_HITS = 25
MOST_STRINGS = 200  # asked of an engine whose hits are strings: a place may have many that match


class NotMeasured(Exception):
    """An engine or its corpus is not installed here; the text says which, and what to do."""


@dataclass(frozen=True)
class Strings:
    """Folded names, each with the id of its place; the most populous places first, so that the position breaks ties."""

    keys: list[str]
    owners: list[int]

    def places(self, positions: Iterable[int]) -> list[int]:
        """The places of strings found, each once, as many as a list of choices holds."""
        return list(islice(dict.fromkeys(self.owners[position] for position in positions), MOST_HITS))


class Built(NamedTuple):
    """An engine that is ready: what was typed → ids of places, likeliest first; MiB if its index lies on disk."""

    search: Callable[[str], list[int]]
    disk: float | None = None


Build = Callable[[Corpus, Strings], AbstractContextManager[Built]]


def own_names(corpus: Corpus) -> Strings:
    """Each place's own name alone, as bots usually search."""
    places = _by_population(corpus)
    return Strings([fold(place.name) for place in places], [place.id for place in places])


def all_strings(corpus: Corpus) -> Strings:
    """Every name of every place, and its own name with the region, the country or both behind it."""
    names: dict[int, list[str]] = {}
    for name in corpus.names:
        names.setdefault(name.place_id, []).append(name.key)
    keys, owners = [], []
    for place in _by_population(corpus):
        for key in dict.fromkeys([*names.get(place.id, []), *_with_region(place)]):
            keys.append(key)
            owners.append(place.id)
    return Strings(keys, owners)


def _by_population(corpus: Corpus) -> list[Place]:
    return sorted(corpus.places, key=lambda place: -(place.population or 0))


def _with_region(place: Place) -> list[str]:
    country = country_name(place.country_code)
    behind = [country, place.country_code]
    if place.region:
        behind += [place.region, STATE_CODES.get(place.region, place.region), f"{place.region} {country}"]
    return [fold(f"{place.name} {words}") for words in behind]
