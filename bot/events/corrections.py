"""What was typed into a form about an event and could not be used: kept, so that *Correct it* fills the form again.

It is a draft without title and time, which nobody is offered to go on with. Its `sequence` tells it from the draft of
a new event, where that is 0. What was typed is in `description`, as JSON of field → text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.members import Member
from db import events as queries
from db.database import Database
from db.models import Event

KEPT = timedelta(days=1)
LONGEST_FIELD = 4_000  # what Discord lets people type into one


@dataclass(frozen=True, slots=True)
class Organising:
    """Who changes which event, and when; `now` is aware UTC."""

    guild_id: int
    event_id: int
    member: Member
    now: datetime


async def keep_typed(database: Database, by: Organising, typed: Mapping[str, str], draft_id: int = 0) -> int:
    """Keep what was typed, in the place of `draft_id` if that is there; returns the id under which it is kept."""
    async with database.write() as session:
        await queries.forget_change_drafts(session, by.guild_id, by.member.id, by.now - KEPT)
        draft = await _draft(session, by, draft_id)
        if draft is None:
            draft = Event(guild_id=by.guild_id, status="draft", sequence=1, timezone="UTC", title="", location="")
            draft.typed_when = draft.typed_capacity = ""
            draft.host_user_id, draft.host_name, draft.created_at = by.member.id, by.member.name, by.now
            session.add(draft)
        draft.description = json.dumps({key: text[:LONGEST_FIELD] for key, text in typed.items()}, ensure_ascii=False)
        await session.flush()
        return draft.id


async def kept_typed(database: Database, by: Organising, draft_id: int) -> dict[str, str]:
    """What was kept, to fill the form again. Raises NotFound once it has been used, or after a day."""
    async with database.read() as session:
        draft = await _draft(session, by, draft_id)
        if draft is None:
            raise NotFound("What you typed is not kept any more. Press *Manage* on the event's card to change it.")
        return {str(key): str(text) for key, text in json.loads(draft.description).items()}


async def forget_typed(session: AsyncSession, by: Organising, draft_id: int) -> None:
    """What was typed has been used; within an open transaction."""
    draft = await _draft(session, by, draft_id)
    if draft is not None:
        await session.delete(draft)


async def _draft(session: AsyncSession, by: Organising, draft_id: int) -> Event | None:
    draft = await queries.event(session, by.guild_id, draft_id)
    mine = draft is not None and draft.status == "draft" and draft.host_user_id == by.member.id
    return draft if mine and draft is not None and draft.sequence > 0 else None
