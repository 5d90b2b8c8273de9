"""`/event …`: announced by moderators, answered by everyone with one press. Its commands are in the modules here."""

from discord import app_commands
from discord.ext import commands

from bot.client import SisterCityBot
from cogs.events.announcing import Announcing
from cogs.events.around import Around
from cogs.events.board import Board
from cogs.events.changing import Changing


@app_commands.guild_only()
class Events(
    Announcing,
    Changing,
    Around,
    Board,
    commands.GroupCog,
    group_name="event",
    group_description="Events of this server, and who is coming.",
):
    """All commands on events."""


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the package is loaded."""
    await bot.add_cog(Events())
