"""The card of a story."""

from urllib.parse import urlsplit

import discord

from bot.story_page import StoryPost
from bot.texts import Texts
from bot.ui.card import AMBER, card, link, rows
from bot.ui.text import cut, line, stamp

LONGEST_ADDRESS = 512  # of a link button


def story_card(story: StoryPost, t: Texts) -> discord.ui.LayoutView:
    """A story: its source, title, summary, picture and date."""
    host = (urlsplit(story.link).hostname or "") if story.link else ""
    source = " · ".join(part for part in (line(story.source, 100), line(host, 100)) if part)
    picture = None
    if story.picture:
        described = cut(t("Picture of the story “{title}”", title=story.title), 256)
        picture = discord.ui.MediaGallery[discord.ui.LayoutView](
            discord.MediaGalleryItem(story.picture, description=described)
        )
    readable = story.link is not None and len(story.link) <= LONGEST_ADDRESS
    return card(
        f"-# {source}\n### {_title(story)}",
        line(story.summary, 400),
        picture,
        f"-# {stamp(story.published_at, 'D')}" if story.published_at else None,
        *rows([link(t("Read the story"), story.link)] if readable and story.link else []),
        colour=AMBER,
    )


def _title(story: StoryPost) -> str:
    title = line(story.title, 256)
    if story.link is None or len(story.link) > 1_000:
        return title
    # A bracket would end the link early.
    address = story.link.replace("(", "%28").replace(")", "%29").replace(" ", "%20").replace(">", "%3E")
    return f"[{title}]({address})"
