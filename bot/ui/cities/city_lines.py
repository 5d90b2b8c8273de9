"""A city's page as lines of text, for the command line."""

from datetime import datetime

from bot.lookup.cities import CityPage, NoSuchCity
from bot.lookup.regions import country_name
from bot.texts import ENGLISH
from bot.ui.cities.city_card import foot_lines
from bot.ui.cities.far_text import NO_BREAK, away, clock_words
from bot.ui.cities.place_text import newest_listing, ordered, tie_facts


def page_lines(page: CityPage | NoSuchCity, now: datetime) -> list[str]:
    """What the card says, without its looks."""
    t = ENGLISH
    if isinstance(page, NoSuchCity) and page.country:
        return [f"{country_name(page.country)} is a country, not a city."]
    if isinstance(page, NoSuchCity):
        head = (
            f"I don't know a city called “{page.query}”. Nearest names:" if page.query else "Which city? For example:"
        )
        return [head, *(f"- {place.label}" for place in page.suggestions or page.instead)]
    place, ties = page.place, ordered(page, t)
    local, newest = place.local(now), newest_listing(ties)
    lines = [place.label, country_name(place.country_code) + (f", local time {local:%H:%M}" if local else "")]
    for tie in ties:
        far = [word for word in (clock_words(tie.partner, place, now, t), away(tie.partner, place, t)) if word]
        facts = [fact.strip("*").replace(NO_BREAK, " ") for fact in (*tie_facts(tie, newest, t), *far)]
        lines.append(f"- {tie.partner.label}" + (f" ({', '.join(facts)})" if facts else ""))
    if not ties:
        lines += ["I don't know of any sister cities of it. Near it:", *(f"- {near.label}" for near in page.nearby)]
    lines += foot_lines(page, ties, 0, 1, t, links=False)
    return [*lines, *(f"Did you mean {other.label}?" for other in page.namesakes)]
