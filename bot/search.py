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
SHORT = 2  # so few letters begin thousands of names: only the likeliest places are kept for them
MOST_OPENED = 60
MOST_WORDS = 8  # of a name, or of a region and country

# The ways of matching, best first. What likeness, ties, people and home add together stays below one step, so that
# nothing ever lifts a place above one that matches better: a town's own name wins over another's obscure alias.
WHOLE_NAME, WHOLE_ALIAS, BEGUN_NAME, OBSCURE_ALIAS, BEGUN_ALIAS, INNER_WORD = 600.0, 500.0, 400.0, 300.0, 200.0, 100.0
LIKENESS = 60.0
HOME = 8.0
NAME_AND_REGION = -50.0  # "palmerston north" is a town before it is Palmerston in the north

Found = tuple[int, float, bool]  # place id, score, whether a whole name
Entry = tuple[str, int, bool]  # key, place id, whether the place's own name


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that a query may mean; `exact` when the query is one of its whole names."""

    place: Place
    score: float
    exact: bool

    @property
    def misspelt(self) -> bool:
        """Whether the query is only like a name, and neither one nor the beginning of one."""
        return self.score < INNER_WORD


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
        names = [name for name in names if name.key and name.place_id in self.places]
        self._whole = sorted((name.key, name.place_id, name.own) for name in names)
        inner = {(word, name.place_id, name.own) for name in names for word in _later_words(name.key)}
        self._inner = sorted(inner)
        self._own_keys = sorted({key for key, _, own in self._whole if own})
        self._alias_keys = sorted({key for key, place_id, own in self._whole if not own and place_id in ties})
        self._weight = {place.id: self._importance(place) for place in self.places.values()}
        self._by_importance = sorted(self._weight, key=lambda place_id: -self._weight[place_id])
        self._opened = self._openings()

    def search(self, text: str, limit: int = 25, home: Collection[int] = ()) -> list[Hit]:
        """The likeliest places first; `home` are place ids to prefer (the server's city and its partners).

        An empty text gives the home places, then those with the most ties.
        """
        query = fold(text[:LONGEST_QUERY])
        if not query:
            first = [place_id for place_id in home if place_id in self.places]
            rest = (place_id for place_id in self._by_importance if place_id not in home)
            return [Hit(self.places[i], self._weight[i], False) for i in islice([*first, *rest], limit)]
        return self._rank(self._candidates(query, home), home)[:limit]

    def named(self, text: str, home: Collection[int] = (), *, fewest_words: int = 1) -> Place | None:
        """The place whose whole name stands among the words of a text: the longest such name, then the likeliest."""
        words = fold(text[: 10 * LONGEST_QUERY]).split()[:60]
        for length in range(min(MOST_WORDS, len(words)), fewest_words - 1, -1):
            spans = (" ".join(words[start : start + length]) for start in range(len(words) - length + 1))
            hits = [hit for span in spans for hit in self._rank(self._called(span), home) if _is_telling(span, hit)]
            if hits:
                return max(hits, key=lambda hit: hit.score).place
        return None

    def nearest_with_ties(self, place: Place, count: int) -> list[Place]:
        """The closest places that have partnerships; where none can be measured, those of its country, the largest."""
        others = [self.places[i] for i in self.ties if i != place.id and i in self.places]
        if place.latitude is None or place.longitude is None:
            abroad = place.country_code
            return sorted(others, key=lambda other: (other.country_code != abroad, -self._weight[other.id]))[:count]
        latitude, longitude = place.latitude, place.longitude
        shrink = math.cos(math.radians(latitude))  # a degree of longitude is shorter away from the equator

        def distance(other: Place) -> float:
            if other.latitude is None or other.longitude is None:
                return math.inf
            east = abs(other.longitude - longitude)
            return math.hypot(other.latitude - latitude, min(east, 360 - east) * shrink)

        return sorted(others, key=distance)[:count]

    def _importance(self, place: Place) -> float:
        ties = min(6.0, 2.0 * math.log2(1 + self.ties.get(place.id, 0)))
        people = math.log10(max(place.population or 0, 1))  # 0 to 7.5
        return ties + people / 2

    def _openings(self) -> dict[str, list[int]]:
        """The likeliest places for each one and two letters that own names begin with."""
        opened: dict[str, list[int]] = {}
        for place_id in self._by_importance:
            key = fold(self.places[place_id].name)
            for length in range(1, SHORT + 1):
                some = opened.setdefault(key[:length], [])
                if len(some) < MOST_OPENED and place_id not in some[-1:]:
                    some.append(place_id)
        return opened

    def _rank(self, found: Iterable[Found], home: Collection[int]) -> list[Hit]:
        best: dict[int, tuple[float, bool]] = {}
        for place_id, score, exact in found:
            score += self._weight[place_id] + (HOME if place_id in home else 0.0)
            if score > best.get(place_id, (0.0, False))[0]:
                best[place_id] = (score, exact)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
        return [Hit(self.places[place_id], score, exact) for place_id, (score, exact) in ranked]

    def _candidates(self, query: str, home: Collection[int]) -> Iterator[Found]:
        found = [*self._called(query), *self._begun(query, home)]
        if not found:
            for name, region in _splits(query):
                found += self._within(region, self._begun(name, home))
        yield from found
        if len({place_id for place_id, _, _ in found}) < ENOUGH and not any(exact for _, _, exact in found):
            yield from self._misspelt(query)

    def _called(self, query: str) -> Iterator[Found]:
        """Places of which this is a whole name, with or without the region behind it."""
        yield from self._whole_names(query)
        for name, region in _splits(query):
            for place_id, score, exact in self._within(region, self._whole_names(name)):
                yield place_id, score + NAME_AND_REGION, exact

    def _within(self, region: str, found: Iterable[Found]) -> Iterator[Found]:
        """Those that lie in the region or country which these words name, the last word perhaps unfinished."""
        for place_id, score, exact in found:
            place = self.places[place_id]
            words = region_words(place.region, place.country_code)
            if region in words or (len(region) > SHORT and any(word.startswith(region) for word in words)):
                yield place_id, score, exact

    def _begun(self, query: str, home: Collection[int]) -> Iterator[Found]:
        """Places with a name, or a later word of one, that begins like this."""
        if len(query) <= SHORT and query.isascii():
            own = [i for i in home if i in self.places and fold(self.places[i].name).startswith(query)]
            yield from ((place_id, BEGUN_NAME, False) for place_id in [*own, *self._opened.get(query, ())])
            return
        for _, place_id, is_own in _starting_with(self._whole, query):
            yield place_id, BEGUN_NAME if is_own else BEGUN_ALIAS, False
        for _, place_id, _ in _starting_with(self._inner, query):
            yield place_id, INNER_WORD, False

    def _whole_names(self, query: str) -> Iterator[Found]:
        for key, place_id, own in _starting_with(self._whole, query):
            if key != query:
                return
            yield place_id, WHOLE_NAME if own else WHOLE_ALIAS if place_id in self.ties else OBSCURE_ALIAS, True

    def _misspelt(self, query: str) -> Iterator[Found]:
        """Places with a name like this; aliases are asked only when no place's own name is like it."""
        found = list(self._alike(query))
        for name, region in _splits(query):
            found += self._within(region, self._alike(name))
        yield from found or self._alike(query, own=False)

    def _alike(self, query: str, own: bool = True) -> Iterator[Found]:
        if len(query) <= SHORT:
            return
        keys = self._own_keys if own else self._alias_keys
        close = process.extract(query, keys, scorer=OSA.normalized_similarity, score_cutoff=0.6, limit=60)
        for key, likeness, _ in close:
            for place_id, score, _ in self._whole_names(key):
                if own == (score == WHOLE_NAME):
                    yield place_id, LIKENESS * likeness, False


def _is_telling(span: str, hit: Hit) -> bool:
    """Whether words out of a sentence name a place. Short aliases do not: airports' codes are words as well."""
    if not hit.exact or hit.score < WHOLE_ALIAS:
        return False
    return not span.isascii() or len(span) > 3 or (len(span) == 3 and hit.score >= WHOLE_NAME)


def _splits(query: str) -> Iterator[tuple[str, str]]:
    """The ways to read a query as a name and the region behind it, each of a few words."""
    words = query.split()
    for cut in range(max(1, len(words) - MOST_WORDS), min(len(words), MOST_WORDS + 1)):
        yield " ".join(words[:cut]), " ".join(words[cut:])


def _later_words(key: str) -> Iterator[str]:
    start = key.find(" ")
    while start != -1:
        yield key[start + 1 :]
        start = key.find(" ", start + 1)


def _starting_with(entries: list[Entry], prefix: str) -> Iterator[Entry]:
    for at in range(bisect_left(entries, (prefix, 0, False)), len(entries)):
        if not entries[at][0].startswith(prefix):
            return
        yield entries[at]
