"""Events as rows, with their cards on the screen: for tests of what members do with them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import simcord

from db import answers, outbox
from db.models import Event, EventPicture
from tests.feature.announcing import card_in, joined
from tests.feature.conftest import World, words

STARTS = datetime(2026, 12, 6, 1, 0, tzinfo=UTC)  # seven in the evening of the 5th in Birmingham, Alabama
S = int(STARTS.timestamp())


async def published(world: World, *, picture: bytes | None = None, **columns: Any) -> discord.Message:
    """An event of two seats unless said otherwise, as its card in the events channel; the server is set up for it."""
    await world.set_up()
    now = world.bot.now()
    given: dict[str, Any] = {
        "guild_id": world.guild.id,
        "status": "open",
        "title": "Cherry blossom evening",
        "typed_when": "",
        "typed_capacity": "",
        "starts_at": STARTS,
        "timezone": "America/Chicago",
        "location": "Botanical Gardens",
        "description": "Tea and koto music.",
        "capacity": 2,
        "host_user_id": world.mod.id,
        "host_name": "Mod",
        "created_at": now,
    }
    given |= columns
    async with world.bot.database.write() as session:
        event = Event(**given | {"ends_at": given["starts_at"] + timedelta(hours=2)})
        session.add(event)
        await session.flush()
        if picture is not None:
            session.add(EventPicture(event_id=event.id, content=picture))
        outbox.queue(
            session,
            guild_id=event.guild_id,
            channel_id=world.events.id,
            kind="event",
            object_id=event.id,
            dedupe_key=f"event:{event.id}",
            due_at=now,
            locale="en-US",
        )
    await world.deliver()
    return card_in(world.events)


async def filled(world: World, **columns: Any) -> tuple[discord.Message, list[simcord.MemberActor]]:
    """An event of two seats: Alice and Bob go, Chiyo and Dana wait in this order."""
    card = await published(world, **columns)
    members = [world.alice, world.bob, *joined(world, "Chiyo", "Dana")]
    for member, label in zip(members, ["Going"] * 2 + ["Join waiting list"] * 2, strict=True):
        await member.click(card, label=label)
    return card_in(world.events), members


async def standings(world: World, event_id: int = 1) -> Sequence[tuple[str, str]]:
    """Who stands how, the earliest first."""
    async with world.bot.database.read() as session:
        return [(row.display_name, row.standing) for row in await answers.answers(session, event_id)]


async def notes(world: World, event_id: int = 1) -> dict[str, str]:
    """What members wrote to the organiser."""
    async with world.bot.database.read() as session:
        return {row.display_name: row.note for row in await answers.answers(session, event_id) if row.note}


def roster(message: Any) -> str:
    """The names on a card, and its first button."""
    shown = words(message)
    return shown[shown.index("**Going") : shown.index("\n[Maybe]")]


def private(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    """The private message with which a press was answered or that it changed."""
    message = result.followups[-1] if result.followups else result.response
    assert message is not None and message.ephemeral
    return message


def shown_to(result: simcord.InteractionResult) -> list[str]:
    """That message, line by line."""
    return words(private(result)).split("\n")
