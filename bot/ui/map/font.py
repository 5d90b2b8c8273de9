"""The letters on a map: which the font has, how large they are."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.ui.map.boxes import Size
from bot.ui.text import cut

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FONT = Path(__file__).with_name("data") / "DejaVuSansCondensed-Bold.ttf"
# What the font was cut down to: Latin, Greek and Cyrillic; see data/README.md.
LETTERS = re.compile(
    "[ -~\u00a0-\u024f\u0259\u02b9-\u02bf\u02c6-\u02dd\u0300-\u034f\u0370-\u0525\u1e00-\u1efb\u2010-\u2027]+"
)
TITLE_SIZE, HUB_SIZE, NAME_SIZE, NUMBER_SIZE, CREDIT_SIZE = 44, 26, 22, 20, 18  # pixels
LONGEST_TITLE, LONGEST_NAME = 40, 24


@cache
def font(size: int) -> "FreeTypeFont":
    """The font in a size in pixels, laid out the same on every machine."""
    from PIL import ImageFont

    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)


def shown(text: str, size: int) -> str | None:
    """A name as it stands on the map; None if the font lacks a letter of it."""
    return cut(text, LONGEST_TITLE if size == TITLE_SIZE else LONGEST_NAME) if LETTERS.fullmatch(text) else None


def size_of(text: str, size: int) -> Size | None:
    """How large a name is on the map, None if it is not shown."""
    words = shown(text, size)
    return (font(size).getlength(words), size * 1.2) if words else None
