"""Discord lets the bot post no more in a channel, or takes a message not: rows P9 and P11 of our list of faults."""

import unicodedata

from tests.wire.bot_process import in_database, let_waits_pass, running
from tests.wire.conftest import World
from tests.wire.payloads import Payload

OF_CHANNEL = (10003, 50001, 50013, 160005, 160006)  # deleted, no access, no permission, locked, full
OF_MESSAGE = (200000, 240000)  # what members may not say here either
TRIES = 3


async def refused_everywhere(world: World, codes: tuple[int, ...]) -> list[Payload]:
    """A channel for each code that always answers with it, and two stories for each."""
    channels = [world.discord.add_channel(f"stories {code}") for code in codes]
    for channel, code in zip(channels, codes, strict=True):
        world.discord.misbehave(f"* /channels/{channel['id']}/*", str(code), times=None)
        await world.queue("Bells", "Choirs", channel=channel)
    return channels


async def all_waits_pass(world: World, channels: list[Payload]) -> None:
    """Until every channel has been tried three times, and then once more in vain."""
    for tries in range(1, TRIES + 1):
        await world.discord.until(lambda: min(len(world.posts(channel)) for channel in channels) >= tries)  # noqa: B023
        await world.discord.until(lambda: (1,) not in world.rows("done_at IS NULL AND lease_until IS NOT NULL"))
        let_waits_pass(world.database_url)
        await world.wake()


def notices(world: World) -> list[str]:
    return [text for text in world.posted(world.general) if "Choirs" not in text]


async def test_p9_a_lost_channel_is_tried_three_times_told_once_and_kept(world: World) -> None:
    async with running(world.discord, world.database_url):
        await world.mod.slash("setup", {"notices_channel": world.general})
        channels = await refused_everywhere(world, OF_CHANNEL)
        await world.wake()
        await all_waits_pass(world, channels)
        await world.discord.until(lambda: len(notices(world)) >= len(channels))
        await world.queue("Gardens", channel=channels[0])
        assert [len(world.posts(channel)) for channel in channels] == [TRIES] * len(channels)
        for channel in channels:
            assert sum(f"<#{channel['id']}>" in notice for notice in notices(world)) == 1
        lost = in_database(world.database_url, "SELECT channel_id FROM lost_channels ORDER BY channel_id")
        assert lost == sorted((int(channel["id"]),) for channel in channels)
        waiting = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND attempts = 0"
        assert in_database(world.database_url, waiting) == [(len(channels) + 1,)]


async def test_p9_a_lost_channel_goes_on_when_a_moderator_says_so(world: World) -> None:
    async with running(world.discord, world.database_url):
        await world.mod.slash("setup", {"notices_channel": world.general})
        refusal = world.discord.misbehave(world.posting(), "50013", times=None)
        await world.queue("Bells", "Choirs")
        await all_waits_pass(world, [world.stories])
        await world.discord.until(lambda: len(notices(world)) == 1)
        refusal.end()
        await world.mod.slash("setup", {"stories_channel": world.stories})
        await world.everything_sent()
    assert (world.titles(), len(world.posts())) == (["Bells", "Choirs"], TRIES + 2)
    assert len(notices(world)) == 1


async def test_p9_a_message_that_is_refused_holds_up_no_other(world: World) -> None:
    channels = [world.discord.add_channel(f"stories {code}") for code in OF_MESSAGE]
    async with running(world.discord, world.database_url):
        await world.mod.slash("setup", {"notices_channel": world.general})
        for channel, code in zip(channels, OF_MESSAGE, strict=True):
            world.discord.misbehave(world.posting(channel), str(code), times=TRIES)
            await world.queue("Bells", "Choirs", channel=channel)
        await all_waits_pass(world, channels)
        await world.everything_sent()
        assert [world.titles(channel) for channel in channels] == [["Choirs"]] * 2
        assert in_database(world.database_url, "SELECT count(*) FROM lost_channels") == [(0,)]
        assert len(notices(world)) == len(channels)


async def test_p11_no_story_is_too_long_for_discord_whatever_its_letters(world: World) -> None:
    family, flag, zalgo = "👨‍👩‍👧‍👦", "🇭🇺", "e" + "".join(map(chr, range(0x300, 0x330)))
    assert all(unicodedata.combining(letter) for letter in zalgo[1:])
    titles = [
        letter * 3_000 for letter in ("x", "*", "漢", "é", family, flag, zalgo, "‮\u200b", "@everyone ", "[a](b) ")
    ]
    await world.queue(*titles, summary="**" + family * 2_000)
    async with running(world.discord, world.database_url):
        await world.everything_sent()
    assert world.rows("outcome") == [("sent",)] * len(titles)
    assert len(world.discord.messages(world.stories)) == len(titles)  # and the stage sees that none was found too long
