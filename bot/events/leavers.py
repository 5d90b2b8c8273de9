"""Members who left the server: their seats are freed.

Without the members intent Discord tells nobody that a member left, so they are asked for one by one where it matters.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

import discord

from bot.errors import NotFound
from bot.events.rsvp import COMING, Left
from bot.members import Member
from db import attendees

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

UNKNOWN_MEMBER = 10007  # Discord's error code
MOST_CHECKED = 200  # members of one event
AT_ONCE = 4
LONGEST_CHECK = 45.0  # seconds: less than a chore may take, for what comes after it must not be kept from coming


async def has_left(bot: "SisterCityBot", guild_id: int, user_id: int) -> bool:
    """Whether a person is no longer in a server. Raises discord.DiscordException if Discord does not say."""
    guild = bot.get_guild(guild_id) or await bot.fetch_guild(guild_id, with_counts=False)
    try:
        await guild.fetch_member(user_id)
    except discord.NotFound as error:
        if error.code != UNKNOWN_MEMBER:
            raise
        return True
    return False


async def free_seats(bot: "SisterCityBot", guild_id: int, event_ids: Iterable[int], user_id: int) -> None:
    """Erase what a person who left answered to these events; the next in line are served."""
    for event_id in event_ids:
        logger.info("event %s: %s is no longer in guild %s", event_id, user_id, guild_id)
        try:
            await bot.events.answer(guild_id, event_id, Member(user_id, ""), Left(), bot.now())
        except NotFound:
            continue  # the event is gone too


async def free_all_seats(bot: "SisterCityBot", guild_id: int, user_id: int) -> None:
    """The same for every event of the server that has not ended."""
    async with bot.database.read() as session:
        event_ids = await attendees.answered_by(session, guild_id, user_id, bot.now())
    await free_seats(bot, guild_id, event_ids, user_id)


async def check_members(bot: "SisterCityBot", guild_id: int, event_id: int, *, within: float = LONGEST_CHECK) -> None:
    """Free the seats of those who left, among the first 200 with a seat or in line; a few are asked for at a time.

    Where Discord does not say `within` so many seconds, the member is taken to be there: a reminder must not wait.
    """
    async with bot.database.read() as session:
        user_ids = await attendees.standing(session, event_id, COMING)
    limit = asyncio.Semaphore(AT_ONCE)

    async def check(user_id: int) -> None:
        async with limit:
            try:
                left = await has_left(bot, guild_id, user_id)
            except discord.DiscordException as error:
                logger.warning("guild %s: cannot tell whether %s is there: %s", guild_id, user_id, error)
                return
        if left:
            await free_seats(bot, guild_id, [event_id], user_id)

    try:
        async with asyncio.timeout(within):
            await asyncio.gather(*map(check, user_ids[:MOST_CHECKED]))
    except TimeoutError:
        logger.warning("guild %s: no time to ask for all who come to event %s", guild_id, event_id)
