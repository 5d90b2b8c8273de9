"""`make chaos`: the bot is killed again and again while it posts; in the end every story was posted once."""

import asyncio
import os
import random
import signal

import pytest

from tests.feeds_server import FeedsServer, item, rss
from tests.wire.bot_process import in_database, let_leases_run_out, poll_feeds_now, running
from tests.wire.conftest import OLD, World, follow

STORIES = int(os.environ.get("CHAOS_STORIES", "4000"))
KILLS = int(os.environ.get("CHAOS_KILLS", "25"))


@pytest.mark.chaos
async def test_no_story_is_lost_or_doubled_however_often_the_bot_is_killed(world: World, feeds: FeedsServer) -> None:
    draw = random.Random(7)  # noqa: S311 - a repeatable draw
    async with running(world.discord, world.database_url):
        await follow(world, feeds)
    feeds.serve("/news", rss(*(item(f"Story {number}", guid=str(number)) for number in range(STORIES, 0, -1)), OLD))
    poll_feeds_now(world.database_url)
    kills = 0
    while in_database(world.database_url, "SELECT count(*), count(done_at) FROM outbox") != [(STORIES, STORIES)]:
        async with running(world.discord, world.database_url) as bot:
            if kills < KILLS:
                await asyncio.sleep(draw.uniform(0.05, 1.5))
                await bot.end(signal.SIGKILL)
                kills += 1
            else:
                await world.discord.until(
                    lambda: in_database(world.database_url, "SELECT count(done_at) FROM outbox") == [(STORIES,)], 300
                )
        let_leases_run_out(world.database_url)
    assert kills == KILLS, "everything was sent before the last kill: give it more stories"
    assert world.story_titles() == [f"### Story {number}" for number in range(1, STORIES + 1)]
    assert in_database(world.database_url, "PRAGMA integrity_check") == [("ok",)]
