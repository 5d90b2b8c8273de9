"""What the tests of events do again and again: announce one, press what is not on the screen, look at requests."""

from collections.abc import Sequence
from typing import Any

import discord
import simcord
from simcord.backend import serializers

from bot.client import SisterCityBot
from db import answers, events
from db.models import Event
from tests.feature.conftest import World, words

NOT_ALLOWED = (
    "Events are run by moderators here. You need the Manage Events permission, or the server's moderator role."
)
DRAFT_GONE = "This draft is not there any more: it was published or discarded. `/event list` shows events."
CARD = (
    "## Cherry blossom evening\n"
    "-# Meeting · hosted by Mod\n"
    "<t:1796518800:F> – <t:1796526000:t> (<t:1796518800:R>)\n"
    "📍 Botanical Gardens\n"
    "-# Birmingham, Cobán 7:00 PM · Kingston 8:00 PM · Guédiawaye, Liverpool (+1) 1:00 AM *next day* · "
    "Plzeň, Székesfehérvár 2:00 AM *next day* · Gweru, Rosh HaAyin (+1) 3:00 AM *next day* · "
    "Hitachi, Maebashi 10:00 AM *next day*\n"
    "Tea and koto music.\n"
    "**Going 0/2**\n"
)
CLOCKS = (
    "**On every clock** <t:1796518800:f> – <t:1796526000:t>\n"
    "-# Birmingham, Cobán 7:00 PM – 9:00 PM\n"
    "-# Kingston 8:00 PM – 10:00 PM\n"
    "-# Guédiawaye, Liverpool, Winneba 1:00 AM *next day* – 3:00 AM 🌙\n"
    "-# Plzeň, Székesfehérvár 2:00 AM *next day* – 4:00 AM 🌙\n"
    "-# Gweru, Rosh HaAyin, Vinnytsia 3:00 AM *next day* – 5:00 AM 🌙\n"
    "-# Al Karak 4:00 AM *next day* – 6:00 AM 🌙\n"
    "-# Anshan 9:00 AM *next day* – 11:00 AM\n"
    "-# Hitachi, Maebashi 10:00 AM *next day* – 12:00 PM\n"
)
NIGHT = (
    "⚠️ It will be night (midnight to 6 a.m.) in "
    "Guédiawaye, Liverpool, Winneba, Plzeň, Székesfehérvár, Gweru and 3 more.\n"
)
PREVIEW_BUTTONS = "[Change]\n[Details…]\n[Answers…]\n[Roles, reminders…]\n[Discard]"
CARD_BUTTONS = "[Going]\n[Maybe]\n[Can't go]\n[My answer]\n[Who's coming]\n[Add to calendar]\n[All clocks]\n[Manage]"
EVENT_GONE = "That event is not there any more. `/event list` shows what is coming up."
COMPONENT, FORM_SENT = 3, 5  # Discord's types of interactions, and of components a button
BUTTON = 2
TYPED = {
    "title": "Cherry blossom evening",
    "when": "2026-12-05 19:00-21:00",
    "where": "Botanical Gardens",
    "description": "Tea and koto music.",
    "capacity": "2",
}


async def typed_in(world: World, **typed: str) -> simcord.InteractionResult:
    """The moderator opens the form, fills it in and sends it; the result shows the preview."""
    form = await world.mod.slash(world.general, "event create")
    return await world.mod.submit_modal(form, TYPED | typed)


async def announced(world: World, **typed: str) -> discord.Message:
    """An event that the moderator published, as its card in the events channel."""
    await world.set_up()
    preview = await typed_in(world, **typed)
    assert preview.response is not None
    await world.mod.click(preview.response, label="Publish")
    await world.deliver()
    return card_in(world.events)


def card_in(channel: simcord.ChannelHandle) -> discord.Message:
    """The newest message of a channel."""
    message = channel.last_message
    assert message is not None
    return message


def screen(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    """The message that a press, form or command was answered with, to press on."""
    assert result.response is not None
    return result.response


def only_text(result: simcord.InteractionResult) -> str:
    """The one sentence that a command or press was answered with, privately."""
    message = result.followups[-1] if result.followups else result.response
    assert message is not None and message.ephemeral
    [text] = message.components
    return str(text["content"])


def button_ids(message: Any) -> dict[str, str]:
    """Custom ids by label."""
    found: dict[str, str] = {}

    def walk(components: Any) -> None:
        for component in components or []:
            if "custom_id" in component:
                found[component["label"]] = component["custom_id"]
            walk(component.get("components"))

    walk([part if isinstance(part, dict) else part.to_dict() for part in message.components])
    return found


async def forged(actor: simcord.MemberActor, message: Any, custom_id: str) -> simcord.InteractionResult:
    """A press with any id on any message, as a stale screen may send; the message seems to hold that button."""
    backend = actor._env.backend
    channel_id = message.channel_id if isinstance(message, simcord.ResponseMessage) else message.channel.id
    stored = backend.get_message(channel_id, message.id)
    channel = next(handle for handle in actor.guild.channels.values() if handle.id == channel_id)
    button = {"type": BUTTON, "style": 2, "label": "Forged", "custom_id": custom_id, "id": 2}
    payload = dict(serializers.message_payload(backend, stored))
    payload["components"] = [{"type": 1, "id": 1, "components": [button]}]
    return await actor._dispatch_interaction(
        COMPONENT,
        channel,
        {"custom_id": custom_id, "component_type": BUTTON, "id": 2},
        extra={"message": payload},
        source_message_id=stored.id,
    )


async def forged_form(
    actor: simcord.MemberActor, channel: simcord.ChannelHandle, custom_id: str, **typed: str
) -> simcord.InteractionResult:
    """A form that was sent with any id."""
    fields = [
        {"type": 18, "id": number, "component": {"type": 4, "id": 10 + number, "custom_id": key, "value": value}}
        for number, (key, value) in enumerate((TYPED | typed).items(), start=1)
    ]
    data = {"custom_id": custom_id, "components": fields}
    return await actor._dispatch_interaction(FORM_SENT, channel, data)


async def restarted(world: World) -> None:
    """The bot's process ends and another begins on the same database."""
    fresh = SisterCityBot(world.bot.settings, world.bot.database, clock=world.bot.now, index=world.bot.index)
    await world.env.restart_bot(fresh)
    world.bot = fresh


async def another_server(world: World) -> World:
    """A second server with its own people, set up, on the same bot."""
    guild = world.env.create_guild("Elsewhere")
    general, channel, stories = (guild.create_text_channel(name) for name in ("general", "events", "stories"))
    rights = discord.Permissions(manage_events=True, manage_guild=True)
    moderators = guild.create_role("Moderators", permissions=rights)
    carol, dave = (guild.add_member(world.env.create_user(name)) for name in ("Carol", "Dave"))
    mod = guild.add_member(world.env.create_user("Other mod"), roles=[moderators])
    there = World(world.env, world.bot, guild, general, channel, stories, carol, dave, mod, world.clock)
    await there.set_up()
    return there


async def event_row(world: World, event_id: int = 1) -> Event | None:
    """The event as the database has it."""
    async with world.bot.database.read() as session:
        return await events.event(session, world.guild.id, event_id)


async def standings(world: World, event_id: int = 1) -> Sequence[tuple[str, str]]:
    """Who stands how, the earliest first."""
    async with world.bot.database.read() as session:
        return [(row.display_name, row.standing) for row in await answers.answers(session, event_id)]


def defaults(result: simcord.InteractionResult) -> dict[str, str]:
    """What a form that was just opened is filled in with."""
    assert result.modal is not None
    fields = [label["component"] for label in result.modal["components"]]
    return {field["custom_id"]: field.get("value", "") for field in fields}


def roster(message: Any) -> str:
    """The names on a card, and its first button."""
    shown = words(message)
    return shown[shown.index("**Going") : shown.index("\n[Maybe]")]


def joined(world: World, *names: str) -> list[simcord.MemberActor]:
    """More members of the server."""
    return [world.guild.add_member(world.env.create_user(name)) for name in names]


async def full_event(world: World) -> tuple[discord.Message, list[simcord.MemberActor]]:
    """An event of two seats: Alice and Bob go, Chiyo and Dana wait in this order."""
    card = await announced(world)
    members = [world.alice, world.bob, *joined(world, "Chiyo", "Dana")]
    for member in members:
        await member.click(card, label="Going")
        card = card_in(world.events)
        if member is world.bob:
            assert "[Join waiting list]" in words(card)
            break
    for member in members[2:]:
        await member.click(card, label="Join waiting list")
    return card_in(world.events), members
