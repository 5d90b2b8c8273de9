"""Finding things by what they are called, whole or begun, fast enough for every keystroke (pure)."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.lookup.keys import later_words, range_of
from db.names import fold

LONGEST_TYPED = 100
SUGGESTIONS = 5
ALIKE = 0.6  # from 0 to 1: a name less like what was typed is not suggested
WHOLE, BEGUN, INNER, FAINT = 0, 1, 2, 3  # how what was typed is found in a name, best first

T = TypeVar("T", bound=Hashable)


class Called(Generic[T]):
    """Things by their folded names; of those found equally well, the heavier come first."""

    def __init__(self, weight: Mapping[T, int], keys_of: Callable[[T], Collection[str]]) -> None:
        self._things = sorted(weight, key=lambda thing: -weight[thing])
        named = {(key, at) for at, thing in enumerate(self._things) for key in keys_of(thing)}
        inner = {(later, at) for key, at in named for later in later_words(key)}
        self._whole = _Sorted(named)
        self._inner = _Sorted(inner)

    def find(self, text: str) -> list[tuple[int, T]]:
        """(how well, which) of what goes by a text, best first; if nothing does, the names most like it."""
        typed = fold(text[:LONGEST_TYPED])
        if not typed:
            return [(BEGUN, thing) for thing in self._things]
        ranks = dict.fromkeys(self._inner.begun(typed), INNER)
        ranks |= dict.fromkeys(self._whole.begun(typed), BEGUN)
        ranks |= dict.fromkeys(self._whole.called(typed), WHOLE)
        if ranks:
            return [(rank, self._things[at]) for rank, at in sorted((rank, at) for at, rank in ranks.items())]
        return [(FAINT, self._things[at]) for at in self._alike(typed)]

    def _alike(self, typed: str) -> list[int]:
        found = process.extract(
            typed, self._whole.keys, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=None
        )
        best: dict[int, float] = {}
        for _, score, entry in found:
            at = self._whole.owners[entry]
            best[at] = max(score, best.get(at, 0))
        return sorted(best, key=lambda at: (-best[at], at))[:SUGGESTIONS]


class _Sorted:
    """Names in order, each with the position of what goes by it."""

    def __init__(self, named: Collection[tuple[str, int]]) -> None:
        self.keys = [key for key, _ in sorted(named)]
        self.owners = [at for _, at in sorted(named)]

    def begun(self, typed: str) -> list[int]:
        return self.owners[slice(*range_of(self.keys, typed))]

    def called(self, typed: str) -> list[int]:
        return self.owners[bisect_left(self.keys, typed) : bisect_left(self.keys, typed + "\0")]
