"""Hearing that a message of ours, or a whole channel, was deleted."""

from collections.abc import Collection

import discord
from discord.ext import commands

from bot.client import SisterCityBot
from bot.events.gone_cards import channel_gone, messages_gone


class Copies(commands.Cog):
    """Cards and lists that somebody deleted are forgotten at once, and moderators told of a card they may miss."""

    def __init__(self, bot: SisterCityBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_message_delete(self, deleted: discord.RawMessageDeleteEvent) -> None:
        """One message was deleted."""
        await self._gone(deleted.guild_id, [deleted.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, deleted: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages were deleted at once."""
        await self._gone(deleted.guild_id, deleted.message_ids)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted, and all messages in it."""
        if await channel_gone(self.bot.database, channel.guild.id, channel.id, self.bot.now()):
            self.bot.wake()

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted, and all messages in it."""
        if await channel_gone(self.bot.database, thread.guild_id, thread.thread_id, self.bot.now()):
            self.bot.wake()

    async def _gone(self, guild_id: int | None, message_ids: Collection[int]) -> None:
        if guild_id is not None and await messages_gone(self.bot.database, guild_id, message_ids, self.bot.now()):
            self.bot.wake()


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Copies(bot))
