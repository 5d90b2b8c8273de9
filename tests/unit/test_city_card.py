"""The card of a city: what it says."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.cities import CityPage, NoSuchCity, Tie
from bot.search import CityIndex
from bot.texts import ENGLISH, texts
from bot.ui.city_card import city_card, no_such_city
from bot.ui.place_text import place_line, signed_on
from tests.unit.city_pages import PARTNER, TIE, TOWN, pages, shown

__all__ = ["pages"]  # a fixture

BIRMINGHAM = 4049979
NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


def partner_line(tie: Tie) -> str:
    """The line of a partner on the card of a town that has this tie and one that is listed in 2026."""
    german = replace(TIE, partner=replace(PARTNER, name="Stadt", country_code="DE"))
    return shown(city_card(CityPage(TOWN, (tie, german)), 0, NOW, ENGLISH)).split("🇫🇷 France\n")[1].split("\n")[0]


def test_the_first_page_of_birmingham(pages: dict[int, CityPage]) -> None:
    assert shown(city_card(pages[BIRMINGHAM], 0, NOW, ENGLISH)) == (
        "## 🇺🇸 Birmingham\n"
        "Alabama, United States\n"
        "-# 14 partner cities in 13 countries · local time **10:00 AM**\n"
        "---\n"
        "🇨🇳 China\n"
        "**Anshan**, Liaoning Sheng\n"
        "🇨🇿 Czechia\n"
        "**Plzeň**, Plzeňský kraj\n"
        "🇬🇭 Ghana\n"
        "**Winneba**, Central\n"
        "🇬🇹 Guatemala\n"
        "**Cobán**, Alta Verapaz · signed 1972 · listed in 2016\n"
        "🇭🇺 Hungary\n"
        "**Székesfehérvár**, Fejér · signed July 15, 1994\n"
        "🇮🇱 Israel\n"
        "**Rosh HaAyin**, Al Awsaţ · signed 2005\n"
        "🇯🇲 Jamaica\n"
        "**Kingston** · signed 2017\n"
        "🇯🇵 Japan\n"
        "**Hitachi**, Ibaraki · signed April 23, 1982\n"
        "**Maebashi**, Gunma · signed July 3, 2017\n"
        "🇯🇴 Jordan\n"
        "**Al Karak**, Karak · signed 2005\n"
        "---\n"
        "-# Listed in 2026 · sources: Wikipedia, Wikidata, pages of cities, associations and newspapers, GeoNames\n"
        "-# Page 1 of 2\n"
        "[Next page]"
    )


def test_the_second_page_of_birmingham(pages: dict[int, CityPage]) -> None:
    assert shown(city_card(pages[BIRMINGHAM], 1, NOW, ENGLISH)) == (
        "## 🇺🇸 Birmingham\n"
        "Alabama, United States\n"
        "-# 14 partner cities in 13 countries · local time **10:00 AM**\n"
        "---\n"
        "🇸🇳 Senegal\n"
        "**Guédiawaye**, Dakar\n"
        "🇺🇦 Ukraine\n"
        "**Vinnytsia**, Vinnytska oblast\n"
        "🇬🇧 United Kingdom\n"
        "**Liverpool**, England · *unconfirmed*\n"
        "🇿🇼 Zimbabwe\n"
        "**Gweru**, Midlands · listed in 2022\n"
        "---\n"
        "-# Unconfirmed: a single list names it, or which place is meant is not certain.\n"
        "-# Listed in 2026 · sources: Wikipedia, Wikidata, pages of cities, associations and newspapers, GeoNames\n"
        "-# Page 2 of 2\n"
        "[Previous page]"
    )


@pytest.mark.parametrize(("asked", "given"), [(-1, 0), (2, 1), (999, 1)])
def test_a_page_that_is_not_there_is_the_nearest_one_that_is(
    pages: dict[int, CityPage], asked: int, given: int
) -> None:
    page = pages[BIRMINGHAM]

    assert shown(city_card(page, asked, NOW, ENGLISH)) == shown(city_card(page, given, NOW, ENGLISH))


def test_a_city_abroad_says_that_only_its_american_ties_are_listed(
    pages: dict[int, CityPage], index: CityIndex
) -> None:
    hitachi = index.search("Hitachi")[0].place

    assert shown(city_card(pages[hitachi.id], 0, NOW, ENGLISH)) == (
        "## 🇯🇵 Hitachi\n"
        "Ibaraki, Japan\n"
        "-# 1 partner city · local time **1:00 AM**\n"
        "---\n"
        "🇺🇸 United States\n"
        "**Birmingham**, Alabama · signed April 23, 1982\n"
        "---\n"
        "-# Only its ties with places in the United States are listed here; it may have others.\n"
        "-# Listed in 2026 · sources: Wikipedia, pages of cities, associations and newspapers, GeoNames"
    )


def test_german_readers_get_german_countries_in_their_order_and_german_dates(pages: dict[int, CityPage]) -> None:
    text = shown(city_card(pages[BIRMINGHAM], 0, NOW, texts("de")))
    countries = [found[1] for found in re.finditer(r"^[🇦-🇿]{2} (\w+)$", text, re.MULTILINE)]

    assert countries == [
        "China", "Ghana", "Guatemala", "Israel", "Jamaika", "Japan", "Jordanien", "Senegal", "Simbabwe",
    ]  # fmt: skip
    assert text.startswith("## 🇺🇸 Birmingham\nAlabama, Vereinigte Staaten\n")
    assert "**10:00**" in text
    assert "**Maebashi**, Gunma · signed 3. Juli 2017" in text


def test_countries_are_sorted_as_people_do_whatever_their_accents() -> None:
    places = [replace(PARTNER, id=at, country_code=code) for at, code in enumerate(("PL", "AT", "NO"), 2)]
    page = CityPage(TOWN, tuple(replace(TIE, partner=place) for place in places))
    text = shown(city_card(page, 0, NOW, texts("de")))

    assert re.findall("Norwegen|Österreich|Polen", text) == ["Norwegen", "Österreich", "Polen"]


@pytest.mark.parametrize(
    ("signed", "locale", "written"),
    [
        ("1982", "en-US", "1982"),
        ("2017-07", "en-US", "July 2017"),
        ("1982-04-23", "en-US", "April 23, 1982"),
        ("1982-04-23", "en-GB", "23 April 1982"),
        ("1982", "de", "1982"),
        ("2017-07", "de", "Juli 2017"),
        ("1982-04-23", "de", "23. April 1982"),
        ("1982-04-23", "ja", "1982年4月23日"),
    ],
)
def test_a_date_is_written_as_exactly_as_it_is_known(signed: str, locale: str, written: str) -> None:
    assert signed_on(signed, texts(locale)) == written


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        ({}, "**Ville**, Bretagne"),
        ({"signed": "2017-07"}, "**Ville**, Bretagne · signed July 2017"),
        ({"kind": "friendship", "signed": "2001"}, "**Ville**, Bretagne · signed 2001 · friendship city"),
        ({"kind": "partner"}, "**Ville**, Bretagne · partner city"),
        ({"kind": "unknown", "confidence": "unconfirmed"}, "**Ville**, Bretagne · *unconfirmed*"),
        ({"state": "active", "as_of": "2024"}, "**Ville**, Bretagne"),
        ({"state": "suspended", "as_of": "2022"}, "**Ville**, Bretagne · suspended, as of 2022"),
        ({"state": "suspended"}, "**Ville**, Bretagne · suspended"),
        ({"state": "ended", "as_of": "2018"}, "~~**Ville**, Bretagne~~ · ended, as of 2018"),
        ({"state": "ended"}, "~~**Ville**, Bretagne~~ · ended"),
        ({"sources": ("wikidata:2016", "wikipedia:2014")}, "**Ville**, Bretagne · listed in 2016"),
        ({"sources": ("page",), "as_of": "2023", "state": "active"}, "**Ville**, Bretagne · listed in 2023"),
        ({"sources": ("page",)}, "**Ville**, Bretagne"),
    ],
)
def test_a_tie_is_worded_by_its_kind_state_confidence_and_year(changes: dict[str, Any], written: str) -> None:
    assert partner_line(replace(TIE, **changes)) == written


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        ({"region": None}, "**Ville**"),
        ({"region": "Ville"}, "**Ville**"),
        ({"kind": "county", "name": "Main-Taunus"}, "**Main-Taunus**, Bretagne · county or district"),
        ({"kind": "county", "name": "Door County"}, "**Door County**, Bretagne"),
        ({"kind": "province", "name": "Abruzzo", "region": None}, "**Abruzzo** · province or region"),
    ],
)
def test_a_region_that_repeats_the_name_is_left_out_and_what_is_no_city_says_so(
    changes: dict[str, Any], written: str
) -> None:
    assert partner_line(replace(TIE, partner=replace(PARTNER, **changes))) == written


def test_ended_ties_are_not_counted_and_come_last_in_their_country() -> None:
    ended = replace(TIE, partner=replace(PARTNER, name="Arles"), state="ended")
    text = shown(city_card(CityPage(TOWN, (ended, TIE)), 0, NOW, ENGLISH))

    assert text.split("\n")[2] == "-# 1 partner city · local time **11:00 AM**"
    assert text.index("Ville") < text.index("Arles")


def test_namesakes_are_offered_below() -> None:
    england = replace(PARTNER, id=7, name="Town", region="England", country_code="GB")
    text = shown(city_card(CityPage(TOWN, (TIE,), namesakes=(england,)), 0, NOW, ENGLISH))

    assert text.endswith("\n-# Did you mean another Town?\n[Town, England, GB]")


def test_a_city_without_ties_offers_the_nearest_that_have_some() -> None:
    near = replace(TOWN, id=7, name="Neartown")
    text = shown(city_card(CityPage(TOWN, (), nearby=(near,)), 0, NOW, ENGLISH))

    assert text == (
        "## 🇺🇸 Town\n"
        "Ohio, United States\n"
        "-# local time **11:00 AM**\n"
        "---\n"
        "I don't know of any sister cities of Town. The closest cities that have some:\n"
        "[Neartown, Ohio, US]\n"
        "---\n"
        "-# Sources: GeoNames"
    )


def test_an_unknown_city_is_not_repeated_as_a_link() -> None:
    text = shown(no_such_city(NoSuchCity("https://evil.example/*x*", (TOWN,)), ENGLISH))

    assert text.startswith("I don't know a city called “https:\\//evil.example/\\*x\\*”.")


def test_an_unknown_city_is_answered_with_buttons_in_every_case() -> None:
    near = NoSuchCity("twon", (TOWN,))
    far = NoSuchCity("zzz", (), (TOWN,))
    empty = NoSuchCity("", (), (TOWN,))

    assert [shown(no_such_city(answer, ENGLISH)) for answer in (near, far, empty)] == [
        "I don't know a city called “twon”. Did you mean one of these?\n[Town, Ohio, US]",
        "I found no city like “zzz”. Try the first letters of its name, in any language, or one of these:\n"
        "[Town, Ohio, US]",
        "Which city? Type the first letters of its name, in any language, or try one of these:\n[Town, Ohio, US]",
    ]


def test_a_place_on_one_line() -> None:
    kingston = replace(PARTNER, name="Kingston", region="Kingston", country_code="JM")

    assert place_line(TOWN, ENGLISH) == "🇺🇸 **Town** · Ohio, United States"
    assert place_line(kingston, ENGLISH) == "🇯🇲 **Kingston** · Jamaica"
    assert (TOWN.label, kingston.label) == ("Town, Ohio, US", "Kingston, JM")
