"""What a look-up found as a card: the city's, or the nearest names where no city goes by what was typed."""

from collections.abc import Callable
from datetime import datetime

import discord

from bot.lookup.cities import CityPage, NoSuchCity
from bot.lookup.regions import country_name
from bot.texts import Texts
from bot.ui.card import GREY, card, rows
from bot.ui.cities.city_card import CityOpen, open_card
from bot.ui.cities.city_lists import CountryTurn
from bot.ui.press import Press
from bot.ui.text import cut, line


def answer_card(
    answer: CityPage | NoSuchCity, guild: discord.Guild | None, now: datetime, t: Texts
) -> discord.ui.LayoutView:
    """The card of what a look-up found, as it may be shown in a server, or in a direct message."""
    return no_such_city(answer, t) if isinstance(answer, NoSuchCity) else open_card(answer, guild, now, t)


def no_such_city(
    answer: NoSuchCity, t: Texts, *, above: str | None = None, opens: Callable[[int, str], Press] | None = None
) -> discord.ui.LayoutView:
    """Says that no city goes by that, and offers the nearest names as buttons, made by `opens`, else to their cards."""
    if answer.country:
        name = country_name(answer.country, t.locale)
        button = CountryTurn.to(answer.country, 0, cut(name, 80))
        told = t("{country} is a country. `/city country` lists the cities that are paired with it.", country=name)
        return card(told, *rows([button]), colour=GREY, above=above)
    opens = opens or CityOpen.to
    query = line(answer.query, 60)
    if answer.suggestions:
        sentence = t("I don't know a city called “{query}”. Did you mean one of these?", query=query)
    elif query:
        sentence = t(
            "I found no city like “{query}”. Try the first letters of its name, in any language, or one of these:",
            query=query,
        )
    else:
        sentence = t("Which city? Type the first letters of its name, in any language, or try one of these:")
    offered = answer.suggestions or answer.instead
    return card(sentence, *rows(opens(place.id, place.label) for place in offered), colour=GREY, above=above)
