"""What goes on around an event: who comes, who came, calendars."""

from discord.ext import commands


class Around(commands.Cog):
    """Commands for organisers and their guests."""
