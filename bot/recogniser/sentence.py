"""The words of a text as the recogniser of places reads them: with their case, and what stands between them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from bot.plain_text import visible
from db.names import fold

LONGEST_TEXT = 6_000  # characters that are read of a text
MOST_WORDS = 1_200
LONGEST_NAME, LONGEST_IN_LOWER_CASE = 6, 3  # words of a name

# Addresses, mentions, handles, hosts: no words. Each begins where a word may and is bounded, so none takes long.
NOISE = re.compile(
    r"https?://\S+|<[@#:/a][^>\s]{0,80}>|(?<![\w@])@\w+|(?<!\S)[^\s@]{1,64}@\S+"
    r"|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,6}(?![\w-])"
)
FORMAT = re.compile(r"[*_~`|#\\]+|[\u0300-\u036f]+")
DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")  # "D.C.", "U.S."
WORD = re.compile(r"[^\W_]+(?:['’ʻʼ][^\W_]+)*")
SENTENCE = re.compile(r"[.!?:;\n•“”\"«»„—…。！？]|\s[-–]\s")
JOINED = re.compile(r"[ \u00a0]|[-–]|\. ?| \(")  # "Winston-Salem", "St. Louis", "Halle (Saale)"
SMALL_WORDS = frozenset(
    "a an and as at by das de der die e et for from in is la le of on or the to und with y".split(" ")  # noqa: SIM905
)
SHORTENED = frozenset(("st", "ste", "ft", "mt"))
TITLES = frozenset(("dr", "mr", "mrs", "ms", "prof", "gen", "gov", "sen", "rev"))
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


class Case(Enum):
    """How a sentence is written, which says how much a capital means in it."""

    PLAIN = "plain"
    HEADLINE = "headline"  # Most Words Are Capitalised
    SHOUT = "shout"  # ALL OF THEM ARE
    QUIET = "quiet"  # none is, as in chat


@dataclass(frozen=True, slots=True)
class Word:
    """A word; `gap` is what stands before it, `opens` whether a sentence begins with it."""

    text: str
    key: str
    gap: str
    opens: bool
    sentence: int

    @property
    def capital(self) -> bool:
        """Whether it has a capital, as in "d'Alene", or is of a script that has none."""
        return not self.text.islower()

    @property
    def cased(self) -> bool:
        """Whether its script has capitals."""
        return self.text[0].islower() or self.text[0].isupper()

    @property
    def bare(self) -> str:
        """Its key without the "'s" of a possessive."""
        return fold(POSSESSIVE.sub("", self.text))


@dataclass(frozen=True, slots=True)
class Sentences:
    """The words of a text, and the case of each sentence by its number."""

    words: tuple[Word, ...]
    cases: tuple[Case, ...]

    def case(self, word: Word) -> Case:
        """The case of the sentence that a word stands in."""
        return self.cases[word.sentence]

    def joined(self, at: int) -> bool:
        """Whether a word may belong to one name with the word before it."""
        if at <= 0 or at >= len(self.words):
            return False
        word, before = self.words[at], self.words[at - 1]
        if not JOINED.fullmatch(word.gap):
            return False
        return not word.gap.startswith(".") or before.key in SHORTENED


def clean(text: str) -> str:
    """The text without what only formats, hides, links or mentions; line by line, in composed letters."""
    lines = (visible(line) for line in text[:LONGEST_TEXT].splitlines())
    text = unicodedata.normalize("NFC", "\n".join(lines))
    text = FORMAT.sub("", NOISE.sub(" ; ", text))
    return DOTTED.sub(lambda found: found[0].replace(".", ""), text)


def sentences(text: str) -> Sentences:
    """The words of a cleaned text, at most the first 1,200."""
    words = tuple(_words(text))
    quiet = not any(word.cased and word.capital and not word.opens and word.key != "i" for word in words)
    grouped: list[list[Word]] = []
    for word in words:
        if word.opens:
            grouped.append([])
        grouped[-1].append(word)
    return Sentences(words, tuple(_case(some, quiet) for some in grouped))


def name_ends(read: Sentences, start: int) -> Iterator[int]:
    """Where a name that begins here may end, the longest first."""
    word = read.words[start]
    if not word.capital and (read.case(word) is not Case.QUIET or word.key in SMALL_WORDS):
        return
    most = LONGEST_NAME if word.capital else LONGEST_IN_LOWER_CASE
    end = start + 1
    while end < start + most and read.joined(end) and not read.words[end].opens:
        end += 1
    for stop in range(end, start, -1):
        last = read.words[stop - 1]
        if last.capital or not (word.capital or last.key in SMALL_WORDS):
            yield stop


def name_keys(words: tuple[Word, ...]) -> Iterator[str]:
    """The folded name that words may be: as they stand, without "'s", without the genitive of German."""
    *first, last = words
    before = "".join(f"{word.key} " for word in first)
    yield before + last.key
    if last.bare != last.key:
        yield before + last.bare
    elif len(last.key) > 6 and last.key.endswith("s"):
        yield before + last.key[:-1]


def _words(text: str) -> Iterator[Word]:
    end, number = 0, -1
    for count, found in enumerate(WORD.finditer(text)):
        if count == MOST_WORDS:
            return
        gap = text[end : found.start()]
        before = text[:end].rpartition(" ")[2].casefold() if "." in gap else ""
        shortened = gap == ". " and (before in SHORTENED | TITLES or len(before) == 1)
        opens = count == 0 or (not shortened and SENTENCE.search(gap) is not None)
        number += opens
        end = found.end()
        yield Word(found[0], fold(found[0]), gap, opens, number)


def _case(words: list[Word], quiet: bool) -> Case:
    cased = [word for word in words if word.cased and len(word.text) > 1]
    if len(cased) > 1 and sum(word.text.isupper() for word in cased) > 0.7 * len(cased):
        return Case.SHOUT
    if quiet:
        return Case.QUIET
    later = [word for word in cased if not word.opens]
    if len(later) > 1 and all(word.capital or word.key in SMALL_WORDS for word in later):
        return Case.HEADLINE
    return Case.PLAIN
