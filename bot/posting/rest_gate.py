"""The gate before Discord's REST API: every request passes it, every answer is seen by it.

It keeps the pace, holds requests back where Discord asks for it, and lets none through with a token that was refused.
Answers to interactions pass at once, whatever happens: people wait for them, and Discord does not count them.
"""

import asyncio
import json
import logging
import math
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from weakref import WeakSet

import aiohttp
import discord
from aiohttp import hdrs
from yarl import URL

from bot.posting import only_once
from bot.posting.pace import Pace
from bot.retry import wait_after

logger = logging.getLogger(__name__)

# A ban by the proxy in front of Discord: everything rests, longer each time in a row.
FIRST_STOP, LAST_STOP = timedelta(minutes=10), timedelta(hours=2)
LONGEST_RATE_LIMIT = 30.0  # seconds of a route's limit that a request waits out, with the lease of its row in hand
LONGEST_WAIT = 10.0  # seconds that a request waits at the gate; for longer pauses it is refused, and tried again later
# With a token that is not valid any more few requests should be made: after a silence the first answer is awaited.
FIRST_FEW, SILENCE = 4, 5.0  # requests; seconds
SHORT_REST = 0.02  # seconds
COUNTED_FOR = 600.0  # seconds for which Discord counts invalid requests
MOST_INVALID = 1_000  # in that time; Discord bans at ten times as many


class Paused(discord.RateLimited):
    """Nothing may be asked of Discord for `retry_after` seconds.

    `untouched`: the task that asked has not sent Discord anything before either.
    """

    def __init__(self, seconds: float, untouched: bool) -> None:
        super().__init__(seconds)
        self.untouched = untouched


class RestGate:
    """Its `trace()` is given to discord.py as `http_trace`. `base_url` is the API's, `a_second` the pace.

    `clock` gives seconds, and never goes back.
    """

    def __init__(self, base_url: str, a_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.application_id: int | None = None  # once known, what begins with it in /webhooks answers interactions
        self.token_refused = asyncio.Event()
        self._base = URL(base_url)
        self._now = clock
        self._pace = Pace(a_second)
        self._open_at = self._heard_at = -math.inf
        self._stops = 0  # by Cloudflare, in a row
        self._in_flight = 0
        self._invalid: deque[float] = deque()
        self._touching: WeakSet[asyncio.Task[Any]] = WeakSet()  # tasks that have sent something to Discord

    def trace(self) -> aiohttp.TraceConfig:
        """What discord.py takes as `http_trace`."""
        trace = aiohttp.TraceConfig()
        only_once.watch(trace)  # first: what it refuses has not passed the gate, and would never leave it
        trace.on_request_start.append(self._begins)
        trace.on_request_end.append(self._answered)
        trace.on_request_exception.append(self._failed)
        return trace

    def paused_for(self) -> float:
        """For how many seconds nothing may be asked; 0 when the gate is open."""
        return max(self._open_at - self._now(), 0)

    def pause(self, seconds: float) -> None:
        """Let nothing pass for so long, but answers to interactions."""
        self._open_at = max(self._open_at, self._now() + seconds)

    def invalid_requests(self) -> int:
        """How many requests of the last ten minutes Discord counts as invalid."""
        while self._invalid and self._invalid[0] <= self._now() - COUNTED_FOR:
            self._invalid.popleft()
        return len(self._invalid)

    async def _begins(
        self, _session: aiohttp.ClientSession, context: SimpleNamespace, asked: aiohttp.TraceRequestStartParams
    ) -> None:
        context.passed = False
        if not self._is_gated(asked.url):
            return
        await self._wait()
        context.passed = True
        self._in_flight += 1
        task = asyncio.current_task()
        if task is not None:
            self._touching.add(task)

    async def _wait(self) -> None:
        """Until it is this request's turn. Raises Paused."""
        while True:
            if seconds := self._must_wait():
                await asyncio.sleep(seconds)
                continue
            await asyncio.sleep(self._pace.take(self._now()))
            if not self._must_wait():
                return

    def _must_wait(self) -> float:
        seconds = self.paused_for()
        if self.token_refused.is_set() or seconds > LONGEST_WAIT:
            raise Paused(seconds or LONGEST_WAIT, asyncio.current_task() not in self._touching)
        if not seconds and self._in_flight >= FIRST_FEW and self._heard_at < self._now() - SILENCE:
            return SHORT_REST
        return seconds

    async def _answered(
        self, _session: aiohttp.ClientSession, context: SimpleNamespace, answer: aiohttp.TraceRequestEndParams
    ) -> None:
        passed = self._leaves(context)
        if not self._is_of_api(answer.url):
            return
        status = answer.response.status
        if status == 429:
            await self._limited(answer.response)
        elif status == 401 and hdrs.AUTHORIZATION in answer.headers:
            self._refuse()
        elif passed:
            self._heard_at = self._now()
            if not self.paused_for():
                self._stops = 0
        if status in (401, 403) or (status == 429 and answer.response.headers.get("X-RateLimit-Scope") != "shared"):
            self._count_invalid()
        if status == 429 and passed and answer.url.path.startswith(f"{self._base.path}/webhooks/"):
            await self._limited_webhook(answer.response)

    async def _failed(
        self, _session: aiohttp.ClientSession, context: SimpleNamespace, _params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        self._leaves(context)

    def _leaves(self, context: SimpleNamespace) -> bool:
        """The request is over; whether it had passed the gate, and had not been counted as over before."""
        passed: bool = context.passed
        self._in_flight -= passed
        context.passed = False
        return passed

    async def _limited(self, response: aiohttp.ClientResponse) -> None:
        """Limits of one route are discord.py's to wait for; those that concern everything are ours."""
        said = _said(response, await response.read())
        if said is None:
            if self.paused_for():
                return  # one of those that were under way when the first was refused
            self._stops += 1
            stop = wait_after(self._stops, FIRST_STOP, LAST_STOP)
            self.pause(stop.total_seconds())
            logger.error("Cloudflare refuses our requests (429): nothing is asked of Discord for %s", stop)
        elif said.get("global"):
            seconds = float(said.get("retry_after", 1))
            self.pause(seconds)
            logger.warning("Discord's limit for the whole bot was hit: a rest of %.1f s", seconds)

    async def _limited_webhook(self, response: aiohttp.ClientResponse) -> None:
        """What discord.py would wait for however long it takes, unlike its other requests. Raises RateLimited."""
        seconds = float((_said(response, await response.read()) or {}).get("retry_after", 0))
        if seconds > LONGEST_RATE_LIMIT:
            raise discord.RateLimited(seconds)

    def _refuse(self) -> None:
        if not self.token_refused.is_set():
            self.token_refused.set()
            logger.warning("Discord refuses the bot's token: nothing more is asked of it")

    def _count_invalid(self) -> None:
        self._invalid.append(self._now())
        if self.invalid_requests() >= MOST_INVALID and not self.paused_for():
            self.pause(COUNTED_FOR)
            logger.error("%s invalid requests in ten minutes: nothing is asked of Discord for as long", MOST_INVALID)

    def _is_of_api(self, url: URL) -> bool:
        """Not the gateway, nor the servers of pictures."""
        return url.host == self._base.host and url.port == self._base.port and url.path.startswith(self._base.path)

    def _is_gated(self, url: URL) -> bool:
        if not self._is_of_api(url):
            return False
        path = url.path.removeprefix(self._base.path)
        return not path.startswith(("/interactions/", f"/webhooks/{self.application_id}/"))


def _said(response: aiohttp.ClientResponse, body: bytes) -> dict[str, Any] | None:
    """The body of a limit that is Discord's own; None if it comes from the proxy before it."""
    if not response.headers.get("Via"):
        return None
    try:
        said = json.loads(body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
