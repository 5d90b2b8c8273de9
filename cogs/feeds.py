"""Feeds: moderators choose what the server follows."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import SisterCityBot
from bot.errors import NotSetUp
from bot.guilds import server
from bot.ui.autocomplete import chosen_id, feed_choices
from bot.ui.channels import require_speaking
from bot.ui.feed_list import feed_added, feed_list, feed_removed
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, reply


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Feeds(commands.GroupCog, group_name="feed", group_description="Feeds whose new stories are posted here."):
    """`/feed …`"""

    @app_commands.command()
    @app_commands.describe(
        url="The address of an RSS, Atom or JSON feed",
        channel="Where new stories are posted; the stories channel unless you say",
    )
    async def add(self, interaction: Interaction, url: str, channel: discord.TextChannel | None = None) -> None:
        """Follow a feed: what is in it now is remembered, what comes later is posted."""
        bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
        await bot.stories.check_moderator(guild_id, member)
        channel_id = channel.id if channel else (await server(bot.database, guild_id)).stories_channel_id
        if channel_id is None:
            raise NotSetUp("Say in which channel to post, or choose a stories channel with `/setup`.")
        require_speaking(interaction, channel_id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        feed = await bot.stories.follow(guild_id, member, url, channel_id, bot.now())
        bot.wake()
        await reply(interaction, feed_added(feed, reader_texts(interaction)))

    @app_commands.command()
    async def list(self, interaction: Interaction) -> None:
        """Show the feeds this server follows and how they are doing."""
        bot, guild_id = interaction.client, guild_of(interaction)
        await bot.stories.check_moderator(guild_id, member_of(interaction))
        await reply(interaction, feed_list(await bot.stories.followed(guild_id), reader_texts(interaction)))

    @app_commands.command()
    @app_commands.describe(feed="The feed: part of its title or address")
    @app_commands.autocomplete(feed=feed_choices)
    async def remove(self, interaction: Interaction, feed: str) -> None:
        """Stop following a feed; what was posted stays."""
        bot, guild_id = interaction.client, guild_of(interaction)
        gone = await bot.stories.unfollow(guild_id, member_of(interaction), chosen_id(feed), bot.now())
        await reply(interaction, feed_removed(gone, reader_texts(interaction)))


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Feeds())
