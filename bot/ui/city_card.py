"""The card of a city, its pages, and the nearest names when no city goes by what was typed."""

from datetime import datetime
from itertools import groupby

import discord

from bot.cities import CityPage, NoSuchCity, Tie, city_page
from bot.regions import country_name, flag
from bot.texts import Texts
from bot.ui.card import BLUE, GREY, Item, card, rows, rule
from bot.ui.place_text import LONGEST_NAME, LONGEST_REGION, around, newest_listing, place_kind, tie_facts
from bot.ui.press import Interaction, Press, message_texts, reader_texts, replace, reply
from bot.ui.text import cut, line, time_of_day
from db.names import fold

TIES_A_PAGE = 10


def city_card(page: CityPage, number: int, now: datetime, t: Texts) -> discord.ui.LayoutView:
    """The card of one city; `number` is the page of partners, from 0, brought into range."""
    pages = page_count(page)
    number = max(0, min(number, pages - 1))
    shown = ordered(page, t)[number * TIES_A_PAGE : (number + 1) * TIES_A_PAGE]
    city = line(page.place.name, LONGEST_NAME)
    return card(
        _head(page, now, t),
        rule(),
        *(_groups(shown, t) if shown else [_none_known(city, t)]),
        *rows(CityOpen.to(place.id, place.label) for place in page.nearby),
        rule(),
        "\n".join(f"-# {text}" for text in foot_lines(page, shown, number, pages, t)),
        *rows(_buttons(page, number, pages, t)),
        "-# " + t("Did you mean another {city}?", city=city) if page.namesakes else None,
        *rows(CityOpen.to(place.id, place.label) for place in page.namesakes),
        colour=BLUE,
    )


def answer_card(answer: CityPage | NoSuchCity, now: datetime, t: Texts) -> discord.ui.LayoutView:
    """The card of what a look-up found."""
    return no_such_city(answer, t) if isinstance(answer, NoSuchCity) else city_card(answer, 0, now, t)


def no_such_city(answer: NoSuchCity, t: Texts) -> discord.ui.LayoutView:
    """Says that no city goes by that, and offers the nearest names as buttons."""
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
    return card(sentence, *rows(CityOpen.to(place.id, place.label) for place in offered), colour=GREY)


def page_count(page: CityPage) -> int:
    """How many pages the partners take, at least one."""
    return max(1, -(-len(page.ties) // TIES_A_PAGE))


def ordered(page: CityPage, t: Texts) -> list[Tie]:
    """The ties by country, in the reader's language, then by city; those that are over last within a country."""

    def place_in_list(tie: Tie) -> tuple[str, str, bool, str]:
        code = tie.partner.country_code
        return fold(country_name(code, t.locale)), code, tie.over, fold(tie.partner.name)

    return sorted(page.ties, key=place_in_list)


def _none_known(city: str, t: Texts) -> str:
    return t("I don't know of any sister cities of {city}. The closest cities that have some:", city=city)


def _head(page: CityPage, now: datetime, t: Texts) -> str:
    place = page.place
    lasting = [tie for tie in page.ties if tie.state != "ended"]
    facts = []
    if lasting:
        facts.append(t.plural("{n} partner city", "{n} partner cities", len(lasting)))
        countries = len({tie.partner.country_code for tie in lasting})
        if countries > 1:
            number = t.plural("{n} country", "{n} countries", countries)
            facts = [t("{cities} in {countries}", cities=facts[0], countries=number)]
    local = place.local(now)
    if local is not None:
        facts.append(t("local time **{time}**", time=time_of_day(local, t)))
    where = " · ".join(part for part in (around(place, t), place_kind(place, t)) if part)
    title = f"## {flag(place.country_code)} {line(place.name, LONGEST_NAME)}\n{where}"
    return title + (f"\n-# {' · '.join(facts)}" if facts else "")


def _groups(ties: list[Tie], t: Texts) -> list[str]:
    """A text for each country: Discord sets separate texts a little apart."""
    newest = newest_listing(ties)
    return [
        "\n".join([f"{flag(code)} {country_name(code, t.locale)}", *(_tie_line(tie, newest, t) for tie in group)])
        for code, group in groupby(ties, key=lambda tie: tie.partner.country_code)
    ]


def _tie_line(tie: Tie, newest: int | None, t: Texts) -> str:
    region = tie.partner.own_region
    name = f"**{line(tie.partner.name, LONGEST_NAME)}**" + (f", {line(region, LONGEST_REGION)}" if region else "")
    if tie.state == "ended":
        name = f"~~{name}~~"
    return " · ".join([name, *tie_facts(tie, newest, t)])


def foot_lines(page: CityPage, shown: list[Tie], number: int, pages: int, t: Texts) -> list[str]:
    """What must be known to read the card right: what is left out, how sure it is, where it is from."""
    lines = []
    if page.only_us_ties:
        lines.append(t("Only its ties with places in the United States are listed here; it may have others."))
    if any(tie.confidence == "unconfirmed" for tie in shown):
        lines.append(t("Unconfirmed: a single list names it, or which place is meant is not certain."))
    names = ", ".join([*_source_names(page, t), "GeoNames"])
    newest = newest_listing(shown)
    if newest:
        lines.append(t("Listed in {year} · sources: {names}", year=newest, names=names))
    else:
        lines.append(t("Sources: {names}", names=names))
    if pages > 1:
        lines.append(t("Page {number} of {pages}", number=number + 1, pages=pages))
    return lines


def _source_names(page: CityPage, t: Texts) -> list[str]:
    names = {
        "wikipedia": "Wikipedia",
        "wikidata": "Wikidata",
        "page": t("pages of cities, associations and newspapers"),
    }
    known = {source.partition(":")[0] for tie in page.ties for source in tie.sources}
    return [name for code, name in names.items() if code in known]


def _buttons(page: CityPage, number: int, pages: int, t: Texts) -> list[Item]:
    buttons: list[Item] = []
    if number > 0:
        buttons.append(CityTurn.to(page.place.id, number - 1, t("Previous page")))
    if number < pages - 1:
        buttons.append(CityTurn.to(page.place.id, number + 1, t("Next page")))
    return buttons


class CityTurn(Press, template=r"city-page:(?P<place>\d{1,9}):(?P<page>\d{1,3})"):
    """Another page of a city's partners, on the same card."""

    @classmethod
    def to(cls, place_id: int, number: int, label: str) -> "CityTurn":
        """A button to a page, counted from 0."""
        return cls(discord.ui.Button(label=label, custom_id=f"city-page:{place_id}:{number}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        page = await city_page(bot.database, bot.index, int(self.match["place"]), interaction.guild_id)
        shared = interaction.message is not None and not interaction.message.flags.ephemeral
        t = message_texts(interaction, private=not shared)
        await replace(interaction, city_card(page, int(self.match["page"]), bot.now(), t))


class CityOpen(Press, template=r"city-open:(?P<place>\d{1,9})"):
    """Another city's card: on the asker's own message in its place, else privately."""

    @classmethod
    def to(cls, place_id: int, label: str) -> "CityOpen":
        """A button to a city's card."""
        return cls(discord.ui.Button(label=cut(label, 80), custom_id=f"city-open:{place_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        page = await city_page(bot.database, bot.index, int(self.match["place"]), interaction.guild_id)
        view = city_card(page, 0, bot.now(), reader_texts(interaction))
        message = interaction.message
        asked = message.interaction_metadata if message else None
        if asked is not None and asked.user.id == interaction.user.id:
            await replace(interaction, view)
        else:
            await reply(interaction, view)
