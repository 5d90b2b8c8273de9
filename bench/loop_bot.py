"""A bot of the same library that posts in every channel, one after the other: what a tutorial shows."""

import asyncio
import os

import discord
from yarl import URL


class LoopBot(discord.Client):
    """Posts once in each text channel that it sees, as soon as it is ready."""

    async def on_ready(self) -> None:
        """Await one post, then make the next."""
        for guild in self.guilds:
            for channel in guild.text_channels:
                await channel.send("Choirs of both cities sing together")


async def main() -> None:
    """Connect to the Discord that the environment names, and stay until killed."""
    discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["DISCORD_GATEWAY_URL"])
    async with LoopBot(intents=discord.Intents(guilds=True), max_messages=None) as bot:
        await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
