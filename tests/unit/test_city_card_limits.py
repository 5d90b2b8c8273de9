"""Cards of cities inside Discord's limits, whatever they are given."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import discord
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.lookup.cities import CityPage, NoSuchCity, Tie
from bot.lookup.city_news import LatestStory, NextEvent
from bot.lookup.countries import Region
from bot.lookup.country_lists import CountryTies, ListedTie, RegionTowns, Town
from bot.texts import ENGLISH, Texts, texts
from bot.ui.card import MOST_CHARACTERS, MOST_COMPONENTS
from bot.ui.cities.city_card import TIES_A_PAGE, city_card
from bot.ui.cities.city_lists import country_card, region_card
from bot.ui.cities.clock_list import clock_card
from bot.ui.cities.partner_list import TIES_A_PAGE as DETAILED_A_PAGE
from bot.ui.cities.partner_list import partners_card
from bot.ui.cities.place_text import short
from bot.ui.events.answer_card import no_such_city
from bot.ui.pages import page_count
from bot.ui.text import line, plain
from tests.unit.city_pages import PARTNER, TIE, TOWN, components, pages, shown

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


def city_cards(page: CityPage, t: Texts) -> list[discord.ui.LayoutView]:
    """Every page of a city's card."""
    return [city_card(page, number, NOW, t) for number in range(page_count(page.ties, TIES_A_PAGE))]


def partners_cards(page: CityPage, t: Texts) -> list[discord.ui.LayoutView]:
    """Every page of the list of its partners."""
    return [partners_card(page, None, number, NOW, t) for number in range(page_count(page.ties, DETAILED_A_PAGE))]


@pytest.mark.parametrize("cards_of", [city_cards, partners_cards, lambda page, t: [clock_card(page, NOW, t)]])
def test_every_card_of_every_place_in_the_seed_fits_and_shows_every_partner(
    pages: dict[int, CityPage], cards_of: Callable[[CityPage, Texts], list[discord.ui.LayoutView]]
) -> None:
    for page in pages.values():
        cards = cards_of(page, ENGLISH)
        text = "\n".join(shown(card) for card in cards)
        lasting = [tie for tie in page.ties if tie.state != "ended"]

        assert [fits(card) for card in cards] == [True] * len(cards)
        assert [tie for tie in lasting if line(tie.partner.name, 60) not in text] == []


@pytest.mark.parametrize("locale", ["de", "ar", "ja"])
def test_the_cards_of_places_with_many_partners_fit_in_other_scripts(pages: dict[int, CityPage], locale: str) -> None:
    large = [page for page in pages.values() if len(page.ties) > 4]
    t = texts(locale)

    assert len(large) > 100
    for page in large:
        cards = [*city_cards(page, t), *partners_cards(page, t), clock_card(page, NOW, t)]
        assert [fits(card) for card in cards] == [True] * len(cards)


@pytest.mark.parametrize("locale", [locale.value for locale in discord.Locale])
def test_the_longest_list_fits_in_every_language_of_discord(pages: dict[int, CityPage], locale: str) -> None:
    page = max(pages.values(), key=lambda page: len(page.ties))
    t = texts(locale)

    assert len(page.ties) == 41
    assert all(fits(card) for card in [*city_cards(page, t), *partners_cards(page, t), clock_card(page, NOW, t)])


HOSTILE = st.text(st.sampled_from("\\`*_~|[]()<>#@-+1. :/\n\u202e\u0300aß") | st.characters(), max_size=300)


CODES = ["BA", "CD", "GS", "UM", "TF", "VC", "ST", "PM", "HM", "US"]


def hostile_ties(name: str, region: str | None, notes: str, count: int) -> tuple[Tie, ...]:
    """Ties of which everything is known, in countries with long names, to places with these names."""
    places = [
        replace(PARTNER, id=at, geoname_id=at + 10**8, name=name, region=region, country_code=CODES[at % len(CODES)])
        for at in range(count)
    ]
    kinds = {"kind": "pact", "state": "suspended", "as_of": "2022-09-30", "confidence": "unconfirmed"}
    sources = tuple(f"{code}:{year}" for code in ("wikipedia", "wikidata", "page") for year in range(2014, 2018))
    return tuple(
        replace(TIE, partner=place, signed="2017-09-30", sources=sources, notes=notes, **kinds) for place in places
    )


@settings(deadline=None, max_examples=60)
@given(name=HOSTILE, region=st.none() | HOSTILE, notes=HOSTILE, link=st.none() | st.text(max_size=300))
def test_a_full_page_of_hostile_names_fits(name: str, region: str | None, notes: str, link: str | None) -> None:
    ties = hostile_ties(name, region, notes, TIES_A_PAGE * 2 + 1)
    places = [tie.partner for tie in ties]
    host = replace(places[0], id=99)
    story = LatestStory(name, f"https://a.example/{link}" if link else None, NOW, 2**63)
    event = NextEvent(name, NOW, 2**63, 2**63)
    page = CityPage(host, ties, tuple(places[:4]), story=story, event=event, guild_id=2**63)

    assert all(fits(city_card(page, number, NOW, ENGLISH, another=True)) for number in range(3))
    assert fits(city_card(CityPage(host, (), nearby=tuple(places[:5])), 0, NOW, ENGLISH))
    assert fits(no_such_city(NoSuchCity(name, tuple(places[:5])), ENGLISH))
    assert all(fits(card) for card in partners_cards(page, ENGLISH))
    assert fits(partners_card(page, "FR", 0, NOW, ENGLISH))


@settings(deadline=None, max_examples=30)
@given(name=HOSTILE, region=st.none() | HOSTILE, count=st.integers(0, 150))
def test_lists_of_hostile_names_fit(name: str, region: str | None, count: int) -> None:
    zones = ["Asia/Kathmandu", "Pacific/Apia", "Africa/Accra", None]
    places = [
        replace(tie.partner, timezone=zones[at % len(zones)])
        for at, tie in enumerate(hostile_ties(name, region, "", count))
    ]
    page = CityPage(replace(TOWN, name=name), tuple(replace(TIE, partner=place) for place in places))
    listed = tuple(ListedTie(place, replace(TOWN, id=at // 30, name=name), "ended") for at, place in enumerate(places))
    towns = tuple(Town(place, listed[:3]) for place in places)

    assert fits(clock_card(page, NOW, ENGLISH))
    assert fits(clock_card(replace(page, place=replace(TOWN, name=name, timezone=None)), NOW, ENGLISH))
    for number in range(1 + count // 10):
        assert fits(country_card(CountryTies("GS", listed, domestic=True), number, ENGLISH))
        assert fits(region_card(RegionTowns(Region("GS", region or "x"), towns), number, ENGLISH))


@given(text=HOSTILE, limit=st.integers(20, 80))
@example("*" * 60, 60)
@example("1. " * 30, 21)
def test_a_short_text_is_short_also_after_it_was_escaped(text: str, limit: int) -> None:
    safe = short(text, limit)

    assert len(safe) <= limit
    assert safe in (line(text, limit), line(text, limit // 2 - 1))


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
