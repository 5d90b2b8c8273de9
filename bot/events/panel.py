"""What an event's host and moderators see and do about it besides changing it: facts, notes, further cards."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput
from bot.events.answers import gone
from bot.events.changes import require_changeable, require_organiser
from bot.events.corrections import Organising
from bot.events.page import YOUTH, EventCard, event_card
from bot.events.rsvp import Standing
from bot.guilds import Server, load_server
from db import card_copies, outbox
from db import events as queries
from db.database import Database
from db.models import Event


@dataclass(frozen=True, slots=True)
class Panel:
    """An event for those who run it; `channel_id` and `message_id` are those of its first card, if it is there.

    `closed` says that nothing can be changed any more; `roster_hidden` is what was chosen.
    """

    card: EventCard
    sequence: int
    notes: int
    roster_hidden: bool
    closed: bool
    channel_id: int | None
    message_id: int | None

    @property
    def names_never_shown(self) -> bool:
        """Whether the track hides the names, whatever is chosen."""
        return self.card.track == YOUTH


@dataclass(frozen=True, slots=True)
class Note:
    """What a member wrote to the organiser."""

    name: str
    standing: Standing
    text: str


async def panel(database: Database, by: Organising, *, to_change: bool = False) -> Panel:
    """The facts for the panel. Raises NotFound, NotAllowed; `to_change` Closed as well, where nothing can be."""
    async with database.read() as session:
        event, _ = await organised(session, by)
        if to_change:
            require_changeable(event, by.now)
        copies = await card_copies.copies(session, [event.id])
        over = event.ends_at is not None and event.ends_at <= by.now
        return Panel(
            await event_card(session, event),
            event.sequence,
            len(await queries.notes(session, event.id)),
            event.hide_roster,
            over or event.status == "cancelled",
            copies[0].channel_id if copies else None,
            copies[0].message_id if copies else None,
        )


async def notes(database: Database, by: Organising) -> tuple[str, Sequence[Note]]:
    """The event's title and the notes to its organiser, the earliest answer first. Raises NotFound, NotAllowed."""
    async with database.read() as session:
        event, _ = await organised(session, by)
        rows = await queries.notes(session, event.id)
        return event.title, [Note(row.display_name, Standing(row.standing), row.note) for row in rows]


async def share(database: Database, by: Organising, channel_id: int) -> None:
    """Have a further card posted in a channel of this server, where there is none yet.

    Raises NotFound, NotAllowed, BadInput.
    """
    async with database.write() as session:
        event, server = await organised(session, by, lock=True)
        require_changeable(event, by.now)
        for copy in await card_copies.copies(session, [event.id]):
            if copy.channel_id == channel_id:
                raise BadInput(
                    "Its card is there already: {link}", link=message_link(by.guild_id, channel_id, copy.message_id)
                )
        earlier = await queries.card_posts(session, event.id, channel_id)
        if earlier and earlier[0].done_at is None:
            raise BadInput("Its card is on its way to {channel} already.", channel=f"<#{channel_id}>")
        outbox.queue(
            session,
            guild_id=by.guild_id,
            channel_id=channel_id,
            kind="event",
            object_id=event.id,
            dedupe_key=f"event:{event.id}:{channel_id}:{len(earlier) + 1}",
            due_at=by.now,
            locale=server.locale,
        )


async def first_card(database: Database, guild_id: int, event_id: int) -> tuple[int, int] | None:
    """Channel and message of the oldest card of an event that is there; None where there is none."""
    async with database.read() as session:
        ours = [copy for copy in await card_copies.copies(session, [event_id]) if copy.guild_id == guild_id]
        return (ours[0].channel_id, ours[0].message_id) if ours else None


async def copies_in(database: Database, guild_id: int, event_id: int, channel_id: int) -> list[int]:
    """The ids of the messages in a channel that show the event, as far as we know."""
    async with database.read() as session:
        copies = await card_copies.copies(session, [event_id])
        return [copy.message_id for copy in copies if (copy.guild_id, copy.channel_id) == (guild_id, channel_id)]


async def forget_copy(database: Database, event_id: int, message_id: int) -> None:
    """A message that showed the event is gone."""
    async with database.write() as session:
        await card_copies.forget_copies(session, event_id, [message_id])


def message_link(guild_id: int, channel_id: int, message_id: int) -> str:
    """The address of a message."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


async def organised(session: AsyncSession, by: Organising, *, lock: bool = False) -> tuple[Event, Server]:
    """The event and its server's settings, for somebody who runs it. Raises NotFound, NotAllowed."""
    event = await queries.event(session, by.guild_id, by.event_id, lock=lock)
    if event is None or event.status == "draft":
        raise gone()
    server = await load_server(session, by.guild_id)
    require_organiser(by.member, server.moderator_role_id, event)
    return event, server
