"""What people chose for themselves: reminders by direct message, and the time zone of their nights."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.when import zone
from db import member_settings as queries
from db.database import Database


@dataclass(frozen=True, slots=True)
class MemberChoices:
    """A person's choices; `timezone` is an IANA name, None for the server's."""

    reminders_by_dm: bool
    timezone: str | None


async def member_choices(database: Database, user_id: int) -> MemberChoices:
    """What a person chose."""
    async with database.read() as session:
        return await _choices(session, user_id)


async def choose_reminders(database: Database, user_id: int, by_dm: bool) -> MemberChoices:
    """Whether reminders come by direct message too."""
    async with database.write() as session:
        await queries.change(session, user_id, reminders_by_dm=by_dm)
        return await _choices(session, user_id)


async def choose_timezone(database: Database, user_id: int, name: str | None) -> MemberChoices:
    """The zone a person lives in; None goes back to the server's. Raises BadInput for a name that is none."""
    chosen = zone(name).key if name else None
    async with database.write() as session:
        await queries.change(session, user_id, timezone=chosen)
        return await _choices(session, user_id)


async def _choices(session: AsyncSession, user_id: int) -> MemberChoices:
    row = await queries.settings(session, user_id)
    return MemberChoices(row.reminders_by_dm, row.timezone)
