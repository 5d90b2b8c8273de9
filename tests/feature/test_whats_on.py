"""The live list of what is on: put up by moderators, edited when what it shows changes, and only then."""

import asyncio
from datetime import timedelta

import discord
from sqlalchemy import select

from bot.events.live_posts import LivePosts
from bot.events.rsvp import Choice
from db.models import LivePost
from tests.feature.announcing import NOT_ALLOWED, announced, another_server, card_in, only_text, restarted, typed_in
from tests.feature.conftest import World, words
from tests.feature.test_event_refresh import MOMENT, after, answers, edits_of

LOOK = timedelta(seconds=20)
NOTHING = "## What's on\nNothing is coming up. Moderators announce events with `/event create`."


async def put_up(world: World) -> discord.Message:
    """A list in the general channel that the bot has looked at once."""
    result = await world.mod.slash(world.general, "event board", channel=world.general)
    assert only_text(result) == (
        f"The list of what is on appears in <#{world.general.id}> and keeps itself up to date. "
        "Delete the message to end that."
    )
    await world.deliver()
    await after(world, LOOK)
    return card_in(world.general)


def listing(world: World) -> str:
    """What the list shows."""
    return words(card_in(world.general))


async def lists(world: World) -> list[int]:
    """The messages that the bot keeps up to date as lists."""
    async with world.bot.database.read() as session:
        return list(await session.scalars(select(LivePost.message_id).order_by(LivePost.message_id)))


async def publish(world: World, **typed: str) -> None:
    """The moderator announces another event."""
    preview = await typed_in(world, **typed)
    assert preview.response is not None
    await world.mod.click(preview.response, label="Publish")
    await world.deliver()


async def test_a_list_shows_what_is_on_with_links_to_the_cards(world: World) -> None:
    card = await announced(world)
    await put_up(world)
    link = f"https://discord.com/channels/{world.guild.id}/{world.events.id}/{card.id}"
    assert listing(world) == (
        "## What's on\n"
        "### Coming up\n"
        f"**[Cherry blossom evening]({link})** · <t:1796518800:F>\n"
        "-# 📍 Botanical Gardens · going 0/2"
    )


async def test_an_event_that_is_published_edited_or_cancelled_is_on_the_list_soon(world: World) -> None:
    await world.set_up()
    await put_up(world)
    assert listing(world) == NOTHING
    await publish(world)
    await after(world, LOOK)
    assert "**[Cherry blossom evening](" in listing(world)
    await after(world, timedelta(minutes=3))
    await world.mod.slash(world.general, "event cancel", event="id:1")
    await after(world, LOOK)
    await after(world, LOOK)
    assert listing(world) == NOTHING


async def test_a_list_is_edited_only_if_what_it_shows_changed(world: World) -> None:
    await announced(world)
    post = await put_up(world)
    edits = edits_of(world, post)
    for _ in range(20):
        await after(world, LOOK)
    assert edits_of(world, post) == edits


async def test_numbers_change_on_the_list_every_few_minutes(world: World) -> None:
    await announced(world, capacity="")
    post = await put_up(world)
    edits = edits_of(world, post)
    for user_id in range(1, 14):  # in 4 minutes and 20 seconds
        await answers(world, user_id)
        await after(world, LOOK)
    assert (edits_of(world, post), "going 0" in listing(world)) == (edits, True)
    await after(world, 2 * LOOK)
    assert (edits_of(world, post), "going 13" in listing(world)) == (edits + 1, True)


async def test_the_list_says_when_an_event_has_begun_and_leaves_it_out_when_it_is_over(world: World) -> None:
    await announced(world, when="2026-11-22 11:00-12:00")
    await put_up(world)
    hour = timedelta(hours=1)
    begins = world.bot.now().replace(minute=0, second=0) + hour
    world.clock[0] = begins - MOMENT
    await world.deliver()
    assert "### On now" not in listing(world)
    due = await world.bot.live_posts.run_once(world.bot.now())
    assert due is not None and due <= begins + LOOK
    world.clock[0] = begins + LOOK
    await world.deliver()
    assert "### On now\n**[Cherry blossom evening](" in listing(world)
    world.clock[0] = begins + hour + LOOK
    await world.deliver()
    assert listing(world) == NOTHING


async def test_a_list_deleted_by_hand_is_retired_quietly(world: World) -> None:
    await announced(world)
    post = await put_up(world)
    keepers = world.guild.create_role("Keepers", permissions=discord.Permissions(manage_messages=True))
    keeper = world.guild.add_member(world.env.create_user("Keeper"), roles=[keepers])
    await keeper.delete(post)
    assert await lists(world) == []
    requests = len(world.env.http_requests)
    await after(world, timedelta(minutes=10))
    assert len(world.env.http_requests) == requests


async def test_a_list_deleted_while_the_bot_was_away_is_retired_by_the_next_edit(world: World) -> None:
    await world.set_up()
    post = await put_up(world)
    del world.env.backend.messages[world.general.id][post.id]
    await publish(world)
    await after(world, LOOK)
    assert await lists(world) == []


async def test_a_new_list_takes_the_place_of_the_old_one_in_its_channel(world: World) -> None:
    await announced(world)
    first = await put_up(world)
    second = await put_up(world)
    assert first.id != second.id
    assert [message.id for message in world.general.history()] == [second.id]
    assert await lists(world) == [second.id]
    await world.mod.slash(world.general, "event board", channel=world.stories)
    await world.deliver()
    assert await lists(world) == [second.id, card_in(world.stories).id]


async def test_a_list_asked_for_twice_at_once_is_posted_once(world: World) -> None:
    await announced(world)
    for _ in range(2):
        await world.mod.slash(world.general, "event board", channel=world.general)
    await world.deliver()
    assert len(world.general.history()) == 1


async def test_only_moderators_put_up_a_list_and_only_where_the_bot_may_write(world: World) -> None:
    await world.set_up()
    assert only_text(await world.alice.slash(world.general, "event board", channel=world.general)) == NOT_ALLOWED
    shut = world.guild.create_text_channel(
        "shut", overwrites={world.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
    assert "I can't post in" in only_text(await world.mod.slash(world.general, "event board", channel=shut))
    await world.deliver()
    assert (await lists(world), world.general.history()) == ([], [])


async def test_a_server_lists_its_own_events(world: World) -> None:
    await announced(world)
    there = await another_server(world)
    await put_up(there)
    assert listing(there) == NOTHING


async def test_after_a_restart_a_list_goes_on(world: World) -> None:
    await world.set_up()
    await put_up(world)
    await restarted(world)
    await publish(world)
    await after(world, LOOK)
    assert "**[Cherry blossom evening](" in listing(world)


async def test_two_processes_edit_a_list_once_for_a_change_and_neither_shows_an_old_one(world: World) -> None:
    await announced(world)
    post = await put_up(world)
    both = [LivePosts(world.bot), LivePosts(world.bot)]

    async def look(*processes: LivePosts) -> str:
        world.clock[0] += timedelta(minutes=5)
        await asyncio.gather(*(process.run_once(world.bot.now()) for process in processes))
        return listing(world)

    edits = edits_of(world, post)
    assert "going 0" in await look(*both)
    assert edits_of(world, post) == edits + 1  # neither knew what is shown
    await answers(world, 1)
    assert "going 1" in await look(*both)
    assert edits_of(world, post) == edits + 2
    await look(both[0])
    await answers(world, 2)
    assert "going 2" in await look(both[1])
    await answers(world, 2, Choice.NO)  # as it was when the first looked last
    assert "going 1" in await look(both[0])


async def test_a_list_in_a_channel_that_is_closed_is_tried_three_times(world: World) -> None:
    await world.set_up()
    post = await put_up(world)
    path = f"/channels/{world.general.id}/messages/*"
    world.env.inject_error("PATCH", path, status=403, code=50001, message="Missing Access", times=None)
    edits = edits_of(world, post)
    await publish(world)
    for _ in range(60):
        await after(world, LOOK)
    assert (edits_of(world, post), await lists(world)) == (edits + 3, [])
