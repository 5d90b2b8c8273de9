"""What the bot may do with a role of the server, said in the words of Discord's own settings."""

import discord

from bot.errors import BadInput
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


def require_giving(interaction: Interaction, role_id: int) -> None:
    """Raise BadInput, saying why, unless the bot can give the role to members."""
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


def require_pinging(interaction: Interaction, role_id: int | None, channel_id: int) -> None:
    """Raise BadInput, saying what to allow, unless a mention of the role by the bot would notify its members."""
    role = require_role(interaction, role_id or 0)
    channel = role.guild.get_channel(channel_id)
    if not role.mentionable and not (channel and channel.permissions_for(role.guild.me).mention_everyone):
        raise BadInput(
            "I can't ping {role}: let anyone mention it in the role's settings, or give me the permission to mention "
            "all roles in {channel}. Or press *Publish*, which pings nobody.",
            role=role.mention,
            channel=f"<#{channel_id}>",
        )


def _role(interaction: Interaction, role_id: int | None) -> discord.Role | None:
    guild = interaction.guild
    return guild.get_role(role_id) if guild is not None and role_id else None
