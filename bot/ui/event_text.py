"""What stands on an event's card, as text: head, clocks, description, who is coming. Without buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import discord

from bot.answers import Answered
from bot.clocks import Clock, zone_of
from bot.event_page import EventCard, Named
from bot.rsvp import Standing
from bot.texts import Texts
from bot.ui.card import MOST_CHARACTERS, Item, card, rule
from bot.ui.text import cut, line, plain, stamp, time_of_day

GROUPS, NAMES_A_GROUP = 6, 2  # of partner clocks on the card; the rest is behind a button
LONGEST_NAME, LONGEST_PLACE, LONGEST_LOCATION = 32, 40, 200
LONGEST_DESCRIPTION = 1_900  # characters after escaping
LEAST_ROSTER = 400  # characters that a description leaves to the names
RESERVE = 40  # characters kept in each list of names for "and 312 more"


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is coming, as text, and how many of each standing it names."""

    text: str
    named: Mapping[Standing, int]

    def names(self, answered: Answered) -> bool:
        """Whether the one who answered is among the names."""
        return answered.place <= self.named.get(answered.standing, 0)


def event_items(event: EventCard, t: Texts, space: int = MOST_CHARACTERS) -> list[Item | str]:
    """What stands on the card, without its buttons; in at most `space` characters whatever was typed."""
    return items_and_roster(event, t, space)[0]


def items_and_roster(event: EventCard, t: Texts, space: int) -> tuple[list[Item | str], Roster]:
    head, clocks = _head(event, t), clock_line(event, t)
    space -= len(head) + len(clocks)
    description = _fitted(event.description, min(LONGEST_DESCRIPTION, space - LEAST_ROSTER))
    roster = _roster(event, space - len(description), t)
    parts: list[Item | str] = [head, clocks, description, rule(), roster.text]
    return [part for part in parts if part], roster


def _head(event: EventCard, t: Texts) -> str:
    title = line(event.title, 100)
    if event.status == "cancelled":
        title = f"~~{title}~~\n" + t("**Cancelled**")
    lines = [
        f"## {title}",
        "-# " + t("hosted by {name}", name=line(event.host_name, LONGEST_NAME)),
        f"{stamp(event.starts_at)} – {_end(event)} ({stamp(event.starts_at, 'R')})",
    ]
    if event.location:
        place = cut(" ".join(event.location.split()), LONGEST_LOCATION)
        lines.append(f"📍 {plain(place, links=True)}")  # typed by a moderator; a call is joined by a press
    return "\n".join(lines)


def _end(event: EventCard) -> str:
    zone = zone_of(event.timezone)
    same_day = event.starts_at.astimezone(zone).date() == event.ends_at.astimezone(zone).date()
    return stamp(event.ends_at, "t" if same_day else "f")


def _fitted(text: str, limit: int) -> str:
    """Several lines of a moderator's words, escaped, in at most `limit` characters after escaping."""
    safe = plain(text, links=True)
    length = len(text)
    while len(safe) > limit:
        length = length * limit // len(safe)
        safe = plain(cut(text, length), links=True)
    return safe


def clock_line(event: EventCard, t: Texts) -> str:
    """The home city's and partners' clocks on one small line, at most six groups of two names."""
    if not event.clocks:
        return ""
    # Home is always shown, then the larger groups, which say most; they stay in order from west to east.
    first = sorted(event.clocks, key=lambda clock: (not _is_home(clock, event), -len(clock.names)))[:GROUPS]
    shown = [clock for clock in event.clocks if clock in first]
    return "-# " + " · ".join(_clock(clock, t, NAMES_A_GROUP) for clock in shown)


def _is_home(clock: Clock, event: EventCard) -> bool:
    if event.home_timezone is None:
        return False
    return clock.local.utcoffset() == clock.local.astimezone(zone_of(event.home_timezone)).utcoffset()


def _clock(clock: Clock, t: Texts, most: int) -> str:
    names = ", ".join(line(name, LONGEST_PLACE) for name in clock.names[:most])
    if len(clock.names) > most:
        names += f" (+{len(clock.names) - most})"
    return f"{names} {time_of_day(clock.local, t)}" + day_words(clock.day, t)


def day_words(day: int, t: Texts) -> str:
    """How a clock's date differs from the home city's, as words to put behind the time."""
    if day == 0:
        return ""
    if abs(day) > 1:
        return " *" + t("{n} days later", n=day) + "*" if day > 0 else " *" + t("{n} days earlier", n=-day) + "*"
    return " *" + (t("next day") if day > 0 else t("the day before")) + "*"


def clocks_view(event: EventCard, t: Texts) -> discord.ui.LayoutView:
    """All clocks at the start of an event, one time a line; names are left out only where there are hundreds."""
    title = "### " + t("When it is {time}", time=stamp(event.starts_at))
    for most in (1_000, 60, 20, 6, 2, 1):
        lines = [_clock(clock, t, most) + (" 🌙" if clock.night else "") for clock in event.clocks]
        text = "\n".join(lines)
        if len(title) + len(text) <= MOST_CHARACTERS:
            break
    return card(title, text[: MOST_CHARACTERS - len(title)])


def _roster(event: EventCard, space: int, t: Texts) -> Roster:
    capacity, taken = event.terms.capacity, event.seats(Standing.GOING)
    seats = f"{taken} / {capacity}" if capacity is not None else str(taken)
    titles = {
        Standing.GOING: t("Going {n}", n=seats),
        Standing.WAITING: t("Waiting {n}", n=event.seats(Standing.WAITING)),
        Standing.MAYBE: t("Maybe {n}", n=len(event.standing(Standing.MAYBE))),
    }
    names = {standing: [_name(named) for named in event.standing(standing)] for standing in titles}
    listed = [standing for standing in titles if names[standing] or standing is Standing.GOING]
    texts_of, named = dict.fromkeys(listed, ""), dict.fromkeys(listed, 0)
    # Short lists are written out first; what they leave is for the long ones.
    for done, standing in enumerate(sorted(listed, key=lambda standing: len(names[standing]))):
        share = space // (len(listed) - done)
        numbered = standing is Standing.WAITING
        texts_of[standing], named[standing] = _names(titles[standing], names[standing], share, t, numbered=numbered)
        space -= len(texts_of[standing]) + 1
    return Roster("\n".join(texts_of.values()), named)


def _name(named: Named) -> str:
    guests = f" +{named.given.guests}" if named.given.guests else ""
    return line(named.name, LONGEST_NAME) + guests


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
