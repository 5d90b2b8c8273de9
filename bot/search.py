"""The in-memory name index: what a person typed → the places they may mean. Pure; built from the database at start."""

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.places import Place
from bot.regions import region_words
from db.names import fold

LONGEST_QUERY = 100  # a Discord option may be 6,000 characters long; no place's name is
ENOUGH = 5  # whole and begun names found before spelling is questioned
MOST_BEGUN = 3_000  # names looked at behind one prefix

# How much each way of matching counts; what is added for ties and people stays below one step.
WHOLE_NAME, WHOLE_ALIAS, BEGUN_NAME, BEGUN_ALIAS, INNER_WORD, MISSPELT = 100.0, 88.0, 76.0, 64.0, 52.0, 40.0
STEP = 12.0
REGION_GIVEN = 60.0
HOME = 8.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that a query may mean; `exact` when the query is one of its whole names."""

    place: Place
    score: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A folded name of a place; `own` for the name it goes by, False for an alternate name."""

    place_id: int
    key: str
    own: bool


class CityIndex:
    """Finds places by any of their names, whatever the accents, case, hyphens and small slips."""

    def __init__(self, places: Iterable[Place], names: Iterable[Name], ties: dict[int, int]) -> None:
        self.places = {place.id: place for place in places}
        self.ties = ties  # place id → number of partnerships
        names = [name for name in names if name.key]
        self._whole = sorted((name.key, name.place_id, name.own) for name in names)
        inner = {(word, name.place_id, name.own) for name in names for word in _later_words(name.key)}
        self._inner = sorted(inner)
        self._keys = sorted({key for key, _, _ in self._whole})
        self._weight = {place.id: self._importance(place) for place in self.places.values()}
        self._by_importance = sorted(self._weight, key=lambda place_id: -self._weight[place_id])

    def search(self, text: str, limit: int = 25, home: Collection[int] = ()) -> list[Hit]:
        """The likeliest places first; `home` are place ids to prefer (the server's city and its partners).

        An empty text gives the home places, then those with the most ties.
        """
        query = fold(text[:LONGEST_QUERY])
        if not query:
            first = [place_id for place_id in home if place_id in self.places]
            rest = (place_id for place_id in self._by_importance if place_id not in home)
            return [Hit(self.places[i], self._weight[i], False) for i in islice([*first, *rest], limit)]
        best: dict[int, tuple[float, bool]] = {}
        for place_id, score, exact in self._candidates(query):
            score += self._weight[place_id] + (HOME if place_id in home else 0.0)
            if score > best.get(place_id, (0.0, False))[0]:
                best[place_id] = (score, exact)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
        return [Hit(self.places[place_id], score, exact) for place_id, (score, exact) in ranked]

    def named(self, text: str, home: Collection[int] = ()) -> Place | None:
        """The place whose whole name stands among the words of a text: the longest such name, then the likeliest."""
        words = fold(text[: 10 * LONGEST_QUERY]).split()[:60]
        for length in range(min(6, len(words)), 0, -1):
            spans = (" ".join(words[start : start + length]) for start in range(len(words) - length + 1))
            hits = [hit for span in spans if len(span) > 2 for hit in self.search(span, 1, home) if hit.exact]
            if hits:
                return max(hits, key=lambda hit: hit.score).place
        return None

    def nearest_with_ties(self, place: Place, count: int) -> list[Place]:
        """The closest places that have partnerships, for a place that has none."""
        if place.latitude is None or place.longitude is None:
            return []
        latitude, longitude = place.latitude, place.longitude
        shrink = math.cos(math.radians(latitude))  # a degree of longitude is shorter away from the equator

        def distance(other: Place) -> float:
            if other.latitude is None or other.longitude is None:
                return math.inf
            east = abs(other.longitude - longitude)
            return math.hypot(other.latitude - latitude, min(east, 360 - east) * shrink)

        others = (self.places[i] for i in self.ties if i != place.id and i in self.places)
        return sorted(others, key=distance)[:count]

    def _importance(self, place: Place) -> float:
        ties = min(6.0, 2.0 * math.log2(1 + self.ties.get(place.id, 0)))
        people = math.log10(max(place.population or 0, 1))  # 0 to 7.5
        return ties + people / 2

    def _candidates(self, query: str) -> Iterator[tuple[int, float, bool]]:
        found = list(self._spelt(query))
        words = query.split()
        for cut in range(1, len(words)):
            region = " ".join(words[cut:])
            for place_id, score, exact in self._spelt(" ".join(words[:cut]), begun=False):
                if self._is_in(place_id, region):
                    found.append((place_id, score + REGION_GIVEN, exact))
        yield from found
        if len({place_id for place_id, _, _ in found}) < ENOUGH and not any(exact for _, _, exact in found):
            yield from self._misspelt(query)

    def _is_in(self, place_id: int, region: str) -> bool:
        """Whether these words name the place's region or country, the last word perhaps unfinished."""
        place = self.places[place_id]
        words = region_words(place.region, place.country_code)
        return region in words or (len(region) > 2 and any(word.startswith(region) for word in words))

    def _spelt(self, query: str, begun: bool = True) -> Iterator[tuple[int, float, bool]]:
        for key, place_id, own in _starting_with(self._whole, query):
            if key == query:
                yield place_id, WHOLE_NAME if own else WHOLE_ALIAS, True
            elif begun:
                yield place_id, BEGUN_NAME if own else BEGUN_ALIAS, False
        if begun and len(query) > 2:
            for _, place_id, _ in _starting_with(self._inner, query):
                yield place_id, INNER_WORD, False

    def _misspelt(self, query: str) -> Iterator[tuple[int, float, bool]]:
        if len(query) < 3:
            return
        close = process.extract(query, self._keys, scorer=OSA.normalized_similarity, score_cutoff=0.6, limit=60)
        for key, likeness, _ in close:
            for _, place_id, own in _starting_with(self._whole, key, whole=True):
                yield place_id, MISSPELT * likeness + (STEP / 3 if own else 0.0), False


def _later_words(key: str) -> Iterator[str]:
    start = key.find(" ")
    while start != -1:
        yield key[start + 1 :]
        start = key.find(" ", start + 1)


def _starting_with(
    entries: list[tuple[str, int, bool]], prefix: str, whole: bool = False
) -> Iterator[tuple[str, int, bool]]:
    start = bisect_left(entries, (prefix, 0, False))
    for entry in islice(entries, start, start + MOST_BEGUN):
        if not (entry[0] == prefix if whole else entry[0].startswith(prefix)):
            return
        yield entry
