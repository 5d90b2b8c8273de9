"""What moderators are told about feeds."""

from typing import Any

import discord
import pytest

from bot.texts import ENGLISH
from bot.ui.stories.feed_notices import feed_notice

URL = "https://news.example/feed"


def said(detail: dict[str, Any], title: str = "City News", url: str = URL) -> str:
    """The text of a notice; it is the only thing in it."""
    [text] = feed_notice(title, url, detail, ENGLISH).children
    assert isinstance(text, discord.ui.TextDisplay)
    return text.content


def test_an_outage_says_what_is_wrong_and_since_when() -> None:
    problem = {"sentence": "There is nothing at {url}.", "values": {"url": "https://news.example/**feed**"}}
    assert said({"text_key": "outage", "since": 1_790_000_000} | problem) == (
        "📰 The feed **City News** cannot be read. It went wrong first <t:1790000000:R>.\n"
        "> There is nothing at https:\\//news.example/\\*\\*feed\\*\\*.\n"
        "I keep trying, ever more seldom, and tell you when it works again.\n"
        "-# <https://news.example/feed>"
    )


def test_ids_that_changed_list_what_was_held_back() -> None:
    titles = [f"Story *{at}*" for at in range(5)]
    assert said({"text_key": "ids_changed", "titles": titles, "n": 8}).split("\n")[1:] == [
        "These I could not tell by their link or title either. If one is news, please share it by hand:",
        *(f"- Story \\*{at}\\*" for at in range(5)),
        "- and 3 more",
        "-# <https://news.example/feed>",
    ]
    assert len(said({"text_key": "ids_changed", "titles": [], "n": 0}).split("\n")) == 2


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({"text_key": "recovered", "since": 1}, "can be read again"),
        ({"text_key": "gone", "since": 1, "sentence": "Gone.", "values": {}}, "has ended"),
        ({"text_key": "moved", "url": "https://b.example/"}, "has moved to <https://b.example/>. I follow it there."),
        ({"text_key": "moved_away", "url": "https://b.example/"}, "now leads to <https://b.example/>"),
        (
            {"text_key": "undelivered", "channel": 5, "lost": True, "error": "Missing Access"},
            "another with `/feed edit`",
        ),
        ({"text_key": "undelivered", "channel": 5, "lost": False, "error": None}, "Discord refused a story"),
    ],
)
def test_each_notice_says_what_happened(detail: dict[str, Any], words: str) -> None:
    assert words in said(detail)


def test_hostile_names_and_addresses_are_shown_as_text() -> None:
    text = said(
        {"text_key": "moved", "url": "https://b.example/>[x](y)\n# Big"},
        "@everyone [x](https://e.example)",
        "a" * 5_000,
    )
    assert "@everyone" not in text
    assert "[x](https" not in text
    assert "\n# " not in text
    assert len(text) < 1_000


def test_a_notice_that_nobody_wrote_is_refused() -> None:
    with pytest.raises(ValueError, match="no notice called flood"):
        feed_notice("City News", URL, {"text_key": "flood"}, ENGLISH)
