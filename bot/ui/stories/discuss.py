"""The button under a story that opens a thread to talk about it."""

import discord

from bot.errors import BadInput, NotAllowed
from bot.stories.threads import open_thread
from bot.texts import Texts
from bot.ui.card import link, note
from bot.ui.press import Interaction, Press, guild_of, reader_texts, reply


class DiscussPress(Press, template=r"story-discuss:(?P<story>\d{1,18})"):
    """Opens the thread of the message it stands under, or leads to the one that is there."""

    @classmethod
    def to(cls, story_id: int, label: str) -> "DiscussPress":
        """A button of a story's card."""
        return cls(discord.ui.Button(label=label, custom_id=f"story-discuss:{story_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        guild_id, t = guild_of(interaction), reader_texts(interaction)
        if isinstance(interaction.channel, discord.Thread):  # a forum's post is its own thread
            return await reply(interaction, _leading_to(guild_id, interaction.channel.id, t))
        require_threads(interaction, t)
        await interaction.response.defer(ephemeral=True, thinking=True)
        message_id = interaction.message.id if interaction.message else 0
        try:
            thread_id = await open_thread(interaction.client, guild_id, int(self.match["story"]), message_id)
        except discord.Forbidden:  # a moment ago it was allowed
            raise _not_here(t("Create Public Threads")) from None
        await reply(interaction, _leading_to(guild_id, thread_id, t))


def require_threads(interaction: Interaction, t: Texts) -> None:
    """Raise an error that names what is missing, unless the bot may open threads here and the person write in them."""
    if not interaction.permissions.send_messages_in_threads:
        raise NotAllowed("You need the permission *Send Messages in Threads* here to discuss a story.")
    needed = {
        "create_public_threads": t("Create Public Threads"),
        "read_message_history": t("Read Message History"),
    }
    missing = [name for permission, name in needed.items() if not getattr(interaction.app_permissions, permission)]
    if missing:
        raise _not_here(", ".join(missing))


def _not_here(permissions: str) -> BadInput:
    return BadInput(
        "I can't open a thread here yet. A moderator can allow me: {permissions}.",
        permissions=permissions,
    )


def _leading_to(guild_id: int, thread_id: int, t: Texts) -> discord.ui.LayoutView:
    address = f"https://discord.com/channels/{guild_id}/{thread_id}"
    return note(t("Talk about it in {thread}.", thread=f"<#{thread_id}>"), link(t("Open the thread"), address))
