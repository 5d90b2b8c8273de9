"""The list of coming events, and the answer to a cancellation."""

from collections.abc import Sequence

import discord

from bot.event_page import EventCard
from bot.events import Listed
from bot.texts import Texts
from bot.ui.card import GREEN, MOST_CHARACTERS, card, note
from bot.ui.text import line, stamp

MOST_LISTED = 12
RESERVE = 200  # characters kept for the heading and "and 7 more"


def event_list(events: Sequence[Listed], guild_id: int, t: Texts) -> discord.ui.LayoutView:
    """What is coming up, the next one first, each with a link to its card."""
    if not events:
        return note(t("Nothing is coming up. Moderators announce events with `/event create`."))
    lines, space = [], MOST_CHARACTERS - RESERVE
    for event in events[:MOST_LISTED]:
        text = _line(event, guild_id, t)
        space -= len(text) + 1
        if space < 0:
            break
        lines.append(text)
    if len(events) > len(lines):
        lines.append("-# " + t("and {n} more", n=len(events) - len(lines)))
    return card("### " + t("Coming up"), "\n".join(lines), colour=GREEN)


def _line(event: Listed, guild_id: int, t: Texts) -> str:
    title = line(event.title, 80)
    if event.message_id is not None:
        title = f"[{title}](https://discord.com/channels/{guild_id}/{event.channel_id}/{event.message_id})"
    seats = f"{event.going} / {event.capacity}" if event.capacity is not None else str(event.going)
    where = f" · {line(event.location, 60)}" if event.location else ""
    return f"**{title}** · {stamp(event.starts_at)}{where} · " + t("going {n}", n=seats)


def event_cancelled(event: EventCard, t: Texts) -> discord.ui.LayoutView:
    """Says that an event is called off."""
    return note(t("**{title}** is cancelled. Its card says so.", title=line(event.title, 100)))
