"""The button on the notice that an event's card is gone."""

import discord

from bot.events import drafts
from bot.events.gone_cards import repost
from bot.ui.card import note
from bot.ui.channels import require_speaking
from bot.ui.press import Interaction, Press, guild_of, member_of, message_texts, replace
from bot.ui.text import line


class RepostPress(Press, template=r"event-repost:(?P<event>\d{1,18})"):
    """Posts the card of an event again."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "RepostPress":
        """A button of the notice."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-repost:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
        require_speaking(interaction, await drafts.ready(bot.database, guild_id, member))
        event_id = int(self.match["event"])
        title, channel_id = await repost(bot.database, guild_id, event_id, member, interaction.id, bot.now())
        bot.wake()
        t = message_texts(interaction, private=False)
        sentence = t(
            "The card of **{title}** is posted again in {channel}.", title=line(title, 100), channel=f"<#{channel_id}>"
        )
        await replace(interaction, note(sentence))
