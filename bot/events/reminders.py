"""Telling those who come: reminders before an event, and what changes about it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.clocks import waking_time, zone_of
from bot.events.page import YOUTH, hides_names
from bot.events.rsvp import COMING, SEATED, Standing
from bot.guilds import Server
from db import attendees, card_copies, outbox
from db.models import Event

MOST_MENTIONED = 80  # in one message
CONCERNED = (*COMING, Standing.MAYBE)  # by a change: everyone who may come


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a message to many is about: `key` names it within the event, so that it is queued once.

    `detail` is what the text needs beyond the event, of the kinds that JSON knows.
    """

    kind: str
    key: str
    detail: Mapping[str, object]


def offsets(text: str) -> tuple[int, ...]:
    """Minutes before the start from the text of a column, `1440,60`; the longest first."""
    return tuple(sorted({int(part) for part in text.split(",") if part.strip()}, reverse=True))


def planned_reminders(event: Event, server: Server) -> tuple[int, ...]:
    """Minutes before the start at which those who come are reminded: the event's own, else the server's."""
    return offsets(server.reminder_minutes if event.reminder_minutes is None else event.reminder_minutes)


def makes_sense(minutes: int, planned: Sequence[int], starts_at: datetime, now: datetime) -> bool:
    """Whether a reminder that is due, or late, is still sent: before the start, and not just before a later one."""
    overtaken = any(later < minutes and starts_at - timedelta(minutes=later) <= now for later in planned)
    return now < starts_at and not overtaken


async def place_of_notices(session: AsyncSession, event: Event, server: Server) -> int | None:
    """The channel in which those who come are told: the event's thread, else where its card is."""
    if event.thread_id is not None:
        return event.thread_id
    copies = await card_copies.copies(session, [event.id])
    return copies[0].channel_id if copies else server.events_channel_id


async def queue_to_attendees(
    session: AsyncSession,
    event: Event,
    server: Server,
    kind: str,
    key: str,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    """Have those whom it concerns told in the event's thread or channel; nothing if there is nobody.

    Of a change that is everyone who may come, of anything else who has or is offered a seat. `key` names the occasion
    within event and kind: what was queued under it before is not queued again.
    """
    coming = await attendees.standing(session, event.id, CONCERNED if kind == "change" else SEATED)
    await queue_to(session, event, server, Occasion(kind, key, detail), coming, now)


async def queue_to(
    session: AsyncSession, event: Event, server: Server, occasion: Occasion, user_ids: Sequence[int], now: datetime
) -> None:
    """The same for these members: a message for each 80, or one that names nobody where names are hidden."""
    channel_id = await place_of_notices(session, event, server)
    if not user_ids or channel_id is None:
        return
    chunks = [user_ids[start : start + MOST_MENTIONED] for start in range(0, len(user_ids), MOST_MENTIONED)]
    if hides_names(event):
        chunks = [[]]
    rows = [
        {
            "guild_id": event.guild_id,
            "channel_id": channel_id,
            "kind": occasion.kind,
            "object_id": event.id,
            "detail": json.dumps({**occasion.detail, **({"users": list(chunk)} if chunk else {})}),
            "dedupe_key": f"{occasion.kind}:{event.id}:{occasion.key}:{number}",
            "due_at": now,
            "locale": server.locale,
        }
        for number, chunk in enumerate(chunks)
    ]
    await outbox.queue_new(session, rows)


async def queue_reminder(session: AsyncSession, event: Event, server: Server, minutes: int, now: datetime) -> None:
    """Remind those who come: where the event is, and by direct message who asked for that."""
    assert event.starts_at is not None  # noqa: S101 - a check constraint
    key = f"{minutes}:{int(event.starts_at.timestamp())}"
    detail = {"start": int(event.starts_at.timestamp())}
    await queue_to_attendees(session, event, server, "reminder", key, detail, now)
    if event.track == YOUTH:
        return
    wanting = await attendees.wanting_reminders(session, event.id)
    times = {user_id: direct_at(timezone, server, event, now) for user_id, timezone in wanting}
    rows = [
        {
            "guild_id": event.guild_id,
            # A row waits for the older ones of its channel. What sleeps until the morning must hold up nobody else.
            "channel_id": user_id,
            "kind": "reminder",
            "object_id": event.id,
            "user_id": user_id,
            "detail": json.dumps(detail),
            "dedupe_key": f"reminder:{event.id}:{key}:to:{user_id}",
            "due_at": due,
            "locale": server.locale,
        }
        for user_id, due in times.items()
        if due is not None
    ]
    if rows:
        await outbox.queue_new(session, rows)


def direct_at(timezone: str | None, server: Server, event: Event, now: datetime) -> datetime | None:
    """When a member gets a direct message about an event: not at their night; None if the event begins before."""
    assert event.starts_at is not None  # noqa: S101 - a check constraint
    due = waking_time(now, zone_of(timezone or server.timezone or event.timezone))
    return due if due < event.starts_at else None
