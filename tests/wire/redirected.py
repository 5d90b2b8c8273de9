"""discord.py in our own process, talking to the fake Discord."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import discord
import yarl

from tests.wire.discord_server import DiscordServer
from tests.wire.payloads import TOKEN


@contextmanager
def redirected(server: DiscordServer) -> Iterator[None]:
    """Within the block every client of discord.py takes this server for Discord."""
    route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
    real = route.BASE, socket.DEFAULT_GATEWAY
    route.BASE, socket.DEFAULT_GATEWAY = server.api_url, yarl.URL(server.gateway_url)
    try:
        yield
    finally:
        route.BASE, socket.DEFAULT_GATEWAY = real


@asynccontextmanager
async def logged_in(server: DiscordServer) -> AsyncIterator[discord.Client]:
    """A client that may ask and post, and hears nothing."""
    with redirected(server):
        async with discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30) as client:
            await client.login(TOKEN)
            yield client
    assert server.unknown_routes == []
