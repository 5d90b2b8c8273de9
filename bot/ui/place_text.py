"""Places and ties in words, for every card that names them."""

import re
from collections.abc import Iterable
from datetime import date

from bot.cities import Tie
from bot.places import Place
from bot.regions import country_name, flag
from bot.texts import Texts
from bot.ui.text import line

LONGEST_NAME, LONGEST_REGION = 60, 40  # longer than any real one; a full page of such names still fits in a message


def place_line(place: Place, t: Texts) -> str:
    """A place with its flag, region and country: "🇺🇸 Birmingham · Alabama, United States"."""
    return f"{flag(place.country_code)} **{line(place.name, LONGEST_NAME)}** · {around(place, t)}"


def around(place: Place, t: Texts) -> str:
    """Region and country: "Alabama, United States"."""
    region = line(place.own_region or "", LONGEST_REGION)
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


def tie_facts(tie: Tie, newest: int | None, t: Texts) -> list[str]:
    """What is known of a tie, in a few words each; the year it is listed in only if that is not the newest."""
    facts = [place_kind(tie.partner, t), t("signed {date}", date=signed_on(tie.signed, t)) if tie.signed else None]
    facts += [_kind(tie, t), _state(tie, t), _confidence(tie, t)]
    if tie.listed and tie.listed != newest:
        facts.append(t("listed in {year}", year=tie.listed))
    return [fact for fact in facts if fact]


def _kind(tie: Tie, t: Texts) -> str | None:
    return {"friendship": t("friendship city"), "partner": t("partner city"), "pact": t("county or state pact")}.get(
        tie.kind
    )


def _state(tie: Tie, t: Texts) -> str | None:
    year = tie.as_of
    if tie.state == "ended":
        return t("ended, as of {year}", year=year) if year else t("ended")
    if tie.state == "suspended":
        return t("suspended, as of {year}", year=year) if year else t("suspended")
    return None


def _confidence(tie: Tie, t: Texts) -> str | None:
    return t("*unconfirmed*") if tie.confidence == "unconfirmed" else None
