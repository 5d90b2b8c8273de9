"""What time it is now in a city and in all its partner cities."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import discord

from bot.dates.clocks import Clock, clocks, zone_of
from bot.lookup.cities import CityPage, city_page
from bot.lookup.places import Place
from bot.lookup.regions import flag
from bot.texts import Texts
from bot.ui.card import BLUE, MOST_CHARACTERS, card, rows, rule
from bot.ui.cities.far_text import NO_BREAK, hours_ahead
from bot.ui.cities.place_text import around, name_of, ordered, short
from bot.ui.events.event_text import day_words
from bot.ui.pages import pressed_texts
from bot.ui.press import Interaction, Press, replace
from bot.ui.text import time_of_day

LONGEST_NAME = 40
ROOM = MOST_CHARACTERS - 700  # of the clocks; the rest is for what stands above and below


def clock_card(page: CityPage, now: datetime, t: Texts) -> discord.ui.LayoutView:
    """The clocks of a city and its partners from west to east, those that agree together."""
    from babel.dates import format_date

    home = page.place
    places = {place.id: place for place in [home, *(tie.partner for tie in ordered(page, t) if tie.state != "ended")]}
    title = f"## {flag(home.country_code)} {t('Clocks of {city} and its partners', city=name_of(home))}"
    title += f"\n{around(home, t)}"
    here = home.local(now)
    if here is not None:
        title += f"\n-# {format_date(here, 'full', locale=t.locale.replace('-', '_'))}"
    return card(
        title,
        rule(),
        _clock_lines(home, places, now, t) or t("I don't know the time zone of {city}.", city=name_of(home)),
        rule(),
        "\n".join(f"-# {text}" for text in _foot(places, t)),
        *rows([ClockTurn.to(home.id, t("Update"))]),
        colour=BLUE,
    )


def _clock_lines(home: Place, places: dict[int, Place], now: datetime, t: Texts) -> str:
    """Two lines for each clock, the time and where it is; names are left out only where there are hundreds."""
    zoned = [(str(place.id), zone_of(place.timezone)) for place in places.values() if place.timezone]
    if not zoned:
        return ""
    here = home.local(now)
    found = clocks(now, zone_of(home.timezone) if home.timezone else zoned[0][1], zoned)
    text = ""
    for most in (1_000, 60, 20, 6, 2, 1):
        text = "\n".join(_clock_line(clock, home, here, places, most, t) for clock in found)
        if len(text) <= ROOM:
            break
    return text


def _clock_line(clock: Clock, home: Place, here: datetime | None, places: dict[int, Place], most: int, t: Texts) -> str:
    there = [places[int(place_id)] for place_id in clock.names]
    ahead = hours_ahead(clock.local, here, t) if here else None
    time = f"**{time_of_day(clock.local, t)}**" + (" 🌙" if clock.night else "")
    if here:
        time += day_words(clock.day, t)
    names = _names(there[:most], home)
    if len(there) > most:
        names = t("{names} and {n} more", names=names, n=len(there) - most)
    return (f"{time} · {ahead}" if ahead else time) + f"\n{names}"


def _names(places: Sequence[Place], home: Place) -> str:
    """Names by country, each country's flag once."""

    def name(place: Place) -> str:
        text = short(place.name, LONGEST_NAME)
        return f"**{text}**" if place.id == home.id else text

    groups = groupby(places, key=lambda place: place.country_code)
    return " · ".join(f"{flag(code)}{NO_BREAK}" + ", ".join(map(name, some)) for code, some in groups)


def _foot(places: dict[int, Place], t: Texts) -> list[str]:
    unknown = [short(place.name, LONGEST_NAME) for place in places.values() if not place.timezone]
    lines = [t("🌙 It is between midnight and six there.")]
    if unknown:
        names = ", ".join(unknown[:6])
        if len(unknown) > 6:
            names = t("{names} and {n} more", names=names, n=len(unknown) - 6)
        lines.append(t("Clock not known: {names}", names=names))
    return lines


class ClockTurn(Press, template=r"city-time:(?P<place>\d{1,9})"):
    """The same clocks as they are now, on the same message."""

    @classmethod
    def to(cls, place_id: int, label: str) -> "ClockTurn":
        """A button to a city's clocks."""
        return cls(discord.ui.Button(label=label, custom_id=f"city-time:{place_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        page = await city_page(bot.database, bot.index, int(self.match["place"]), interaction.guild_id)
        await replace(interaction, clock_card(page, bot.now(), pressed_texts(interaction)))
