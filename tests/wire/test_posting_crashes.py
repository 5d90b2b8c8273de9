"""A process is killed, sleeps or loses its answer while it posts: rows P1 to P6 of our list of faults.

P12, on weekly campaigns, comes with those.
"""

import asyncio
import signal

from tests.wire.bot_process import in_database, let_leases_run_out, let_minutes_pass, running
from tests.wire.conftest import World
from tests.wire.faults import NETWORK, SERVER


async def killed(world: World, *, apply: bool) -> None:
    """The bot posts what waits, and is killed before it has the answer; what it asked for takes effect, or not."""
    held = world.discord.misbehave(world.posting(), "hold", apply=apply)
    async with running(world.discord, world.database_url) as bot:
        await world.discord.until(lambda: held.struck)
        await bot.end(signal.SIGKILL)
    let_leases_run_out(world.database_url)


async def restarted(world: World) -> None:
    """The bot runs until all is done."""
    async with running(world.discord, world.database_url):
        await world.everything_sent()


async def test_p1_what_a_crash_kept_from_being_sent_is_posted_once_after_the_restart(world: World) -> None:
    await world.queue("Bells")
    await killed(world, apply=False)
    assert world.titles() == []
    await restarted(world)
    assert world.titles() == ["Bells"]


async def test_p2_what_was_sent_before_the_crash_is_not_posted_again(world: World) -> None:
    await world.queue("Bells", "Choirs")
    await killed(world, apply=True)
    assert world.titles() == ["Bells"]
    await restarted(world)
    assert world.titles() == ["Bells", "Choirs"]
    nonces = [request.body["nonce"] for request in world.posts()]
    assert [nonces.index(nonce) for nonce in nonces] == [0, 0, 2]
    ids = [int(message["id"]) for message in world.discord.messages(world.stories)]
    assert world.rows("outcome", "message_id") == [("sent", message_id) for message_id in ids]


async def test_p3_when_the_nonce_is_forgotten_the_message_is_found_by_its_marker(world: World) -> None:
    await world.queue("Bells")
    await killed(world, apply=True)
    world.discord.written.nonce_window = 0
    let_minutes_pass(world.database_url, 10)
    await restarted(world)
    assert world.titles() == ["Bells"]
    assert len(world.posts()) == 1
    (message,) = world.discord.messages(world.stories)
    assert world.rows("outcome", "message_id") == [("sent", int(message["id"]))]


async def test_p3_the_limit_is_one_repeat_a_crash_when_the_marker_cannot_be_read_either(world: World) -> None:
    world.discord.written.nonce_window = 0
    world.discord.written.readable = False
    await world.queue("Bells")
    for _ in range(2):
        await killed(world, apply=True)
        let_minutes_pass(world.database_url, 10)
    await restarted(world)
    assert world.titles() == ["Bells"] * 3


async def test_p4_a_message_that_was_sent_and_then_deleted_is_done(world: World) -> None:
    await world.queue("Bells")
    await killed(world, apply=True)
    (message,) = world.discord.messages(world.stories)
    await world.discord.delete(message)
    await restarted(world)
    assert (world.titles(), len(world.posts()), world.rows("outcome")) == ([], 2, [("gone",)])


async def test_p5_a_process_that_slept_past_its_lease_leaves_the_row_to_who_took_it(world: World) -> None:
    slow = world.discord.misbehave(world.posting(), "slow", times=2, seconds=3)
    await world.queue("Bells")
    async with running(world.discord, world.database_url) as sleeper:
        await world.discord.until(lambda: slow.struck)
        await asyncio.sleep(1)  # until it writes nothing: who sleeps in a transaction locks everybody out
        sleeper.send(signal.SIGSTOP)
        let_leases_run_out(world.database_url)
        async with running(world.discord, world.database_url):
            await world.discord.until(lambda: len(slow.struck) == 2)
            sleeper.send(signal.SIGCONT)
            await world.discord.until(lambda: "outbox row 1 is gone, or" in sleeper.output)
            assert world.rows("done_at") == [(None,)]
            await world.everything_sent()
            assert await sleeper.end(signal.SIGTERM) == 0
    assert (world.titles(), len(world.posts()), world.rows("outcome")) == (["Bells"], 2, [("sent",)])


async def test_p6_of_answers_that_are_lost_nothing_is_lost_or_doubled(world: World) -> None:
    channels = [world.discord.add_channel(f"stories {number}") for number in range(6)]
    titles = [f"Story {number}" for number in range(10)]
    faults = world.discord.misbehave(
        "POST /channels/*/messages", *NETWORK, *SERVER, share=0.1, times=None, apply=None, seed=6
    )
    for channel in channels:
        await world.queue(*titles, channel=channel)
    async with running(world.discord, world.database_url):
        await world.everything_sent(timeout=30)
    assert [world.titles(channel) for channel in channels] == [titles] * len(channels)
    assert len(faults.struck) > 3


async def test_what_is_told_twice_takes_effect_once(world: World) -> None:
    world.discord.gateway.repeats = 1.0
    async with running(world.discord, world.database_url):
        await world.mod.slash("setup", {"home_city": "id:4049979", "events_channel": world.events})
        form = await world.mod.slash("event create")
        preview = await world.mod.submit(form, {"title": "Garden walk", "when": "7pm next Friday"})
        await world.mod.press(preview.message, "Publish")
        await world.everything_sent(1)
        (card,) = world.discord.messages(world.events)
        await world.ada.press(card, "Going")
        await world.discord.until(lambda: in_database(world.database_url, "SELECT count(*) FROM answers") == [(1,)])
    assert len(world.posted(world.events)) == 1
    assert in_database(world.database_url, "SELECT standing, turn FROM answers") == [("going", 1)]
