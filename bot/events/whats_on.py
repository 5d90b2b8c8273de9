"""What is on in a server, for a post that lists it and keeps itself up to date; and when that post is edited."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.guilds import load_server
from bot.members import Member, require_event_moderator
from bot.posting.edit_pace import sent_at
from db import card_copies, events, live_posts, outbox
from db.database import Database
from db.models import CardCopy, Event

logger = logging.getLogger(__name__)

LISTED = 25
COUNTS_EVERY = timedelta(minutes=5)  # between two edits where nothing but the numbers changed
LOOK_EVERY = timedelta(minutes=5)  # at least, whatever was missed


@dataclass(frozen=True, slots=True)
class Listed:
    """An open event that is not over; the ids are those of its oldest card, None where there is none."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    has_begun: bool
    location: str
    track: str | None
    going: int
    capacity: int | None
    channel_id: int | None
    message_id: int | None


@dataclass(frozen=True, slots=True)
class WhatsOn:
    """The next events of a server, at most 25, of `total`; `locale` is the server's."""

    guild_id: int
    locale: str
    events: tuple[Listed, ...]
    total: int

    @property
    def without_counts(self) -> "WhatsOn":
        """The same, whoever is going."""
        return replace(self, events=tuple(replace(event, going=0) for event in self.events))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a post shows, and since when."""

    listing: WhatsOn
    edited_at: datetime


def edit_due(shown: Shown | None, current: WhatsOn, now: datetime) -> datetime | None:
    """When a post is edited to show what is on now; None where it does, None `shown` where nobody knows."""
    if shown is None:
        return now
    if shown.listing == current:
        return None
    if shown.listing.without_counts != current.without_counts:
        return now
    return max(now, shown.edited_at + COUNTS_EVERY)


def next_look(current: WhatsOn, now: datetime) -> datetime:
    """When what is on changes by itself, as an event begins or ends, or soon anyway."""
    moments = [moment for event in current.events for moment in (event.starts_at, event.ends_at) if moment > now]
    return min([*moments, now + LOOK_EVERY])


async def whats_on(database: Database, guild_id: int, now: datetime) -> WhatsOn:
    """The open events of a server that are not over, the next one first."""
    async with database.read() as session:
        server = await load_server(session, guild_id)
        rows = await events.upcoming(session, guild_id, now, LISTED)
        ids = [event.id for event in rows]
        copies = {copy.event_id: copy for copy in reversed(await card_copies.copies(session, ids))}
        going = await events.seats_taken(session, ids)
        listed = tuple(_listed(event, going.get(event.id, 0), copies.get(event.id), now) for event in rows)
        total = await live_posts.count_coming(session, guild_id, now)
        return WhatsOn(guild_id, server.locale, listed, total)


def _listed(event: Event, going: int, copy: CardCopy | None, now: datetime) -> Listed:
    assert event.starts_at is not None and event.ends_at is not None  # noqa: S101 - a check constraint
    return Listed(
        event.id,
        event.title,
        event.starts_at,
        event.ends_at,
        event.starts_at <= now,
        event.location,
        event.track,
        going,
        event.capacity,
        copy.channel_id if copy else None,
        copy.message_id if copy else None,
    )


async def require_organiser(database: Database, guild_id: int, member: Member) -> None:
    """Raise NotAllowed unless the member may run this server's events."""
    async with database.read() as session:
        require_event_moderator(member, (await load_server(session, guild_id)).moderator_role_id)


async def put_up(
    database: Database, guild_id: int, member: Member, channel_id: int, occasion: int, now: datetime
) -> list[int]:
    """Have a list of what is on posted in a channel; returns the messages there that it replaces, forgotten now.

    `occasion` is an id that no other command has. Raises NotAllowed.
    """
    async with database.write() as session:
        server = await load_server(session, guild_id)
        require_event_moderator(member, server.moderator_role_id)
        before = list(await live_posts.message_ids(session, guild_id, channel_id=channel_id))
        await live_posts.forget(session, before)
        if not await live_posts.is_waiting(session, guild_id, channel_id):
            outbox.queue(
                session,
                guild_id=guild_id,
                channel_id=channel_id,
                kind="live",
                object_id=0,
                dedupe_key=f"live:{guild_id}:{channel_id}:{occasion}",
                due_at=now,
                locale=server.locale,
            )
        logger.info("guild %s: a live list in channel %s was asked for by %s", guild_id, channel_id, member.id)
        return before


async def remember(session: AsyncSession, message_id: int, guild_id: int, channel_id: int) -> None:
    """The message just sent is a list of what is on; it is looked at soon, for what changed while it was sent."""
    await live_posts.put(session, message_id, guild_id, channel_id, sent_at(message_id))
