"""The card of a city, and its pages."""

from collections.abc import Sequence
from datetime import datetime
from random import SystemRandom

import discord

from bot.lookup.cities import CityPage, Tie, city_page, namesakes_of, random_page
from bot.lookup.regions import flag
from bot.texts import Texts
from bot.ui.card import BLUE, Item, card, link, rows, rule
from bot.ui.channels import for_everyone
from bot.ui.cities.far_text import WIKIPEDIA_LISTS, geonames_page, masked, wikidata_search, wikipedia_search
from bot.ui.cities.map_card import MapOpen
from bot.ui.cities.numbers import number as written
from bot.ui.cities.partner_list import PartnersOpen, counted_partners, short_partner
from bot.ui.cities.place_text import around, name_of, newest_listing, ordered, place_kind, short
from bot.ui.pages import one_page, page_count, page_line, pressed_texts, turn_buttons
from bot.ui.press import Interaction, Press, reader_texts, replace, reply
from bot.ui.text import cut, line, stamp, time_of_day

TIES_A_PAGE = 8
LONGEST_TITLE = 80  # of a story or an event


def city_card(page: CityPage, number: int, now: datetime, t: Texts, *, another: bool = False) -> discord.ui.LayoutView:
    """The card of one city; `number` is the page of partners, from 0; `another` offers one more random city."""
    pages = page_count(page.ties, TIES_A_PAGE)
    shown, number = one_page(ordered(page, t), number, TIES_A_PAGE)
    city = name_of(page.place)
    news = _news(page, t)
    namesakes = [place for place in page.namesakes if place not in page.nearby]  # a button twice is refused by Discord
    return card(
        _head(page, now, t),
        "-# " + t("Did you mean another {city}?", city=city) if namesakes else None,
        *rows(CityOpen.to(place.id, place.label) for place in namesakes),
        rule(),
        *([short_partner(tie, page.place, shown, now, t) for tie in shown] if shown else [_none_known(city, t)]),
        *rows(CityOpen.to(place.id, place.label) for place in page.nearby),
        rule() if news else None,
        news,
        rule(),
        "\n".join(f"-# {text}" for text in foot_lines(page, shown, number, pages, t)),
        *rows(_buttons(page, number, pages, t, another=another)),
        colour=BLUE,
    )


def open_card(
    page: CityPage, guild: discord.Guild | None, now: datetime, t: Texts, *, number: int = 0, another: bool = False
) -> discord.ui.LayoutView:
    """The card of one city as it may be shown in a server, or in a direct message."""
    return city_card(for_everyone(page, guild), number, now, t, another=another)


def _none_known(city: str, t: Texts) -> str:
    return t("I don't know of any sister cities of {city}. The closest cities that have some:", city=city)


def _head(page: CityPage, now: datetime, t: Texts) -> str:
    place = page.place
    facts = [counted_partners(page.ties, t)]
    if place.population:
        facts.append(t("population {number}", number=written(place.population, t)))
    local = place.local(now)
    clock = None
    if local is not None:
        clock = t("local time **{time}**", time=time_of_day(local, t)) + f" · {line(str(place.timezone), 40)}"
    where = " · ".join(part for part in (around(place, t), place_kind(place, t)) if part)
    lines = [" · ".join(fact for fact in facts if fact), clock]
    title = f"## {flag(place.country_code)} {name_of(place)}\n{where}"
    return "\n".join([title, *(f"-# {text}" for text in lines if text)])


def _news(page: CityPage, t: Texts) -> str:
    """The latest story and the next event about the place, in the server that has them."""
    lines = []
    if page.story:
        title = masked(short(page.story.title, LONGEST_TITLE), page.story.link)
        lines.append(f"**{t('Latest story')}** {title} · {stamp(page.story.published_at, 'R')}")
    if page.event:
        address = None
        if page.guild_id and page.event.channel_id and page.event.message_id:
            address = f"https://discord.com/channels/{page.guild_id}/{page.event.channel_id}/{page.event.message_id}"
        title = masked(short(page.event.title, LONGEST_TITLE), address)
        lines.append(f"**{t('Next event')}** {title} · {stamp(page.event.starts_at, 'f')}")
    return "\n".join(lines)


def foot_lines(
    page: CityPage, shown: Sequence[Tie], number: int, pages: int, t: Texts, *, links: bool = True
) -> list[str]:
    """What must be known to read the card right: what is left out, how sure it is, where it is from."""
    lines = []
    if page.only_us_ties:
        lines.append(t("Only its ties with places in the United States are listed here; it may have others."))
    if any(tie.confidence == "unconfirmed" for tie in shown):
        lines.append(t("Unconfirmed: a single list names it, or which place is meant is not certain."))
    if any(tie.confidence != "unconfirmed" for tie in shown):
        lines.append(t("No mark: confirmed by good sources."))
    names = ", ".join(masked(name, address if links else None) for name, address in _sources(page, t))
    newest = newest_listing(shown)
    if newest:
        lines.append(t("Listed in {year} · sources: {names}", year=newest, names=names))
    else:
        lines.append(t("Sources: {names}", names=names))
    which = page_line(number, pages, t)
    return [*lines, which] if which else lines


def _sources(page: CityPage, t: Texts) -> list[tuple[str, str | None]]:
    """The sources of a page's ties by name, each with the address where it can be read."""
    known = {source.partition(":")[0] for tie in page.ties for source in tie.sources}
    places = {
        "wikipedia": ("Wikipedia", WIKIPEDIA_LISTS),
        "wikidata": ("Wikidata", wikidata_search(page.place)),
        "page": (t("pages of cities, associations and newspapers"), None),
        "moderator": (t("this server's moderators"), None),
        "operator": (t("the people who run this bot"), None),
    }
    return [*(place for code, place in places.items() if code in known), ("GeoNames", geonames_page(page.place))]


def _buttons(page: CityPage, number: int, pages: int, t: Texts, *, another: bool) -> list[Item]:
    place_id = page.place.id
    extras = "n" * bool(page.namesakes) + "r" * another
    buttons = turn_buttons(lambda number, label: CityTurn.to(place_id, number, label, extras), number, pages, t)
    if page.ties and page.place.latitude is not None:
        buttons.append(MapOpen.to(place_id, t("Map")))
    if page.ties:
        buttons.append(PartnersOpen.to(place_id, t("Partners")))
    buttons.append(link(t("Wikipedia"), wikipedia_search(page.place)))
    return [*buttons, CityRandom.to(t("Another"))] if another else buttons


class CityTurn(Press, template=r"city-page:(?P<place>\d{1,9}):(?P<page>\d{1,3})(?::(?P<extras>[nr]{1,2}))?"):
    """Another page of a city's partners, on the same card; `extras` are n for namesakes, r for a random city."""

    @classmethod
    def to(cls, place_id: int, number: int, label: str, extras: str = "") -> "CityTurn":
        """A button to a page, counted from 0."""
        end = f":{extras}" if extras else ""
        return cls(discord.ui.Button(label=label, custom_id=f"city-page:{place_id}:{number}{end}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        place_id, extras = int(self.match["place"]), self.match["extras"] or ""
        namesakes = namesakes_of(bot.index, place_id) if "n" in extras else ()
        page = await city_page(bot.database, bot.index, place_id, interaction.guild_id, namesakes, now=bot.now())
        number, t = int(self.match["page"]), pressed_texts(interaction)
        view = open_card(page, interaction.guild, bot.now(), t, number=number, another="r" in extras)
        await replace(interaction, view)


class CityOpen(Press, template=r"city-open:(?P<place>\d{1,9})"):
    """Another city's card: on the asker's own message in its place, else privately."""

    @classmethod
    def to(cls, place_id: int, label: str) -> "CityOpen":
        """A button to a city's card."""
        return cls(discord.ui.Button(label=cut(label, 80), custom_id=f"city-open:{place_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        page = await city_page(bot.database, bot.index, int(self.match["place"]), interaction.guild_id, now=bot.now())
        await _show(interaction, page)


class CityRandom(Press, template=r"city-random"):
    """One more random city, as CityOpen shows it."""

    @classmethod
    def to(cls, label: str) -> "CityRandom":
        """A button to a random city's card."""
        return cls(discord.ui.Button(label=label, custom_id="city-random"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        page = await random_page(bot.database, bot.index, interaction.guild_id, SystemRandom(), bot.now())
        await _show(interaction, page, another=True)


async def _show(interaction: Interaction, page: CityPage, *, another: bool = False) -> None:
    guild, now, message = interaction.guild, interaction.client.now(), interaction.message
    asked = message.interaction_metadata if message else None
    if asked is not None and asked.user.id == interaction.user.id:
        await replace(interaction, open_card(page, guild, now, pressed_texts(interaction), another=another))
    else:
        await reply(interaction, open_card(page, guild, now, reader_texts(interaction), another=another))
