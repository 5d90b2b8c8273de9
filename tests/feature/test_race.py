"""Forty members race for ten seats: exactly ten get one. And a control shows that it is the lock that sees to it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import discord
import pytest
import simcord
from simcord import interactions
from simcord.backend import serializers
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events.answer_rules import decide
from bot.events.answers import Answered, open_sheets, write_sheet
from bot.events.events import Events
from bot.events.rsvp import Choice, Decision, Standing
from bot.members import Member
from db import answers as queries
from db.database import Database
from db.models import Answer, OutboxRow
from tests.answering import GUILD, announce
from tests.feature.announcing import BUTTON, COMPONENT, announced, card_in
from tests.feature.conftest import World, words

EVENT = 1
SEATS, RACERS = 10, 40
MEMBERS = [Member(1000 + number, f"Racer {number}") for number in range(RACERS)]


@pytest.fixture
async def processes(database_url: str, database: Database, now: datetime) -> AsyncIterator[list[Database]]:
    """Four databases on one event of ten seats; like processes, each has its own connections and write lock."""
    async with AsyncExitStack() as stack:
        opened = [Database(database_url) for _ in range(4)]
        for one in opened:
            stack.push_async_callback(one.close)
        assert await announce(database, now, capacity=SEATS) == EVENT
        yield opened


async def counted(database: Database) -> tuple[Counter[str], list[int]]:
    """How many stand how, and every turn."""
    async with database.read() as session:
        rows = (await session.scalars(select(Answer).order_by(Answer.turn))).all()
        return Counter(row.standing for row in rows), [row.turn for row in rows]


async def pressed_at_once(
    world: World, card: discord.Message, members: list[simcord.MemberActor], choice: str
) -> list[simcord.InteractionResult]:
    """All members press the same button before the bot has answered the first of them."""
    backend = world.env.backend
    stored = backend.get_message(world.events.id, card.id)
    records = []
    for member in members:
        record, payload = interactions.base_payload(
            backend,
            type=COMPONENT,
            channel_id=world.events.id,
            guild_id=world.guild.id,
            user_id=member.id,
            data={"custom_id": f"event-answer:1:{choice}", "component_type": BUTTON},
        )
        record.source_message_id = stored.id
        payload["message"] = dict(serializers.message_payload(backend, stored))
        backend.emit("INTERACTION_CREATE", payload)
        records.append(record)
    await world.env.settle(timeout=60)
    return [simcord.InteractionResult(world.env, record) for record in records]


async def test_forty_presses_at_once_fill_ten_seats_and_ten_drop_outs_pass_them_on_in_order(world: World) -> None:
    card = await announced(world, capacity=str(SEATS))
    members = [world.guild.add_member(world.env.create_user(f"Racer {number}")) for number in range(RACERS)]
    pressed = await pressed_at_once(world, card, members, "going")
    assert [press.acknowledged for press in pressed] == [True] * RACERS
    standings, turns = await counted(world.bot.database)
    assert (standings, turns) == ({"going": SEATS, "waiting": RACERS - SEATS}, list(range(1, RACERS + 1)))
    told = [words(press.followups[0]) for press in pressed if press.followups]
    assert sorted(told) == sorted(
        f"It is full, so you are on the waiting list: number {place}. I'll tell you when a seat is yours."
        for place in range(1, RACERS - SEATS + 1)
    )
    async with world.bot.database.read() as session:
        rows = await queries.answers(session, 1)
        going = [row.user_id for row in rows if row.standing == Standing.GOING]
        line = [row.user_id for row in rows if row.standing == Standing.WAITING]
    await pressed_at_once(world, card, [member for member in members if member.id in going], "no")
    async with world.bot.database.read() as session:
        rows = await queries.answers(session, 1)
        assert [row.user_id for row in rows if row.standing == Standing.GOING] == line[:SEATS]
        assert [row.user_id for row in rows if row.standing == Standing.WAITING] == line[SEATS:]
        notices = (await session.scalars(select(OutboxRow).where(OutboxRow.kind == "promotion"))).all()
        assert [notice.user_id for notice in sorted(notices, key=lambda notice: notice.id)] == line[:SEATS]
    world.clock[0] += timedelta(seconds=2)
    await world.deliver()
    assert f"**Going {SEATS}/{SEATS}**" in words(card_in(world.events))
    assert set(world.env.backend.dm_channels) == set(line[:SEATS])


async def test_four_processes_never_oversell(processes: list[Database], now: datetime) -> None:
    async def answer(number: int, member: Member) -> Answered:
        return await Events(processes[number % 4]).answer(GUILD, EVENT, member, Choice.GOING, now)

    answered = await asyncio.gather(*(answer(number, member) for number, member in enumerate(MEMBERS)))
    standings = {"going": SEATS, "waiting": RACERS - SEATS}
    assert Counter(one.standing.value for one in answered) == standings
    assert await counted(processes[0]) == (standings, list(range(1, RACERS + 1)))
    waiting = sorted(one.place for one in answered if one.standing is Standing.WAITING)
    assert waiting == list(range(1, RACERS - SEATS + 1))


async def test_control_checking_before_the_lock_oversells(processes: list[Database], now: datetime) -> None:
    """The same parts, but the check is made in a transaction of its own, before the one that writes.

    One transaction for both would not do on SQLite: begun without the write lock, it fails with "database is locked"
    as soon as another one has written since it read.
    """
    checked = asyncio.Barrier(RACERS)

    async def answer(database: Database, member: Member) -> None:
        async with database.read() as session:
            decision = await decided(session, member, now)
        await checked.wait()
        async with database.write() as session:
            await written(session, member, decision, now, lock=True)  # locked for the sake of turns alone

    await asyncio.gather(*(answer(processes[number % 4], member) for number, member in enumerate(MEMBERS)))
    assert await counted(processes[0]) == ({"going": RACERS}, list(range(1, RACERS + 1)))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_control_a_transaction_without_the_row_lock_oversells(processes: list[Database], now: datetime) -> None:
    """PostgreSQL's READ COMMITTED alone keeps nobody out: no lock in the transaction that also writes."""
    checked, one_by_one = asyncio.Barrier(RACERS), asyncio.Lock()

    async def answer(database: Database, member: Member) -> None:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(database.write())
            decision = await decided(session, member, now)
            await checked.wait()
            async with one_by_one:  # turns are unique: two at once would be an error instead
                await written(session, member, decision, now, lock=False)
                await stack.aclose()

    await asyncio.gather(*(answer(processes[number % 4], member) for number, member in enumerate(MEMBERS)))
    assert await counted(processes[0]) == ({"going": RACERS}, list(range(1, RACERS + 1)))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_control_repeatable_read_is_exact_or_an_error(processes: list[Database], now: datetime) -> None:
    """There the snapshot is older than the lock that was waited for; that turns are unique makes an error of it."""
    for database in processes:
        database.engine.sync_engine.update_execution_options(isolation_level="REPEATABLE READ")
    events = [Events(database) for database in processes]
    rounds = [MEMBERS[start : start + 4] for start in range(0, RACERS, 4)]
    failed = 0
    for members in rounds:  # one from each process, so that nobody shares a transaction
        pressed = zip(events, members, strict=True)
        answers = (one.answer(GUILD, EVENT, member, Choice.GOING, now) for one, member in pressed)
        outcomes = await asyncio.gather(*answers, return_exceptions=True)
        errors = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert [error for error in errors if not isinstance(error, DBAPIError)] == []
        failed += len(errors)
    standings, turns = await counted(processes[0])
    answered = RACERS - failed
    assert standings == Counter(going=min(SEATS, answered), waiting=max(0, answered - SEATS))
    assert turns == list(range(1, answered + 1))
    assert failed


async def decided(session: AsyncSession, member: Member, now: datetime) -> Decision:
    """What a press on *Going* comes to, as far as this transaction sees."""
    sheet = (await open_sheets(session, {EVENT}, lock=False))[EVENT]
    return decide(sheet.state, member.id, Choice.GOING, now)


async def written(session: AsyncSession, member: Member, decision: Decision, now: datetime, *, lock: bool) -> None:
    """Write what was decided before, with a turn of now: turns are unique, and two at once would be an error."""
    sheet = (await open_sheets(session, {EVENT}, lock=lock))[EVENT]
    assert decision.mine is not None
    sheet.note(member, Decision(decision.mine._replace(turn=sheet.state.next_turn), decision.changed), now)
    await write_sheet(session, sheet)
