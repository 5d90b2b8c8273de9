"""Looking events up and changing them: `/event list` and `cancel`."""

from discord import app_commands
from discord.ext import commands

from bot.ui.autocomplete import chosen_id, event_choices
from bot.ui.event_list import event_cancelled, event_list
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, reply


class Changing(commands.Cog):
    """Commands on events that are there."""

    @app_commands.command()
    async def list(self, interaction: Interaction) -> None:
        """Show what is coming up."""
        bot = interaction.client
        events = await bot.events.upcoming(guild_of(interaction), bot.now())
        await reply(interaction, event_list(events, guild_of(interaction), reader_texts(interaction)))

    @app_commands.command()
    @app_commands.describe(event="The event: the first letters of its title")
    @app_commands.autocomplete(event=event_choices)
    async def cancel(self, interaction: Interaction, event: str) -> None:
        """Call an event off; its card says so at once."""
        bot, guild_id = interaction.client, guild_of(interaction)
        cancelled = await bot.events.cancel(guild_id, chosen_id(event), member_of(interaction), bot.now())
        bot.wake()
        await reply(interaction, event_cancelled(cancelled, reader_texts(interaction)))
