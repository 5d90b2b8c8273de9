"""Distances, clocks and addresses in words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import ENGLISH, texts
from bot.ui.cities.far_text import (
    NO_BREAK,
    away,
    clock_words,
    distance_words,
    far_words,
    geonames_page,
    masked,
    wikidata_search,
    wikipedia_search,
)
from tests.unit.city_pages import PARTNER, TOWN

WINTER = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("km", "locale", "written"),
    [
        (0, "en-GB", "0 km"),
        (7.6, "en-GB", "8 km"),
        (99.4, "en-GB", "99 km"),
        (104, "en-GB", "100 km"),
        (10_873, "en-GB", "10,870 km"),
        (10_873, "en-US", "6,760 mi"),
        (100, "en-US", "62 mi"),
        (10_873, "de", "10.870 km"),
        (10_873, "fr", "10 870 km"),
        (10_873, "ja", "10,870 km"),
    ],
)
def test_a_distance_is_rounded_and_in_miles_for_readers_in_the_united_states(
    km: float, locale: str, written: str
) -> None:
    assert distance_words(km, texts(locale)) == written.replace(" ", NO_BREAK)


@pytest.mark.parametrize(
    ("zone", "home", "written"),
    [
        ("America/Chicago", "America/Chicago", "10:00 AM"),
        ("America/Mexico_City", "America/Chicago", "10:00 AM"),  # another zone, the same time
        ("Asia/Tokyo", "America/Chicago", "🌙 1:00 AM, +15 h"),
        ("America/Chicago", "Asia/Tokyo", "10:00 AM, −15 h"),
        ("Asia/Kolkata", "America/Chicago", "9:30 PM, +11:30 h"),
        ("Pacific/Pago_Pago", "Pacific/Kiritimati", "🌙 5:00 AM, −25 h"),
        ("America/St_Johns", "America/New_York", "12:30 PM, +1:30 h"),
        ("Asia/Tokyo", None, "🌙 1:00 AM"),
        (None, "America/Chicago", None),
    ],
)
def test_a_clock_says_how_far_it_is_ahead_and_whether_it_is_night(
    zone: str | None, home: str | None, written: str | None
) -> None:
    there, here = replace(PARTNER, timezone=zone), replace(TOWN, timezone=home)

    words = clock_words(there, here, WINTER, ENGLISH)

    assert (words and words.replace(NO_BREAK, " ")) == written


@pytest.mark.parametrize(("minutes", "night"), [((23, 59), False), ((0, 0), True), ((5, 59), True), ((6, 0), False)])
def test_night_is_from_midnight_to_six(minutes: tuple[int, int], night: bool) -> None:
    at = datetime(2026, 11, 22, *minutes, tzinfo=UTC)
    words = clock_words(replace(PARTNER, timezone="UTC"), TOWN, at, ENGLISH)

    assert str(words).startswith("🌙") == night


def test_the_difference_is_that_of_the_day_also_while_zones_change_apart() -> None:
    spring = datetime(2026, 3, 20, 16, 0, tzinfo=UTC)  # New York has changed, Paris has not

    assert clock_words(PARTNER, TOWN, spring, ENGLISH) == "5:00 PM, +5 h".replace(" ", NO_BREAK)
    assert clock_words(PARTNER, TOWN, WINTER, ENGLISH) == "5:00 PM, +6 h".replace(" ", NO_BREAK)


def test_clock_and_distance_stay_on_one_line_and_what_is_not_known_is_left_out() -> None:
    nowhere = replace(PARTNER, latitude=None, longitude=None)

    assert far_words(PARTNER, TOWN, WINTER, ENGLISH) == "5:00 PM, +6 h · 3,830 mi".replace(" ", NO_BREAK)
    assert far_words(nowhere, TOWN, WINTER, ENGLISH) == "5:00 PM, +6 h".replace(" ", NO_BREAK)
    assert far_words(replace(nowhere, timezone=None), TOWN, WINTER, ENGLISH) == ""
    assert away(nowhere, TOWN, ENGLISH) is None


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://a.example/b_c?d=e:f", "[name](https://a.example/b_c?d=e:f)"),
        ("http://a.example/(x)[y]*~", "[name](http://a.example/%28x%29%5By%5D%2A%7E)"),
        (None, "name"),
        ("javascript:alert(1)", "name"),
        ("ftp://a.example", "name"),
        ("https://a.example/b c", "name"),
        ("https://a.example/\nb", "name"),
        ("https://a.example/<b>", "name"),
        ("https://a.example/\\", "name"),
        ("https://a.example/" + "a" * 191, "name"),
        ("https://a.example/" + "(" * 64, "name"),
        ("https://а.example/ü", "[name](https://xn--80a.example/%C3%BC)"),
        ("http://localhost/a", "name"),
    ],
)
def test_only_a_plain_web_address_can_be_pressed(address: str | None, written: str) -> None:
    assert masked("name", address) == written


@given(address=st.text() | st.text().map("https://{}".format))
def test_no_address_ends_its_link_early(address: str) -> None:
    written = masked("name", address)

    if written != "name":
        inside = written.removeprefix("[name](").removesuffix(")")
        assert written == f"[name]({inside})"
        assert inside.startswith(("http://", "https://"))
        assert not set(inside) & set("()[]<>\\ \n")


def test_the_places_to_read_on() -> None:
    birmingham = replace(TOWN, name="Birmingham", region="Alabama", geoname_id=4049979)
    plzen = replace(PARTNER, name="Plzeň", country_code="CZ")
    washington = replace(TOWN, name="Washington", region=None)

    search = "https://en.wikipedia.org/w/index.php?search="
    assert wikipedia_search(birmingham) == f"{search}Birmingham%2C+Alabama&go=Go"
    assert wikipedia_search(plzen) == f"{search}Plze%C5%88%2C+Czechia&go=Go"
    assert wikipedia_search(washington) == f"{search}Washington&go=Go"
    assert len(wikipedia_search(replace(PARTNER, name="ň" * 500))) <= 512  # of a link button
    assert geonames_page(birmingham) == "https://www.geonames.org/4049979"
    found = "https://www.wikidata.org/w/index.php?search=haswbstatement:P1566=4049979"
    assert wikidata_search(birmingham) == found
    unknown = replace(TOWN, geoname_id=None)
    assert (geonames_page(unknown), wikidata_search(unknown)) == (None, None)
