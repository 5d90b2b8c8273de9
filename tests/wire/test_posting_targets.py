"""Posts that bear no nonce: threads of forums and messages through webhooks, row P13 of our list of faults."""

import signal

import pytest

from tests.wire.bot_process import let_leases_run_out, let_waits_pass, running
from tests.wire.conftest import World
from tests.wire.faults import NETWORK, SERVER
from tests.wire.payloads import CROSSPOSTED, FORUM, NEWS, Payload
from tests.wire.people import words

TARGETS = {"forum": "POST /channels/*/threads", "webhook": "POST /webhooks/*"}


def place(world: World, kind: str) -> Payload:
    """Where stories are posted in that way."""
    return world.discord.add_channel("forum", type=FORUM, available_tags=[]) if kind == "forum" else world.stories


def shown(world: World, channel: Payload) -> list[str]:
    """The titles in a channel, and those in its threads."""
    return [title for one in (channel, *world.discord.threads.within(channel)) for title in world.titles(one)]


@pytest.mark.parametrize("kind", TARGETS)
async def test_p13_without_a_nonce_a_crash_repeats_nothing_for_the_marker_is_found(world: World, kind: str) -> None:
    channel = place(world, kind)
    await world.queue("Bells", "Choirs", channel=channel, uses_webhook=kind == "webhook")
    for apply in (False, True):
        held = world.discord.misbehave(TARGETS[kind], "hold", apply=apply)
        async with running(world.discord, world.database_url) as bot:
            await world.discord.until(lambda: held.struck)  # noqa: B023
            await bot.end(signal.SIGKILL)
        assert shown(world, channel) == ["Bells"][:apply]
        let_leases_run_out(world.database_url)
    async with running(world.discord, world.database_url):
        await world.everything_sent()
    assert shown(world, channel) == ["Bells", "Choirs"]
    assert len(world.asked(TARGETS[kind].replace("*", ".*"))) == 3


@pytest.mark.parametrize("kind", TARGETS)
async def test_p13_without_a_nonce_lost_answers_repeat_nothing_either(world: World, kind: str) -> None:
    channel, titles = place(world, kind), [f"Story {number}" for number in range(6)]
    world.discord.misbehave(TARGETS[kind], *NETWORK, *SERVER, times=5, share=0.5, apply=None, seed=13)
    await world.queue(*titles, channel=channel, uses_webhook=kind == "webhook")
    async with running(world.discord, world.database_url):
        await world.everything_sent(timeout=30)
    assert shown(world, channel) == titles


async def test_p13_a_webhook_bears_the_name_of_the_source(world: World) -> None:
    await world.queue("Bells", uses_webhook=True)
    async with running(world.discord, world.database_url):
        await world.everything_sent()
    (message,) = world.discord.messages(world.stories)
    (webhook,) = world.discord.webhooks.all.values()
    assert (message["author"]["username"], message["webhook_id"]) == ("Sister City News", webhook["id"])


async def test_p13_what_is_passed_on_to_other_servers_is_so_once(world: World) -> None:
    news = world.discord.add_channel("news", type=NEWS)
    world.discord.misbehave("POST */crosspost", "reset", apply=True)
    await world.queue("Bells", channel=news, crosspost=True)
    async with running(world.discord, world.database_url):
        await world.discord.until(lambda: len(world.asked("POST .*/crosspost")) == 1)
        await world.discord.until(lambda: world.rows("lease_until")[-1] == (None,))
        let_waits_pass(world.database_url)
        await world.wake()
        await world.everything_sent(2)
    (message,) = world.discord.messages(news)
    assert (message["flags"] & CROSSPOSTED, len(world.asked("POST .*/crosspost"))) == (CROSSPOSTED, 2)
    assert "Bells" in words(message)
    assert world.rows("outcome") == [("sent",)] * 2
