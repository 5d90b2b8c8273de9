"""Building messages from Components V2, inside Discord's limits."""

from collections.abc import Iterable
from typing import Any

import discord

MOST_CHARACTERS = 4_000  # of all text in a message together; discord.py does not count them
MOST_COMPONENTS = 40

BLUE, GREEN, AMBER, GREY = 0x2F6FC0, 0x3BA55D, 0xC98A2B, 0x747F8D

Item = discord.ui.Item[Any]


def card(*items: Item | str | None, colour: int | None = None, above: str | None = None) -> discord.ui.LayoutView:
    """A message with one framed card; strings become text, None is left out, `above` stands before the frame.

    The view never times out and holds only dynamic items and links: discord.py forgets a dynamic item's pattern
    for the whole bot when a view that mixes it with others ends. Raises ValueError past Discord's limits.
    """
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(accent_colour=colour)
    for item in items:
        if item is not None and item != "":
            container.add_item(discord.ui.TextDisplay(item) if isinstance(item, str) else item)
    view = discord.ui.LayoutView(timeout=None)
    if above:
        view.add_item(discord.ui.TextDisplay(above))
    view.add_item(container)
    return _checked(view)


def note(text: str, *buttons: Any) -> discord.ui.LayoutView:
    """A message of a sentence or two, without a frame; buttons stand under it."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(text))
    for row in rows(buttons):
        view.add_item(row)
    return _checked(view)


def rule() -> discord.ui.Separator[discord.ui.LayoutView]:
    """A thin line between two parts of a card."""
    return discord.ui.Separator()


def rows(buttons: Iterable[Any]) -> list[Item]:
    """Buttons, five to a row."""
    buttons = list(buttons)
    return [discord.ui.ActionRow(*buttons[start : start + 5]) for start in range(0, len(buttons), 5)]


def link(label: str, url: str) -> discord.ui.Button[discord.ui.LayoutView]:
    """A button that opens a page."""
    return discord.ui.Button(style=discord.ButtonStyle.link, label=label, url=url)


def _checked(view: discord.ui.LayoutView) -> discord.ui.LayoutView:
    characters = view.content_length()
    components = sum(1 for _ in view.walk_children())
    if characters > MOST_CHARACTERS or components > MOST_COMPONENTS:
        raise ValueError(f"a message of {characters} characters and {components} components is past Discord's limits")
    return view
