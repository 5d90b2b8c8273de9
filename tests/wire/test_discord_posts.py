"""Threads, webhooks and what is passed on, as discord.py uses them of our fake Discord."""

from collections.abc import AsyncIterator

import discord
import pytest

from tests.wire.discord_server import DiscordServer
from tests.wire.payloads import APPLICATION_ID, CROSSPOSTED, FORUM, NEWS, Payload
from tests.wire.people import words
from tests.wire.redirected import logged_in


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def client(server: DiscordServer) -> AsyncIterator[discord.Client]:
    async with logged_in(server) as client:
        yield client


async def fetched(client: discord.Client, channel: Payload) -> discord.abc.GuildChannel | discord.Thread:
    found = await client.fetch_channel(int(channel["id"]))
    assert isinstance(found, discord.abc.GuildChannel | discord.Thread)
    return found


async def test_a_post_in_a_forum_is_a_thread_with_a_message_of_the_same_id(
    server: DiscordServer, client: discord.Client
) -> None:
    tag = {"id": "7", "name": "Arts", "moderated": False, "emoji_id": None, "emoji_name": None}
    forum = await fetched(client, server.add_channel("forum", type=FORUM, available_tags=[tag]))
    assert isinstance(forum, discord.ForumChannel)
    made = await forum.create_thread(name="Bells", content="They ring.", applied_tags=forum.available_tags)
    (thread,) = server.threads.within({"id": str(forum.id)})
    assert (thread["name"], thread["applied_tags"], made.thread.id) == ("Bells", ["7"], made.message.id)
    assert [words(message) for message in server.messages(thread)] == ["They ring."]
    found = await fetched(client, thread)
    assert isinstance(found, discord.Thread)
    assert [message.content async for message in found.history()] == ["They ring."]
    await found.edit(archived=True)
    assert [thread.id async for thread in forum.archived_threads()] == [found.id]


async def test_a_thread_is_begun_from_a_message_once(server: DiscordServer, client: discord.Client) -> None:
    channel = await fetched(client, server.add_channel("general"))
    assert isinstance(channel, discord.TextChannel)
    message = channel.get_partial_message((await channel.send("Bells")).id)
    assert (await message.create_thread(name="Bells")).id == message.id
    with pytest.raises(discord.HTTPException, match="160004"):
        await message.create_thread(name="Bells")


async def test_a_webhook_posts_under_a_name_of_its_own_and_edits(server: DiscordServer, client: discord.Client) -> None:
    general = server.add_channel("general")
    channel = await fetched(client, general)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_webhook(name="Stories")
    (webhook,) = await channel.webhooks()
    sent = await webhook.send("one", username="Sister City News", wait=True)
    await webhook.edit_message(sent.id, content="1")
    (message,) = server.messages(general)
    assert (message["author"]["username"], words(message)) == ("Sister City News", "1")
    assert (webhook.user and webhook.user.id, message["webhook_id"]) == (int(APPLICATION_ID), str(webhook.id))
    with pytest.raises(discord.HTTPException, match="50035"):
        await webhook.send("two", username="Discord News", wait=True)
    server.webhooks.all.clear()
    with pytest.raises(discord.NotFound, match="10015"):
        await webhook.send("two", wait=True)


async def test_a_webhook_opens_threads_in_a_forum(server: DiscordServer, client: discord.Client) -> None:
    forum = await fetched(client, server.add_channel("forum", type=FORUM))
    assert isinstance(forum, discord.ForumChannel)
    webhook = await forum.create_webhook(name="Stories")
    sent = await webhook.send("They ring.", thread_name="Bells", wait=True)
    (thread,) = server.threads.within({"id": str(forum.id)})
    assert (thread["name"], thread["id"]) == ("Bells", str(sent.id))
    await webhook.edit_message(sent.id, content="They rang.", thread=discord.Object(sent.id))
    assert [words(message) for message in server.messages(thread)] == ["They rang."]


async def test_messages_are_listed_by_time(server: DiscordServer, client: discord.Client) -> None:
    channel = client.get_partial_messageable(int(server.add_channel("general")["id"]))
    first, second, third = [await channel.send(text) for text in ("one", "two", "three")]
    assert [message.content async for message in channel.history()] == ["three", "two", "one"]
    assert [message.content async for message in channel.history(after=first)] == ["two", "three"]
    assert [message.content async for message in channel.history(before=third, limit=1)] == ["two"]
    assert (await channel.fetch_message(second.id)).content == "two"


async def test_a_message_is_passed_on_once_and_only_from_channels_of_news(
    server: DiscordServer, client: discord.Client
) -> None:
    news, general = server.add_channel("news", type=NEWS), server.add_channel("general")
    sent = [await client.get_partial_messageable(int(place["id"])).send("Bells") for place in (news, general)]
    await sent[0].publish()
    assert server.messages(news)[0]["flags"] == CROSSPOSTED
    with pytest.raises(discord.HTTPException, match="40033"):
        await sent[0].publish()
    with pytest.raises(discord.HTTPException, match="50024"):
        await sent[1].publish()


async def test_what_is_too_long_for_a_message_is_refused_and_kept(
    server: DiscordServer, client: discord.Client
) -> None:
    channel = client.get_partial_messageable(int(server.add_channel("general")["id"]))
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("x" * 2001)).add_item(discord.ui.TextDisplay("x" * 2000))
    with pytest.raises(discord.HTTPException, match="50035"):
        await channel.send(view=view)
    assert len(server.invalid) == 1


async def test_a_file_comes_with_the_message(server: DiscordServer, client: discord.Client) -> None:
    general = server.add_channel("general")
    channel = client.get_partial_messageable(int(general["id"]))
    await channel.send("Bells", file=discord.File(__file__, "bells.txt"))
    (request,) = (request for request in server.requests if request.method == "POST")
    assert request.body["attachments"] == [{"id": 0, "filename": "bells.txt"}]
    assert [words(message) for message in server.messages(general)] == ["Bells"]
