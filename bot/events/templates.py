"""Templates: an event's settings under a name, to make others like it."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput, NotFound
from bot.events.draft_page import Choices
from bot.events.drafts import moderated
from bot.members import Member
from db import event_templates as queries
from db import events
from db.database import Database
from db.models import Event, EventTemplate

logger = logging.getLogger(__name__)

MOST_TEMPLATES = 25  # a list of choices holds no more
LONGEST_NAME = 50
# Columns of an event that another one like it takes over: everything but its times and its picture.
TAKEN_OVER = (
    *("title", "location", "description", "typed_capacity", "place_id", "timezone"),
    *Choices.__slots__,
)


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it is picked."""

    id: int
    name: str


async def saved(database: Database, guild_id: int) -> list[Template]:
    """A server's templates by name."""
    async with database.read() as session:
        return [Template(row.id, row.name) for row in await queries.templates(session, guild_id)]


async def save_template(
    database: Database, guild_id: int, member: Member, event_id: int, name: str, now: datetime
) -> Template:
    """Keep an event's settings under a name; one of that name is replaced. Raises NotAllowed, NotFound, BadInput."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput("A template needs a name of 1 to {most} characters.", most=LONGEST_NAME)
    async with database.write() as session:
        await moderated(session, guild_id, member)
        event = await source(session, guild_id, event_id)
        rows = await queries.templates(session, guild_id)
        row = next((row for row in rows if row.name.casefold() == name.casefold()), None)
        if row is None and len(rows) >= MOST_TEMPLATES:
            raise BadInput(
                "There are {most} templates already. Delete one with `/event template delete` first.",
                most=MOST_TEMPLATES,
            )
        if row is None:
            row = EventTemplate(guild_id=guild_id)
            session.add(row)
        row.name, row.fields = name, json.dumps({field: getattr(event, field) for field in TAKEN_OVER})
        row.saved_by_user_id, row.saved_at = member.id, now
        await session.flush()
        logger.info("guild %s: event %s saved as template %s by %s", guild_id, event_id, row.id, member.id)
        return Template(row.id, row.name)


async def delete_template(database: Database, guild_id: int, member: Member, template_id: int) -> Template:
    """Forget a template; drafts made from it stay. Raises NotAllowed, NotFound."""
    async with database.write() as session:
        await moderated(session, guild_id, member)
        row = await template(session, guild_id, template_id)
        await session.delete(row)
        return Template(row.id, row.name)


async def template(session: AsyncSession, guild_id: int, template_id: int) -> EventTemplate:
    """A template of this server, inside a transaction. Raises NotFound."""
    row = await queries.template(session, guild_id, template_id)
    if row is None:
        raise NotFound("That template is not there any more. Pick one from the list that appears while you type.")
    return row


async def source(session: AsyncSession, guild_id: int, event_id: int) -> Event:
    """An event of this server that others are made like, inside a transaction. Raises NotFound."""
    event = await events.event(session, guild_id, event_id)
    if event is None or event.status == "draft":
        raise NotFound("That event is not there any more. `/event list` shows what is coming up.")
    return event


def fill(event: Event, fields: dict[str, object]) -> None:
    """Write what an event takes over into a draft; columns that are gone since are passed over."""
    for name in TAKEN_OVER:
        if name in fields:
            setattr(event, name, fields[name])
