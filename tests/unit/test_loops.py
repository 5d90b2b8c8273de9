"""The loops that keep recurring work going: no error ends one, a wake is never lost, a stop is clean."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from bot import loops
from bot.loops import Loop, side_by_side

Due = datetime | None | Exception


class Work:
    """Work whose rounds answer what is planned, then None; it counts them and can be waited for."""

    def __init__(self, now: datetime, *plan: Due) -> None:
        self.loop = Loop("work", self.run_once, lambda: now)
        self.rounds: list[datetime] = []
        self.during: Callable[[], Awaitable[None]] | None = None
        self._plan = list(plan)
        self._more = asyncio.Event()

    async def run_once(self, now: datetime) -> datetime | None:
        self.rounds.append(now)
        self._more.set()
        if self.during is not None:
            await self.during()
        due = self._plan.pop(0) if self._plan else None
        if isinstance(due, Exception):
            raise due
        return due

    async def seen(self, rounds: int) -> None:
        """Wait until so many rounds have begun, and the last one is over; fails after two seconds."""
        async with asyncio.timeout(2):
            while len(self.rounds) < rounds:
                self._more.clear()
                await self._more.wait()
        await asyncio.sleep(0)

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[asyncio.Task[None]]:
        """Run the loop in the background, and stop it."""
        task = asyncio.create_task(self.loop.run())
        yield task
        self.loop.stop()
        async with asyncio.timeout(2):
            await task


async def test_a_loop_begins_with_a_round_and_remembers_when_it_ended(now: datetime) -> None:
    work = Work(now)
    before = work.loop.last_round_at
    async with work.going_on():
        await work.seen(1)
        assert (before, work.rounds, work.loop.last_round_at) == (None, [now], now)


async def test_a_loop_survives_an_error_says_so_with_its_traceback_and_goes_on(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work(now, ValueError("a bad day"))
    async with work.going_on():
        await work.seen(1)
        assert work.loop.last_round_at is None  # only good rounds count
        work.loop.wake()
        await work.seen(2)
        assert work.loop.last_round_at == now
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.ERROR, "the work loop failed; it goes on in 5.0 s")
    ]
    assert "ValueError: a bad day" in caplog.text


async def test_even_a_due_time_that_makes_no_sense_does_not_end_a_loop(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work(now, now.replace(tzinfo=None))
    async with work.going_on():
        await work.seen(1)
        work.loop.wake()
        await work.seen(2)
    assert "TypeError" in caplog.text


async def test_without_anything_due_a_loop_rests_until_it_is_woken(now: datetime) -> None:
    work = Work(now)
    async with work.going_on():
        await work.seen(1)
        await asyncio.sleep(0.3)
        assert len(work.rounds) == 1
        work.loop.wake()
        await work.seen(2)


async def test_a_wake_during_a_round_makes_another_round(now: datetime) -> None:
    work = Work(now)

    async def wake() -> None:
        work.during = None
        work.loop.wake()

    work.during = wake
    async with work.going_on():
        await work.seen(2)


async def test_many_wakes_make_one_round(now: datetime) -> None:
    work = Work(now)
    async with work.going_on():
        await work.seen(1)
        for _ in range(10):
            work.loop.wake()
        await work.seen(2)
        await asyncio.sleep(0.1)
        assert len(work.rounds) == 2


async def test_a_loop_goes_on_by_itself_when_the_next_work_is_due(now: datetime) -> None:
    work = Work(now, now + timedelta(seconds=0.3))
    started = asyncio.get_running_loop().time()
    async with work.going_on():
        await work.seen(2)
        assert 0.29 <= asyncio.get_running_loop().time() - started < 1.5


async def test_work_that_is_always_overdue_does_not_spin(now: datetime) -> None:
    overdue = now - timedelta(days=1)
    work = Work(now, *[overdue] * 100)
    async with work.going_on():
        await asyncio.sleep(0.5)
    assert 2 <= len(work.rounds) <= 4  # five a second at most


async def test_a_stopped_loop_finishes_its_round_and_ends(now: datetime) -> None:
    work = Work(now)
    steps: list[str] = []

    async def stop() -> None:
        work.loop.stop()
        await asyncio.sleep(0.01)
        steps.append("finished")

    work.during = stop
    async with asyncio.timeout(2):
        await work.loop.run()
    assert (steps, len(work.rounds), work.loop.last_round_at) == (["finished"], 1, now)


async def test_a_loop_that_was_stopped_before_it_began_does_nothing(now: datetime) -> None:
    work = Work(now)
    work.loop.stop()
    async with asyncio.timeout(2):
        await work.loop.run()
    assert work.rounds == []


async def test_a_cancelled_loop_ends_in_the_middle_of_a_round(now: datetime) -> None:
    work = Work(now)

    async def take_long() -> None:
        await asyncio.sleep(60)

    work.during = take_long
    async with asyncio.timeout(2):
        task = asyncio.create_task(work.loop.run())
        await work.seen(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert work.loop.last_round_at is None


async def test_work_that_comes_while_a_slow_piece_goes_on_does_not_wait_for_it() -> None:
    slow, done = asyncio.Event(), asyncio.Event()
    waiting: list[loops.Work] = []

    async def a_piece(ends: asyncio.Event) -> None:
        await ends.wait()

    async def a_quick_one() -> None:
        done.set()

    async def claim(limit: int) -> list[loops.Work]:
        taken = waiting[:limit]
        del waiting[:limit]
        return taken

    waiting.append(a_piece(slow))
    going_on = asyncio.create_task(side_by_side(claim, at_once=2, batch=2))
    await asyncio.sleep(0)
    waiting.append(a_quick_one())
    async with asyncio.timeout(3 * loops.NEW_WORK):
        await done.wait()
    slow.set()
    await going_on
