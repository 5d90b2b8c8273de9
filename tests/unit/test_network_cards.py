"""Cards of two cities and of the network: what they say, and that Discord takes them whatever they are given."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lookup.cities import NoSuchCity, Tie
from bot.lookup.comparison import Comparison, compared
from bot.lookup.network import Link, Network
from bot.lookup.network_figures import figures
from bot.lookup.network_pages import PathPage, ServerFigures, StatisticsPage, Surroundings, Unclear
from bot.lookup.places import Place
from bot.texts import ENGLISH, texts
from bot.ui.cities.compare_card import compare_card
from bot.ui.cities.path_card import path_card
from bot.ui.cities.stats_card import stats_card
from tests.unit.city_pages import PARTNER, TIE, TOWN, shown
from tests.unit.test_city_card_limits import HOSTILE, fits

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
VILLAGE = replace(TOWN, id=3, name="Village", region="Alabama", timezone="America/Chicago", population=None)
LOCALES = [locale.value for locale in discord.Locale]
# The longest names that CLDR has for countries.
CODES = ["GS", "UM", "TF", "VC", "ST", "PM", "HM", "FK", "BA", "CD", "IO", "MP", "SJ", "WF"]


def towns(count: int, **columns: object) -> list[Place]:
    """Places with different ids, and countries unless one is given."""
    codes = [{"country_code": CODES[at % len(CODES)]} | columns for at in range(count)]
    return [replace(PARTNER, id=100 + at, **code) for at, code in enumerate(codes)]  # type: ignore[arg-type]


def tie(partner: Place, **columns: object) -> Tie:
    return replace(TIE, partner=partner, **columns)  # type: ignore[arg-type]


def wordy(partner: Place) -> Tie:
    """A tie of which everything is known."""
    return tie(partner, signed="2017-09-30", kind="friendship", state="suspended", as_of="2022-09-30",
               confidence="unconfirmed")  # fmt: skip


def path_page(places: list[Place], state: str = "unknown", confidence: str = "confirmed") -> PathPage:
    """The page of a chain that goes through all these places in turn."""
    links = [Link(one.id, other.id, "pact", state, confidence, "2017-09-30", "2022") for one, other in pairwise(places)]
    network = Network({place.id: place for place in places}, links)
    return PathPage(places[0], places[-1], 7_000.0, network.chains(places[0].id, places[-1].id), ())


def test_a_comparison_sets_facts_side_by_side_then_partners() -> None:
    both = replace(PARTNER, id=4, name="Both")
    found = compared(
        TOWN, VILLAGE,
        [tie(both, signed="1972"), tie(replace(PARTNER, id=5, name="Mine")),
         tie(replace(PARTNER, id=6), state="ended")],
        [tie(both, confidence="unconfirmed"), tie(replace(PARTNER, id=7, name="Yours"), signed="2001-02-03"),
         tie(replace(PARTNER, id=8, name="Later"), signed="2017-07")],
    )  # fmt: skip

    assert shown(compare_card(found, 0, NOW, ENGLISH)) == (
        "① 🇺🇸 **Town** · Ohio, United States\n"
        "② 🇺🇸 **Village** · Alabama, United States\n"
        "---\n"
        "They have no tie with each other.\n"
        "0 mi as the crow flies\n"
        "**Population** ① 1,000 · ② not known\n"
        "**Local time** ① 11:00 AM · ② 10:00 AM, −1 h\n"
        "**Partners** ① 2 partner cities · ② 3 partner cities\n"
        "**Oldest tie signed** ① 1972 · ② February 3, 2001\n"
        "**Newest tie signed** ① 1972 · ② July 2017\n"
        "**Different partners in the same country** France\n"
        "---\n"
        "### Partners of both (1)\n"
        "🇫🇷 **Both**\n"
        "-# ① signed 1972 · ② *unconfirmed*\n"
        "### Partners of ① Town only (1)\n"
        "🇫🇷 **Mine**\n"
        "### Partners of ② Village only (2)\n"
        "🇫🇷 **Later** · signed July 2017\n"
        "🇫🇷 **Yours** · signed February 3, 2001\n"
        "---\n"
        "-# Unconfirmed: a single list names it, or which place is meant is not certain.\n"
        "[Town, Ohio, US]\n"
        "[Village, Alabama, US]"
    )


def test_the_tie_between_the_two_is_told_and_stands_in_no_list() -> None:
    found = compared(TOWN, PARTNER, [tie(PARTNER, signed="1982-04-23")], [tie(TOWN, signed="1982-04-23")])
    text = shown(compare_card(found, 0, NOW, ENGLISH))

    assert "Their tie: sister cities, signed April 23, 1982\n" in text
    assert (found.shared, found.only_one, found.only_other, found.countries) == ((), (), (), frozenset())
    assert "-# Of places outside the United States only ties with places in the United States are listed." in text


def test_a_tie_that_is_ended_is_told_as_such_and_counts_nowhere_else() -> None:
    over = {"state": "ended", "as_of": "2022"}
    found = compared(TOWN, PARTNER, [tie(PARTNER, **over)], [tie(TOWN, **over)])
    text = shown(compare_card(found, 0, NOW, ENGLISH))

    assert "Their tie: sister cities, ended as of 2022\n" in text
    assert "**Partners** ① none known · ② none known\n" in text


def test_a_county_beside_a_city_is_said_to_be_one() -> None:
    county = replace(VILLAGE, name="Loudoun County", kind="county", latitude=None, longitude=None, timezone=None)
    text = shown(compare_card(compared(TOWN, county, [], []), 0, NOW, ENGLISH))

    assert "**What it is** ① city · ② county or district\n" in text
    assert "**Local time** ① 11:00 AM · ② not known\n" in text
    assert "crow" not in text


PLACE_LISTS = st.lists(st.integers(1, 30), unique=True, max_size=12)


@given(ones=PLACE_LISTS, others=PLACE_LISTS, ended=st.sets(st.integers(1, 30)))
def test_every_partner_of_two_cities_is_in_exactly_one_list(
    ones: list[int], others: list[int], ended: set[int]
) -> None:
    def ties(ids: list[int], own: int) -> list[Tie]:
        places = {i: replace(PARTNER, id=i, country_code=CODES[i % 5]) for i in ids if i != own}
        return [tie(place, state="ended" if i in ended else "active") for i, place in places.items()]

    found = compared(replace(TOWN, id=1), replace(VILLAGE, id=2), ties(ones, 1), ties(others, 2))
    mine, yours = ({i for i in ids if i not in (own, *ended)} for ids, own in ((ones, 1), (others, 2)))

    assert {one.partner.id for one, other in found.shared if one.partner == other.partner} == (mine & yours) - {1, 2}
    assert {tie.partner.id for tie in found.only_one} == mine - yours - {2}
    assert {tie.partner.id for tie in found.only_other} == yours - mine - {1}
    codes = [{CODES[i % 5] for i in ids} for ids in (mine - yours - {2}, yours - mine - {1})]
    assert found.countries == codes[0] & codes[1]


def comparison_of_many(**columns: object) -> Comparison:
    """Two cities with seventeen partners of both, and thirty that only one has."""
    places = towns(77, **columns)
    one, other = (replace(places[0], id=number, kind="county", timezone="Asia/Kolkata") for number in (1, 2))
    mine, yours = [*places[:47], other], [*places[:17], *places[47:], one]
    return compared(one, other, list(map(wordy, mine)), list(map(wordy, yours)))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_long_comparison_fits_page_by_page_in_every_language_and_shows_every_partner(locale: str) -> None:
    found = comparison_of_many(name="Saint-Germain-en-Laye", region="Île-de-France")
    named = replace(
        found,
        only_one=tuple(replace(t, partner=replace(t.partner, name=f"Ville {t.partner.id}")) for t in found.only_one),
    )
    cards = [compare_card(named, number, NOW, texts(locale)) for number in range(20)]
    text = "\n".join(map(shown, cards))

    assert all(map(fits, cards))
    assert [t.partner.name for t in named.only_one if f"**{t.partner.name}**" not in text] == []


@settings(deadline=None, max_examples=20)
@given(name=HOSTILE, region=st.none() | HOSTILE)
def test_cards_of_two_cities_with_hostile_names_fit(name: str, region: str | None) -> None:
    found = comparison_of_many(name=name, region=region)
    places = towns(45, name=name, region=region, country_code="US")
    page, over = path_page(places, confidence="unconfirmed"), path_page(places, state="suspended")
    around = tuple(Surroundings(place, 1_500, 12, tuple(places[at : at + 4])) for at, place in enumerate(places[:2]))
    unclear = Unclear("city", NoSuchCity(name, tuple(places[:5])), places[9])

    american = comparison_of_many(name=name, region=region, country_code="US")
    assert all(fits(compare_card(some, number, NOW, ENGLISH)) for some in (found, american) for number in range(9))
    assert all(fits(path_card(some, number, ENGLISH)) for some in (page, over) for number in range(6))
    assert fits(path_card(PathPage(places[0], places[1], None, None, around), 0, ENGLISH))
    assert fits(path_card(unclear, 0, ENGLISH))
    assert fits(compare_card(replace(unclear, other=None), 0, NOW, ENGLISH))


def test_a_chain_explains_each_step_and_its_length() -> None:
    places = [TOWN, PARTNER, replace(TOWN, id=5, name="Far", region="Maine", longitude=-70.0)]

    assert shown(path_card(path_page(places), 0, ENGLISH)) == (
        "### How two cities are linked\n"
        "🇺🇸 **Town** · Ohio, United States\n"
        "🇺🇸 **Far** · Maine, United States\n"
        "-# 2 ties from one to the other · 4,350 mi as the crow flies · 7,100 mi along the ties\n"
        "---\n"
        "1. 🇺🇸 **Town**, Ohio — 🇫🇷 **Ville**: county or state pact, signed September 30, 2017 · 3,830 mi\n"
        "2. 🇫🇷 **Ville** — 🇺🇸 **Far**, Maine: county or state pact, signed September 30, 2017 · 3,270 mi\n"
        "---\n"
        "[Town, Ohio, US]\n"
        "[Far, Maine, US]"
    )


def test_a_chain_of_ties_that_are_over_says_so() -> None:
    text = shown(path_card(path_page([TOWN, PARTNER], state="ended"), 0, ENGLISH))

    assert "county or state pact, signed September 30, 2017, ended as of 2022 · 3,830 mi\n" in text
    assert "-# No ties that last link them: this chain needs one that is ended or suspended.\n" in text
    assert "-# 1 tie from one to the other · 4,350 mi as the crow flies\n" in text


def test_a_chain_longer_than_a_page_goes_on_where_it_stopped() -> None:
    page = path_page(towns(24, name="Ville"))
    parts = [shown(path_card(page, number, ENGLISH)) for number in range(3)]
    steps = [line.split(".")[0] for part in parts for line in part.splitlines() if line[0].isdigit()]

    assert steps == [str(number) for number in range(1, 24)]
    assert [part.count("[Next page]") for part in parts] == [1, 1, 0]
    assert [f"-# Page {number} of 3\n" in part for number, part in enumerate(parts, 1)] == [True] * 3
    assert shown(path_card(page, 999, ENGLISH)) == parts[-1]


def test_without_a_chain_the_ways_on_from_both_are_offered_once_each() -> None:
    alone = Surroundings(VILLAGE, 0, 0, (TOWN, PARTNER))
    linked = Surroundings(TOWN, 1, 1, (PARTNER,))
    far = Surroundings(TOWN, 1_549, 1, (PARTNER,))

    def text(around: Surroundings) -> str:
        return shown(path_card(PathPage(VILLAGE, TOWN, None, None, (alone, around)), 0, ENGLISH))

    assert text(linked) == (
        "### No chain of ties links these two\n"
        "---\n"
        "🇺🇸 **Village** · Alabama, United States\n"
        "I don't know of any sister cities of it. The closest cities that have some:\n"
        "🇺🇸 **Town**, Ohio · 🇫🇷 **Ville**\n"
        "---\n"
        "🇺🇸 **Town** · Ohio, United States\n"
        "It is linked with:\n"
        "🇫🇷 **Ville**\n"
        "[Town, Ohio, US]\n"
        "[Ville, Bretagne, FR]"
    )
    assert "Through its ties and theirs it is linked with 1,549 places, among them:\n" in text(far)


def statistics_page(name: str, region: str | None) -> StatisticsPage:
    places = towns(40, name=name, region=region)
    links = [
        Link(places[0].id, place.id, "sister", "active", "confirmed", "2017-09-30", None) for place in places[1:]
    ] + [Link(places[1].id, place.id, "sister", "active", "confirmed", "1931", None) for place in places[20:]]
    network = Network({place.id: place for place in places}, links)
    server = ServerFigures(places[0], 4_000_000, 1_000, 2_000, 300, 4_000, 500)
    return StatisticsPage(figures(network), "2026-11", server)


@settings(deadline=None, max_examples=20)
@given(name=HOSTILE, region=st.none() | HOSTILE)
def test_statistics_of_hostile_names_fit(name: str, region: str | None) -> None:
    assert fits(stats_card(statistics_page(name, region), ENGLISH))


@pytest.mark.parametrize("locale", LOCALES)
def test_statistics_fit_in_every_language(locale: str) -> None:
    assert fits(stats_card(statistics_page("Saint-Germain-en-Laye", "Île-de-France"), texts(locale)))


def test_numbers_months_and_countries_are_in_the_readers_language() -> None:
    text = shown(stats_card(statistics_page("Ville", None), texts("de")))

    assert "**59** ties · **40** places" in text  # no German catalogue yet; numbers and dates come from CLDR
    assert " · 4.000.000 partner cities\n" in text
    assert "-# Data of November 2026\n" in text
    assert "signed 30. September 2017" in text
    assert "1. 🇬🇸 Südgeorgien und die Südlichen Sandwichinseln · " in text


def test_an_empty_network_of_no_known_edition_still_has_a_card() -> None:
    text = shown(stats_card(StatisticsPage(figures(Network({}, [])), None, None), ENGLISH))

    assert text.startswith(
        "## The network in numbers\n**0** ties · **0** places\n**0** countries · **0** US states\n"
        "0 confirmed · 0 unconfirmed\n0 active · 0 suspended · 0 ended · 0 not known whether active\n"
    )
