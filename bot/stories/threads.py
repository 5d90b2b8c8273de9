"""The thread in which a story is discussed: made from the message that shows it, on demand and once."""

import logging
from typing import TYPE_CHECKING, Final

import discord

from bot.errors import NotFound
from bot.events.threads import THREAD_EXISTS, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from bot.plain_text import cut, visible
from db import stories, story_copies
from db.models import StoryCopy

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

LONGEST_NAME = 100
WEEK: Final = 10_080  # minutes without a message after which Discord hides a thread by itself


async def open_thread(bot: "SisterCityBot", guild_id: int, story_id: int, message_id: int) -> int:
    """The id of the thread of a message that shows a story; it is made if there is none, or none any more.

    Raises NotFound if the message does not show that story, discord.Forbidden where the bot may not.
    """
    async with bot.database.read() as session:
        story = await stories.story(session, guild_id, story_id)
        copy = next(
            (one for one in await story_copies.copies(session, guild_id, story_id) if one.message_id == message_id),
            None,
        )
    if story is None or copy is None:
        raise NotFound("I can't open a discussion here. If the story is brand-new, please try again in a minute.")
    if copy.thread_id is not None and await _is_there(bot, guild_id, copy.thread_id):
        return copy.thread_id
    thread_id = await _make(bot, copy, story.title)
    async with bot.database.write() as session:
        kept = await session.get(StoryCopy, message_id)
        if kept is not None:
            kept.thread_id = thread_id
    return thread_id


async def _make(bot: "SisterCityBot", copy: StoryCopy, title: str) -> int:
    """A thread that is made from a message has that message's id."""
    channel = bot.get_partial_messageable(copy.channel_id, guild_id=copy.guild_id)
    try:
        await channel.get_partial_message(copy.message_id).create_thread(
            name=cut(visible(title), LONGEST_NAME), auto_archive_duration=WEEK
        )
    except discord.HTTPException as error:
        if error.code in (UNKNOWN_CHANNEL, UNKNOWN_MESSAGE):
            raise NotFound("The post of this story is gone.") from None
        # Somebody else was quicker, or Discord remembers the thread that was deleted.
        if error.code != THREAD_EXISTS:
            raise
        if copy.thread_id is not None:
            raise NotFound("The discussion of this story was deleted.") from None
    logger.info("story %s: thread %s", copy.story_id, copy.message_id)
    return copy.message_id


async def _is_there(bot: "SisterCityBot", guild_id: int, thread_id: int) -> bool:
    """Whether a thread was not deleted; those that sleep are known to Discord alone."""
    guild = bot.get_guild(guild_id)
    if guild is not None and guild.get_thread(thread_id) is not None:
        return True
    try:
        await bot.fetch_channel(thread_id)
    except discord.NotFound:
        return False
    except discord.HTTPException as error:
        logger.info("thread %s may be there: %s", thread_id, error)
    return True
