"""The card of two cities side by side; ① and ② tell them apart in every line."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

import discord

from bot.lookup.cities import CityPage, Tie
from bot.lookup.comparison import Comparison, Side, compare_cities
from bot.lookup.network_pages import Unclear
from bot.lookup.places import Place
from bot.lookup.regions import country_name
from bot.texts import Texts
from bot.ui.card import BLUE, card, rows, rule
from bot.ui.cities.city_card import CityOpen
from bot.ui.cities.far_text import NO_BREAK, clock_words, distance_words
from bot.ui.cities.numbers import number
from bot.ui.cities.partner_list import counted_partners
from bot.ui.cities.place_text import name_of, ordered, place_kind, place_line, signed_on, tie_facts
from bot.ui.cities.two_cities import short_place, tie_words, unclear_city
from bot.ui.pages import one_page, page_line, pressed_texts, turn_buttons
from bot.ui.press import Interaction, Press, replace
from bot.ui.text import cut
from db.names import fold

PARTNERS_A_PAGE, ROOM = 12, 2_200  # partners, and characters for them: whichever is reached first
MOST_COUNTRIES = 8
ONE, OTHER = "①", "②"

Entry = tuple[str, str]  # heading and line


def compare_card(found: Comparison | Unclear, shown: int, now: datetime, t: Texts) -> discord.ui.LayoutView:
    """Two cities side by side, then their partners; `shown` is the page of those, from 0, brought into range."""
    if isinstance(found, Unclear):
        return unclear_city(found, lambda one, other, label: CompareTurn.to(one, other, 0, label), t)
    one, other = found.one.place, found.other.place
    pages = _pages(
        [*_shared(found, t), *_only(ONE, found.one, found.only_one, t), *_only(OTHER, found.other, found.only_other, t)]
    )
    [part], shown = one_page(pages, shown, 1)
    foot = [line for line in (*_foot(found, part, t), page_line(shown, len(pages), t)) if line]
    return card(
        f"{ONE} {place_line(one, t)}\n{OTHER} {place_line(other, t)}",
        rule(),
        _facts(found, now, t) if shown == 0 else None,
        rule() if part and shown == 0 else None,
        *_grouped(part),
        rule() if foot else None,
        "\n".join(f"-# {line}" for line in foot),
        *rows(turn_buttons(lambda turn, label: CompareTurn.to(one.id, other.id, turn, label), shown, len(pages), t)),
        *rows(CityOpen.to(place.id, place.label) for place in (one, other)),
        colour=BLUE,
    )


def _facts(found: Comparison, now: datetime, t: Texts) -> str:
    one, other = found.one.place, found.other.place
    unknown = t("not known")
    lines = [
        t("Their tie: {words}", words=tie_words(found.between, t))
        if found.between
        else t("They have no tie with each other.")
    ]
    if found.km is not None:
        lines.append(t("{distance} as the crow flies", distance=distance_words(found.km, t)))
    if {one.kind, other.kind} != {"city"}:
        lines.append(_row(t("What it is"), *(_kind(place, t) for place in (one, other))))
    lines += [
        _row(
            t("Population"), *(number(place.population, t) if place.population else unknown for place in (one, other))
        ),
        _row(t("Local time"), *(clock_words(place, one, now, t) or unknown for place in (one, other))),
        _row(t("Partners"), *(counted_partners(side.ties, t) or t("none known") for side in (found.one, found.other))),
    ]
    dates = found.one.signed, found.other.signed
    if any(dates):
        lines.append(_row(t("Oldest tie signed"), *(signed_on(some[0], t) if some else unknown for some in dates)))
    if any(len(some) > 1 for some in dates):
        lines.append(_row(t("Newest tie signed"), *(signed_on(some[-1], t) if some else unknown for some in dates)))
    return "\n".join([*lines, *_countries(found, t)])


def _row(label: str, one: str, other: str) -> str:
    return f"**{label}** {ONE}{NO_BREAK}{one} · {OTHER}{NO_BREAK}{other}"


def _kind(place: Place, t: Texts) -> str:
    kinds = {"county": t("county or district"), "province": t("province or region"), "country": t("country")}
    return kinds.get(place.kind, t("city"))


def _countries(found: Comparison, t: Texts) -> Iterator[str]:
    """The countries where both have partners, but different ones, in one line."""
    names = sorted((country_name(code, t.locale) for code in found.countries), key=fold)
    if names:
        more = [t("and {n} more", n=len(names) - MOST_COUNTRIES)] if len(names) > MOST_COUNTRIES else []
        label = t("Different partners in the same country")
        yield f"**{label}** " + ", ".join([*names[:MOST_COUNTRIES], *more])


def _shared(found: Comparison, t: Texts) -> Iterator[Entry]:
    others = {other.partner.id: other for _, other in found.shared}
    heading = t("Partners of both ({n})", n=len(others))
    for tie in _in_order(found.one.place, [one for one, _ in found.shared], t):
        known = {ONE: _words(tie, t), OTHER: _words(others[tie.partner.id], t)}
        small = " · ".join(f"{mark} {', '.join(words)}" for mark, words in known.items() if words)
        yield heading, short_place(tie.partner) + (f"\n-# {small}" if small else "")


def _only(mark: str, side: Side, ties: Sequence[Tie], t: Texts) -> Iterator[Entry]:
    heading = t("Partners of {city} only ({n})", city=f"{mark} {name_of(side.place)}", n=len(ties))
    for tie in _in_order(side.place, ties, t):
        yield heading, " · ".join([short_place(tie.partner), *_words(tie, t)])


def _in_order(place: Place, ties: Sequence[Tie], t: Texts) -> list[Tie]:
    return ordered(CityPage(place, tuple(ties)), t)


def _words(tie: Tie, t: Texts) -> list[str]:
    """What is known of a tie, without what its partner is and when it was listed."""
    return [fact for fact in tie_facts(tie, tie.listed, t) if fact != place_kind(tie.partner, t)]


def _pages(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries in pages that fit into a message, at least one."""
    pages: list[list[Entry]] = [[]]
    for entry in entries:
        size = sum(len(text) for _, text in [*pages[-1], entry])
        if len(pages[-1]) == PARTNERS_A_PAGE or size > ROOM:
            pages.append([])
        pages[-1].append(entry)
    return pages


def _grouped(part: list[Entry]) -> list[str]:
    """A text for each heading with its lines."""
    groups = groupby(part, key=lambda entry: entry[0])
    return ["\n".join([f"### {heading}", *(text for _, text in group)]) for heading, group in groups]


def _foot(found: Comparison, part: list[Entry], t: Texts) -> Iterator[str]:
    places = found.one.place, found.other.place
    if not found.shared and found.one.ties and found.other.ties:
        yield t("No city is a partner of both.")
    if any(place.country_code != "US" for place in places):
        yield t("Of places outside the United States only ties with places in the United States are listed.")
    if any(t("*unconfirmed*") in text for _, text in part):
        yield t("Unconfirmed: a single list names it, or which place is meant is not certain.")


class CompareTurn(Press, template=r"city-compare:(?P<one>\d{1,9}):(?P<other>\d{1,9}):(?P<page>\d{1,3})"):
    """Another page of what two cities share and do not share, on the same card."""

    @classmethod
    def to(cls, one_id: int, other_id: int, shown: int, label: str) -> "CompareTurn":
        """A button to a page, counted from 0."""
        return cls(discord.ui.Button(label=cut(label, 80), custom_id=f"city-compare:{one_id}:{other_id}:{shown}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        one, other = (f"id:{self.match[name]}" for name in ("one", "other"))
        found = await compare_cities(bot.database, bot.index, one, other, interaction.guild_id)
        await replace(interaction, compare_card(found, int(self.match["page"]), bot.now(), pressed_texts(interaction)))
