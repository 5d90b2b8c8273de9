"""The thread of an event: made from its card, archived after the end."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Final

import discord

from bot.plain_text import cut, visible
from db import card_copies, events

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, THREAD_EXISTS = 10003, 10008, 160004  # Discord's error codes
LONGEST_NAME = 100
WEEK: Final = 10_080  # minutes without a message after which Discord hides a thread by itself


async def open_thread(bot: "SisterCityBot", guild_id: int, event_id: int, now: datetime) -> None:
    """Make the thread of an event that wants one, from the oldest message with its card, if there is one yet.

    A thread that is made from a message has that message's id. Raises discord.HTTPException where the bot may not.
    """
    async with bot.database.read() as session:
        event = await events.event(session, guild_id, event_id)
        copies = await card_copies.copies(session, [event_id])
    if event is None or not event.wants_thread or event.thread_id is not None or not copies:
        return
    first = copies[0]
    channel = bot.get_partial_messageable(first.channel_id, guild_id=guild_id)
    try:
        await channel.get_partial_message(first.message_id).create_thread(
            name=cut(visible(event.title), LONGEST_NAME), auto_archive_duration=WEEK
        )
    except discord.HTTPException as error:
        if error.code in (UNKNOWN_CHANNEL, UNKNOWN_MESSAGE):
            return  # the card was deleted
        if error.code != THREAD_EXISTS:
            raise
    async with bot.database.write() as session:
        event = await events.event(session, guild_id, event_id, lock=True)
        if event is not None:
            event.thread_id = first.message_id
            await card_copies.refresh_copies(session, event_id, now)
    logger.info("event %s: thread %s", event_id, first.message_id)


async def close_thread(bot: "SisterCityBot", guild_id: int, event_id: int) -> None:
    """Archive an event's thread, if it has one that is still there."""
    async with bot.database.read() as session:
        event = await events.event(session, guild_id, event_id)
    if event is None or event.thread_id is None:
        return
    try:
        thread = await bot.fetch_channel(event.thread_id)
        if isinstance(thread, discord.Thread) and not thread.archived:
            await thread.edit(archived=True)
    except (discord.NotFound, discord.Forbidden) as error:  # deleted by hand, or no longer ours
        logger.info("event %s: its thread stays as it is: %s", event_id, error)


async def forget_thread(bot: "SisterCityBot", guild_id: int, event_id: int) -> None:
    """The thread was deleted by hand: what it was for goes to the channel from now on."""
    async with bot.database.write() as session:
        event = await events.event(session, guild_id, event_id, lock=True)
        if event is not None:
            event.thread_id, event.wants_thread = None, False
