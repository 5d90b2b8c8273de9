"""All folded names in order, and whose they are: whole names and beginnings in some microseconds. Pure; numpy."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

OWN, ALIAS, LATER, OBSCURE = range(4)  # what a key is to a place
END = "\U0010ffff"  # sorts after every letter
MANY = 256  # entries of a beginning that are ranked when asked; of more, the best places are remembered
HEAD = 64  # places remembered of such a beginning

Entries = NDArray[np.int64]


def range_of(ordered: Sequence[str], beginning: str) -> tuple[int, int]:
    """The first of sorted words with a beginning and the one after the last, by number."""
    low = bisect_left(ordered, beginning)
    return low, bisect_left(ordered, beginning + END, low)


def later_words(key: str) -> Iterator[str]:
    """The rest of a name from each word but the first: "of columbia" and "columbia"."""
    start = key.find(" ")
    while start != -1:
        yield key[start + 1 :]
        start = key.find(" ", start + 1)


class Keys:
    """Sorted distinct keys; to each its entries: the position of a place, and what the key is to it.

    A key is a place's OWN name; an ALIAS that people use; what is LATER in a name, after a space; or OBSCURE: a
    machine's romanisation, or a code of a place without ties.
    """

    def __init__(self, keys: Sequence[str], places: Sequence[int], how: Sequence[int]) -> None:
        """One entry of each sequence per name: its folded key, its place's position, what it is to it."""
        self.keys = sorted(set(keys))
        number = {key: at for at, key in enumerate(self.keys)}
        of_entry = np.fromiter(map(number.__getitem__, keys), np.int32, len(keys))
        order = np.argsort(of_entry, kind="stable")
        self._starts = np.searchsorted(of_entry[order], np.arange(len(self.keys) + 1)).astype(np.int32)
        self.places = np.asarray(places, np.int32)[order]
        self.how = np.asarray(how, np.uint8)[order]
        self._heads: dict[tuple[int, int], Entries] = {}
        self._rank = np.zeros(0, np.float32)

    def rank_by(self, score: NDArray[np.float32]) -> None:
        """Give each entry the score by which beginnings of many names keep their best."""
        self._rank = score
        self._heads.clear()

    def whole(self, key: str) -> slice:
        """The entries of a whole key."""
        at = bisect_left(self.keys, key)
        if at == len(self.keys) or self.keys[at] != key:
            return slice(0, 0)
        return slice(int(self._starts[at]), int(self._starts[at + 1]))

    def begun(self, prefix: str) -> slice:
        """The entries of all keys with this beginning."""
        return self.entries(*self.range_of(prefix))

    def range_of(self, prefix: str) -> tuple[int, int]:
        """The first key with this beginning and the one after the last, by number."""
        return range_of(self.keys, prefix)

    def entries(self, low: int, high: int) -> slice:
        """The entries of a range of keys."""
        return slice(int(self._starts[low]), int(self._starts[high]))

    def best(self, low: int, high: int) -> Entries:
        """The entries of a range of keys; where they are many, those of the best places only."""
        found = self.entries(low, high)
        if found.stop - found.start <= MANY:
            return np.arange(found.start, found.stop)
        head = self._heads.get((low, high))
        if head is None:
            head = self._heads[low, high] = self._head(found)
        return head

    def of_keys(self, numbers: Entries) -> tuple[Entries, Entries]:
        """The entries of keys by their numbers, and for each entry which of the numbers it belongs to."""
        first, last = self._starts[numbers], self._starts[numbers + 1]
        sizes = last - first
        which = np.repeat(np.arange(len(numbers)), sizes)
        return np.arange(int(sizes.sum())) + np.repeat(first - (np.cumsum(sizes) - sizes), sizes), which

    def _head(self, found: slice) -> Entries:
        """The entries of the best places, the best first."""
        rank = -self._rank[found]
        for some in (8 * HEAD, len(rank)):  # a place may have many names that begin alike
            few = np.argpartition(rank, some)[:some] if some < len(rank) else np.arange(len(rank))
            ranked = found.start + few[np.argsort(rank[few], kind="stable")]
            _, firsts = np.unique(self.places[ranked], return_index=True)
            if len(firsts) >= HEAD:
                break
        best: Entries = ranked[np.sort(firsts)[:HEAD]]
        return best
