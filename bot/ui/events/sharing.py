"""Posting a further card of an event in another channel."""

import discord

from bot.errors import BadInput, NotAllowed
from bot.events.corrections import Organising
from bot.events.panel import copies_in, forget_copy, panel, share
from bot.ui.card import note
from bot.ui.channels import require_speaking
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, reply


async def share_card(interaction: Interaction, event_id: int, channel_id: int | None) -> None:
    """Have a card of the event posted in a channel, for somebody who runs the event and may write there; say so.

    A card there that was deleted by hand does not count.
    """
    bot, guild_id = interaction.client, guild_of(interaction)
    by = Organising(guild_id, event_id, member_of(interaction), bot.now())
    shown = await panel(bot.database, by)
    channel = interaction.guild.get_channel(channel_id) if interaction.guild and channel_id else None
    if not isinstance(channel, discord.TextChannel) or not isinstance(interaction.user, discord.Member):
        raise BadInput("A card can be shared in text channels only. Choose one with `/event share`.")
    require_speaking(interaction, channel.id, picture=shown.card.picture_alt is not None)
    allowed = channel.permissions_for(interaction.user)
    if not (allowed.view_channel and allowed.send_messages):
        raise NotAllowed("You cannot write in {channel} yourself, so I won't for you.", channel=channel.mention)
    for message_id in await copies_in(bot.database, guild_id, event_id, channel.id):
        try:
            await channel.fetch_message(message_id)
        except discord.NotFound:
            await forget_copy(bot.database, event_id, message_id)
    await share(bot.database, by, channel.id)
    bot.wake()
    await reply(interaction, note(reader_texts(interaction)("Its card appears in {channel}.", channel=channel.mention)))
