"""What moderators are told about the feeds of their server."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import discord

from bot.errors import restored
from bot.texts import Texts
from bot.ui.card import note
from bot.ui.text import line, stamp

MOST_TITLES = 5
LONGEST_ADDRESS = 200


def feed_notice(title: str, url: str, detail: Mapping[str, Any], t: Texts) -> discord.ui.LayoutView:
    """A notice about a feed; `detail` is what was queued with it: `text_key` names it, the rest fills it in."""
    name, key = line(title, 100), detail["text_key"]
    if key == "outage":
        text = _outage(name, detail, t)
    elif key == "recovered":
        text = t("📰 The feed **{title}** can be read again. Whatever came meanwhile is posted now.", title=name)
    elif key == "gone":
        text = t("📰 The feed **{title}** has ended: its server says that it is gone for good.", title=name)
        text += "\n" + t("I no longer look at it. Remove it with `/feed remove`, or add its new address.")
    elif key == "ids_changed":
        text = _ids_changed(name, detail, t)
    elif key == "moved":
        text = t(
            "📰 The feed **{title}** has moved to {url}. I follow it there.", title=name, url=_shown(detail["url"])
        )
    elif key == "moved_away":
        text = t(
            "📰 The address of the feed **{title}** now leads to {url}, where I know none of the stories. "
            "I post nothing from there.",
            title=name,
            url=_shown(detail["url"]),
        )
        text += "\n" + t("If that is its new home, add it with `/feed add` and remove the old one with `/feed remove`.")
    elif key == "undelivered":
        text = _undelivered(name, detail, t)
    else:
        raise ValueError(f"there is no notice called {key}")
    return note(f"{text}\n-# {_shown(url)}")


def _outage(name: str, detail: Mapping[str, Any], t: Texts) -> str:
    problem = restored(detail).say(t)
    since = stamp(datetime.fromtimestamp(detail["since"], UTC), "R")
    text = t("📰 The feed **{title}** cannot be read. It went wrong first {when}.", title=name, when=since)
    last = t("I keep trying, ever more seldom, and tell you when it works again.")
    return f"{text}\n> {line(problem, 400)}\n{last}"


def _ids_changed(name: str, detail: Mapping[str, Any], t: Texts) -> str:
    text = t(
        "📰 The feed **{title}** has given its stories new ids, so all of them looked new at once. "
        "I posted nothing; from now on I know them by the new ids.",
        title=name,
    )
    titles: Sequence[str] = detail["titles"]
    if not titles:
        return text
    held = t("These I could not tell by their link or title either. If one is news, please share it by hand:")
    lines = [f"- {line(title, 100)}" for title in titles[:MOST_TITLES]]
    if detail["n"] > len(lines):
        lines.append("- " + t("and {n} more", n=detail["n"] - len(lines)))
    return "\n".join([text, held, *lines])


def _undelivered(name: str, detail: Mapping[str, Any], t: Texts) -> str:
    """`lost`: nothing more can be posted in the channel; else Discord refused one message only."""
    channel = f"<#{detail['channel']}>"
    if detail["lost"]:
        text = t("📰 Stories of **{title}** can no longer be posted in {channel}.", title=name, channel=channel)
        after = t(
            "Please check that I may see that channel and send messages there, then use `/feed resume`. "
            "If it was deleted, choose another with `/feed edit`."
        )
    else:
        text = t("📰 Discord refused a story of **{title}** in {channel}.", title=name, channel=channel)
        after = t("AutoMod, or another rule of this server, may be the reason. Later stories are posted as usual.")
    return f"{text}\n> {line(detail['error'], 200)}\n{after}" if detail.get("error") else f"{text}\n{after}"


def _shown(url: str) -> str:
    """An address that can be pressed, and shows nothing of the page."""
    text = "".join(character for character in url if character.isprintable() and character not in " <>`\\")
    return f"<{text}>" if len(text) <= LONGEST_ADDRESS else f"`{text[:LONGEST_ADDRESS]}…`"
