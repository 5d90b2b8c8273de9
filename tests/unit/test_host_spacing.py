"""Sparing servers that hold many feeds."""

import asyncio

from bot.feeds.host_spacing import HostSpacing


async def test_one_host_is_asked_with_time_between_and_others_need_not_wait() -> None:
    spacing = HostSpacing(0.1)
    clock = asyncio.get_running_loop().time
    start = clock()
    asked: list[tuple[str, float]] = []

    async def ask(host: str) -> None:
        await spacing.turn(host)
        asked.append((host, clock() - start))

    await asyncio.gather(*map(ask, ("one", "one", "two", "one")))
    assert [host for host, _ in asked] == ["one", "two", "one", "one"]
    assert asked[1][1] < 0.09
    assert [at >= turn * 0.099 for turn, (_, at) in enumerate(one for one in asked if one[0] == "one")] == [True] * 3


async def test_only_hosts_asked_just_now_are_remembered() -> None:
    spacing = HostSpacing(0.001)
    for at in range(50):
        await spacing.turn(f"{at}.example")
        await asyncio.sleep(0.002)
    assert len(spacing._free_at) == 1
