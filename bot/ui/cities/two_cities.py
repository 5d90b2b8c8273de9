"""What cards about two cities share: places and ties in few words, and the answer where one of the two is unclear."""

from collections.abc import Callable

import discord

from bot.lookup.cities import Tie
from bot.lookup.network_pages import Unclear
from bot.lookup.places import Place
from bot.lookup.regions import flag
from bot.texts import Texts
from bot.ui.cities.far_text import NO_BREAK
from bot.ui.cities.place_text import LONGEST_REGION, name_of, short, signed_on, state_words
from bot.ui.events.answer_card import no_such_city
from bot.ui.press import Press


def short_place(place: Place) -> str:
    """A place in few words; the flag says the country: "🇺🇸 **Birmingham**, Alabama", "🇯🇵 **Hitachi**"."""
    state = short(place.own_region or "", LONGEST_REGION) if place.country_code == "US" else ""
    return f"{flag(place.country_code)}{NO_BREAK}**{name_of(place)}**" + (f", {state}" if state else "")


def tie_words(tie: Tie, t: Texts) -> str:
    """How two places are tied: "sister cities, signed April 23, 1982"."""
    kinds = {
        "sister": t("sister cities"),
        "friendship": t("friendship cities"),
        "partner": t("partner cities"),
        "pact": t("county or state pact"),
    }
    words = [
        kinds.get(tie.kind, t("sister or partner cities")),
        t("signed {date}", date=signed_on(tie.signed, t)) if tie.signed else None,
        state_words(tie, t) if tie.over else None,
        t("*unconfirmed*") if tie.confidence == "unconfirmed" else None,
    ]
    return ", ".join(word for word in words if word)


def unclear_city(unclear: Unclear, opens: Callable[[int, int, str], Press], t: Texts) -> discord.ui.LayoutView:
    """Says which of the two options is unclear; a press on a name goes on with it, if the other city is certain.

    `opens` makes a button from the ids of both cities, in the order of the command's options, and a label.
    """
    above = t("This is about the option `{option}`:", option=unclear.option)
    known = unclear.other
    if known is None:
        return no_such_city(unclear.answer, t, above=above)

    def go_on(place_id: int, label: str) -> Press:
        both = (place_id, known.id) if unclear.option == "city" else (known.id, place_id)
        return opens(*both, label)

    return no_such_city(unclear.answer, t, above=above, opens=go_on)
