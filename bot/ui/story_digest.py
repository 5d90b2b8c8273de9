"""Several stories of one feed in one message."""

from collections.abc import Sequence

import discord

from bot.story_page import StoryPost
from bot.texts import Texts
from bot.ui.card import AMBER, card
from bot.ui.far_text import masked
from bot.ui.text import line, stamp

LONGEST_TITLE = 120
LONGEST_LIST = 3_000  # characters; the rest is only counted


def story_digest(source: str, stories: Sequence[StoryPost], total: int, t: Texts) -> discord.ui.LayoutView:
    """The titles of stories, the newest first, each a link; of `total` stories the others are counted."""
    lines: list[str] = []
    for story in stories:
        title = masked(line(story.title, LONGEST_TITLE), story.link)
        day = f" · {stamp(story.published_at, 'D')}" if story.published_at else ""
        if sum(map(len, lines)) + len(title) + len(day) > LONGEST_LIST:
            break
        lines.append(f"- {title}{day}")
    more = max(total - len(lines), 0)
    if more:
        lines.append(t.plural("- and {n} more story", "- and {n} more stories", more))
    return card(f"### 📰 {digest_title(line(source, 100), t)}", "\n".join(lines), colour=AMBER)


def digest_title(source: str, t: Texts) -> str:
    """What such a message is called, and its thread in a forum."""
    return t("New stories from {source}", source=source)
