"""The role of those who come to an event: given while they do, taken back when they do not, and after the end."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import discord
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events.leavers import UNKNOWN_MEMBER, free_seats
from bot.events.page import hides_names
from bot.events.rsvp import Standing
from db import attendees, events
from db.models import Event

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 40  # members served before others have their turn
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class RoleChanges:
    """Who is to get an event's role and who is to lose it, at most `MOST_AT_ONCE` of both; `more` are left over."""

    role_id: int
    give: tuple[int, ...]
    take: tuple[int, ...]
    more: bool


async def serve_roles(bot: "SisterCityBot", guild_id: int, event_id: int, now: datetime) -> bool:
    """Give and take back an event's role; returns whether somebody is left to be served.

    Raises discord.HTTPException where the bot may not do it; what was done until then is kept in mind.
    """
    async with bot.database.read() as session:
        event = await events.event(session, guild_id, event_id)
        changes = await _changes(session, event, now) if event else None
    if event is None or changes is None:
        return False
    guild = bot.get_guild(guild_id) or await bot.fetch_guild(guild_id, with_counts=False)
    given, taken, failure = await _served(bot, guild, event_id, changes)
    async with bot.database.write() as session:
        await attendees.note_role(session, event_id, given, has_role=True)
        await attendees.note_role(session, event_id, taken, has_role=False)
    if given or taken:
        logger.info("event %s: role given to %s, taken from %s", event_id, len(given), len(taken))
    if failure is not None:
        raise failure
    return changes.more


async def _changes(session: AsyncSession, event: Event, now: datetime) -> RoleChanges | None:
    if event.attendee_role_id is None:
        return None
    going_on = event.status == "open" and event.ends_at is not None and now < event.ends_at
    going_on = going_on and not hides_names(event)  # everybody sees who has a role
    without = await attendees.with_role(session, event.id, has_role=False)
    having = await attendees.with_role(session, event.id, has_role=True)
    give = [user_id for user_id, standing in without if going_on and standing == Standing.GOING]
    take = [user_id for user_id, standing in having if not going_on or standing != Standing.GOING]
    left_for_give = max(0, MOST_AT_ONCE - len(take))
    return RoleChanges(
        event.attendee_role_id,
        tuple(give[:left_for_give]),
        tuple(take[:MOST_AT_ONCE]),
        len(give) + len(take) > MOST_AT_ONCE,
    )


async def _served(
    bot: "SisterCityBot", guild: discord.Guild, event_id: int, changes: RoleChanges
) -> tuple[Sequence[int], Sequence[int], discord.DiscordException | None]:
    """Who was given the role, who lost it, and the first error that was met."""
    role, limit = discord.Object(changes.role_id), asyncio.Semaphore(AT_ONCE)
    done: dict[bool, list[int]] = {True: [], False: []}
    failures: list[discord.DiscordException] = []

    async def serve(user_id: int, give: bool) -> None:
        async with limit:
            if failures:
                return
            try:
                member = await guild.fetch_member(user_id)
                await (member.add_roles(role) if give else member.remove_roles(role))
            except discord.NotFound as error:
                if error.code != UNKNOWN_MEMBER:
                    failures.append(error)
                elif give:
                    await free_seats(bot, guild.id, [event_id], user_id)
                else:
                    done[give].append(user_id)  # the role went with the member; who came is remembered
            except discord.DiscordException as error:
                failures.append(error)
            else:
                done[give].append(user_id)

    everyone = [(user_id, True) for user_id in changes.give] + [(user_id, False) for user_id in changes.take]
    await asyncio.gather(*(serve(user_id, give) for user_id, give in everyone))
    return done[True], done[False], failures[0] if failures else None
