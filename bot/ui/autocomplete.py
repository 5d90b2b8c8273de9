"""Autocomplete of command options; a choice travels as `id:…`, so that what was picked is what is meant."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from discord import app_commands

from bot.dates.zones import like_zones
from bot.errors import BadInput, NotAllowed, NotFound
from bot.events.lists import events_like
from bot.feeds.terms import MOST_CITIES
from bot.lookup.cities import CHOSEN, NoSuchCity, find_place
from bot.lookup.countries import like_countries, like_regions
from bot.lookup.places import Place
from bot.lookup.regions import country_name
from bot.plain_text import visible
from bot.stories.stories import FollowedFeed
from bot.ui.press import Interaction, guild_of, member_of
from bot.ui.text import cut
from db.names import fold

MOST_CHOICES, LONGEST_CHOICE = 25, 100


async def city_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Cities that what was typed so far may mean, the server's own first."""
    hits = interaction.client.index.search(current, MOST_CHOICES, _home(interaction))
    return [app_commands.Choice(name=cut(hit.place.label, 100), value=f"id:{hit.place.id}") for hit in hits]


async def cities_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Cities for the last of several names with semicolons between them; a choice holds those before it as well."""
    *before, typed = current.split(";")
    chosen = [place for place in (_meant(interaction, name) for name in before if name.strip()) if place]
    hits = interaction.client.index.search(typed.strip(), MOST_CHOICES, _home(interaction))
    found = [hit.place for hit in hits if hit.place not in chosen]
    return [_cities_choice([*chosen, place]) for place in found] if len(chosen) < MOST_CITIES else []


def _cities_choice(places: Sequence[Place]) -> app_commands.Choice[str]:
    """Whoever goes on typing behind a choice sends its name back, so that is what cities are found by as well."""
    name = "; ".join(place.label for place in places)
    if len(name) > LONGEST_CHOICE:
        name = "; ".join(place.name for place in places)
    return app_commands.Choice(name=cut(name, LONGEST_CHOICE), value=";".join(f"id:{place.id}" for place in places))


def _meant(interaction: Interaction, name: str) -> Place | None:
    """The city that one of several names means, if it means one for certain."""
    try:
        found = find_place(interaction.client.index, name, _home(interaction))
    except NotFound:  # an id of no city
        return None
    return None if isinstance(found, NoSuchCity) else found


def _home(interaction: Interaction) -> list[int]:
    return interaction.client.homes.get(interaction.guild_id, []) if interaction.guild_id else []


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
    """Feeds of this server whose title or address holds what was typed so far; for moderators only."""
    stories, guild_id, typed = interaction.client.stories, guild_of(interaction), fold(current)
    try:
        await stories.check_moderator(guild_id, member_of(interaction))
    except NotAllowed:
        return []
    feeds = await stories.followed(guild_id)
    titles = Counter(feed.title for feed in feeds)
    return [
        app_commands.Choice(name=_feed_name(feed, alone=titles[feed.title] == 1), value=f"id:{feed.id}")
        for feed in feeds
        if typed in fold(f"{feed.title} {feed.url}")
    ][:MOST_CHOICES]


def _feed_name(feed: FollowedFeed, *, alone: bool) -> str:
    """Its title, and the end of its address where others are called alike."""
    title, address = visible(feed.title), visible(feed.url)
    if alone and title:
        return cut(title, LONGEST_CHOICE)
    return f"{cut(title, 50)} · {address[-45:]}"


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
