"""What `/event edit` changes by its options, without a form: kind, track, city, picture."""

from dataclasses import dataclass

import discord

from bot.errors import BadInput
from bot.events.draft_start import city_meant
from bot.events.more import Facts, change_facts
from bot.events.panel import panel
from bot.events.pictures import check_offer, picture_words
from bot.ui.channels import require_speaking
from bot.ui.events.change_press import organising
from bot.ui.events.draft_picture import fetched
from bot.ui.events.manage_card import manage_view
from bot.ui.events.panel_text import what_was_done
from bot.ui.press import Interaction, guild_of, reader_texts, reply


@dataclass(frozen=True, slots=True)
class EditOptions:
    """As the command was given them; None stays as it is."""

    kind: str | None = None
    track: str | None = None
    city: str | None = None
    image: discord.Attachment | None = None
    image_description: str | None = None


async def apply_options(interaction: Interaction, event_id: int, given: EditOptions) -> None:
    """Change the event and show its panel. Raises NotFound, NotAllowed, BadInput."""
    bot, by, t = interaction.client, organising(interaction, event_id), reader_texts(interaction)
    shown = await panel(bot.database, by, to_change=True)  # before anything is fetched for somebody who may not
    alt, picture = picture_words(given.image_description) or None, None
    if given.image_description and alt is None:
        raise BadInput("Please say in `image_description` what the picture shows.")
    if given.image is not None:
        alt = check_offer(given.image.size, given.image_description)
        if shown.channel_id is not None:
            require_speaking(interaction, shown.channel_id, picture=True)
        await interaction.response.defer(ephemeral=True, thinking=True)
        picture = await fetched(given.image)
    city = await city_meant(bot.database, bot.index, guild_of(interaction), given.city) if given.city else None
    facts = Facts(given.kind, given.track, city, picture, alt)
    changed = await change_facts(bot.database, by, facts, bot.index, bot.recogniser)
    bot.wake()
    await reply(interaction, manage_view(await panel(bot.database, by), t, what_was_done(changed, t)))
