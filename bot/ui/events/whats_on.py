"""The list of what is on, and the answer to the one who puts it up."""

import discord

from bot.events.whats_on import Listed, WhatsOn
from bot.texts import Texts, texts
from bot.ui.card import GREEN, GREY, MOST_CHARACTERS, card, note
from bot.ui.events.event_words import track_labels
from bot.ui.text import line, stamp

LONGEST_TITLE, LONGEST_LOCATION = 80, 40
RESERVE = 200  # characters kept for the headings and "and 7 more"


def whats_on_view(listing: WhatsOn) -> discord.ui.LayoutView:
    """What is on, in the server's language: what has begun, then what is coming up, as much of it as fits."""
    t = texts(listing.locale)
    title = "## " + t("What's on")
    if not listing.events:
        nothing = t("Nothing is coming up. Moderators announce events with `/event create`.")
        return card(title, nothing, colour=GREY)
    now: list[str] = []
    coming: list[str] = []
    space = MOST_CHARACTERS - RESERVE
    for event in listing.events:
        entry = _entry(event, listing.guild_id, t)
        space -= len(entry) + 1
        if space < 0:
            break
        (now if event.has_begun else coming).append(entry)
    parts: list[str | None] = [title]
    if now:
        parts.append("\n".join(["### " + t("On now"), *now]))
    if coming:
        parts.append("\n".join(["### " + t("Coming up"), *coming]))
    more = listing.total - len(now) - len(coming)
    parts.append("-# " + t("and {n} more: `/event list`", n=more) if more > 0 else None)
    return card(*parts, colour=GREEN)


def _entry(event: Listed, guild_id: int, t: Texts) -> str:
    """Two short lines: when and what, then where, how many, about what."""
    title = line(event.title, LONGEST_TITLE)
    if event.message_id is not None:
        title = f"[{title}](https://discord.com/channels/{guild_id}/{event.channel_id}/{event.message_id})"
    when = t("until {when}", when=stamp(event.ends_at, "f")) if event.has_begun else stamp(event.starts_at)
    seats = f"{event.going}/{event.capacity}" if event.capacity is not None else str(event.going)
    about = [
        "📍 " + line(event.location, LONGEST_LOCATION) if event.location else "",
        t("going {n}", n=seats),
        track_labels(t)[event.track] if event.track else "",
    ]
    return f"**{title}** · {when}\n-# " + " · ".join(part for part in about if part)


def put_up_note(channel_id: int, t: Texts) -> discord.ui.LayoutView:
    """Says where the list appears and how to be rid of it."""
    return note(
        t(
            "The list of what is on appears in {channel} and keeps itself up to date. Delete the message to end that.",
            channel=f"<#{channel_id}>",
        )
    )
