"""What a moderator is told about feeds."""

from collections.abc import Sequence

import discord

from bot.stories import FollowedFeed
from bot.texts import Texts
from bot.ui.card import AMBER, card, note
from bot.ui.text import cut, line, stamp

MOST_LISTED = 12


def feed_added(feed: FollowedFeed, t: Texts) -> discord.ui.LayoutView:
    """Says what happens from now on."""
    return note(
        t(
            "Following **{title}**. Stories already in it are not posted; each new one appears in {channel}.",
            title=line(feed.title, 100),
            channel=f"<#{feed.channel_id}>",
        )
    )


def feed_removed(feed: FollowedFeed, t: Texts) -> discord.ui.LayoutView:
    """Says that a feed is no longer followed."""
    return note(t("No longer following **{title}**. What was posted stays.", title=line(feed.title, 100)))


def feed_list(feeds: Sequence[FollowedFeed], t: Texts) -> discord.ui.LayoutView:
    """Each feed with its channel, its last good look and what is wrong with it, if anything."""
    if not feeds:
        return note(t("This server follows no feeds yet. Add one with `/feed add`."))
    blocks = [_block(feed, t) for feed in feeds[:MOST_LISTED]]
    if len(feeds) > MOST_LISTED:
        blocks.append("-# " + t("and {n} more", n=len(feeds) - MOST_LISTED))
    return card("### " + t("Feeds"), "\n".join(blocks), colour=AMBER)


def _block(feed: FollowedFeed, t: Texts) -> str:
    lines = [f"**{line(feed.title, 60)}** → <#{feed.channel_id}>", f"-# <{cut(feed.url, 120)}>"]
    if feed.last_error:
        lines.append("⚠️ " + line(feed.last_error, 100))
    if feed.last_good_poll_at:
        lines.append("-# " + t("last read {when}", when=stamp(feed.last_good_poll_at, "R")))
    return "\n".join(lines)
