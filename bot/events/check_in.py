"""Checking in with the code that the organisers show.

Whoever types the code is there, so everybody who does is counted: those who were going as well as those who waited,
said maybe or no, and even those who never answered. The last are noted as *Maybe*, which takes no seat from anybody.
The code works from an hour before the start until six hours after the end; then organisers can still tick people off:
see `bot.events.attendance`.
"""

import logging
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput
from bot.events.answers import REFRESH_AFTER, published_event
from bot.events.attendance import organised_event, window
from bot.events.rsvp import SEATED, Standing
from bot.events.tries import Tries
from bot.members import Member
from db import answers as answer_queries
from db import attendance as queries
from db import card_copies
from db.database import Database
from db.models import Answer, Event

logger = logging.getLogger(__name__)

LETTERS, LENGTH = "CDFGHJKMNPQRTWXY34679", 6  # none that looks like another, no vowels that could make a word
# Wrong codes are counted by the running bot. They are worth no table: a restart forgives them.
CHECK_IN_TRIES, CHECK_IN_DURING = 5, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class CheckInCode:
    """An event's code as organisers see it; it works between two aware UTC instants. `came` are `going` or others."""

    event_id: int
    title: str
    code: str
    opens_at: datetime
    closes_at: datetime
    going: int
    came: int


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What came of a code that was right; `at` is when the member checked in, now or before."""

    title: str
    at: datetime
    walked_in: bool  # had not answered


async def check_in_code(
    database: Database, guild_id: int, event_id: int, member: Member, now: datetime, *, anew: bool = False
) -> CheckInCode:
    """The event's code, made when it is first asked for; `anew` makes another, and the old one works no more.

    The first one puts the button to check in on the event's cards.
    Raises NotFound, NotAllowed for all but the host and moderators, BadInput for a cancelled event.
    """
    async with database.write() as session:
        event = await organised_event(session, guild_id, event_id, member, lock=True)
        if event.status == "cancelled":
            raise BadInput("This event was cancelled, so nobody checks in.")
        if event.check_in_code is None:
            await card_copies.refresh_copies(session, event_id, now)
        if event.check_in_code is None or anew:
            event.check_in_code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
            logger.info("guild %s: event %s got a check-in code from %s", guild_id, event_id, member.id)
        opens_at, closes_at = window(event)
        rows = await answer_queries.answers(session, event_id)
        going = sum(row.standing in SEATED for row in rows)
        came = sum(row.checked_in_at is not None for row in rows)
        return CheckInCode(event.id, event.title, event.check_in_code, opens_at, closes_at, going, came)


async def require_check_in(database: Database, guild_id: int, event_id: int, now: datetime) -> None:
    """Raise NotFound or BadInput where no code can be typed in now, so that nobody types one in vain."""
    async with database.read() as session:
        _require_window(await published_event(session, guild_id, event_id), now)


async def check_in(
    database: Database, tries: Tries, guild_id: int, event_id: int, member: Member, typed: str, now: datetime
) -> CheckedIn:
    """Check a member in with the code as typed: case, spaces and dashes do not matter.

    Raises NotFound, BadInput where no code works now, for a wrong one and for the sixth try in ten minutes.
    """
    # Counted before anything is looked up, so that many at the same moment are no way around it.
    free_at = tries.take((event_id, member.id), now)
    async with database.write() as session:
        event = await published_event(session, guild_id, event_id, lock=True)
        code = _require_window(event, now)
        answer = await answer_queries.answer(session, event_id, member.id)
        if answer is not None and answer.checked_in_at is not None:
            return CheckedIn(event.title, answer.checked_in_at, False)
        if free_at is not None:
            raise BadInput(
                "That were too many wrong codes. Try again {when}, or ask an organiser to tick you off.",
                when=f"<t:{int(free_at.timestamp())}:R>",
            )
        if not secrets.compare_digest(_plain(typed).encode(), code.encode()):
            raise BadInput(
                "That is not the code of this event. It has {n} letters and digits; look again, or ask an organiser.",
                n=LENGTH,
            )
        if answer is not None:
            answer.checked_in_at = now
        else:
            session.add(await _walk_in(session, event, member, now))
        logger.info("guild %s: %s checked in to event %s", guild_id, member.id, event_id)
        return CheckedIn(event.title, now, answer is None)


def _require_window(event: Event, now: datetime) -> str:
    """The code that works now. Raises BadInput where none does."""
    opens_at, closes_at = window(event)
    if event.status == "cancelled":
        raise BadInput("This event was cancelled, so nobody checks in.")
    if now < opens_at:
        raise BadInput("Check-in opens {when}. Come back then.", when=f"<t:{int(opens_at.timestamp())}:f>")
    if now >= closes_at:
        raise BadInput("Check-in is over. If you were there, ask an organiser to tick you off.")
    if event.check_in_code is None:
        raise BadInput("The organisers have not made a code yet. Ask them for it, then press the button again.")
    return event.check_in_code


def _plain(typed: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", typed).upper()))


async def _walk_in(session: AsyncSession, event: Event, member: Member, now: datetime) -> Answer:
    """The answer of somebody who is there without one; the event's cards will show it."""
    await card_copies.refresh_copies(session, event.id, now + REFRESH_AFTER)
    return Answer(
        event_id=event.id,
        user_id=member.id,
        guild_id=event.guild_id,
        standing=Standing.MAYBE.value,
        display_name=member.name,
        turn=await queries.next_turn(session, event.id),
        answered_at=now,
        checked_in_at=now,
    )
