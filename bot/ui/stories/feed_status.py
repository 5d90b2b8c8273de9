"""How one feed is doing, in words: when it was read, when next, what is wrong, what waits."""

from collections.abc import Mapping

import discord

from bot.feeds.changes import FeedStatus
from bot.lookup.places import Place
from bot.stories.stories import FollowedFeed
from bot.texts import Texts
from bot.ui.card import AMBER, card, rule
from bot.ui.cities.place_text import short
from bot.ui.stories.feed_words import address_line, state_line, terms_lines, titled
from bot.ui.text import stamp

LONGEST_MOVED = 200


def status_view(
    shown: FeedStatus, lost: Mapping[int, str], needs: str | None, places: Mapping[int, Place], t: Texts
) -> discord.ui.LayoutView:
    """The card of a feed for moderators; `needs` is what the bot lacks in its channel."""
    feed = shown.feed
    return card(
        f"### {titled(feed)}\n{address_line(feed.url)}",
        "\n".join([state_line(feed, lost, t), *_looks(feed, t), *_posts(shown, t)]),
        needs,
        rule(),
        terms_lines(feed, places, t),
        "-# " + t("`/feed log` says what was posted, and what was not and why."),
        colour=AMBER,
    )


def _looks(feed: FollowedFeed, t: Texts) -> list[str]:
    """When it was read and will be, and what keeps it from that."""
    lines = []
    if feed.last_good_poll_at is not None:
        lines.append(t("Last read: {when}", when=stamp(feed.last_good_poll_at)))
    if feed.paused_at is None and feed.next_poll_at is not None:
        lines.append(t("Next look: {when}", when=stamp(feed.next_poll_at, "R")))
    if feed.failures and feed.failing_since is not None:
        since = stamp(feed.failing_since)
        lines.append(
            t.plural(
                "{n} look without success, since {since}",
                "{n} looks without success, since {since}",
                feed.failures,
                since=since,
            )
        )
    if feed.moved_url is not None:
        where = short(feed.moved_url, LONGEST_MOVED)
        lines.append(
            t("Its server says that it has moved to {address}. If that lasts two days, I go along.", address=where)
        )
    return lines


def _posts(shown: FeedStatus, t: Texts) -> list[str]:
    """What is still to be posted."""
    lines = []
    if shown.waiting:
        lines.append(t.plural("{n} post waits to be sent", "{n} posts wait to be sent", shown.waiting))
    if shown.collected:
        lines.append(
            t.plural(
                "{n} story waits for the next message of several",
                "{n} stories wait for the next message of several",
                shown.collected,
            )
        )
    return lines
