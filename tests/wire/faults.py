"""How the fake Discord misbehaves on command: which requests, in what way, how often.

    discord.misbehave("POST /channels/*/messages", "reset")           the next one is lost before it takes effect
    discord.misbehave("POST /channels/5/*", "fin", apply=True)        the next one takes effect, its answer is lost
    discord.misbehave("* /channels/5/*", "10003", times=None)         all of them are refused, until `end()`
    discord.misbehave("POST *", *NETWORK, *SERVER, times=None, share=0.1, apply=None, seed=7)
                            one in ten, in a way that is drawn from the seed; so is whether it takes effect

The ways are "reset" and "fin" (of the connection), "hold" (no answer ever), "slow" (done at once, answered after
`seconds`), a 5xx status, "401", "429" and its kinds (`RATE_LIMITS`), and Discord's error codes (`requests.REFUSALS`).
"""

import asyncio
import random
import socket
import struct
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from aiohttp import web

from tests.wire.requests import Request, answer, refusal

NETWORK = ("reset", "fin")
SERVER = ("500", "502", "503", "504", "520")
RATE_LIMITS = {"429": "user", "429 global": "global", "429 shared": "shared"}
CLOUDFLARE = "429 cloudflare"  # of the proxy in front of Discord: no JSON, and no `Via` among the headers


@dataclass
class Fault:
    """One instruction; `struck` are the requests that it befell."""

    ways: tuple[str, ...]
    requests: str
    times: int | None
    apply: bool | None
    share: float
    seconds: float
    draw: random.Random
    struck: list[Request] = field(default_factory=list)

    def concerns(self, request: Request) -> bool:
        """Whether it befalls this request; by chance, if it has only a share of them."""
        if self.times is not None and len(self.struck) >= self.times:
            return False
        return fnmatchcase(str(request), self.requests) and self.draw.random() < self.share

    def strike(self, request: Request) -> tuple[str, bool]:
        """How it befalls this request, and whether the request takes effect all the same."""
        self.struck.append(request)
        way = self.draw.choice(self.ways)
        return way, way == "slow" or (self.draw.random() < 0.5 if self.apply is None else self.apply)

    def end(self) -> None:
        """Leave the requests alone from now on."""
        self.times = 0


async def misanswer(fault: Fault, way: str, http: web.Request, good: web.Response | None) -> web.Response:
    """What goes back instead of the good answer, if anything does."""
    if way == "slow" and good is not None:
        await asyncio.sleep(fault.seconds)
        return good
    if way in RATE_LIMITS:
        return _rate_limited(RATE_LIMITS[way], fault.seconds)
    if way == CLOUDFLARE:
        page = "<html><title>Access denied</title>You are being rate limited. Error code: 1015</html>"
        return web.Response(status=429, text=page, content_type="text/html")
    if way == "401":
        return answer({"message": "401: Unauthorized", "code": 0}, 401)
    if way in SERVER:
        return web.Response(status=int(way), text="upstream connect error or disconnect/reset before headers")
    if way.isdecimal():
        return refusal(int(way))
    if way in NETWORK and http.transport:
        if way == "reset":  # what closing does when it may not linger
            linger = socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            http.transport.get_extra_info("socket").setsockopt(*linger)
        http.transport.abort()
    await asyncio.sleep(3600)  # longer than any test
    return web.Response()


def _rate_limited(scope: str, seconds: float) -> web.Response:
    """Discord's own 429; without `Via`, clients take it for Cloudflare's."""
    everywhere = scope == "global"
    headers = {"Via": "1.1 google", "Retry-After": str(seconds), "X-RateLimit-Scope": scope}
    headers |= {"X-RateLimit-Global": "true"} if everywhere else {}
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    return answer(body, 429, headers)
