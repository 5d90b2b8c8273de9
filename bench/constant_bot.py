"""A bot of the same library whose autocomplete knows its answer beforehand: ours without the look-up."""

import asyncio
import os

import discord
from discord import app_commands
from yarl import URL

CHOICES = [app_commands.Choice(name=f"A city, A state, Country {number}", value=f"id:{number}") for number in range(25)]


async def choices(_interaction: discord.Interaction, _current: str) -> list[app_commands.Choice[str]]:
    """The same 25 for everybody."""
    return CHOICES


@app_commands.command()
@app_commands.autocomplete(city=choices)
async def sister(interaction: discord.Interaction, city: str) -> None:
    """Answer with what was typed."""
    await interaction.response.send_message(city)


class ConstantBot(discord.Client):
    """One command, under the name it has in ours."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(sister)

    async def setup_hook(self) -> None:
        """Tell Discord of the command."""
        await self.tree.sync()


async def main() -> None:
    """Connect to the Discord that the environment names, and stay until killed."""
    discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["DISCORD_GATEWAY_URL"])
    async with ConstantBot() as bot:
        await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    try:
        import uvloop
    except ModuleNotFoundError:
        asyncio.run(main())
    else:
        uvloop.run(main())
