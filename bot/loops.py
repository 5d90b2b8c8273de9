"""Keeping the bot's recurring work going, whatever happens in one round of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

logger = logging.getLogger(__name__)

SHORTEST, LONGEST = 0.2, 30.0  # seconds between two rounds
AFTER_ERROR = 5.0
NEW_WORK = 1.0  # seconds after which more work is asked for, though nothing that goes on has ended

RunOnce = Callable[[datetime], Awaitable[datetime | None]]
Work = Coroutine[Any, Any, None]


class Loop:
    """Calls `run_once(now)` again when it is next due, when woken, and at least every 30 seconds; no error ends it.

    `last_round_at` is when the last good round ended.
    """

    def __init__(self, name: str, run_once: RunOnce, clock: Callable[[], datetime]) -> None:
        self.name = name
        self.run_once = run_once
        self.last_round_at: datetime | None = None
        self._clock = clock
        self._awake = asyncio.Event()
        self._stopping = False

    def stop(self) -> None:
        """End after the round that is going on."""
        self._stopping = True
        self.wake()

    def wake(self) -> None:
        """There is something to do now."""
        self._awake.set()

    async def run(self) -> None:
        """Run until stopped or cancelled."""
        while not self._stopping:
            self._awake.clear()
            wait = await self._round()
            try:
                async with asyncio.timeout(wait):
                    await self._awake.wait()
            except TimeoutError:
                pass

    async def _round(self) -> float:
        """One round; returns how many seconds to wait for the next."""
        try:
            due = await self.run_once(self._clock())
            ended = self._clock()
            wait = (due - ended).total_seconds() if due else LONGEST
        except Exception:  # whatever it was, the next round comes
            logger.exception("the %s loop failed; it goes on in %s s", self.name, AFTER_ERROR)
            return AFTER_ERROR
        self.last_round_at = ended
        return min(max(wait, SHORTEST), LONGEST)


async def side_by_side(claim: Callable[[int], Awaitable[Sequence[Work]]], at_once: int, batch: int = 1) -> None:
    """Do what `claim(limit)` brings, at most `at_once` pieces at a time, until it brings nothing and all is done.

    More is claimed when there is room for `batch` pieces, or nothing has ended for a second: a piece that takes long
    holds up nobody but itself. The first that fails ends the others.
    """
    working: set[asyncio.Task[None]] = set()
    ended: set[asyncio.Task[None]] = set()
    try:
        while True:
            room = at_once - len(working)
            if room >= batch or not ended:
                working |= {asyncio.create_task(work) for work in await claim(room)}
            if not working:
                break
            ended, working = await asyncio.wait(working, timeout=NEW_WORK, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
