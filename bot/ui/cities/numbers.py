"""Numbers as the reader writes them."""

from bot.texts import Texts


def number(count: int, t: Texts) -> str:
    """A whole number in the reader's language: "2,805"."""
    from babel.numbers import format_decimal

    return str(format_decimal(count, locale=t.locale.replace("-", "_"))).replace("\u202f", " ")
