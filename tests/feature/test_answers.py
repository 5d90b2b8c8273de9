"""Answers as rows: what is written when members leave, come back, and press twice before anything is committed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.errors import BotError
from bot.events.events import Events
from bot.events.rsvp import Choice, Deed, Given, Guests, Left, Standing, Volunteer
from bot.members import Member
from db import event_chores
from db.database import Database
from tests.answering import GUILD, announce, change_terms, look_at_offers
from tests.invariants import Seen, check, notice_key, seen

ANN, BEN, CEM = (Member(number, name) for number, name in enumerate(("Ann", "Ben", "Cem"), start=1))
GOING, OFFERED, WAITING, MAYBE, NO = Standing


class Event:
    """An event with a few seats, answered through the use case."""

    def __init__(self, database: Database, event_id: int, now: datetime) -> None:
        self.database, self.id, self.now = database, event_id, now
        self.events = Events(database)

    async def press(self, *presses: tuple[Member, Deed]) -> None:
        """All at once, and in one transaction: so all are shown the same."""
        answers = (self.events.answer(GUILD, self.id, member, deed, self.now) for member, deed in presses)
        answered = await asyncio.gather(*answers)
        assert [one.card.answers for one in answered] == [answered[0].card.answers] * len(answered)

    async def rows(self) -> Seen:
        async with self.database.read() as session:
            rows = await seen(session, self.id)
        check(rows, self.now)
        return rows

    async def told(self) -> Sequence[str]:
        """Who was told what, by kind and member."""
        return [":".join(key.split(":")[::2]) for key in (await self.rows()).notices]


@pytest.fixture
async def event(database: Database, now: datetime) -> Event:
    """One seat."""
    columns = {"capacity": 1, "max_guests": 2, "volunteers": "driver:1"}
    return Event(database, await announce(database, now, **columns), now)


async def test_the_last_seat_pressed_in_three_processes_at_once_goes_to_one(event: Event) -> None:
    processes = [(Events(event.database), member) for member in (ANN, BEN, CEM)]
    presses = (events.answer(GUILD, event.id, member, Choice.GOING, event.now) for events, member in processes)
    answered = await asyncio.gather(*presses)
    assert sorted(one.standing for one in answered) == [GOING, WAITING, WAITING]
    assert [given.standing for given in (await event.rows()).answers] == [GOING, WAITING, WAITING]


async def test_who_leaves_the_server_frees_the_seat_and_is_erased(event: Event) -> None:
    await event.press((ANN, Choice.GOING), (BEN, Choice.GOING))
    await event.press((ANN, Left()))
    rows = await event.rows()
    assert list(rows.answers) == [Given(BEN.id, GOING, 2)]
    assert list(rows.notices) == [notice_key(event.id, Given(BEN.id, GOING, 2))]


async def test_who_was_promoted_left_and_came_back_can_be_promoted_again(event: Event) -> None:
    """With the last turn erased the same turn is given out again: the first notice must not stand in the way."""
    for _ in range(2):
        await event.press((ANN, Choice.GOING), (BEN, Choice.GOING))
        await event.press((ANN, Choice.NO))
        assert await event.told() == [f"promotion:{BEN.id}"]
        await event.press((BEN, Left()), (ANN, Left()))
        assert (await event.rows()).answers == []


async def test_who_was_promoted_and_gave_the_seat_up_at_once_hears_nothing_of_it(event: Event) -> None:
    await event.press((ANN, Choice.GOING), (BEN, Choice.GOING), (CEM, Choice.GOING))
    await event.press((ANN, Choice.NO), (BEN, Choice.NO))
    assert await event.told() == [f"promotion:{CEM.id}"]


async def test_who_was_promoted_and_left_at_once_hears_nothing_of_it(event: Event) -> None:
    await event.press((ANN, Choice.GOING), (BEN, Choice.GOING), (CEM, Choice.GOING))
    await event.press((ANN, Choice.NO), (BEN, Left()))
    assert await event.told() == [f"promotion:{CEM.id}"]
    assert [given.user_id for given in (await event.rows()).answers if given.standing is GOING] == [CEM.id]


async def test_guests_and_help_are_kept_and_read_again(event: Event, now: datetime) -> None:
    await change_terms(event.database, event.id, now, lambda row: setattr(row, "capacity", 5))
    await event.press((ANN, Choice.GOING))
    await event.press((ANN, Guests(2)), (BEN, Choice.MAYBE), (BEN, Volunteer("driver")))
    rows = await event.rows()
    assert rows.in_turn == [Given(ANN.id, GOING, 1, guests=2), Given(BEN.id, MAYBE, 2, volunteer="driver")]
    card = await event.events.card(GUILD, event.id)
    assert (card.seats(GOING), [named.given for named in card.answers]) == (3, rows.in_turn)


async def test_an_offer_is_planned_to_lapse_and_goes_to_the_next_in_line(event: Event, now: datetime) -> None:
    soon = now + timedelta(days=2, hours=1)
    await change_terms(event.database, event.id, now, lambda row: setattr(row, "offer_hours", 2))
    await event.press((ANN, Choice.GOING), (BEN, Choice.GOING), (CEM, Choice.GOING))
    event.now = soon
    await event.press((ANN, Choice.NO))
    until = soon + timedelta(hours=2)
    assert (await event.rows()).by_user[BEN.id] == Given(BEN.id, OFFERED, 2, offered_until=until)
    async with event.database.read() as session:
        assert (await event_chores.planned(session, event.id))["offers"] == until
    await look_at_offers(event.database, event.id, until - timedelta(seconds=1))
    assert await event.told() == [f"offer:{BEN.id}"]
    event.now = until
    await look_at_offers(event.database, event.id, until)
    assert await event.told() == [f"offer:{BEN.id}", f"lapsed:{BEN.id}", f"offer:{CEM.id}"]
    assert (await event.rows()).by_user[BEN.id] == Given(BEN.id, NO, 2)


async def test_an_offer_that_has_passed_cannot_be_taken_any_more(event: Event, now: datetime) -> None:
    await change_terms(event.database, event.id, now, lambda row: setattr(row, "offer_hours", 2))
    await event.press((ANN, Choice.GOING), (BEN, Choice.GOING), (CEM, Choice.GOING))
    event.now = now + timedelta(days=2, hours=1)
    await event.press((ANN, Choice.NO))
    event.now += timedelta(hours=2)
    await event.press((BEN, Choice.GOING))
    rows = await event.rows()
    assert [(given.user_id, given.standing) for given in rows.in_turn[-3:]] == [
        (CEM.id, OFFERED),
        (ANN.id, NO),
        (BEN.id, WAITING),
    ]


async def test_capacity_raised_by_three_promotes_three_and_tells_each_once(event: Event, now: datetime) -> None:
    members = [Member(number, f"Member {number}") for number in range(1, 9)]
    await event.press(*((member, Choice.GOING) for member in members))
    await change_terms(event.database, event.id, now, lambda row: setattr(row, "capacity", 4))
    assert await event.told() == [f"promotion:{number}" for number in (2, 3, 4)]


async def test_a_failed_press_changes_nothing_for_those_beside_it(event: Event) -> None:
    outcomes = await asyncio.gather(
        *(event.events.answer(guild_id, event.id, ANN, Choice.GOING, event.now) for guild_id in (GUILD + 1, GUILD)),
        event.events.answer(GUILD, event.id, BEN, Guests(1), event.now),
        return_exceptions=True,
    )
    assert [isinstance(outcome, BotError) for outcome in outcomes] == [True, False, True]
    assert list((await event.rows()).answers) == [Given(ANN.id, GOING, 1)]
