"""Birmingham, Alabama, the first community: its card and the card of each of its partners, fact by fact."""

from datetime import UTC, datetime

import pytest

from bot.lookup.cities import CityPage, Tie
from bot.lookup.regions import country_name
from bot.lookup.search import CityIndex
from bot.texts import ENGLISH
from bot.ui.cities.city_card import city_card
from tests.unit.city_pages import pages, shown

__all__ = ["pages"]  # a fixture

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
BIRMINGHAM = 4049979

# How it is searched for → the partner, its country, and when that was signed as far as is known.
PARTNERS = {
    "Hitachi": ("Hitachi", "JP", "1982-04-23"),
    "Gweru": ("Gweru", "ZW", None),
    "szekesfehervar": ("Székesfehérvár", "HU", "1994-07-15"),
    "Anshan": ("Anshan", "CN", None),
    "Вінниця": ("Vinnytsia", "UA", None),
    "Pilsen": ("Plzeň", "CZ", None),
    "Guediawaye": ("Guédiawaye", "SN", None),
    "Al Karak": ("Al Karak", "JO", "2005"),
    "Rosh HaAyin": ("Rosh HaAyin", "IL", "2005"),
    "前橋": ("Maebashi", "JP", "2017-07-03"),
    "kingston jamaica": ("Kingston", "JM", "2017"),
    "Coban": ("Cobán", "GT", "1972"),
    "Winneba": ("Winneba", "GH", None),
    "Liverpool": ("Liverpool", "GB", None),
}


def tie_to_birmingham(page: CityPage) -> Tie:
    return next(tie for tie in page.ties if tie.partner.id == BIRMINGHAM)


def test_birmingham_has_these_partners_and_no_others(pages: dict[int, CityPage]) -> None:
    ties = pages[BIRMINGHAM].ties

    assert {(tie.partner.name, tie.partner.country_code, tie.signed) for tie in ties} == set(PARTNERS.values())
    assert [tie.partner.name for tie in ties if tie.confidence == "unconfirmed"] == ["Liverpool"]
    assert {tie.state for tie in ties} <= {"active", "unknown"}


@pytest.mark.parametrize("typed", PARTNERS)
def test_each_partner_is_found_and_its_card_says_the_same_of_birmingham(
    index: CityIndex, pages: dict[int, CityPage], typed: str
) -> None:
    name, country, signed = PARTNERS[typed]
    page = pages[index.search(typed)[0].place.id]
    tie = tie_to_birmingham(page)
    card = shown(city_card(page, 0, NOW, ENGLISH))

    assert (page.place.name, page.place.country_code, tie.signed) == (name, country, signed)
    assert name in card.splitlines()[0]
    assert country_name(country) in card.splitlines()[1]
    assert "🇺🇸 **Birmingham**, Alabama" in card
    assert (tie.confidence == "unconfirmed") == (name == "Liverpool")
    assert "Only its ties with places in the United States are listed here" in card
