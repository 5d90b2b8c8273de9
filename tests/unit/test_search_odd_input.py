"""What people type that is no plain name: hostile input, sentences, places without ties."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lookup.chat import question_city
from bot.lookup.places import Place
from bot.lookup.search import CityIndex, Name

BIRMINGHAM = 4049979


@pytest.mark.parametrize("text", ["", "   ", "?!", "%_\\", "\u200f", "😀", "\x00"])
def test_without_letters_the_home_places_and_those_with_most_ties_are_offered(index: CityIndex, text: str) -> None:
    plzen = index.search("plzen")[0].place.id
    found = [hit.place.id for hit in index.search(text, 5, home=[BIRMINGHAM, plzen, 123])]

    assert found[:2] == [BIRMINGHAM, plzen]
    assert len(set(found)) == 5
    assert all(place_id in index.ties for place_id in found)


def test_an_empty_text_takes_no_longer_the_more_places_there_are(index: CityIndex) -> None:
    class Home(list[int]):
        asked = 0

        def __contains__(self, place_id: object) -> bool:
            self.asked += 1
            return super().__contains__(place_id)

    home = Home([BIRMINGHAM])

    assert len(index.search("", home=home)) == 25
    assert home.asked <= 25


HOSTILE = [
    "birmingham" * 1_000,
    "x " * 5_000,
    "%" * 100,
    "birmingham'; DROP TABLE places; --",
    "\u202ebirmingham\u202c",
    "b\u0336i\u0336r\u0336m" + "\u0300" * 500,
    "👩‍👩‍👧‍👦" * 50,
    "\ud800",
    "bir\x00mingham",
    "ﷺ" * 100,
    "İıſßﬁ",
    "(a+)+$",
    "<@1> @everyone",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_answered(index: CityIndex, text: str) -> None:
    hits = index.search(text)
    named = index.named(text)
    question_city(text[:4_000])

    assert len(hits) <= 25
    assert named is None or named.id in index.places


def test_direction_marks_and_strokes_do_not_hide_a_name(index: CityIndex) -> None:
    assert index.search("\u202ebirmingham\u202c")[0].place.id == BIRMINGHAM
    assert index.search("b\u0336i\u0336r\u0336mingham")[0].place.id == BIRMINGHAM


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=60))
def test_any_text_is_answered_with_different_places(index: CityIndex, text: str) -> None:
    found = [hit.place.id for hit in index.search(text)]

    assert len(found) <= 25
    assert len(set(found)) == len(found)


IN_A_SENTENCE = {
    "are Székesfehérvár and its people well": "Székesfehérvár, Fejér, HU",
    "I will be in Kansas City on Monday": "Kansas City, Missouri, US",
    "greetings from Paris Texas to all": "Paris, Texas, US",
    "go to 前橋 now": "Maebashi, Gunma, JP",
    "Ube or not": "Ube, Yamaguchi, JP",
}


@pytest.mark.parametrize("text", IN_A_SENTENCE)
def test_a_name_is_found_among_the_words_of_a_sentence(index: CityIndex, text: str) -> None:
    place = index.named(text)

    assert place is not None
    assert place.label == IN_A_SENTENCE[text]


@pytest.mark.parametrize(
    "text", ["what can you do", "good morning", "I like this bot", "thanks", "is it on or off", "why"]
)
def test_small_talk_names_no_place(index: CityIndex, text: str) -> None:
    assert index.named(text) is None


QUESTIONS = {
    "<@123> Nashville": "Nashville",
    "who are Birmingham's sister cities?": "Birmingham",
    "What are the sister cities of Paris, Texas?": "Paris, Texas",
    "tell me about Coeur d'Alene please": "Coeur d'Alene",
    "Athens' partners": "Athens",
    "the dalles": "dalles",
    "sister cities": "sister cities",
}


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_words_of_a_question_are_taken_away(text: str) -> None:
    assert question_city(text) == QUESTIONS[text]


def test_the_nearest_places_with_ties_are_the_nearest(index: CityIndex) -> None:
    hoover = index.search("Hoover, Alabama")[0].place

    assert [place.label for place in index.nearest_with_ties(hoover, 2)] == [
        "Birmingham, Alabama, US",
        "Montevallo, Alabama, US",
    ]


def test_the_date_line_is_no_distance() -> None:
    fiji, samoa, hawaii = town(1, "Fiji", 179.5), town(2, "Samoa", -179.5), town(3, "Hawaii", -157.0)
    index = CityIndex([fiji, samoa, hawaii], [], {2: 1, 3: 1})

    assert index.nearest_with_ties(fiji, 2) == [samoa, hawaii]


def test_a_place_without_coordinates_is_offered_the_largest_of_its_country() -> None:
    lost = town(1, "Lost", None)
    small, large, abroad = town(2, "Small"), town(3, "Large", people=9_000), town(4, "Abroad", country="DE")
    index = CityIndex([lost, small, large, abroad], [], {2: 1, 3: 1, 4: 9})

    assert index.nearest_with_ties(lost, 3) == [large, small, abroad]


def test_an_obscure_alias_is_below_names_that_begin_so() -> None:
    places = [town(1, "Beed"), town(2, "Birmingham"), town(3, "Big Town", people=9_000_000)]
    names = [Name(1, "beed", True), Name(1, "bir", False), Name(2, "birmingham", True), Name(3, "big town", True)]

    hits = CityIndex(places, names, {2: 14}).search("bir")

    assert [(hit.place.name, hit.exact) for hit in hits] == [("Birmingham", False), ("Beed", True)]


def town(place_id: int, name: str, longitude: float | None = 0.0, *, people: int = 1_000, country: str = "US") -> Place:
    latitude = None if longitude is None else 0.0
    return Place(place_id, place_id, name, "city", "Ohio", country, latitude, longitude, people, "UTC")
