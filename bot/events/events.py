"""Events and the answers to them."""

from collections.abc import Sequence
from datetime import datetime

from bot.events.answers import Answered, Press, answer_all, published_event
from bot.events.changes import cancel
from bot.events.corrections import Organising
from bot.events.group_commit import GroupCommit
from bot.events.page import EventCard, KnownClocks, event_card
from bot.events.rsvp import Deed
from bot.members import Member
from db import events as queries
from db.database import Database


class Events:
    """The use cases around an event that is published. Drafts are in `bot.events.drafts`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._answers = GroupCommit(self._commit)
        self._clocks = KnownClocks()

    async def answer(self, guild_id: int, event_id: int, member: Member, deed: Deed, now: datetime) -> Answered:
        """Record a member's answer, move up whoever a freed seat goes to, and have them told.

        Raises NotFound for an event of another server or none, BadInput if it is cancelled or has begun.
        """
        return await self._answers.do(Press(guild_id, event_id, member, deed, now))

    async def _commit(self, presses: Sequence[Press]) -> list[Answered | Exception]:
        async with self.database.write() as session:
            return await answer_all(session, presses, clocks=self._clocks)

    async def card(self, guild_id: int, event_id: int) -> EventCard:
        """An event's card as it is now. Raises NotFound."""
        async with self.database.read() as session:
            return await event_card(session, await published_event(session, guild_id, event_id))

    async def picture(self, guild_id: int, event_id: int) -> bytes | None:
        """The picture on an event's card, as WebP; None where there is none."""
        async with self.database.read() as session:
            return await queries.picture(session, guild_id, event_id)

    async def cancel(self, guild_id: int, event_id: int, member: Member, now: datetime, reason: str = "") -> EventCard:
        """Call an event off, for its host or a moderator; its cards and those who are going are told.

        Raises NotAllowed, NotFound, BadInput if it is cancelled already or over.
        """
        return (await cancel(self.database, Organising(guild_id, event_id, member, now), reason)).card
