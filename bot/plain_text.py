"""Plain text out of whatever strangers write: readable, on one line, safe to store, safe to cut."""

import html
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser

FIRST_LOOK, MOST_HTML = 4_000, 20_000  # characters; the parser is quick on so little, whatever it holds
ENOUGH_TEXT = 600
MARKS_ON_A_LETTER = 3
JOINERS = "\u200c\u200d"
FIRST_JOINED_SCRIPT = "\u0590"  # Latin, Greek and Cyrillic letters are never joined, so a joiner there only hides
BLANKS = "\u034f\u115f\u1160\u2800\u3164\uffa0"  # letters and marks by category, but drawn as nothing
# Most texts: letters, figures, signs and blanks of Latin, Greek, Cyrillic, Chinese, Japanese and Korean, without marks.
PLAIN = re.compile(
    "[\\t\\n\\r -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u3000-\u3029\u3031-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]*"
)
BLOCKS = {"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1"}
BLOCKS |= {"h2", "h3", "h4", "h5", "h6", "header", "hr", "img", "li", "main", "nav", "ol", "option", "p", "pre"}
BLOCKS |= {"section", "table", "td", "th", "tr", "ul"}
HIDDEN = frozenset({"script", "style", "template"})
NEVER_FIRST = (  # they belong to what is before them, though they are no marks
    ("\u1160", "\u11ff"),  # vowels and ends of Korean syllables written in parts
    ("\ud7b0", "\ud7ff"),
    ("\u0e33", "\u0e33"),  # the Thai vowel am, and the Lao one
    ("\u0eb3", "\u0eb3"),
    ("\uff9e", "\uff9f"),  # voicing of narrow Japanese letters
    ("\U0001f3fb", "\U0001f3ff"),  # the colour of a skin
)
# A full stop ends a sentence after a longer word only: not after "St.", "e.g." or the day in "5. Mai".
SENTENCE_END = re.compile(
    r"(?:(?<=[^\W\d_]{3})\.|(?<=\d{4})\.|(?<=[)\]%”’\"])\.|[!?…])[\"”’»)\]]*(?=\s+[^\sa-z])|[。！？]+」?"
)


def visible(text: str) -> str:
    """The text on one line, without control, direction and invisible characters, lone surrogates or towers of marks."""
    if not PLAIN.fullmatch(text):
        text = "".join(_shown(text))
    return " ".join(text.split())


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` characters; where cut it ends with "…", between words or at least between letters."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and not _between_letters(text, end):
        end -= 1
    space = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    if space > end // 2:
        end = space
    return text[:end].rstrip(" \n,;:") + "…"


def opening(text: str, *, sentences: int = 2, limit: int = 300) -> str:
    """The first sentences of a text of one line, in at most `limit` characters."""
    ends = [match.end() for _, match in zip(range(sentences), SENTENCE_END.finditer(text), strict=False)]
    return cut(text[: ends[-1]] if len(ends) == sentences else text, limit)


def text_of_html(markup: str) -> str:
    """What a reader sees of HTML: tags, scripts and styles gone, entities decoded once, on one line.

    Only the beginning of a long text is read, as much as a summary can need.
    """
    if "<" not in markup:
        return visible(html.unescape(markup[:MOST_HTML]))
    for size in (FIRST_LOOK, MOST_HTML):
        text = visible(_stripped(_without_torn_tag(markup[:size])))
        if len(markup) <= size or len(text) >= ENOUGH_TEXT:
            break
    return text


def _stripped(markup: str) -> str:
    """The text between the tags; a space where a block begins or ends, nothing where an inline tag does."""
    try:
        return _Text(markup).shown()
    except AssertionError:  # the parser gives up at declarations of no known kind
        return _Text(markup.replace("<!", "")).shown()


class _Text(HTMLParser):
    """Collects the text of HTML as it comes by: a tree of it, of which nothing is used, takes several times as long."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._hidden = 0
        self.feed(markup)
        self.close()

    def shown(self) -> str:
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._pieces.append(" ")
        elif tag in HIDDEN:
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._pieces.append(" ")
        elif tag in HIDDEN and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._pieces.append(data)

    def unknown_decl(self, data: str) -> None:
        if data[:6].upper() == "CDATA[":
            self.handle_data(data[6:])


def _without_torn_tag(markup: str) -> str:
    """The markup without a tag at its end that was begun and cut off, by us or by the feed."""
    start = markup.rfind("<")
    torn = start > markup.rfind(">") and re.match(r"[a-zA-Z/!]", markup[start + 1 :])
    return markup[:start] if torn else markup


def _shown(text: str) -> Iterator[str]:
    before, marks = "", 0
    for character in text:
        category = unicodedata.category(character)
        if character.isspace():
            character = " "
        elif character in JOINERS:
            if before < FIRST_JOINED_SCRIPT or before in JOINERS:
                continue
        elif category in ("Cc", "Cf", "Cs") or character in BLANKS:
            continue
        if category in ("Mn", "Me"):
            marks += 1
            if marks > MARKS_ON_A_LETTER:
                continue
        elif character not in JOINERS:
            marks = 0
        before = character
        yield character


def _between_letters(text: str, place: int) -> bool:
    """Whether a reader sees a letter or picture end just before `place`."""
    character = text[place]
    if unicodedata.category(character).startswith("M") or character in JOINERS or text[place - 1] in JOINERS:
        return False
    if any(first <= character <= last for first, last in NEVER_FIRST):
        return False
    flags = 0  # a flag is a pair of letters; an odd number of them before `place` means the pair is torn
    while place - flags > 0 and "\U0001f1e6" <= text[place - flags - 1] <= "\U0001f1ff":
        flags += 1
    return flags % 2 == 0 or not "\U0001f1e6" <= character <= "\U0001f1ff"
