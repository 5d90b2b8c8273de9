"""Making text safe for Discord: nothing in it may format, link, mention or outgrow its place."""

import re
from datetime import datetime

from discord.utils import escape_mentions

from bot.texts import Texts

# Whatever formats anywhere: emphasis, code, spoilers, masked links, mentions, emoji, timestamps.
MARK = re.compile(r"[\\`*_~|\[\]<]")
# An address, up to the first character that could end what stands around it.
ADDRESS = re.compile(r"(https?://[^\s<>\[\]\\`*~|]+)")
# What formats where a line begins: headings, quotes, lists, small print.
LINE_START = re.compile(r"^(\s*)(?:([#>+-])|(\d+)(?=\.))", re.MULTILINE)
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
ABOVE_AND_BELOW = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
TOWER = re.compile(f"({ABOVE_AND_BELOW}{{3}}){ABOVE_AND_BELOW}+")


def plain(text: str, *, links: bool = False) -> str:
    """Somebody's words as text: shown as they are, formatting nothing, mentioning nobody.

    Addresses can be pressed only with `links`, which is for people whom the server trusts.
    """
    text = TOWER.sub(r"\1", INVISIBLE.sub("", text))
    pieces = ADDRESS.split(text) if links else [text]
    # Every second piece is an address. A backslash would become part of it.
    text = "".join(piece if at % 2 else _escaped(piece) for at, piece in enumerate(pieces))
    text = LINE_START.sub(lambda found: f"{found[1]}{found[3]}\\" if found[3] else f"{found[1]}\\{found[2]}", text)
    return escape_mentions(text)


def _escaped(text: str) -> str:
    return MARK.sub(r"\\\g<0>", text).replace("://", ":\\//")


def line(text: str, limit: int) -> str:
    """Somebody's words on one line of at most `limit` characters before escaping."""
    return plain(cut(" ".join(text.split()), limit))


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending in "…" if something was left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def stamp(moment: datetime, style: str = "F") -> str:
    """A Discord timestamp: every reader sees it in their own zone and language."""
    return f"<t:{int(moment.timestamp())}:{style}>"


def time_of_day(moment: datetime, t: Texts) -> str:
    """A wall time in the reader's language: "2:05 AM"."""
    from babel.dates import format_time

    return str(format_time(moment.time(), "short", locale=t.locale.replace("-", "_"))).replace("\u202f", " ")
