"""Many small changes in one transaction: whoever comes while one commits is in the next."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 256

Wish = TypeVar("Wish")
Outcome = TypeVar("Outcome")


class GroupCommit(Generic[Wish, Outcome]):
    """Hands wishes in the order they came to `commit`, which does all of them in one transaction or none.

    `commit` gives one outcome a wish; an exception among them is raised for the one whose wish it was. No task of ours
    idles: the first wish starts a writer, which ends when nobody waits any more.
    """

    def __init__(
        self, commit: Callable[[Sequence[Wish]], Awaitable[Sequence[Outcome | Exception]]], most: int = MOST_AT_ONCE
    ) -> None:
        self._commit = commit
        self._most = most
        self._waiting: list[tuple[Wish, asyncio.Future[Outcome]]] = []
        self._batch: list[tuple[Wish, asyncio.Future[Outcome]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def do(self, wish: Wish) -> Outcome:
        """Have a wish done; returns when it is committed. Whoever stops waiting does not take the wish back."""
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((wish, outcome))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write(), name="group commit")
            self._writer.add_done_callback(self._ended)
        return await outcome

    async def _write(self) -> None:
        while self._waiting:
            self._batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            await self._settle(self._batch)

    def _ended(self, writer: asyncio.Task[None]) -> None:
        """A writer that is cancelled, perhaps before its first step, must leave nobody waiting for ever."""
        if writer.cancelled() and writer is self._writer:
            for _, outcome in (*self._batch, *self._waiting):
                outcome.cancel()
            self._waiting = []

    async def _settle(self, batch: list[tuple[Wish, asyncio.Future[Outcome]]]) -> None:
        try:
            outcomes = await self._commit([wish for wish, _ in batch])
        except Exception as error:
            if len(batch) > 1:  # one of them spoils it for all: each by itself
                logger.warning("%d changes together failed, each is tried by itself: %s", len(batch), error)
                for one in batch:
                    await self._settle([one])
                return
            outcomes = [error]
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():  # nobody waits for it any more
                continue
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
