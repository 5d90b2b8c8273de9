"""What else can be changed about a published event: its kind, track, city and picture, reminders, thread and roles."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput
from bot.events.changes import Changed, change, require_changeable
from bot.events.corrections import Organising
from bot.events.draft_choices import chosen_value
from bot.events.draft_page import Choices
from bot.events.fields import KINDS
from bot.events.panel import organised
from bot.lookup.places import Place
from bot.lookup.search import CityIndex
from bot.recogniser.recogniser import Recogniser
from db import drafts as pictures
from db import event_chores
from db import events as queries
from db.database import Database
from db.models import TRACKS, Event

CHOSEN = ("kind", "track", "answer_role_id", "attendee_role_id", "reminder_minutes")
NO_TRACK = "none"


@dataclass(frozen=True, slots=True)
class More:
    """What the page shows; `role_in_use` says that the attendee role cannot be another one any more."""

    event_id: int
    choices: Choices
    server_reminders: str
    has_picture: bool
    thread_id: int | None
    role_in_use: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What `/event edit` was given; None stays as it is. `picture` is WebP, `alt` says what it shows."""

    kind: str | None = None
    track: str | None = None
    city: Place | None = None
    picture: bytes | None = None
    alt: str | None = None


async def more(database: Database, by: Organising) -> More:
    """The page as it is now. Raises NotFound, NotAllowed, Closed."""
    async with database.read() as session:
        event, server = await organised(session, by)
        require_changeable(event, by.now)
        return More(
            event.id,
            Choices.of(event),
            server.reminder_minutes,
            event.picture_alt is not None,
            event.thread_id,
            event.attendee_role_id is not None and await queries.role_in_use(session, event.id, by.now),
        )


async def change_choice(database: Database, by: Organising, field: str, values: Sequence[str]) -> Changed:
    """Keep what was chosen for one of `CHOSEN`, which comes from outside; see `change` for what it raises."""
    if field not in CHOSEN:
        raise BadInput("This is from before an update of the bot. Please use the command again.")
    value = chosen_value(field, values)

    def alter(event: Event) -> None:
        setattr(event, field, value)

    async def role_is_free(session: AsyncSession, event: Event) -> None:
        if event.attendee_role_id is not None and await queries.role_in_use(session, event.id, by.now, lock=True):
            raise BadInput("Members have this event's role already, so it can't be another one any more.")

    return await change(database, by, alter, first=role_is_free if field == "attendee_role_id" else None)


async def turn_thread(database: Database, by: Organising) -> Changed:
    """Want a thread, or want none after all. Raises BadInput where there is one."""

    def alter(event: Event) -> None:
        if event.thread_id is not None:
            raise BadInput("This event has its thread already: {thread}", thread=f"<#{event.thread_id}>")
        event.wants_thread = not event.wants_thread

    return await change(database, by, alter)


async def remove_picture(database: Database, by: Organising) -> Changed:
    """Take the event's picture off its cards."""

    def alter(event: Event) -> None:
        event.picture_alt = None

    async def forget(session: AsyncSession, event: Event) -> None:
        await pictures.remove_picture(session, event.id)
        await event_chores.plan(session, event.id, event.guild_id, "picture", by.now)

    return await change(database, by, alter, first=forget)


async def change_facts(
    database: Database, by: Organising, facts: Facts, index: CityIndex, recogniser: Recogniser | None = None
) -> Changed:
    """Change what was given; a place that only named the city follows it. See `change` for what it raises."""

    def alter(event: Event) -> None:
        if facts.kind in KINDS:
            event.kind = facts.kind
        if facts.track in (*TRACKS, NO_TRACK):
            event.track = None if facts.track == NO_TRACK else facts.track
        if facts.city is not None:
            before = index.places.get(event.place_id or 0)
            if event.location in ("", before.name if before else ""):
                event.location = facts.city.name
            event.place_id = facts.city.id
        if facts.alt is not None:
            if facts.picture is None and event.picture_alt is None:
                raise BadInput("This event has no picture yet. Give one as `image`, with its `image_description`.")
            event.picture_alt = facts.alt

    async def put_picture(session: AsyncSession, event: Event) -> None:
        if facts.picture is not None:
            await pictures.put_picture(session, event.id, facts.picture)
            await event_chores.plan(session, event.id, event.guild_id, "picture", by.now)

    return await change(database, by, alter, first=put_picture, recogniser=recogniser)
