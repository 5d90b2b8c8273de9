"""What was found at an address, shown privately before anything is followed: the newest entries, and Follow."""

import re

import discord

from bot.feeds.drafts import By, FeedPreview, choose, draft_terms, forget
from bot.feeds.follow import follow_draft
from bot.plain_text import visible
from bot.stories.stories import FollowedFeed
from bot.texts import Texts
from bot.ui.card import AMBER, card, note, rows
from bot.ui.choose import Choose, Menu
from bot.ui.cities.place_text import short
from bot.ui.deed_press import DeedPress
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, replace
from bot.ui.stories.feed_target import needs_line, require_calling, require_target
from bot.ui.stories.feed_words import address_line, entry_lines, terms_lines
from bot.ui.text import cut, line

LONGEST_LABEL = 100
NOT_THERE = 999  # the number of no feed


def preview_view(preview: FeedPreview, interaction: Interaction, t: Texts) -> discord.ui.LayoutView:
    """The feed, its newest entries, how it would be followed, and what the bot still needs for that."""
    terms, draft_id = preview.terms, preview.draft_id
    nothing_yet = t("Nothing is followed yet. Stories already in it will not be posted, only those that come later.")
    menu = [FoundPick.of(preview, t)] if len(preview.found) > 1 else []
    return card(
        f"### {short(preview.feed.title or preview.url, LONGEST_LABEL)}\n{address_line(preview.url)}",
        "**" + t("The newest in it") + f"**\n{entry_lines(preview.feed.entries, t)}",
        terms_lines(terms, interaction.client.index.places, t),
        needs_line(interaction, terms, t),
        f"-# {nothing_yet}",
        *rows(menu),
        *rows(
            [
                DraftPress.to(draft_id, "follow", t("Follow"), discord.ButtonStyle.success),
                DraftPress.to(draft_id, "forget", t("Not now")),
            ]
        ),
        colour=AMBER,
    )


def feed_added(feed: FollowedFeed, t: Texts) -> discord.ui.LayoutView:
    """Says what happens from now on."""
    title, channel = line(feed.title, 100), f"<#{feed.channel_id}>"
    if feed.mode == "each":
        text = t(
            "Following **{title}**. Stories already in it are not posted; each new one appears in {channel}.",
            title=title,
            channel=channel,
        )
    else:
        text = t(
            "Following **{title}**. Stories already in it are not posted; new ones appear together in {channel}, in "
            "one message at 9 in the morning: {how_often}.",
            title=title,
            channel=channel,
            how_often=t("every day") if feed.mode == "daily" else t("on Sundays"),
        )
    return note(text)


def by(interaction: Interaction) -> By:
    """Who acts on the feeds of which server."""
    return By(guild_of(interaction), member_of(interaction), interaction.client.now())


class DraftPress(DeedPress, template=r"feed-draft:(?P<about>\d{1,18}):(?P<deed>[a-z]{1,20})"):
    """A button of the preview."""

    prefix = "feed-draft"


@DraftPress.does("follow")
async def _follow(interaction: Interaction, draft_id: int) -> None:
    bot, asker = interaction.client, by(interaction)
    terms = await draft_terms(bot.stories, asker, draft_id)
    require_target(interaction, terms)
    require_calling(interaction, terms)
    await interaction.response.defer()  # the feed is read once more
    feed = await follow_draft(bot.stories, asker, draft_id)
    bot.wake()
    await replace(interaction, feed_added(feed, reader_texts(interaction)))


@DraftPress.does("forget")
async def _forget(interaction: Interaction, draft_id: int) -> None:
    await forget(interaction.client.stories, by(interaction), draft_id)
    await replace(interaction, note(reader_texts(interaction)("Nothing was followed.")))


class FoundPick(Choose, template=r"feed-found:(?P<draft>\d{1,18})"):
    """Which of the feeds of a site to look at."""

    @classmethod
    def of(cls, preview: FeedPreview, t: Texts) -> "FoundPick":
        """A menu of what was found, the one that is shown chosen."""
        options = [
            discord.SelectOption(
                label=cut(visible(one.title), LONGEST_LABEL) or str(number + 1),
                description=cut(visible(one.url), LONGEST_LABEL),
                value=str(number),
                default=one.url == preview.url,
            )
            for number, one in enumerate(preview.found)
        ]
        placeholder = t("Choose one of the feeds that were found")
        return cls(Menu(custom_id=f"feed-found:{preview.draft_id}", options=options, placeholder=placeholder))

    async def chosen(self, interaction: Interaction, values: list[str]) -> None:
        number = int(values[0]) if values and re.fullmatch(r"\d{1,3}", values[0], re.ASCII) else NOT_THERE
        await interaction.response.defer()
        bot, draft_id = interaction.client, int(self.match["draft"])
        preview = await choose(bot.stories, by(interaction), draft_id, number)
        await replace(interaction, preview_view(preview, interaction, reader_texts(interaction)))
