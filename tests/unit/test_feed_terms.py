"""How a feed is followed: what was typed, and what stays."""

from dataclasses import replace

import pytest

from bot.errors import BadInput
from bot.feeds.terms import FeedTerms, GivenTerms, agreed, picture_of, words_of
from bot.lookup.places import Place

BEFORE = FeedTerms(
    channel_id=1,
    channel_kind="announcement",
    mode="daily",
    ping_role_id=2,
    track="arts_culture",
    place_ids=(3,),
    include_words="choir",
    exclude_words="soccer",
    fallback_picture="https://a.example/b.png",
    posts_an_hour=7,
    uses_webhook=True,
    crosspost=True,
)
PLZEN = Place(3068160, 3068160, "Plzeň", "city", None, "CZ", 49.7, 13.4, 164_180, "Europe/Prague")


def test_what_is_not_given_stays() -> None:
    assert agreed(BEFORE, GivenTerms(), None) == BEFORE


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        (GivenTerms(mode="weekly"), {"mode": "weekly"}),
        (GivenTerms(mode="hourly"), {}),  # no choice of ours
        (GivenTerms(track="business_trade"), {"track": "business_trade"}),
        (GivenTerms(track="none"), {"track": None}),
        (GivenTerms(track="sports"), {}),
        (GivenTerms(ping_role_id=9), {"ping_role_id": 9}),
        (GivenTerms(no_ping=True), {"ping_role_id": None}),
        (GivenTerms(no_ping=False), {}),
        (GivenTerms(include="None", exclude=" none "), {"include_words": "", "exclude_words": ""}),
        (GivenTerms(picture="none"), {"fallback_picture": None}),
        (GivenTerms(posts_an_hour=600), {"posts_an_hour": 60}),
        (GivenTerms(posts_an_hour=0), {"posts_an_hour": 1}),
        (GivenTerms(webhook=False, crosspost=False), {"uses_webhook": False, "crosspost": False}),
        (
            GivenTerms(channel_id=5, channel_kind="forum"),
            {"channel_id": 5, "channel_kind": "forum", "crosspost": False},
        ),
    ],
)
def test_what_is_given_changes_and_nothing_else(given: GivenTerms, changed: dict[str, object]) -> None:
    assert agreed(BEFORE, given, None) == replace(BEFORE, **changed)  # type: ignore[arg-type]


def test_cities_are_replaced_or_taken_away() -> None:
    assert agreed(BEFORE, GivenTerms(cities="Plzeň"), (PLZEN,)) == replace(BEFORE, place_ids=(PLZEN.id,))
    assert agreed(BEFORE, GivenTerms(cities="none"), ()) == replace(BEFORE, place_ids=())


def test_only_an_announcement_channel_passes_posts_on() -> None:
    with pytest.raises(BadInput, match="Only posts in an announcement channel"):
        agreed(FeedTerms(1), GivenTerms(crosspost=True), None)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("choir, cherry  trees ,Chöir", "choir\ncherry trees"),
        ("sister city; Székesfehérvár\nbells", "sister city\nSzékesfehérvár\nbells"),
        (", ,choir,,", "choir"),
        ("none", ""),
        ("a\u202eb", "ab"),
        ("日本, 友好", "日本\n友好"),
    ],
)
def test_words_are_kept_one_a_line_each_once(typed: str, kept: str) -> None:
    assert words_of(typed) == kept


@pytest.mark.parametrize("typed", ["", " , ", "***", "x" * 51, ",".join(f"w{n}" for n in range(21))])
def test_words_that_find_nothing_or_are_too_many_are_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="at most 20, each of at most 50 characters"):
        words_of(typed)


def test_the_address_of_a_picture_is_a_plain_one_of_the_web() -> None:
    assert picture_of(" https://news.example/logo.png?size=2 ") == "https://news.example/logo.png?size=2"
    assert picture_of("none") is None


@pytest.mark.parametrize(
    "typed",
    [
        *("logo.png", "ftp://a.example/b.png", "javascript:alert(1)", "https://", "https://u:p@a.example/b.png"),
        *("https://a.example/a b.png", f"https://a.example/{'a' * 1_000}", "https://[::1/x.png", "data:image/png,x"),
    ],
)
def test_anything_else_is_no_picture(typed: str) -> None:
    with pytest.raises(BadInput, match="is not the address of a picture"):
        picture_of(typed)
