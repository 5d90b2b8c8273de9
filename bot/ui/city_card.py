"""The card of a city, its pages, and the nearest names when no city goes by what was typed."""

from datetime import date, datetime
from itertools import groupby

import discord

from bot.cities import CityPage, NoSuchCity, Tie, city_page
from bot.places import Place
from bot.regions import country_name, flag
from bot.texts import Texts
from bot.ui.card import BLUE, GREY, Item, card, link, rows, rule
from bot.ui.press import Interaction, Press, reader_texts, replace, reply
from bot.ui.text import cut, line, time_of_day

TIES_A_PAGE = 12
SOURCE_NAMES = {"wikipedia": "Wikipedia", "wikidata": "Wikidata", "page": "city and association pages"}


def city_card(page: CityPage, number: int, now: datetime, t: Texts) -> discord.ui.LayoutView:
    """The card of one city; `number` is the page of partners, from 0, brought into range."""
    pages = page_count(page)
    number = max(0, min(number, pages - 1))
    shown = ordered(page, t)[number * TIES_A_PAGE : (number + 1) * TIES_A_PAGE]
    return card(
        _head(page, now, t),
        rule() if page.ties else None,
        *_groups(shown, t),
        t("I know no sister cities of {city}. The closest cities that have some:", city=line(page.place.name, 80))
        if not page.ties
        else None,
        rule(),
        _foot(page, number, pages, t),
        *rows(_buttons(page, number, pages, t)),
        colour=BLUE,
    )


def no_such_city(answer: NoSuchCity, t: Texts) -> discord.ui.LayoutView:
    """Says that no city goes by that, and offers the nearest names as buttons."""
    query = line(answer.query, 60)
    if not answer.suggestions:
        return card(
            t("I found no city like “{query}”.", query=query),
            t("Try the first letters of its name, in any language, or start with one of these:"),
            *rows([CityOpen.to(place_id, name) for place_id, name in START_WITH]),
            colour=GREY,
        )
    return card(
        t("I know no city called “{query}”. Did you mean one of these?", query=query),
        *rows([CityOpen.to(place.id, place.label) for place in answer.suggestions]),
        colour=GREY,
    )


START_WITH = ((4049979, "Birmingham, Alabama, US"), (4644585, "Nashville, Tennessee, US"))


def page_count(page: CityPage) -> int:
    """How many pages the partners take, at least one."""
    return max(1, -(-len(page.ties) // TIES_A_PAGE))


def ordered(page: CityPage, t: Texts) -> list[Tie]:
    """The ties by country, in the reader's language, then by city; ended ones last within a country."""
    return sorted(
        page.ties,
        key=lambda tie: (
            country_name(tie.partner.country_code, t.locale),
            tie.state in ("ended", "suspended"),
            tie.partner.name,
        ),
    )


def place_line(place: Place, t: Texts) -> str:
    """A place with its flag, region and country: "🇺🇸 Birmingham · Alabama, United States"."""
    country = country_name(place.country_code, t.locale)
    around = ", ".join(part for part in (place.region, country) if part)
    return f"{flag(place.country_code)} **{line(place.name, 80)}** · {line(around, 100)}"


def signed_on(signed: str, t: Texts) -> str:
    """An ISO date of any precision, in the reader's language: "1982", "July 2017", "April 23, 1982"."""
    from babel.dates import format_date, format_skeleton

    locale = t.locale.replace("-", "_")
    if len(signed) == len("2017-07-03"):
        return str(format_date(date.fromisoformat(signed), "long", locale))
    if len(signed) == len("2017-07"):
        return str(format_skeleton("yMMMM", date.fromisoformat(f"{signed}-01"), locale=locale))
    return signed


def _head(page: CityPage, now: datetime, t: Texts) -> str:
    place = page.place
    facts = []
    if page.ties:
        countries = len({tie.partner.country_code for tie in page.ties})
        cities = t.plural("{n} partner city", "{n} partner cities", len(page.ties))
        facts.append(
            t("{cities} in {countries}", cities=cities, countries=t.plural("{n} country", "{n} countries", countries))
        )
    local = place.local(now)
    if local is not None:
        facts.append(t("local time **{time}**", time=time_of_day(local, t)))
    country = country_name(place.country_code, t.locale)
    around = ", ".join(part for part in (place.region, country) if part)
    title = f"## {flag(place.country_code)} {line(place.name, 80)}\n{line(around, 100)}"
    return title + (f"\n-# {' · '.join(facts)}" if facts else "")


def _groups(ties: list[Tie], t: Texts) -> list[str]:
    blocks = []
    for code, group in groupby(ties, key=lambda tie: tie.partner.country_code):
        lines = [f"{flag(code)} **{country_name(code, t.locale)}**", *(_tie_line(tie, t) for tie in group)]
        blocks.append("\n".join(lines))
    return ["\n".join(blocks)] if blocks else []


def _tie_line(tie: Tie, t: Texts) -> str:
    name = line(", ".join(part for part in (tie.partner.name, tie.partner.region) if part), 90)
    if tie.state == "ended":
        name = f"~~{name}~~"
    facts = [t("signed {date}", date=signed_on(tie.signed, t))] if tie.signed else []
    facts += [text for text in (_kind(tie, t), _state(tie, t), _confidence(tie, t)) if text]
    return " · ".join([name, *facts])


def _kind(tie: Tie, t: Texts) -> str | None:
    return {"friendship": t("friendship city"), "partner": t("partner city")}.get(tie.kind)


def _state(tie: Tie, t: Texts) -> str | None:
    year = tie.as_of
    if tie.state == "ended":
        return t("ended, as of {year}", year=year) if year else t("ended")
    if tie.state == "suspended":
        return t("suspended, as of {year}", year=year) if year else t("suspended")
    return None


def _confidence(tie: Tie, t: Texts) -> str | None:
    return t("*unconfirmed*") if tie.confidence == "unconfirmed" else None


def _foot(page: CityPage, number: int, pages: int, t: Texts) -> str:
    lines = []
    if page.only_us_ties and page.ties:
        lines.append(t("Only its ties with places in the United States are listed here; it may have others."))
    listed = [tie.listed for tie in page.ties if tie.listed]
    if listed:
        names = {SOURCE_NAMES[source.partition(":")[0]] for tie in page.ties for source in tie.sources}
        span = str(max(listed)) if min(listed) == max(listed) else f"{min(listed)}–{max(listed)}"
        lines.append(
            t("Listed in {years} · sources: {names}", years=span, names=", ".join([*sorted(names), "GeoNames"]))
        )
    else:
        lines.append(t("Source: {names}", names="GeoNames"))
    if pages > 1:
        lines.append(t("Page {number} of {pages}", number=number + 1, pages=pages))
    return "\n".join(f"-# {text}" for text in lines)


def _buttons(page: CityPage, number: int, pages: int, t: Texts) -> list[Item]:
    buttons: list[Item] = []
    if number > 0:
        buttons.append(CityTurn.to(page.place.id, number - 1, t("Previous page")))
    if number < pages - 1:
        buttons.append(CityTurn.to(page.place.id, number + 1, t("Next page")))
    buttons += [CityOpen.to(place.id, place.label) for place in (page.nearby or page.namesakes)]
    addresses = [address for tie in page.ties for address in tie.pages if address.startswith("https://")]
    if addresses and len(addresses[0]) <= 500:
        buttons.append(link(t("A source"), addresses[0]))
    return buttons


class CityTurn(Press, template=r"city-page:(?P<place>\d{1,18}):(?P<page>\d{1,3})"):
    """Another page of a city's partners, on the same card."""

    @classmethod
    def to(cls, place_id: int, number: int, label: str) -> "CityTurn":
        """A button to a page, counted from 0."""
        return cls(discord.ui.Button(label=label, custom_id=f"city-page:{place_id}:{number}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        page = await city_page(bot.database, bot.index, int(self.match["place"]), interaction.guild_id)
        await replace(interaction, city_card(page, int(self.match["page"]), bot.now(), reader_texts(interaction)))


class CityOpen(Press, template=r"city-open:(?P<place>\d{1,18})"):
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
