"""A message of the bot's own in a channel, safe to send again: it bears the row's nonce."""

from typing import TYPE_CHECKING

import discord

from bot.posting.job import Done, Job

if TYPE_CHECKING:
    from bot.client import SisterCityBot


async def post(
    bot: "SisterCityBot",
    job: Job,
    view: discord.ui.LayoutView,
    ping: discord.AllowedMentions | None = None,
    file: discord.File | None = None,
) -> Done:
    """Post where the job says, pinging nobody unless `ping` names whom; raises what Discord answers."""
    channel = bot.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
    mentions = ping or discord.AllowedMentions.none()
    attached = file or discord.utils.MISSING
    message = await channel.send(view=view, nonce=job.nonce, allowed_mentions=mentions, file=attached)
    return Done("sent", message.id, job.channel_id)
