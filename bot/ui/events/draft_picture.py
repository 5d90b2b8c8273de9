"""Fetching the picture that a command came with."""

import asyncio

import aiohttp
import discord

from bot.errors import BadInput
from bot.events.pictures import prepared, put_picture
from bot.ui.press import Interaction, guild_of, member_of

LONGEST_FETCH = 20.0  # seconds


async def take_picture(interaction: Interaction, attachment: discord.Attachment, alt: str, draft_id: int) -> None:
    """Give a draft the picture of a command that is answered already. Raises BadInput if it cannot be used."""
    made, database = await fetched(attachment), interaction.client.database
    await put_picture(database, guild_of(interaction), member_of(interaction), draft_id, made, alt)


async def fetched(attachment: discord.Attachment) -> bytes:
    """A picture that came with a command, as it is kept: WebP. Raises BadInput if it cannot be used."""
    try:
        async with asyncio.timeout(LONGEST_FETCH):
            content = await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError):
        raise BadInput("I could not fetch the picture from Discord. Please use the command again.") from None
    return await prepared(content)
