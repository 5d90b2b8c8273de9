"""Our fake Discord, driven by discord.py itself; reading this shows what passes between a bot and Discord."""

import asyncio
import errno
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.wire.discord_server import DiscordServer
from tests.wire.messages import Request
from tests.wire.openapi import validate
from tests.wire.payloads import APPLICATION_ID, COMPONENTS_V2, EPHEMERAL, GUILD_ID, LOADING, TOKEN, member

# A bot of its own process that posts one message, always with the same nonce, as soon as it is ready.
POSTER = """
import sys, discord, yarl
api_url, gateway_url, token, channel_id = sys.argv[1:]
discord.http.Route.BASE = api_url
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
client = discord.Client(intents=discord.Intents(guilds=True), guild_ready_timeout=0.1)
@client.event
async def on_ready():
    await client.get_channel(int(channel_id)).send("story", nonce=7)
client.run(token, log_handler=None)
"""
ADA = member("Ada", 1200000000000000001, locale="de")


class Greeting(discord.ui.Modal, title="Greeting"):
    """Asks for a name."""

    name: discord.ui.Label[Any] = discord.ui.Label(
        text="Name", component=discord.ui.TextInput(custom_id="name", default="?")
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.name.component, discord.ui.TextInput)
        await interaction.response.send_message(f"Hello {self.name.component.value}")


class Buttons(discord.ui.View):
    """One button that counts, one that opens the modal, and a select."""

    @discord.ui.button(label="0", custom_id="count")
    async def count(self, interaction: discord.Interaction, button: discord.ui.Button["Buttons"]) -> None:
        button.label = str(int(button.label or 0) + 1)
        await interaction.response.edit_message(view=self)

    @discord.ui.button(label="Greet", custom_id="greet")
    async def greet(self, interaction: discord.Interaction, button: discord.ui.Button["Buttons"]) -> None:
        await interaction.response.send_modal(Greeting(custom_id="greeting"))

    @discord.ui.select(
        custom_id="track", options=[discord.SelectOption(label="Arts"), discord.SelectOption(label="Trade")]
    )
    async def track(self, interaction: discord.Interaction, select: discord.ui.Select["Buttons"]) -> None:
        await interaction.response.defer()
        await interaction.followup.send(select.values[0], ephemeral=True)


class Card(discord.ui.LayoutView):
    """A card of Components V2, with a picture that travels as a file."""

    picture = discord.ui.MediaGallery[Any](discord.MediaGalleryItem("attachment://map.png"))
    text = discord.ui.TextDisplay[Any]("Birmingham")


class Bot(commands.Bot):
    """Commands of every kind that ours will have; what it hears is kept."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(
            commands.when_mentioned, intents=intents, guild_ready_timeout=0.1, chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(), max_messages=None, help_command=None,
        )  # fmt: skip
        self.heard: list[tuple[str, str]] = []
        self.resumed = 0
        city = app_commands.Group(name="city", description="Cities")
        city.command(name="view", description="One city")(view)
        city.add_command(app_commands.Command(name="slow", description="After a while", callback=slow))
        self.tree.add_command(city)
        self.tree.command(name="buttons", description="Buttons")(buttons)
        self.tree.command(name="card", description="A card")(card)
        self.tree.command(name="who", description="A member and a channel")(who)
        self.tree.context_menu(name="Quote")(quote)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify again at once; discord.py's own hook sleeps five seconds."""

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        assert isinstance(message.author, discord.Member)
        self.heard.append((message.author.display_name, message.content))

    async def on_resumed(self) -> None:
        self.resumed += 1


async def complete(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    names = ["Birmingham", "Bergen", "Lyon"]
    return [app_commands.Choice(name=name, value=f"id:{name}") for name in names if name.lower().startswith(current)]


@app_commands.autocomplete(name=complete)
async def view(interaction: discord.Interaction, name: str, twins: int = 0) -> None:
    place = "here" if interaction.guild else "in private"
    await interaction.response.send_message(f"{name} {twins} {interaction.locale} {place}", ephemeral=True)


async def slow(interaction: discord.Interaction) -> None:
    await interaction.response.defer(thinking=True)
    await interaction.followup.send("Lyon")
    await interaction.followup.send("and more")
    await interaction.edit_original_response(content="Lyon!")


async def buttons(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Press", view=Buttons(timeout=None))


async def card(interaction: discord.Interaction) -> None:
    picture = discord.File(fp=BytesIO(b"png"), filename="map.png", description="A map")
    await interaction.response.send_message(view=Card(timeout=None), file=picture)


async def who(interaction: discord.Interaction, person: discord.Member, place: discord.TextChannel) -> None:
    await interaction.response.send_message(f"{person.display_name} {place.name}")


async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"> {message.content}")


@asynccontextmanager
async def running(server: DiscordServer) -> AsyncIterator[Bot]:
    """A bot that talks to the server, ready to answer."""
    real = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api_url, yarl.URL(server.gateway_url)
    bot = Bot()
    task = asyncio.create_task(bot.start(TOKEN))
    try:
        await server.ready()
        async with asyncio.timeout(5):
            await bot.wait_until_ready()
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = real


@asynccontextmanager
async def poster(server: DiscordServer, channel_id: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot of its own process, killed at the end if it was not before."""
    arguments = (server.api_url, server.gateway_url, TOKEN, channel_id)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", POSTER, *arguments)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as started:
        started.add_channel("general")
        yield started
        assert started.unknown_routes == []


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with running(server) as started:
        yield started


def general(server: DiscordServer, bot: Bot) -> discord.TextChannel:
    """The channel, as the bot knows it."""
    channel = bot.get_channel(int(next(iter(server.rest.channels))))
    assert isinstance(channel, discord.TextChannel)
    return channel


def asked(server: DiscordServer, path_part: str) -> list[Request]:
    """The requests to a path."""
    return [request for request in server.requests if path_part in request.path]


async def test_the_bot_logs_in_syncs_its_commands_and_sees_its_guild(server: DiscordServer, bot: Bot) -> None:
    assert [(request.method, request.path) for request in server.requests] == [
        ("GET", "/users/@me"),
        ("GET", "/oauth2/applications/@me"),
        ("PUT", f"/applications/{APPLICATION_ID}/commands"),
    ]
    guild = bot.guilds[0]
    assert (guild.id, guild.me.guild_permissions.administrator) == (int(GUILD_ID), True)
    assert [channel.name for channel in guild.channels] == ["general"]


async def test_a_wrong_token_is_refused(server: DiscordServer) -> None:
    real, Route.BASE = Route.BASE, server.api_url
    try:
        async with Bot() as bot:
            with pytest.raises(discord.LoginFailure):
                await bot.login("wrong")
    finally:
        Route.BASE = real


async def test_a_slash_command_is_answered_in_the_guild_and_in_private(server: DiscordServer, bot: Bot) -> None:
    answer = await server.slash("city view", ADA, {"name": "Lyon", "twins": 3})
    private = await server.slash("city view", ADA, {"name": "Lyon"}, channel=server.direct_channel(ADA))
    assert (answer.callback["type"], answer.callback["data"]["flags"]) == (4, EPHEMERAL)
    assert answer.original["content"] == "Lyon 3 de here"
    assert private.original["content"] == "Lyon 0 de in private"
    assert server.messages(answer.original["channel_id"]) == []


async def test_members_channels_and_messages_can_be_the_objects_of_commands(server: DiscordServer, bot: Bot) -> None:
    channel = server.rest.channels[server.add_channel("lyon")]
    answer = await server.slash("who", ADA, {"person": ADA, "place": channel})
    quoted = await server.menu("Quote", ADA, answer.original)
    assert (answer.original["content"], quoted.original["content"]) == ("Ada lyon", "> Ada lyon")


async def test_a_deferred_answer_takes_the_place_of_the_placeholder(server: DiscordServer, bot: Bot) -> None:
    answer = await server.slash("city slow", ADA)
    assert answer.callback["type"] == 5
    await server.until(lambda: answer.edits)
    shown = [
        (message["content"], message["flags"] & LOADING) for message in server.messages(answer.original["channel_id"])
    ]
    assert shown == [("Lyon!", 0), ("and more", 0)]
    assert [body["content"] for body in answer.followups] == ["Lyon", "and more"]


async def test_autocomplete_gives_the_choices(server: DiscordServer, bot: Bot) -> None:
    choices = await server.autocomplete("city view", ADA, ("name", "b"), {"twins": 1})
    assert choices == [{"name": name, "value": f"id:{name}"} for name in ("Birmingham", "Bergen")]


async def test_a_press_updates_the_message_that_held_the_button(server: DiscordServer, bot: Bot) -> None:
    message = (await server.slash("buttons", ADA)).original
    pressed = await server.press(message, "count", ADA)
    assert pressed.callback["type"] == 7
    stands = server.messages(message["channel_id"])
    assert [one["components"][0]["components"][0]["label"] for one in stands] == ["1"]
    with pytest.raises(LookupError):
        await server.press(message, "nothing", ADA)


async def test_a_choice_in_a_select_is_deferred_and_followed_up(server: DiscordServer, bot: Bot) -> None:
    message = (await server.slash("buttons", ADA)).original
    chosen = await server.press(message, "track", ADA, ["Trade"])
    await server.until(lambda: chosen.followups)
    assert (chosen.callback["type"], chosen.followups[0]["content"]) == (6, "Trade")
    assert len(server.messages(message["channel_id"])) == 1


async def test_a_modal_is_opened_filled_in_and_sent(server: DiscordServer, bot: Bot) -> None:
    message = (await server.slash("buttons", ADA)).original
    opened = await server.press(message, "greet", ADA)
    sent = await server.submit_modal("greeting", {"name": "Ada"}, ADA)
    await server.press(message, "greet", ADA)
    untouched = await server.submit_modal("greeting", {}, ADA)
    assert opened.callback["type"] == 9
    assert (sent.original["content"], untouched.original["content"]) == ("Hello Ada", "Hello ?")


async def test_a_card_carries_its_file(server: DiscordServer, bot: Bot) -> None:
    answer = await server.slash("card", ADA)
    assert answer.original["flags"] == COMPONENTS_V2
    assert [one["filename"] for one in answer.original["attachments"]] == ["map.png"]
    assert asked(server, "/callback")[0].files == {"files[0]": b"png"}


async def test_a_message_is_read_only_if_it_mentions_the_bot(server: DiscordServer, bot: Bot) -> None:
    channel = general(server, bot)
    server.send_message(str(channel.id), ADA, f"<@{APPLICATION_ID}> Lyon?", [server.rest.bot])
    server.send_message(str(channel.id), ADA, "Lyon?")
    await server.until(lambda: len(bot.heard) == 2)
    assert bot.heard == [("Ada", f"<@{APPLICATION_ID}> Lyon?"), ("Ada", "")]


async def test_the_bot_posts_edits_reads_and_deletes(server: DiscordServer, bot: Bot) -> None:
    channel = general(server, bot)
    first, second = await channel.send("one"), await channel.send("two")
    await second.edit(content="2")
    assert [message.content async for message in channel.history(limit=5)] == ["2", "one"]
    assert [message.content async for message in channel.history(after=first)] == ["2"]
    await first.delete()
    assert [message["content"] for message in server.messages(str(channel.id))] == ["2"]
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(first.id)


async def test_a_member_is_looked_up(server: DiscordServer, bot: Bot) -> None:
    server.join(ADA)
    person = await bot.guilds[0].fetch_member(int(ADA["user"]["id"]))
    assert (person.display_name, person.resolved_permissions) == ("Ada", None)


async def test_a_private_message_reaches_a_person(server: DiscordServer, bot: Bot) -> None:
    private = server.direct_channel(ADA)
    person = await bot.fetch_user(int(ADA["user"]["id"]))
    await person.send("You moved up")
    assert [message["content"] for message in server.messages(private)] == ["You moved up"]


async def test_a_nonce_posts_once_within_its_window(server: DiscordServer, bot: Bot) -> None:
    channel = general(server, bot)
    first, again = await channel.send("story", nonce=7), await channel.send("story", nonce=7)
    assert (again.id, len(server.messages(str(channel.id)))) == (first.id, 1)
    await first.delete()
    with pytest.raises(discord.NotFound):
        await channel.send("story", nonce=7)
    server.rest.messages.nonce_seconds = 0
    assert (await channel.send("story", nonce=7)).id != first.id


@pytest.mark.parametrize("apply", [True, False])
async def test_a_reset_raises_and_leaves_open_whether_the_message_is_there(
    server: DiscordServer, bot: Bot, apply: bool
) -> None:
    channel = general(server, bot)
    fault = server.fail_next("reset", "/messages", apply=apply)
    with pytest.raises(aiohttp.ClientOSError) as raised:
        await channel.send("story", nonce=7)
    assert raised.value.errno == errno.ECONNRESET
    assert fault.request == asked(server, "/messages")[0]
    assert len(server.messages(str(channel.id))) == int(apply)
    await channel.send("story", nonce=7)
    assert len(server.messages(str(channel.id))) == 1


async def test_a_rate_limit_is_waited_out_by_the_client(server: DiscordServer, bot: Bot) -> None:
    channel = general(server, bot)
    server.fail_next("429", "/messages", retry_after=0.2)
    await channel.send("story")
    first, second = asked(server, "/messages")
    assert second.time - first.time >= 0.2
    assert first.body == second.body
    assert len(server.messages(str(channel.id))) == 1


@pytest.mark.parametrize("apply", [True, False])
async def test_a_held_request_is_never_answered(server: DiscordServer, bot: Bot, apply: bool) -> None:
    channel = general(server, bot)
    fault = server.hold_next("/messages", apply=apply)
    sending = asyncio.create_task(channel.send("story"))
    await server.until(lambda: fault.request)
    assert fault.request == asked(server, "/messages")[0]
    assert len(server.messages(str(channel.id))) == int(apply)
    await asyncio.sleep(0.1)
    assert not sending.done()
    sending.cancel()
    await asyncio.wait([sending])


@pytest.mark.parametrize("apply", [True, False])
async def test_a_bot_can_be_killed_before_or_after_its_post_took_effect(server: DiscordServer, apply: bool) -> None:
    channel_id = next(iter(server.rest.channels))
    fault = server.hold_next("/messages", apply=apply)
    async with poster(server, channel_id) as process:
        await server.until(lambda: fault.request)
        assert server.gateway.connected
        process.kill()
        await server.until(lambda: not server.gateway.connected)
    assert len(server.messages(channel_id)) == int(apply)
    async with poster(server, channel_id):
        await server.until(lambda: len(asked(server, "/messages")) == 2)
    assert len(server.messages(channel_id)) == 1


async def test_a_dropped_gateway_is_resumed_with_what_was_missed(server: DiscordServer, bot: Bot) -> None:
    channel = general(server, bot)
    server.send_message(str(channel.id), ADA, "before", [server.rest.bot])
    await server.until(lambda: len(bot.heard) == 1)
    await server.drop_gateway()
    server.send_message(str(channel.id), ADA, "meanwhile", [server.rest.bot])
    await server.until(lambda: bot.resumed)
    assert [content for _, content in bot.heard] == ["before", "meanwhile"]
    assert (await server.slash("city view", ADA, {"name": "Lyon"})).callback["type"] == 4


async def test_a_forgotten_session_is_begun_anew(server: DiscordServer, bot: Bot) -> None:
    (session,) = server.gateway.sessions
    await server.drop_gateway(forget=True)
    await server.ready()
    assert (session in server.gateway.sessions, bot.resumed) == (False, 0)
    assert (await server.slash("city view", ADA, {"name": "Lyon"})).callback["type"] == 4


async def test_an_interaction_is_answered_once_and_in_time(server: DiscordServer, bot: Bot) -> None:
    answer = await server.slash("city view", ADA, {"name": "Lyon"})
    path = f"{server.api_url}/interactions/{answer.payload['id']}/{answer.payload['token']}/callback"
    async with aiohttp.ClientSession() as session:
        async with session.post(path, json=answer.callback) as twice:
            assert (twice.status, (await twice.json())["code"]) == (400, 40060)
        server.rest.replies.reply_seconds = 0
        async with session.post(path, json=answer.callback) as late:
            assert (late.status, (await late.json())["code"]) == (404, 10062)


async def test_an_unknown_route_is_answered_and_kept() -> None:
    async with DiscordServer() as server, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {TOKEN}"}
        async with session.get(f"{server.api_url}/voice/regions", headers=headers) as answer:
            assert (answer.status, answer.headers["Content-Type"]) == (404, "application/json")
            assert await answer.json() == {"message": "404: Not Found", "code": 0}
        assert server.unknown_routes == ["GET /voice/regions"]


async def test_until_tells_what_was_asked_last(server: DiscordServer, bot: Bot) -> None:
    with pytest.raises(TimeoutError, match="PUT /applications"):
        await server.until(lambda: False, timeout=0.05)


async def test_what_discord_py_sends_is_what_discord_takes(server: DiscordServer, bot: Bot) -> None:
    message = (await server.slash("buttons", ADA)).original
    await server.press(message, "greet", ADA)
    await server.slash("card", ADA)
    await server.until(lambda: asked(server, "/callback"))
    sent = await general(server, bot).send("story")
    await sent.edit(content="Story")
    slow_answer = await server.slash("city slow", ADA)
    await server.until(lambda: slow_answer.edits)
    for request in server.requests:
        if request.method != "GET":
            validate(request)
    wrong = Request("POST", "/channels/1/messages", {"content": "x" * 4001})
    with pytest.raises(AssertionError, match=r"\$.content"):
        validate(wrong)
