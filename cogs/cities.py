"""Looking cities up by command."""

from discord import app_commands
from discord.ext import commands

from bot.cities import NoSuchCity, find_city
from bot.client import SisterCityBot
from bot.ui.autocomplete import city_choices
from bot.ui.city_card import answer_card
from bot.ui.press import Interaction, message_texts, reply


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class Cities(commands.GroupCog, group_name="city", group_description="Sister cities: who is partnered with whom."):
    """`/city …`."""

    def __init__(self, bot: SisterCityBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(city="The city: its first letters, in any language", private="Show it only to me")
    @app_commands.autocomplete(city=city_choices)
    async def view(self, interaction: Interaction, city: str, private: bool = False) -> None:
        """Show a city's partner cities, local time and sources."""
        await show_city(interaction, city, private)


@app_commands.command(name="sister")
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
@app_commands.describe(city="The city: its first letters, in any language", private="Show it only to me")
@app_commands.autocomplete(city=city_choices)
async def sister(interaction: Interaction, city: str, private: bool = False) -> None:
    """Show a city's sister cities (short for /city view)."""
    await show_city(interaction, city, private)


async def show_city(interaction: Interaction, text: str, private: bool) -> None:
    """Answer with the city's card, or privately with the nearest names."""
    bot = interaction.client
    answer = await find_city(bot.database, bot.index, text, interaction.guild_id)
    private = private or isinstance(answer, NoSuchCity)
    view = answer_card(answer, bot.now(), message_texts(interaction, private=private))
    await reply(interaction, view, private=private)


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Cities(bot))
    bot.tree.add_command(sister)
