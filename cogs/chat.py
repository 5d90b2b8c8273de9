"""Hearing cities in chat: a mention of the bot with a city's name."""

import logging
import re

import discord
from discord.ext import commands

from bot.cities import find_in_chat
from bot.client import SisterCityBot
from bot.texts import Texts, texts
from bot.ui.card import note
from bot.ui.city_card import answer_card
from bot.ui.press import sentence_for

logger = logging.getLogger(__name__)


class Chat(commands.Cog):
    """ "@bot Nashville" in a channel, or just "Nashville" in a direct message."""

    def __init__(self, bot: SisterCityBot) -> None:
        self.bot = bot

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
        return answer_card(found, self.bot.now(), t)


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
