"""What is new in a feed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.entry import canonical_link
from bot.feeds.memory import Known, names_an_article, trail
from bot.feeds.news import News, Terms, decide, filtered_by, first_look, in_order
from bot.feeds.reader import Entry
from db.names import fold

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(name: str, link: str = "", title: str = "", *, summary: str = "", published: datetime | None = None) -> Entry:
    """An entry called `guid:{name}`; its title is made from its name unless it is given."""
    address = f"https://{link}" if link else None
    title = title or f"Title of {name}"
    key = canonical_link(address) if address else None
    return Entry(f"guid:{name}", title, address, summary, None, published, key, fold(title))


@dataclass
class Feed:
    """A feed's memory without a database: what `bot.stories.record` does with verdicts."""

    terms: Terms = field(default_factory=Terms)
    stories: list[Known] = field(default_factory=list)
    told: dict[str, set[str]] = field(default_factory=dict)
    moment: datetime = NOW

    def look(self, *document: Entry, elsewhere: bool = False) -> dict[str, str]:
        """Identity without `guid:` → decision, after a look at this document, the newest entry first."""
        news = self.news(*document, elsewhere=elsewhere)
        return {verdict.entry.identity.removeprefix("guid:"): verdict.decision for verdict in news.verdicts}

    def news(self, *document: Entry, elsewhere: bool = False) -> News:
        first = self.terms.last_good_poll_at is None
        terms = replace(self.terms, led_elsewhere=elsewhere, was_empty=not self.stories)
        news = first_look(document) if first else decide(document, self.stories, self.told, terms)
        for verdict in news.verdicts:
            if verdict.decision != "known":
                one = verdict.entry
                words = fold(f"{one.title} {one.summary}")
                key = (one.link_key, one.title_key, words, one.published)
                self.stories.append(Known(len(self.stories) + 1, one.identity, verdict.decision, *key))
        self.moment += timedelta(hours=1)
        self.terms = replace(
            self.terms,
            last_good_poll_at=self.moment,
            ids_told=self.terms.ids_told or news.ids_changed,
            identified_by_link=self.terms.identified_by_link or news.learned_links,
        )
        return news


ONE = entry("1", "a.example/one", published=NOW - 3 * DAY)
TWO = entry("2", "a.example/two", published=NOW - 2 * DAY)
THREE = entry("3", "a.example/three", published=NOW)


@pytest.fixture
def feed() -> Feed:
    """A feed that was added when it held two entries."""
    feed = Feed()
    assert feed.look(TWO, ONE) == {"1": "old", "2": "old"}
    return feed


def again(one: Entry, name: str, **changes: object) -> Entry:
    """The same entry under another id."""
    return replace(one, identity=f"guid:{name}", **changes)  # type: ignore[arg-type]


def test_the_first_look_remembers_everything_and_posts_nothing() -> None:
    assert Feed().look(THREE, TWO, ONE) == {"1": "old", "2": "old", "3": "old"}


def test_later_only_what_was_never_seen_is_posted_and_the_oldest_comes_first(feed: Feed) -> None:
    four = entry("4", "a.example/four", published=NOW + DAY)
    assert list(feed.look(four, THREE, TWO, ONE).items()) == [
        ("1", "known"),
        ("2", "known"),
        ("3", "post"),
        ("4", "post"),
    ]
    assert feed.look(four, THREE, TWO, ONE) == dict.fromkeys("1234", "known")


def test_entries_without_dates_come_in_the_order_of_the_document() -> None:
    undated = replace(TWO, published=None)
    assert in_order([THREE, undated, ONE]) == [ONE, undated, THREE]
    assert in_order([ONE, TWO, THREE]) == [ONE, TWO, THREE]  # a feed that lists the oldest first


def test_a_date_an_edit_or_another_order_makes_nothing_new(feed: Feed) -> None:
    touched = [replace(ONE, published=NOW), replace(TWO, title="Another title", summary="More", title_key="other")]
    assert feed.look(*touched) == {"1": "known", "2": "known"}


def test_an_entry_that_left_and_returns_is_known(feed: Feed) -> None:
    assert feed.look(TWO) == {"2": "known"}
    assert feed.look() == {}
    assert feed.look(TWO, ONE) == {"1": "known", "2": "known"}


def test_two_versions_that_alternate_are_posted_once(feed: Feed) -> None:
    other = again(TWO, "2-v2", title="Two, corrected")
    assert [feed.look(one, ONE) for one in (other, TWO, other)] == [
        {"1": "known", "2-v2": "same"},
        {"1": "known", "2": "known"},
        {"1": "known", "2-v2": "known"},
    ]


def test_another_id_at_the_same_link_is_the_same_story_if_the_old_one_is_gone(feed: Feed) -> None:
    assert feed.look(again(TWO, "new", title="Other words", title_key="other words"), ONE)["new"] == "same"


def test_a_slash_at_the_end_of_a_link_makes_no_other_story(feed: Feed) -> None:
    assert feed.look(again(TWO, "new", link_key="//a.example/two/"), ONE)["new"] == "same"


def test_two_entries_that_share_a_link_are_two_stories(feed: Feed) -> None:
    both = [entry(name, "a.example/live", published=NOW) for name in ("x", "y")]
    assert feed.look(*both, TWO, ONE) == {"1": "known", "2": "known", "x": "post", "y": "post"}


def test_a_second_story_at_a_link_that_is_still_there_is_another(feed: Feed) -> None:
    first, second = (entry(name, "a.example/live", published=NOW) for name in ("x", "y"))
    assert feed.look(first, ONE)["x"] == "post"
    assert feed.look(second, first, ONE)["y"] == "post"
    assert feed.look(entry("z", "a.example/live", published=NOW), ONE)["z"] == "post"  # of which would it be?


def test_two_new_entries_at_the_link_of_one_that_left_are_no_longer_it(feed: Feed) -> None:
    both = [again(TWO, name, title=name, title_key=name, published=NOW) for name in ("x", "y")]
    assert feed.look(*both, ONE) == {"1": "known", "x": "post", "y": "post"}


def test_where_all_entries_lead_to_one_page_the_link_tells_nothing_of_what_is_newer(feed: Feed) -> None:
    notes = [entry(str(at), "a.example/notes", f"Note {at}", published=NOW + at * DAY) for at in range(10, 13)]
    assert [feed.look(note) for note in notes] == [{str(at): "post"} for at in range(10, 13)]
    alone = Feed()
    alone.look(notes[0])
    assert alone.look(again(notes[0], "other", published=NOW + DAY))["other"] == "same"
    assert alone.look(again(notes[0], "older", title="Old", title_key="old", published=NOW))["older"] == "same"


def test_a_page_that_always_shows_the_latest_is_told_each_time_beside_other_stories() -> None:
    weeks = [entry(f"w{at}", "a.example/programme", f"Week {at}", published=NOW + 7 * at * DAY) for at in range(3)]
    feed = Feed()
    feed.look(weeks[0], TWO, ONE)
    corrected = again(weeks[0], "w0b", title="Week 0!", title_key="week 0 ", published=NOW + timedelta(hours=3))
    assert feed.look(corrected, TWO, ONE)["w0b"] == "same"
    assert feed.look(weeks[1], TWO, ONE)["w1"] == "post"
    assert feed.look(weeks[2], TWO, ONE)["w2"] == "post"


def test_all_ids_dates_and_titles_at_once_are_no_news_while_the_links_last(feed: Feed) -> None:
    feed.look(THREE, TWO, ONE)
    document = [
        again(one, f"{one.identity}-b", title=f"N: {one.title}", title_key=f"n {one.title_key}", published=NOW + DAY)
        for one in (THREE, TWO, ONE)
    ]
    assert set(feed.look(*document).values()) == {"same"}


def test_news_beside_some_entries_with_other_ids_is_told_while_most_ids_last() -> None:
    stories = [entry(f"s{at}", f"a.example/{at}", published=NOW) for at in range(8)]
    feed = Feed()
    feed.look(*stories)
    news = feed.news(THREE, again(stories[0], "x"), again(stories[1], "y"), *stories[2:])
    assert {one.entry.identity: one.decision for one in news.verdicts if one.decision != "known"} == {
        "guid:3": "post",
        "guid:x": "same",
        "guid:y": "same",
    }
    assert news.ids_changed is False


def test_columns_that_change_together_are_told_by_their_dates() -> None:
    feed = Feed()
    for week in range(3):
        moment = NOW + 7 * week * DAY
        columns = [entry(f"{name}{week}", f"a.example/{name}/{week}", name, published=moment) for name in "ab"]
        expected = "post" if week else "old"
        assert feed.look(*columns) == {f"a{week}": expected, f"b{week}": expected}


def test_a_feed_on_another_host_whose_ids_changed_is_still_that_feed(feed: Feed) -> None:
    document = [again(one, name, link_key=None, published=None) for one, name in ((TWO, "b"), (ONE, "a"))]
    news = feed.news(*document, elsewhere=True)
    assert (news.moved_away, news.ids_changed, news.same_feed) == (False, True, True)


def test_a_feed_that_was_empty_may_lead_anywhere() -> None:
    feed = Feed()
    feed.look()
    assert feed.look(THREE, elsewhere=True) == {"3": "post"}


def test_a_link_to_the_front_page_names_no_story(feed: Feed) -> None:
    first, second = entry("x", "a.example/", published=NOW), entry("y", "a.example/", published=NOW)
    assert feed.look(first, ONE)["x"] == "post"
    assert feed.look(second, ONE)["y"] == "post"
    assert [names_an_article(key) for key in ("//a.example/", "//a.example/?p=1", "//a.example/x")] == [
        False,
        True,
        True,
    ]
    assert trail("//a.example/x/") == "//a.example/x"


def test_the_same_title_published_at_the_same_moment_is_the_same_story(feed: Feed) -> None:
    moved = again(TWO, "new", link_key="//b.example/2")
    assert feed.look(moved, ONE)["new"] == "same"
    another_day = again(ONE, "other", link_key="//b.example/1", published=NOW)
    assert feed.look(another_day, moved)["other"] == "post"


@pytest.mark.parametrize(
    "changed",
    [
        {},  # only the ids
        {"link_key": "//b.example/"},  # and the links, but not the titles
        {"link_key": None, "title_key": ""},  # and the titles, but not the words
    ],
)
def test_when_all_ids_change_nothing_is_posted(feed: Feed, changed: dict[str, object]) -> None:
    undated = dict(changed, published=None)
    document = [again(THREE, "c"), again(TWO, "b", **undated), again(ONE, "a", **undated)]
    news = feed.news(*document)
    assert [verdict.decision for verdict in news.verdicts] == ["same", "same", "held"]
    assert (news.ids_changed, news.learned_links, news.same_feed) == (True, False, True)
    assert feed.look(*document) == dict.fromkeys("abc", "known")


def test_a_document_of_old_entries_of_which_none_is_known_is_held_back(feed: Feed) -> None:
    old = [entry(name, published=NOW - 30 * DAY) for name in "xyz"]
    news = feed.news(*old)
    assert ([verdict.decision for verdict in news.verdicts], news.ids_changed) == (["held"] * 3, True)
    fresh = entry("fresh", published=NOW)
    assert feed.look(fresh, *old) == {"x": "known", "y": "known", "z": "known", "fresh": "post"}


def test_a_document_of_fresh_entries_of_which_none_is_known_is_posted(feed: Feed) -> None:
    assert set(feed.look(*(entry(name, published=NOW) for name in "xyz")).values()) == {"post"}


def test_a_feed_that_was_empty_when_it_was_added_posts_nothing_old() -> None:
    feed = Feed()
    feed.look()
    news = feed.news(*(entry(name, published=NOW - 30 * DAY) for name in "xyz"))
    assert ({verdict.decision for verdict in news.verdicts}, news.ids_changed) == ({"old"}, False)


def test_a_feed_whose_ids_always_change_is_known_by_its_links_after_the_second_time(feed: Feed) -> None:
    assert feed.news(again(TWO, "2b"), again(ONE, "1b")).learned_links is False
    assert feed.news(again(TWO, "2c"), again(ONE, "1c")).learned_links is True
    rows = len(feed.stories)
    new = entry("n", "a.example/new", published=NOW)
    assert feed.look(new, again(TWO, "2d"), again(ONE, "1d")) == {"1d": "known", "2d": "known", "n": "post"}
    assert feed.look(again(new, "n2"), again(TWO, "2e")) == {"2e": "known", "n2": "known"}
    assert len(feed.stories) == rows + 1


def test_once_moderators_know_that_ids_change_a_story_that_is_like_no_other_is_posted(feed: Feed) -> None:
    def shuffled(at: int) -> list[Entry]:
        return [again(one, f"{one.identity}-{at}", link_key=None) for one in (TWO, ONE)]

    feed.look(*shuffled(1))
    assert feed.look(entry("new", published=NOW), *shuffled(2))["new"] == "post"


def test_an_address_that_leads_to_another_feed_posts_nothing_however_often(feed: Feed) -> None:
    news = feed.news(entry("x", published=NOW), elsewhere=True)
    assert [verdict.decision for verdict in news.verdicts] == ["held"]
    assert (news.moved_away, news.ids_changed, news.same_feed) == (True, False, False)
    document = entry("y", published=NOW + DAY), entry("x", published=NOW)
    assert feed.look(*document, elsewhere=True) == {"x": "known", "y": "held"}
    assert feed.news(*document, elsewhere=True).same_feed is False
    assert feed.look(THREE, TWO, ONE, elsewhere=True)["3"] == "post"  # the same feed, only on another host


def test_words_decide_what_is_left_out() -> None:
    story = entry("1", title="Chœur de Székesfehérvár", summary="They sang in Reading.")
    assert filtered_by(story, (), ("SZEKESFEHERVAR",)) == "SZEKESFEHERVAR"
    assert filtered_by(story, (), ("read", "sing")) is None  # whole words only
    assert filtered_by(story, ("sang in",), ()) is None
    assert filtered_by(story, ("danced",), ()) == ""
    assert filtered_by(entry("2", title="日立市の姉妹都市です"), ("姉妹都市",), ()) is None
    assert filtered_by(story, ("sang",), ("reading",)) == "reading"


def test_what_is_left_out_says_for_which_word(feed: Feed) -> None:
    feed.terms = replace(feed.terms, exclude_words=("three",))
    verdict = feed.news(replace(THREE, title="Three"), TWO).verdicts[-1]
    assert (verdict.decision, verdict.because) == ("filtered", "three")


def test_a_story_of_another_feed_of_the_server_is_not_told_again(feed: Feed) -> None:
    feed.told = {"//a.example/three": {"another title"}}
    assert feed.look(THREE, TWO)["3"] == "elsewhere"


def test_a_link_that_others_share_is_no_proof_without_the_title(feed: Feed) -> None:
    feed.told = {"//a.example/live": {"title of x", "something else"}, "//a.example": {"title of z"}}
    stories = [
        entry("x", "a.example/live"),
        entry("y", "a.example/live"),
        entry("z", "a.example/"),
        entry("w", "a.example/"),
    ]
    assert feed.look(*stories, ONE) == {"x": "elsewhere", "y": "post", "z": "elsewhere", "w": "post", "1": "known"}


def test_the_rest_of_a_burst_is_told_together() -> None:
    feed = Feed(Terms(posts_left=2))
    feed.look(ONE)
    burst = [entry(f"b{at}", published=NOW + timedelta(minutes=at)) for at in range(10, 0, -1)]
    decisions = [verdict.decision for verdict in feed.news(*burst, ONE).verdicts]
    assert decisions == ["known", "post", "post", *["digest"] * 8]


def test_a_shared_link_is_no_proof_that_another_feed_told_the_story(feed: Feed) -> None:
    live = entry("x", "a.example/live", published=NOW)
    feed.look(live, ONE)
    feed.told = {"//a.example/live": {"something else"}, "//a.example": {"something else"}}
    assert feed.look(entry("y", "a.example/live", published=NOW), live, ONE)["y"] == "post"
    assert feed.look(entry("z", "a.example/", published=NOW), live, ONE)["z"] == "post"


@pytest.mark.parametrize("mode", ["daily", "weekly"])
def test_a_feed_told_in_digests_has_no_posts(feed: Feed, mode: str) -> None:
    feed.terms = replace(feed.terms, mode=mode)
    assert feed.look(THREE, TWO)["3"] == "digest"


NAMES = st.sampled_from("abcdefgh")
ENTRIES = st.builds(
    lambda name, link, title, days: entry(
        name, f"a.example/{link}", f"Title {title}", published=None if days is None else NOW + days * DAY
    ),
    NAMES,
    NAMES,
    NAMES,
    st.none() | st.integers(-5, 5),
)
DOCUMENTS = st.lists(st.lists(ENTRIES, unique_by=lambda one: one.identity, max_size=8), max_size=8)
TERMS = st.builds(
    Terms,
    mode=st.sampled_from(["each", "daily"]),
    include_words=st.just(()) | st.just(("title",)),
    exclude_words=st.just(()) | st.just(("a", "b")),
    posts_left=st.integers(0, 3),
)


@given(DOCUMENTS, TERMS)
def test_whatever_documents_come_each_entry_is_decided_once_and_told_at_most_once(
    documents: Sequence[Sequence[Entry]], terms: Terms
) -> None:
    feed = Feed(terms)
    told: set[str] = set()
    for document in documents:
        before = {story.identity for story in feed.stories}
        links = {trail(story.link_key) for story in feed.stories if story.link_key}
        by_link = feed.terms.identified_by_link
        verdicts = feed.news(*document).verdicts
        assert sorted(one.entry.identity for one in verdicts) == sorted(one.identity for one in document)
        for verdict in verdicts:
            name = verdict.entry.identity
            learned = by_link and trail(verdict.entry.link_key or "") in links
            # Known is what is remembered, and nothing else: all else is written down with its decision.
            assert (verdict.decision == "known") == (name in before or learned)
            if verdict.decision in ("post", "digest"):
                assert name not in told
                told.add(name)
        assert sum(verdict.decision == "post" for verdict in verdicts) <= terms.posts_left
    assert len({story.identity for story in feed.stories}) == len(feed.stories)


@given(st.lists(ENTRIES, unique_by=lambda one: one.identity, min_size=1, max_size=8), st.randoms())
def test_a_document_is_new_only_once_in_whatever_order_and_with_whatever_dates(
    document: list[Entry], random: object
) -> None:
    feed = Feed()
    feed.look(ONE, TWO)
    feed.look(*document)
    shuffled = [replace(one, published=NOW + 9 * DAY) for one in document]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert set(feed.look(*shuffled).values()) == {"known"}


@given(st.integers(2, 8), st.integers(1, 5), st.booleans())
def test_a_feed_that_makes_up_new_ids_at_each_look_never_posts_again(size: int, looks: int, linked: bool) -> None:
    stories = [entry(str(at), f"a.example/{at}" if linked else "") for at in range(size)]
    feed = Feed()
    feed.look(*stories)
    for at in range(looks):
        decided = feed.look(*(again(one, f"{one.identity}-{at}") for one in stories))
        assert set(decided.values()) <= {"same", "known"}
