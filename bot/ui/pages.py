"""Lists of several pages: which one is shown, and the buttons that turn them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.texts import Texts
from bot.ui.card import Item
from bot.ui.press import Interaction, message_texts

T = TypeVar("T")


def page_count(items: Sequence[object], a_page: int) -> int:
    """How many pages a list takes, at least one."""
    return max(1, -(-len(items) // a_page))


def one_page(items: Sequence[T], number: int, a_page: int) -> tuple[Sequence[T], int]:
    """What stands on a page, and its number from 0: the nearest one to `number` that is there."""
    number = max(0, min(number, page_count(items, a_page) - 1))
    return items[number * a_page : (number + 1) * a_page], number


def page_line(number: int, pages: int, t: Texts) -> str | None:
    """Which page this is, None where there is only one."""
    return t("Page {number} of {pages}", number=number + 1, pages=pages) if pages > 1 else None


def turn_buttons(to: Callable[[int, str], Item], number: int, pages: int, t: Texts) -> list[Item]:
    """Buttons to the pages before and after; `to` makes one from a page's number and a label."""
    buttons = []
    if number > 0:
        buttons.append(to(number - 1, t("Previous page")))
    if number < pages - 1:
        buttons.append(to(number + 1, t("Next page")))
    return buttons


def pressed_texts(interaction: Interaction) -> Texts:
    """The texts for changing the message whose button was pressed: the reader's, or the server's if all see it."""
    private = interaction.message is None or interaction.message.flags.ephemeral
    return message_texts(interaction, private=private)
