"""The whole bot as an operator runs it: a real process, real HTTP and WebSocket, a real database file."""

import signal
import socket

from tests.feeds_server import FeedsServer, item, rss
from tests.wire.bot_process import in_database, poll_feeds_now, running, starting
from tests.wire.conftest import OLD, World, follow
from tests.wire.interactions import MESSAGE, MODAL, UPDATE
from tests.wire.payloads import APPLICATION_ID, COMPONENTS_V2, EPHEMERAL, TOKEN
from tests.wire.people import words

BIRMINGHAM = {"name": "Birmingham, Alabama, US", "value": "id:4049979"}


async def test_members_look_cities_up(world: World) -> None:
    async with running(world.discord, world.database_url):
        names = {command["name"] for command in world.discord.commands}
        roots = {"city", "sister", "event", "feed", "story", "me", "setup", "settings"}
        assert names == roots | {"Cities in this message"}

        assert (await world.ada.choices("city view", "city", "birm"))[0] == BIRMINGHAM
        card = await world.ada.slash("city view", {"city": "id:4049979"})
        assert (card.callback["type"], card.message["flags"]) == (MESSAGE, COMPONENTS_V2)
        assert "Hitachi" in words(card.message)
        turned = await world.ada.press(card.message, "Next page")
        assert turned.callback["type"] == UPDATE
        assert "Page 2 of" in words(turned.message)

        typed = await world.ada.slash("sister", {"city": "Nashville"})
        assert "Tamworth" in words(typed.message)
        await world.ada.say(world.general, f"<@{APPLICATION_ID}> Nashville")
        await world.discord.until(lambda: len(world.posted(world.general)) == 4)
        assert "Tamworth" in world.posted(world.general)[-1]


async def test_a_moderator_announces_an_event_and_a_member_goes(world: World) -> None:
    async with running(world.discord, world.database_url):
        chosen = {"home_city": "id:4049979", "events_channel": world.events, "stories_channel": world.stories}
        setup = await world.mod.slash("setup", chosen)
        assert f"<#{world.events['id']}>" in words(setup.message)
        form = await world.mod.slash("event create")
        assert form.callback["type"] == MODAL
        preview = await world.mod.submit(form, {"title": "Garden walk", "when": "7pm next Friday"})
        assert (preview.message["flags"], world.posted(world.events)) == (EPHEMERAL | COMPONENTS_V2, [])
        assert (await world.mod.press(preview.message, "Publish")).callback["type"] == UPDATE

        await world.discord.until(lambda: world.posted(world.events))
        (sent,) = (request for request in world.discord.requests if f"{world.events['id']}/messages" in request.path)
        assert (sent.body["enforce_nonce"], int(sent.body["nonce"]) > 0) == (True, True)
        (card,) = world.discord.messages(world.events)
        going = await world.ada.press(card, "Going")
        assert going.callback["type"] == UPDATE
        assert "Garden walk" in words(going.message) and "Ada" in words(going.message)


async def publish(world: World, feeds: FeedsServer, *numbers: int) -> None:
    """Put stories into the feed, the newest first, and have the running bot look at it now."""
    feeds.serve("/news", rss(*(item(f"Story {number}", guid=str(number)) for number in reversed(numbers)), OLD))
    poll_feeds_now(world.database_url)
    await world.wake()


async def test_a_new_story_is_posted_once_although_discord_loses_answers(world: World, feeds: FeedsServer) -> None:
    async with running(world.discord, world.database_url):
        await follow(world, feeds)
        await publish(world, feeds, 1)
        await world.everything_sent(1)
        for number, kind, apply in ((2, "reset", True), (3, "reset", False), (4, "429", False)):
            lost = world.discord.misbehave(world.posting(world.stories), kind, apply=apply)
            await publish(world, feeds, *range(1, number + 1))
            await world.everything_sent(number)
            assert lost.struck
    assert world.titles() == ["Story 1", "Story 2", "Story 3", "Story 4"]


async def test_a_bot_that_is_told_to_end_leaves_nothing_behind(world: World, feeds: FeedsServer) -> None:
    async with running(world.discord, world.database_url) as bot:
        await follow(world, feeds)
        held = world.discord.misbehave(world.posting(world.stories), "hold")
        await publish(world, feeds, 1)
        await world.discord.until(lambda: held.struck)
        assert await bot.end(signal.SIGTERM) == 0
    assert world.discord.gateway.close_codes == [1000]
    assert in_database(world.database_url, "SELECT lease_until, done_at FROM outbox") == [(None, None)]
    async with running(world.discord, world.database_url):
        await world.everything_sent(1)
    assert world.titles() == ["Story 1"]


async def test_the_bot_waits_for_a_gateway_that_is_out_of_reach(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    elsewhere = f"ws://127.0.0.1:{port}/gateway"
    async with starting(world.discord, world.database_url, DISCORD_GATEWAY_URL=elsewhere) as bot:
        await world.discord.until(lambda: "gateway is out of reach" in bot.output, timeout=20)
        await world.discord.listen(port)
        await world.discord.until(lambda: world.discord.gateway.socket)
        assert (await world.ada.slash("sister", {"city": "Nashville"})).callback["type"] == MESSAGE


async def test_a_token_that_discord_refuses_ends_the_bot_with_one_sentence(world: World) -> None:
    wrong = TOKEN[:-1] + "x"
    async with starting(world.discord, world.database_url, DISCORD_TOKEN=wrong, LOG_LEVEL="ERROR") as bot:
        assert await bot.end() == 2
    assert bot.output == "Discord refuses the token in DISCORD_TOKEN. Copy it again from the Bot page.\n"
    assert [request.path for request in world.discord.requests] == ["/users/@me"]
