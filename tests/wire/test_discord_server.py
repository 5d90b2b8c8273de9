"""Our fake Discord, driven by discord.py itself; reading this shows what passes between a bot and Discord."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands

from tests.wire.discord_server import DiscordServer
from tests.wire.interactions import DEFER, MESSAGE, MODAL, UPDATE
from tests.wire.openapi import SPEC_FILE, complaints
from tests.wire.payloads import APPLICATION_ID, EPHEMERAL, GUILD_ID, TOKEN, Payload
from tests.wire.people import Person, words
from tests.wire.redirected import redirected
from tests.wire.requests import Request


class Greeting(discord.ui.Modal, title="Greeting"):
    """Asks for a name."""

    name: discord.ui.Label[Any] = discord.ui.Label(text="Name", component=discord.ui.TextInput(custom_id="name"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Hello {self.name.component.value}")  # type: ignore[attr-defined]


class Buttons(discord.ui.View):
    """One button that counts, and one that opens the form."""

    @discord.ui.button(label="0", custom_id="count")
    async def count(self, interaction: discord.Interaction, button: discord.ui.Button["Buttons"]) -> None:
        button.label = str(int(button.label or 0) + 1)
        await interaction.response.edit_message(view=self)

    @discord.ui.button(label="Greet", custom_id="greet")
    async def greet(self, interaction: discord.Interaction, button: discord.ui.Button["Buttons"]) -> None:
        await interaction.response.send_modal(Greeting())


class Bot(discord.Client):
    """Commands for each kind of answer; what it hears is kept."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True), guild_ready_timeout=0.1)
        self.heard: list[str] = []
        self.tree = app_commands.CommandTree(self)
        city = app_commands.Group(name="city", description="Cities")
        city.command(name="view", description="One city")(view)
        self.tree.add_command(city)
        for command in (buttons, slow):
            self.tree.command(name=command.__name__, description="…")(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()
        self.add_view(Buttons(timeout=None))  # a press may come before the answer that says which message holds it

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            self.heard.append(f"{message.author.display_name}: {message.content}")


async def complete(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name="Lyon", value="id:1")] if current == "ly" else []


@app_commands.autocomplete(name=complete)
async def view(interaction: discord.Interaction, name: str) -> None:
    await interaction.response.send_message(f"{interaction.user.display_name}: {name}", ephemeral=True)


async def buttons(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Press", view=Buttons(timeout=None))


async def slow(interaction: discord.Interaction) -> None:
    await interaction.response.defer(thinking=True)
    await interaction.followup.send("at last")


@dataclass
class Place:
    """A channel, and who is there; `channel` is how the bot writes into it."""

    server: DiscordServer
    general: Payload
    ada: Person
    bot: Bot
    channel: discord.PartialMessageable

    def shown(self) -> list[str]:
        """What everybody sees in the channel."""
        return [words(message) for message in self.server.messages(self.general)]


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with DiscordServer() as server:
        general, bot = server.add_channel("general"), Bot()
        with redirected(server):
            task = asyncio.create_task(bot.start(TOKEN))
            try:
                await server.until(lambda: bot.is_ready() or task.done())
                ada, channel = Person(server, "Ada", 12), bot.get_partial_messageable(int(general["id"]))
                yield Place(server, general, ada, bot, channel)
            finally:
                await bot.close()
                await asyncio.gather(task, return_exceptions=True)
        assert server.unknown_routes == []


async def test_the_bot_logs_in_syncs_its_commands_and_sees_its_guild(place: Place) -> None:
    assert [(request.method, request.path) for request in place.server.requests] == [
        ("GET", "/users/@me"),
        ("GET", "/oauth2/applications/@me"),
        ("PUT", f"/applications/{APPLICATION_ID}/commands"),
    ]
    (guild,) = place.bot.guilds
    assert (guild.id, guild.me.guild_permissions.administrator) == (int(GUILD_ID), True)
    assert [channel.name for channel in guild.channels] == ["general"]


async def test_a_wrong_token_and_an_unknown_route_are_refused() -> None:
    async with DiscordServer() as server, aiohttp.ClientSession() as session:
        async with session.get(f"{server.api_url}/users/@me", headers={"Authorization": "Bot wrong"}) as answer:
            assert answer.status == 401
        async with session.get(f"{server.api_url}/voice/regions") as answer:
            assert (answer.status, await answer.json()) == (404, {"message": "404: Not Found", "code": 0})
        assert server.unknown_routes == ["GET /voice/regions"]


async def test_a_command_is_completed_and_answered_for_one_person_alone(place: Place) -> None:
    answer = await place.ada.slash("city view", {"name": "Lyon"})
    assert (answer.callback["type"], answer.message["flags"], words(answer.message)) == (
        MESSAGE,
        EPHEMERAL,
        "Ada: Lyon",
    )
    assert place.shown() == []
    assert await place.ada.choices("city view", "name", "ly") == [{"name": "Lyon", "value": "id:1"}]


async def test_a_deferred_answer_follows(place: Place) -> None:
    answer = await place.ada.slash("slow")
    await place.server.until(lambda: answer.message)
    assert (answer.callback["type"], words(answer.message), place.shown()) == (DEFER, "at last", ["at last"])


async def test_a_press_updates_the_message(place: Place) -> None:
    shown = (await place.ada.slash("buttons")).message
    assert (await place.ada.press(shown, "0")).callback["type"] == UPDATE
    assert place.shown() == ["Press\n1\nGreet"]


async def test_a_form_is_opened_filled_in_and_sent(place: Place) -> None:
    opened = await place.ada.press((await place.ada.slash("buttons")).message, "Greet")
    assert opened.callback["type"] == MODAL
    assert words((await place.ada.submit(opened, {"name": "Ada"})).message) == "Hello Ada"


async def test_only_a_mention_is_read_and_what_was_missed_is_told_on_resume(place: Place) -> None:
    await place.ada.say(place.general, "Lyon?")
    await place.server.gateway.drop()
    await place.ada.say(place.general, f"<@{APPLICATION_ID}> Lyon?")
    await place.server.until(lambda: len(place.bot.heard) == 2)
    assert place.bot.heard == ["Ada: ", f"Ada: <@{APPLICATION_ID}> Lyon?"]


async def test_the_bot_posts_edits_and_writes_to_a_person(place: Place) -> None:
    await (await place.channel.send("one")).edit(content="1")
    await (await place.bot.create_dm(discord.Object(12))).send("for you")
    _, private = place.server.channels.values()
    assert (place.shown(), words(*place.server.messages(private))) == (["1"], "for you")


@pytest.mark.skipif(not SPEC_FILE.exists(), reason=f"Discord's schema, {SPEC_FILE.name}, is not beside the repository")
async def test_what_discord_py_sends_is_what_discord_takes(place: Place) -> None:
    await place.ada.press((await place.ada.slash("buttons")).message, "Greet")
    assert list(complaints(place.server.requests)) == []
    assert list(complaints([Request("POST", "/channels/1/messages", {"content": "x" * 4001})])) != []
