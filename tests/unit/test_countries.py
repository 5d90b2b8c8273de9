"""Which country or state is meant by what somebody typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NotFound
from bot.lookup.countries import (
    Region,
    find_country,
    find_region,
    like_countries,
    like_regions,
    region_of,
    tied_countries,
    tied_regions,
)
from bot.lookup.regions import country_name
from bot.lookup.search import CityIndex


@pytest.mark.parametrize(
    ("typed", "locale", "code"),
    [
        ("JP", "en-US", "JP"),
        ("jp", "de", "JP"),
        ("Japan", "en-US", "JP"),
        (" japan ", "en-US", "JP"),
        ("日本", "ja", "JP"),
        ("Deutschland", "de", "DE"),
        ("Germany", "de", "DE"),
        ("Alemania", "es-ES", "DE"),
        ("UK", "en-US", "GB"),
        ("Holland", "en-US", "NL"),
        ("Ivory Coast", "en-US", "CI"),
        ("cote d'ivoire", "en-US", "CI"),
        ("czech republic", "en-US", "CZ"),
        ("usa", "fr", "US"),
        ("Germa", "en-US", "DE"),  # nothing else begins like this
        ("Liechtenstein", "en-US", "LI"),  # no tie is known there
    ],
)
def test_a_country_goes_by_its_code_and_its_names_in_the_readers_language_and_english(
    index: CityIndex, typed: str, locale: str, code: str
) -> None:
    assert find_country(index, typed, locale) == code


@pytest.mark.parametrize(
    ("typed", "locale", "sentence"),
    [
        ("j", "en-US", "I don't know which country that is. Did you mean one of these: Japan, Jamaica, Jordan?"),
        ("Japn", "de", "I don't know which country that is. Did you mean one of these: Japan?"),
        ("", "en-US", "I don't know that country. Type the first letters of its name and pick it from the list."),
        ("qqqqq", "en-US", "I don't know that country. Type the first letters of its name and pick it from the list."),
    ],
)
def test_a_country_that_is_not_certain_is_asked_for_with_the_names_most_like_it(
    index: CityIndex, typed: str, locale: str, sentence: str
) -> None:
    with pytest.raises(NotFound) as refused:
        find_country(index, typed, locale)

    assert str(refused.value) == sentence


def test_without_a_text_the_countries_with_most_ties_come_first(index: CityIndex) -> None:
    assert like_countries(index, "", "en-US")[:6] == ["US", "JP", "MX", "CN", "DE", "FR"]
    assert set(like_countries(index, "", "en-US")) == {index.places[place_id].country_code for place_id in index.ties}


def test_a_whole_name_comes_before_a_beginning_and_that_before_a_later_word(index: CityIndex) -> None:
    assert like_countries(index, "UK", "en-US") == ["GB", "UA"]
    assert like_countries(index, "united", "en-US") == ["US", "GB", "AE"]
    assert like_countries(index, "korea", "en-US")[0] == "KR"
    assert like_countries(index, "kingdom", "en-US") == ["GB"]


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("Alabama", Region("US", "Alabama")),
        ("AL", Region("US", "Alabama")),
        ("N.C.", Region("US", "North Carolina")),
        ("BC", Region("CA", "British Columbia")),
        ("nsw", Region("AU", "New South Wales")),
        ("alabama, US", Region("US", "Alabama")),
        ("al usa", Region("US", "Alabama")),
        ("Alab", Region("US", "Alabama")),
        ("dc", Region("US", "District of Columbia")),
        ("Georgia", Region("US", "Georgia")),  # a country too
        ("washington", Region("US", "Washington")),
        ("Bavaria", Region("DE", "Bavaria")),
        ("Bayern, DE", Region("DE", "Bavaria")),
        ("bayern germany", Region("DE", "Bavaria")),
        ("Liaoning Sheng", Region("CN", "Liaoning")),
        ("liaoning province", Region("CN", "Liaoning")),
        ("Tall Abib", Region("IL", "Tel Aviv")),
        ("England", Region("GB", "England")),
    ],
)
def test_a_state_goes_by_its_name_or_letters_with_or_without_the_country(
    index: CityIndex, typed: str, region: Region
) -> None:
    assert find_region(index, typed, "en-US") == region


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "ala",
            "I don't know which state that is. Did you mean one of these: Alabama; Alaska; Alajuela, Costa Rica?",
        ),
        ("Misissippi", "I don't know which state that is. Did you mean one of these: Mississippi?"),
        ("", "I don't know that state. Type the first letters of its name and pick it from the list."),
        ("%_\\", "I don't know that state. Type the first letters of its name and pick it from the list."),
        ("zzzzzz", "I don't know that state. Type the first letters of its name and pick it from the list."),
        ("Puerto Rico", "Puerto Rico is a country in my list. Ask for it with `/city country`."),
        ("pr", "Puerto Rico is a country in my list. Ask for it with `/city country`."),
        ("Japan", "Japan is a country in my list. Ask for it with `/city country`."),
    ],
)
def test_a_state_that_is_not_certain_is_asked_for(index: CityIndex, typed: str, sentence: str) -> None:
    with pytest.raises(NotFound) as refused:
        find_region(index, typed, "en-US")

    assert str(refused.value) == sentence


def test_states_are_found_by_a_later_word_and_those_with_more_ties_come_first(index: CityIndex) -> None:
    assert [region.name for region in like_regions(index, "carolina")] == ["North Carolina", "South Carolina"]
    ties = tied_regions(index)
    for text in ("", "new", "us"):
        found = like_regions(index, text)
        ranks = [(region.name.casefold().startswith(text) or text == "us", -ties[region]) for region in found]
        assert [rank for begun, rank in ranks if begun] == sorted(rank for begun, rank in ranks if begun)


def test_ties_are_counted_once_an_index(index: CityIndex) -> None:
    assert tied_regions(index) is tied_regions(index)
    other = CityIndex(index.places.values(), [], {4049979: 3})
    assert tied_regions(other) == {Region("US", "Alabama"): 3}
    assert tied_countries(other) == {"US": 3}


def test_what_autocomplete_sends_back_finds_the_same_again(index: CityIndex) -> None:
    codes, regions = tied_countries(index), tied_regions(index)

    assert [code for code in codes if find_country(index, code, "de") != code] == []
    assert [region for region in regions if find_region(index, region.value, "de") != region] == []
    assert [region for region in regions if len(region.value) > 100] == []


def test_every_country_is_found_by_its_name_in_every_language_tried(index: CityIndex) -> None:
    for locale in ("en-US", "de", "ar", "ja", "zh-TW", "es-419"):
        for code in tied_countries(index):
            assert find_country(index, country_name(code, locale), locale) == code


def test_a_label_tells_states_abroad_apart_by_their_country() -> None:
    assert Region("US", "Alabama").label("de") == "Alabama"
    assert Region("DE", "Bavaria").label("de") == "Bavaria, Deutschland"


def test_the_state_of_a_place(index: CityIndex) -> None:
    assert region_of(index, 4049979) == Region("US", "Alabama")
    with pytest.raises(NotFound):
        region_of(index, 1)


@settings(deadline=None)
@given(text=st.text(max_size=6_000) | st.text(max_size=3), locale=st.sampled_from(["en-US", "de", "ar", "xx"]))
def test_whatever_is_typed_is_answered(index: CityIndex, text: str, locale: str) -> None:
    for find in (find_country, find_region):
        try:
            find(index, text, locale)
        except NotFound as refused:
            assert len(str(refused)) < 500
    like_countries(index, text, locale)
    like_regions(index, text)
