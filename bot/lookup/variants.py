"""Other ways to write the same name: "Saint" and "St.", "ue" for "ü", "NYC". Pure; all on folded names."""

import re
from collections.abc import Iterator

SHORT_WORDS = {"saint": "st", "sainte": "ste", "sankt": "st", "fort": "ft", "mount": "mt", "point": "pt"}
LONG_WORDS = {"st": ("saint", "sankt"), "ste": ("sainte",), "ft": ("fort",), "mt": ("mount",), "pt": ("point",)}
# What members say and no list of names has.
SHORT_NAMES = {
    "nyc": "new york city", "n y c": "new york city", "dc": "washington dc", "okc": "oklahoma city",
    "slc": "salt lake city", "kc": "kansas city", "stl": "st louis", "bham": "birmingham", "indy": "indianapolis",
    "cincy": "cincinnati", "jax": "jacksonville",
}  # fmt: skip
PAIRS = re.compile(r"(?:ae|oe|ue|aa)")  # how ä, ö, ü and å are typed without them; folded they are a, o, u and a


def variants(query: str) -> Iterator[str]:
    """The same query as others write it, without the query itself."""
    if query in SHORT_NAMES:
        yield SHORT_NAMES[query]
    words = query.split(" ")
    for at, word in enumerate(words):
        for other in (*LONG_WORDS.get(word, ()), *([SHORT_WORDS[word]] if word in SHORT_WORDS else [])):
            yield " ".join([*words[:at], other, *words[at + 1 :]])
    plain = PAIRS.sub(lambda pair: pair[0][0], query)
    if plain != query:
        yield plain
