"""Lists of many cities: who is paired with a country, and the towns of a state."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import discord

from bot.lookup.countries import Region, region_of
from bot.lookup.country_lists import CountryTies, ListedTie, RegionTowns, Town, country_ties, region_towns
from bot.lookup.places import Place
from bot.lookup.regions import country_name, flag
from bot.texts import Texts
from bot.ui.card import BLUE, GREY, card, rows, rule
from bot.ui.cities.city_card import CityOpen
from bot.ui.cities.place_text import LONGEST_REGION, short
from bot.ui.pages import one_page, page_count, page_line, pressed_texts, turn_buttons
from bot.ui.press import Interaction, Press, replace
from db.names import fold

PLACES_A_PAGE = 12
TOWNS_A_PAGE = 10  # each with a button
LONGEST_NAME, LONGEST_LINE = 40, 200
LONGEST_SMALL_PRINT = 76  # two lines of a phone

Row = tuple[Place, list[ListedTie]]  # a place elsewhere with its ties in the country


def country_card(found: CountryTies, number: int, t: Texts) -> discord.ui.LayoutView:
    """The places elsewhere that have ties with a country, by state; `number` is the page, from 0."""
    country = country_name(found.country_code, t.locale)
    if not found.ties:
        return card(t("{country}: I don't know of any partnership with a place there.", country=country), colour=GREY)
    places = _by_place(found.ties, t)
    pages = page_count(places, PLACES_A_PAGE)
    shown, number = one_page(places, number, PLACES_A_PAGE)
    buttons = turn_buttons(lambda number, label: CountryTurn.to(found.country_code, number, label), number, pages, t)
    foot = [_domestic_note(t) if found.domestic else None, page_line(number, pages, t)]
    return card(
        f"## {flag(found.country_code)} {country}\n-# {_counted(found, t)}",
        rule(),
        *_states(shown, places, t),
        rule() if any(foot) else None,
        "\n".join(f"-# {text}" for text in foot if text),
        *rows(buttons),
        colour=BLUE,
    )


def _by_place(ties: Iterable[ListedTie], t: Texts) -> list[Row]:
    """The ties of each place elsewhere, by country and state in the reader's order."""

    def order(tie: ListedTie) -> tuple[str, str, str, int]:
        return *_state_order(tie.there, t), fold(tie.there.name), tie.there.id

    return [(ties[0].there, ties) for ties in (list(some) for _, some in groupby(sorted(ties, key=order), key=order))]


def _state_order(place: Place, t: Texts) -> tuple[str, str]:
    return fold(country_name(place.country_code, t.locale)), fold(place.region or "")


def _counted(found: CountryTies, t: Texts) -> str:
    lasting = [tie for tie in found.ties if tie.state != "ended"]
    number = t.plural("{n} partnership", "{n} partnerships", len(lasting))
    if found.domestic:
        return t("{number} between two places there", number=number)
    here = t.plural("{n} place there", "{n} places there", len({tie.here.id for tie in lasting}))
    there = t.plural("{n} place elsewhere", "{n} places elsewhere", len({tie.there.id for tie in lasting}))
    return t("{number}: {here} with {there}", number=number, here=here, there=there)


def _domestic_note(t: Texts) -> str:
    return t(
        "Nearly every partnership I know has an end in the United States; here are those with both ends there. "
        "`/city state` lists the towns of a state, `/city country` another country's partners."
    )


def _states(shown: Iterable[Row], places: Iterable[Row], t: Texts) -> list[str]:
    """A text for each state: its name with the number of its ties, then its places on a line each."""
    total = {state: sum(len(ties) for _, ties in some) for state, some in _grouped(places, t)}
    return [
        "\n".join([f"**{_state_name(some[0][0], t)}** · {total[state]}", *(_line(*row, t) for row in some)])
        for state, some in _grouped(shown, t)
    ]


def _grouped(places: Iterable[Row], t: Texts) -> list[tuple[tuple[str, str], list[Row]]]:
    return [(state, list(some)) for state, some in groupby(places, key=lambda row: _state_order(row[0], t))]


def _state_name(place: Place, t: Texts) -> str:
    region = short(place.region or "", LONGEST_REGION)
    country = country_name(place.country_code, t.locale)
    name = region if region and place.country_code == "US" else ", ".join(part for part in (region, country) if part)
    return f"{flag(place.country_code)} {name}"


def _line(there: Place, ties: Sequence[ListedTie], t: Texts) -> str:
    """A place elsewhere and its partners in the country, as many as a line may hold."""
    names = _names(there, [(tie.here, tie.state) for tie in ties], LONGEST_LINE, t)
    return f"{short(there.name, LONGEST_NAME)} — {names}"


def _names(place: Place, partners: Iterable[tuple[Place, str]], room: int, t: Texts) -> str:
    """A place's partners, each with the state of its tie: as many as there is room for, at least one."""
    ranked = sorted(partners, key=lambda partner: (partner[1] == "ended", fold(partner[0].name)))
    names: list[str] = []
    for partner, state in ranked:
        name = short(partner.name, LONGEST_NAME)
        if place.country_code == partner.country_code and partner.own_region:
            name += f" ({short(partner.own_region, LONGEST_REGION)})"
        room -= len(name) + 2
        if names and room < 0:
            break
        names.append(f"~~{name}~~" if state == "ended" else name)
    left, text = len(ranked) - len(names), ", ".join(names)
    return t("{names} and {n} more", names=text, n=left) if left else text


def region_card(found: RegionTowns, number: int, t: Texts) -> discord.ui.LayoutView:
    """The towns of a state that have partners, each with a button to its card; `number` is the page, from 0."""
    label = found.region.label(t.locale)
    name = f"{flag(found.region.country_code)} {short(label, 2 * LONGEST_REGION)}"
    if not found.towns:
        return card(t("I don't know of any partnership of a town in {state}.", state=name), colour=GREY)
    pages = page_count(found.towns, TOWNS_A_PAGE)
    shown, number = one_page(found.towns, number, TOWNS_A_PAGE)
    first = found.towns[0].place.id
    buttons = turn_buttons(lambda number, label: RegionTurn.to(first, number, label), number, pages, t)
    towns = t.plural("{n} town with partner cities", "{n} towns with partner cities", len(found.towns))
    which = page_line(number, pages, t)
    return card(
        f"## {name}\n-# {towns}",
        rule(),
        "\n".join(_town_line(town, t) for town in shown),
        *rows(CityOpen.to(town.place.id, town.place.name) for town in shown),
        rule() if which else None,
        f"-# {which}" if which else None,
        *rows(buttons),
        colour=BLUE,
    )


def _town_line(town: Town, t: Texts) -> str:
    number = t.plural("{n} partner city", "{n} partner cities", town.partners) if town.partners else t("ended")
    names = _names(town.place, [(tie.there, tie.state) for tie in town.ties], LONGEST_SMALL_PRINT, t)
    return f"**{short(town.place.name, LONGEST_NAME)}** · {number}\n-# {names}"


class CountryTurn(Press, template=r"city-country:(?P<country>[A-Z]{2}):(?P<page>\d{1,3})"):
    """Another page of a country's ties, on the same message."""

    @classmethod
    def to(cls, country_code: str, number: int, label: str) -> "CountryTurn":
        """A button to a page, counted from 0."""
        return cls(discord.ui.Button(label=label, custom_id=f"city-country:{country_code}:{number}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        found = await country_ties(bot.database, bot.index, self.match["country"], interaction.guild_id)
        await replace(interaction, country_card(found, int(self.match["page"]), pressed_texts(interaction)))


class RegionTurn(Press, template=r"city-state:(?P<place>\d{1,9}):(?P<page>\d{1,3})"):
    """Another page of the towns of the state in which a place lies, on the same message."""

    @classmethod
    def to(cls, place_id: int, number: int, label: str) -> "RegionTurn":
        """A button to a page, counted from 0."""
        return cls(discord.ui.Button(label=label, custom_id=f"city-state:{place_id}:{number}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        region: Region = region_of(bot.index, int(self.match["place"]))
        found = await region_towns(bot.database, bot.index, region, interaction.guild_id)
        await replace(interaction, region_card(found, int(self.match["page"]), pressed_texts(interaction)))
