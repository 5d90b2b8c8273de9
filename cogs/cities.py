"""Looking cities up: by command, and by mentioning the bot in chat."""

import logging
import re

import discord
from discord import app_commands
from discord.ext import commands

from bot.cities import CityPage, NoSuchCity, find_city, find_in_chat
from bot.client import SisterCityBot
from bot.texts import Texts, texts
from bot.ui.autocomplete import city_choices
from bot.ui.card import note
from bot.ui.city_card import city_card, no_such_city
from bot.ui.press import Interaction, message_texts, reply, sentence_for

logger = logging.getLogger(__name__)


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class Cities(commands.GroupCog, group_name="city", group_description="Sister cities: who is partnered with whom."):
    """`/city …`, and "@bot Nashville" in chat."""

    def __init__(self, bot: SisterCityBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(city="The city: its first letters, in any language", private="Show it only to me")
    @app_commands.autocomplete(city=city_choices)
    async def view(self, interaction: Interaction, city: str, private: bool = False) -> None:
        """Show a city's partner cities, local time and sources."""
        await show_city(interaction, city, private)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention in chat with the card of the city it names."""
        question = question_to(self.bot, message)
        if question is None:
            return
        t = texts(str(message.guild.preferred_locale) if message.guild else "en-US")
        try:
            view = await self._answer(question, message.guild, t)
        except Exception as error:
            view = note(sentence_for(error, t, f"message {message.id}"))
        try:
            await message.reply(view=view, mention_author=False, allowed_mentions=discord.AllowedMentions.none())
        except discord.Forbidden:
            logger.info("may not answer in channel %s", message.channel.id)

    async def _answer(self, question: str, guild: discord.Guild | None, t: Texts) -> discord.ui.LayoutView:
        if not question.strip():
            return note(t("Mention me with a city's name, for example: {me} Nashville.", me=self.bot.me))
        found = await find_in_chat(self.bot.database, self.bot.index, question, guild.id if guild else None)
        return answer_card(self.bot, found, t)


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
    view = answer_card(bot, answer, message_texts(interaction, private=private))
    await reply(interaction, view, private=private)


def answer_card(bot: SisterCityBot, answer: CityPage | NoSuchCity, t: Texts) -> discord.ui.LayoutView:
    """The card of what a look-up found."""
    return no_such_city(answer, t) if isinstance(answer, NoSuchCity) else city_card(answer, 0, bot.now(), t)


def question_to(bot: SisterCityBot, message: discord.Message) -> str | None:
    """What a chat message asks of us: its text without the mention; None if it is not meant for us.

    "" is a mention without words, or of our role: then Discord hides the text from us.
    """
    if message.author.bot or message.webhook_id is not None or not bot.settings.hear_mentions or bot.user is None:
        return None
    own_mention = re.compile(rf"<@!?{bot.user.id}>")
    if own_mention.search(message.content):
        return own_mention.sub(" ", message.content)
    if message.guild is None:
        return message.content if message.type is discord.MessageType.default else None
    own_role = message.guild.self_role
    return "" if own_role is not None and own_role in message.role_mentions else None


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Cities(bot))
    bot.tree.add_command(sister)
