"""The base of buttons whose views lead to each other: what each does is said beside the view it belongs to."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Self

import discord

from bot.errors import BadInput
from bot.ui.press import Interaction, Press

Deed = Callable[[Interaction, int], Awaitable[None]]


class DeedPress(Press, template=r"(?!)"):
    """A button whose id says what it is about and which deed it does; a subclass gives the `template` and `prefix`.

    The template is `prefix:(?P<about>…):(?P<deed>…)`.
    """

    prefix: ClassVar[str] = ""
    deeds: ClassVar[dict[str, Deed]] = {}

    def __init_subclass__(cls, *, template: str) -> None:
        super().__init_subclass__(template=template)
        cls.deeds = {}

    @classmethod
    def to(
        cls,
        about: int,
        deed: str,
        label: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        *,
        off: bool = False,
    ) -> Self:
        """A button that does a deed."""
        custom_id = f"{cls.prefix}:{about}:{deed}"
        return cls(discord.ui.Button(label=label, style=style, custom_id=custom_id, disabled=off))

    @classmethod
    def does(cls, *names: str) -> Callable[[Deed], Deed]:
        """Make a function of (interaction, what it is about) what the buttons of these names do."""

        def remember(deed: Deed) -> Deed:
            cls.deeds.update(dict.fromkeys(names, deed))
            return deed

        return remember

    async def pressed(self, interaction: Interaction) -> None:
        deed = self.deeds.get(self.match["deed"])
        if deed is None:
            raise BadInput("This is from before an update of the bot. Please use the command again.")
        await deed(interaction, int(self.match["about"]))
