"""The card of the chains of ties that link two cities."""

from collections.abc import Iterator

import discord

from bot.lookup.network import Chains, Pair, length_km
from bot.lookup.network_pages import PathPage, Surroundings, Unclear, find_path
from bot.texts import Texts
from bot.ui.card import BLUE, GREY, card, rows, rule
from bot.ui.cities.city_card import CityOpen
from bot.ui.cities.far_text import distance_words
from bot.ui.cities.numbers import number
from bot.ui.cities.place_text import place_line
from bot.ui.cities.two_cities import short_place, tie_words, unclear_city
from bot.ui.pages import one_page, page_count, page_line, pressed_texts, turn_buttons
from bot.ui.press import Interaction, Press, replace
from bot.ui.text import cut

STEPS_A_PAGE = 10

Chain = tuple[Pair, ...]


def path_card(page: PathPage | Unclear, shown: int, t: Texts) -> discord.ui.LayoutView:
    """How two cities are linked; `shown` is the page, from 0, brought into range: chain after chain, part by part."""
    if isinstance(page, Unclear):
        return unclear_city(page, lambda start, end, label: PathTurn.to(start, end, 0, label), t)
    if page.chains is None:
        return _no_path(page, t)
    parts = list(_parts(page.chains))
    [(at, first, steps)], shown = one_page(parts, shown, 1)
    ids, pages, several = (page.start.id, page.end.id), page_count(parts, 1), len(page.chains.best)
    foot = [*_foot(page.chains, steps, t), page_line(shown, pages, t) if pages > several else None]
    buttons = turn_buttons(lambda turn, label: PathTurn.to(*ids, turn, label), shown, pages, t)
    return card(
        _head(page, page.chains.best[at], t),
        rule(),
        "**" + t("Chain {n} of {total}", n=at + 1, total=several) + "**" if several > 1 else None,
        "\n".join(_step(step, place, t) for place, step in enumerate(steps, first + 1)),
        rule(),
        "\n".join(f"-# {line}" for line in foot if line),
        *rows(buttons),
        *rows(CityOpen.to(place.id, place.label) for place in (page.start, page.end)),
        colour=GREY if page.chains.over else BLUE,
    )


def _parts(chains: Chains) -> Iterator[tuple[int, int, Chain]]:
    """(chain, first step, steps) for each page."""
    for at, chain in enumerate(chains.best):
        for first in range(0, len(chain), STEPS_A_PAGE):
            yield at, first, chain[first : first + STEPS_A_PAGE]


def _head(page: PathPage, chain: Chain, t: Texts) -> str:
    lines = ["### " + t("How two cities are linked"), place_line(page.start, t), place_line(page.end, t)]
    facts = [t.plural("{n} tie from one to the other", "{n} ties from one to the other", len(chain))]
    along = length_km(chain)
    if page.km is not None:
        facts.append(t("{distance} as the crow flies", distance=distance_words(page.km, t)))
    if along is not None and len(chain) > 1:
        facts.append(t("{distance} along the ties", distance=distance_words(along, t)))
    return "\n".join([*lines, "-# " + " · ".join(facts)])


def _step(step: Pair, place: int, t: Texts) -> str:
    ends = f"{place}. {short_place(step.one)} — {short_place(step.other)}: {tie_words(step.tie, t)}"
    return f"{ends} · {distance_words(step.km, t)}" if step.km is not None else ends


def _foot(chains: Chains, steps: Chain, t: Texts) -> Iterator[str]:
    if chains.over:
        yield t("No ties that last link them: this chain needs one that is ended or suspended.")
    if chains.total > len(chains.best):
        total = number(chains.total, t)
        yield t(
            "{total} chains are this short. Here are {some}: confirmed ties first, then larger cities.",
            total=total,
            some=len(chains.best),
        )
    if any(step.link.confidence == "unconfirmed" for step in steps):
        yield t("Unconfirmed: a single list names it, or which place is meant is not certain.")


def _no_path(page: PathPage, t: Texts) -> discord.ui.LayoutView:
    """Nothing links them; where one can go from each of them instead."""
    offered = {around.place.id: around.place for around in page.surroundings if around.partners}
    offered |= {place.id: place for around in page.surroundings for place in around.places}
    return card(
        "### " + t("No chain of ties links these two"),
        *(item for around in page.surroundings for item in (rule(), _surroundings(around, t))),
        *rows(CityOpen.to(place.id, place.label) for place in offered.values()),
        colour=GREY,
    )


def _surroundings(around: Surroundings, t: Texts) -> str:
    if not around.partners:
        sentence = t("I don't know of any sister cities of it. The closest cities that have some:")
    elif around.reach > around.partners:
        sentence = t(
            "Through its ties and theirs it is linked with {number} places, among them:", number=number(around.reach, t)
        )
    else:
        sentence = t("It is linked with:")
    names = " · ".join(short_place(other) for other in around.places)
    return f"{place_line(around.place, t)}\n{sentence}\n{names}"


class PathTurn(Press, template=r"city-path:(?P<start>\d{1,9}):(?P<end>\d{1,9}):(?P<page>\d{1,3})"):
    """Another chain between two cities, or the rest of a long one, on the same card."""

    @classmethod
    def to(cls, start_id: int, end_id: int, shown: int, label: str) -> "PathTurn":
        """A button to a page, counted from 0."""
        return cls(discord.ui.Button(label=cut(label, 80), custom_id=f"city-path:{start_id}:{end_id}:{shown}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        start, end = (f"id:{self.match[name]}" for name in ("start", "end"))
        page = await find_path(bot.database, bot.index, start, end, interaction.guild_id)
        await replace(interaction, path_card(page, int(self.match["page"]), pressed_texts(interaction)))
