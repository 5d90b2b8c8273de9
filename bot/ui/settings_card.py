"""A server's settings as a card."""

from collections.abc import Collection

import discord

from bot.guilds import Server
from bot.texts import Texts
from bot.ui.card import BLUE, card
from bot.ui.channels import missing_permissions
from bot.ui.cities.place_text import place_line
from bot.ui.events.reminder_text import all_before
from bot.ui.press import Interaction

MOST_LOST = 5  # channels that are named


def settings_card(
    server: Server, undelivered: int, lost: Collection[int], interaction: Interaction, t: Texts
) -> discord.ui.LayoutView:
    """What is chosen, what is not yet, which permissions the bot lacks, how many posts were given up.

    `lost` are the channels where Discord refuses posts.
    """
    none = t("*not chosen yet*")
    role = f"<@&{server.moderator_role_id}>" if server.moderator_role_id else none
    lines = [
        t("Home city: {value}", value=place_line(server.home, t) if server.home else none),
        t("Time zone: {value}", value=server.timezone or none),
        t("Events channel: {value}", value=_channel(server.events_channel_id, none)),
        t("Stories channel: {value}", value=_channel(server.stories_channel_id, none)),
        t("Notices channel: {value}", value=_channel(server.notices_channel_id, t("*where each matter arises*"))),
        t("Moderator role: {value}", value=role),
        t("Reminders before events: {value}", value=all_before(server.reminder_minutes, t)),
    ]
    warnings = [*_missing(server, interaction, t), *_refused(lost, t)]
    if undelivered:
        warnings.append(t.plural("{n} post could not be delivered.", "{n} posts could not be delivered.", undelivered))
    hints = [t("Change anything with `/setup`.")]
    if server.moderator_role_id:
        hints.append(t("To show `/feed` and `/setup` to that role, allow it under Server Settings → Integrations."))
    return card(
        "### " + t("Settings"),
        "\n".join(lines),
        "\n".join(f"⚠️ {text}" for text in warnings),
        "\n".join(f"-# {text}" for text in hints),
        colour=BLUE,
    )


def _missing(server: Server, interaction: Interaction, t: Texts) -> list[str]:
    """What the bot may not do in the channels that were chosen."""
    warnings = []
    for channel_id in dict.fromkeys((server.events_channel_id, server.stories_channel_id, server.notices_channel_id)):
        missing = missing_permissions(interaction, channel_id, t) if channel_id else []
        if missing:
            names = ", ".join(missing)
            warnings.append(
                t("In {channel} I still need: {permissions}.", channel=f"<#{channel_id}>", permissions=names)
            )
    return warnings


def _refused(lost: Collection[int], t: Texts) -> list[str]:
    return [
        t(
            "Discord refuses my posts in {channel}. Put that right, then choose the channel again with `/setup`, or "
            "use `/feed resume`.",
            channel=f"<#{channel_id}>",
        )
        for channel_id in sorted(lost)[:MOST_LOST]
    ]


def _channel(channel_id: int | None, none: str) -> str:
    return f"<#{channel_id}>" if channel_id else none
