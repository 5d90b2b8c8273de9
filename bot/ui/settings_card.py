"""A server's settings as a card."""

import discord

from bot.guilds import Server
from bot.texts import Texts
from bot.ui.card import BLUE, card
from bot.ui.channels import missing_permissions
from bot.ui.place_text import place_line
from bot.ui.press import Interaction
from bot.ui.reminder_text import all_before


def settings_card(server: Server, undelivered: int, interaction: Interaction, t: Texts) -> discord.ui.LayoutView:
    """What is chosen, what is not yet, which permissions the bot lacks there, and how many posts were given up."""
    none = t("*not chosen yet*")
    role = f"<@&{server.moderator_role_id}>" if server.moderator_role_id else none
    lines = [
        t("Home city: {value}", value=place_line(server.home, t) if server.home else none),
        t("Time zone: {value}", value=server.timezone or none),
        t("Events channel: {value}", value=_channel(server.events_channel_id, none)),
        t("Stories channel: {value}", value=_channel(server.stories_channel_id, none)),
        t("Moderator role: {value}", value=role),
        t("Reminders before events: {value}", value=all_before(server.reminder_minutes, t)),
    ]
    warnings = []
    for channel_id in dict.fromkeys((server.events_channel_id, server.stories_channel_id)):
        missing = missing_permissions(interaction, channel_id, t) if channel_id else []
        if missing:
            text = t(
                "In {channel} I still need: {permissions}.", channel=f"<#{channel_id}>", permissions=", ".join(missing)
            )
            warnings.append(f"⚠️ {text}")
    hints = [t("Change anything with `/setup`.")]
    if server.moderator_role_id:
        hints.append(t("To show `/feed` and `/setup` to that role, allow it under Server Settings → Integrations."))
    hint = "\n".join(f"-# {text}" for text in hints)
    if undelivered:
        text = t.plural("{n} post could not be delivered.", "{n} posts could not be delivered.", undelivered)
        warnings.append(f"⚠️ {text}")
    return card("### " + t("Settings"), "\n".join(lines), "\n".join(warnings), hint, colour=BLUE)


def _channel(channel_id: int | None, none: str) -> str:
    return f"<#{channel_id}>" if channel_id else none
