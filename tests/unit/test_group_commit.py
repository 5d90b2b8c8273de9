"""Group commit: all who wait are done together, in order, and one that fails spoils nothing for the others."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.events.group_commit import GroupCommit


class Ledger:
    """A stand-in for a table: numbers are written, odd ones are refused, 13 breaks the whole transaction."""

    def __init__(self) -> None:
        self.written: list[int] = []
        self.batches: list[int] = []

    async def commit(self, numbers: Sequence[int]) -> list[str | Exception]:
        await asyncio.sleep(0)
        self.batches.append(len(numbers))
        if 13 in numbers:
            raise OSError("the disk is full")
        self.written += [number for number in numbers if number % 2 == 0]
        return [f"wrote {number}" if number % 2 == 0 else ValueError(f"{number} is odd") for number in numbers]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


async def test_whoever_comes_while_one_commits_is_in_the_next_in_order(ledger: Ledger) -> None:
    group = GroupCommit(ledger.commit, most=100)
    outcomes = await asyncio.gather(*(group.do(number) for number in range(0, 500, 2)))

    assert outcomes == [f"wrote {number}" for number in range(0, 500, 2)]
    assert ledger.written == list(range(0, 500, 2))
    assert ledger.batches == [100, 100, 50]


async def test_each_gets_its_own_error(ledger: Ledger) -> None:
    group = GroupCommit(ledger.commit)
    outcomes = await asyncio.gather(group.do(1), group.do(2), group.do(3), return_exceptions=True)

    assert [str(outcome) for outcome in outcomes] == ["1 is odd", "wrote 2", "3 is odd"]
    assert ledger.batches == [3]


async def test_a_batch_that_fails_is_done_one_by_one_and_only_the_cause_fails(ledger: Ledger) -> None:
    group = GroupCommit(ledger.commit)
    outcomes = await asyncio.gather(*(group.do(number) for number in (2, 13, 4)), return_exceptions=True)

    assert [str(outcome) for outcome in outcomes] == ["wrote 2", "the disk is full", "wrote 4"]
    assert (ledger.batches, ledger.written) == ([3, 1, 1, 1], [2, 4])


async def test_who_stops_waiting_takes_nothing_back_and_disturbs_nobody(ledger: Ledger) -> None:
    group = GroupCommit(ledger.commit)
    gone, stays = asyncio.create_task(group.do(2)), asyncio.create_task(group.do(4))
    await asyncio.sleep(0)
    gone.cancel()

    assert await stays == "wrote 4"
    assert ledger.written == [2, 4]


async def test_nothing_idles_when_all_is_done_and_the_next_one_starts_anew(ledger: Ledger) -> None:
    group = GroupCommit(ledger.commit)
    for number in (2, 4):
        assert await group.do(number) == f"wrote {number}"
        await asyncio.sleep(0)
        assert [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "group commit"] == []


async def test_one_who_comes_just_as_the_writer_ends_is_done_too(ledger: Ledger) -> None:
    group = GroupCommit(ledger.commit)

    async def again(number: int) -> str:
        for _ in range(20):
            await group.do(number)
        return "done"

    assert await asyncio.wait_for(asyncio.gather(*(again(2 * number) for number in range(5))), 10) == ["done"] * 5
    assert len(ledger.written) == 100


async def test_an_ended_writer_leaves_nobody_waiting(ledger: Ledger) -> None:
    group = GroupCommit(ledger.commit)
    waiting = asyncio.create_task(group.do(2))
    await asyncio.sleep(0)
    next(task for task in asyncio.all_tasks() if task.get_name() == "group commit").cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await group.do(4) == "wrote 4"
