"""Keeping the bot's recurring work going, whatever happens in one round of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

logger = logging.getLogger(__name__)

SHORTEST, LONGEST = 0.2, 30.0  # seconds between two rounds
AFTER_ERROR = 5.0

RunOnce = Callable[[datetime], Awaitable[datetime | None]]


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
