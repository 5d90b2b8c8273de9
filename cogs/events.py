"""Events: announced by moderators, answered by everyone with one press."""

from discord import app_commands
from discord.ext import commands

from bot import drafts
from bot.client import SisterCityBot
from bot.ui.autocomplete import chosen_id, event_choices
from bot.ui.channels import require_speaking
from bot.ui.draft_card import EventForm, unfinished_view
from bot.ui.event_list import event_cancelled, event_list
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, reply


@app_commands.guild_only()
class Events(commands.GroupCog, group_name="event", group_description="Events of this server, and who is coming."):
    """`/event …`"""

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


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Events())
