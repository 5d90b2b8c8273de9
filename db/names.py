"""Folding: the form of a name in which accents, case and punctuation no longer matter."""

import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and a mark.
LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŋ": "n",
        "ʻ": "",
        "ʼ": "",
    }
)
NOT_A_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case, no marks, words separated by single spaces: "Székesfehérvár" → "szekesfehervar"."""
    text = text.casefold()
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold().translate(LETTERS)
    return NOT_A_WORD.sub(" ", text.replace("'", "").replace("’", "")).strip()
