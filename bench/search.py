"""Look-up beside other engines on the same strings: GeoNames' 50,000 places, and the shipped seed.

A hit is the wanted place among the first k places. Slow engines take only the first queries of each kind; the ratio of
each is to what ours does with those same queries.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from bench import corpus as corpora
from bench.corpus import Corpus
from bench.engines import jaro_winkler_all, ours, sorted_prefix, wratio_names
from bench.engines_sql import pg_trgm, postgresql, sqlite_trigram
from bench.engines_tantivy import tantivy
from bench.figures import OURS, Figure, ratio_of
from bench.measure import Answer, Measured, first_of_each_kind, measured_apart
from bench.queries import Query, queries
from bench.strings import Build, NotMeasured, own_names

PER_KIND = 200  # queries
WARMING_SEED = 1009
FEWER_TO_WARM = 4
RANKS = (1, 5, 25)
CEILING = "own-names-ceiling"

Say = Callable[[str], None]


class Subject(NamedTuple):
    """An engine under its name in the table, and how many queries of each kind it is asked."""

    name: str
    build: Build
    per_kind: int


SUBJECTS = [
    Subject(OURS, ours, PER_KIND),
    Subject("sorted-prefix", sorted_prefix, PER_KIND),
    Subject("sqlite-fts5-trigram", sqlite_trigram, 100),
    Subject("tantivy", tantivy, 100),
    Subject("rapidfuzz-wratio-names", wratio_names, 20),
    Subject("rapidfuzz-jaro-winkler-all", jaro_winkler_all, 8),
]
POSTGRESQL, POSTGRESQL_PER_KIND = "postgresql-pg-trgm", 50


def run(seed: int, say: Say) -> list[Figure]:
    """Measure every subject that is installed on each corpus; `seed` is that of the queries."""
    figures: list[Figure] = []
    with ExitStack() as stack:
        subjects = list(SUBJECTS)
        try:
            address = stack.enter_context(postgresql())
            subjects.append(Subject(POSTGRESQL, partial(pg_trgm, address), POSTGRESQL_PER_KIND))
        except NotMeasured as reason:
            say(f"{POSTGRESQL} is not measured: {reason}")
        for bench, load in (("search", corpora.geonames), ("search-seed", corpora.seed)):
            try:
                figures += on_corpus(bench, load(), subjects, seed, say)
            except ModuleNotFoundError as missing:
                say(f"{bench} is not measured: {missing.name} is not installed: see `make bench`")
    return figures


def on_corpus(bench: str, corpus: Corpus, subjects: Sequence[Subject], seed: int, say: Say) -> list[Figure]:
    """The figures of all subjects on one corpus; ours must be the first."""
    asked, warming = queries(corpus, PER_KIND, seed), queries(corpus, PER_KIND // FEWER_TO_WARM, WARMING_SEED)
    figures: list[Figure] = []
    base: Measured | None = None
    for subject in subjects:
        say(f"{bench}: {subject.name}")
        warm = first_of_each_kind(warming, subject.per_kind // FEWER_TO_WARM)
        try:
            some = measured_apart(subject.build, corpus, warm, first_of_each_kind(asked, subject.per_kind))
        except NotMeasured as reason:
            say(f"{subject.name} is not measured: {reason}")
            continue
        base = base or some
        figures += figures_of(bench, subject.name, some, base, subject.per_kind)
    return figures + (by_kind(bench, corpus, asked, base.answers) if base else [])


def figures_of(bench: str, name: str, some: Measured, base: Measured, per_kind: int) -> list[Figure]:
    """What one subject did, with ratios to what ours did with the same queries."""
    compared = values(first_of_each_kind(base.answers, per_kind)) | holdings(base)
    mine = values(some.answers) | holdings(some)
    figures = [Figure(bench, name, "queries", len(some.answers), "count")]
    for (figure, unit), value in mine.items():
        figures.append(Figure(bench, name, figure, value, unit, ratio_of(value, compared.get((figure, unit)))))
    return figures


def values(answers: Sequence[Answer]) -> dict[tuple[str, str], float]:
    """Recall at each rank, and the middle and the slowest but one in a hundred times, by figure and unit."""
    times = sorted(answer.milliseconds for answer in answers)
    shares = {(f"recall@{rank}", "share"): recall(answers, rank) for rank in RANKS}
    middle, slow = times[len(times) // 2], times[int(len(times) * 0.99)]
    return shares | {("p50", "ms"): round(middle, 3), ("p99", "ms"): round(slow, 3)}


def holdings(some: Measured) -> dict[tuple[str, str], float]:
    """What it takes to have the engine, by figure and unit; without what is not known."""
    known = {("build", "s"): some.build, ("memory", "MiB"): some.memory, ("disk", "MiB"): some.disk}
    return {name: round(value, 2) for name, value in known.items() if value is not None}


def recall(answers: Sequence[Answer], rank: int) -> float:
    """The share of queries whose place stands among the first so many."""
    return round(sum(answer.at is not None and answer.at < rank for answer in answers) / len(answers), 3)


def by_kind(bench: str, corpus: Corpus, asked: Sequence[Query], answers: Sequence[Answer]) -> list[Figure]:
    """Our recall for each kind of query, and for beginnings the most there can be."""
    figures = []
    ceiling = list(ceiling_answers(corpus, asked))
    for kind in dict.fromkeys(query.kind for query in asked):
        for subject, some in ((OURS, answers), (CEILING, ceiling)):
            mine = [answer for answer in some if answer.kind == kind]
            for rank in RANKS if mine else ():
                value = recall(mine, rank)
                of_ours = recall([answer for answer in answers if answer.kind == kind], rank)
                figures.append(Figure(bench, subject, f"recall@{rank}", value, "share", ratio_of(value, of_ours), kind))
    return figures


def ceiling_answers(corpus: Corpus, asked: Sequence[Query]) -> Iterator[Answer]:
    """What an oracle makes of beginnings: it knows that only own names are typed, and takes places by population."""
    with sorted_prefix(corpus, own_names(corpus)) as oracle:
        for query in asked:
            if query.kind.startswith("prefix ") and query.kind[-1].isdigit():
                found = oracle.search(query.text)
                yield Answer(query.kind, found.index(query.place_id) if query.place_id in found else None, 0)
