"""Making text safe for Discord: nothing in it may format, link, mention or outgrow its place."""

import re
from datetime import datetime

from discord.utils import escape_markdown, escape_mentions

from bot.texts import Texts

# What escape_markdown leaves alone: masked links, mentions, custom emoji, timestamps, and marks that open a line.
LINK_OR_MENTION = re.compile(r"([\[\]]|<(?=[@#:/ta]))")
LINE_START = re.compile(r"^(\s*)([#>+-]|\d+\.)", re.MULTILINE)
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def plain(text: str) -> str:
    """Somebody's words as text: shown as they are, formatting nothing and mentioning nobody."""
    text = escape_markdown(INVISIBLE.sub("", text))
    text = LINE_START.sub(lambda match: f"{match[1]}\\{match[2]}", LINK_OR_MENTION.sub(r"\\\1", text))
    return escape_mentions(text)


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
