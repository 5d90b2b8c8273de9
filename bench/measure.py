"""Measuring one engine in a process of its own: its time to build, its memory, and where it puts the wanted place."""

import ctypes
import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol, TypeVar

from bench.corpus import Corpus
from bench.queries import Query
from bench.strings import Build, all_strings

PAGE = 4096  # bytes


@dataclass(frozen=True)
class Answer:
    """Where the wanted place stands among those found, from 0, None if it is not there; in how many milliseconds."""

    kind: str
    at: int | None
    milliseconds: float


@dataclass(frozen=True)
class Measured:
    """What one engine did: seconds to build, MiB held in memory or kept on disk (None: not known), and its answers."""

    build: float
    memory: float | None
    disk: float | None
    answers: list[Answer]


class OfAKind(Protocol):
    """A query or the answer to one."""

    @property
    def kind(self) -> str: ...


Item = TypeVar("Item", bound=OfAKind)


def first_of_each_kind(items: Iterable[Item], count: int) -> list[Item]:
    """The first so many of each kind, in the order they come."""
    taken: defaultdict[str, int] = defaultdict(int)
    chosen = []
    for item in items:
        taken[item.kind] += 1
        if taken[item.kind] <= count:
            chosen.append(item)
    return chosen


def measured_apart(build: Build, corpus: Corpus, warming: Sequence[Query], asked: Sequence[Query]) -> Measured:
    """Measure in a new process, so that no engine finds another's memory or leaves its own behind."""
    needed = replace(corpus, written={})
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(measured, build, needed, warming, asked).result()


def measured(build: Build, corpus: Corpus, warming: Sequence[Query], asked: Sequence[Query]) -> Measured:
    """Build the engine, warm it up with other queries, and ask one query after the other."""
    strings = all_strings(corpus)
    before = resident()
    gc.freeze()  # what was here before is none of its business
    started = time.perf_counter()
    with build(corpus, strings) as built:
        seconds = time.perf_counter() - started
        for query in warming:
            built.search(query.text)
        answers = [_answer(built.search, query) for query in asked]
        after = resident()
    gc.unfreeze()
    held = after - before if before is not None and after is not None and built.disk is None else None
    return Measured(seconds, held, built.disk, answers)


def _answer(search: Callable[[str], list[int]], query: Query) -> Answer:
    started = time.perf_counter()
    found = search(query.text)
    milliseconds = (time.perf_counter() - started) * 1000
    return Answer(query.kind, found.index(query.place_id) if query.place_id in found else None, milliseconds)


def resident() -> float | None:
    """MiB of memory that this process holds, freed pages given back; None where the system does not tell so simply."""
    gc.collect()
    if sys.platform != "linux":
        return None
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it
    if trim:
        trim(0)
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 2**20
