"""Looking one event up: privately as a card that can be answered, or for everyone as it is now."""

from dataclasses import replace
from io import BytesIO

import discord

from bot.events.page import EventCard
from bot.events.panel import first_card, message_link
from bot.texts import Texts
from bot.ui.card import GREEN, GREY, MOST_CHARACTERS, card, link, rows
from bot.ui.events.event_card import event_view
from bot.ui.events.event_text import PICTURE, event_items, for_reader
from bot.ui.press import Interaction, guild_of, message_texts, reply
from bot.ui.text import stamp


async def show_event(interaction: Interaction, event_id: int, *, private: bool) -> None:
    """Answer with an event. The reader's own copy has the card's buttons, in the reader's language.

    A copy for everyone has none: it is not kept up to date, so it says of when it is, and links to the card that is.
    """
    bot, guild_id = interaction.client, guild_of(interaction)
    event = await bot.events.card(guild_id, event_id)
    t = message_texts(interaction, private=private)
    if private:
        view = event_view(for_reader(replace(event, locale=t.locale), t))
    else:
        at = await first_card(bot.database, guild_id, event_id)
        view = snapshot(event, t, f"-# {t('As of {when}.', when=stamp(bot.now(), 'f'))}", at)
    await reply(interaction, view, private=private, file=await picture_file(interaction, event))


def snapshot(event: EventCard, t: Texts, small: str, at: tuple[int, int] | None) -> discord.ui.LayoutView:
    """An event without buttons but a link to its card: `at` are that message's channel and id."""
    address = message_link(event.guild_id, *at) if at else None
    return card(
        *event_items(event, t, MOST_CHARACTERS - len(small)),
        small,
        *rows([link(t("Answer on its card"), address)] if address else []),
        colour=GREEN if event.status == "open" else GREY,
    )


async def picture_file(interaction: Interaction, event: EventCard) -> discord.File | None:
    """The picture that the event's card shows, to send with it; None where there is none."""
    if event.picture_alt is None:
        return None
    content = await interaction.client.events.picture(event.guild_id, event.id)
    return discord.File(BytesIO(content or b""), PICTURE)
