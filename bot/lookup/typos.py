"""Finding misspelt names: which sorted keys are within two slips of what was typed. Pure; numpy and rapidfuzz.

A slip is a letter too many, missing, wrong, or swapped with its neighbour (optimal string alignment).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.lookup.keys import range_of

SHORTEST, LONGEST = 3, 7  # letters of the beginnings in which one slip is looked for
SHORTEST_WITH_TWO_SLIPS = 5
ENOUGH = 5  # names within one slip before two are allowed
MOST_KEYS = 500  # compared letter by letter
ALPHABET, COMMON = "abcdefghijklmnopqrstuvwxyz", "aeionrtslukhmg"
ONCE_AND_TWICE = len(ALPHABET) + len(COMMON)
BASE = 0x9E3779B97F4A7C15  # odd, so that all its powers differ modulo 2^64
FULL = (1 << 64) - 1

Ids = NDArray[np.int64]
Codes = NDArray[np.uint64]
Beginning = tuple[int, int, int]  # the first key with it, the key after the last, how many letters it has


@dataclass(frozen=True, slots=True)
class Near:
    """What is like a query: keys by number with the slips in them, and ranges of keys that begin with one slip."""

    keys: Ids
    slips: NDArray[np.int32]
    begun: list[tuple[int, int]]


class Spelling:
    """Built once over sorted distinct keys; `near` answers in some tenths of a millisecond."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = keys
        self._lengths = np.fromiter(map(len, keys), np.int32, len(keys))
        text = np.frombuffer("".join(keys).encode("utf-32-le"), np.uint32)
        starts = np.concatenate(([0], np.cumsum(self._lengths)))[:-1]
        self._beginnings, self._hashes, self._of_hash = _one_letter_left_out(text, starts, self._lengths)
        self._by_length = np.argsort(self._lengths, kind="stable").astype(np.int32)
        sizes = np.arange(self._lengths.max(initial=0) + 2)
        self._length_starts = np.searchsorted(self._lengths[self._by_length], sizes)
        self._letters = _letters(text, starts)[self._by_length]

    def near(self, query: str) -> Near:
        """Keys within one slip of the query, whole or begun; whole ones within two where few are that close."""
        alike = self._alike(query[:LONGEST])
        ids = self._of_length(alike, len(query) - 1, len(query) + 1)
        slips = self._slips(query, ids, 1)
        if len(query) > LONGEST:
            begun = self._begun_beyond(query, alike)
        else:
            begun = [at[:2] for at in alike if OSA.distance(query, self._keys[at[0]][: at[2]], score_cutoff=1) <= 1]
        close = slips <= 1
        if close.sum() < ENOUGH and len(query) >= SHORTEST_WITH_TWO_SLIPS:
            return Near(*self._two_slips(query), begun)
        return Near(ids[close], slips[close], begun)

    def _alike(self, start: str) -> list[Beginning]:
        """The beginnings that become the query's when at most one letter is left out of either."""
        alike: set[Beginning] = set()
        shorter = _left_out(start)
        for part in (start, *shorter):
            low, high = range_of(self._keys, part)
            if len(part) >= SHORTEST and high > low:
                alike.add((low, high, len(part)))
        wanted = np.array([_hash(part) for part in (start, *shorter)], np.uint32)
        firsts, lasts = np.searchsorted(self._hashes, wanted), np.searchsorted(self._hashes, wanted, "right")
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            low, high, size = self._beginnings[:, self._of_hash[first:last]].tolist()
            alike.update(zip(low, high, size, strict=True))
        return sorted(alike, key=lambda at: at[1] - at[0])

    def _of_length(self, alike: list[Beginning], shortest: int, longest: int) -> Ids:
        """The keys of these lengths with one of the beginnings; of too many, those with the rarest beginnings."""
        ids = np.concatenate([np.arange(low, high) for low, high, _ in alike] or [np.zeros(0, np.int64)])
        lengths = self._lengths[ids]
        return np.unique(ids[(lengths >= shortest) & (lengths <= longest)][:MOST_KEYS])

    def _slips(self, query: str, ids: Ids, most: int) -> NDArray[np.int32]:
        """The slips between the query and each key; more than `most` count as one more."""
        some = [self._keys[at] for at in ids.tolist()]
        if not some:
            return np.zeros(0, np.int32)
        table: NDArray[np.int32] = process.cdist([query], some, scorer=OSA.distance, score_cutoff=most, dtype=np.int32)
        slips: NDArray[np.int32] = table[0]
        return slips

    def _begun_beyond(self, query: str, alike: list[Beginning]) -> list[tuple[int, int]]:
        """Single keys whose beginning, as long as the query, is one slip from it."""
        size = len(query)
        ids = self._of_length(alike, size, 1_000).tolist()
        cuts = {self._keys[at][:end]: at for at in ids for end in (size - 1, size, size + 1)}
        return [range_of(self._keys, cut) for cut in cuts if OSA.distance(query, cut, score_cutoff=1) <= 1]

    def _two_slips(self, query: str) -> tuple[Ids, NDArray[np.int32]]:
        """The keys within two slips, which change at most four of the bits that say which letters there are."""
        size, ends = len(query), self._length_starts
        low, high = ends[min(max(size - 2, 0), len(ends) - 1)], ends[min(size + 3, len(ends) - 1)]
        differences = np.bitwise_count(self._letters[low:high] ^ np.uint64(_letters_of(query)))
        survivors = np.flatnonzero(differences <= 4)
        if len(survivors) > MOST_KEYS:
            survivors = survivors[np.argsort(differences[survivors], kind="stable")[:MOST_KEYS]]
        ids = self._by_length[low:high][survivors].astype(np.int64)
        slips = self._slips(query, ids, 2)
        return ids[slips <= 2], slips[slips <= 2]


def _left_out(word: str) -> set[str]:
    """The word without each of its letters in turn."""
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def _hash(word: str) -> int:
    value = sum((ord(letter) + 1) * pow(BASE, power, 1 << 64) for power, letter in enumerate(word)) & FULL
    return (((value ^ (value >> 29)) * BASE) & FULL) >> 32


def _one_letter_left_out(
    text: NDArray[np.uint32], starts: Ids, lengths: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.uint32], NDArray[np.int32]]:
    """For every beginning of 3 to 7 letters, the hashes of it without each of its letters in turn.

    Returns the beginnings (three rows: see `Beginning`), sorted hashes, and for each hash which beginning it is of.
    """
    count = len(starts)
    letters = np.zeros((LONGEST, count), np.uint64)  # the first letters of each key plus one, 0 past its end
    for column in range(LONGEST):
        there = lengths > column
        letters[column, there] = text[starts[there] + column].astype(np.uint64) + np.uint64(1)
    changed = np.arange(count) == 0  # whether the first letters differ from the key's before
    beginnings, hashes, total = [], [], 0
    for size in range(1, LONGEST + 1):
        changed[1:] |= letters[size - 1, 1:] != letters[size - 1, :-1]
        if size < SHORTEST:
            continue
        first = np.flatnonzero(changed)
        ends = np.append(first[1:], count)[: len(first)]
        there = letters[size - 1, first] != 0
        first, ends = first[there], ends[there]
        beginnings.append(np.stack((first, ends, np.full(len(first), size))).astype(np.int32))
        number = np.arange(total, total + len(first), dtype=np.uint64)
        total += len(first)
        hashes += [_hashes(letters[:size, first], out) << np.uint64(32) | number for out in range(size)]
    every = np.concatenate(hashes)
    every.sort()
    return (
        np.concatenate(beginnings, axis=1),
        (every >> np.uint64(32)).astype(np.uint32),
        (every & np.uint64(0xFFFFFFFF)).astype(np.int32),
    )


def _hashes(letters: Codes, out: int) -> Codes:
    """The hash of each column of letters without the letter `out`: the same as `_hash` of that word."""
    value = np.zeros(letters.shape[1], np.uint64)
    for power, row in enumerate([row for row in range(len(letters)) if row != out]):
        value += letters[row] * np.uint64(pow(BASE, power, 1 << 64))
    mixed: Codes = ((value ^ (value >> np.uint64(29))) * np.uint64(BASE)) >> np.uint64(32)
    return mixed


def _letters_of(word: str) -> int:
    """64 bits that say which letters a word has, and the common ones twice; one slip changes two of them at most."""
    bits = 0
    for letter in word:
        at = ALPHABET.find(letter)
        bit = 1 << (at if at >= 0 else ONCE_AND_TWICE + ord(letter) % (64 - ONCE_AND_TWICE))
        if bits & bit and letter in COMMON:
            bits |= 1 << (len(ALPHABET) + COMMON.index(letter))
        bits |= bit
    return bits


def _letters(text: NDArray[np.uint32], starts: Ids) -> Codes:
    """`_letters_of` every key."""
    if not len(starts):
        return np.zeros(0, np.uint64)
    bit = np.full(128, 255, np.uint8)
    bit[[ord(letter) for letter in ALPHABET]] = np.arange(len(ALPHABET))
    others = (ONCE_AND_TWICE + text % np.uint32(64 - ONCE_AND_TWICE)).astype(np.uint8)
    which = np.where(text < 128, bit[np.minimum(text, 127)], 255)
    which = np.where(which == 255, others, which)
    bits: Codes = np.bitwise_or.reduceat(np.uint64(1) << which.astype(np.uint64), starts)
    for at, letter in enumerate(COMMON):
        twice = np.add.reduceat(text == ord(letter), starts, dtype=np.uint8) > 1
        bits |= twice.astype(np.uint64) << np.uint64(len(ALPHABET) + at)
    return bits
