"""The places that a message names: reading all its text, and the card that lists them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

from bot.lookup.places import Place
from bot.texts import Texts
from bot.ui.card import BLUE, card, note, rows
from bot.ui.cities.city_card import CityOpen
from bot.ui.cities.place_text import place_line

MOST_LISTED = 10
AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific"
ZONE = re.compile(rf"\b(?:{AREAS})(?:/[\w\\+-]+)+")
HEAD = re.compile(r"^(#+ .*)\n", re.MULTILINE)


def text_of(message: discord.Message) -> str:
    """Everything that a message says: its text, its embeds, its components, and the message it forwards."""
    forwarded = (text for snapshot in message.message_snapshots for text in _texts(snapshot))
    return "\n".join([*_texts(message), *forwarded])


def _texts(message: discord.Message | discord.MessageSnapshot) -> Iterator[str]:
    yield message.content
    for embed in message.embeds:
        yield from (text for text in (embed.title, embed.description) if text)
        yield from (f"{field.name}\n{field.value}" for field in embed.fields)
    yield from _shown(message.components)


def _shown(components: Sequence[Any]) -> Iterator[str]:
    """The texts of Components V2, those inside containers and sections too."""
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield without_small_print(component.content)
        yield from _shown(getattr(component, "children", ()))


def without_small_print(text: str) -> str:
    """What a card says, without its sources, remarks and time zones, which name places that it is not about."""
    lines = (line for line in text.split("\n") if not line.startswith("-#"))
    return ZONE.sub("", HEAD.sub(r"\1, ", "\n".join(lines)))


def named_card(places: Sequence[Place], ties: Mapping[int, int], t: Texts) -> discord.ui.LayoutView:
    """The places that a message names, each with a button to its card; `ties` are numbers of partners by place id."""
    shown = places[:MOST_LISTED]
    rest = len(places) - len(shown)
    more = t.plural("… and {n} more place", "… and {n} more places", rest) if rest else None
    return card(
        "### " + t("Cities in this message"),
        "\n".join(_line(place, ties.get(place.id, 0), t) for place in shown),
        f"-# {more}" if more else None,
        *rows(CityOpen.to(place.id, place.label) for place in shown),
        colour=BLUE,
    )


def none_named(me: str, t: Texts) -> discord.ui.LayoutView:
    """Says that no place was found, and what to do instead; `me` is how the bot is mentioned."""
    return note(t("I found no city in that message. Look one up with `/city view`, or ask me: {me} Nashville.", me=me))


def _line(place: Place, ties: int, t: Texts) -> str:
    partners = t.plural("{n} partner city", "{n} partner cities", ties) if ties else None
    return place_line(place, t) + (f"\n-# {partners}" if partners else "")
