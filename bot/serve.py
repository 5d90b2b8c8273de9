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
from bot.start import spare_the_loaded

logger = logging.getLogger(__name__)

FIRST_WAIT, LAST_WAIT = 2.0, 60.0  # seconds between attempts to reach Discord
LAST_WORDS = 8.0  # seconds for a clean end
TOKEN_REFUSED = 4004  # the gateway's word for it

TRANSIENT = (
    OSError,
    aiohttp.ClientError,
    TimeoutError,
    discord.DiscordServerError,
    discord.GatewayNotFound,
    discord.RateLimited,
)


def redirect(settings: Settings) -> None:
    """Talk to the addresses that the operator gave in place of Discord's own."""
    if settings.discord_api_url:
        discord.http.Route.BASE = settings.discord_api_url
    if settings.discord_gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.discord_gateway_url)


def on_request_to_end(stop: asyncio.Event) -> None:
    """Set the event at SIGTERM and SIGINT (Ctrl-C)."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(name, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stop.set))


async def serve(settings: Settings, make_bot: Callable[[], SisterCityBot]) -> None:
    """Run a bot until SIGTERM or SIGINT. Raises LoginFailure for a token that Discord refuses."""
    stop = asyncio.Event()
    on_request_to_end(stop)
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
    spare_the_loaded()
    connected = asyncio.create_task(_connect(bot))
    refused = asyncio.create_task(bot.rest_gate.token_refused.wait())
    try:
        await asyncio.wait({connected, refused}, return_when=asyncio.FIRST_COMPLETED)
        if refused.done():
            raise discord.LoginFailure("The token was refused while the bot was running.")
        connected.result()
    finally:
        for task in (connected, refused):
            task.cancel()
        await asyncio.gather(connected, refused, return_exceptions=True)
        await bot.close()


async def _connect(bot: SisterCityBot) -> None:
    """Stay on the gateway. Raises LoginFailure if it refuses the token."""
    wait = FIRST_WAIT
    while not bot.is_closed():
        try:
            await bot.connect()
        except discord.ConnectionClosed as error:
            if error.code == TOKEN_REFUSED:
                raise discord.LoginFailure("The gateway refuses the token.") from error
            raise
        except AttributeError:
            # discord.py asks a gateway that was never reached for its sequence number. Once there was
            # one, it reconnects by itself, and any such error is a real one.
            if bot.ws is not None:
                raise
            logger.warning("Discord's gateway is out of reach; next attempt in %.0f s", wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LAST_WAIT)


async def _logged_in(settings: Settings, make_bot: Callable[[], SisterCityBot]) -> SisterCityBot:
    """A bot that has logged in and synced its commands; a new one for each attempt, for a half-made one is no use."""
    wait = FIRST_WAIT
    while True:
        bot = make_bot()
        try:
            await bot.login(settings.discord_token)
            return bot
        except BaseException as error:
            await bot.close()
            if not _passes_by_itself(error):
                raise
            asked = error.retry_after if isinstance(error, discord.RateLimited) else 0
            pause = max(wait, asked, bot.rest_gate.paused_for())
            logger.warning("Discord is out of reach (%s); next attempt in %.0f s", error, pause)
        await asyncio.sleep(pause)
        wait = min(wait * 2, LAST_WAIT)


def _passes_by_itself(error: BaseException) -> bool:
    """Whether it is no network, Discord not answering, or Discord asking us to wait."""
    return isinstance(error, TRANSIENT) or (isinstance(error, discord.HTTPException) and error.status == 429)
