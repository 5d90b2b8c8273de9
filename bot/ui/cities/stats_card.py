"""The card of the network in numbers."""

from collections.abc import Iterator

import discord

from bot.lookup.network import Pair
from bot.lookup.network_figures import Figures
from bot.lookup.network_pages import ServerFigures, StatisticsPage
from bot.lookup.regions import country_name, flag
from bot.texts import Texts
from bot.ui.card import BLUE, card, rows, rule
from bot.ui.cities.city_card import CityOpen
from bot.ui.cities.far_text import distance_words
from bot.ui.cities.numbers import number
from bot.ui.cities.place_text import place_line, signed_on
from bot.ui.cities.two_cities import short_place


def stats_card(page: StatisticsPage, t: Texts) -> discord.ui.LayoutView:
    """The network in numbers, and in a server what it has itself."""
    figures = page.figures
    edition = t("Data of {month}", month=signed_on(page.edition, t)) if page.edition else None
    notes = [
        edition,
        t("Rankings leave out ties that are ended. Of other countries, only ties with the United States are listed."),
    ]
    return card(
        "\n".join(_totals(figures, t)),
        rule(),
        _ranking(t("Countries with the most ties"), [(_country(code, t), n) for code, n in figures.top_countries], t),
        _ranking(t("Cities with the most partners"), [(short_place(place), n) for place, n in figures.top_places], t),
        "\n".join(_records(figures, t)),
        rule() if page.server else None,
        "\n".join(_server(page.server, t)) if page.server else None,
        rule(),
        "\n".join(f"-# {note}" for note in notes if note),
        *rows(CityOpen.to(place.id, place.label) for place, _ in figures.top_places),
        colour=BLUE,
    )


def _totals(figures: Figures, t: Texts) -> Iterator[str]:
    yield "## " + t("The network in numbers")
    ties = t.plural("**{number}** tie", "**{number}** ties", figures.ties, number=number(figures.ties, t))
    places = t.plural("**{number}** place", "**{number}** places", figures.places, number=number(figures.places, t))
    countries = t.plural(
        "**{number}** country", "**{number}** countries", figures.countries, number=number(figures.countries, t)
    )
    states = t.plural(
        "**{number}** US state", "**{number}** US states", figures.us_states, number=number(figures.us_states, t)
    )
    yield f"{ties} · {places}\n{countries} · {states}"
    confidences = {"confirmed": t("confirmed"), "unconfirmed": t("unconfirmed")}
    kept_up = {
        "active": t("active"),
        "suspended": t("suspended"),
        "ended": t("ended"),
        "unknown": t("not known whether active"),
    }
    for words, counts in ((confidences, figures.confidences), (kept_up, figures.states)):
        yield " · ".join(f"{number(counts.get(key, 0), t)} {word}" for key, word in words.items())


def _country(code: str, t: Texts) -> str:
    return f"{flag(code)} {country_name(code, t.locale)}"


def _ranking(heading: str, counted: list[tuple[str, int]], t: Texts) -> str | None:
    lines = [f"{rank}. {name} · {number(n, t)}" for rank, (name, n) in enumerate(counted, 1)]
    return "\n".join([f"### {heading}", *lines]) if lines else None


def _records(figures: Figures, t: Texts) -> Iterator[str]:
    yield "### " + t("Records")
    for label, pair in ((t("Oldest"), figures.oldest), (t("Newest"), figures.newest)):
        if pair and pair.link.signed:
            yield _record(label, pair, t("signed {date}", date=signed_on(pair.link.signed, t)))
    for label, pair in ((t("Farthest apart"), figures.farthest), (t("Closest"), figures.nearest)):
        if pair and pair.km is not None:
            yield _record(label, pair, distance_words(pair.km, t))
    if figures.groups:
        largest, groups = number(figures.groups[0], t), number(len(figures.groups), t)
        yield t("**Largest linked group** {largest} places; there are {groups} groups", largest=largest, groups=groups)


def _record(label: str, pair: Pair, fact: str) -> str:
    return f"**{label}** {short_place(pair.one)} — {short_place(pair.other)} · {fact}"


def _server(server: ServerFigures, t: Texts) -> Iterator[str]:
    yield "### " + t("This server")
    if server.home:
        partners = t.plural(
            "{number} partner city", "{number} partner cities", server.partners, number=number(server.partners, t)
        )
        yield f"{place_line(server.home, t)} · {partners}"
    else:
        yield t("No home city yet: a moderator can choose it with `/setup`.")
    counts = {
        t("Ties added or corrected here"): server.ties,
        t("Stories posted"): server.stories,
        t("Events held"): server.held,
        t("Events to come"): server.upcoming,
        t("Feeds followed"): server.feeds,
    }
    yield "\n".join(f"{label} · **{number(n, t)}**" for label, n in counts.items())
