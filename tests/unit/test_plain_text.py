"""Strangers' text becomes plain, readable and safe to store, and is cut where a reader would cut it."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plain_text import cut, opening, text_of_html, visible

ANYTHING = st.text(st.characters(exclude_categories=[]))  # lone surrogates too


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  Plzeň \t\r\n 2026\u2028news ", "Plzeň 2026 news"),
        ("nul\x00bell\x07", "nulbell"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("\u202egro.elpmaxe\u202c \u2066x\u2069 \u200fy\u200e", "gro.elpmaxe x y"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("\u3164\u2800\u115f", ""),
        ("a\u200db", "ab"),
        ("family 👨‍👩‍👧 and heart ❤️‍🔥", "family 👨‍👩‍👧 and heart ❤️‍🔥"),
        ("می‌خواهم", "می‌خواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d\u200d\u200d👧", "👩\u200d👧"),
        ("Z\u0301\u0302\u0303\u0304\u0305\u200b\u0306algo", "Z\u0301\u0302\u0303algo"),
        ("Việt Nam — Székesfehérvár", "Việt Nam — Székesfehérvár"),
    ],
)
def test_only_what_shows_is_kept(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(ANYTHING)
def test_visible_text_stays_as_it_is_and_can_be_stored(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs"}
    shown.encode()


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("short", 5, "short"),
        ("Partner cities meet again", 20, "Partner cities meet…"),
        ("Partner, cities", 10, "Partner…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("a Donaudampfschifffahrt", 12, "a Donaudamp…"),
        ("abcde\u0301fgh", 6, "abcd…"),
        ("abc👨‍👩‍👧", 5, "abc…"),
        ("abc👍🏽d", 5, "abc…"),
        ("abc❤️d", 5, "abc…"),
        ("ab🇭🇺🇨🇿", 4, "ab…"),
        ("ab🇭🇺🇨🇿", 5, "ab🇭🇺…"),
        ("e\u0301\u0302\u0303", 2, "…"),
        ("ab1️⃣2", 4, "ab…"),
        ("ab\u1112\u1161\u11abc", 4, "ab…"),
        ("abกำค", 4, "ab…"),
        ("abｶﾞｷ", 4, "ab…"),
        ("First line\nSecond line", 14, "First line…"),
    ],
)
def test_a_text_is_cut_between_words_or_letters(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short


@given(ANYTHING, st.integers(1, 40))
def test_a_cut_text_fits_and_begins_like_the_whole(text: str, limit: int) -> None:
    short = cut(visible(text), limit)
    assert len(short) <= limit
    assert short == visible(text) or visible(text).startswith(short.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("", ""),
        ("One only", "One only"),
        ("One. Two. Three.", "One. Two."),
        ("Really? Yes! No.", "Really? Yes!"),
        ("We came (all of us). They sang “Hey.” Then home.", "We came (all of us). They sang “Hey.”"),
        ("St. Louis met Dr. Tóth in 2019. It rained. Later.", "St. Louis met Dr. Tóth in 2019. It rained."),
        ("Am 5. Mai kam der Chor. Er sang. Dann ging er.", "Am 5. Mai kam der Chor. Er sang."),
        ("We use example.org here. Version 2.0 works. End.", "We use example.org here. Version 2.0 works."),
        ("姉妹都市です。交流します。終わり。", "姉妹都市です。交流します。"),
        ("word " * 100 + ". More.", "word " * 58 + "word word…"),
    ],
)
def test_a_summary_is_the_first_two_sentences(text: str, start: str) -> None:
    assert opening(text) == start
    assert len(opening(text)) <= 300


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("once &amp;lt;b&amp;gt;", "once &lt;b&gt;"),
        ("caf&eacute; &#8217; &nbsp; x", "café ’ x"),
        ("<b>B</b>old <i>move</i>", "Bold move"),
        ("<p>One</p><p>Two</p>three<br>four<ul><li>five</li></ul>six", "One Two three four five six"),
        ("<style>p{}</style><script>alert(1)</script>seen<!-- not -->", "seen"),
        ("<a href='x'>link &lt;tag&gt;</a>", "link <tag>"),
        ("nul <b>&#0;\x00</b>end", "nul �end"),
        ("torn <a href='", "torn"),
        ("<![if gte mso 9]>office<![endif]>", "office"),
        ("<?xml version='1.0'?><p>x</p>", "x"),
        ("a<![CDATA[ <b> ]]>c", "a <b> c"),
        ("a<template>hidden <b>too</b></template>b", "ab"),
        ("one</p></td>two</script>", "one two"),
        ("seen<script>never closed <p>x", "seen"),
        ("two < three <b>and</b> four > one, five < six", "two < three and four > one, five < six"),
        ("<p>" + "x" * 30_000, "x" * 3_997),
        ("<i></i>" * 1_000 + "x" * 30_000, "x" * 13_000),
    ],
)
def test_html_becomes_its_text(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


def test_a_tag_at_the_end_of_what_is_read_leaves_no_remains() -> None:
    assert text_of_html("x" * 3_990 + "<a href='https://example.org/a'>link</a>") == "x" * 3_990


@pytest.mark.parametrize("piece", ["<!--", "<", "&", "<div>", "<a ", "<![", "<p x=", "</", "<script>", "&#x"])
def test_no_html_takes_long(piece: str) -> None:
    started = time.process_time()
    text_of_html(piece * 100_000)
    assert time.process_time() - started < 5


@given(ANYTHING | st.text("<>!-[]/?&;#xp \"='").map(lambda text: "<" + text))
def test_any_html_has_a_text(markup: str) -> None:
    text_of_html(markup).encode()
