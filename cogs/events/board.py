"""The live list of what is on: `/event board`."""

from contextlib import suppress

import discord
from discord import app_commands
from discord.ext import commands

from bot.events.whats_on import put_up, require_organiser
from bot.ui.channels import require_speaking
from bot.ui.events.whats_on import put_up_note
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, reply


class Board(commands.Cog):
    """Commands on the live list."""

    @app_commands.command()
    @app_commands.describe(channel="Where the list is posted; an older one there is replaced")
    async def board(self, interaction: Interaction, channel: discord.TextChannel) -> None:
        """Post a list of what is on that keeps itself up to date."""
        bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
        await require_organiser(bot.database, guild_id, member)
        require_speaking(interaction, channel.id)
        replaced = await put_up(bot.database, guild_id, member, channel.id, interaction.id, bot.now())
        await reply(interaction, put_up_note(channel.id, reader_texts(interaction)))
        for message_id in replaced:
            with suppress(discord.HTTPException):  # it may be gone; nothing keeps it up to date any more
                await channel.get_partial_message(message_id).delete()
        bot.wake()
