"""Autocomplete of command options; a choice travels as `id:…`, so that what was picked is what is meant."""

from datetime import datetime

from discord import app_commands

from bot.cities import CHOSEN
from bot.countries import like_countries, like_regions
from bot.errors import BadInput
from bot.event_lists import events_like
from bot.plain_text import visible
from bot.regions import country_name
from bot.ui.press import Interaction, guild_of
from bot.ui.text import cut
from bot.zones import like_zones

MOST_CHOICES, LONGEST_CHOICE = 25, 100


async def city_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Cities that what was typed so far may mean, the server's own first."""
    bot = interaction.client
    home = bot.homes.get(interaction.guild_id, ()) if interaction.guild_id else ()
    hits = bot.index.search(current, MOST_CHOICES, home)
    return [app_commands.Choice(name=cut(hit.place.label, 100), value=f"id:{hit.place.id}") for hit in hits]


async def country_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Countries with ties that what was typed so far may mean, in the reader's language or English."""
    locale = str(interaction.locale)
    codes = like_countries(interaction.client.index, current, locale)
    return [app_commands.Choice(name=cut(country_name(code, locale), 100), value=code) for code in codes[:MOST_CHOICES]]


async def state_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """States, and other countries' regions, with ties that what was typed so far may mean."""
    regions = like_regions(interaction.client.index, current)
    return [
        app_commands.Choice(name=cut(region.label(str(interaction.locale)), 100), value=region.value)
        for region in regions[:MOST_CHOICES]
    ]


async def event_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Open events of this server that are not over, by words of their title; the next one first."""
    return await _event_choices(interaction, current, past=False)


async def any_event_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Every published event by words of its title: those to come, then those that are over, the latest first."""
    return await _event_choices(interaction, current, past=True)


async def _event_choices(interaction: Interaction, current: str, *, past: bool) -> list[app_commands.Choice[str]]:
    bot, locale = interaction.client, str(interaction.locale)
    found = await events_like(bot.database, guild_of(interaction), current, bot.now(), past=past)
    return [
        app_commands.Choice(name=_dated(event.title, day_in_words(event.starts_at, locale)), value=f"id:{event.id}")
        for event in found[:MOST_CHOICES]
    ]


def _dated(title: str, day: str) -> str:
    """A title with its day, which is what tells two meetings of the same name apart."""
    return f"{cut(visible(title), LONGEST_CHOICE - len(day) - 3)} · {day}"


def day_in_words(moment: datetime, locale: str) -> str:
    """The day of a moment in a reader's language, "Sat, Dec 5, 2026"."""
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMEd", moment, locale=locale.replace("-", "_")))


async def feed_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Feeds of this server whose title or address holds what was typed so far."""
    typed = current.casefold().strip()
    feeds = await interaction.client.stories.followed(guild_of(interaction))
    return [
        app_commands.Choice(name=cut(feed.title, 100), value=f"id:{feed.id}")
        for feed in feeds
        if typed in f"{feed.title} {feed.url}".casefold()
    ][:MOST_CHOICES]


async def zone_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Time zones that what was typed so far may mean: by their IANA names, and by cities that lie in them."""
    found = like_zones(interaction.client.index, current, MOST_CHOICES)
    return [app_commands.Choice(name=cut(label, 100), value=name) for label, name in found]


def chosen_id(text: str) -> int:
    """The id that a choice carries. Raises BadInput for text that was typed instead of picked."""
    match = CHOSEN.fullmatch(text.strip())
    if match is None:
        raise BadInput("Please pick one from the list that appears while you type.")
    return int(match[1])
