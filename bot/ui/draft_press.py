"""The buttons around a draft. What each does is said beside the view it belongs to."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

import discord

from bot.errors import BadInput
from bot.ui.press import Interaction, Press

Deed = Callable[[Interaction, int], Awaitable[None]]


class DraftPress(Press, template=r"event-draft:(?P<draft>\d{1,18}):(?P<deed>[a-z]{1,20})"):
    """One button of the preview or of a page behind it; the views lead to each other, so they share this one."""

    deeds: ClassVar[dict[str, Deed]] = {}

    @classmethod
    def to(
        cls,
        draft_id: int,
        deed: str,
        label: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> "DraftPress":
        """A button that does a deed."""
        return cls(discord.ui.Button(label=label, style=style, custom_id=f"event-draft:{draft_id}:{deed}"))

    @classmethod
    def does(cls, *names: str) -> Callable[[Deed], Deed]:
        """Make a function of (interaction, draft id) what the buttons of these names do."""

        def remember(deed: Deed) -> Deed:
            cls.deeds.update(dict.fromkeys(names, deed))
            return deed

        return remember

    async def pressed(self, interaction: Interaction) -> None:
        deed = self.deeds.get(self.match["deed"])
        if deed is None:
            raise BadInput("This is from before an update of the bot. Please use the command again.")
        await deed(interaction, int(self.match["draft"]))
