"""Discord has the bot wait, stop or end: rows P7, P8 and P10 of our list of faults."""

import asyncio
import signal
from datetime import UTC, datetime, timedelta

from tests.wire.bot_process import in_database, let_leases_run_out, let_waits_pass, running
from tests.wire.conftest import World
from tests.wire.faults import CLOUDFLARE
from tests.wire.interactions import MESSAGE
from tests.wire.requests import Request
from tests.wire.stories import queue_stories


def asked_of_discord(world: World) -> list[Request]:
    """What the bot asked on its own account, not as an answer to somebody."""
    return [request for request in world.discord.requests if request.authorization]


async def test_p7_a_short_limit_of_one_channel_is_waited_out_with_the_same_nonce(world: World) -> None:
    async with running(world.discord, world.database_url):
        for way in ("429", "429 shared"):
            world.discord.misbehave(world.posting(), way, seconds=0.5)
            await world.queue(way)
            await world.everything_sent()
    posts = world.posts()
    assert world.titles() == ["429", "429 shared"]
    assert (posts[0], posts[2]) == (posts[1], posts[3])
    assert min(posts[1].at - posts[0].at, posts[3].at - posts[2].at) >= 0.5


async def test_p7_a_long_limit_of_one_channel_puts_its_story_off_and_no_other(world: World) -> None:
    limited = world.discord.misbehave(world.posting(), "429", seconds=600)
    async with running(world.discord, world.database_url):
        await world.queue("Bells")
        await world.discord.until(lambda: limited.struck)
        await world.queue("Choirs", channel=world.general)
        await world.discord.until(lambda: world.titles(world.general) == ["Choirs"])
        assert world.titles() == []
        put_off = "SELECT due_at, lease_until FROM outbox WHERE done_at IS NULL"
        await world.discord.until(lambda: in_database(world.database_url, put_off)[0][1] is None)
        ((due_at, _),) = in_database(world.database_url, put_off)
        wait = datetime.fromisoformat(str(due_at)).replace(tzinfo=UTC) - datetime.now(UTC)
        assert timedelta(minutes=9) < wait <= timedelta(minutes=10)
        let_waits_pass(world.database_url)
        await world.wake()
        await world.everything_sent()
    first, second = world.posts()
    assert (world.titles(), first) == (["Bells"], second)


async def test_p7_a_limit_of_the_whole_bot_holds_up_everything_but_answers(world: World) -> None:
    async with running(world.discord, world.database_url):
        world.discord.misbehave(world.posting(), "429 global", seconds=2)
        await world.queue("Bells")
        await world.discord.until(world.posts)
        limited_at = world.posts()[0].at
        await world.queue("Choirs", channel=world.events)
        answer = await world.ada.slash("sister", {"city": "Nashville"})
        assert (answer.callback["type"], world.titles(world.events)) == (MESSAGE, [])
        await world.everything_sent()
    later = [request.at - limited_at for request in asked_of_discord(world) if request.at > limited_at]
    assert (world.titles(), world.titles(world.events)) == (["Bells"], ["Choirs"])
    assert min(later) >= 2


async def test_p8_a_stop_by_cloudflare_holds_up_everything_but_answers(world: World) -> None:
    stopped = world.discord.misbehave(world.posting(), CLOUDFLARE)
    async with running(world.discord, world.database_url) as bot:
        bot.expected_error = "Cloudflare"
        await world.queue("Bells")
        await world.discord.until(lambda: stopped.struck)
        before = len(asked_of_discord(world))
        await world.queue("Choirs", channel=world.events)
        await asyncio.sleep(2)
        answer = await world.ada.slash("sister", {"city": "Nashville"})
        assert answer.callback["type"] == MESSAGE
        assert len(asked_of_discord(world)) == before
        assert "Cloudflare" in bot.output
        assert world.rows("refusals", "outcome") == [(0, None), (0, None)]
        await bot.end(signal.SIGKILL)
    let_leases_run_out(world.database_url)
    let_waits_pass(world.database_url)
    async with running(world.discord, world.database_url):
        await world.everything_sent()
    assert (world.titles(), world.titles(world.events)) == (["Bells"], ["Choirs"])


async def test_p10_a_bot_whose_token_is_refused_asks_no_more_and_ends(world: World) -> None:
    channels = [world.discord.add_channel(f"stories {number}") for number in range(8)]
    async with running(world.discord, world.database_url) as bot:
        bot.expected_error = "refuses the bot's token"
        world.discord.revoke_token()
        before = len(asked_of_discord(world))
        await queue_stories(
            world.database_url, [(channel, title) for channel in channels for title in ("Bells", "Choirs")]
        )
        await world.wake()
        assert await bot.end() == 2
    assert 1 <= len(asked_of_discord(world)) - before <= 5
    assert bot.output.splitlines()[-1] == "Discord refuses the token in DISCORD_TOKEN. Copy it again from the Bot page."
    assert [world.titles(channel) for channel in channels] == [[]] * 8
    assert world.rows("refusals", "outcome", "lease_until") == [(0, None, None)] * 16
