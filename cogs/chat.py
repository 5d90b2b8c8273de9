"""Hearing cities in chat: a mention of the bot with a city's name, and what a message of others names."""

import logging
import re

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import SisterCityBot
from bot.lookup.chat import cities_in_message, find_in_chat
from bot.lookup.cities import city_page
from bot.texts import Texts, texts
from bot.ui.card import note
from bot.ui.cities.named_card import named_card, none_named, text_of
from bot.ui.events.answer_card import answer_card
from bot.ui.press import Interaction, reader_texts, reply, sentence_for

logger = logging.getLogger(__name__)


class Chat(commands.Cog):
    """ "@bot Nashville" in a channel, or just "Nashville" in a direct message."""

    def __init__(self, bot: SisterCityBot) -> None:
        self.bot = bot
        contexts = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
        self.menu = app_commands.ContextMenu(
            name="Cities in this message", callback=show_named, allowed_contexts=contexts
        )

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self.menu)

    async def cog_unload(self) -> None:
        self.bot.tree.remove_command(self.menu.name, type=self.menu.type)

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
        bot, guild_id = self.bot, guild.id if guild else None
        found = await find_in_chat(
            bot.database, bot.index, question, guild_id, recogniser=bot.recogniser, now=bot.now()
        )
        return answer_card(found, guild, bot.now(), t)


async def show_named(interaction: Interaction, message: discord.Message) -> None:
    """Answer privately with the card of the city that a message names, or with a list of several."""
    bot, t = interaction.client, reader_texts(interaction)
    places = await cities_in_message(bot.database, bot.recogniser, text_of(message), interaction.guild_id)
    if not places:
        await reply(interaction, none_named(bot.me, t))
    elif len(places) == 1:
        page = await city_page(bot.database, bot.index, places[0].id, interaction.guild_id, now=bot.now())
        await reply(interaction, answer_card(page, interaction.guild, bot.now(), t))
    else:
        await reply(interaction, named_card(places, bot.index.ties, t))


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
    await bot.add_cog(Chat(bot))
