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

from bot.answers import Answered, open_sheets, write_sheet
from bot.events import Events
from bot.members import Member
from bot.rsvp import Choice, Decision, Standing, decide_answer
from db import events as queries
from db.database import Database
from db.models import Answer, Event, OutboxRow
from tests.feature.announcing import BUTTON, COMPONENT, announced, card_in
from tests.feature.conftest import World, words

GUILD, EVENT = 77, 1
SEATS, RACERS = 10, 40
MEMBERS = [Member(1000 + number, f"Racer {number}") for number in range(RACERS)]


@pytest.fixture
async def processes(database_url: str, database: Database, now: datetime) -> AsyncIterator[list[Database]]:
    """Four databases on one event of ten seats; like processes, each has its own connections and write lock."""
    async with AsyncExitStack() as stack:
        opened = [Database(database_url) for _ in range(4)]
        for one in opened:
            stack.push_async_callback(one.close)
        async with database.write() as session:
            session.add(race_event(now))
        yield opened


def race_event(now: datetime) -> Event:
    """An open event of ten seats."""
    starts_at = now + timedelta(days=3)
    return Event(
        id=EVENT,
        guild_id=GUILD,
        status="open",
        title="The race",
        typed_when="",
        typed_capacity=str(SEATS),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        timezone="UTC",
        location="",
        description="",
        capacity=SEATS,
        host_user_id=1,
        host_name="Host",
        created_at=now,
    )


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
    assert f"**Going {SEATS} / {SEATS}**" in words(card_in(world.events))
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

    async def answer(database: Database, member: Member) -> Decision:
        async with database.read() as session:
            sheet = (await open_sheets(session, {EVENT}, lock=False))[EVENT]
            decision = decide_answer(sheet.state, member.id, Choice.GOING, now)
        await checked.wait()
        async with database.write() as session:
            # Locked for the sake of turns alone, which are unique.
            sheet = (await open_sheets(session, {EVENT}, lock=True))[EVENT]
            sheet.note(member, decision, now)
            await write_sheet(session, sheet)
        return decision

    await asyncio.gather(*(answer(processes[number % 4], member) for number, member in enumerate(MEMBERS)))
    assert await counted(processes[0]) == ({"going": RACERS}, list(range(1, RACERS + 1)))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_control_a_transaction_without_the_row_lock_oversells(processes: list[Database], now: datetime) -> None:
    """PostgreSQL's READ COMMITTED alone keeps nobody out: no lock in the transaction that also writes."""
    checked, one_by_one = asyncio.Barrier(RACERS), asyncio.Lock()

    async def answer(database: Database, member: Member) -> None:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(database.write())
            sheet = (await open_sheets(session, {EVENT}, lock=False))[EVENT]
            decision = decide_answer(sheet.state, member.id, Choice.GOING, now)
            await checked.wait()
            async with one_by_one:  # turns are unique: two at once would be an error instead
                sheet = (await open_sheets(session, {EVENT}, lock=False))[EVENT]
                sheet.note(member, decision, now)
                await write_sheet(session, sheet)
                await stack.aclose()

    await asyncio.gather(*(answer(processes[number % 4], member) for number, member in enumerate(MEMBERS)))
    assert await counted(processes[0]) == ({"going": RACERS}, list(range(1, RACERS + 1)))
