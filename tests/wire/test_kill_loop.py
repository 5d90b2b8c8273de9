"""The bot posts while a tenth of its requests go wrong and it is killed again and again: `make chaos`, and short.

Within the time for which Discord knows a nonce, every story is posted once. Without that, what a kill or a lost
answer leaves in doubt is posted twice at most: the limit that `docs/design.md` tells of.
"""

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.wire.bot_process import in_database, let_leases_run_out, running
from tests.wire.conftest import World
from tests.wire.faults import NETWORK, SERVER
from tests.wire.payloads import Payload
from tests.wire.stories import queue_stories

STORIES = int(os.environ.get("CHAOS_STORIES", "5000"))
CHANNELS = int(os.environ.get("CHAOS_CHANNELS", "10"))
SECONDS = float(os.environ.get("CHAOS_SECONDS", "2"))  # between two kills
FAULTS = float(os.environ.get("CHAOS_FAULTS", "0.1"))  # the share of requests to post that go wrong
SEED = int(os.environ.get("CHAOS_SEED", "7"))
WAYS = (*NETWORK, *SERVER, "429")


@dataclass
class Campaign:
    """So many stories, each for one of the channels in turn, until all are posted."""

    world: World
    stories: int
    channels: list[Payload]
    kills: int = 0

    async def run(self, seconds: float, most_kills: int = sys.maxsize) -> None:
        """Kill the bot each time it has been there for so many seconds, until nothing is left to do."""
        pairs = [(self.channels[number % len(self.channels)], str(number)) for number in range(self.stories)]
        await queue_stories(self.world.database_url, pairs)
        while not self.done():
            async with running(self.world.discord, self.world.database_url, LOG_LEVEL="WARNING") as bot:
                if self.kills == most_kills:
                    await self.world.discord.until(self.done, 120)
                    break
                await asyncio.sleep(seconds)
                await bot.end(signal.SIGKILL)
                self.kills += 1
            let_leases_run_out(self.world.database_url)

    def done(self) -> bool:
        """Whether every story was posted, as far as the bot knows."""
        outcomes = "SELECT outcome, count(*) FROM outbox GROUP BY outcome"
        return in_database(self.world.database_url, outcomes) == [("sent", self.stories)]

    def missing(self) -> list[str]:
        """The stories that are nowhere."""
        posted = self._posted()
        return [str(number) for number in range(self.stories) if str(number) not in posted]

    def repeated(self) -> int:
        """How many messages there are too many."""
        posted = self._posted()
        return posted.total() - len(posted)

    def in_order(self) -> bool:
        """Whether each channel has its stories in the order in which they were queued, whatever was repeated."""
        found = ([int(title) for title in self.world.titles(channel)] for channel in self.channels)
        return all(numbers == sorted(numbers) for numbers in found)

    def _posted(self) -> Counter[str]:
        return Counter(title for channel in self.channels for title in self.world.titles(channel))


async def without_loss_or_repeat(world: World, stories: int, seconds: float, most_kills: int = sys.maxsize) -> Campaign:
    """A campaign in which Discord knows each nonce."""
    campaign = Campaign(world, stories, [world.discord.add_channel(f"stories {n}") for n in range(CHANNELS)])
    faults = world.discord.misbehave(
        "POST /channels/*/messages", *WAYS, share=FAULTS, times=None, apply=None, seed=SEED
    )
    began = time.monotonic()
    await campaign.run(seconds, most_kills)
    tell(campaign, f"{len(faults.struck)} faults, {time.monotonic() - began:.0f} s")
    assert (campaign.missing(), campaign.repeated(), campaign.in_order()) == ([], 0, True)
    assert in_database(world.database_url, "PRAGMA integrity_check") == [("ok",)]
    return campaign


async def outside_the_window(world: World, stories: int, seconds: float, most_kills: int = sys.maxsize) -> Campaign:
    """A campaign of one channel in which Discord forgets each nonce at once: at most one repeat a kill."""
    campaign = Campaign(world, stories, [world.stories])
    world.discord.written.nonce_window = 0
    await campaign.run(seconds, most_kills)
    tell(campaign, "no nonce known")
    assert (campaign.missing(), campaign.in_order()) == ([], True)
    assert campaign.repeated() <= campaign.kills
    return campaign


def tell(campaign: Campaign, more: str) -> None:
    """The figures, for who runs pytest with `-s`."""
    posts = sum(len(campaign.world.posts(channel)) for channel in campaign.channels)
    sys.stdout.write(
        f"\n{campaign.stories} stories in {len(campaign.channels)} channels, {posts} requests to post, "
        f"{campaign.kills} kills, {more}: {len(campaign.missing())} lost, {campaign.repeated()} repeated\n"
    )


@pytest.mark.chaos
async def test_no_story_is_lost_or_doubled_however_often_the_bot_is_killed(world: World) -> None:
    campaign = await without_loss_or_repeat(world, STORIES, SECONDS)
    assert campaign.kills > 3, "everything was sent before the bot was killed: give it more stories"


@pytest.mark.chaos
async def test_outside_the_window_at_most_one_story_is_doubled_by_a_kill(world: World) -> None:
    await outside_the_window(world, STORIES // 5, SECONDS)


async def test_a_short_campaign_loses_and_doubles_nothing(world: World) -> None:
    assert (await without_loss_or_repeat(world, 150, 0.5, most_kills=3)).kills > 1


async def test_a_short_campaign_without_nonces_repeats_at_most_one_story_a_kill(world: World) -> None:
    assert (await outside_the_window(world, 60, 0.3, most_kills=3)).kills > 1
