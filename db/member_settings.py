"""Queries on what people chose for themselves."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.database import upsert
from db.models import MemberSettings


async def settings(session: AsyncSession, user_id: int) -> MemberSettings:
    """A person's choices; the default ones, not stored, if there are none yet."""
    return await session.get(MemberSettings, user_id) or MemberSettings(user_id=user_id, reminders_by_dm=False)


async def change(session: AsyncSession, user_id: int, **columns: Any) -> None:
    """Set some columns and keep the others."""
    new = upsert(session, MemberSettings).values(user_id=user_id, **({"reminders_by_dm": False} | columns))
    await session.execute(new.on_conflict_do_update(index_elements=["user_id"], set_=columns))
