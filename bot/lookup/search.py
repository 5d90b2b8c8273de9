"""The in-memory name index: what a person typed → the places they may mean. Pure; built from the database at start.

A query is looked up as a whole name and as the beginning of one (`bot.lookup.keys`), with a region or country behind it
(`bot.lookup.regions`), as others would write it (`bot.lookup.variants`), and, where little is found, with slips
(`bot.lookup.typos`). What each kind of match is worth stands in `bot.lookup.scores`.
"""

import math
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice

import numpy as np

from bot.lookup.geography import distance_km
from bot.lookup.keys import ALIAS, LATER, OBSCURE, OWN, Keys, later_words
from bot.lookup.places import Place
from bot.lookup.regions import Regions
from bot.lookup.scores import (
    BEGUN,
    ELSEWHERE,
    HOME,
    LAST,
    NAME_AND_REGION,
    NEARLY,
    OTHER_NAME,
    OTHER_SPELLING,
    SLIP_IN_A_BEGINNING,
    SLIPS,
    WHOLE,
    Found,
    Hit,
    Name,
)
from bot.lookup.typos import Spelling
from bot.lookup.variants import variants
from db.names import fold

__all__ = ["CityIndex", "Hit", "Name"]

LONGEST_QUERY = 100  # a Discord option may be 6,000 characters long; no place's name is
ENOUGH = 5  # places whose names begin like this before spelling is questioned
MOST_WORDS = 8  # of a name, or of a region and country
MOST_NAMESAKES = 25
CODE = 3  # letters of an airport's or a city's code
TELLING = 6  # letters of a whole name that is hardly another one with a slip in it
SHORT = 2  # so few letters begin names, not words inside them


class CityIndex:
    """Finds places by any of their names, whatever the accents, case, hyphens and small slips."""

    def __init__(self, places: Iterable[Place], names: Iterable[Name], ties: dict[int, int]) -> None:
        self.places = {place.id: place for place in places}
        self.ties = ties  # place id → number of partnerships
        self._all = list(self.places.values())
        self._position = {place.id: at for at, place in enumerate(self._all)}
        people = np.array([math.log10(max(place.population or 0, 1)) for place in self._all], np.float32)
        partners = np.array([math.log2(1 + ties.get(place.id, 0)) for place in self._all], np.float32)
        self._weight = people + np.minimum(12, 4 * partners)  # up to 20: ties decide between namesakes, then people
        # Where a name is only like what was typed, how like it is must count for more than ties.
        self._faint_weight = people + partners * 2 / 5
        self._by_importance = np.argsort(-self._weight, kind="stable")
        self._regions = Regions(self._all)
        self._own_keys = [fold(place.name) for place in self._all]
        self._keys = Keys(*self._entries(names))
        inner = np.where(self._keys.how == LATER, np.float32(LAST), np.float32(0))
        self._keys.rank_by(BEGUN[self._keys.how] + inner + self._weight[self._keys.places])
        self._spelling = Spelling(self._keys.keys)

    def _entries(self, names: Iterable[Name]) -> tuple[list[str], list[int], list[int]]:
        """Each name, and the words inside a place's own name: its key, the position of its place, what it is to it."""
        keys: list[str] = []
        owners: list[int] = []
        how: list[int] = []
        for place_id, key, own, romanised in names:
            at = self._position.get(place_id)
            if at is None or not key:
                continue
            code = len(key) <= CODE and key.isascii() and place_id not in self.ties
            keys.append(key)
            owners.append(at)
            how.append(OWN if own else OBSCURE if romanised or code else ALIAS)
            for later in later_words(key) if own else ():
                keys.append(later)
                owners.append(at)
                how.append(LATER)
        return keys, owners, how

    def search(self, text: str, limit: int = 25, home: Collection[int] = ()) -> list[Hit]:
        """The likeliest places first; `home` are place ids to prefer (the server's city and its partners).

        An empty text gives the home places, then those with the most ties.
        """
        query = fold(text[:LONGEST_QUERY])
        if query:
            return self._hits(self._found(query, home), home, limit)
        first = [place_id for place_id in home if place_id in self.places]
        rest = (self._all[at].id for at in self._by_importance if self._all[at].id not in home)
        return [Hit(self.places[i], 0.0, False) for i in islice(chain(first, rest), limit)]

    def called(self, key: str) -> list[tuple[int, bool]]:
        """The places of which a folded text is a whole name: (place id, whether it is the name the place goes by)."""
        entries = self._keys.whole(key)
        pairs = zip(self._keys.places[entries].tolist(), self._keys.how[entries].tolist(), strict=True)
        return [(self._all[at].id, how == OWN) for at, how in pairs if how != LATER]

    def named(self, text: str, home: Collection[int] = (), *, fewest_words: int = 1) -> Place | None:
        """The place whose whole name stands among the words of a text: the longest such name, then the likeliest."""
        words = fold(text[: 10 * LONGEST_QUERY]).split()[:60]
        for length in range(min(MOST_WORDS, len(words)), fewest_words - 1, -1):
            spans = (" ".join(words[start : start + length]) for start in range(len(words) - length + 1))
            hits = [hit for span in spans for hit in self._telling(span, home)]
            if hits:
                return max(hits, key=lambda hit: hit.score).place
        return None

    def _telling(self, span: str, home: Collection[int]) -> list[Hit]:
        """Places that words out of a sentence name. Short aliases do not: airports' codes are words as well."""
        hits = self._hits(list(self._whole(span)), home, MOST_NAMESAKES)
        if span.isascii() and len(span) <= CODE:
            return [hit for hit in hits if hit.exact and len(span) == CODE and hit.score >= WHOLE[OWN]]
        return [hit for hit in hits if hit.exact and hit.score >= WHOLE[ALIAS] + NAME_AND_REGION]

    def nearest_with_ties(self, place: Place, count: int) -> list[Place]:
        """The closest places that have partnerships; where none can be measured, those of its country, the largest."""
        others = [self.places[i] for i in self.ties if i != place.id and i in self.places]
        if place.latitude is None or place.longitude is None:
            land, weight = place.country_code, self._weight
            return sorted(others, key=lambda one: (one.country_code != land, -weight[self._position[one.id]]))[:count]
        far = {other.id: km for other in others if (km := distance_km(place, other)) is not None}
        return sorted(others, key=lambda other: far.get(other.id, math.inf))[:count]

    def _hits(self, found: list[Found], home: Collection[int], limit: int) -> list[Hit]:
        """The best of each place, best first."""
        if not found:
            return []
        places = np.concatenate([some.places for some in found])
        scores = np.concatenate([some.scores for some in found])
        scores += np.where(scores > NEARLY, self._weight[places], self._faint_weight[places])
        group = np.repeat(np.arange(len(found)), [len(some.places) for some in found]).tolist()
        if home:
            at_home = np.array([self._position[i] for i in home if i in self._position], np.int32)
            scores[np.isin(places, at_home)] += HOME
        # "New York" begins New York City's own name, and is another whole name of it.
        exact = {place for some in found if some.exact for place in some.places.tolist()}
        hits: dict[int, Hit] = {}
        which, values = places.tolist(), scores.tolist()
        for at in np.argsort(-scores, kind="stable").tolist():
            place = which[at]
            if place not in hits:
                hits[place] = Hit(self._all[place], values[at], place in exact, found[group[at]].misspelt)
                if len(hits) == limit:
                    break
        return list(hits.values())

    def _found(self, query: str, home: Collection[int]) -> list[Found]:
        found = [*self._whole(query), *self._begun(query, home)]
        for spelling in variants(query):
            other = (*self._whole(spelling), *self._begun(spelling, home))
            found += [some._replace(scores=some.scores + np.float32(OTHER_SPELLING)) for some in other]
        if not found:
            for name, region in _splits(query):
                found += self._within(region, self._begun_all(name))
        if found and len(query) <= CODE:  # with a slip in it, so short a text may be anything
            return found
        whole = any(some.exact for some in found)
        if (whole and len(query) >= TELLING) or self._count(found) >= ENOUGH:
            return found
        return found + self._misspelt(query)

    def _count(self, found: list[Found]) -> int:
        """How many places go by a name that begins like this."""
        return len({place for some in found for place in some.places[some.scores > NEARLY].tolist()})

    def _whole(self, query: str) -> Iterator[Found]:
        """Places of which this is a whole name, with or without the region behind it."""
        yield from self._whole_name(query)
        for name, region in _splits(query):
            for some in self._within(region, self._whole_name(name)):
                yield some._replace(scores=some.scores + np.float32(NAME_AND_REGION))

    def _whole_name(self, key: str) -> Iterator[Found]:
        entries = self._keys.whole(key)
        if entries.stop > entries.start:
            places, how = self._keys.places[entries], self._keys.how[entries]
            for later in (False, True):  # the last words of a name are no whole name
                some = (how == LATER) == later
                if some.any():
                    yield Found(places[some], WHOLE[how[some]], not later)

    def _begun(self, query: str, home: Collection[int]) -> Iterator[Found]:
        """Places with a name, or a later word of one, that begins like this; of very many, the best."""
        entries = self._keys.best(*self._keys.range_of(query))
        if len(entries):
            how = self._keys.how[entries]
            last = np.float32(LAST if len(query) <= SHORT else 0) * (how == LATER)
            yield Found(self._keys.places[entries], BEGUN[how] + last, False)
        at_home = [self._position[i] for i in home if i in self._position]
        begun = [at for at in at_home if self._own_keys[at].startswith(query)]
        if begun:
            yield Found(np.array(begun, np.int32), np.full(len(begun), BEGUN[OWN]), False)

    def _begun_all(self, query: str) -> Iterator[Found]:
        entries = self._keys.begun(query)
        if entries.stop > entries.start:
            yield Found(self._keys.places[entries], BEGUN[self._keys.how[entries]], False)

    def _within(self, region: str, found: Iterable[Found]) -> Iterator[Found]:
        """Those that lie in the region or country which these words name, the last word perhaps unfinished."""
        for some in found:
            there = self._regions.within(region, some.places)
            if there is not None and there.any():
                yield some._replace(places=some.places[there], scores=some.scores[there])

    def _misspelt(self, query: str) -> list[Found]:
        """Places with a name, or the beginning of one, like this."""
        found = self._alike(query)
        for name, region in _splits(query):
            if known := self._regions.known(region):
                found += self._within(region, self._alike(name))
            if known or len(region) <= SHORT:  # no place of that name lies there, or the region is just begun
                elsewhere = (some.places for some in self._whole_name(name) if some.exact)
                found += [Found(at, np.full(len(at), NEARLY - ELSEWHERE, np.float32), False, True) for at in elsewhere]
        return found

    def _alike(self, query: str) -> list[Found]:
        near = self._spelling.near(query)
        entries, which = self._keys.of_keys(near.keys)
        found = [(entries, NEARLY - SLIPS[near.slips[which]])]
        for low, high in near.begun:
            best = self._keys.best(low, high)
            found.append((best, np.full(len(best), NEARLY - SLIP_IN_A_BEGINNING, np.float32)))
        places, how = self._keys.places, self._keys.how
        return [Found(places[some], scores - OTHER_NAME[how[some]], False, True) for some, scores in found]


def _splits(query: str) -> Iterator[tuple[str, str]]:
    """The ways to read a query as a name and the region behind it, each of a few words."""
    words = query.split(" ")
    for cut in range(max(1, len(words) - MOST_WORDS), min(len(words), MOST_WORDS + 1)):
        yield " ".join(words[:cut]), " ".join(words[cut:])
