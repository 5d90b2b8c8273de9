"""What the tests of things around an event do again and again: have one, let time pass, look at what was said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import simcord
from sqlalchemy import select

from bot.events.chores import plan_chores
from bot.events.rsvp import Choice
from bot.guilds import load_server
from bot.members import Member
from db import events, outbox
from db.models import Answer, Event, EventChore, OutboxRow
from tests.feature.announcing import joined
from tests.feature.conftest import World, words

START = datetime(2026, 12, 6, 1, 0, tzinfo=UTC)  # seven in the evening in Birmingham, Alabama
END = START + timedelta(hours=2)
AT_START, IN = "<t:1796518800:F>", "<t:1796518800:R>"
TITLE = "Cherry blossom evening"
OPEN = "[Open the event]"
REMINDER = f"⏰ **{TITLE}**: {AT_START} ({IN}).\n📍 Botanical Gardens"


async def held(world: World, **columns: Any) -> discord.Message:
    """A published event, as its card in the events channel."""
    await world.set_up()
    usual: dict[str, Any] = {
        "guild_id": world.guild.id,
        "status": "open",
        "title": TITLE,
        "typed_when": "",
        "typed_capacity": "",
        "starts_at": START,
        "ends_at": END,
        "timezone": "America/Chicago",
        "location": "Botanical Gardens",
        "description": "",
        "capacity": 2,
        "host_user_id": world.mod.id,
        "host_name": "Mod",
        "created_at": world.bot.now(),
    }
    async with world.bot.database.write() as session:
        event = Event(**(usual | columns))
        session.add(event)
        await session.flush()
        outbox.queue(
            session,
            guild_id=world.guild.id,
            channel_id=world.events.id,
            kind="event",
            object_id=event.id,
            dedupe_key=f"event:{event.id}",
            due_at=world.bot.now(),
            locale="en-US",
        )
        await plan_chores(session, event, await load_server(session, world.guild.id), world.bot.now())
    await work(world)
    return world.events.history()[0]


async def edited(world: World, **columns: Any) -> None:
    """The organiser changes the event."""
    async with world.bot.database.write() as session:
        event = await events.event(session, world.guild.id, 1, lock=True)
        assert event is not None
        for name, value in columns.items():
            setattr(event, name, value)
        await plan_chores(session, event, await load_server(session, world.guild.id), world.bot.now())


async def work(world: World) -> None:
    """What the loops would do now, until nothing is left."""
    for _ in range(3):
        await world.bot.chores.run_once(world.bot.now())
        await world.deliver()


async def at(world: World, moment: datetime) -> None:
    """It is `moment`, and the loops have done their work."""
    world.clock[0] = moment
    await work(world)


async def going(world: World, *members: simcord.MemberActor, choice: Choice = Choice.GOING) -> None:
    """Members answer."""
    for member in members:
        person = Member(member.id, member.name)
        await world.bot.events.answer(world.guild.id, 1, person, choice, world.bot.now())


async def full_house(world: World, **columns: Any) -> tuple[discord.Message, list[simcord.MemberActor]]:
    """An event of two seats: Alice and Bob go, Chiyo and Dana wait in this order."""
    card = await held(world, **columns)
    members = [world.alice, world.bob, *joined(world, "Chiyo", "Dana")]
    await going(world, *members)
    return card, members


def said(channel: simcord.ChannelHandle) -> list[str]:
    """What was posted beside the card, the oldest first; Discord's own messages left out."""
    return [words(message) for message in channel.history()[1:] if message.components]


def said_in_thread(channel: simcord.ChannelHandle) -> list[str]:
    """What was posted in the only thread of a channel."""
    [thread] = channel.threads
    return [words(message) for message in thread.history()]


def written_to(world: World, member: simcord.MemberActor) -> list[str]:
    """The direct messages that a member got."""
    if member.id not in world.env.backend.dm_channels:
        return []
    return [words(message) for message in member.user.dm_channel.history()]


def pinged(world: World, channel: simcord.ChannelHandle) -> list[list[int]]:
    """Whom each message beside the card pinged."""
    stored = [world.env.backend.get_message(channel.id, message.id) for message in channel.history()[1:]]
    return [message.ping_user_ids for message in stored if message.components]


async def answers(world: World) -> dict[str, str]:
    """Who stands how."""
    async with world.bot.database.read() as session:
        rows = await session.scalars(select(Answer).where(Answer.event_id == 1).order_by(Answer.turn))
        return {row.display_name: row.standing for row in rows}


async def chores(world: World) -> dict[str, datetime | None]:
    """When the event's chores are due."""
    async with world.bot.database.read() as session:
        rows = await session.scalars(select(EventChore).where(EventChore.event_id == 1))
        return {row.name: row.due_at for row in rows}


async def queued(world: World, kind: str) -> list[OutboxRow]:
    """The rows of a kind in the outbox, the oldest first."""
    async with world.bot.database.read() as session:
        query = select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
        return list(await session.scalars(query))
