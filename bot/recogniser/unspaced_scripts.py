"""Names of places in scripts that set no spaces between words, or join endings to them: Chinese, Japanese, Korean."""

import re
from collections.abc import Iterator

from bot.lookup.search import CityIndex
from bot.recogniser.ambiguous_words import HONORIFICS
from db.names import fold

RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
KANA = re.compile(r"[\u30a0-\u30ff]")
HANGUL = re.compile(r"[\uac00-\ud7af]")
LONGEST, LOOKS = 8, 3_000  # characters of a name; names tried in one text


def unspaced_names(text: str, index: CityIndex) -> Iterator[int]:
    """The ids of places with ties that these scripts name, in order; the longest name at each place of the text."""
    looks = 0
    for run in RUN.finditer(text):
        at = run.start()
        while at < run.end() and looks < LOOKS:
            longest = min(LONGEST, run.end() - at)
            looks += longest
            found = next(_named(text, at, longest, index), None)
            if found is not None:
                yield found[0]
            at += found[1] if found else 1


def _named(text: str, at: int, longest: int, index: CityIndex) -> Iterator[tuple[int, int]]:
    """(place id, length) of the names that begin here, the longest first."""
    for length in range(longest, 1, -1):
        piece = text[at : at + length]
        places = [place_id for place_id, _ in index.called(fold(piece)) if place_id in index.ties]
        if places and _is_a_word(text, at, at + length):
            yield max(places, key=lambda place_id: index.ties[place_id]), length


def _is_a_word(text: str, start: int, end: int) -> bool:
    """Whether the name is no part of a longer word, as far as the script tells, and no person's."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if KANA.fullmatch(text[start]) and (KANA.fullmatch(before) or KANA.fullmatch(after)):
        return False
    if HANGUL.fullmatch(text[start]) and HANGUL.fullmatch(before):
        return False
    return not text.startswith(HONORIFICS, end)
