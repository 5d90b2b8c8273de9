"""Feeds: moderators choose what the server follows, and see how it is doing."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import SisterCityBot
from bot.errors import NotSetUp
from bot.feeds import changes
from bot.feeds.drafts import look_up
from bot.feeds.log import feed_log
from bot.feeds.terms import MOST_AN_HOUR, NONE, FeedTerms, GivenTerms, agreed, cities_meant
from bot.guilds import server
from bot.texts import ENGLISH
from bot.ui.autocomplete import chosen_id, cities_choices, feed_choices
from bot.ui.events.event_words import track_labels
from bot.ui.press import Interaction, reader_texts, reply
from bot.ui.stories.feed_list import feed_changed, feed_paused, feed_removed, feed_resumed, feed_tested, listed
from bot.ui.stories.feed_log import log_view
from bot.ui.stories.feed_preview import by, preview_view
from bot.ui.stories.feed_status import status_view
from bot.ui.stories.feed_target import Target, kind_of, needs_line, require_calling, require_target, target_kind
from bot.ui.stories.feed_words import mode_labels

MODES = [app_commands.Choice(name=label, value=mode) for mode, label in mode_labels(ENGLISH).items()]
TRACKS = [app_commands.Choice(name=label, value=track) for track, label in track_labels(ENGLISH).items()]
Hourly = app_commands.Range[int, 1, MOST_AN_HOUR]
WHICH = "The feed: part of its title or address"
CHOICES = {
    "channel": "Where new stories are posted: a text, announcement or forum channel",
    "mode": "Each story by itself, or several in one message a day or a week",
    "ping": "A role that is called with each story",
    "track": "The track of the association that its stories belong to; a forum's tag may be called like it",
    "cities": "Cities that all its stories are about: their first letters, with a semicolon between them",
    "include": "Post only stories with one of these words: choir, cherry trees",
    "exclude": "Post no story with one of these words: soccer, horoscope",
    "picture": "The address of a picture for stories that have none",
    "webhook": "Whether posts bear the feed's own name instead of mine",
    "crosspost": "Whether posts in an announcement channel go on to the servers that follow it",
    "posts_an_hour": "How many stories are posted by themselves in an hour; the rest goes into one message",
}
CLEARED = {name: f"{CHOICES[name]}; or none" for name in ("include", "exclude", "picture")}


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Feeds(commands.GroupCog, group_name="feed", group_description="Feeds whose new stories are posted here."):
    """`/feed …`"""

    @app_commands.command()
    @app_commands.describe(url="The address of a site or of its RSS, Atom or JSON feed", **CHOICES)
    @app_commands.choices(mode=MODES, track=TRACKS)
    @app_commands.autocomplete(cities=cities_choices)
    async def add(
        self,
        interaction: Interaction,
        url: str,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
        mode: str | None = None,
        ping: discord.Role | None = None,
        track: str | None = None,
        cities: str | None = None,
        include: str | None = None,
        exclude: str | None = None,
        picture: str | None = None,
        webhook: bool | None = None,
        crosspost: bool | None = None,
        posts_an_hour: Hourly | None = None,
    ) -> None:
        """Look at the feed of a site, and follow it if you like what you see."""
        role_id, words = ping.id if ping else None, (cities, include, exclude, picture)
        where = (*_target(channel), mode, role_id, None, track)
        await _preview(interaction, url, GivenTerms(*where, *words, posts_an_hour, webhook, crosspost))

    @app_commands.command()
    async def list(self, interaction: Interaction) -> None:
        """Show the feeds this server follows and how they are doing."""
        await reply(interaction, await listed(interaction, 0))

    @app_commands.command()
    @app_commands.describe(
        feed=WHICH, no_ping="Call no role any more", **CHOICES | CLEARED | {"cities": f"{CHOICES['cities'][:90]}; none"}
    )
    @app_commands.choices(mode=MODES, track=[*TRACKS, app_commands.Choice(name="No track", value=NONE)])
    @app_commands.autocomplete(feed=feed_choices, cities=cities_choices)
    async def edit(
        self,
        interaction: Interaction,
        feed: str,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
        mode: str | None = None,
        ping: discord.Role | None = None,
        no_ping: bool | None = None,
        track: str | None = None,
        cities: str | None = None,
        include: str | None = None,
        exclude: str | None = None,
        picture: str | None = None,
        webhook: bool | None = None,
        crosspost: bool | None = None,
        posts_an_hour: Hourly | None = None,
    ) -> None:
        """Follow a feed otherwise; what you leave out stays as it is."""
        role_id, words = ping.id if ping else None, (cities, include, exclude, picture)
        where = (*_target(channel), mode, role_id, no_ping, track)
        await _change(interaction, chosen_id(feed), GivenTerms(*where, *words, posts_an_hour, webhook, crosspost))

    @app_commands.command()
    @app_commands.describe(feed=WHICH)
    @app_commands.autocomplete(feed=feed_choices)
    async def pause(self, interaction: Interaction, feed: str) -> None:
        """Look at a feed no more, until you resume it."""
        paused = await changes.pause(interaction.client.stories, by(interaction), chosen_id(feed))
        await reply(interaction, feed_paused(paused, reader_texts(interaction)))

    @app_commands.command()
    @app_commands.describe(feed=WHICH)
    @app_commands.autocomplete(feed=feed_choices)
    async def resume(self, interaction: Interaction, feed: str) -> None:
        """Go on with a feed that is paused or has stopped, or whose channel I could not post in."""
        bot, asker = interaction.client, by(interaction)
        before = await changes.one_feed(bot.stories, asker, chosen_id(feed))
        require_target(interaction, changes.terms_of(before))
        resumed = await changes.resume(bot.stories, asker, before.id)
        again = await bot.lost.reopen(asker.guild_id, resumed.channel_id, asker.now)
        bot.wake()
        await reply(interaction, feed_resumed(resumed, again, reader_texts(interaction)))

    @app_commands.command()
    @app_commands.describe(feed=WHICH)
    @app_commands.autocomplete(feed=feed_choices)
    async def remove(self, interaction: Interaction, feed: str) -> None:
        """Stop following a feed; what was posted stays."""
        asker = by(interaction)
        gone = await interaction.client.stories.unfollow(asker.guild_id, asker.member, chosen_id(feed), asker.now)
        await reply(interaction, feed_removed(gone, reader_texts(interaction)))

    @app_commands.command()
    @app_commands.describe(feed=WHICH)
    @app_commands.autocomplete(feed=feed_choices)
    async def test(self, interaction: Interaction, feed: str) -> None:
        """Read a feed now and show you its newest stories; nothing is posted."""
        asker, feed_id = by(interaction), chosen_id(feed)
        await interaction.response.defer(ephemeral=True, thinking=True)
        tested, found = await changes.newest(interaction.client.stories, asker, feed_id)
        await reply(interaction, feed_tested(tested, found, reader_texts(interaction)))

    @app_commands.command()
    @app_commands.describe(feed=WHICH)
    @app_commands.autocomplete(feed=feed_choices)
    async def status(self, interaction: Interaction, feed: str) -> None:
        """Show how a feed is doing: when it was read, when it will be, what is wrong, what waits."""
        bot, asker = interaction.client, by(interaction)
        shown = await changes.status(bot.stories, asker, chosen_id(feed))
        lost, t = await bot.lost.of(asker.guild_id), reader_texts(interaction)
        needs = needs_line(interaction, changes.terms_of(shown.feed), t)
        await reply(interaction, status_view(shown, lost, needs, bot.index.places, t))

    @app_commands.command()
    @app_commands.describe(feed=WHICH)
    @app_commands.autocomplete(feed=feed_choices)
    async def log(self, interaction: Interaction, feed: str) -> None:
        """Show what was posted of a feed, and what was not and why."""
        log = await feed_log(interaction.client.stories, by(interaction), chosen_id(feed), 0)
        await reply(interaction, log_view(log, reader_texts(interaction)))


def _target(channel: Target | None) -> tuple[int | None, str | None]:
    return (channel.id, kind_of(channel)) if channel else (None, None)


async def _preview(interaction: Interaction, url: str, given: GivenTerms) -> None:
    """Show what is at an address before anything is followed."""
    bot, asker = interaction.client, by(interaction)
    await bot.stories.check_moderator(asker.guild_id, asker.member)
    channel_id = given.channel_id or (await server(bot.database, asker.guild_id)).stories_channel_id
    if channel_id is None:
        raise NotSetUp("Say in which channel to post, or choose a stories channel with `/setup`.")
    places = await cities_meant(bot.database, bot.index, asker.guild_id, given.cities)
    terms = agreed(FeedTerms(channel_id, target_kind(interaction, channel_id)), given, places)
    require_calling(interaction, terms)
    await interaction.response.defer(ephemeral=True, thinking=True)
    preview = await look_up(bot.stories, asker, url, terms)
    await reply(interaction, preview_view(preview, interaction, reader_texts(interaction)))


async def _change(interaction: Interaction, feed_id: int, given: GivenTerms) -> None:
    """Change how a feed is followed, if it can be posted so, and show how."""
    bot, asker = interaction.client, by(interaction)
    before = changes.terms_of(await changes.one_feed(bot.stories, asker, feed_id))
    places = await cities_meant(bot.database, bot.index, asker.guild_id, given.cities)
    terms = agreed(before, given, places)
    if given.channel_id or given.webhook or given.crosspost:
        require_target(interaction, terms)
    if given.channel_id or given.ping_role_id:
        require_calling(interaction, terms)
    changed = await changes.change(bot.stories, asker, feed_id, given, places)
    if given.channel_id:  # the bot can post there, as was just seen
        await bot.lost.reopen(asker.guild_id, given.channel_id, asker.now)
    bot.wake()
    await reply(interaction, feed_changed(changed, interaction, reader_texts(interaction)))


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Feeds())
