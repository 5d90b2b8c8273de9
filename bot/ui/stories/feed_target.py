"""Where a feed's stories go: which channels can take them, and what the bot and the moderator may do there."""

import discord

from bot.errors import BadInput, NotAllowed
from bot.feeds.terms import FeedTerms
from bot.texts import Texts
from bot.ui.channels import lacking, require_nothing
from bot.ui.press import Interaction, reader_texts
from bot.ui.roles import cannot_ping, require_role

Target = discord.TextChannel | discord.ForumChannel


def kind_of(channel: object) -> str:
    """What kind of channel a feed's stories go to; whatever is no other is a text channel."""
    if isinstance(channel, discord.ForumChannel):
        return "forum"
    return "announcement" if isinstance(channel, discord.TextChannel) and channel.is_news() else "text"


def target_kind(interaction: Interaction, channel_id: int) -> str:
    """The same, for a channel of this server by its id. Raises BadInput if it is gone."""
    channel = interaction.guild.get_channel(channel_id) if interaction.guild else None
    if channel is None:
        raise BadInput("That channel is gone. Choose another with the option `channel` of `/feed add` or `/feed edit`.")
    return kind_of(channel)


def missing_for(interaction: Interaction, terms: FeedTerms, t: Texts) -> list[str]:
    """The permissions the bot still needs to post as the terms say, by Discord's names."""
    forum = terms.channel_kind == "forum"
    names = {
        "view_channel": t("View Channel"),
        "send_messages": t("Create Posts") if forum else t("Send Messages"),
        "read_message_history": t("Read Message History"),
    }
    if forum:
        names["send_messages_in_threads"] = t("Send Messages in Threads")
    if terms.uses_webhook:
        names["manage_webhooks"] = t("Manage Webhooks")
    if terms.crosspost and terms.uses_webhook:  # its own messages the bot may pass on without it
        names["manage_messages"] = t("Manage Messages")
    return lacking(interaction, terms.channel_id, names)


def needs_line(interaction: Interaction, terms: FeedTerms, t: Texts) -> str | None:
    """What has to be put right before stories can be posted as the terms say, None if nothing has."""
    if interaction.guild is None or interaction.guild.get_channel(terms.channel_id) is None:
        return "⚠️ " + t("Its channel is gone. Choose another with `/feed edit`.")
    missing, channel = ", ".join(missing_for(interaction, terms, t)), f"<#{terms.channel_id}>"
    return (
        "⚠️ " + t("In {channel} I still need: {permissions}.", channel=channel, permissions=missing) if missing else None
    )


def require_target(interaction: Interaction, terms: FeedTerms) -> None:
    """Raise BadInput, saying what is missing, unless the bot can post as the terms say."""
    target_kind(interaction, terms.channel_id)
    require_nothing(missing_for(interaction, terms, reader_texts(interaction)), terms.channel_id)


def require_calling(interaction: Interaction, terms: FeedTerms) -> None:
    """Raise unless bot and person alike can notify the role's members, if one is chosen; everybody is no role."""
    if terms.ping_role_id is None:
        return
    role = require_role(interaction, terms.ping_role_id)
    who = cannot_ping(role, interaction.user, terms.channel_id)
    if who == "bot":
        raise BadInput(
            "I can't ping {role}: let anyone mention it in the role's settings, or give me the permission to mention "
            "all roles in {channel}. Or leave `ping` out.",
            role=role.mention,
            channel=f"<#{terms.channel_id}>",
        )
    if who == "person":
        raise NotAllowed(
            "You can't ping {role} yourself, so I won't for you. Ask somebody who can to let anyone mention it in the "
            "role's settings, or leave `ping` out.",
            role=role.mention,
        )
