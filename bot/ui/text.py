"""Making text safe for Discord: nothing in it may format, link, mention or outgrow its place."""

import re
from datetime import datetime

from discord.utils import escape_mentions

from bot.plain_text import cut, visible
from bot.texts import Texts

__all__ = ["cut", "line", "plain", "stamp", "time_of_day"]

# Whatever formats anywhere: emphasis, code, spoilers, masked links, mentions, emoji, timestamps.
MARK = re.compile(r"[\\`*_~|\[\]<]")
# An address, up to the first character that could end what stands around it.
ADDRESS = re.compile(r"(https?://[^\s<>\[\]\\`*~|]+)")
# What formats where a line begins: headings, quotes, lists, small print.
LINE_START = re.compile(r"^(\s*)(?:([#>+-])|(\d+)(?=\.))", re.MULTILINE)


def plain(text: str, *, links: bool = False) -> str:
    """Somebody's words as text, line by line: shown as they are, formatting nothing, mentioning nobody.

    Addresses can be pressed only with `links`, which is for people whom the server trusts.
    """
    text = "\n".join(map(visible, text.splitlines()))
    pieces = ADDRESS.split(text) if links else [text]
    # Every second piece is an address. A backslash would become part of it.
    text = "".join(piece if at % 2 else _escaped(piece) for at, piece in enumerate(pieces))
    text = LINE_START.sub(lambda found: f"{found[1]}{found[3]}\\" if found[3] else f"{found[1]}\\{found[2]}", text)
    return escape_mentions(text)


def _escaped(text: str) -> str:
    return MARK.sub(r"\\\g<0>", text).replace("://", ":\\//")


def line(text: str, limit: int) -> str:
    """Somebody's words on one line of at most `limit` characters before escaping."""
    return plain(cut(visible(text), limit))


def stamp(moment: datetime, style: str = "F") -> str:
    """A Discord timestamp: every reader sees it in their own zone and language."""
    return f"<t:{int(moment.timestamp())}:{style}>"


def time_of_day(moment: datetime, t: Texts) -> str:
    """A wall time in the reader's language: "2:05 AM"."""
    from babel.dates import format_time

    return str(format_time(moment.time(), "short", locale=t.locale.replace("-", "_"))).replace("\u202f", " ")
