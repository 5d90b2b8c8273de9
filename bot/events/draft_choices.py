"""What an organiser chooses for a draft beside its form: each change is kept at once."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.dates.clocks import zone_of
from bot.dates.when import parse_when
from bot.errors import BadInput
from bot.events.draft_page import Draft, draft_of, times_problem
from bot.events.drafts import own_draft
from bot.events.fields import KINDS, LONGEST_SECOND, MOST_REMINDERS, second_code, volunteers
from bot.members import Member
from db.database import Database
from db.models import TRACKS

MOST_GUESTS = 5
OFFER_HOURS = (0, 1, 2, 4, 8, 12, 24)
REMINDERS = (10_080, 2_880, 1_440, 180, 60, 15)  # minutes before the start
TOGGLED = ("hide_roster", "wants_thread")
SERVERS = "server"  # the reminders that the server has for every event
LONGEST_MOMENT = 30


async def choose(
    database: Database, guild_id: int, member: Member, draft_id: int, field: str, values: Sequence[str], now: datetime
) -> Draft:
    """Keep what was chosen for a field of `Choices`, which comes from outside; one of `TOGGLED` is turned round.

    Raises BadInput, NotFound, NotAllowed.
    """
    async with database.write() as session:
        server, event = await own_draft(session, guild_id, member, draft_id)
        value = not getattr(event, field) if field in TOGGLED else chosen_value(field, values)
        setattr(event, field, value)
        await session.flush()
        return await draft_of(session, event, server, now)


def chosen_value(field: str, values: Sequence[str]) -> str | int | None:
    """The value of a column that a select's values mean; nothing chosen is None, or the first that is offered."""
    first = values[0] if values else ""
    if field == "kind" and first in KINDS:
        return first
    if field == "track" and (first in TRACKS or first in ("", "none")):
        return first if first in TRACKS else None
    if field.endswith("_role_id") and re.fullmatch(r"\d{0,19}", first, re.ASCII):
        return int(first) if first else None
    if field == "max_guests" and first in map(str, range(MOST_GUESTS + 1)):
        return int(first)
    if field == "offer_hours" and first in map(str, OFFER_HOURS):
        return int(first)
    if field == "reminder_minutes":
        return chosen_reminders(values)
    raise BadInput("This is from before an update of the bot. Please use the command again.")


def chosen_reminders(values: Sequence[str]) -> str | None:
    """Minutes before the start, as they are stored; None for the server's. Times that were ticked win over both."""
    minutes = sorted({int(value) for value in values if re.fullmatch(r"\d{1,5}", value, re.ASCII)}, reverse=True)
    if len(minutes) > MOST_REMINDERS:
        raise BadInput("Five reminders are the most. Please choose fewer.")
    if not minutes:
        return "" if "none" in values else None
    return ",".join(map(str, minutes))


async def set_times(
    database: Database, guild_id: int, member: Member, draft_id: int, opens: str, closes: str, now: datetime
) -> Draft:
    """Keep when answers open and close, as it was typed; empty is at once, and until the start.

    Raises BadInput, and AmbiguousDate with both readings, for what cannot be used; then nothing is changed.
    """
    async with database.write() as session:
        server, event = await own_draft(session, guild_id, member, draft_id)
        zone = zone_of(event.timezone)
        opens_at = parse_when(opens, zone, now).start if opens.strip() else None
        deadline = parse_when(closes, zone, now).start if closes.strip() else None
        if problem := times_problem(opens_at, deadline, event.starts_at, now):
            raise problem
        event.opens_at, event.deadline = opens_at, deadline
        return await draft_of(session, event, server, now)


async def typed_times(database: Database, guild_id: int, member: Member, draft_id: int) -> tuple[str, str]:
    """When answers open and close, as texts that can be typed."""
    async with database.read() as session:
        _, event = await own_draft(session, guild_id, member, draft_id)
        zone = zone_of(event.timezone)
        opens_at, deadline = (
            f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "" for at in (event.opens_at, event.deadline)
        )
        return opens_at, deadline


async def set_second(
    database: Database,
    guild_id: int,
    member: Member,
    draft_id: int,
    second: tuple[str, str, str],
    locale: str,
    now: datetime,
) -> Draft:
    """Keep title and description in a second language: (language, title, description); no title is none at all.

    Where the language is unknown the two texts are kept all the same, and BadInput is raised.
    """
    language, title, description = (text.strip() for text in second)
    code, problem = None, None
    try:
        code = second_code(language, title, description, locale)
    except BadInput as error:
        problem = error
    async with database.write() as session:
        server, event = await own_draft(session, guild_id, member, draft_id)
        event.second_title = title[: LONGEST_SECOND["title"]]
        event.second_description = description[: LONGEST_SECOND["description"]]
        event.second_language = code
        await session.flush()
        draft = await draft_of(session, event, server, now)
    if problem is not None:
        raise problem
    return draft


async def set_volunteers(
    database: Database, guild_id: int, member: Member, draft_id: int, typed: dict[str, str], now: datetime
) -> Draft:
    """Keep how many of each volunteer role are wanted. Raises BadInput; then nothing is changed."""
    async with database.write() as session:
        server, event = await own_draft(session, guild_id, member, draft_id)
        event.volunteers = volunteers(typed)
        return await draft_of(session, event, server, now)
