"""The card with a map: what it says, and that it fits whatever it is given."""

from dataclasses import replace

import pytest

from bot.lookup.cities import CityPage, Tie
from bot.lookup.places import Place
from bot.texts import ENGLISH, texts
from bot.ui.cities.map_card import A_PAGE, in_map_order, map_card, map_sketch
from bot.ui.cities.place_text import ordered
from bot.ui.map.sketch import MOST
from tests.unit.city_pages import PARTNER, TIE, TOWN, components, pages, shown
from tests.unit.test_city_card_limits import fits

__all__ = ["pages"]  # a fixture

NOWHERE = replace(PARTNER, id=3, name="Lost", latitude=None, longitude=None)
ENDED = replace(TIE, partner=replace(PARTNER, id=4, name="Autre"), state="ended", as_of="2022")
RESTING = replace(TIE, partner=replace(PARTNER, id=5, name="Kyoto", country_code="JP"), state="suspended")


def test_a_card_lists_partners_by_their_numbers_with_distances() -> None:
    page = CityPage(TOWN, (RESTING, replace(TIE, partner=NOWHERE), TIE, ENDED))

    assert shown(map_card(page, 0, ENGLISH)) == (
        "## 🇺🇸 Town\n"
        "Ohio, United States\n"
        "-# 3 partner cities in 2 countries\n"
        "🇫🇷 France\n"
        "`1` **Ville** · 3,830 mi\n"
        "`2` ~~**Autre**~~ · 3,830 mi · ended as of 2022\n"
        "🇯🇵 Japan\n"
        "`3` **Kyoto** · 3,830 mi · suspended\n"
        "🇫🇷 France\n"
        "`–` **Lost**\n"
        "---\n"
        "-# Grey on the map: ended or suspended.\n"
        "-# 1 partner has no number: I don't know where it is.\n"
        "-# Sources: Natural Earth, GeoNames"
    )


def test_the_numbers_on_the_picture_are_those_of_the_list(pages: dict[int, CityPage]) -> None:
    for page in pages.values():
        sketch = map_sketch(page, ENGLISH)
        if sketch:
            listed = in_map_order(page, ENGLISH)[: len(sketch.stops)]
            assert [stop.name for stop in sketch.stops] == [tie.partner.name for tie in listed]
            assert [stop.over for stop in sketch.stops] == [tie.over for tie in listed]


def test_where_every_place_is_known_the_order_is_that_of_the_city_card(pages: dict[int, CityPage]) -> None:
    page = next(page for page in pages.values() if page.place.label == "Birmingham, Alabama, US")

    assert in_map_order(page, ENGLISH) == ordered(page, ENGLISH)


def test_countries_are_named_in_the_readers_language() -> None:
    card = shown(map_card(CityPage(TOWN, (RESTING,)), 0, texts("de")))

    assert "🇯🇵 Japan\n`1` **Kyoto** · 6.170 km · " in card
    assert "Ohio, Vereinigte Staaten" in card


def description(page: CityPage, locale: str = "en-US") -> str:
    [gallery] = [part for part in components(map_card(page, 0, texts(locale))) if part["type"] == 12]
    [item] = gallery["items"]
    assert item["media"]["url"] == "attachment://map.png"
    return str(item["description"])


@pytest.mark.parametrize(
    ("ties", "words"),
    [
        ((), "A map with Town in the middle and no partner cities."),
        ((TIE,), "A map with Town and a line to 1 partner city, in France."),
        ((TIE, RESTING, ENDED), "A map with Town and lines to 3 partner cities, in France, Japan."),
    ],
)
def test_the_picture_is_told_in_words(ties: tuple[Tie, ...], words: str) -> None:
    assert description(replace(CityPage(TOWN, ()), ties=ties)) == words


def test_a_city_without_partners_says_so() -> None:
    assert shown(map_card(CityPage(TOWN, ()), 0, ENGLISH)) == (
        "## 🇺🇸 Town\n"
        "Ohio, United States\n"
        "-# I don't know of any partner city of Town.\n"
        "---\n"
        "-# Sources: Natural Earth, GeoNames"
    )


def test_a_city_that_nobody_can_find_has_a_list_without_a_picture() -> None:
    page = CityPage(replace(TOWN, latitude=None, longitude=None), (TIE,))
    card = map_card(page, 0, ENGLISH)

    assert map_sketch(page, ENGLISH) is None
    assert [part for part in components(card) if part["type"] == 12] == []
    assert "🇫🇷 France\n`–` **Ville**\n" in shown(card)
    assert "-# I don't know where Town is, so I cannot draw its map.\n" in shown(card)


def test_every_card_of_the_seed_fits_and_honolulu_takes_two_pages(pages: dict[int, CityPage]) -> None:
    for page in pages.values():
        last = (len(page.ties) - 1) // A_PAGE
        assert all(fits(map_card(page, number, ENGLISH)) for number in range(last + 1)), page.place.label
    honolulu = max(pages.values(), key=lambda page: len(page.ties))
    first, second = (shown(map_card(honolulu, number, ENGLISH)) for number in (0, 1))

    assert "\n`21` " in first
    assert first.endswith("-# Page 1 of 2\n[Next page]")
    assert "\n`22` " in second
    assert "\n`41` " in second
    assert second.endswith("-# Page 2 of 2\n[Previous page]")


def worst(number: int) -> Place:
    """The longest name there can be, of letters that must be escaped, in the country with the longest name."""
    return Place(number, number, "*_" * 100, "city", "~|" * 100, "GS", 10.0 + number / 50, number / 5, None, None)


def test_the_worst_city_fits_and_its_map_has_as_many_numbers_as_are_read() -> None:
    ties = tuple(replace(TIE, partner=worst(number), state="ended", as_of="2022-09-09") for number in range(200))
    # Every partner under a country's name of its own: the most text there can be.
    ties = tuple(
        replace(tie, partner=replace(tie.partner, country_code=f"{'GFU'[at % 3]}{'SM'[at % 2]}"))
        for at, tie in enumerate(ties)
    )
    page = CityPage(replace(worst(500), country_code="FR"), ties)
    sketch = map_sketch(page, ENGLISH)

    assert sketch is not None
    assert len(sketch.stops) == MOST
    for locale in ("en-US", "de", "ja", "uk", "el", "vi"):
        assert all(fits(map_card(page, number, texts(locale))) for number in range(10))
    assert len(description(page)) <= 1_024
    assert f"The map has the first {MOST} partners." in shown(map_card(page, 0, ENGLISH))


def test_a_page_beyond_the_last_is_the_last() -> None:
    assert shown(map_card(CityPage(TOWN, (TIE,)), 7, ENGLISH)) == shown(map_card(CityPage(TOWN, (TIE,)), 0, ENGLISH))
