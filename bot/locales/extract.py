"""Collecting the sentences for translators: `python -m bot.locales.extract` writes the English catalogue anew."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import write_po

PROJECT = Path(__file__).parents[2]
CATALOGUE = Path(__file__).parent / "en" / "LC_MESSAGES" / "bot.po"
SOURCES = ("bot", "cogs")

TEXTS = frozenset({"t", "ENGLISH"})
ERRORS = frozenset(
    {
        "AmbiguousDate",
        "BadInput",
        "BotError",
        "Closed",
        "FeedBusy",
        "FeedError",
        "FeedGone",
        "FeedRefused",
        "NoFeed",
        "NotAllowed",
        "NotFound",
        "NotSetUp",
    }
)
# No dates and no versions: the file changes only when a sentence does.
HEAD = r"""# Every sentence of the bot, as written in its code. Made by `make texts`.
msgid ""
msgstr ""
"Language: en\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Every call that takes a sentence, with the arguments that are its sentences: two for a plural."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name in TEXTS or name in ERRORS:
                yield node, node.args[:1]
            elif name == "plural":
                yield node, node.args[:2]


def sentences(path: Path) -> list[tuple[str, ...]]:
    """The sentences of one file, from top to bottom; what is no literal string is left out."""
    found = []
    for call, arguments in calls(ast.parse(path.read_text(encoding="utf-8"))):
        texts = [text.value for text in arguments if isinstance(text, ast.Constant)]
        if texts and all(isinstance(text, str) for text in texts):
            found.append((call.lineno, call.col_offset, tuple(map(str, texts))))
    return [texts for _, _, texts in sorted(found)]


def catalogue() -> str:
    """The text of the English catalogue that fits the source as it is now."""
    collected = Catalog(locale="en")
    for path in sorted(path for folder in SOURCES for path in (PROJECT / folder).rglob("*.py")):
        for texts in sentences(path):
            message = texts if len(texts) > 1 else texts[0]
            collected.add(message, locations=[(path.relative_to(PROJECT).as_posix(), 0)])
    body = BytesIO()
    write_po(body, collected, omit_header=True, include_lineno=False)
    return HEAD + body.getvalue().decode()


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(catalogue(), encoding="utf-8")
