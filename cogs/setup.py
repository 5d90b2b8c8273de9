"""A server's settings: `/setup` changes them, `/settings` shows them."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import SisterCityBot
from bot.events.chores import plan_all_chores
from bot.guilds import Server, SetupChange, server, set_up, undelivered
from bot.ui.autocomplete import city_choices, zone_choices
from bot.ui.channels import channel_of
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, reply
from bot.ui.roles import require_role
from bot.ui.settings_card import settings_card


class Setup(commands.Cog):
    """`/setup` and `/settings`."""

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(
        home_city="Your own city: it comes first in searches, and its partners' clocks stand on events",
        time_zone="The zone in which event times are typed; your city's unless you say. Any city may be typed too",
        events_channel="Where events are announced",
        stories_channel="Where new stories are posted",
        moderator_role="Members with this role may run events, feeds and settings",
        notices_channel="Where moderators are told what needs them, such as a feed that fails; keep it private",
        reminders="How long before an event its members are reminded, such as 24h 1h; or none",
    )
    @app_commands.autocomplete(home_city=city_choices, time_zone=zone_choices)
    async def setup(
        self,
        interaction: Interaction,
        home_city: str | None = None,
        time_zone: str | None = None,
        events_channel: discord.TextChannel | None = None,
        stories_channel: discord.TextChannel | None = None,
        notices_channel: discord.TextChannel | None = None,
        moderator_role: discord.Role | None = None,
        reminders: str | None = None,
    ) -> None:
        """Set this server up, or change what was set; what you leave out stays as it is."""
        bot, role_id = interaction.client, None
        if moderator_role is not None:
            role_id = require_role(interaction, moderator_role.id).id
        locale = str(interaction.guild_locale) if interaction.guild_locale else None
        channels = channel_of(events_channel), channel_of(stories_channel)
        notices = channel_of(notices_channel)
        change = SetupChange(home_city, time_zone, *channels, role_id, locale, reminders, notices)
        guild_id = guild_of(interaction)
        changed = await set_up(bot.database, bot.index, guild_id, member_of(interaction), change)
        for channel_id in change.channel_ids:  # to choose one again is to have it tried again
            await bot.lost.reopen(guild_id, channel_id, bot.now())
        await bot.refresh_home(guild_id)
        if reminders is not None:
            await plan_all_chores(bot.database, guild_id, bot.now())
        bot.wake()
        await _show(interaction, changed)

    @app_commands.command()
    @app_commands.guild_only()
    async def settings(self, interaction: Interaction) -> None:
        """Show how this server is set up, and what is missing."""
        settings = await server(interaction.client.database, guild_of(interaction))
        await _show(interaction, settings)


async def _show(interaction: Interaction, settings: Server) -> None:
    bot = interaction.client
    given_up = await undelivered(bot.database, settings.guild_id, bot.now())
    lost = await bot.lost.of(settings.guild_id)
    await reply(interaction, settings_card(settings, given_up, list(lost), interaction, reader_texts(interaction)))


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Setup())
