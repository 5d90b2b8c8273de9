"""The card of a story: where it is from, what it says, which cities it is about."""

from collections.abc import Sequence

import discord

from bot.lookup.places import Place
from bot.stories.page import StoryPost
from bot.texts import Texts
from bot.ui.card import AMBER, Item, card, link, rows
from bot.ui.cities.city_card import CityOpen
from bot.ui.cities.far_text import ascii_address, host_of, is_web_address, masked
from bot.ui.events.event_words import track_labels
from bot.ui.stories.discuss import DiscussPress
from bot.ui.text import cut, line, stamp

LONGEST_TITLE, LONGEST_SUMMARY = 256, 400  # before escaping
LONGEST_LINK, LONGEST_BUTTON = 2_000, 500  # addresses of the title and of a button, which Discord gives 512
LONGEST_PICTURE = 2_000
MOST_TAGS = 4


def story_card(
    story: StoryPost,
    t: Texts,
    places: Sequence[Place] = (),
    *,
    discuss: bool = True,
    post: str | None = None,
) -> discord.ui.LayoutView:
    """A story's card, with a button for each of the places it is about, of which four fit.

    `post` is the address of the message that told it.
    """
    address = ascii_address(story.link)
    return card(
        f"{source_line(story)}\n### {masked(line(story.title, LONGEST_TITLE), story.link, LONGEST_LINK)}",
        line(story.summary, LONGEST_SUMMARY),
        _picture(story, t),
        _small(story, t),
        *rows(CityOpen.to(place.id, place.label) for place in places[:MOST_TAGS]),
        *rows(_buttons(story, address, t, discuss, post)),
        colour=AMBER,
    )


def _buttons(story: StoryPost, address: str | None, t: Texts, discuss: bool, post: str | None) -> list[Item]:
    buttons: list[Item] = []
    if is_web_address(address, LONGEST_BUTTON):
        buttons.append(link(t("Read the story"), address))
    if discuss:
        buttons.append(DiscussPress.to(story.id, t("Discuss")))
    return [*buttons, link(t("Open the post"), post)] if post else buttons


def source_line(story: StoryPost) -> str:
    """Whose story it is, and the host that its link leads to, whatever the title says."""
    host = host_of(story.link)
    return "-# " + " · ".join(part for part in (line(story.source, 100), line(host, 100)) if part)


def _picture(story: StoryPost, t: Texts) -> discord.ui.MediaGallery[discord.ui.LayoutView] | None:
    address = ascii_address(story.picture)
    if not is_web_address(address, LONGEST_PICTURE):
        return None
    described = cut(t("Picture of the story “{title}”", title=story.title), 256)
    return discord.ui.MediaGallery(discord.MediaGalleryItem(address, description=described))


def _small(story: StoryPost, t: Texts) -> str | None:
    """What it is about and when it was published, as far as that is known."""
    parts = [f"🏷 {track_labels(t)[story.track]}" if story.track else ""]
    parts.append(stamp(story.published_at, "D") if story.published_at else "")
    shown = " · ".join(part for part in parts if part)
    return f"-# {shown}" if shown else None
