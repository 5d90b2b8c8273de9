"""What an organiser types into the forms of a published event, and what it makes of the event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from bot.dates.clocks import zone_of
from bot.dates.when import AmbiguousDate, parse_when
from bot.errors import BadInput
from bot.events.changes import Changed, cancel, change
from bot.events.corrections import Organising
from bot.events.fields import LONGEST, LONGEST_SECOND, VOLUNTEERS, seats, second_code, volunteers
from bot.events.page import EventCard
from bot.plain_text import visible
from bot.recogniser.recogniser import Recogniser
from db.database import Database
from db.models import Event

MOST_GUESTS, MOST_HOURS = 20, 24
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was sent: its texts by field, the `seen_number` of what it showed, and the draft it came from."""

    typed: Mapping[str, str]
    seen: int
    draft_id: int = 0
    reading: int | None = None  # 0 or 1: which of the two readings of an ambiguous date is meant
    locale: str = "en-US"  # the reader's


async def apply_form(
    database: Database, by: Organising, form: str, sent: Filled, recogniser: Recogniser | None = None
) -> Changed:
    """Make the change that one of the forms asks for: `edit`, `seats`, `answers`, `language` or `cancel`.

    Raises AmbiguousDate, and what the changes below raise.
    """
    try:
        if form == "edit":
            return await edit(database, by, sent, recogniser)
        if form == "seats":
            return await change_seats(database, by, sent)
        if form == "answers":
            return await change_answering(database, by, sent)
        if form == "language":
            return await change_second(database, by, sent)
        return await cancel(database, by, sent.typed.get("reason", ""))
    except AmbiguousDate as problem:
        if sent.reading is None:
            raise
        iso, asked = problem.rewritten[sent.reading], problem.typed.strip()
        settled = {key: iso if text.strip() == asked else text for key, text in sent.typed.items()}
        if settled == sent.typed:
            raise
        return await apply_form(database, by, form, replace(sent, typed=settled), recogniser)


async def edit(database: Database, by: Organising, form: Filled, recogniser: Recogniser | None = None) -> Changed:
    """Change title, when, where, description and seats (capacity) as typed; see `change` for what it raises."""
    typed = {name: form.typed.get(name, "").strip()[:most] for name, most in LONGEST.items()}

    def alter(event: Event) -> None:
        if form.seen != _seen(event, event.capacity):
            raise BadInput(
                "Somebody else changed this event while you were typing, so nothing is changed yet. Look at its card, "
                "then press *Correct it* to go on with what you typed."
            )
        if not visible(typed["title"]):
            raise BadInput("The event needs a title.")
        event.starts_at, event.ends_at = _times(event, typed["when"], by.now)
        event.capacity = seats(typed["capacity"])
        if event.opens_at is not None and event.opens_at >= event.starts_at:
            raise BadInput("Answers would open only after it begins. Choose under *Manage*, *Answers* when they open.")
        event.title, event.location, event.description = typed["title"], typed["where"], typed["description"]
        event.typed_when, event.typed_capacity = typed["when"], typed["capacity"]

    return await change(database, by, alter, draft_id=form.draft_id, recogniser=recogniser)


def seen_number(card: EventCard) -> int:
    """A number for what the form of `edit` shows, from 0 to a thousand million; as good as never the same for two."""
    return _seen(card, card.terms.capacity)


def _seen(event: Event | EventCard, capacity: int | None) -> int:
    shown = (event.title, event.starts_at, event.ends_at, event.location, event.description, capacity)
    return crc32(repr([one.timestamp() if isinstance(one, datetime) else one for one in shown]).encode()) % 10**9


async def change_seats(database: Database, by: Organising, form: Filled) -> Changed:
    """Change `capacity`, `guests` that one member may bring, and for how many hours a late seat is offered."""
    typed = form.typed

    def alter(event: Event) -> None:
        event.capacity = seats(typed.get("capacity", ""))
        event.max_guests = _number(typed.get("guests", ""), MOST_GUESTS)
        event.offer_hours = _number(typed.get("hours", ""), MOST_HOURS)

    return await change(database, by, alter, draft_id=form.draft_id)


async def change_answering(database: Database, by: Organising, form: Filled) -> Changed:
    """Change when answers open (`opens`) and close (`deadline`), and how many of each volunteer role are wanted."""
    typed = form.typed

    def alter(event: Event) -> None:
        event.opens_at = _moment(event, event.opens_at, typed.get("opens", ""), by.now)
        event.deadline = _moment(event, event.deadline, typed.get("deadline", ""), by.now)
        if event.opens_at is not None and event.deadline is not None and event.deadline <= event.opens_at:
            raise BadInput("Answers must close after they open.")
        event.volunteers = volunteers(typed)

    return await change(database, by, alter, draft_id=form.draft_id)


async def change_second(database: Database, by: Organising, form: Filled) -> Changed:
    """Change `title` and `description` in a second `language`; no title is none at all."""
    language, title, description = (form.typed.get(key, "").strip() for key in ("language", "title", "description"))

    def alter(event: Event) -> None:
        event.second_language = second_code(language, title, description, form.locale)
        event.second_title = title[: LONGEST_SECOND["title"]]
        event.second_description = description[: LONGEST_SECOND["description"]]

    return await change(database, by, alter, draft_id=form.draft_id)


async def hide_roster(database: Database, by: Organising, hidden: bool) -> Changed:
    """Show numbers only on the card, or names as well."""

    def alter(event: Event) -> None:
        event.hide_roster = hidden

    return await change(database, by, alter)


def edit_fields(card: EventCard) -> dict[str, str]:
    """What the form of `edit` is filled with: times in ISO, for “next Friday” would be another day by now."""
    return {
        "title": card.title,
        "when": when_text(card.starts_at, card.ends_at, card.timezone),
        "where": card.location,
        "description": card.description,
        "capacity": "" if card.terms.capacity is None else str(card.terms.capacity),
    }


def seat_fields(card: EventCard) -> dict[str, str]:
    """What the form of `change_seats` is filled with."""
    capacity = card.terms.capacity
    return {
        "capacity": "" if capacity is None else str(capacity),
        "guests": str(card.terms.max_guests),
        "hours": str(card.terms.offer_hours),
    }


def answering_fields(card: EventCard) -> dict[str, str]:
    """What the form of `change_answering` is filled with."""
    terms = card.terms
    times = {"opens": terms.opens_at, "deadline": terms.deadline}
    shown = {name: _local(moment, card.timezone) if moment else "" for name, moment in times.items()}
    return shown | {role: str(terms.volunteers.get(role, "")) for role in VOLUNTEERS}


def when_text(starts_at: datetime, ends_at: datetime, timezone: str) -> str:
    """A span as it is typed: `2026-12-05 19:00-21:00`, with the day of the end where that is another."""
    zone = zone_of(timezone)
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    last = f"-{end:%H:%M}" if start.date() == end.date() else f" - {end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}{last}"


def _local(moment: datetime, timezone: str) -> str:
    return f"{moment.astimezone(zone_of(timezone)):%Y-%m-%d %H:%M}"


def _times(event: Event, text: str, now: datetime) -> tuple[datetime, datetime]:
    """Start and end as typed; the very times they are where the text was left as it is, begun or not."""
    assert event.starts_at is not None and event.ends_at is not None  # noqa: S101 - a check constraint
    if text == when_text(event.starts_at, event.ends_at, event.timezone):
        return event.starts_at, event.ends_at
    begun = event.starts_at <= now
    # Of an event that has begun the end can still be moved; its own start is past, and must be read all the same.
    when = parse_when(text, zone_of(event.timezone), event.starts_at - MINUTE if begun else now)
    if begun and (when.start != event.starts_at or when.end <= now):
        raise BadInput("This event has begun: only its end can still be moved, to a later time than now.")
    return when.start, when.end


def _moment(event: Event, before: datetime | None, text: str, now: datetime) -> datetime | None:
    """One instant as typed, before the event's start; the one it was where the text was left as it is."""
    assert event.starts_at is not None  # noqa: S101 - a check constraint
    text = text.strip()
    if before is not None and text == _local(before, event.timezone):
        return before
    if not text:
        return None
    moment = parse_when(text, zone_of(event.timezone), now).start
    if moment > event.starts_at:
        start = f"<t:{int(event.starts_at.timestamp())}:f>"
        raise BadInput("Answers open and close before the event begins, {start}.", start=start)
    return moment


def _number(text: str, most: int) -> int:
    """A whole number from 0 as typed; an empty text is 0. Raises BadInput."""
    text = text.strip() or "0"
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) <= most):
        raise BadInput("“{text}” is not a number from 0 to {most}. Type a whole number.", text=text[:20], most=most)
    return int(text)
