"""Several stories of one feed in one message."""

from collections.abc import Sequence

import discord

from bot.stories.page import StoryPost
from bot.texts import Texts
from bot.ui.card import AMBER, card
from bot.ui.cities.far_text import host_of, masked
from bot.ui.text import line, stamp

LONGEST_TITLE = 120
LONGEST_LIST = 3_000  # characters; the rest is only counted
LONGEST_LINKS = (1_000, 200)  # of an address: the first at which all titles fit


def story_digest(source: str, stories: Sequence[StoryPost], total: int, t: Texts) -> discord.ui.LayoutView:
    """The titles of stories, the newest first, each a link; of `total` stories the others are counted."""
    for longest_link in LONGEST_LINKS:
        lines = [_line(story, longest_link) for story in stories]
        if len("\n".join(lines)) <= LONGEST_LIST:
            break
    while len("\n".join(lines)) > LONGEST_LIST:
        lines.pop()
    more = max(total - len(lines), 0)
    if more:
        lines.append(t.plural("- and {n} more story", "- and {n} more stories", more))
    return card(f"### 📰 {digest_title(line(source, 100), t)}", "\n".join(lines), colour=AMBER)


def _line(story: StoryPost, longest_link: int) -> str:
    title = masked(line(story.title, LONGEST_TITLE), story.link, longest_link)
    day = stamp(story.published_at, "D") if story.published_at else ""
    return "- " + " · ".join(part for part in (title, line(host_of(story.link), 40), day) if part)


def digest_title(source: str, t: Texts) -> str:
    """What such a message is called, and its thread in a forum."""
    return t("New stories from {source}", source=source)
