"""Cards of cities inside Discord's limits, whatever they are given."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cities import CityPage, NoSuchCity
from bot.texts import ENGLISH, texts
from bot.ui.card import MOST_CHARACTERS, MOST_COMPONENTS
from bot.ui.city_card import TIES_A_PAGE, city_card, no_such_city, page_count
from bot.ui.text import line, plain
from tests.unit.city_pages import PARTNER, TIE, components, pages, shown

__all__ = ["pages"]  # a fixture

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


def fits(view: discord.ui.LayoutView) -> bool:
    """Whether Discord takes the message."""
    parts = list(components(view))
    text = sum(len(part.get("content", "")) for part in parts)
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    return (
        text <= MOST_CHARACTERS
        and len(parts) <= MOST_COMPONENTS
        and all(1 <= len(part["label"]) <= 80 for part in parts if "label" in part)
        and all(len(custom_id) <= 100 for custom_id in ids)
        and len(set(ids)) == len(ids)
    )


def test_every_page_of_every_place_in_the_seed_fits_and_shows_every_partner(pages: dict[int, CityPage]) -> None:
    for page in pages.values():
        cards = [city_card(page, number, NOW, ENGLISH) for number in range(page_count(page))]
        text = "\n".join(shown(card) for card in cards)

        assert [fits(card) for card in cards] == [True] * len(cards)
        assert [tie for tie in page.ties if f"**{line(tie.partner.name, 60)}**" not in text] == []


@pytest.mark.parametrize("locale", [locale.value for locale in discord.Locale])
def test_the_longest_list_fits_in_every_language_of_discord(pages: dict[int, CityPage], locale: str) -> None:
    page = max(pages.values(), key=lambda page: len(page.ties))

    assert page_count(page) > 3
    assert all(fits(city_card(page, number, NOW, texts(locale))) for number in range(page_count(page)))


HOSTILE = st.text(st.sampled_from("\\`*_~|[]()<>#@-+1. :/\n\u202e\u0300aß") | st.characters(), max_size=300)


@settings(deadline=None, max_examples=60)
@given(name=HOSTILE, region=st.none() | HOSTILE)
def test_a_full_page_of_hostile_names_fits(name: str, region: str | None) -> None:
    codes = ["BA", "CD", "GS", "UM", "TF", "VC", "ST", "PM", "HM", "FK"]
    places = [replace(PARTNER, id=at, name=name, region=region, country_code=code) for at, code in enumerate(codes)]
    ties = [
        replace(TIE, partner=place, signed="2017-09-30", kind="friendship", state="suspended", as_of="2022",
                confidence="unconfirmed")
        for place in places
    ]  # fmt: skip
    host = replace(places[0], id=99)
    page = CityPage(host, tuple(ties), namesakes=tuple(places[:4]))

    assert len(ties) == TIES_A_PAGE
    assert fits(city_card(page, 0, NOW, ENGLISH))
    assert fits(city_card(CityPage(host, (), nearby=tuple(places[:5])), 0, NOW, ENGLISH))
    assert fits(no_such_city(NoSuchCity(name, tuple(places[:5])), ENGLISH))


@settings(deadline=None)
@given(text=HOSTILE, links=st.booleans())
def test_escaped_text_formats_nothing_and_mentions_nobody(text: str, links: bool) -> None:
    safe = plain(text, links=links)
    bare = re.sub(r"\\(?:[^\w\s]|_)", "!", safe)
    if links:
        bare = re.sub(r"https?://[^\s<>\[\]\\`*~|!]+", "!", bare)

    assert re.findall(r"[\\`*_~|\[\]<]|://", bare) == []
    assert re.findall(r"^\s*(?:[#>+-]|\d+\.)", bare, re.MULTILINE) == []
    assert re.findall(r"@(?:everyone|here)|<@", safe) == []


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Winston-Salem", "Winston-Salem"),
        ("# Big", "\\# Big"),
        ("> quoted", "\\> quoted"),
        ("1. FC", "1\\. FC"),
        ("-# small", "\\-# small"),
        ("**bold** _it_", "\\*\\*bold\\*\\* \\_it\\_"),
        ("[x](https://evil.example)", "\\[x\\](https:\\//evil.example)"),
        ("[**x**](y)", "\\[\\*\\*x\\*\\*\\](y)"),
        ("<@1> <t:1:R>", "\\<@1> \\<t:1:R>"),
        ("@everyone", "@\u200beveryone"),
        ("\u202eevil", "evil"),
        ("a" + "\u0301" * 9, "a" + "\u0301" * 3),
        ("two\r\n\n  lines\u2028# and\tone \n", "two\n\nlines\n\\# and one"),
        ("hidden\u3164\u2800\ud800 family 👨‍👩‍👧", "hidden family 👨‍👩‍👧"),
    ],
)
def test_escaped_text_reads_as_it_was_written(text: str, safe: str) -> None:
    assert plain(text) == safe


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Partner cities\n\tmeet", 30, "Partner cities meet"),
        ("Partner cities meet again", 20, "Partner cities meet…"),
        ("*Donau*dampfschifffahrt", 8, "\\*Donau\\*…"),
        ("abc👨‍👩‍👧", 5, "abc…"),
    ],
)
def test_a_line_is_cut_between_words_or_letters_before_it_is_escaped(text: str, limit: int, short: str) -> None:
    assert line(text, limit) == short


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("see https://a.example/b_c now", "see https://a.example/b_c now"),
        ("*https://a.example/b_c*", "\\*https://a.example/b_c\\*"),
        ("[a](https://b.example)", "\\[a\\](https://b.example)"),
        ("https://a.example](https://b.example)", "https://a.example\\](https://b.example)"),
        ("https://a.example\\", "https://a.example\\\\"),
        ("javascript://a.example", "javascript:\\//a.example"),
    ],
)
def test_links_of_trusted_people_stay_whole(text: str, safe: str) -> None:
    assert plain(text, links=True) == safe
