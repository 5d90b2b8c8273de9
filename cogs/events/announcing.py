"""Announcing an event: `/event create`, `duplicate` and `template`."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.events import drafts
from bot.events.draft_start import Start, begin
from bot.events.pictures import check_offer
from bot.events.templates import delete_template
from bot.texts import ENGLISH
from bot.ui.autocomplete import chosen_id, city_choices, event_choices, zone_choices
from bot.ui.card import note
from bot.ui.channels import require_speaking
from bot.ui.events.draft_again import keep_template, open_form
from bot.ui.events.draft_card import unfinished_view
from bot.ui.events.draft_picture import take_picture
from bot.ui.events.event_words import kind_labels, track_labels
from bot.ui.events.template_choices import template_choices
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, reply
from bot.ui.text import line

KINDS = [app_commands.Choice(name=label, value=kind) for kind, label in kind_labels(ENGLISH).items()]
TRACKS = [app_commands.Choice(name=label, value=track) for track, label in track_labels(ENGLISH).items()]


class Announcing(commands.Cog):
    """Commands that lead to a new event."""

    template = app_commands.Group(name="template", description="Events made again and again: their settings by name.")

    @app_commands.command()
    @app_commands.describe(
        kind="What kind of event it is",
        track="The track of the association that it belongs to",
        city="The city it is in: its first letters",
        template="A template to begin with",
        time_zone="The zone in which you type its times, if not this server's: an area, or a city's first letters",
        image="A picture for its card: PNG, JPEG, WebP or GIF, up to 8 MB",
        image_description="What the picture shows, for those who cannot see it",
    )
    @app_commands.choices(kind=KINDS, track=TRACKS)
    @app_commands.autocomplete(city=city_choices, template=template_choices, time_zone=zone_choices)
    async def create(
        self,
        interaction: Interaction,
        kind: str | None = None,
        track: str | None = None,
        city: str | None = None,
        template: str | None = None,
        time_zone: str | None = None,
        image: discord.Attachment | None = None,
        image_description: str | None = None,
    ) -> None:
        """Announce an event: fill in a form, look it over, publish it."""
        alt = check_offer(image.size, image_description) if image else None
        start = Start(
            kind, track, city, time_zone, chosen_id(template) if template else None, picture=image is not None
        )
        draft_id = await _announce(interaction, start)
        if image and alt:
            await take_picture(interaction, image, alt, draft_id)

    @app_commands.command()
    @app_commands.describe(event="The event to make again: the first letters of its title")
    @app_commands.autocomplete(event=event_choices)
    async def duplicate(self, interaction: Interaction, event: str) -> None:
        """Announce an event like another: everything but its time is filled in."""
        await _require_ready(interaction)
        await open_form(interaction, Start(like_event_id=chosen_id(event)))

    @template.command(name="save")
    @app_commands.describe(event="The event: the first letters of its title", name="What the template is to be called")
    @app_commands.autocomplete(event=event_choices)
    async def save_template(self, interaction: Interaction, event: str, name: str) -> None:
        """Keep an event's settings under a name; its time and picture are left out."""
        await keep_template(interaction, chosen_id(event), name)

    @template.command(name="use")
    @app_commands.describe(name="The template")
    @app_commands.autocomplete(name=template_choices)
    async def use_template(self, interaction: Interaction, name: str) -> None:
        """Announce an event that begins with a template's settings."""
        await _require_ready(interaction)
        await open_form(interaction, Start(template_id=chosen_id(name)))

    @template.command(name="delete")
    @app_commands.describe(name="The template")
    @app_commands.autocomplete(name=template_choices)
    async def delete_template(self, interaction: Interaction, name: str) -> None:
        """Forget a template; events made from it stay."""
        bot, t = interaction.client, reader_texts(interaction)
        gone = await delete_template(bot.database, guild_of(interaction), member_of(interaction), chosen_id(name))
        await reply(interaction, note(t("The template **{name}** is deleted.", name=line(gone.name, 50))))


async def _require_ready(interaction: Interaction) -> None:
    """Raise an error with its sentence unless the member may announce events and the bot can post them."""
    bot = interaction.client
    require_speaking(interaction, await drafts.ready(bot.database, guild_of(interaction), member_of(interaction)))


async def _announce(interaction: Interaction, start: Start) -> int:
    """Open a form, or offer the draft that is unfinished first; returns the new draft's id, 0 where there is none."""
    bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
    await _require_ready(interaction)
    before = await drafts.unfinished(bot.database, guild_id, member, bot.now())
    if before is None:
        return await open_form(interaction, start)
    new = await begin(bot.database, bot.index, guild_id, member, start, bot.now())
    await reply(interaction, unfinished_view(before, reader_texts(interaction), new.draft_id))
    return new.draft_id
