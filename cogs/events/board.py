"""The live list of what is on."""

from discord.ext import commands


class Board(commands.Cog):
    """Commands on the live list."""
