"""The thread under a story: opened by the first who wants to talk, found by everybody else."""

from typing import Any

import discord
import simcord

from bot.stories.page import StoryPost
from bot.texts import ENGLISH
from bot.ui.stories.story_card import story_card
from db.models import StoryCopy
from tests import telling
from tests.feature.announcing import forged
from tests.feature.conftest import World, words
from tests.feature.test_story_lookup import told

TITLE = "Cherry trees for @everyone"
NOT_YET = "I can't open a discussion here. If the story is brand-new, please try again in a minute."
GONE = "The discussion of this story was deleted."


async def posted(world: World, *, remembered: bool = True) -> discord.Message:
    """The message that shows a story."""
    await told(world, TITLE)
    seen = telling.FIRST
    story = StoryPost(1, world.guild.id, "News", TITLE, "https://news.example/1", "", None, None, seen, None, ())
    channel: Any = world.bot.get_channel(world.stories.id)
    message: discord.Message = await channel.send(
        view=story_card(story, ENGLISH), allowed_mentions=discord.AllowedMentions.none()
    )
    if remembered:
        copy = telling.copy_of(1, channel.id, message.id, world.guild.id)
        await telling.keep(world.bot.database, [copy])
    return message


async def discuss(world: World, message: discord.Message, actor: simcord.MemberActor | None = None) -> str:
    """What Alice, or somebody else, is answered after a press on Discuss, for nobody else to see."""
    result = await (actor or world.alice).click(message, label="Discuss")
    answer = result.followups[-1] if result.followups else result.response
    assert answer is not None and answer.ephemeral
    return words(answer)


async def thread_id(world: World, message: discord.Message) -> int | None:
    """The thread that is remembered of a message."""
    async with world.bot.database.read() as session:
        copy = await session.get(StoryCopy, message.id)
    assert copy is not None
    return copy.thread_id


def asked_for(world: World) -> int:
    """How often a thread was asked for."""
    return sum(request.path.endswith("/threads") for request in world.env.http_requests if request.method == "POST")


async def test_the_first_press_opens_a_thread_and_the_next_ones_lead_to_it(world: World) -> None:
    message = await posted(world)
    said = [await discuss(world, message), await discuss(world, message, world.bob), await discuss(world, message)]
    [thread] = world.stories.threads

    assert (thread.id, thread.name) == (message.id, TITLE)
    assert said == [f"Talk about it in <#{thread.id}>.\n[Open the thread]"] * 3
    assert (await thread_id(world, message), asked_for(world)) == (message.id, 1)


async def test_two_who_press_at_the_same_moment_end_in_one_thread(world: World) -> None:
    message = await posted(world)
    world.env.inject_error("POST", f"/channels/*/messages/{message.id}/threads", status=400, code=160004)

    assert await discuss(world, message) == f"Talk about it in <#{message.id}>.\n[Open the thread]"
    assert await thread_id(world, message) == message.id


async def test_a_bot_that_may_not_open_threads_says_what_it_needs_and_asks_discord_nothing(world: World) -> None:
    message = await posted(world)
    channel: Any = world.bot.get_channel(world.stories.id)
    await channel.set_permissions(channel.guild.me, create_public_threads=False)
    said = await discuss(world, message)

    assert said == "I can't open a thread here yet. A moderator can allow me: Create Public Threads."
    assert (world.stories.threads, asked_for(world)) == ([], 0)


async def test_a_permission_that_is_lost_in_that_moment_is_explained_too(world: World) -> None:
    message = await posted(world)
    world.env.inject_error("POST", "/channels/*/threads", status=403, code=50013)

    assert await discuss(world, message) == (
        "I can't open a thread here yet. A moderator can allow me: Create Public Threads."
    )


async def test_who_may_not_write_in_threads_opens_none(world: World) -> None:
    message = await posted(world)
    channel: Any = world.bot.get_channel(world.stories.id)
    await channel.set_permissions(channel.guild.default_role, send_messages_in_threads=False)

    assert await discuss(world, message) == (
        "You need the permission *Send Messages in Threads* here to discuss a story."
    )
    assert world.stories.threads == []


async def test_a_thread_that_was_deleted_is_opened_again(world: World) -> None:
    message = await posted(world)
    await discuss(world, message)
    thread: Any = await world.bot.fetch_channel(message.id)
    await thread.delete()

    assert await discuss(world, message) == f"Talk about it in <#{message.id}>.\n[Open the thread]"
    assert (len(world.stories.threads), asked_for(world)) == (1, 2)


async def test_where_discord_gives_no_second_thread_that_is_said(world: World) -> None:
    message = await posted(world)
    await discuss(world, message)
    thread: Any = await world.bot.fetch_channel(message.id)
    await thread.delete()
    world.env.inject_error("POST", "/channels/*/threads", status=400, code=160004)

    assert await discuss(world, message) == GONE


async def test_a_thread_that_sleeps_is_led_to(world: World) -> None:
    message = await posted(world)
    await discuss(world, message)
    thread: Any = await world.bot.fetch_channel(message.id)
    await thread.edit(archived=True)

    assert await discuss(world, message) == f"Talk about it in <#{message.id}>.\n[Open the thread]"
    assert asked_for(world) == 1


async def test_a_message_that_is_not_remembered_yet_opens_nothing(world: World) -> None:
    message = await posted(world, remembered=False)

    assert await discuss(world, message) == NOT_YET
    assert world.stories.threads == []


async def test_a_forged_button_opens_no_thread_for_a_story_of_another_message(world: World) -> None:
    message = await posted(world)
    feed_id = await telling.feed(world.bot.database, world.guild.id, world.stories.id, "Another")
    another = telling.story(2, "Another", feed_id=feed_id, guild_id=world.guild.id)
    shown = telling.copy_of(2, world.stories.id, message.id + 1, world.guild.id)
    await telling.keep(world.bot.database, [another, shown])

    assert await forged_press(world, message, "story-discuss:2") == NOT_YET
    assert await forged_press(world, message, "story-discuss:999") == NOT_YET
    assert (world.stories.threads, asked_for(world)) == ([], 0)


async def forged_press(world: World, message: discord.Message, custom_id: str) -> str:
    """What is answered to a press on a button whose id somebody made up."""
    result = await forged(world.alice, message, custom_id)
    answer = result.followups[-1] if result.followups else result.response
    return words(answer)


async def test_in_a_thread_the_button_leads_to_that_thread(world: World) -> None:
    starter = await posted(world)
    await discuss(world, starter)
    thread: Any = await world.bot.fetch_channel(starter.id)
    inside = await posted_inside(thread)

    assert await discuss(world, inside) == f"Talk about it in <#{thread.id}>.\n[Open the thread]"
    assert asked_for(world) == 1


async def posted_inside(thread: Any) -> Any:
    story = StoryPost(1, thread.guild.id, "News", TITLE, None, "", None, None, telling.FIRST, None, ())
    return await thread.send(view=story_card(story, ENGLISH), allowed_mentions=discord.AllowedMentions.none())
