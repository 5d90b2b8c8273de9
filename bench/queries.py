"""What people type, made from a corpus: sixteen kinds of queries, each with the place that is meant.

Places are drawn with weight √population. Whoever types the whole name of a more populous place asks for that one, so
such a text is not drawn for another; and nobody slips twice in a name of a few letters.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bench.corpus import Corpus
from bot.lookup.places import Place
from bot.lookup.regions import US_STATES, country_name
from db.names import fold

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_NAMESAKES = 25
LONG = 7  # letters of a name in which two slips are not hopeless
TRIES = 60  # draws until a place fits a kind of query
UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "oe", "å": "aa"}
)
STATE_CODES = {name: code.upper() for code, name in US_STATES.items()}

Draw = random.Random


@dataclass(frozen=True)
class Query:
    """A text to look up, the place that is meant, and which kind of query it is."""

    kind: str
    text: str
    place_id: int


def queries(corpus: Corpus, count: int, seed: int) -> list[Query]:
    """`count` queries of each kind; the same seed gives the same ones."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable draw
    places = list(corpus.places)
    weights = [math.sqrt(place.population or 0) for place in places]
    made = []
    for kind, make in KINDS.items():
        found = 0
        for place in draw.choices(places, weights, k=count * TRIES):
            text = make(corpus, place, draw)
            if text and (kind in UNFINISHED or corpus.best_known.get(fold(text), place.id) == place.id):
                made.append(Query(kind, text, place.id))
                found += 1
                if found == count:
                    break
    return made


def slip(text: str, draw: Draw) -> str:
    """One letter left out, doubled in, replaced, or swapped with its neighbour."""
    at = draw.randrange(len(text))
    kind = draw.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + draw.choice(LETTERS) + text[at:]
    if kind == 2 or len(text) < 2:
        return text[:at] + draw.choice(LETTERS) + text[at + 1 :]
    at = min(at, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _slipped(text: str, draw: Draw) -> str | None:
    other = slip(text, draw).strip()
    return other if len(text) > 2 and other != text and other else None


def _prefix(length: int) -> Callable[[Corpus, Place, Draw], str | None]:
    return lambda corpus, place, draw: fold(place.name)[:length].strip() if len(fold(place.name)) >= length else None


def _typo(corpus: Corpus, place: Place, draw: Draw) -> str | None:
    return _slipped(fold(place.name), draw)


def _two_typos(corpus: Corpus, place: Place, draw: Draw) -> str | None:
    name = fold(place.name)
    once = _slipped(name, draw) if len(name) >= LONG else None
    return _slipped(once, draw) if once else None


def _prefix_typo(corpus: Corpus, place: Place, draw: Draw) -> str | None:
    key, length = fold(place.name), draw.randint(5, 7)
    return _slipped(key[:length], draw) if len(key) > length else None


def _no_accent(corpus: Corpus, place: Place, draw: Draw) -> str | None:
    if place.name.isascii():
        return None
    written = place.name.translate(UMLAUTS)
    return fold(written) if written != place.name and draw.random() < 0.5 else fold(place.name)


def _exonyms(corpus: Corpus, place: Place) -> list[str]:
    own = fold(place.name)
    names = [name for name in corpus.written[place.id][1:] if name[0].isupper() and len(name) > 3]
    keys = {fold(name) for name in names if all(ord(letter) < 0x250 for letter in name)}
    return sorted(key for key in keys if OSA.distance(key, own) >= 3)


def _exonym(corpus: Corpus, place: Place, draw: Draw) -> str | None:
    names = _exonyms(corpus, place)
    return draw.choice(names) if names else None


def _exonym_typo(corpus: Corpus, place: Place, draw: Draw) -> str | None:
    name = _exonym(corpus, place, draw)
    return _slipped(name, draw) if name else None


def _script(corpus: Corpus, place: Place, draw: Draw) -> str | None:
    names = [name for name in corpus.written[place.id] if fold(name) and ord(fold(name)[0]) >= 0x370]
    return draw.choice(names) if names else None


def _city_region(corpus: Corpus, place: Place, draw: Draw) -> str | None:
    country = country_name(place.country_code)
    forms = [f"{place.name}, {country}", f"{fold(place.name)} {place.country_code.lower()}"]
    if place.region:
        code = STATE_CODES.get(place.region, place.region)
        forms = [
            f"{fold(place.name)} {code.lower()}",
            f"{place.name}, {code}",
            f"{place.name}, {place.region}, {country}",
        ]
        forms.append(f"{fold(place.name)} {place.region.lower()}")
    elif place.country_code == "US":
        return None
    return draw.choice(forms)


def _inner_word(corpus: Corpus, place: Place, draw: Draw) -> str | None:
    """Words like "city" and "santa", which are in more names than are ever shown, ask for no place."""
    words = [word for word in fold(place.name).split()[1:] if len(word) > 3 and corpus.words[word] <= MOST_NAMESAKES]
    return draw.choice(words) if words else None


KINDS: dict[str, Callable[[Corpus, Place, Draw], str | None]] = {
    **{f"prefix {length}": _prefix(length) for length in range(1, 7)},
    "exact": lambda corpus, place, draw: place.name,
    "typo": _typo,
    "two typos": _two_typos,
    "prefix with a typo": _prefix_typo,
    "no accents": _no_accent,
    "exonym": _exonym,
    "exonym with a typo": _exonym_typo,
    "other script": _script,
    "city, region": _city_region,
    "inner word": _inner_word,
}
# Beginnings and later words are whole names of other places all the time: that is what makes them hard.
UNFINISHED = {*(kind for kind in KINDS if kind.startswith("prefix")), "inner word"}
