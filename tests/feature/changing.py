"""What the tests of changing events do again and again: open a form, send it, look at rows."""

import json
from datetime import datetime, timedelta
from typing import Any

import discord
import simcord
from sqlalchemy import select, update

from bot.events.rsvp import Choice, Deed
from bot.members import Member
from db import answers
from db.models import Answer, Event, EventChore, OutboxRow
from tests.feature.announcing import announced
from tests.feature.conftest import World

AS_TYPED = {
    "title": "Cherry blossom evening",
    "when": "2026-12-05 19:00-21:00",
    "where": "Botanical Gardens",
    "description": "Tea and koto music.",
    "capacity": "2",
}
LINK = "https://discord.com/channels"


def shown_by(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    """The message that a command, press or form was answered with."""
    assert result.response is not None
    return result.response


async def edited(world: World, actor: simcord.MemberActor | None = None, **typed: str) -> simcord.InteractionResult:
    """`/event edit` of the first event, some of the fields typed anew."""
    actor = actor or world.mod
    form = await actor.slash(world.general, "event edit", event="id:1")
    return await actor.submit_modal(form, AS_TYPED | typed)


async def managed(world: World, actor: simcord.MemberActor | None = None) -> Any:
    """The organiser's panel, opened from the card."""
    result = await (actor or world.mod).click(world.events.history()[0], label="Manage")
    assert result.response is not None and result.response.ephemeral
    return result.response


def disabled(message: Any) -> list[str]:
    """The labels of the buttons on a card that are off."""
    rows = [part.get("components", []) for part in message.components[0]["components"]]
    return [button["label"] for row in rows for button in row if button.get("disabled")]


async def queued(world: World) -> list[tuple[str, str, dict[str, Any], int | None]]:
    """What is to be said besides cards: kind, occasion, detail, and whom it is for."""
    async with world.bot.database.read() as session:
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.kind != "event").order_by(OutboxRow.id))
        return [(row.kind, row.dedupe_key, json.loads(row.detail or "{}"), row.user_id) for row in rows]


async def row_of(world: World, event_id: int = 1) -> Event:
    """The event's row, of whichever server."""
    async with world.bot.database.read() as session:
        event = await session.get(Event, event_id)
        assert event is not None
        return event


async def set_columns(world: World, event_id: int = 1, **columns: Any) -> None:
    """Change an event's row behind everybody's back."""
    async with world.bot.database.write() as session:
        await session.execute(update(Event).where(Event.id == event_id).values(**columns))


async def set_answer(world: World, user_id: int, event_id: int = 1, **columns: Any) -> None:
    """Change a member's answer behind everybody's back."""
    mine = (Answer.event_id == event_id) & (Answer.user_id == user_id)
    async with world.bot.database.write() as session:
        await session.execute(update(Answer).where(mine).values(**columns))


async def chores(world: World, event_id: int = 1) -> dict[str, Any]:
    """When an event's chores are due, but for those that are done."""
    async with world.bot.database.read() as session:
        rows = await session.scalars(select(EventChore).where(EventChore.event_id == event_id))
        return {row.name: row.due_at for row in rows if row.due_at is not None}


async def answered(world: World, user_id: int, deed: Deed = Choice.GOING, event_id: int = 1) -> None:
    """A member called by the number answers."""
    member = Member(user_id, f"Member {user_id}")
    await world.bot.events.answer(world.guild.id, event_id, member, deed, world.bot.now())


async def standing(world: World, event_id: int = 1) -> list[tuple[int, str]]:
    """Who stands how, the earliest first."""
    async with world.bot.database.read() as session:
        return [(row.user_id, row.standing) for row in await answers.answers(session, event_id)]


async def crowded(world: World, going: int, waiting: int) -> discord.Message:
    """An event with that many seats, all taken by members 1, 2, …, and members after them who wait."""
    card = await announced(world, capacity=str(going))
    for user_id in range(1, going + waiting + 1):
        await answered(world, user_id)
    return card


async def made(world: World, title: str, starts_at: datetime, **columns: Any) -> int:
    """An event of two hours that is there without a card; returns its id."""
    event = Event(
        guild_id=world.guild.id,
        status="open",
        title=title,
        typed_when="",
        typed_capacity="",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        timezone="America/Chicago",
        location="",
        description="",
        host_user_id=world.mod.id,
        host_name="Mod",
        created_at=world.bot.now(),
    )
    for name, value in columns.items():
        setattr(event, name, value)
    async with world.bot.database.write() as session:
        session.add(event)
        await session.flush()
        return event.id
