"""Recognising the places that a text names: whole names only, and no Mobile or Reading out of an ordinary sentence.

A name that stands in no list of doubtful ones is taken where it is capitalised; any other needs a reason: a region
behind it, a word of place before it, a neighbour in an enumeration, or a place in the text that it is tied to.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from bot.lookup.places import Place
from bot.lookup.regions import US_STATES, country_name, region_words
from bot.lookup.search import CityIndex
from bot.recogniser.ambiguous_words import NAMESAKES, NAMESAKES_OF_TWO, ORDINARY
from bot.recogniser.context import Beside, Hint, acts_as_person, hint, neighbours, refused, written_as_region
from bot.recogniser.sentence import Case, Sentences, clean, name_ends, name_keys, sentences
from bot.recogniser.unspaced_scripts import unspaced_names
from db.names import fold

MOST_REGION = 4  # words of a region and its country
LARGE = 300_000  # people: so large a place is known without ties
SHORT, KNOWN_SHORT = 4, 150_000  # letters of a name that is easily a word as well, unless so many people live there
LONG_ENOUGH = 5  # letters of a name in lower case
MOST_MENTIONS = 100  # names in one text
ROUNDS = 3  # of places that confirm others
CLEARLY = 2.0  # how much more than its namesake a place must weigh, or
TIMES_LARGER = 3  # how many times its people, to be the one that is meant;
WIDELY, DWARFS = 6.0, 5  # how much more it must weigh than one of so many times its people
HOME, TIED, IN_TEXT = 12.0, 40.0, 20.0


class Doubt(IntEnum):
    """What else a name may be."""

    NONE = 0
    NAMESAKE = 1  # a person, a firm; or a name that not everybody uses
    WORD = 2  # an ordinary word


@dataclass(slots=True)
class Mention:
    """The words from `start` up to `end` and the places that go by them; `after` is where a region behind them ends."""

    start: int
    end: int
    after: int
    places: list[Place]
    doubt: Doubt
    certain: bool


class Recogniser:
    """Finds places in free text. `pairs` are the ends of each tie: two such places in one text confirm each other."""

    def __init__(self, index: CityIndex, pairs: Iterable[tuple[int, int]] = ()) -> None:
        self._index = index
        self._tied: dict[int, set[int]] = defaultdict(set)
        for a, b in pairs:
            self._tied[a].add(b)
            self._tied[b].add(a)
        countries = {place.country_code for place in index.places.values()}
        self._lands = {fold(country_name(code)) for code in countries} | {fold(name) for name in US_STATES.values()}

    def places(self, text: str, home: Collection[int] = ()) -> list[Place]:
        """The places that a text names, in order, each once; `home` (the server's city, its partners) count more.

        Only the first 6,000 characters are read, and the first 100 names in them.
        """
        text = clean(text)
        read = sentences(text)
        taken = self._taken(list(islice(self._mentions(read, home), MOST_MENTIONS)), read)
        found = self._meant(taken, read, home)
        ids = dict.fromkeys([*(place.id for place in found), *unspaced_names(text, self._index)])
        return [self._index.places[place_id] for place_id in ids]

    def _mentions(self, read: Sentences, home: Collection[int]) -> Iterator[Mention]:
        """Every name that may be a place's: the longest first, none inside another or inside the region behind it."""
        at = 0
        while at < len(read.words):
            mention = self._mention_at(read, at, home)
            if mention is not None:
                yield mention
            at = mention.after if mention else at + 1

    def _mention_at(self, read: Sentences, start: int, home: Collection[int]) -> Mention | None:
        for end in name_ends(read, start):
            for key in name_keys(read.words[start:end]):
                named = self._called(key)
                if not named:
                    continue
                there, after, elsewhere = self._region_behind(read, end, [place for place, _ in named])
                if there:
                    return Mention(start, end, after, there, Doubt.NONE, certain=True)
                named = [(place, own) for place, own in named if own or place.id in self._index.ties]
                if not named or len(key) < 3 or elsewhere:
                    continue
                places = [place for place, own in named if own] or [place for place, _ in named]
                doubt = self._doubt(key, places, named[0][1] or any(own for _, own in named), home)
                return Mention(start, end, end, places, doubt, certain=False)
        return None

    def _called(self, key: str) -> list[tuple[Place, bool]]:
        """The places of this name, and whether it is the name they go by, or holds it: "Washington DC"."""
        named = []
        for place_id, own in self._index.called(key):
            place = self._index.places[place_id]
            own = own or key == "new york" or key.startswith(fold(place.name) + " ")
            if own or key not in self._lands:
                named.append((place, own))
        return named

    def _region_behind(self, read: Sentences, end: int, places: list[Place]) -> tuple[list[Place], int, bool]:
        """Those that lie in the region that follows, where that ends, and whether it is a region of none of them."""
        at = end + 1 if end < len(read.words) and read.words[end].key == "in" else end
        for stop in range(min(at + MOST_REGION, len(read.words)), at, -1):
            words = read.words[at:stop]
            if any(word.opens or word.gap not in (" ", ", ", ",", "-", " (", "/") for word in words):
                continue
            key = " ".join([*(word.key for word in words[:-1]), words[-1].bare])
            apart = words[0].gap != " "
            dotted = apart and (stop == len(read.words) or read.words[stop].gap.startswith("."))
            if not written_as_region(read, words, key, apart=apart, dotted=dotted):
                continue
            there = [place for place in places if _lies_in(place, key, dotted=dotted)]
            if there:
                return there, stop, False
            if key in self._lands and at == end and words[0].gap == ", " and words[-1].bare == words[-1].key:
                return [], end, True
        return [], end, False

    def _doubt(self, key: str, places: list[Place], own: bool, home: Collection[int]) -> Doubt:
        people = max(place.population or 0 for place in places)
        known = people >= LARGE or any(place.id in self._index.ties for place in places)
        short = len(key) <= SHORT and key.isascii() and people < KNOWN_SHORT
        doubt = Doubt.NONE
        if key in ORDINARY:
            doubt = Doubt.WORD
        elif key in NAMESAKES or key in NAMESAKES_OF_TWO or not known or short or (key.isascii() and not own):
            doubt = Doubt.NAMESAKE
        at_home = any(place.id in home for place in places)
        return Doubt(max(0, doubt - at_home))

    def _taken(self, mentions: list[Mention], read: Sentences) -> list[Mention]:
        """The mentions that are places: those with reason enough, then those that these confirm."""
        taken = [mention for mention in mentions if mention.certain]
        others: list[Mention] = []
        for mention in mentions:
            if not mention.certain and not refused(read, mention.start, mention.end, mention.doubt > Doubt.NONE):
                reason = hint(read, mention.start, mention.end)
                if _is_enough(reason, read, mention):
                    taken.append(mention)
                elif not acts_as_person(read, mention.end):
                    others.append(mention)
        for _ in range(ROUNDS):
            confirmed = [mention for mention in others if self._confirmed(mention, taken, others, read)]
            taken += confirmed
            others = [mention for mention in others if mention not in confirmed]
        return sorted(taken, key=lambda mention: mention.start)

    def _confirmed(self, mention: Mention, taken: list[Mention], others: list[Mention], read: Sentences) -> bool:
        """Whether a place that is named beside it, or tied to it, says that this is one too."""
        word = read.words[mention.start]
        plain = read.case(word) is Case.PLAIN and not word.opens
        if not word.capital:
            return False
        for other in taken:
            beside = neighbours(read, mention.start, mention.after, other.start, other.after)
            if beside is Beside.AND or (beside is Beside.COMMA and (plain or mention.doubt < Doubt.WORD)):
                return True
        if mention.doubt is Doubt.WORD:
            return plain and any(self._are_tied(mention, other) for other in taken)
        namesakes = [other for other in others if other is not mention and other.doubt < Doubt.WORD]
        return any(self._are_tied(mention, other) for other in (*taken, *namesakes))

    def _are_tied(self, one: Mention, other: Mention) -> bool:
        return any(self._partners(place).intersection(p.id for p in other.places) for place in one.places)

    def _partners(self, place: Place) -> set[int]:
        return self._tied.get(place.id, set())

    def _meant(self, taken: list[Mention], read: Sentences, home: Collection[int]) -> Iterator[Place]:
        """Of each name's places the one that is meant, none where that is anybody's guess."""
        named = {place.id for mention in taken for place in mention.places}
        regions = _regions_in(read, taken)
        for mention in taken:
            others = named.difference(place.id for place in mention.places)
            scores = {place.id: self._score(place, others, regions, home) for place in mention.places}
            first, *rest = sorted(mention.places, key=lambda place: -scores[place.id])
            ahead = min((scores[first.id] - scores[other.id] for other in rest), default=IN_TEXT)
            larger = all(_people(first) >= TIMES_LARGER * _people(other) for other in rest[:1])
            dwarfed = any(_people(other) >= DWARFS * _people(first) for other in rest)
            if ahead >= (WIDELY if dwarfed else CLEARLY) or larger:
                yield first

    def _score(self, place: Place, named: set[int], regions: set[str], home: Collection[int]) -> float:
        """As in the index, its people in powers of ten and its ties; and what the rest of the text says for it."""
        ties = self._index.ties.get(place.id, 0)
        weight = math.log10(max(place.population or 0, 1)) + min(24.0, 4.0 * math.log2(1 + ties))
        tied = not self._partners(place).isdisjoint(named)
        there = not regions.isdisjoint(region_words(place.region, place.country_code))
        return weight + HOME * (place.id in home) + TIED * tied + IN_TEXT * there


def _lies_in(place: Place, key: str, *, dotted: bool) -> bool:
    """Whether a place lies in the region or country; `dotted` where that may be cut short: "Ala.", "Tenn."."""
    known = region_words(place.region, place.country_code)
    if key in known:
        return True
    return dotted and len(key) > 2 and any(word.startswith(key) for word in known)


def _is_enough(reason: Hint, read: Sentences, mention: Mention) -> bool:
    """Whether a name that nothing speaks against is a place on what stands around it alone."""
    word = read.words[mention.start]
    case = read.case(word)
    letters = sum(len(some.key) for some in read.words[mention.start : mention.end])
    if reason is Hint.CITY:
        return letters >= SHORT
    if not word.capital or case is Case.SHOUT:
        enough = letters >= LONG_ENOUGH
        return enough and (mention.doubt is Doubt.NONE or (mention.doubt is Doubt.NAMESAKE and reason is Hint.PLACE))
    if mention.doubt is Doubt.NONE:
        return True
    if reason < Hint.PLACE and acts_as_person(read, mention.end):
        return False
    if mention.doubt is Doubt.NAMESAKE:
        return reason >= (Hint.PLACE if case is Case.HEADLINE else Hint.TOPIC)
    return reason >= Hint.TOPIC and case is Case.PLAIN and not word.opens


def _people(place: Place) -> int:
    return place.population or 0


def _regions_in(read: Sentences, taken: list[Mention]) -> set[str]:
    """Every run of up to three words outside the names that may name a region."""
    inside = {at for mention in taken for at in range(mention.start, mention.end)}
    keys = ["" if at in inside else word.key for at, word in enumerate(read.words)]
    runs = (" ".join(keys[at : at + length]) for length in (1, 2, 3) for at in range(len(keys)))
    return {run for run in runs if len(run) > 3}
