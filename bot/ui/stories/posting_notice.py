"""What moderators are told when stories are posted otherwise than they chose."""

import discord

from bot.texts import Texts
from bot.ui.card import note
from bot.ui.text import line


def posting_notice(feed_title: str, channel_id: int, trouble: str, t: Texts) -> discord.ui.LayoutView | None:
    """A notice about the posts of a feed in a channel; None for a word that stands for none of these."""
    title, channel = line(feed_title, 100), f"<#{channel_id}>"
    if trouble == "webhook_limit":
        text = t(
            "📰 {channel} has as many webhooks as Discord allows, so stories of **{title}** appear there under my own "
            "name. Delete a webhook that nobody needs in the channel's settings, under *Integrations*.",
            title=title,
            channel=channel,
        )
    elif trouble == "webhook_refused":
        text = t(
            "📰 Stories of **{title}** appear in {channel} under my own name: "
            "to post under the source's name I need the permission *Manage Webhooks* there.",
            title=title,
            channel=channel,
        )
    elif trouble == "crosspost_refused":
        text = t(
            "📰 Stories of **{title}** appear in {channel}, but I may not publish them to the servers that follow it: "
            "I need the permissions *Send Messages* and *Manage Messages* there.",
            title=title,
            channel=channel,
        )
    else:
        return None
    return note(text)
