"""The buttons of the organiser's panel. What each does is said beside the view it belongs to."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

import discord

from bot.corrections import Organising
from bot.errors import BadInput
from bot.ui.press import Interaction, Press, guild_of, member_of

Deed = Callable[[Interaction, int], Awaitable[None]]


def organising(interaction: Interaction, event_id: int) -> Organising:
    """The person who acts, on an event of this server, now."""
    return Organising(guild_of(interaction), event_id, member_of(interaction), interaction.client.now())


class ChangePress(Press, template=r"event-change:(?P<event>\d{1,18}):(?P<deed>[a-z]{1,20})"):
    """One button of the panel or of the page behind it; the two lead to each other, so they share this one."""

    deeds: ClassVar[dict[str, Deed]] = {}

    @classmethod
    def to(
        cls,
        event_id: int,
        deed: str,
        label: str,
        off: bool = False,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> "ChangePress":
        """A button that does a deed."""
        custom_id = f"event-change:{event_id}:{deed}"
        return cls(discord.ui.Button(label=label, style=style, custom_id=custom_id, disabled=off))

    @classmethod
    def does(cls, *names: str) -> Callable[[Deed], Deed]:
        """Make a function of (interaction, event id) what the buttons of these names do."""

        def remember(deed: Deed) -> Deed:
            cls.deeds.update(dict.fromkeys(names, deed))
            return deed

        return remember

    async def pressed(self, interaction: Interaction) -> None:
        deed = self.deeds.get(self.match["deed"])
        if deed is None:
            raise BadInput("This is from before an update of the bot. Please use the command again.")
        await deed(interaction, int(self.match["event"]))
