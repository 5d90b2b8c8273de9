"""What the words around a name say: that it is a place, or that it is a person, a thing or another place."""

from collections.abc import Iterator
from enum import Enum, IntEnum

from bot.recogniser.ambiguous_words import (
    AND_WORDS,
    CITY_AFTER,
    CITY_BEFORE,
    CITY_VERBS,
    FIRST_OF_TWO,
    FROM_WORDS,
    GIVEN,
    IN_WORDS,
    LINKS,
    OF_A_CITY,
    OPENERS,
    OTHER_AFTER,
    OTHER_BEFORE,
    PERSON_AFTER,
    THINGS,
    TITLES,
    TOPICS,
)
from bot.recogniser.sentence import Case, Sentences, Word

WORDS_LIKE_CODES = frozenset(
    "am an as at be by de do es et go he if in is it la me my ne no on or se si so to un up us we".split(" ")  # noqa: SIM905
)
REACH = 8  # words around a name among which its topic is looked for


class Hint(IntEnum):
    """How strongly the words around a name say that it is a place."""

    NONE = 0
    TOPIC = 1  # "students from …", in a sentence about exchanges
    PLACE = 2  # "in …"
    CITY = 3  # "the mayor of …", "… City Council"


def hint(read: Sentences, start: int, end: int) -> Hint:
    """What speaks for a place in the words around those from `start` up to `end`."""
    before = list(_before(read, start))
    after = _next(read, end)
    if _says_city(before, read.words[end - 1], after):
        return Hint.CITY
    if before and before[0].key in IN_WORDS:
        return Hint.PLACE
    leads = bool(before) and before[0].key in FROM_WORDS
    acts = read.words[start].opens and after is not None and after.key in CITY_VERBS
    return Hint.TOPIC if (leads or acts) and _on_topic(read, start, end) else Hint.NONE


class Beside(Enum):
    """How two names stand side by side in an enumeration, if they do."""

    NOT = "not"
    COMMA = "comma"
    AND = "and"


def neighbours(read: Sentences, start: int, end: int, other_start: int, other_end: int) -> Beside:
    """How the names in these two ranges of words stand to each other."""
    first, second = (end, other_start) if start < other_start else (other_end, start)
    if not 0 <= second - first <= 1 or any(word.opens for word in read.words[first : second + 1]):
        return Beside.NOT
    gap = read.words[second].gap
    if first == second:
        return Beside.AND if gap in ("-", "–", " & ", "/", " / ") else Beside.COMMA if gap == ", " else Beside.NOT
    link = read.words[first]
    return Beside.AND if link.key in AND_WORDS and gap == " " and link.gap in (" ", ", ") else Beside.NOT


def refused(read: Sentences, start: int, end: int, doubtful: bool) -> bool:
    """Whether the words around a name make it something else; a doubtful name stands no other name beside it."""
    case = read.case(read.words[start])
    beside = start > 0 and not read.words[start].opens and read.words[start].gap in (" ", "-", ". ")
    before = read.words[start - 1] if beside else None
    after = _next(read, end)
    if before is not None and before.capital and _makes_another(before):
        return True
    if after is not None and _of_another(read, end, after):
        return True
    if case is not Case.PLAIN:
        return False
    alone = doubtful or (end - start == 1 and read.words[start].key in FIRST_OF_TWO)
    if alone and after is not None and after.cased and after.capital and after.gap == " ":
        return after.key not in CITY_AFTER and not _possessive(read.words[end - 1])
    return (
        doubtful
        and before is not None
        and (before.cased and before.capital and before.gap != "-" and not before.opens)
        and not (before.key in CITY_BEFORE or before.key.endswith("stadt"))
        and before.key not in IN_WORDS | FROM_WORDS
    )


def _makes_another(before: Word) -> bool:
    if before.key in OTHER_BEFORE:
        return not (before.opens and before.key in OPENERS)
    initial = len(before.text) == 1 and before.text.isascii() and before.text not in "IA"
    return initial or before.key in TITLES or before.key in GIVEN


def _of_another(read: Sentences, end: int, after: Word) -> bool:
    name = read.words[end - 1]
    if name.key == "houston" and after.key == "we":
        return True
    if after.gap not in (" ", "-") or _possessive(name):
        return False
    return after.key in THINGS or (after.key in OTHER_AFTER and after.capital)


def written_as_region(read: Sentences, words: tuple[Word, ...], key: str, *, apart: bool, dotted: bool) -> bool:
    """Short forms must be capitals, end with a dot, or be no words: "Portland or Seattle" is not in Oregon."""
    if len(key) <= 3:
        if read.case(words[0]) is Case.QUIET:
            return key not in WORDS_LIKE_CODES
        capitals = words[0].text.isupper() and read.case(words[0]) is not Case.SHOUT
        return capitals or (words[0].capital and (dotted or (len(key) == 3 and apart)))
    return words[0].capital or read.case(words[0]) is Case.QUIET


def acts_as_person(read: Sentences, end: int) -> bool:
    """Whether what follows a name is said of people only: "Austin told us"."""
    after = _next(read, end)
    return after is not None and after.gap == " " and after.key in PERSON_AFTER


def _says_city(before: list[Word], name: Word, after: Word | None) -> bool:
    if before and before[0].key in CITY_BEFORE:
        return True
    if len(before) > 1 and before[0].key in LINKS and before[0].key != "in":
        said = before[1:3] if before[1].key in LINKS else before[1:2]
        if any(word.key in OF_A_CITY for word in said):
            return True
    if after is None:
        return False
    if _possessive(name) or after.gap == "-":
        return after.key in CITY_AFTER
    return after.key in CITY_AFTER and after.capital and after.gap == " "


def _possessive(word: Word) -> bool:
    return word.bare != word.key


def _before(read: Sentences, start: int) -> Iterator[Word]:
    """The words before a name in its sentence, the nearest first, up to a comma."""
    for at in range(start, max(0, start - 4), -1):
        if read.words[at].opens or read.words[at].gap not in (" ", "-", " (", " '"):
            return
        yield read.words[at - 1]


def _next(read: Sentences, end: int) -> Word | None:
    same = end < len(read.words) and not read.words[end].opens
    return read.words[end] if same else None


def _on_topic(read: Sentences, start: int, end: int) -> bool:
    around = read.words[max(0, start - REACH) : start] + read.words[end : end + REACH]
    return any(word.key.startswith(TOPICS) for word in around if word.sentence == read.words[start].sentence)
