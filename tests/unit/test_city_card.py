"""The card of a city: what it says."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

import pytest

from bot.lookup.cities import CityPage, NoSuchCity, Tie
from bot.lookup.city_news import LatestStory, NextEvent
from bot.lookup.search import CityIndex
from bot.texts import ENGLISH, texts
from bot.ui.cities.city_card import city_card
from bot.ui.cities.place_text import place_line, signed_on
from bot.ui.events.answer_card import no_such_city
from tests.unit.city_pages import PARTNER, TIE, TOWN, components, pages, shown

__all__ = ["pages"]  # a fixture

BIRMINGHAM = 4049979
NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


BIRMINGHAM_HEAD = (
    "## 🇺🇸 Birmingham\n"
    "Alabama, United States\n"
    "-# 14 partner cities in 13 countries · population 196,357\n"
    "-# local time **10:00 AM** · America/Chicago\n"
    "---\n"
)
LISTS = "https://en.wikipedia.org/wiki/List_of_sister_cities_in_the_United_States"
BIRMINGHAM_SOURCES = (
    f"-# Listed in 2026 · sources: [Wikipedia]({LISTS}), "
    "[Wikidata](https://www.wikidata.org/w/index.php?search=haswbstatement:P1566=4049979), "
    "pages of cities, associations and newspapers, [GeoNames](https://www.geonames.org/4049979)\n"
)


def partner_lines(tie: Tie) -> list[str]:
    """What the card of a town says of a partner besides one in Germany, its small print as one line."""
    german = replace(TIE, partner=replace(PARTNER, name="Stadt", country_code="DE"))
    lines = shown(city_card(CityPage(TOWN, (tie, german)), 0, NOW, ENGLISH)).split("\n")
    at = next(at for at, line in enumerate(lines) if line.startswith("🇫🇷"))
    small = takewhile(lambda line: line.startswith("-# "), lines[at + 1 :])
    text = " · ".join(line.removeprefix("-# ") for line in small)
    return [lines[at], text] if text else [lines[at]]


def test_the_first_page_of_birmingham(pages: dict[int, CityPage]) -> None:
    assert shown(city_card(pages[BIRMINGHAM], 0, NOW, ENGLISH)) == (
        f"{BIRMINGHAM_HEAD}"
        "🇨🇳 **Anshan**, China\n"
        "-# 🌙 12:00 AM, +14 h · 6,940 mi\n"
        "🇨🇿 **Plzeň**, Czechia\n"
        "-# 5:00 PM, +7 h · 4,900 mi\n"
        "🇬🇭 **Winneba**, Ghana\n"
        "-# 4:00 PM, +6 h · 5,790 mi\n"
        "🇬🇹 **Cobán**, Guatemala\n"
        "-# signed 1972 · listed in 2016\n"
        "-# 10:00 AM · 1,270 mi\n"
        "🇭🇺 **Székesfehérvár**, Hungary\n"
        "-# signed July 15, 1994\n"
        "-# 5:00 PM, +7 h · 5,190 mi\n"
        "🇮🇱 **Rosh HaAyin**, Israel\n"
        "-# signed 2005 · 6:00 PM, +8 h · 6,530 mi\n"
        "🇯🇲 **Kingston**, Jamaica\n"
        "-# signed 2017\n"
        "-# 11:00 AM, +1 h · 1,240 mi\n"
        "🇯🇵 **Hitachi**, Japan\n"
        "-# sister city · signed April 23, 1982\n"
        "-# active as of 2017\n"
        "-# 🌙 1:00 AM, +15 h · 6,710 mi\n"
        "---\n"
        "-# No mark: confirmed by good sources.\n"
        f"{BIRMINGHAM_SOURCES}"
        "-# Page 1 of 2\n"
        "[Next page]\n"
        "[Map]\n"
        "[Partners]\n"
        "[Wikipedia]"
    )


def test_the_second_page_of_birmingham(pages: dict[int, CityPage]) -> None:
    assert shown(city_card(pages[BIRMINGHAM], 1, NOW, ENGLISH)) == (
        f"{BIRMINGHAM_HEAD}"
        "🇯🇵 **Maebashi**, Japan\n"
        "-# sister city · signed July 3, 2017\n"
        "-# active as of 2017\n"
        "-# 🌙 1:00 AM, +15 h · 6,770 mi\n"
        "🇯🇴 **Al Karak**, Jordan\n"
        "-# signed 2005 · 7:00 PM, +9 h · 6,600 mi\n"
        "🇸🇳 **Guédiawaye**, Senegal\n"
        "-# 4:00 PM, +6 h · 4,480 mi\n"
        "🇺🇦 **Vinnytsia**, Ukraine\n"
        "-# 6:00 PM, +8 h · 5,480 mi\n"
        "🇬🇧 **Liverpool**, United Kingdom\n"
        "-# *unconfirmed* · 4:00 PM, +6 h · 4,160 mi\n"
        "🇿🇼 **Gweru**, Zimbabwe\n"
        "-# listed in 2022\n"
        "-# 6:00 PM, +8 h · 8,460 mi\n"
        "---\n"
        "-# Unconfirmed: a single list names it, or which place is meant is not certain.\n"
        "-# No mark: confirmed by good sources.\n"
        f"{BIRMINGHAM_SOURCES}"
        "-# Page 2 of 2\n"
        "[Previous page]\n"
        "[Map]\n"
        "[Partners]\n"
        "[Wikipedia]"
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
        "-# 1 partner city · population 174,508\n"
        "-# local time **1:00 AM** · Asia/Tokyo\n"
        "---\n"
        "🇺🇸 **Birmingham**, Alabama\n"
        "-# sister city · signed April 23, 1982\n"
        "-# active as of 2017\n"
        "-# 10:00 AM, −15 h · 6,710 mi\n"
        "---\n"
        "-# Only its ties with places in the United States are listed here; it may have others.\n"
        "-# No mark: confirmed by good sources.\n"
        f"-# Listed in 2026 · sources: [Wikipedia]({LISTS}), pages of cities, associations and newspapers, "
        "[GeoNames](https://www.geonames.org/2112708)\n"
        "[Map]\n"
        "[Partners]\n"
        "[Wikipedia]"
    )


def test_german_readers_get_german_countries_in_their_order_and_german_dates(pages: dict[int, CityPage]) -> None:
    text = "\n".join(shown(city_card(pages[BIRMINGHAM], number, NOW, texts("de"))) for number in (0, 1))
    countries = [found[1] for found in re.finditer(r"^[🇦-🇿]{2} \*\*.+\*\*, (.+)$", text, re.MULTILINE)]

    assert countries == [
        "China", "Ghana", "Guatemala", "Israel", "Jamaika", "Japan", "Japan", "Jordanien",
        "Senegal", "Simbabwe", "Tschechien", "Ukraine", "Ungarn", "Vereinigtes Königreich",
    ]  # fmt: skip
    assert text.startswith("## 🇺🇸 Birmingham\nAlabama, Vereinigte Staaten\n")
    assert "population 196.357\n-# local time **10:00** · America/Chicago\n" in text
    assert "**Maebashi**, Japan\n-# sister city · signed 3. Juli 2017\n-# active as of 2017\n-# 🌙 01:00, +15 h" in text


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
        ({}, "sister city · "),
        ({"signed": "2017-07"}, "sister city · signed July 2017 · "),
        ({"kind": "friendship", "signed": "2001"}, "friendship city · signed 2001 · "),
        ({"kind": "unknown"}, ""),
        ({"kind": "partner"}, "partner city · "),
        ({"kind": "pact"}, "county or state pact · "),
        ({"kind": "unknown", "confidence": "unconfirmed"}, "*unconfirmed* · "),
        ({"state": "active", "as_of": "2024"}, "sister city · active as of 2024 · "),
        ({"state": "active", "as_of": "2024-07-29"}, "sister city · active as of July 29, 2024 · "),
        ({"state": "active"}, "sister city · active · "),
        ({"state": "suspended", "as_of": "2022"}, "sister city · suspended as of 2022 · "),
        ({"state": "suspended"}, "sister city · suspended · "),
        ({"sources": ("wikidata:2016", "wikipedia:2014")}, "sister city · listed in 2016 · "),
        ({"sources": ("page",), "as_of": "2023", "state": "active"}, "sister city · active as of 2023 · "),
        ({"sources": ("page",), "as_of": "2023"}, "sister city · listed in 2023 · "),
        ({"sources": ("page",)}, "sister city · "),
    ],
)
def test_a_tie_is_worded_by_its_kind_state_confidence_and_year(changes: dict[str, Any], written: str) -> None:
    assert partner_lines(replace(TIE, **changes)) == ["🇫🇷 **Ville**, France", f"{written}5:00 PM, +6 h · 3,830 mi"]


@pytest.mark.parametrize(("as_of", "written"), [("2018", "ended as of 2018"), (None, "ended")])
def test_the_name_of_a_partner_that_is_one_no_longer_is_struck_through(as_of: str | None, written: str) -> None:
    lines = partner_lines(replace(TIE, state="ended", as_of=as_of))

    assert lines == ["🇫🇷 ~~**Ville**~~, France", f"sister city · {written} · 5:00 PM, +6 h · 3,830 mi"]


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        ({"region": None}, ["🇫🇷 **Ville**, France", "5:00 PM, +6 h · 3,830 mi"]),
        ({"timezone": None}, ["🇫🇷 **Ville**, France", "3,830 mi"]),
        ({"latitude": None, "longitude": None}, ["🇫🇷 **Ville**, France", "5:00 PM, +6 h"]),
        ({"timezone": TOWN.timezone}, ["🇫🇷 **Ville**, France", "11:00 AM · 3,830 mi"]),
        ({"timezone": "Asia/Kathmandu"}, ["🇫🇷 **Ville**, France", "9:45 PM, +10:45 h · 3,830 mi"]),
        (
            {"kind": "county", "name": "Main-Taunus"},
            ["🇫🇷 **Main-Taunus**, France", "county or district · 5:00 PM, +6 h · 3,830 mi"],
        ),
        ({"kind": "county", "name": "Door County"}, ["🇫🇷 **Door County**, France", "5:00 PM, +6 h · 3,830 mi"]),
    ],
)
def test_a_partner_shows_its_clock_and_distance_and_what_it_is_if_no_city(
    changes: dict[str, Any], written: list[str]
) -> None:
    assert partner_lines(replace(TIE, kind="unknown", partner=replace(PARTNER, **changes))) == written


def test_a_partner_about_which_nothing_is_known_takes_one_line() -> None:
    bare = replace(PARTNER, timezone=None, latitude=None, longitude=None)

    assert partner_lines(replace(TIE, kind="unknown", partner=bare)) == ["🇫🇷 **Ville**, France"]


def test_clock_and_distance_take_a_line_of_their_own_only_where_one_line_is_too_long_for_a_phone() -> None:
    def small(tie: Tie) -> list[str]:
        text = shown(city_card(CityPage(TOWN, (tie,)), 0, NOW, ENGLISH)).split("\n---\n")[1]
        return text.split("\n")[1:]

    assert small(replace(TIE, kind="unknown", signed="2005")) == ["-# signed 2005 · 5:00 PM, +6 h · 3,830 mi"]
    assert small(replace(TIE, kind="unknown", signed="2005-05")) == [
        "-# signed May 2005",
        "-# 5:00 PM, +6 h · 3,830 mi",
    ]


def test_no_line_of_facts_is_longer_than_a_phone_shows() -> None:
    tie = replace(TIE, signed="1982-04-23", state="active", as_of="2017")
    text = shown(city_card(CityPage(TOWN, (tie,)), 0, NOW, ENGLISH)).split("\n---\n")[1]

    assert text.split("\n")[1:] == [
        "-# sister city · signed April 23, 1982",
        "-# active as of 2017",
        "-# 5:00 PM, +6 h · 3,830 mi",
    ]


def test_the_foot_says_what_ties_without_a_mark_are_where_there_are_some() -> None:
    doubtful = replace(TIE, confidence="unconfirmed")
    feet = [shown(city_card(CityPage(TOWN, ties), 0, NOW, ENGLISH)) for ties in ((TIE,), (TIE, doubtful), (doubtful,))]

    assert ["-# No mark: confirmed by good sources.\n" in foot for foot in feet] == [True, True, False]
    assert ["-# Unconfirmed: " in foot for foot in feet] == [False, True, True]


def test_towns_in_the_united_states_go_by_their_state_and_others_by_their_region_only_if_names_repeat() -> None:
    ohio = replace(TIE, partner=replace(PARTNER, id=3, country_code="US", region="Ohio"))
    normandy = replace(TIE, partner=replace(PARTNER, id=4, region="Normandie"))
    text = shown(city_card(CityPage(TOWN, (TIE, normandy, ohio)), 0, NOW, ENGLISH))

    names = [line for line in text.split("\n") if "**Ville**" in line]
    assert names == ["🇫🇷 **Ville**, Bretagne, France", "🇫🇷 **Ville**, Normandie, France", "🇺🇸 **Ville**, Ohio"]


def test_ended_ties_are_not_counted_and_come_last_in_their_country() -> None:
    ended = replace(TIE, partner=replace(PARTNER, name="Arles"), state="ended")
    text = shown(city_card(CityPage(TOWN, (ended, TIE)), 0, NOW, ENGLISH))

    assert text.split("\n")[2] == "-# 1 partner city · population 1,000"
    assert text.index("Ville") < text.index("Arles")


def test_namesakes_are_offered_right_below_the_head() -> None:
    england = replace(PARTNER, id=7, name="Town", region="England", country_code="GB")
    text = shown(city_card(CityPage(TOWN, (TIE,), namesakes=(england,)), 0, NOW, ENGLISH))

    assert text.startswith(
        "## 🇺🇸 Town\n"
        "Ohio, United States\n"
        "-# 1 partner city · population 1,000\n"
        "-# local time **11:00 AM** · America/New\\_York\n"
        "-# Did you mean another Town?\n"
        "[Town, England, GB]\n"
        "---\n"
    )


def test_a_city_without_ties_offers_the_nearest_that_have_some() -> None:
    near = replace(TOWN, id=7, name="Neartown")
    text = shown(city_card(CityPage(TOWN, (), nearby=(near,)), 0, NOW, ENGLISH))

    assert text == (
        "## 🇺🇸 Town\n"
        "Ohio, United States\n"
        "-# population 1,000\n"
        "-# local time **11:00 AM** · America/New\\_York\n"
        "---\n"
        "I don't know of any sister cities of Town. The closest cities that have some:\n"
        "[Neartown, Ohio, US]\n"
        "---\n"
        "-# Sources: [GeoNames](https://www.geonames.org/1)\n"
        "[Wikipedia]"
    )


def test_a_namesake_nearby_has_one_button_for_discord_refuses_two_of_the_same_id() -> None:
    near = replace(TOWN, id=7, region="Indiana")
    view = city_card(CityPage(TOWN, (), namesakes=(near,), nearby=(near,)), 0, NOW, ENGLISH)
    ids = [part["custom_id"] for part in components(view) if "custom_id" in part]

    assert ids == ["city-open:7"]
    assert "Did you mean" not in shown(view)


STORY = LatestStory("Students [visit] Town", "https://news.example/a_(b)", NOW - timedelta(days=3), 20)
EVENT = NextEvent("*Tea* evening", NOW + timedelta(days=3), 20, 30)


def news(page: CityPage) -> str:
    """What a card says between the partners and the sources."""
    return shown(city_card(page, 0, NOW, ENGLISH)).split("\n---\n")[2]


def test_the_latest_story_and_the_next_event_are_a_press_away() -> None:
    assert news(CityPage(TOWN, (TIE,), story=STORY, event=EVENT, guild_id=10)) == (
        "**Latest story** [Students \\[visit\\] Town](https://news.example/a_%28b%29) · <t:1795104000:R>\n"
        "**Next event** [\\*Tea\\* evening](https://discord.com/channels/10/20/30) · <t:1795622400:f>"
    )


def test_a_story_without_a_link_and_an_event_without_a_message_are_only_named() -> None:
    page = CityPage(TOWN, (TIE,), story=replace(STORY, link=None), event=replace(EVENT, message_id=None), guild_id=10)

    assert news(page) == (
        "**Latest story** Students \\[visit\\] Town · <t:1795104000:R>\n"
        "**Next event** \\*Tea\\* evening · <t:1795622400:f>"
    )
    assert "---\n-# No mark: confirmed by good sources.\n-# Listed in" in shown(
        city_card(CityPage(TOWN, (TIE,)), 0, NOW, ENGLISH)
    )


@pytest.mark.parametrize("number", [0, 1])
def test_turning_the_page_keeps_the_namesakes_and_the_way_to_another_random_city(
    pages: dict[int, CityPage], number: int
) -> None:
    page = replace(pages[BIRMINGHAM], namesakes=(replace(TOWN, name="Birmingham"),))
    view = city_card(page, number, NOW, ENGLISH, another=True)
    ids = [part["custom_id"] for part in components(view) if "custom_id" in part]

    assert ids == [
        "city-open:1",
        f"city-page:{BIRMINGHAM}:{1 - number}:nr",
        f"city-map:{BIRMINGHAM}",
        f"city-partners:{BIRMINGHAM}",
        "city-random",
    ]


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
