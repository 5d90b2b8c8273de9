"""The log of a feed: each story with what was decided and what became of its post."""

import discord

from bot.feeds.log import FeedLog, Logged, feed_log
from bot.texts import Texts
from bot.ui.card import AMBER, Item, card, rows
from bot.ui.cities.far_text import masked
from bot.ui.cities.place_text import short
from bot.ui.pages import page_line, turn_buttons
from bot.ui.press import Interaction, Press, reader_texts, replace
from bot.ui.stories.feed_preview import by
from bot.ui.stories.feed_words import titled
from bot.ui.text import stamp

LONGEST_TITLE, LONGEST_LINK, LONGEST_WORD = 80, 150, 50


def log_view(log: FeedLog, t: Texts) -> discord.ui.LayoutView:
    """A page of the log."""
    small = page_line(log.page, log.pages, t)
    return card(
        "### " + t("What became of {title}", title=titled(log.feed)),
        "\n\n".join(_block(one, t) for one in log.stories) or t("No story was seen in it yet."),
        f"-# {small}" if small else None,
        *rows(_turns(log, t)),
        colour=AMBER,
    )


def _turns(log: FeedLog, t: Texts) -> list[Item]:
    return turn_buttons(lambda page, label: FeedLogTurn.to(log.feed.id, page, label), log.page, log.pages, t)


def _block(one: Logged, t: Texts) -> str:
    title = masked(short(one.title, LONGEST_TITLE), one.link, LONGEST_LINK)
    seen = t("seen {when}", when=stamp(one.seen_at, "f"))
    return f"**{title}**\n{_fate(one, t)}\n-# {seen}"


def _fate(one: Logged, t: Texts) -> str:
    """What was decided, and what came of that."""
    if one.decision == "filtered":
        return (
            t("🚫 Not posted: it has none of the words of `include`.")
            if not one.because
            else t("🚫 Not posted: it has “{word}”, a word of `exclude`.", word=short(one.because, LONGEST_WORD))
        )
    reasons = {
        "old": t("🕰 Not posted: it was in the feed already."),
        "elsewhere": t("👯 Not posted: another feed brought it to this server."),
        "same": t("🔁 Not posted: the same story under another id."),
        "held": t("✋ Held back: the whole feed came under new ids, so I could not tell whether it was news."),
    }
    return reasons.get(one.decision) or _outcome(one, t)


def _outcome(one: Logged, t: Texts) -> str:
    """What became of the post, or of the message that names the story with others."""
    several = one.decision == "digest"
    if one.outcome == "sent":
        label = t("Posted with others") if several else t("Posted")
        return "✅ " + masked(label, one.message)
    if one.outcome == "waiting":
        text = t("⏳ Waits to be posted with others.") if several else t("⏳ Waits to be posted.")
        return f"{text} {stamp(one.due_at, 'R')}" if one.due_at else text
    if one.outcome == "parked":
        return t("📪 Given up: Discord refused it. `/feed resume` tries again.")
    return t("🗑 Not posted: it was taken away before its turn came.")


class FeedLogTurn(Press, template=r"feed-log:(?P<feed>\d{1,18}):(?P<page>\d{1,6})"):
    """Another page of the log."""

    @classmethod
    def to(cls, feed_id: int, page: int, label: str) -> "FeedLogTurn":
        """A button to a page."""
        return cls(discord.ui.Button(label=label, custom_id=f"feed-log:{feed_id}:{page}"))

    async def pressed(self, interaction: Interaction) -> None:
        feed_id, page = int(self.match["feed"]), int(self.match["page"])
        log = await feed_log(interaction.client.stories, by(interaction), feed_id, page)
        await replace(interaction, log_view(log, reader_texts(interaction)))
