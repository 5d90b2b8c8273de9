"""What stands on an event's card, as text: head, clocks, description, terms, who is coming. Without buttons."""

from dataclasses import replace

import discord

from bot.dates.clocks import Clock, zone_of
from bot.events.page import EventCard
from bot.texts import Texts
from bot.ui.card import MOST_CHARACTERS, Item, card, rule
from bot.ui.events.event_words import kind_labels, track_labels, volunteers_labels
from bot.ui.events.roster_text import LONGEST_NAME, Roster, roster
from bot.ui.text import cut, line, plain, stamp, time_of_day

GROUPS, NAMES_A_GROUP = 6, 2  # of partner clocks on the card; the rest is behind a button
LONGEST_PLACE, LONGEST_LOCATION, LONGEST_REASON, LONGEST_ALT = 40, 200, 300, 1_000
LONGEST_DESCRIPTION = 1_900  # characters after escaping
LEAST_ROSTER = 400  # characters that a description leaves to the names
PICTURE = "event.webp"  # what the file is called that is sent with a card whose event has a picture


def event_items(event: EventCard, t: Texts, space: int = MOST_CHARACTERS) -> list[Item | str]:
    """What stands on the card, without its buttons; in at most `space` characters whatever was typed.

    Where the event has a picture, the message must have it as the attachment `PICTURE`.
    """
    return items_and_roster(event, t, space)[0]


def items_and_roster(event: EventCard, t: Texts, space: int) -> tuple[list[Item | str], Roster]:
    """The same, and which names stand on it."""
    head, clocks, terms = _head(event, t), clock_line(event, t), terms_lines(event, t)
    space -= len(head) + len(clocks) + len(terms)
    description = fitted(event.description, min(LONGEST_DESCRIPTION, space - LEAST_ROSTER))
    coming = roster(event, space - len(description), t)
    parts = [head, clocks, picture(event), description, rule(), terms, coming.text]
    return [part for part in parts if part], coming


def for_reader(event: EventCard, t: Texts) -> EventCard:
    """The event with its text in the second language where that is the reader's."""
    second = event.second
    if second is None or _language(second.language) != _language(t.locale):
        return event
    return replace(event, title=second.title or event.title, description=second.description or event.description)


def _language(code: str) -> str:
    return code.replace("_", "-").split("-")[0].casefold()


def _head(event: EventCard, t: Texts) -> str:
    title = line(event.title, 100)
    if event.status == "cancelled":
        reason = line(event.cancel_reason, LONGEST_REASON)
        title = f"~~{title}~~\n" + (t("**Cancelled**: {reason}", reason=reason) if reason else t("**Cancelled**"))
    track = track_labels(t)[event.track] if event.track else None
    host = t("hosted by {name}", name=line(event.host_name, LONGEST_NAME))
    lines = [
        f"## {title}",
        "-# " + " · ".join(filter(None, [kind_labels(t)[event.kind], track, host])),
        f"{stamp(event.starts_at)} – {_end(event)} ({stamp(event.starts_at, 'R')})",
    ]
    if event.location:
        place = cut(" ".join(event.location.split()), LONGEST_LOCATION)
        lines.append(f"📍 {plain(place, links=True)}")  # typed by a moderator; a call is joined by a press
    return "\n".join(lines)


def picture(event: EventCard) -> discord.ui.MediaGallery[discord.ui.LayoutView] | None:
    """The event's picture, with what it shows for those who cannot see it."""
    if event.picture_alt is None:
        return None
    shows = cut(event.picture_alt, LONGEST_ALT) or None
    return discord.ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{PICTURE}", description=shows))


def terms_lines(event: EventCard, t: Texts) -> str:
    """What a member must know before answering: until when, for whom, with whom, what help is looked for.

    True at any time, for nobody edits a card just because a moment has passed.
    """
    if event.status == "cancelled":
        return ""
    terms = event.terms
    opens, closes = (f"{stamp(at, 'f')} ({stamp(at, 'R')})" if at else "" for at in (terms.opens_at, terms.deadline))
    lines = []
    if opens and closes:
        lines.append("⏳ " + t("Answers from {opens} until {closes}", opens=opens, closes=closes))
    elif opens:
        lines.append("⏳ " + t("Answers from {opens}", opens=opens))
    elif closes:
        lines.append("⏳ " + t("Answers until {closes}", closes=closes))
    if terms.answer_role_id is not None:
        lines.append("🔒 " + t("Only for members with {role}", role=f"<@&{terms.answer_role_id}>"))
    if terms.max_guests:
        lines.append("👥 " + t.plural("You may bring {n} guest", "You may bring up to {n} guests", terms.max_guests))
    if terms.volunteers:
        wanted = " · ".join(volunteers(event, t).values())
        lines.append("🤝 " + t("Help wanted: {helpers}", helpers=wanted))
    return "\n".join(lines)


def volunteers(event: EventCard, t: Texts) -> dict[str, str]:
    """Volunteer role → "Interpreters 1/2", of those that are looked for."""
    labels, wanted = volunteers_labels(t), event.terms.volunteers
    return {role: f"{labels.get(role, role)} {helpers(event, role)}/{number}" for role, number in wanted.items()}


def helpers(event: EventCard, role: str) -> int:
    """How many have offered to help so."""
    return sum(named.given.volunteer == role for named in event.answers)


def _end(event: EventCard) -> str:
    zone = zone_of(event.timezone)
    same_day = event.starts_at.astimezone(zone).date() == event.ends_at.astimezone(zone).date()
    return stamp(event.ends_at, "t" if same_day else "f")


def fitted(text: str, limit: int) -> str:
    """Several lines of a moderator's words, escaped, in at most `limit` characters after escaping."""
    safe = plain(text, links=True)
    length = len(text)
    while len(safe) > limit:
        length = length * max(limit, 0) // len(safe)
        safe = plain(cut(text, length), links=True) if length else ""
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
