"""Misspelt names: what is near is what a letter-by-letter comparison of everything would find."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.lookup.keys import Keys
from bot.lookup.places import Place
from bot.lookup.search import CityIndex, Name
from bot.lookup.typos import ENOUGH, Spelling
from bot.lookup.variants import variants

WORDS = [
    "birmingham",
    "birmingham al",
    "bristol",
    "brest",
    "fort lauderdale",
    "plzen",
    "pilsen",
    "前橋",
    "вінниця",
    "ulm",
]
words = st.text("abcо橋", min_size=1, max_size=9)


def near(keys: list[str], query: str) -> tuple[dict[str, int], set[str]]:
    """What is like a query: whole keys with their slips, and the keys that begin like it."""
    keys = sorted(set(keys))
    found = Spelling(keys).near(query)
    whole = {keys[at]: int(slips) for at, slips in zip(found.keys.tolist(), found.slips.tolist(), strict=True)}
    return whole, {key for low, high in found.begun for key in keys[low:high]}


def test_a_letter_wrong_missing_doubled_or_swapped_is_one_slip() -> None:
    for typed in ("birminghan", "birmngham", "birminngham", "birmignham", "irmingham", "brimingham"):
        assert near(WORDS, typed)[0]["birmingham"] == 1
    assert near(WORDS, "前槗")[0] == {}  # of two letters one is too much
    assert near(WORDS, "вінницяя")[0] == {"вінниця": 1}


def test_two_slips_are_found_where_few_names_are_nearer() -> None:
    assert near(WORDS, "brimingam")[0]["birmingham"] == 2
    assert near(WORDS, "loudurdale fort")[0] == {}


def test_a_slip_inside_an_unfinished_word_is_found() -> None:
    assert near(WORDS, "bimin")[1] == {"birmingham", "birmingham al"}
    assert near(WORDS, "firt laud")[1] == {"fort lauderdale"}
    assert near(WORDS, "lze")[1] == {"plzen"}


@settings(max_examples=300, deadline=None)
@given(st.lists(words, min_size=1, max_size=30), words)
def test_every_whole_name_within_one_slip_is_found_and_no_slip_is_miscounted(keys: list[str], query: str) -> None:
    whole, _ = near(keys, query)

    if len(query) >= 4:  # of shorter ones, the beginning with a letter left out says nothing
        assert {key for key in keys if OSA.distance(query, key) <= 1} <= set(whole)
    assert {key: OSA.distance(query, key) for key in whole} == whole


@settings(max_examples=300, deadline=None)
@given(st.lists(words, min_size=1, max_size=30), st.text("abcо橋", min_size=5, max_size=9))
def test_two_slips_are_complete_unless_enough_is_nearer(keys: list[str], query: str) -> None:
    whole, _ = near(keys, query)

    if sum(OSA.distance(query, key) <= 1 for key in set(keys)) < ENOUGH:
        assert set(whole) == {key for key in keys if OSA.distance(query, key) <= 2}


@settings(max_examples=300, deadline=None)
@given(st.lists(words, min_size=1, max_size=30), words)
def test_what_begins_alike_is_one_slip_away_at_its_beginning(keys: list[str], query: str) -> None:
    _, begun = near(keys, query)
    size = len(query)

    assert [
        key for key in begun if min(OSA.distance(query, key[:end]) for end in (size - 1, size, size + 1) if end > 0) > 1
    ] == []


def test_nothing_is_near_to_nothing() -> None:
    assert near(["a"], "zzzzzz") == ({}, set())
    assert near([], "birmingham") == ({}, set())


def test_a_name_is_written_in_other_ways_too() -> None:
    assert set(variants("saint louis")) == {"st louis"}
    assert set(variants("st paul")) == {"saint paul", "sankt paul"}
    assert set(variants("muenchen")) == {"munchen"}
    assert set(variants("boston")) == set()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(words, st.integers(0, 5)), min_size=1, max_size=40), words)
def test_beginnings_are_those_of_a_plain_comparison(entries: list[tuple[str, int]], prefix: str) -> None:
    keys = Keys([key for key, _ in entries], [place for _, place in entries], [0] * len(entries))
    begun, whole = keys.begun(prefix), keys.whole(prefix)

    assert sorted(keys.places[begun].tolist()) == sorted(place for key, place in entries if key.startswith(prefix))
    assert sorted(keys.places[whole].tolist()) == sorted(place for key, place in entries if key == prefix)


def test_of_very_many_names_that_begin_alike_the_best_places_are_kept() -> None:
    places = [
        Place(number, number, f"San {number}", "city", None, "MX", None, None, number, None)
        for number in range(1, 2_001)
    ]
    index = CityIndex(places, [Name(place.id, f"san {place.id}", True) for place in places], {})

    assert [hit.place.id for hit in index.search("s")] == list(range(2_000, 1_975, -1))
    assert [hit.place.id for hit in index.search("san 19", 3)] == [19, 1999, 1998]
