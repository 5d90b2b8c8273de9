"""Answers to events, many in one transaction: read once, decide one after the other, write once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BotError, NotFound
from bot.event_page import EventCard, card_with
from bot.guilds import Server, server_of
from bot.members import Member
from bot.rsvp import Choice, Decision, EventState, Given, Standing, decide_answer
from db import events as queries
from db import outbox
from db.models import Event

REFRESH_AFTER = timedelta(seconds=2)  # the pressed card shows the change at once; this edit brings up all others


@dataclass(frozen=True, slots=True)
class Press:
    """A member's answer as it was pressed; `now` is aware UTC."""

    guild_id: int
    event_id: int
    member: Member
    choice: Choice
    now: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer: the card as it is now, and where the member stands.

    `place` counts from 1 among those who stand the same, in the order of the card: for who waits, the place in line.
    """

    card: EventCard
    standing: Standing
    changed: bool
    place: int


class Sheet:
    """One event and its answers while they change: what the rules see, and what is to be written afterwards."""

    def __init__(self, event: Event, server: Server, rows: Sequence[tuple[int, str, int, str]]) -> None:
        """Of (user id, standing, turn, display name) of every answer."""
        assert event.starts_at is not None  # noqa: S101 - a check constraint: only drafts lack it
        self.event, self.server = event, server
        given = [Given(user_id, Standing(standing), turn) for user_id, standing, turn, _ in rows]
        self.state = EventState(event.status == "open", event.starts_at, event.capacity, given)
        self.names = {user_id: name for user_id, _, _, name in rows}
        self.changed: dict[int, dict[str, object]] = {}  # user id → the columns of the answer as it is now
        self.promoted: list[Given] = []
        self.refresh_at: datetime | None = None

    def press(self, press: Press) -> Decision:
        """Decide an answer and note what it changes. Raises BadInput."""
        member, decision = press.member, decide_answer(self.state, press.member.id, press.choice, press.now)
        self.note(member, decision, press.now)
        return decision

    def note(self, member: Member, decision: Decision, now: datetime) -> None:
        """Make a decision come true on this sheet."""
        if not decision.changed:
            return
        self.names[member.id] = member.name
        for given in self.state.apply(member.id, decision):
            row = self.changed.setdefault(given.user_id, {"answered_at": None})
            row |= {
                "event_id": self.event.id,
                "user_id": given.user_id,
                "guild_id": self.event.guild_id,
                "standing": given.standing.value,
                "display_name": self.names[given.user_id],
                "turn": given.turn,
            }
            if given.user_id == member.id:
                row["answered_at"] = now
            else:
                self.promoted.append(given)
        self.refresh_at = self.refresh_at or now + REFRESH_AFTER


async def answer_all(
    session: AsyncSession, presses: Sequence[Press], *, lock: bool = True
) -> list[Answered | Exception]:
    """Decide and write presses in the order given; for each what came of it, or the error that its member is told.

    `lock` is off only where a test shows what then goes wrong.
    """
    sheets = await open_sheets(session, {press.event_id for press in presses}, lock=lock)
    outcomes: list[tuple[Press, Decision | BotError]] = []
    for press in presses:
        sheet = sheets.get(press.event_id)
        if sheet is None or sheet.event.guild_id != press.guild_id:
            outcomes.append((press, gone()))
            continue
        try:
            outcomes.append((press, sheet.press(press)))
        except BotError as error:
            outcomes.append((press, error))
    for sheet in sheets.values():
        await write_sheet(session, sheet)
    return await _told(session, sheets, outcomes)


def gone() -> NotFound:
    """An event that is not there, or is another server's: in the same words."""
    return NotFound("That event is not there any more. `/event list` shows what is coming up.")


async def open_sheets(session: AsyncSession, event_ids: set[int], *, lock: bool) -> dict[int, Sheet]:
    """The published events that are there with their answers, kept from others until the transaction ends."""
    found = await queries.events_with_servers(session, event_ids, lock=lock)
    rows: dict[int, list[tuple[int, str, int, str]]] = defaultdict(list)
    for event_id, user_id, standing, turn, name in await queries.answer_columns(session, [row[0].id for row in found]):
        rows[event_id].append((user_id, standing, turn, name))
    return {
        event.id: Sheet(event, server_of(event.guild_id, settings, home), rows[event.id])
        for event, settings, home in found
        if event.status != "draft"
    }


async def write_sheet(session: AsyncSession, sheet: Sheet) -> None:
    """Write the answers that changed, the notices to those who moved up, and when the event's cards are edited."""
    if sheet.refresh_at is None:
        return
    new = [row for row in sheet.changed.values() if row["answered_at"] is not None]
    moved = [row for row in sheet.changed.values() if row["answered_at"] is None]
    await queries.write_answers(session, new, moved)
    if sheet.promoted:
        await _tell_promoted(session, sheet)
    await queries.refresh_copies(session, sheet.event.id, sheet.refresh_at)


async def _tell_promoted(session: AsyncSession, sheet: Sheet) -> None:
    event, server = sheet.event, sheet.server
    copies = await queries.copies(session, [event.id])
    channel_id = copies[0].channel_id if copies else server.events_channel_id
    if channel_id is None or sheet.refresh_at is None:
        return
    notice = {
        "guild_id": event.guild_id,
        "channel_id": channel_id,
        "kind": "promotion",
        "object_id": event.id,
        "due_at": sheet.refresh_at - REFRESH_AFTER,
        "locale": server.locale,
    }
    keys = ((given.user_id, f"promotion:{event.id}:{given.user_id}:{given.turn}") for given in sheet.promoted)
    await outbox.queue_all(session, [notice | {"user_id": user_id, "dedupe_key": key} for user_id, key in keys])


async def _told(
    session: AsyncSession, sheets: dict[int, Sheet], outcomes: Sequence[tuple[Press, Decision | BotError]]
) -> list[Answered | Exception]:
    """What each member learns: the card and their standing as they are now that all have been decided."""
    cards: dict[int, EventCard] = {}
    places: dict[int, dict[int, int]] = {}
    told: list[Answered | Exception] = []
    for press, outcome in outcomes:
        if isinstance(outcome, BotError):
            told.append(outcome)
            continue
        sheet = sheets[press.event_id]
        if press.event_id not in cards:
            alike: dict[Standing, list[int]] = {standing: [] for standing in Standing}
            for given in sorted(sheet.state.answers.values(), key=lambda given: given.turn):
                alike[given.standing].append(given.user_id)
            names = {standing: [sheet.names[user_id] for user_id in users] for standing, users in alike.items()}
            cards[press.event_id] = await card_with(session, sheet.event, sheet.server, names)
            places[press.event_id] = {user_id: at for users in alike.values() for at, user_id in enumerate(users, 1)}
        user_id = press.member.id
        standing = sheet.state.answers[user_id].standing
        told.append(Answered(cards[press.event_id], standing, outcome.changed, places[press.event_id][user_id]))
    return told
