"""A city's page as lines of text, for the command line."""

from datetime import datetime

from bot.cities import CityPage, NoSuchCity
from bot.regions import country_name
from bot.texts import ENGLISH
from bot.ui.city_card import ordered, signed_on


def page_lines(page: CityPage | NoSuchCity, now: datetime) -> list[str]:
    """What the card says, without its looks."""
    t = ENGLISH
    if isinstance(page, NoSuchCity):
        nearest = "; ".join(place.label for place in page.suggestions)
        return [f"I know no city called “{page.query}”." + (f" Nearest names: {nearest}." if nearest else "")]
    place = page.place
    local = place.local(now)
    lines = [place.label, f"{country_name(place.country_code)}" + (f", local time {local:%H:%M}" if local else "")]
    for tie in ordered(page, t):
        facts = [f"signed {signed_on(tie.signed, t)}"] if tie.signed else []
        facts += [word for word in (tie.kind, tie.state, tie.confidence) if word != "unknown" and word != "confirmed"]
        facts += [f"listed in {tie.listed}"] if tie.listed else []
        lines.append(f"- {tie.partner.label}" + (f" ({', '.join(facts)})" if facts else ""))
    if not page.ties:
        lines.append("No sister cities known. Near it: " + "; ".join(near.label for near in page.nearby))
    if page.only_us_ties and page.ties:
        lines.append("Only its ties with places in the United States are listed.")
    lines += [f"Not the one? {other.label}" for other in page.namesakes]
    return lines
