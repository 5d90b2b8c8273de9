"""A city's partners: each in a few words for the city's card, and in full on a list of their own."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import discord

from bot.lookup.cities import CityPage, Tie, city_page
from bot.lookup.places import Place
from bot.lookup.regions import country_name, flag
from bot.plain_text import visible
from bot.texts import Texts
from bot.ui.card import BLUE, GREY, card, rows, rule
from bot.ui.cities.far_text import WIKIPEDIA_LISTS, far_words, geonames_page, masked, wikidata_search
from bot.ui.cities.place_text import (
    LONGEST_REGION,
    all_tie_facts,
    around,
    name_of,
    newest_listing,
    ordered,
    place_kind,
    short,
    tie_facts,
)
from bot.ui.pages import one_page, page_count, page_line, pressed_texts, turn_buttons
from bot.ui.press import Interaction, Press, reader_texts, replace, reply
from bot.ui.text import cut, plain, time_of_day
from db.names import fold

TIES_A_PAGE = 5
PHONE_LINE = 38  # characters of small print
LEAST_NOTES, LONGEST_NOTES = 20, 250
ROOM = 3_200  # characters of a page for its partners


def counted_partners(ties: Sequence[Tie], t: Texts) -> str | None:
    """How many partners in how many countries these ties make, those that ended left out."""
    lasting = [tie for tie in ties if tie.state != "ended"]
    if not lasting:
        return None
    cities = t.plural("{n} partner city", "{n} partner cities", len(lasting))
    countries = len({tie.partner.country_code for tie in lasting})
    if countries == 1:
        return cities
    number = t.plural("{n} country", "{n} countries", countries)
    return t("{cities} in {countries}", cities=cities, countries=number)


def short_partner(tie: Tie, home: Place, shown: Sequence[Tie], now: datetime, t: Texts) -> str:
    """A partner by name, and in small print what is known of it; `shown` are all ties of the page.

    Where a phone would break the one line in the middle, clock and distance take a line of their own.
    """
    facts = tie_facts(tie, newest_listing(shown), t, every_kind=True)
    far = [text for text in [far_words(tie.partner, home, now, t)] if text]
    small = _phone_lines([*facts, *far])
    if len(small) > 1:
        small = [*_phone_lines(facts), *far]
    return "\n".join([f"{_titled(tie)}, {_whereabouts(tie.partner, shown, t)}", *(f"-# {text}" for text in small)])


def _phone_lines(facts: Iterable[str]) -> list[str]:
    """The facts in as few lines of small print as a phone shows without breaking them."""
    lines: list[str] = []
    for fact in facts:
        longer = f"{lines[-1]} · {fact}" if lines else fact
        if lines and len(longer.replace("*", "")) <= PHONE_LINE:
            lines[-1] = longer
        else:
            lines.append(fact)
    return lines


def _titled(tie: Tie) -> str:
    name = f"**{name_of(tie.partner)}**"
    return f"{flag(tie.partner.country_code)} " + (f"~~{name}~~" if tie.state == "ended" else name)


def _whereabouts(partner: Place, shown: Sequence[Tie], t: Texts) -> str:
    """The state of a town in the United States, else the country, and the region too if names repeat."""
    country = country_name(partner.country_code, t.locale)
    region = short(partner.own_region or "", LONGEST_REGION)
    if region and partner.country_code == "US":
        return region
    same = [tie for tie in shown if fold(tie.partner.name) == fold(partner.name)]
    return f"{region}, {country}" if region and len(same) > 1 else country


def partners_card(
    page: CityPage, country_code: str | None, number: int, now: datetime, t: Texts
) -> discord.ui.LayoutView:
    """All there is to say of each partner, of one country only if it is given; `number` is the page, from 0."""
    ties = [tie for tie in ordered(page, t) if country_code in (None, tie.partner.country_code)]
    if not ties:
        return card(_none(page, country_code, t), colour=GREY)
    pages = page_count(ties, TIES_A_PAGE)
    shown, number = one_page(ties, number, TIES_A_PAGE)
    buttons = turn_buttons(
        lambda number, label: PartnersTurn.to(page.place.id, country_code, number, label), number, pages, t
    )
    lists = masked(t("lists of sister cities"), WIKIPEDIA_LISTS)
    years = t("The years are those of each source's texts; Wikipedia's are its {lists}.", lists=lists)
    foot = [years, page_line(number, pages, t)]
    return card(
        _head(page, country_code, ties, now, t),
        rule(),
        *_full_partners(shown, page.place, now, t),
        rule(),
        "\n".join(f"-# {text}" for text in foot if text),
        *rows(buttons),
        colour=BLUE,
    )


def _head(page: CityPage, country_code: str | None, ties: Sequence[Tie], now: datetime, t: Texts) -> str:
    city = f"{flag(page.place.country_code)} {name_of(page.place)}"
    title = t("Partners of {city}", city=city)
    if country_code:
        title = t("Partners of {city}: {country}", city=city, country=country_name(country_code, t.locale))
    local = page.place.local(now)
    clock = t("local time **{time}**", time=time_of_day(local, t)) if local else None
    facts = " · ".join(fact for fact in (counted_partners(ties, t), clock) if fact)
    return f"## {title}\n{around(page.place, t)}" + (f"\n-# {facts}" if facts else "")


def _none(page: CityPage, country_code: str | None, t: Texts) -> str:
    city = name_of(page.place)
    if country_code is None or not page.ties:
        return t("I don't know of any partner city of {city}.", city=city)
    countries = {country_name(tie.partner.country_code, t.locale) for tie in page.ties}
    return t(
        "{country}: I don't know of any partner city of {city} there. Its partners are in: {countries}.",
        city=city,
        country=country_name(country_code, t.locale),
        countries=cut(", ".join(sorted(countries, key=fold)), 2_000),
    )


def _full_partners(ties: Sequence[Tie], home: Place, now: datetime, t: Texts) -> list[str]:
    """A text for each; the notes share what room the rest leaves."""
    bare = [_full_partner(tie, home, now, t) for tie in ties]
    room = min(LONGEST_NOTES, max(LEAST_NOTES, (ROOM - sum(map(len, bare))) // len(bare)))
    return [text + _notes(tie, room) for text, tie in zip(bare, ties, strict=True)]


def _full_partner(tie: Tie, home: Place, now: datetime, t: Texts) -> str:
    partner = tie.partner
    where = " · ".join(part for part in (around(partner, t), place_kind(partner, t)) if part)
    facts = " · ".join(all_tie_facts(tie, t))
    small = [far_words(partner, home, now, t), " · ".join(_source_words(tie, t))]
    return "\n".join([f"{_titled(tie)}, {where}", facts, *(f"-# {text}" for text in small if text)])


def _source_words(tie: Tie, t: Texts) -> list[str]:
    """Each source with the years of its texts, and GeoNames for where the place is; the notes name other pages."""
    years: dict[str, list[str]] = {}
    for source in tie.sources:
        code, _, year = source.partition(":")
        years.setdefault(code, []).append(year)
    known = {"wikipedia": "Wikipedia", "wikidata": masked("Wikidata", wikidata_search(tie.partner))}
    if not tie.notes:
        known["page"] = t("pages of cities, associations and newspapers")
    known |= {"moderator": t("this server's moderators"), "operator": t("the people who run this bot")}
    named = [
        f"{name} {', '.join(sorted(year for year in years[code] if year.isdecimal() and len(year) == 4))}".rstrip()
        for code, name in known.items()
        if code in years
    ]
    return [*named, masked("GeoNames", geonames_page(tie.partner))]


def _notes(tie: Tie, limit: int) -> str:
    """The pages that say so and remarks, as small print; web addresses open, for moderators wrote them."""
    safe = plain(visible(tie.notes), links=True)
    if len(safe) > limit:
        safe = short(tie.notes, limit)  # without links: one that is cut leads elsewhere
    return f"\n-# {safe}" if safe else ""


class PartnersOpen(Press, template=r"city-partners:(?P<place>\d{1,9})"):
    """All about a city's partners, privately: the card that was pressed stays as it is."""

    @classmethod
    def to(cls, place_id: int, label: str) -> "PartnersOpen":
        """A button to the first page."""
        return cls(discord.ui.Button(label=label, custom_id=f"city-partners:{place_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        page = await city_page(bot.database, bot.index, int(self.match["place"]), interaction.guild_id)
        await reply(interaction, partners_card(page, None, 0, bot.now(), reader_texts(interaction)))


class PartnersTurn(Press, template=r"city-partners:(?P<place>\d{1,9}):(?P<country>[A-Z]{2}|all):(?P<page>\d{1,3})"):
    """Another page of the partners, on the same message."""

    @classmethod
    def to(cls, place_id: int, country_code: str | None, number: int, label: str) -> "PartnersTurn":
        """A button to a page, counted from 0, of the partners in a country or in all."""
        custom_id = f"city-partners:{place_id}:{country_code or 'all'}:{number}"
        return cls(discord.ui.Button(label=label, custom_id=custom_id))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        page = await city_page(bot.database, bot.index, int(self.match["place"]), interaction.guild_id)
        country = None if self.match["country"] == "all" else self.match["country"]
        t = pressed_texts(interaction)
        await replace(interaction, partners_card(page, country, int(self.match["page"]), bot.now(), t))
