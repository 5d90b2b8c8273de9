"""The card with the map of a city: the picture, and beneath it the partners by their numbers."""

from collections.abc import Sequence
from io import BytesIO
from itertools import groupby

import discord

from bot.lookup.cities import CityPage, Tie, city_page
from bot.lookup.geography import point_of
from bot.lookup.places import Place
from bot.lookup.regions import country_name, flag
from bot.texts import Texts
from bot.ui.card import BLUE, card, rows, rule
from bot.ui.cities.far_text import away
from bot.ui.cities.partner_list import counted_partners
from bot.ui.cities.place_text import around, name_of, ordered, short, state_words
from bot.ui.map.sketch import MOST, Sketch, sketch_of
from bot.ui.pages import one_page, page_count, page_line, pressed_texts, turn_buttons
from bot.ui.press import Interaction, Press, message_texts, replace, reply
from bot.ui.text import cut

PICTURE = "map.png"
A_PAGE = 21  # partners; as many of the longest names, each in a country of its own, still fit
LONGEST_NAME = 40
LONGEST_DESCRIPTION = 1_024  # Discord's limit


def map_card(page: CityPage, number: int, t: Texts) -> discord.ui.LayoutView:
    """The card of a city's map, which refers to its picture as an attachment; `number` is the page, from 0."""
    ties, sketch = in_map_order(page, t), map_sketch(page, t)
    drawn = len(sketch.stops) if sketch else 0
    listed = [(one if one <= drawn else None, tie) for one, tie in enumerate(ties, start=1)]
    pages = page_count(listed, A_PAGE)
    shown, number = one_page(listed, number, A_PAGE)
    buttons = turn_buttons(lambda number, label: MapTurn.to(page.place.id, number, label), number, pages, t)
    return card(
        _head(page, t),
        _picture(page, ties[:drawn], t) if sketch else None,
        *_groups(page.place, shown, t),
        rule(),
        "\n".join(f"-# {text}" for text in _foot(page, number, pages, t)),
        *rows(buttons),
        colour=BLUE,
    )


def map_sketch(page: CityPage, t: Texts) -> Sketch | None:
    """The map that goes with the card; None if nobody knows where the city is."""
    return sketch_of(page.place, in_map_order(page, t))


def in_map_order(page: CityPage, t: Texts) -> list[Tie]:
    """The ties as the map numbers them: as on the city's card, but those that cannot be on the map come last."""
    return sorted(ordered(page, t), key=lambda tie: point_of(tie.partner) is None)


def _head(page: CityPage, t: Texts) -> str:
    title = f"## {flag(page.place.country_code)} {name_of(page.place)}\n{around(page.place, t)}"
    none = t("I don't know of any partner city of {city}.", city=name_of(page.place))
    counted = counted_partners(page.ties, t) or ("" if page.ties else none)
    return title + (f"\n-# {counted}" if counted else "")


def _picture(page: CityPage, ties: Sequence[Tie], t: Texts) -> discord.ui.MediaGallery[discord.ui.LayoutView]:
    """The picture, with words for those who do not see it."""
    city = name_of(page.place)
    countries = ", ".join(dict.fromkeys(country_name(tie.partner.country_code, t.locale) for tie in ties))
    words = t("A map with {city} in the middle and no partner cities.", city=city)
    if ties:
        words = t.plural(
            "A map with {city} and a line to {n} partner city, in {countries}.",
            "A map with {city} and lines to {n} partner cities, in {countries}.",
            len(ties),
            city=city,
            countries=countries,
        )
    item = discord.MediaGalleryItem(f"attachment://{PICTURE}", description=cut(words, LONGEST_DESCRIPTION))
    return discord.ui.MediaGallery(item)


def _groups(home: Place, ties: Sequence[tuple[int | None, Tie]], t: Texts) -> list[str]:
    """A text for each country; those that are not on the map have no number."""

    def group(numbered: tuple[int | None, Tie]) -> tuple[bool, str]:
        return numbered[0] is None, numbered[1].partner.country_code

    return [
        "\n".join([f"{flag(code)} {country_name(code, t.locale)}", *(_partner(home, one, tie, t) for one, tie in some)])
        for (_, code), some in groupby(ties, key=group)
    ]


def _partner(home: Place, number: int | None, tie: Tie, t: Texts) -> str:
    """A partner on one line: its number on the map, its name, how far it is."""
    name = short(tie.partner.name, LONGEST_NAME)
    facts: list[str | None] = [f"**{name}**" if tie.state != "ended" else f"~~**{name}**~~"]
    facts += [away(tie.partner, home, t), state_words(tie, t) if tie.over else None]
    return f"`{number or '–'}` " + " · ".join(fact for fact in facts if fact)


def _foot(page: CityPage, number: int, pages: int, t: Texts) -> list[str]:
    """What must be known to read the map right."""
    city, lines = name_of(page.place), []
    found = [tie for tie in page.ties if point_of(tie.partner)]
    lost = len(page.ties) - len(found)
    if point_of(page.place) is None:
        lines.append(t("I don't know where {city} is, so I cannot draw its map.", city=city))
    elif any(tie.over for tie in found):
        lines.append(t("Grey on the map: ended or suspended."))
    if lost:
        lines.append(
            t.plural(
                "{n} partner has no number: I don't know where it is.",
                "{n} partners have no number: I don't know where they are.",
                lost,
            )
        )
    if len(found) > MOST:
        lines.append(t("The map has the first {n} partners.", n=MOST))
    if page.only_us_ties:
        lines.append(t("Only its ties with places in the United States are listed here; it may have others."))
    turned = page_line(number, pages, t)
    return [*lines, t("Sources: {names}", names="Natural Earth, GeoNames"), *([turned] if turned else [])]


async def show_map(interaction: Interaction, page: CityPage, *, private: bool) -> None:
    """Answer with a city's map; if its picture must be drawn first, Discord is told that it takes a moment."""
    t = message_texts(interaction, private=private)
    sketch = map_sketch(page, t)
    if _must_draw(interaction, sketch):
        await interaction.response.defer(ephemeral=private, thinking=True)
    await reply(interaction, map_card(page, 0, t), private=private, file=await _file(interaction, sketch))


def _must_draw(interaction: Interaction, sketch: Sketch | None) -> bool:
    """Whether the picture takes longer than Discord waits for an answer."""
    return sketch is not None and sketch not in interaction.client.maps


async def _file(interaction: Interaction, sketch: Sketch | None) -> discord.File | None:
    if sketch is None:
        return None
    return discord.File(BytesIO(await interaction.client.maps.picture(sketch)), PICTURE)


class MapOpen(Press, template=r"city-map:(?P<place>\d{1,9})"):
    """The map of a city and its partners, privately: the card that was pressed stays as it is."""

    @classmethod
    def to(cls, place_id: int, label: str) -> "MapOpen":
        """A button to a city's map."""
        return cls(discord.ui.Button(label=cut(label, 80), custom_id=f"city-map:{place_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        page = await city_page(bot.database, bot.index, int(self.match["place"]), interaction.guild_id)
        await show_map(interaction, page, private=True)


class MapTurn(Press, template=r"city-map:(?P<place>\d{1,9}):(?P<page>\d{1,3})"):
    """Another page of the list beneath a map, on the same message."""

    @classmethod
    def to(cls, place_id: int, number: int, label: str) -> "MapTurn":
        """A button to a page, counted from 0."""
        return cls(discord.ui.Button(label=label, custom_id=f"city-map:{place_id}:{number}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot, t = interaction.client, pressed_texts(interaction)
        page = await city_page(bot.database, bot.index, int(self.match["place"]), interaction.guild_id)
        sketch = map_sketch(page, t)
        if _must_draw(interaction, sketch):
            await interaction.response.defer()
        file = await _file(interaction, sketch)
        await replace(interaction, map_card(page, int(self.match["page"]), t), file=file)
