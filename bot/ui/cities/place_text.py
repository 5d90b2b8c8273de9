"""Places and ties in words, for every card that names them."""

import re
from collections.abc import Iterable
from datetime import date

from bot.lookup.cities import CityPage, Tie
from bot.lookup.places import Place
from bot.lookup.regions import country_name, flag
from bot.texts import Texts
from bot.ui.text import line
from db.names import fold

LONGEST_NAME, LONGEST_REGION = 60, 40  # longer than any real one; a full page of such names still fits in a message


def short(text: str, limit: int) -> str:
    """Somebody's words on one line of at most `limit` characters, those that escape them counted."""
    safe = line(text, limit)
    # Escaping at most doubles a text, and one more may stand where a line begins.
    return safe if len(safe) <= limit else line(text, limit // 2 - 1)


def name_of(place: Place) -> str:
    """A place's name, safe and short."""
    return short(place.name, LONGEST_NAME)


def ordered(page: CityPage, t: Texts) -> list[Tie]:
    """The ties by country, in the reader's language, then by city; those that are over last within a country."""

    def place_in_list(tie: Tie) -> tuple[str, str, bool, str]:
        code = tie.partner.country_code
        return fold(country_name(code, t.locale)), code, tie.over, fold(tie.partner.name)

    return sorted(page.ties, key=place_in_list)


def place_line(place: Place, t: Texts) -> str:
    """A place with its flag, region and country: "🇺🇸 Birmingham · Alabama, United States"."""
    return f"{flag(place.country_code)} **{name_of(place)}** · {around(place, t)}"


def around(place: Place, t: Texts) -> str:
    """Region and country: "Alabama, United States"."""
    region = short(place.own_region or "", LONGEST_REGION)
    return ", ".join(part for part in (region, country_name(place.country_code, t.locale)) if part)


def place_kind(place: Place, t: Texts) -> str | None:
    """What a place is that is no city, unless its name says so."""
    if re.search(r"\b(County|District|Province|Island)\b", place.name):
        return None
    kinds = {"county": t("county or district"), "province": t("province or region"), "country": t("country")}
    return kinds.get(place.kind)


def signed_on(signed: str, t: Texts) -> str:
    """An ISO date of any precision, in the reader's language: "1982", "July 2017", "April 23, 1982"."""
    from babel.dates import format_date, format_skeleton

    locale = t.locale.replace("-", "_")
    if len(signed) == len("2017-07-03"):
        return str(format_date(date.fromisoformat(signed), "long", locale))
    if len(signed) == len("2017-07"):
        return str(format_skeleton("yMMMM", date.fromisoformat(f"{signed}-01"), locale=locale))
    return signed


def newest_listing(ties: Iterable[Tie]) -> int | None:
    """The newest year in which any of these ties is listed."""
    return max((tie.listed for tie in ties if tie.listed), default=None)


def tie_facts(tie: Tie, newest: int | None, t: Texts, *, every_kind: bool = False) -> list[str]:
    """What is known of a tie, in a few words each; the year it is listed in only if that is not the newest.

    That two places are sister cities is said only with `every_kind`.
    """
    unsaid = ("unknown",) if every_kind else ("unknown", "sister")
    facts = [place_kind(tie.partner, t), kind_name(tie.kind, t) if tie.kind not in unsaid else None]
    facts += [t("signed {date}", date=signed_on(tie.signed, t)) if tie.signed else None]
    facts += [state_words(tie, t), _unconfirmed(tie, t)]
    if tie.listed and tie.listed != newest and not (tie.state == "active" and tie.as_of):
        facts.append(t("listed in {year}", year=tie.listed))
    return [fact for fact in facts if fact]


def all_tie_facts(tie: Tie, t: Texts) -> list[str]:
    """Everything about a tie's nature, what is not known included."""
    state = state_words(tie, t)
    if state is None:
        state = t("listed in {year}", year=tie.listed) if tie.listed else state_on("unknown", None, t)
    return [kind_name(tie.kind, t), signed_words(tie.signed, t), state, _unconfirmed(tie, t) or t("confirmed")]


def kind_name(kind: str, t: Texts) -> str:
    """What two places call their tie, by its kind in the data."""
    kinds = {
        "sister": t("sister city"),
        "friendship": t("friendship city"),
        "partner": t("partner city"),
        "pact": t("county or state pact"),
    }
    return kinds.get(kind, t("kind not known"))


def signed_words(signed: str | None, t: Texts) -> str:
    """When a tie was signed, or that nobody knows."""
    return t("signed {date}", date=signed_on(signed, t)) if signed else t("signing date not known")


def state_on(state: str, as_of: str | None, t: Texts) -> str:
    """Whether a tie is kept up, by its state in the data, and as of when: "ended as of 2022"."""
    states = {"active": t("active"), "suspended": t("suspended"), "ended": t("ended")}
    words = states.get(state, t("not known whether active"))
    return t("{state} as of {date}", state=words, date=signed_on(as_of, t)) if as_of else words


def state_words(tie: Tie, t: Texts) -> str | None:
    """Whether a tie is kept up, and as of when; None where nobody says."""
    return None if tie.state == "unknown" else state_on(tie.state, tie.as_of, t)


def _unconfirmed(tie: Tie, t: Texts) -> str | None:
    return t("*unconfirmed*") if tie.confidence == "unconfirmed" else None
