"""What a preview says beside the card itself: every time on every clock, what was chosen, and warnings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.dates.clocks import Clock, zone_of
from bot.events.draft_page import Draft, Moment
from bot.texts import Texts
from bot.ui.events.event_text import LONGEST_PLACE, day_words
from bot.ui.events.reminder_text import all_before
from bot.ui.text import line, stamp, time_of_day

MOST_ASLEEP = 6  # cities named in the warning
MOST_NAMES = 4  # of cities that share a clock
HALF_A_DAY = timedelta(hours=12)
LONGEST_CLOCKS = 500  # characters, of one time; a card has room for three of them


def moment_lines(draft: Draft, t: Texts) -> Iterator[str]:
    """Every time as a timestamp, with what the partners' clocks show then below it."""
    moments = {moment.name: moment for moment in draft.moments}
    if {"start", "end"} <= moments.keys():
        start, end = moments["start"], moments["end"]
        zone = zone_of(draft.timezone)
        same_day = start.at.astimezone(zone).date() == end.at.astimezone(zone).date()
        ends = stamp(end.at, "t" if same_day else "f")
        yield t("**On every clock** {start} – {end}", start=stamp(start.at, "f"), end=ends)
        yield from _small([_span(one, other, t) for one, other in _together(start, end)], "\n-# ")
    for name in ("opens", "deadline"):
        if moment := moments.get(name):
            time, opens = stamp(moment.at, "f"), name == "opens"
            yield t("**Answers open** {time}", time=time) if opens else t("**Answers close** {time}", time=time)
            yield from _small([_clock(clock, t) for clock in moment.clocks], " · ")


def _together(start: Moment, end: Moment) -> Iterator[tuple[Clock, Clock]]:
    """Clocks at the start, each with the one of the same places at the end; clocks may change in between."""
    at_end = {name: clock for clock in end.clocks for name in clock.names}
    for clock in start.clocks:
        for last in dict.fromkeys(at_end[name] for name in clock.names if name in at_end):
            yield replace(clock, names=tuple(name for name in clock.names if at_end.get(name) == last)), last


def _small(clocks: list[str], between: str) -> Iterator[str]:
    """Clocks in small print; the last ones are left out where there are too many."""
    while len(between.join(clocks)) > LONGEST_CLOCKS:
        clocks = [*clocks[:-2], "…"]
    if clocks:
        yield "-# " + between.join(clocks)


def _clock(clock: Clock, t: Texts) -> str:
    return f"{_names(clock)} {_local(clock, t)}" + " 🌙" * clock.night


def _span(start: Clock, end: Clock, t: Texts) -> str:
    return f"{_names(start)} {_local(start, t)} – {time_of_day(end.local, t)}" + " 🌙" * start.night


def _local(clock: Clock, t: Texts) -> str:
    return time_of_day(clock.local, t) + day_words(clock.day, t)


def _names(clock: Clock) -> str:
    names = ", ".join(line(name, LONGEST_PLACE) for name in clock.names[:MOST_NAMES])
    return names + (f" (+{len(clock.names) - MOST_NAMES})" if len(clock.names) > MOST_NAMES else "")


def settings_line(draft: Draft, t: Texts) -> str:
    """What was chosen that the card does not show."""
    choices = draft.choices
    stored = choices.reminder_minutes if choices.reminder_minutes is not None else draft.server_reminders
    pieces = [t("Reminders before: {times}", times=all_before(stored, t))]
    if draft.timezone != draft.server_timezone:
        pieces.append(t("Times typed in {zone}", zone=draft.timezone))
    hidden = draft.card is not None and draft.card.hide_roster
    if choices.attendee_role_id is not None and not hidden:  # a role would show who comes
        pieces.append(t("Attendees get {role}", role=f"<@&{choices.attendee_role_id}>"))
    elif choices.attendee_role_id is not None:
        pieces.append(t("Nobody gets {role}, for names are hidden", role=f"<@&{choices.attendee_role_id}>"))
    if choices.wants_thread:
        pieces.append(t("With a thread"))
    if hidden:
        pieces.append(t("Names are hidden"))
    return "-# " + " · ".join(pieces)


def warning_lines(draft: Draft, t: Texts) -> Iterator[str]:
    """What to think about before publishing."""
    if draft.times_problem is not None:
        yield "⚠️ " + draft.times_problem.say(t)
    if draft.doubled:
        yield "⚠️ " + t("Clocks go back around then, so that time comes twice: the first one is meant.")
    if draft.times_doubled:
        yield "⚠️ " + t("Clocks go back around when answers open or close: of the two times the first one is meant.")
    if draft.card is None:
        return
    lasts = draft.card.ends_at - draft.card.starts_at
    if HALF_A_DAY <= lasts < 2 * HALF_A_DAY:  # as when start and end are mixed up; a longer one names its last day
        hours = lasts // timedelta(hours=1)
        yield "⚠️ " + t.plural("It lasts {n} hour. Is that meant?", "It lasts {n} hours. Is that meant?", hours)
    asleep = [line(name, LONGEST_PLACE) for clock in draft.card.clocks if clock.night for name in clock.names]
    if asleep:
        cities, more = ", ".join(asleep[:MOST_ASLEEP]), len(asleep) - MOST_ASLEEP
        if more > 0:
            cities = t("{names} and {n} more", names=cities, n=more)
        yield "⚠️ " + t("It will be night (midnight to 6 a.m.) in {cities}.", cities=cities)
