"""The bot's sentences: all in the catalogue, all fit for translation, and spoken in the reader's language."""

import ast
import re
import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import bot.client  # noqa: F401 - so that every error class there is has been defined
from bot.errors import BadInput, BotError
from bot.locales.extract import CATALOGUE, ERRORS, PROJECT, SOURCES, calls, catalogue, sentences
from bot.texts import ENGLISH, texts

NUMBER = re.compile(r"\{n(umber)?\}")  # as it is, or written as the reader's language writes numbers

GERMAN: dict[str | tuple[str, ...], str | tuple[str, ...]] = {
    "Going": "Zugesagt",
    "signed {date}": "unterzeichnet {date}",
    ("{n} partner city", "{n} partner cities"): ("{n} Partnerstadt", "{n} Partnerstädte"),
    "You are going.": "Sie haben zugesagt.",
    "There is no feed called “{name}”.": "Kein Feed heißt „{name}“.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of catalogues that holds a German one."""
    german = Catalog(locale="de")
    for message, translation in GERMAN.items():
        german.add(message, translation)
    path = tmp_path / "de" / "LC_MESSAGES" / "bot.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, german)
    return tmp_path


def committed() -> list[tuple[str, ...]]:
    """The sentences of the English catalogue, two for a plural."""
    with CATALOGUE.open("rb") as file:
        messages = [message.id for message in read_po(file, locale="en") if message.id]
    return [(message,) if isinstance(message, str) else tuple(message) for message in messages]


def test_the_catalogue_is_made_from_the_source_as_it_is_now() -> None:
    assert CATALOGUE.read_text(encoding="utf-8") == catalogue(), "sentences changed: run `make texts`"


def test_the_catalogue_holds_sentences_of_every_kind() -> None:
    expected = {
        ("Going",),  # t("…")
        ("{n} partner city", "{n} partner cities"),  # t.plural("…", "…", n)
        ("This event has begun, so answers are closed.",),  # an error's
        ("The feed at {url} is gone for good. If it has a new address, add that with `/feed add`.",),  # a grandchild's
    }
    assert expected - set(committed()) == set()


def test_every_kind_of_error_that_carries_a_sentence_is_looked_for() -> None:
    def kinds(error: type[BotError]) -> set[type[BotError]]:
        return {error}.union(*map(kinds, error.__subclasses__()))

    assert {kind.__name__ for kind in kinds(BotError) if kind.__module__.startswith("bot.")} == ERRORS


def test_every_sentence_is_written_where_it_is_used() -> None:
    elsewhere = [
        f"{path.relative_to(PROJECT)}: {ast.unparse(call)}"
        for folder in SOURCES
        for path in sorted((PROJECT / folder).rglob("*.py"))
        for call, arguments in calls(ast.parse(path.read_text(encoding="utf-8")))
        for argument in arguments
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str))
    ]
    # An error's own sentence is a literal where the error is raised.
    own, again = "t(self.sentence, **self.values)", "BotError(sentence, **stored['values'])"
    assert sorted(elsewhere) == [f"bot/errors.py: {again}", f"bot/errors.py: {own}"]


def test_sentences_are_found_wherever_they_stand_in_the_code(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text(
        't("One" " and two", n=t.plural("a {n}", "b {n}", 3))\n'
        "x = f\"{self.t('Three')}\"\n"
        'raise BadInput("Four") if y else errors.NotFound("Five {name}", name=t(z))\n'
        'other("Six"); t(); t(7); t(f"{eight}")\n',
        encoding="utf-8",
    )
    found = [("One and two",), ("a {n}", "b {n}"), ("Three",), ("Four",), ("Five {name}",)]
    assert sentences(path) == found


def test_placeholders_are_names() -> None:
    fields = [
        field
        for texts in committed()
        for text in texts
        for _, field, _, _ in string.Formatter().parse(text)
        if field is not None
    ]
    assert "city" in fields
    assert [field for field in fields if not field.isidentifier()] == []


def test_both_forms_of_a_plural_hold_the_number() -> None:
    plurals = [texts for texts in committed() if len(texts) == 2]
    assert plurals
    assert [texts for texts in plurals if not all(NUMBER.search(text) for text in texts)] == []


def test_the_catalogue_compiles() -> None:
    compiled = BytesIO()
    with CATALOGUE.open("rb") as file:
        write_mo(compiled, read_po(file, locale="en", abort_invalid=True))
    assert compiled.getvalue()[:4] == b"\xde\x12\x04\x95"  # what every such file begins with


@pytest.mark.parametrize("locale", ["de", "de-AT"])
def test_a_german_reader_is_spoken_to_in_german(folder: Path, locale: str) -> None:
    t = texts(locale, folder)
    assert t.locale == locale
    assert [t("Going"), t("signed {date}", date="1984")] == ["Zugesagt", "unterzeichnet 1984"]
    counted = [t.plural("{n} partner city", "{n} partner cities", n) for n in (0, 1, 2)]
    assert counted == ["0 Partnerstädte", "1 Partnerstadt", "2 Partnerstädte"]


def test_what_nobody_translated_stays_english(folder: Path) -> None:
    assert texts("de", folder)("Maybe") == "Maybe"
    assert texts("xx", folder)("Going") == "Going"
    assert texts("en-GB", folder).plural("{n} seat", "{n} seats", 1) == "1 seat"


def test_an_error_speaks_to_its_reader_and_english_to_the_log(folder: Path) -> None:
    error = BadInput("There is no feed called “{name}”.", name="Ümb")
    assert error.say(texts("de", folder)) == "Kein Feed heißt „Ümb“."
    assert str(error) == "There is no feed called “Ümb”."


def test_braces_in_a_value_are_left_as_they_are() -> None:
    assert ENGLISH("signed {date}", date="{date!r} {0}") == "signed {date!r} {0}"
    assert str(BadInput("What is {word}?", word="{word}")) == "What is {word}?"
