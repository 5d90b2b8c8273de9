"""Looking events up and changing them: `/event list`, `view`, `edit`, `cancel`, `share`."""

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.events.changes import LONGEST_REASON
from bot.events.lists import Asked, list_events
from bot.events.more import NO_TRACK
from bot.texts import ENGLISH
from bot.ui.autocomplete import any_event_choices, chosen_id, city_choices, event_choices
from bot.ui.events.edit_options import EditOptions, apply_options
from bot.ui.events.event_list import event_cancelled, event_page
from bot.ui.events.event_lookup import show_event
from bot.ui.events.event_words import kind_labels, track_labels
from bot.ui.events.manage_card import open_form
from bot.ui.events.sharing import share_card
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, reply

KINDS = [app_commands.Choice(name=label, value=kind) for kind, label in kind_labels(ENGLISH).items()]
TRACKS = [app_commands.Choice(name=label, value=track) for track, label in track_labels(ENGLISH).items()]


class Changing(commands.Cog):
    """Commands on events that are there."""

    @app_commands.command()
    @app_commands.describe(
        which="What is coming up (if you say nothing), what you answered or host, or what is over",
        track="Only events of this track",
        city="Only events in or about this city: its first letters",
    )
    @app_commands.choices(track=TRACKS)
    @app_commands.autocomplete(city=city_choices)
    async def list(
        self,
        interaction: Interaction,
        which: Literal["upcoming", "mine", "past"] = "upcoming",
        track: str | None = None,
        city: str | None = None,
    ) -> None:
        """Show what is coming up, or what was."""
        bot, guild_id = interaction.client, guild_of(interaction)
        asked = Asked(which, track, chosen_id(city) if city else None)
        page = await list_events(bot.database, guild_id, interaction.user.id, asked, bot.now())
        await reply(interaction, event_page(page, guild_id, reader_texts(interaction)))

    @app_commands.command()
    @app_commands.describe(
        event="The event, past ones too: words of its title",
        private="Whether only you see it (if you say nothing, only you)",
    )
    @app_commands.autocomplete(event=any_event_choices)
    async def view(self, interaction: Interaction, event: str, private: bool = True) -> None:
        """Show one event."""
        await show_event(interaction, chosen_id(event), private=private)

    @app_commands.command()
    @app_commands.describe(
        event="The event: words of its title; with nothing else a form for title, time, place, text and seats",
        kind="What kind of event it is",
        track="The track of the association that it belongs to",
        city="The city it is in: its first letters",
        image="A picture for its card, in the place of any other: PNG, JPEG, WebP or GIF, up to 8 MB",
        image_description="What the picture shows, for those who cannot see it",
    )
    @app_commands.choices(kind=KINDS, track=[*TRACKS, app_commands.Choice(name="No track", value=NO_TRACK)])
    @app_commands.autocomplete(event=event_choices, city=city_choices)
    async def edit(
        self,
        interaction: Interaction,
        event: str,
        kind: str | None = None,
        track: str | None = None,
        city: str | None = None,
        image: discord.Attachment | None = None,
        image_description: str | None = None,
    ) -> None:
        """Change an event: its words, time and seats in a form, the rest by options."""
        given = EditOptions(kind, track, city, image, image_description)
        if given == EditOptions():
            await open_form(interaction, chosen_id(event), "edit")
        else:
            await apply_options(interaction, chosen_id(event), given)

    @app_commands.command()
    @app_commands.describe(event="The event: words of its title", reason="Why; it stands on the card")
    @app_commands.autocomplete(event=event_choices)
    async def cancel(
        self, interaction: Interaction, event: str, reason: app_commands.Range[str, 1, LONGEST_REASON] | None = None
    ) -> None:
        """Call an event off; its card says so at once."""
        bot, guild_id = interaction.client, guild_of(interaction)
        cancelled = await bot.events.cancel(guild_id, chosen_id(event), member_of(interaction), bot.now(), reason or "")
        bot.wake()
        await reply(interaction, event_cancelled(cancelled, reader_texts(interaction)))

    @app_commands.command()
    @app_commands.describe(event="The event: words of its title", channel="Where a further card of it is posted")
    @app_commands.autocomplete(event=event_choices)
    async def share(self, interaction: Interaction, event: str, channel: discord.TextChannel) -> None:
        """Post an event's card in another channel too; both stay up to date."""
        await share_card(interaction, chosen_id(event), channel.id)
