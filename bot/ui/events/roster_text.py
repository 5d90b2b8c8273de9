"""Who is coming to an event, as text that fits: counts, names with their guests, and how many more there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.events.answers import Answered
from bot.events.page import YOUTH, EventCard, Named
from bot.events.rsvp import Standing
from bot.texts import Texts
from bot.ui.cities.far_text import NO_BREAK
from bot.ui.text import line, stamp

LONGEST_NAME = 32
LISTED = (Standing.GOING, Standing.OFFERED, Standing.WAITING, Standing.MAYBE)  # in this order
MOST = 900  # characters of names on a card: about a screen of a phone, so that the buttons are not far below
RESERVE = 40  # characters kept in each list of names for "and 312 more"


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is coming, as text, and how many of each standing it names."""

    text: str
    named: Mapping[Standing, int]

    def names(self, answered: Answered) -> bool:
        """Whether the one who answered is among the names."""
        return answered.place <= self.named.get(answered.standing, 0)


def roster(event: EventCard, space: int, t: Texts) -> Roster:
    """Counts and as many names as fit into `space` characters; only counts where the names are kept back.

    However much space there is, a crowd takes about a screen of a phone: the full list is a press away.
    """
    titles = headings(event, t)
    if event.hide_roster:
        counts = " · ".join(f"**{title}**" for title in titles.values())
        return Roster(f"{counts}\n-# {_why_no_names(event, t)}", {})
    space = min(space, MOST)
    names = {standing: [name_of(named) for named in event.standing(standing)] for standing in titles}
    texts_of, shown = dict.fromkeys(titles, ""), dict.fromkeys(titles, 0)
    # Short lists are written out first; what they leave is for the long ones.
    for done, standing in enumerate(sorted(titles, key=lambda standing: len(names[standing]))):
        share = space // (len(titles) - done)
        numbered = standing is Standing.WAITING
        texts_of[standing], shown[standing] = _names(titles[standing], names[standing], share, t, numbered=numbered)
        space -= len(texts_of[standing]) + 1
    return Roster("\n".join(texts_of.values()), shown)


def headings(event: EventCard, t: Texts) -> dict[Standing, str]:
    """What stands above each list, with its number; going is always there, the others where somebody stands so."""
    capacity, taken = event.terms.capacity, event.seats(Standing.GOING)
    numbers = {standing: len(event.standing(standing)) for standing in LISTED}
    titles = {
        Standing.GOING: t("Going {n}", n=taken if capacity is None else f"{taken}/{capacity}"),
        Standing.OFFERED: t("Seat offered {n}", n=event.seats(Standing.OFFERED)),
        Standing.WAITING: t("Waiting {n}", n=numbers[Standing.WAITING]),
        Standing.MAYBE: t("Maybe {n}", n=numbers[Standing.MAYBE]),
    }
    return {standing: title for standing, title in titles.items() if numbers[standing] or standing is Standing.GOING}


def name_of(named: Named) -> str:
    """A member as a roster shows them: "Alice +2", and until when an offered seat is held."""
    guests = f"{NO_BREAK}+{named.given.guests}" if named.given.guests else ""
    held = f" ({stamp(named.given.offered_until, 'R')})" if named.given.offered_until else ""
    return line(named.name, LONGEST_NAME) + guests + held


def _why_no_names(event: EventCard, t: Texts) -> str:
    if event.track == YOUTH:
        return t("Names stay private. A seat opened? Press *My answer* to see.")
    return t("Names stay private.")


def _names(title: str, names: Sequence[str], space: int, t: Texts, *, numbered: bool) -> tuple[str, int]:
    """A heading with as many names as fit, and their number."""
    head = f"**{title}**  " if numbered else f"**{title}**\n"
    shown: list[str] = []
    space -= len(head) + RESERVE
    for place, name in enumerate(names, start=1):
        text = f"{place}. " * numbered + name
        space -= len(text) + 2
        if space < 0:
            break
        shown.append(text)
    text = ", ".join(shown)
    if len(shown) < len(names):
        more = len(names) - len(shown)
        text = t("{names} and {n} more", names=text, n=more) if shown else t("and {n} more", n=more)
    return (head + text).rstrip(), len(shown)
