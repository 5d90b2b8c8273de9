"""Staying connected: from the first attempt to a clean end."""

import asyncio
import logging
import signal
from collections.abc import Callable

import aiohttp
import discord
from yarl import URL

from bot.client import SisterCityBot
from bot.settings import Settings

logger = logging.getLogger(__name__)

FIRST_WAIT, LAST_WAIT = 2.0, 60.0  # seconds between attempts to reach Discord
LAST_WORDS = 8.0  # seconds for a clean end

# What goes away by itself: no network, Discord not answering or answering with its own error.
TRANSIENT = (OSError, aiohttp.ClientError, TimeoutError, discord.DiscordServerError, discord.GatewayNotFound)


def redirect(settings: Settings) -> None:
    """Talk to the addresses that the operator gave in place of Discord's own."""
    if settings.discord_api_url:
        discord.http.Route.BASE = settings.discord_api_url
    if settings.discord_gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.discord_gateway_url)


async def serve(settings: Settings, make_bot: Callable[[], SisterCityBot]) -> None:
    """Run a bot until SIGTERM or SIGINT. Raises LoginFailure for a token that Discord refuses."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    redirect(settings)
    stopped = asyncio.create_task(stop.wait())
    bot = asyncio.create_task(_stay(settings, make_bot))
    await asyncio.wait({bot, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if not bot.done():
        logger.info("Ending on request.")
        bot.cancel()
        await asyncio.wait({bot}, timeout=LAST_WORDS)
    stopped.cancel()
    if bot.done() and not bot.cancelled():
        bot.result()


async def _stay(settings: Settings, make_bot: Callable[[], SisterCityBot]) -> None:
    bot = await _logged_in(settings, make_bot)
    try:
        wait = FIRST_WAIT
        while not bot.is_closed():
            try:
                await bot.connect()
            except AttributeError:
                # discord.py asks a gateway that was never reached for its sequence number. Once there was
                # one, it reconnects by itself, and any such error is a real one.
                if bot.ws is not None:
                    raise
                logger.warning("Discord's gateway is out of reach; next attempt in %.0f s", wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LAST_WAIT)
    finally:
        await bot.close()


async def _logged_in(settings: Settings, make_bot: Callable[[], SisterCityBot]) -> SisterCityBot:
    """A bot that has logged in and synced its commands; a new one for each attempt, for a half-made one is no use."""
    wait = FIRST_WAIT
    while True:
        bot = make_bot()
        try:
            await bot.login(settings.discord_token)
            return bot
        except TRANSIENT as error:
            await bot.close()
            logger.warning("Discord is out of reach (%s); next attempt in %.0f s", error, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LAST_WAIT)
        except BaseException:
            await bot.close()
            raise
