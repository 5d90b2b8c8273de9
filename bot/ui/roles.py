"""What the bot may do with a role of the server, said in the words of Discord's own settings."""

import re
from collections.abc import Sequence

import discord

from bot.errors import BadInput, NotAllowed
from bot.ui.press import Interaction


def role_name(interaction: Interaction, role_id: int | None) -> str | None:
    """A role's name; None where there is no such role any more."""
    role = _role(interaction, role_id)
    return role.name if role else None


def require_role(interaction: Interaction, role_id: int) -> discord.Role:
    """A role of this server, not the one that everyone has. Raises BadInput."""
    role = _role(interaction, role_id)
    if role is None or role.is_default():
        raise BadInput("Please choose a role that only some members have.")
    return role


def usable_role(interaction: Interaction, field: str, values: Sequence[str]) -> list[str]:
    """What was chosen for a field, if that is no role or one that can be used so; everyone is no role.

    Raises BadInput, NotAllowed.
    """
    first = values[0] if values and field.endswith("_role_id") else ""
    if not re.fullmatch(r"\d{1,19}", first, re.ASCII):
        return list(values)
    everyone = interaction.guild.default_role.id if interaction.guild else 0
    if field == "answer_role_id" and int(first) == everyone:
        return []
    if field == "attendee_role_id":
        require_giving(interaction, int(first))
    else:
        require_role(interaction, int(first))
    return list(values)


def require_giving(interaction: Interaction, role_id: int) -> None:
    """Raise, saying why, unless the bot can give the role to members, and so can the person who wants that.

    Otherwise people could come into a role that is above them by going to an event of their own.
    """
    role = require_role(interaction, role_id)
    if role.managed:
        raise BadInput(
            "{role} belongs to an app or to Discord, so nobody can give it to members. Please choose another.",
            role=role.mention,
        )
    me = role.guild.me
    if not me.guild_permissions.manage_roles:
        raise BadInput("I can't give roles yet. Please allow me: {permissions}.", permissions="Manage Roles")
    if role >= me.top_role:
        raise BadInput(
            "{role} stands above my own role, so I can't give it. Move my role above it under Server Settings → Roles.",
            role=role.mention,
        )
    user = interaction.user
    owner = user.id == role.guild.owner_id
    if not owner and not (
        isinstance(user, discord.Member) and interaction.permissions.manage_roles and role < user.top_role
    ):
        raise NotAllowed(
            "You can't give {role} to members yourself, so I won't for you. Ask somebody who can, and whose own role "
            "stands above it.",
            role=role.mention,
        )


def cannot_ping(role: discord.Role, user: discord.User | discord.Member, channel_id: int) -> str | None:
    """Which of "bot" and "person" cannot notify the role's members by a mention in a channel; None if both can."""
    if role.mentionable:
        return None
    channel = role.guild.get_channel(channel_id)
    if channel is None or not channel.permissions_for(role.guild.me).mention_everyone:
        return "bot"
    allowed = isinstance(user, discord.Member) and channel.permissions_for(user).mention_everyone
    return None if allowed else "person"


def require_pinging(interaction: Interaction, role_id: int | None, channel_id: int) -> None:
    """Raise, saying what to allow, unless bot and person alike can notify the role's members by a mention."""
    role = require_role(interaction, role_id or 0)
    who = cannot_ping(role, interaction.user, channel_id)
    if who == "bot":
        raise BadInput(
            "I can't ping {role}: let anyone mention it in the role's settings, or give me the permission to mention "
            "all roles in {channel}. Or press *Publish*, which pings nobody.",
            role=role.mention,
            channel=f"<#{channel_id}>",
        )
    if who == "person":
        raise NotAllowed(
            "You can't ping {role} yourself, so I won't for you. Ask somebody who can to let anyone mention it in the "
            "role's settings, or press *Publish*, which pings nobody.",
            role=role.mention,
        )


def _role(interaction: Interaction, role_id: int | None) -> discord.Role | None:
    guild = interaction.guild
    return guild.get_role(role_id) if guild is not None and role_id else None
