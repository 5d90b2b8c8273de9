"""Answers to events, many in one transaction: read once, decide one after the other, write once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BotError, NotFound
from bot.events.answer_rules import decide, held_until, settled
from bot.events.page import EventCard, KnownClocks, Named, card_with, terms_of
from bot.events.rsvp import Decision, Deed, EventState, Given, Standing
from bot.events.seat_notices import queue_notices
from bot.guilds import Server, server_of
from bot.members import Member
from db import answers as answer_queries
from db import card_copies, event_chores
from db import events as queries
from db.models import Event

REFRESH_AFTER = timedelta(seconds=2)  # the pressed card shows the change at once; this edit brings up all others


@dataclass(frozen=True, slots=True)
class Press:
    """What a member did about an event; `now` is aware UTC."""

    guild_id: int
    event_id: int
    member: Member
    deed: Deed
    now: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a press: the card as it is now, and the member's answer; None where it was erased.

    `place` counts from 1 among those who stand the same, in the order of the card: for who waits, the place in line.
    """

    card: EventCard
    given: Given | None
    changed: bool
    place: int

    @property
    def standing(self) -> Standing:
        """Where the member stands; who left stands nowhere, and comes no more."""
        return self.given.standing if self.given else Standing.NO


class Sheet:
    """One event and its answers while they change: what the rules see, and what is to be written afterwards."""

    def __init__(self, event: Event, server: Server, rows: Sequence[Named]) -> None:
        """Of every answer to the event, in any order."""
        self.event, self.server = event, server
        self.state = EventState(terms_of(event), [given for given, _ in rows])
        self.names = {given.user_id: name for given, name in rows}
        self.given: dict[int, datetime] = {}  # who answered, and when
        self.moved: set[int] = set()  # whose answer changed without a press of theirs
        self.left: set[int] = set()
        self.told: list[Given] = []  # who got or was offered a seat, or let an offer pass, in order
        self.refresh_at: datetime | None = None

    def press(self, press: Press) -> Decision:
        """Decide a deed and note what it changes. Raises BadInput."""
        self.look(press.now)
        decision = decide(self.state, press.member.id, press.deed, press.now, press.member.role_ids)
        self.note(press.member, decision, press.now)
        return decision

    def look(self, now: datetime) -> None:
        """Let what time changes come true: offers lapse, the next in line are served."""
        self.move(settled(self.state, now), now)

    def note(self, member: Member, decision: Decision, now: datetime) -> None:
        """Make a decision come true on this sheet."""
        if decision.changed:
            if decision.mine is None:
                self.state.drop(member.id)
                self.left.add(member.id)
            else:
                self.names[member.id] = member.name
                self.state.put(decision.mine)
                self.left.discard(member.id)
                self.given[member.id] = now
            self.refresh_at = self.refresh_at or now + REFRESH_AFTER
        self.move(decision.moved, now)

    def move(self, moved: Sequence[Given], now: datetime) -> None:
        """Note answers that change without a press of their members, who are told."""
        for given in moved:
            self.state.put(given)
            self.moved.add(given.user_id)
            self.told.append(given)
            self.refresh_at = self.refresh_at or now + REFRESH_AFTER

    @property
    def news(self) -> list[Given]:
        """What members are to be told, in order; whoever pressed again meanwhile knows already."""
        answers = self.state.answers
        return [given for given in self.told if given.user_id in answers and answers[given.user_id].turn == given.turn]

    @property
    def named(self) -> list[Named]:
        """Every answer as it is now, with the name of its member."""
        return [Named(given, self.names[user_id]) for user_id, given in self.state.answers.items()]

    def columns(self, user_id: int) -> dict[str, Any]:
        """One answer as a row."""
        given = self.state.answers[user_id]
        return {
            "event_id": self.event.id,
            "user_id": user_id,
            "guild_id": self.event.guild_id,
            "standing": given.standing.value,
            "display_name": self.names[user_id],
            "turn": given.turn,
            "answered_at": self.given[user_id],
            "guests": given.guests,
            "volunteer_role": given.volunteer,
            "offered_until": given.offered_until,
        }


async def answer_all(
    session: AsyncSession, presses: Sequence[Press], *, lock: bool = True, clocks: KnownClocks | None = None
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
    return await _told(session, sheets, outcomes, clocks or KnownClocks())


def gone() -> NotFound:
    """An event that is not there, or is another server's: in the same words."""
    return NotFound("That event is not there any more. `/event list` shows what is coming up.")


async def published_event(session: AsyncSession, guild_id: int, event_id: int, *, lock: bool = False) -> Event:
    """An event that is no draft, of an open transaction. Raises NotFound."""
    event = await queries.event(session, guild_id, event_id, lock=lock)
    if event is None or event.status == "draft":
        raise gone()
    return event


async def open_sheets(session: AsyncSession, event_ids: set[int], *, lock: bool) -> dict[int, Sheet]:
    """The published events that are there with their answers, kept from others until the transaction ends."""
    found = await queries.events_with_servers(session, event_ids, lock=lock)
    rows: dict[int, list[Named]] = defaultdict(list)
    for row in await answer_queries.answer_columns(session, [event.id for event, _, _ in found]):
        rows[row.event_id].append(Named.of(row))
    return {
        event.id: Sheet(event, server_of(event.guild_id, settings, home), rows[event.id])
        for event, settings, home in found
        if event.status != "draft"
    }


async def write_sheet(session: AsyncSession, sheet: Sheet) -> None:
    """Write the answers that changed, the notices to those who moved, and when the event's cards are edited."""
    if sheet.refresh_at is None:
        return
    event, now = sheet.event, sheet.refresh_at - REFRESH_AFTER
    answers = sheet.state.answers
    given = [sheet.columns(user_id) for user_id in sheet.given if user_id in answers]
    without = sheet.moved - sheet.given.keys()
    moved = [_moved_columns(event.id, answers[user_id]) for user_id in sorted(without) if user_id in answers]
    left = [{"event": event.id, "user": user_id} for user_id in sorted(sheet.left)]
    await answer_queries.write_answers(session, given, moved, left)
    if news := sheet.news:
        await queue_notices(session, event, sheet.server, news, now)
    if offers := sheet.state.offers.values():
        lapses_at = min(held_until(offer, sheet.state.terms) for offer in offers)
        await event_chores.plan(session, event.id, event.guild_id, "offers", lapses_at)
    if event.attendee_role_id is not None:
        await event_chores.plan(session, event.id, event.guild_id, "roles", now)
    await card_copies.refresh_copies(session, event.id, sheet.refresh_at)


def _moved_columns(event_id: int, given: Given) -> dict[str, Any]:
    return {
        "event": event_id,
        "user": given.user_id,
        "now": given.standing.value,
        "party": given.guests,
        "helps_as": given.volunteer,
        "until": given.offered_until,
    }


async def _told(
    session: AsyncSession,
    sheets: dict[int, Sheet],
    outcomes: Sequence[tuple[Press, Decision | BotError]],
    clocks: KnownClocks,
) -> list[Answered | Exception]:
    """What each member learns: the card and their standing as they are now that all have been decided."""
    cards: dict[int, EventCard] = {}
    places: dict[int, dict[int, int]] = {}
    told: list[Answered | Exception] = []
    for press, outcome in outcomes:
        if isinstance(outcome, BotError):
            told.append(outcome)
            continue
        event_id, sheet = press.event_id, sheets[press.event_id]
        if event_id not in cards:
            known = await clocks.of(session, sheet.event, sheet.server, press.now)
            cards[event_id] = await card_with(session, sheet.event, sheet.server, sheet.named, known)
            places[event_id] = cards[event_id].places
        given = sheet.state.answers.get(press.member.id)
        told.append(Answered(cards[event_id], given, outcome.changed, places[event_id].get(press.member.id, 0)))
    return told
