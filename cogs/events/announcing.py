"""Announcing an event: `/event create`."""

from discord import app_commands
from discord.ext import commands

from bot import drafts
from bot.ui.channels import require_speaking
from bot.ui.draft_card import EventForm, unfinished_view
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, reply


class Announcing(commands.Cog):
    """Commands that lead to a new event."""

    @app_commands.command()
    async def create(self, interaction: Interaction) -> None:
        """Announce an event: fill in a form, look it over, publish it."""
        bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
        require_speaking(interaction, await drafts.ready(bot.database, guild_id, member))
        draft = await drafts.unfinished(bot.database, guild_id, member, bot.now())
        if draft is None:
            await interaction.response.send_modal(EventForm(reader_texts(interaction), drafts.EMPTY))
        else:
            await reply(interaction, unfinished_view(draft, reader_texts(interaction)))
