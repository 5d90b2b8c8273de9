"""Looking cities up by command."""

from random import SystemRandom

from discord import app_commands
from discord.ext import commands

from bot.client import SisterCityBot
from bot.lookup.cities import NoSuchCity, find_city, random_page
from bot.lookup.comparison import compare_cities
from bot.lookup.countries import find_country, find_region
from bot.lookup.country_lists import country_ties, region_towns
from bot.lookup.network_pages import Unclear, count_network, find_path
from bot.ui.autocomplete import city_choices, country_choices, state_choices
from bot.ui.cities.city_card import open_card
from bot.ui.cities.city_lists import country_card, region_card
from bot.ui.cities.clock_list import clock_card
from bot.ui.cities.compare_card import compare_card
from bot.ui.cities.map_card import MapOpen, show_map
from bot.ui.cities.partner_list import partners_card
from bot.ui.cities.path_card import path_card
from bot.ui.cities.stats_card import stats_card
from bot.ui.events.answer_card import answer_card, no_such_city
from bot.ui.press import Interaction, message_texts, reply

CITY = "The city: its first letters, in any language"
PRIVATE = "Show it only to me"


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class Cities(commands.GroupCog, group_name="city", group_description="Sister cities: who is partnered with whom."):
    """`/city …`."""

    def __init__(self, bot: SisterCityBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(city=CITY, private=PRIVATE)
    @app_commands.autocomplete(city=city_choices)
    async def view(self, interaction: Interaction, city: str, private: bool = False) -> None:
        """Show a city's partner cities, local time and sources."""
        await show_city(interaction, city, private)

    @app_commands.command()
    @app_commands.describe(city=CITY, country="Only partners in this country", private=PRIVATE)
    @app_commands.autocomplete(city=city_choices, country=country_choices)
    async def partners(
        self, interaction: Interaction, city: str, country: str | None = None, private: bool = False
    ) -> None:
        """Show all there is to say of a city's partners: kind, state, dates and each source."""
        bot = interaction.client
        code = find_country(bot.index, country, str(interaction.locale)) if country else None
        answer = await find_city(bot.database, bot.index, city, interaction.guild_id)
        if isinstance(answer, NoSuchCity):
            return await show_nearest(interaction, answer)
        private = private or not any(code in (None, tie.partner.country_code) for tie in answer.ties)
        view = partners_card(answer, code, 0, bot.now(), message_texts(interaction, private=private))
        await reply(interaction, view, private=private)

    @app_commands.command()
    @app_commands.describe(country="The country, such as Japan or UK", private=PRIVATE)
    @app_commands.autocomplete(country=country_choices)
    async def country(self, interaction: Interaction, country: str, private: bool = False) -> None:
        """List the cities that are paired with a country."""
        bot = interaction.client
        code = find_country(bot.index, country, str(interaction.locale))
        found = await country_ties(bot.database, bot.index, code, interaction.guild_id)
        private = private or not found.ties
        await reply(interaction, country_card(found, 0, message_texts(interaction, private=private)), private=private)

    @app_commands.command()
    @app_commands.describe(state="The state, such as Alabama or AL; other countries' regions too", private=PRIVATE)
    @app_commands.autocomplete(state=state_choices)
    async def state(self, interaction: Interaction, state: str, private: bool = False) -> None:
        """List the towns of a state with the number of their partner cities."""
        bot = interaction.client
        region = find_region(bot.index, state, str(interaction.locale))
        found = await region_towns(bot.database, bot.index, region, interaction.guild_id)
        private = private or not found.towns
        await reply(interaction, region_card(found, 0, message_texts(interaction, private=private)), private=private)

    @app_commands.command()
    @app_commands.describe(city=CITY, private=PRIVATE)
    @app_commands.autocomplete(city=city_choices)
    async def time(self, interaction: Interaction, city: str, private: bool = False) -> None:
        """Show what time it is in a city and in all its partner cities."""
        bot = interaction.client
        answer = await find_city(bot.database, bot.index, city, interaction.guild_id)
        if isinstance(answer, NoSuchCity):
            return await show_nearest(interaction, answer)
        view = clock_card(answer, bot.now(), message_texts(interaction, private=private))
        await reply(interaction, view, private=private)

    @app_commands.command()
    @app_commands.describe(city=CITY, private=PRIVATE)
    @app_commands.autocomplete(city=city_choices)
    async def map(self, interaction: Interaction, city: str, private: bool = False) -> None:
        """Draw a city and the ways to its partner cities on a map."""
        bot = interaction.client
        answer = await find_city(bot.database, bot.index, city, interaction.guild_id)
        if isinstance(answer, NoSuchCity):
            view = no_such_city(answer, message_texts(interaction, private=True), opens=MapOpen.to)
            return await reply(interaction, view)
        await show_map(interaction, answer, private=private)

    @app_commands.command()
    @app_commands.describe(private=PRIVATE)
    async def random(self, interaction: Interaction, private: bool = False) -> None:
        """Show a city you did not think of."""
        bot = interaction.client
        page = await random_page(bot.database, bot.index, interaction.guild_id, SystemRandom(), bot.now())
        t = message_texts(interaction, private=private)
        view = open_card(page, interaction.guild, bot.now(), t, another=True)
        await reply(interaction, view, private=private)

    @app_commands.command()
    @app_commands.describe(city="One of the two cities", other="The other city", private=PRIVATE)
    @app_commands.autocomplete(city=city_choices, other=city_choices)
    async def compare(self, interaction: Interaction, city: str, other: str, private: bool = False) -> None:
        """Show two cities side by side: the partners they share, and those that only one has."""
        bot = interaction.client
        found = await compare_cities(bot.database, bot.index, city, other, interaction.guild_id)
        private = private or isinstance(found, Unclear)
        view = compare_card(found, 0, bot.now(), message_texts(interaction, private=private))
        await reply(interaction, view, private=private)

    @app_commands.command()
    @app_commands.describe(city="Where the chain begins", other="Where it ends", private=PRIVATE)
    @app_commands.autocomplete(city=city_choices, other=city_choices)
    async def path(self, interaction: Interaction, city: str, other: str, private: bool = False) -> None:
        """Show the shortest chain of ties that links two cities, step by step."""
        bot = interaction.client
        page = await find_path(bot.database, bot.index, city, other, interaction.guild_id)
        private = private or isinstance(page, Unclear)
        await reply(interaction, path_card(page, 0, message_texts(interaction, private=private)), private=private)

    @app_commands.command()
    @app_commands.describe(private=PRIVATE)
    async def stats(self, interaction: Interaction, private: bool = False) -> None:
        """Show the network of sister cities in numbers, and this server's own."""
        bot = interaction.client
        page = await count_network(bot.database, bot.index, interaction.guild_id, bot.now())
        await reply(interaction, stats_card(page, message_texts(interaction, private=private)), private=private)


@app_commands.command(name="sister")
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
@app_commands.describe(city=CITY, private=PRIVATE)
@app_commands.autocomplete(city=city_choices)
async def sister(interaction: Interaction, city: str, private: bool = False) -> None:
    """Show a city's sister cities (short for /city view)."""
    await show_city(interaction, city, private)


async def show_city(interaction: Interaction, text: str, private: bool) -> None:
    """Answer with the city's card, or privately with the nearest names."""
    bot = interaction.client
    answer = await find_city(bot.database, bot.index, text, interaction.guild_id, bot.now())
    private = private or isinstance(answer, NoSuchCity)
    view = answer_card(answer, interaction.guild, bot.now(), message_texts(interaction, private=private))
    await reply(interaction, view, private=private)


async def show_nearest(interaction: Interaction, answer: NoSuchCity) -> None:
    """Tell the asker alone that no city goes by that, with the nearest names."""
    await reply(interaction, no_such_city(answer, message_texts(interaction, private=True)))


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Cities(bot))
    bot.tree.add_command(sister)
