"""`/me …`: what a member chooses for themselves."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.client import SisterCityBot
from bot.member_settings import choose_reminders, choose_timezone, member_choices
from bot.ui.autocomplete import zone_choices
from bot.ui.member_card import member_card
from bot.ui.press import Interaction, reader_texts, reply


class Me(commands.GroupCog, group_name="me", group_description="What I do for you, and when."):
    """The commands of a member about themselves."""

    @app_commands.command()
    @app_commands.describe(switch="on: I also write to you before events that you go to. off: I don't.")
    async def reminders(self, interaction: Interaction, switch: Literal["on", "off"]) -> None:
        """Choose whether reminders of your events also come by direct message."""
        choices = await choose_reminders(interaction.client.database, interaction.user.id, switch == "on")
        await reply(interaction, member_card(choices, reader_texts(interaction)))

    @app_commands.command()
    @app_commands.describe(time_zone="Where you live: no reminder comes at your night. Leave it out for the server's")
    @app_commands.autocomplete(time_zone=zone_choices)
    async def timezone(self, interaction: Interaction, time_zone: str | None = None) -> None:
        """Choose your time zone, so that no reminder wakes you up."""
        choices = await choose_timezone(interaction.client.database, interaction.user.id, time_zone)
        await reply(interaction, member_card(choices, reader_texts(interaction)))

    @app_commands.command()
    async def view(self, interaction: Interaction) -> None:
        """Show what you have chosen."""
        choices = await member_choices(interaction.client.database, interaction.user.id)
        await reply(interaction, member_card(choices, reader_texts(interaction)))


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Me())
