"""What is new in a feed."""

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import Entry
from bot.news import News, decide_new


def entry(identity: str) -> Entry:
    return Entry(identity, f"Title of {identity}", None, "", None, None)


ONE, TWO, THREE = entry("1"), entry("2"), entry("3")
identities = st.lists(st.sampled_from("abcdefgh"), unique=True)


def test_the_first_look_remembers_everything_and_posts_nothing() -> None:
    assert decide_new([TWO, ONE], set(), first_poll=True) == News((ONE, TWO), announce=False)


def test_later_only_what_was_never_seen_is_new_and_the_oldest_comes_first() -> None:
    assert decide_new([THREE, TWO, ONE], {"1"}, first_poll=False) == News((TWO, THREE), announce=True)


def test_a_feed_without_anything_new_brings_nothing() -> None:
    assert decide_new([TWO, ONE], {"1", "2"}, first_poll=False) == News((), announce=True)


@given(identities, st.sets(st.sampled_from("abcdefgh")))
def test_each_entry_is_new_exactly_once_in_whatever_order_it_returns(document: list[str], known: set[str]) -> None:
    news = decide_new(map(entry, document), known, first_poll=False)
    assert {one.identity for one in news.entries} == set(document) - known
    again = decide_new(map(entry, reversed(document)), known | set(document), first_poll=False)
    assert again.entries == ()
