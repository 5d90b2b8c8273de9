"""Where a member stands, in words for them alone."""

from datetime import datetime

from bot.events.page import YOUTH, EventCard
from bot.events.rsvp import Given, Standing
from bot.texts import Texts
from bot.ui.events.event_words import volunteer_labels
from bot.ui.text import stamp


def standing_text(event: EventCard, given: Given | None, place: int, now: datetime, t: Texts) -> str:
    """One or two sentences: their answer, their place in line, until when a seat is theirs to take."""
    if given is None:
        return t("You have not answered yet.")
    if given.standing is Standing.OFFERED and given.offered_until is not None:
        if given.offered_until <= now:
            return t("The seat that was held for you is held no longer. You can get in line again.")
        return t("A seat is held for you until {until}. Take it, or leave it to the next.", until=_until(given))
    if given.standing is Standing.WAITING:
        waiting = t("It is full, so you are on the waiting list: number {place}.", place=place)
        still = event.status == "open" and now < event.terms.closes_at
        return f"{waiting} {_how_told(event, t)}" if still else waiting
    if given.standing is Standing.GOING:
        return t("You are going.")
    # Not "you answered": an offer that passed leaves one here, too.
    return t("You answered *Maybe*.") if given.standing is Standing.MAYBE else t("You are not going.")


def party_lines(given: Given, t: Texts) -> list[str]:
    """Whom a member brings, and what help they offer."""
    lines = []
    if given.guests:
        lines.append("👥 " + t.plural("You bring {n} guest", "You bring {n} guests", given.guests))
    if given.volunteer is not None:
        lines.append("🤝 " + t("You help: {role}", role=volunteer_labels(t).get(given.volunteer, given.volunteer)))
    return lines


def _until(given: Given) -> str:
    assert given.offered_until is not None  # noqa: S101 - asked before
    return f"{stamp(given.offered_until, 't')} ({stamp(given.offered_until, 'R')})"


def _how_told(event: EventCard, t: Texts) -> str:
    if event.track == YOUTH:
        return t("I write to nobody about this event: press *My answer* now and then to see whether a seat is yours.")
    return t("I'll tell you when a seat is yours.")
