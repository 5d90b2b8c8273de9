"""The lists of a country, of a state, of a city's partners in full, and of clocks: what they say."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.lookup.cities import CityPage
from bot.lookup.countries import Region
from bot.lookup.country_lists import CountryTies, ListedTie, RegionTowns, Town
from bot.texts import ENGLISH, texts
from bot.ui.cities.city_lists import country_card, region_card
from bot.ui.cities.clock_list import clock_card
from bot.ui.cities.partner_list import partners_card
from tests.unit.city_pages import PARTNER, TIE, TOWN, components, pages, shown

__all__ = ["pages"]  # a fixture

BIRMINGHAM, HONOLULU = 4049979, 5856195
NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
LISTS = "https://en.wikipedia.org/wiki/List_of_sister_cities_in_the_United_States"
WIKIDATA = "https://www.wikidata.org/w/index.php?search=haswbstatement:P1566="

MOBILE = replace(TOWN, id=10, name="Mobile", region="Alabama")
NOME = replace(TOWN, id=11, name="Nome", region="Alaska")
HEILBRONN = replace(PARTNER, id=20, name="Heilbronn", country_code="DE")
WORMS = replace(PARTNER, id=21, name="Worms", country_code="DE")
BEJA = replace(PARTNER, id=22, name="Beja", country_code="DE")


def test_a_country_lists_the_places_elsewhere_by_state_with_their_partners_there() -> None:
    ties = (
        ListedTie(WORMS, MOBILE, "active"),
        ListedTie(BEJA, NOME, "unknown"),
        ListedTie(BEJA, MOBILE, "ended"),
        ListedTie(HEILBRONN, MOBILE, "suspended"),
        ListedTie(HEILBRONN, replace(PARTNER, id=30, name="Béziers"), "unknown"),
    )

    assert shown(country_card(CountryTies("DE", ties, domestic=False), 0, ENGLISH)) == (
        "## 🇩🇪 Germany\n"
        "-# 4 partnerships: 3 places there with 3 places elsewhere\n"
        "---\n"
        "**🇫🇷 Bretagne, France** · 1\n"
        "Béziers — Heilbronn\n"
        "**🇺🇸 Alabama** · 3\n"
        "Mobile — Heilbronn, Worms, ~~Beja~~\n"
        "**🇺🇸 Alaska** · 1\n"
        "Nome — Beja"
    )


def test_ties_within_the_country_to_which_all_lead_are_explained() -> None:
    found = CountryTies("US", (ListedTie(NOME, MOBILE, "unknown"),), domestic=True)

    assert shown(country_card(found, 0, ENGLISH)) == (
        "## 🇺🇸 United States\n"
        "-# 1 partnership between two places there\n"
        "---\n"
        "**🇺🇸 Alabama** · 1\n"
        "Mobile — Nome (Alaska)\n"
        "---\n"
        "-# Nearly every partnership I know has an end in the United States; here are those with both ends there. "
        "`/city state` lists the towns of a state, `/city country` another country's partners."
    )


def test_a_country_without_ties_says_so() -> None:
    text = shown(country_card(CountryTies("LI", (), domestic=False), 0, texts("de")))

    assert text == "Liechtenstein: I don't know of any partnership with a place there."


def test_a_town_with_very_many_partners_in_a_country_takes_one_line() -> None:
    places = [replace(PARTNER, id=at, name=f"Partnerstadt {at:02}", country_code="DE") for at in range(30)]
    ties = tuple(ListedTie(place, MOBILE, "unknown") for place in places)
    last = shown(country_card(CountryTies("DE", ties, domestic=False), 0, ENGLISH)).split("\n")[-1]

    names = ", ".join(f"Partnerstadt {at:02}" for at in range(11))
    assert last == f"Mobile — {names} and 19 more"


@pytest.mark.parametrize(("asked", "given"), [(0, 0), (1, 1), (2, 2), (99, 2)])
def test_the_pages_of_a_country_hold_twelve_places(asked: int, given: int) -> None:
    towns = [replace(TOWN, id=100 + at, name=f"Town {at:02}") for at in range(30)]
    found = CountryTies("FR", tuple(ListedTie(PARTNER, town, "unknown") for town in towns), domestic=False)
    text = shown(country_card(found, asked, ENGLISH))

    listed = [line for line in text.split("\n") if line.endswith(" — Ville")]
    assert listed == [f"Town {at:02} — Ville" for at in range(30)][given * 12 : given * 12 + 12]
    assert f"**🇺🇸 Ohio** · 30\n{listed[0]}" in text
    assert f"-# Page {given + 1} of 3\n" in text


def test_a_state_lists_its_towns_each_with_a_button() -> None:
    names = ["Zadar", "Arles", *(f"Neustadt {at}" for at in range(14))]
    ties = tuple(ListedTie(MOBILE, replace(PARTNER, name=name), "unknown") for name in names)
    home = replace(TOWN, name="Selma", region="Alabama")
    ended = ListedTie(MOBILE, PARTNER, "ended")
    towns = (
        Town(MOBILE, ties),
        Town(replace(MOBILE, id=12, name="Foley"), (ListedTie(MOBILE, home, "active"), ended)),
        Town(replace(MOBILE, id=13), (ended,)),
    )
    view = region_card(RegionTowns(Region("US", "Alabama"), towns), 0, ENGLISH)

    assert shown(view) == (
        "## 🇺🇸 Alabama\n"
        "-# 3 towns with partner cities\n"
        "---\n"
        "**Mobile** · 16 partner cities\n"
        "-# Arles, Neustadt 0, Neustadt 1, Neustadt 10, Neustadt 11, Neustadt 12 and 10 more\n"
        "**Foley** · 1 partner city\n"
        "-# Selma (Alabama), ~~Ville~~\n"
        "**Mobile** · ended\n"
        "-# ~~Ville~~\n"
        "[Mobile]\n"
        "[Foley]\n"
        "[Mobile]"
    )
    assert [part["custom_id"] for part in components(view) if "custom_id" in part] == [
        "city-open:10",
        "city-open:12",
        "city-open:13",
    ]


def test_everything_about_the_partners_in_a_country(pages: dict[int, CityPage]) -> None:
    text = shown(partners_card(pages[BIRMINGHAM], "JP", 0, NOW, ENGLISH))

    assert text == (
        "## Partners of 🇺🇸 Birmingham: Japan\n"
        "Alabama, United States\n"
        "-# 2 partner cities · local time **10:00 AM**\n"
        "---\n"
        "🇯🇵 **Hitachi**, Ibaraki, Japan\n"
        "sister city · signed April 23, 1982 · active as of 2017 · confirmed\n"
        "-# 🌙 1:00 AM, +15 h · 6,710 mi\n"
        "-# Wikipedia 2014, 2026 · [GeoNames](https://www.geonames.org/2112708)\n"
        "-# birminghamsistercities.org, bhamwiki.com, hia.jp, ksac.gov.jm; birminghamsistercities.com/japan\n"
        "🇯🇵 **Maebashi**, Gunma, Japan\n"
        "sister city · signed July 3, 2017 · active as of 2017 · confirmed\n"
        "-# 🌙 1:00 AM, +15 h · 6,770 mi\n"
        f"-# Wikipedia 2026 · [Wikidata]({WIKIDATA}1857843) 2016, 2022 · [GeoNames](https://www.geonames.org/1857843)\n"
        "-# birminghamsistercities.org, bhamwiki.com, hia.jp, ksac.gov.jm; birminghamsistercities.com/japan; "
        "villagelivingonline.com 2017\n"
        "---\n"
        "-# The years are those of each source's texts; "
        f"Wikipedia's are its [lists of sister cities]({LISTS})."
    )


def test_what_is_not_known_of_a_tie_is_said() -> None:
    bare = replace(TIE, kind="unknown", confidence="unconfirmed", sources=("page",))
    page = CityPage(TOWN, (bare, replace(bare, partner=replace(PARTNER, name="Zell"), sources=("wikidata:eu",))))
    parts = shown(partners_card(page, None, 0, NOW, ENGLISH)).split("\n---\n")

    assert parts[1] == (
        "🇫🇷 **Ville**, Bretagne, France\n"
        "kind not known · signing date not known · not known whether active · *unconfirmed*\n"
        "-# 5:00 PM, +6 h · 3,830 mi\n"
        "-# pages of cities, associations and newspapers · [GeoNames](https://www.geonames.org/2)\n"
        "🇫🇷 **Zell**, Bretagne, France\n"
        "kind not known · signing date not known · not known whether active · *unconfirmed*\n"
        "-# 5:00 PM, +6 h · 3,830 mi\n"
        f"-# [Wikidata]({WIKIDATA}2) · [GeoNames](https://www.geonames.org/2)"
    )


def test_what_moderators_or_operators_said_is_not_put_into_wikipedias_mouth() -> None:
    ties = (
        replace(TIE, sources=("wikipedia:2014", "moderator:2026")),
        replace(TIE, partner=replace(PARTNER, name="Zell"), sources=("operator:2025",)),
    )
    text = shown(partners_card(CityPage(TOWN, ties), None, 0, NOW, ENGLISH))

    assert "\n-# Wikipedia 2014 · this server's moderators 2026 · [GeoNames]" in text
    assert "\n-# the people who run this bot 2025 · [GeoNames]" in text


@pytest.mark.parametrize(
    ("notes", "written"),
    [
        ("https://a.example/b_c ; minutes of *May*", "-# https://a.example/b_c ; minutes of \\*May\\*"),
        ("[a](javascript://b)", "-# \\[a\\](javascript:\\//b)"),
        ("https://a.example/" + "x" * 300, "-# https:\\//a.example/" + "x" * 105 + "…"),
    ],
)
def test_a_moderators_link_opens_unless_it_had_to_be_cut(notes: str, written: str) -> None:
    text = shown(partners_card(CityPage(TOWN, (replace(TIE, notes=notes),)), None, 0, NOW, ENGLISH))

    assert text.split("\n---\n")[1].split("\n")[-1] == written


def test_a_filter_that_leaves_nothing_names_the_countries_there_are(pages: dict[int, CityPage]) -> None:
    text = shown(partners_card(pages[BIRMINGHAM], "FR", 0, NOW, ENGLISH))

    assert text == (
        "France: I don't know of any partner city of Birmingham there. Its partners are in: China, Czechia, Ghana, "
        "Guatemala, Hungary, Israel, Jamaica, Japan, Jordan, Senegal, Ukraine, United Kingdom, Zimbabwe."
    )
    none = shown(partners_card(CityPage(TOWN, ()), "FR", 0, NOW, ENGLISH))
    assert none == "I don't know of any partner city of Town."


def test_the_pages_of_a_filtered_list_keep_the_filter(pages: dict[int, CityPage]) -> None:
    view = partners_card(pages[HONOLULU], "PH", 1, NOW, ENGLISH)
    ids = [part["custom_id"] for part in components(view) if "custom_id" in part]

    assert ids == [f"city-partners:{HONOLULU}:PH:0"]
    assert "-# Page 2 of 2\n" in shown(view)


def test_the_clocks_of_a_city_and_its_partners(pages: dict[int, CityPage]) -> None:
    assert shown(clock_card(pages[BIRMINGHAM], NOW, ENGLISH)) == (
        "## 🇺🇸 Clocks of Birmingham and its partners\n"
        "Alabama, United States\n"
        "-# Sunday, November 22, 2026\n"
        "---\n"
        "**10:00 AM**\n"
        "🇺🇸 **Birmingham** · 🇬🇹 Cobán\n"
        "**11:00 AM** · +1 h\n"
        "🇯🇲 Kingston\n"
        "**4:00 PM** · +6 h\n"
        "🇬🇭 Winneba · 🇸🇳 Guédiawaye · 🇬🇧 Liverpool\n"
        "**5:00 PM** · +7 h\n"
        "🇨🇿 Plzeň · 🇭🇺 Székesfehérvár\n"
        "**6:00 PM** · +8 h\n"
        "🇮🇱 Rosh HaAyin · 🇺🇦 Vinnytsia · 🇿🇼 Gweru\n"
        "**7:00 PM** · +9 h\n"
        "🇯🇴 Al Karak\n"
        "**12:00 AM** 🌙 *next day* · +14 h\n"
        "🇨🇳 Anshan\n"
        "**1:00 AM** 🌙 *next day* · +15 h\n"
        "🇯🇵 Hitachi, Maebashi\n"
        "---\n"
        "-# 🌙 It is between midnight and six there.\n"
        "[Update]"
    )


def test_clocks_that_are_not_known_are_named_and_partners_of_old_are_left_out() -> None:
    lost = replace(TIE, partner=replace(PARTNER, id=3, name="Perdu", timezone=None))
    ended = replace(TIE, partner=replace(PARTNER, id=4, name="Fini"), state="ended")
    parts = shown(clock_card(CityPage(TOWN, (TIE, lost, ended)), NOW, ENGLISH)).split("\n---\n")

    assert parts[1] == "**11:00 AM**\n🇺🇸 **Town**\n**5:00 PM** · +6 h\n🇫🇷 Ville"
    assert parts[2] == "-# 🌙 It is between midnight and six there.\n-# Clock not known: Perdu\n[Update]"


def test_a_city_without_a_known_zone_still_shows_its_partners_clocks() -> None:
    nowhere = replace(TOWN, timezone=None)
    parts = shown(clock_card(CityPage(nowhere, (TIE,)), NOW, ENGLISH)).split("\n---\n")
    none = shown(clock_card(CityPage(nowhere, ()), NOW, ENGLISH)).split("\n---\n")

    assert parts[:2] == ["## 🇺🇸 Clocks of Town and its partners\nOhio, United States", "**5:00 PM**\n🇫🇷 Ville"]
    assert none[1] == "I don't know the time zone of Town."


def test_where_partners_are_very_many_each_clock_names_some_of_them() -> None:
    places = [replace(PARTNER, id=10 + at, name=f"Une ville partenaire {at:03}") for at in range(200)]
    page = CityPage(TOWN, tuple(replace(TIE, partner=place) for place in places))
    text = shown(clock_card(page, NOW, ENGLISH))

    assert "**5:00 PM** · +6 h\n🇫🇷 Une ville partenaire 000, Une ville partenaire 001, " in text
    assert ", Une ville partenaire 059 and 140 more\n---\n" in text
