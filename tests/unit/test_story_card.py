"""The card of a story and its lists: what they show, and that nothing a stranger wrote does more than be read."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.stories.lookup import A_PAGE, Asked, StoryPage, tagged
from bot.stories.page import StoryPost
from bot.texts import ENGLISH
from bot.ui.card import MOST_CHARACTERS, MOST_COMPONENTS
from bot.ui.stories.story_card import story_card
from bot.ui.stories.story_list import story_page
from tests.unit.city_pages import PARTNER, TOWN

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
STORY = StoryPost(
    5,
    7,
    "Sister City News",
    "Cherry trees",
    "https://news.example/trees",
    "They bloom.",
    "https://news.example/trees.jpg",
    NOW,
    NOW,
    "arts_culture",
    (),
)
PLACES = [replace(PARTNER, id=number, name=f"Town {number}") for number in range(1, 9)]


def container(story: StoryPost = STORY, **options: Any) -> dict[str, Any]:
    """The one frame of a story's card."""
    view: Any = story_card(story, ENGLISH, options.pop("places", ()), **options)
    [frame] = view.to_components()
    return dict(frame)


def texts(frame: dict[str, Any]) -> list[str]:
    return [part["content"] for part in frame["components"] if "content" in part]


def buttons(frame: dict[str, Any]) -> list[tuple[str, str]]:
    """(label, what it does) of every button."""
    rows = [part["components"] for part in frame["components"] if part["type"] == 1]
    return [(button["label"], button.get("url") or button["custom_id"]) for row in rows for button in row]


def test_a_card_says_where_a_story_is_from_and_what_can_be_done_with_it() -> None:
    frame = container(places=PLACES)

    assert texts(frame) == [
        "-# Sister City News · news.example\n### [Cherry trees](https://news.example/trees)",
        "They bloom.",
        f"-# 🏷 Arts & Culture · <t:{int(NOW.timestamp())}:D>",
    ]
    assert buttons(frame) == [
        *((place.label, f"city-open:{place.id}") for place in PLACES[:4]),
        ("Read the story", "https://news.example/trees"),
        ("Discuss", "story-discuss:5"),
    ]
    [picture] = [part["items"] for part in frame["components"] if part["type"] == 12]
    assert [(item["media"]["url"], item["description"]) for item in picture] == [
        ("https://news.example/trees.jpg", "Picture of the story “Cherry trees”")
    ]


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(STORY, link=None, summary="", picture=None, published_at=None, track=None)
    frame = container(bare, discuss=False)

    assert (texts(frame), buttons(frame)) == (["-# Sister City News\n### Cherry trees"], [])


@pytest.mark.parametrize(
    ("link", "host", "is_linked", "has_button"),
    [
        ("https://user:secret@evil.example/@news.example", "evil.example", True, True),
        ("https://news.example/a_(b)[c]*d*", "news.example", True, True),
        ("https://news.example/" + "a" * 1_900, "news.example", True, False),
        ("http://localhost/wordpress/1", "localhost", False, False),
        ("https://news.example/" + "a" * 2_000, "news.example", False, False),
        ("javascript:alert(1)", "", False, False),
        ("ftp://files.example/a", "files.example", False, False),
        ("https://[::1", "", False, False),
        ("https://news.example/a b", "news.example", False, False),
        ("https://news.example/<@1>", "news.example", False, False),
    ],
)
def test_only_web_addresses_can_be_pressed_and_their_host_is_shown(
    link: str, host: str, is_linked: bool, has_button: bool
) -> None:
    frame = container(replace(STORY, link=link), discuss=False)
    source, title = texts(frame)[0].split("\n")

    assert source == "-# Sister City News" + (f" · {host}" if host else "")
    assert (title.startswith("### [Cherry trees]("), bool(buttons(frame))) == (is_linked, has_button)


def test_a_host_of_letters_that_only_look_like_others_shows_what_it_is() -> None:
    lookalike = "https://аpple.example/а?q=ü"
    frame = container(replace(STORY, link=lookalike, picture=lookalike), discuss=False)
    plain = "https://xn--pple-43d.example/%D0%B0?q=%C3%BC"
    [[picture]] = [part["items"] for part in frame["components"] if part["type"] == 12]

    assert texts(frame)[0] == f"-# Sister City News · xn--pple-43d.example\n### [Cherry trees]({plain})"
    assert (buttons(frame), picture["media"]["url"]) == ([("Read the story", plain)], plain)


@pytest.mark.parametrize(
    "picture", ["http://localhost/a.png", "data:image/png;base64,AAAA", "http://", "https://a.example/\nb"]
)
def test_a_picture_is_a_web_address_or_none(picture: str) -> None:
    assert [part for part in container(replace(STORY, picture=picture))["components"] if part["type"] == 12] == []


def test_tags_are_the_servers_own_cities_and_partners_first(index: Any) -> None:
    birmingham, hitachi, nashville = 4049979, 2112708, 4644585
    story = replace(STORY, place_ids=(hitachi, nashville, birmingham, 999_999_999))

    assert [place.id for place in tagged(story, index, [birmingham])] == [birmingham, hitachi, nashville]


def test_an_address_of_which_every_letter_is_escaped_leaves_room_for_the_rest() -> None:
    widest = replace(STORY, source="*" * 200, title="*_" * 128, summary="~|" * 200)
    opened, shut = (replace(widest, link="https://a.example/" + "(" * number) for number in (600, 980))

    assert "](https://a.example/%28" in texts(container(opened))[0]
    assert "](" not in texts(container(shut))[0]
    assert story_card(opened, ENGLISH).content_length() <= MOST_CHARACTERS - 100


hostile = st.text(max_size=600) | st.sampled_from(
    ["*_`~|[]<>@#" * 60, "://" * 200, "\u202e@everyone " * 40, "[x](y)" * 90]
)
links = st.none() | st.text(max_size=50) | (hostile | st.just("(" * 980)).map("https://a.example/{}".format)


@settings(max_examples=150, deadline=None)
@given(title=hostile, source=hostile, summary=hostile, link=links)
def test_whatever_strangers_write_fits(title: str, source: str, summary: str, link: str | None) -> None:
    story = replace(STORY, title=title, source=source, summary=summary, link=link)
    long = replace(PARTNER, name=title or "a")
    post = "https://discord.com/channels/1/2/3"
    view = story_card(story, ENGLISH, [replace(long, id=number) for number in range(1, 9)], post=post)

    assert view.content_length() <= MOST_CHARACTERS - 100  # a role may be called above it
    assert sum(1 for _ in view.walk_children()) <= MOST_COMPONENTS


@settings(max_examples=150, deadline=None)
@given(title=hostile, source=hostile, words=st.text(max_size=50), link=links)
def test_a_page_of_whatever_strangers_write_fits(title: str, source: str, words: str, link: str | None) -> None:
    story = replace(STORY, title=title or "a", source=source, link=link)
    stories = [replace(story, id=number) for number in range(1, A_PAGE + 1)]
    asked = Asked(" ".join(words.split()), "community_development", 999_999_999, 50)
    view: Any = story_page(StoryPage(asked, stories, 10_000, 1_250), TOWN, ENGLISH)
    ids = [item.custom_id for item in view.walk_children() if getattr(item, "custom_id", None)]

    assert view.content_length() <= MOST_CHARACTERS
    assert len(ids) == 3 and all(len(str(custom_id)) <= 100 for custom_id in ids)
