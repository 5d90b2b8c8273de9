"""Who is measured: our index, and engines in memory that a bot might use instead. Each is built within a `with`."""

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from heapq import nsmallest

from bench.corpus import Corpus
from bench.strings import MOST_HITS, MOST_STRINGS, Built, Strings, own_names
from bot.lookup.search import CityIndex
from db.names import fold

END = "\U0010ffff"  # sorts after every letter


@contextmanager
def ours(corpus: Corpus, _strings: Strings) -> Iterator[Built]:
    """The index of the bot."""
    index = CityIndex(corpus.places, corpus.names, corpus.ties)
    yield Built(lambda text: [hit.place.id for hit in index.search(text, MOST_HITS)])


@contextmanager
def sorted_prefix(_corpus: Corpus, strings: Strings) -> Iterator[Built]:
    """The strings in order, and bisection: all that begin like this, by population."""
    order = sorted(range(len(strings.keys)), key=strings.keys.__getitem__)
    keys = [strings.keys[position] for position in order]

    def search(text: str) -> list[int]:
        query = fold(text)
        low, high = bisect_left(keys, query), bisect_left(keys, query + END)
        return strings.places(nsmallest(MOST_STRINGS, order[low:high]))

    yield Built(search)


@contextmanager
def wratio_names(corpus: Corpus, _strings: Strings) -> Iterator[Built]:
    """What bots usually do: rapidfuzz's best guess at each place's own name."""
    from rapidfuzz import fuzz, process

    names = own_names(corpus)

    def search(text: str) -> list[int]:
        found = process.extract(fold(text), names.keys, scorer=fuzz.WRatio, limit=MOST_HITS)
        return names.places(position for _, _, position in found)

    yield Built(search)


@contextmanager
def jaro_winkler_all(_corpus: Corpus, strings: Strings) -> Iterator[Built]:
    """rapidfuzz's Jaro-Winkler similarity to every string."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    def search(text: str) -> list[int]:
        found = process.extract(fold(text), strings.keys, scorer=JaroWinkler.similarity, limit=MOST_STRINGS)
        return strings.places(position for _, _, position in found)

    yield Built(search)
