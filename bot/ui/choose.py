"""The base of every select menu, beside that of buttons."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

import discord

from bot.ui.press import Interaction, Press
from bot.ui.text import cut

Menu = discord.ui.Select[discord.ui.LayoutView]

LONGEST_LABEL = 100
MOST_OPTIONS = 25


class Choose(Press, template=r"(?!)"):
    """A select whose id holds our ids. A subclass gives its `template` and `chosen`; values come from outside."""

    def __init__(self, select: Any, match: re.Match[str] | None = None) -> None:
        super().__init__(select, match)

    @property
    def menu(self) -> Menu:
        """What there is to choose from."""
        select: Any = self.item
        return cast(Menu, select)

    async def pressed(self, interaction: Interaction) -> None:
        data: Any = interaction.data or {}
        await self.chosen(interaction, [str(value) for value in data.get("values", [])])

    async def chosen(self, interaction: Interaction, values: list[str]) -> None:
        """Do what was chosen; nothing may be."""
        raise NotImplementedError


def options(labels: Mapping[str, str], ticked: Iterable[str]) -> list[discord.SelectOption]:
    """Value → label as the options of a select, some of them ticked."""
    ticked = set(ticked)
    return [
        discord.SelectOption(label=cut(label, LONGEST_LABEL), value=value, default=value in ticked)
        for value, label in list(labels.items())[:MOST_OPTIONS]
    ]


def select(custom_id: str, labels: Mapping[str, str], ticked: Iterable[str], *, several: bool = False) -> Menu:
    """A select of texts: exactly one, or any number of them."""
    most = len(labels) if several else 1
    least = 0 if several else 1
    return Menu(
        custom_id=custom_id, options=options(labels, ticked), min_values=least, max_values=most, required=not several
    )


def role_select(custom_id: str, role_id: int | None, placeholder: str) -> discord.ui.RoleSelect[discord.ui.LayoutView]:
    """A select of at most one role of the server."""
    chosen = [discord.SelectDefaultValue(id=role_id, type=discord.SelectDefaultValueType.role)] if role_id else []
    return discord.ui.RoleSelect(custom_id=custom_id, placeholder=placeholder, min_values=0, default_values=chosen)
