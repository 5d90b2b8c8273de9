"""What the bot says around an event: seats that came free, reminders, changes, thanks, words to moderators."""

from collections.abc import Collection, Sequence
from datetime import datetime

import discord

from bot.events.page import EventCard
from bot.texts import Texts
from bot.ui.card import MOST_CHARACTERS, link, note
from bot.ui.events.repost import RepostPress
from bot.ui.text import cut, line, plain, stamp

LONGEST_LOCATION = 200


def promotion_notice(event: EventCard, t: Texts, mention: str = "", card_url: str = "") -> discord.ui.LayoutView:
    """Tells a member that a seat became theirs."""
    text = t(
        "A seat opened, and it is yours: you are now going to **{title}**, {when}. "
        "If you cannot come, please press *Can't go* on the event, so that the next in line moves up.",
        title=line(event.title, 100),
        when=stamp(event.starts_at),
    )
    return _notice(t, f"{mention} {text}".strip(), card_url)


def offer_notice(
    event: EventCard, until: datetime, t: Texts, mention: str = "", card_url: str = ""
) -> discord.ui.LayoutView:
    """Tells a member that a seat is held for them, until when, and where to press."""
    text = t(
        "A seat opened at **{title}**, {when}. It is held for you until {until} ({countdown}): "
        "press *My answer* on the event to take it, or to leave it to the next.",
        title=line(event.title, 100),
        when=stamp(event.starts_at),
        until=stamp(until, "t"),
        countdown=stamp(until, "R"),
    )
    return _notice(t, f"{mention} {text}".strip(), card_url)


def lapsed_notice(
    event: EventCard, now: datetime, t: Texts, mention: str = "", card_url: str = ""
) -> discord.ui.LayoutView:
    """Tells a member that the seat which was held for them is so no longer."""
    text = t(
        "The seat that was held for you at **{title}** is held no longer, for its time has passed.",
        title=line(event.title, 100),
    )
    if now < event.terms.closes_at:
        text += " " + t("If you still want to come, press the first button on the event again.")
    return _notice(t, f"{mention} {text}".strip(), card_url)


def seat_moved_notice(event: EventCard, t: Texts, card_url: str = "") -> discord.ui.LayoutView:
    """Where nobody is named, and somebody cannot be written to: asks those in line to look."""
    text = t(
        "A seat opened at **{title}**. If you are in line, press *My answer* on the event to see whether it is yours.",
        title=line(event.title, 100),
    )
    return _notice(t, text, card_url)


def reminder_notice(
    event: EventCard, t: Texts, user_ids: Sequence[int] = (), card_url: str = ""
) -> discord.ui.LayoutView:
    """Says when an event begins, and where."""
    text = t(
        "⏰ **{title}**: {when} ({countdown}).",
        title=line(event.title, 100),
        countdown=stamp(event.starts_at, "R"),
        when=stamp(event.starts_at),
    )
    return _notice(t, f"{text}{_place(event)}", card_url, user_ids)


def change_notice(
    event: EventCard, changed: Collection[str], t: Texts, user_ids: Sequence[int] = (), card_url: str = ""
) -> discord.ui.LayoutView:
    """Says what is new: `time`, `place`, or both."""
    title = line(event.title, 100)
    if "time" in changed:
        text = t("📅 **{title}** has a new time: {when}.", title=title, when=stamp(event.starts_at))
    elif event.location:
        text = t("📅 **{title}** has a new place.", title=title)
    else:
        text = t("📅 The place of **{title}** is open again.", title=title)
    last = t("If you cannot come now, please press *Can't go* on the event.")
    return _notice(t, f"{text}{_place(event)}\n{last}", card_url, user_ids)


def cancelled_notice(
    event: EventCard, t: Texts, user_ids: Sequence[int] = (), card_url: str = ""
) -> discord.ui.LayoutView:
    """Says that an event is called off, and why."""
    title = line(event.title, 100)
    text = t("❌ **{title}**, {when}, is cancelled.", title=title, when=stamp(event.starts_at))
    reason = f"\n> {line(event.cancel_reason, 300)}" if event.cancel_reason else ""
    return _notice(t, f"{text}{reason}", card_url, user_ids)


def thanks_notice(event: EventCard, came: int, t: Texts, user_ids: Sequence[int] = ()) -> discord.ui.LayoutView:
    """Thanks those who came; `came` is how many, where nobody is named."""
    title = line(event.title, 100)
    if user_ids:
        text = t("💛 Thank you for coming to **{title}**!", title=title)
    else:
        text = t.plural(
            "💛 Thank you to the {n} person who came to **{title}**!",
            "💛 Thank you to the {n} people who came to **{title}**!",
            came,
            title=title,
        )
    return _notice(t, text, "", user_ids)


def moderator_notice(event: EventCard, text_key: str, t: Texts, channel_id: int = 0) -> discord.ui.LayoutView:
    """Something about an event that a moderator should look at; `channel_id` is where a message was refused."""
    title = line(event.title, 100)
    if text_key == "card_gone":
        text = t("The card of **{title}** is gone: its message was deleted, or I can no longer reach it.", title=title)
        return note(text, RepostPress.to(event.id, t("Post it again")))
    if text_key == "undelivered":
        text = t(
            "A message about **{title}** could not be posted in {channel}, and I have stopped trying. "
            "Please check that I may see that channel and send messages there; then choose it again with `/setup`.",
            title=title,
            channel=f"<#{channel_id}>",
        )
    elif text_key == "no_thread":
        text = t(
            "I could not open a thread for **{title}**: I need the permission *Create Public Threads* in this channel. "
            "Reminders come to the channel instead.",
            title=title,
        )
    elif text_key == "no_role":
        text = t(
            "I could not give or take the role of **{title}**: I need the permission *Manage Roles*, "
            "and my own role must stand above that one in the server's settings.",
            title=title,
        )
    else:
        raise ValueError(f"there is no notice called {text_key}")
    return note(text)


def below(text: str, view: discord.ui.LayoutView) -> discord.ui.LayoutView:
    """A view with a line of text above it; the view itself if Discord would take no more text."""
    if view.content_length() + len(text) > MOST_CHARACTERS:
        return view
    whole = discord.ui.LayoutView(timeout=None)
    whole.add_item(discord.ui.TextDisplay(text))
    for item in list(view.children):
        whole.add_item(item)
    return whole


def _place(event: EventCard) -> str:
    place = cut(" ".join(event.location.split()), LONGEST_LOCATION)
    return f"\n📍 {plain(place, links=True)}" if place else ""  # typed by a moderator; a call is joined by a press


def _notice(t: Texts, text: str, card_url: str, user_ids: Sequence[int] = ()) -> discord.ui.LayoutView:
    """A message without a frame; whoever is mentioned stands on a line of their own."""
    if user_ids:
        text += "\n" + " ".join(f"<@{user_id}>" for user_id in user_ids)
    return note(text, *([link(t("Open the event"), card_url)] if card_url else []))
