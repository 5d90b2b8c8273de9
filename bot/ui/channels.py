"""What the bot may do in a channel, said in the words of Discord's own settings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import discord

from bot.errors import BadInput
from bot.lookup.cities import CityPage
from bot.texts import Texts
from bot.ui.press import Interaction, reader_texts


def missing_permissions(interaction: Interaction, channel_id: int, t: Texts, *, picture: bool = False) -> list[str]:
    """The permissions the bot still needs in a channel of this server, to post a picture too, by Discord's names."""
    names = {
        "view_channel": t("View Channel"),
        "send_messages": t("Send Messages"),
        "read_message_history": t("Read Message History"),
    }
    if picture:
        names["attach_files"] = t("Attach Files")
    return lacking(interaction, channel_id, names)


def lacking(interaction: Interaction, channel_id: int, names: Mapping[str, str]) -> list[str]:
    """Of permissions by the names that people know, those the bot has not got in a channel; all in one that is gone."""
    guild = interaction.guild
    channel = guild.get_channel(channel_id) if guild else None
    if guild is None or channel is None:
        return list(names.values())
    allowed = channel.permissions_for(guild.me)
    return [name for permission, name in names.items() if not getattr(allowed, permission)]


def for_everyone(page: CityPage, guild: discord.Guild | None) -> CityPage:
    """A city's page with only the newest story and the event whose channel everybody on the server can see."""
    told = (page.story, *page.story.elsewhere) if page.story else ()
    story = next((story for story in told if _is_open(guild, story.channel_id)), None)
    event = page.event if page.event and _is_open(guild, page.event.channel_id) else None
    return replace(page, story=story, event=event)


def _is_open(guild: discord.Guild | None, channel_id: int | None) -> bool:
    channel = guild.get_channel(channel_id) if guild and channel_id else None
    return channel is not None and channel.permissions_for(channel.guild.default_role).view_channel


def require_speaking(interaction: Interaction, channel_id: int, *, picture: bool = False) -> None:
    """Raise BadInput, saying what is missing, unless the bot can post in the channel, a picture too if there is one."""
    if interaction.guild is None or interaction.guild.get_channel(channel_id) is None:
        raise BadInput("The channel chosen for this is gone. A moderator can choose another with `/setup`.")
    require_nothing(
        missing_permissions(interaction, channel_id, reader_texts(interaction), picture=picture), channel_id
    )


def require_nothing(missing: Sequence[str], channel_id: int) -> None:
    """Raise BadInput if permissions are missing in a channel."""
    if missing:
        raise BadInput(
            "I can't post in {channel} yet. Please allow me there: {permissions}.",
            channel=f"<#{channel_id}>",
            permissions=", ".join(missing),
        )


def channel_of(channel: discord.TextChannel | None) -> int | None:
    """A channel option's id."""
    return channel.id if channel else None
