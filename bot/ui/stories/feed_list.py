"""The list of the feeds a server follows, a page at a time, and short answers about one of them."""

from collections.abc import Mapping, Sequence

import discord

from bot.feeds.reader import Feed
from bot.stories.stories import FollowedFeed
from bot.texts import Texts
from bot.ui.card import AMBER, Item, card, note, rows
from bot.ui.pages import one_page, page_count, page_line, turn_buttons
from bot.ui.press import Interaction, Press, guild_of, member_of, reader_texts, replace
from bot.ui.stories.feed_words import address_line, entry_lines, mode_labels, state_line, terms_lines, titled

A_PAGE = 6


def feed_list(feeds: Sequence[FollowedFeed], lost: Mapping[int, str], number: int, t: Texts) -> discord.ui.LayoutView:
    """A page of the feeds, from 0: where each is posted and how it is doing. `lost` are channels closed to the bot."""
    if not feeds:
        return note(t("This server follows no feeds yet. Add one with `/feed add`."))
    pages = page_count(feeds, A_PAGE)
    shown, number = one_page(feeds, number, A_PAGE)
    small = page_line(number, pages, t)
    return card(
        "### " + t("Feeds"),
        "\n\n".join(_block(feed, lost, t) for feed in shown),
        f"-# {small}" if small else None,
        *rows(_turns(number, pages, t)),
        colour=AMBER,
    )


def _block(feed: FollowedFeed, lost: Mapping[int, str], t: Texts) -> str:
    where = f"<#{feed.channel_id}>" + ("" if feed.mode == "each" else f" · {mode_labels(t)[feed.mode]}")
    return f"**{titled(feed)}** → {where}\n{address_line(feed.url)}\n{state_line(feed, lost, t)}"


def _turns(number: int, pages: int, t: Texts) -> list[Item]:
    return turn_buttons(lambda page, label: FeedListTurn.to(page, label), number, pages, t)


class FeedListTurn(Press, template=r"feed-list:(?P<page>\d{1,3})"):
    """Another page of the list."""

    @classmethod
    def to(cls, page: int, label: str) -> "FeedListTurn":
        """A button to a page."""
        return cls(discord.ui.Button(label=label, custom_id=f"feed-list:{page}"))

    async def pressed(self, interaction: Interaction) -> None:
        await replace(interaction, await listed(interaction, int(self.match["page"])))


async def listed(interaction: Interaction, number: int) -> discord.ui.LayoutView:
    """A page of the server's feeds, for a moderator. Raises NotAllowed."""
    bot, guild_id = interaction.client, guild_of(interaction)
    await bot.stories.check_moderator(guild_id, member_of(interaction))
    feeds, lost = await bot.stories.followed(guild_id), await bot.lost.of(guild_id)
    return feed_list(feeds, lost, number, reader_texts(interaction))


def feed_changed(feed: FollowedFeed, interaction: Interaction, t: Texts) -> discord.ui.LayoutView:
    """How a feed is followed from now on."""
    head = f"### {titled(feed)}\n" + t("From now on it is followed like this:")
    return card(head, terms_lines(feed, interaction.client.index.places, t), colour=AMBER)


def feed_paused(feed: FollowedFeed, t: Texts) -> discord.ui.LayoutView:
    """Says what does not happen until the feed is resumed."""
    text = t(
        "**{title}** is paused: nobody looks at it until `/feed resume`. What it brings meanwhile is posted then, "
        "unless it has left the feed by that time.",
        title=titled(feed),
    )
    return note(text)


def feed_resumed(feed: FollowedFeed, again: int, t: Texts) -> discord.ui.LayoutView:
    """Says that a feed is looked at again; `again` are the posts in its channel that will be tried once more."""
    text = t("**{title}** is looked at again, from now on.", title=titled(feed))
    if again:
        text += " " + t.plural(
            "{n} post that waits for {channel} is tried again.",
            "{n} posts that wait for {channel} are tried again.",
            again,
            channel=f"<#{feed.channel_id}>",
        )
    return note(text)


def feed_removed(feed: FollowedFeed, t: Texts) -> discord.ui.LayoutView:
    """Says that a feed is no longer followed; its address is what brings it back."""
    text = t("No longer following **{title}**. What was posted stays.", title=titled(feed))
    return note(f"{text}\n{address_line(feed.url)}")


def feed_tested(feed: FollowedFeed, found: Feed, t: Texts) -> discord.ui.LayoutView:
    """What stands in a feed at this moment."""
    count = t.plural(
        "It can be read, and holds {n} story.", "It can be read, and holds {n} stories.", len(found.entries)
    )
    return card(
        f"### {titled(feed)}\n{address_line(feed.url)}",
        "✅ " + count,
        "**" + t("The newest in it") + f"**\n{entry_lines(found.entries, t)}",
        "-# " + t("Nothing was posted. `/feed log` says what became of each story."),
        colour=AMBER,
    )
