"""Members who leave: where the operator switched the members intent on, their seats are freed at once."""

import discord
from discord.ext import commands

from bot.client import SisterCityBot
from bot.events.leavers import free_all_seats


class Members(commands.Cog):
    """Hears who leaves."""

    def __init__(self, bot: SisterCityBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Free the seats that a person has in the server they left; the next in line are told."""
        await free_all_seats(self.bot, payload.guild_id, payload.user.id)
        self.bot.wake()


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Members(bot))
