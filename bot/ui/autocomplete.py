"""Autocomplete of command options; a choice travels as `id:…`, so that what was picked is what is meant."""

from discord import app_commands

from bot.cities import CHOSEN
from bot.countries import like_countries, like_regions
from bot.errors import BadInput
from bot.regions import country_name
from bot.ui.press import Interaction, guild_of
from bot.ui.text import cut
from bot.when import zone_names

MOST_CHOICES = 25


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
    """Coming events of this server whose title holds what was typed so far."""
    bot = interaction.client
    typed = current.casefold().strip()
    events = await bot.events.upcoming(guild_of(interaction), bot.now())
    return [
        app_commands.Choice(name=cut(f"{event.title} ({event.starts_at:%Y-%m-%d})", 100), value=f"id:{event.id}")
        for event in events
        if typed in event.title.casefold()
    ][:MOST_CHOICES]


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
    """IANA time zones whose name holds what was typed so far."""
    typed = current.casefold().strip().replace(" ", "_")
    names = [name for name in zone_names() if typed in name.casefold()]
    return [app_commands.Choice(name=name, value=name) for name in names[:MOST_CHOICES]]


def chosen_id(text: str) -> int:
    """The id that a choice carries. Raises BadInput for text that was typed instead of picked."""
    match = CHOSEN.fullmatch(text.strip())
    if match is None:
        raise BadInput("Please pick one from the list that appears while you type.")
    return int(match[1])
