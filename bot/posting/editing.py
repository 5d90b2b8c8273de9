"""Editing a message of our own, and what to make of an error that comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.retry import wait_after

if TYPE_CHECKING:
    from bot.client import SisterCityBot

FIRST_RETRY, LAST_RETRY = timedelta(seconds=10), timedelta(hours=1)
# Somebody may put a permission right meanwhile; after that the message counts as out of reach.
AFTER_REFUSAL = (timedelta(minutes=1), timedelta(minutes=10))

# Discord's error codes
UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, INVALID_FORM, ARCHIVED = 10003, 10008, 50035, 50083
NO_ACCESS = (50001, 50013)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an edit; all empty: it was made, or it will never be taken and is left as it is.

    `gone`: there is nothing left to edit, `lost_channel`: because the whole channel is gone or closed to us;
    `again_in`: it may work after that time.
    """

    gone: bool = False
    lost_channel: bool = False
    again_in: timedelta | None = None


DONE = Outcome()


async def edit(
    bot: "SisterCityBot",
    guild_id: int,
    channel_id: int,
    message_id: int,
    view: discord.ui.LayoutView,
    files: Sequence[discord.File] | None = None,
) -> None:
    """Show something else in a message of ours; its attachments stay unless `files` take their place."""
    channel = bot.get_partial_messageable(channel_id, guild_id=guild_id)
    message = channel.get_partial_message(message_id)
    attached = discord.utils.MISSING if files is None else files
    await message.edit(view=view, attachments=attached, allowed_mentions=discord.AllowedMentions.none())


def after_error(error: Exception, failures: int) -> Outcome:
    """What to do about an edit that failed, after so many failures in a row before it."""
    if isinstance(error, discord.RateLimited):  # longer than the client itself waits
        return Outcome(again_in=timedelta(seconds=error.retry_after))
    code = error.code if isinstance(error, discord.HTTPException) else None
    if code in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
        return Outcome(gone=True, lost_channel=code == UNKNOWN_CHANNEL)
    if code in NO_ACCESS:
        if failures >= len(AFTER_REFUSAL):
            return Outcome(gone=True, lost_channel=True)
        return Outcome(again_in=AFTER_REFUSAL[failures])
    if code in (INVALID_FORM, ARCHIVED):
        return DONE
    return Outcome(again_in=wait_after(failures + 1, FIRST_RETRY, LAST_RETRY))
