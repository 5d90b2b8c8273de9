"""What stands on the organiser's panel, and what is said of a change."""

from bot.dates.clocks import zone_of
from bot.events.changes import Changed
from bot.events.page import EventCard
from bot.events.panel import Panel, message_link
from bot.events.rsvp import Standing
from bot.texts import Texts
from bot.ui.events.event_text import terms_lines
from bot.ui.text import line, stamp


def panel_text(shown: Panel, t: Texts, saved: str) -> list[str]:
    """An event's facts at a glance; `saved` says what has just been done."""
    event = shown.card
    title = line(event.title, 100)
    if event.status == "cancelled":
        title = f"~~{title}~~"
    if shown.channel_id is not None and shown.message_id is not None:
        title = f"[{title}]({message_link(event.guild_id, shown.channel_id, shown.message_id)})"
    small = "-# " + t.plural("Changed {n} time", "Changed {n} times", shown.sequence) if shown.sequence else ""
    return [
        f"✅ {saved}" if saved else "",
        f"### {title}\n{stamp(event.starts_at)} – {stamp(event.ends_at, 't' if _one_day(event) else 'f')}",
        _numbers(event, t),
        terms_lines(event, t),
        small,
    ]


def _one_day(event: EventCard) -> bool:
    zone = zone_of(event.timezone)
    return event.starts_at.astimezone(zone).date() == event.ends_at.astimezone(zone).date()


def _numbers(event: EventCard, t: Texts) -> str:
    going, capacity = event.seats(Standing.GOING), event.terms.capacity
    numbers = [
        (t("Offered {n}", n=event.seats(Standing.OFFERED)), Standing.OFFERED),
        (t("Waiting {n}", n=event.seats(Standing.WAITING)), Standing.WAITING),
        (t("Maybe {n}", n=len(event.standing(Standing.MAYBE))), Standing.MAYBE),
        (t("Can't go {n}", n=len(event.standing(Standing.NO))), Standing.NO),
    ]
    first = t("Going {n}", n=going if capacity is None else f"{going}/{capacity}")
    return f"**{' · '.join([first, *(text for text, standing in numbers if event.standing(standing))])}**"


def what_was_done(changed: Changed, t: Texts) -> str:
    """What came of a change, for the one who made it."""
    if changed.card.status == "cancelled":
        return t("Cancelled. Its card says so, and those who may come are told.")
    parts = [t("Saved.")]
    if changed.what & {"time", "place"}:
        parts.append(t("Those who may come are told."))
    if changed.moved_up:
        parts.append(
            t.plural(
                "{n} member moved up from the waiting list.",
                "{n} members moved up from the waiting list.",
                changed.moved_up,
            )
        )
    capacity, taken = changed.card.terms.capacity, changed.card.seats(Standing.GOING, Standing.OFFERED)
    if capacity is not None and taken > capacity:
        parts.append(t("{taken} seats are taken already, and nobody loses theirs.", taken=taken))
    return " ".join(parts)
