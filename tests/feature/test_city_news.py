"""The latest story on a city's card, where not everybody may see every channel."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.feature.conftest import World, words
from tests.feature.following import follow
from tests.feature.test_named import HITACHI, OLD, TEA, TREES, hide
from tests.feeds_server import FeedsServer, rss


@pytest.fixture
async def server() -> AsyncIterator[FeedsServer]:
    async with FeedsServer() as server:
        yield server


async def test_a_newer_story_in_a_hidden_channel_does_not_hide_an_older_one_for_everybody(
    world: World, server: FeedsServer
) -> None:
    await world.set_up()
    for path, channel in (("/public", world.stories), ("/private", world.events)):
        await follow(world, server.serve(path, rss(OLD)), channel=channel)
    for path, entry in (("/public", TREES), ("/private", TEA)):
        server.serve(path, rss(entry, OLD))
        world.clock[0] += timedelta(hours=1)
        await world.bot.stories.run_once(world.bot.now())
        await world.deliver()
    assert "Tea in Hitachi" in await card(world)
    await hide(world, world.events)
    assert "Cherry trees for Hitachi" in await card(world)
    await hide(world, world.stories)
    assert "Latest story" not in await card(world)


async def card(world: World) -> str:
    """What Hitachi's card says."""
    return words((await world.alice.slash(world.general, "city view", city=f"id:{HITACHI}")).response)
