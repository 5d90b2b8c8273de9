"""What can go wrong with one request on purpose; each fault happens once, to the next request that matches."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from tests.wire.messages import Request


@dataclass
class Fault:
    """A fault that waits for its request; `request` is set once it has happened.

    With `apply` the request takes effect before the answer is lost.
    """

    kind: str
    path_part: str
    method: str
    apply: bool
    retry_after: float = 0.3
    request: Request | None = None

    def matches(self, request: Request) -> bool:
        """Whether it happens to this request."""
        return self.request is None and request.method == self.method and self.path_part in request.path

    async def happen(self, http: web.Request, request: Request, answer: Callable[[], web.Response]) -> web.Response:
        """Spoil the request, whose body was read already."""
        if self.apply:
            answer()
        self.request = request
        return await KINDS[self.kind](self, http)


async def reset(fault: Fault, http: web.Request) -> web.Response:
    """The connection breaks with a TCP reset, which is what closing does when it may not linger."""
    if http.transport is not None:
        no_linger = struct.pack("ii", 1, 0)
        http.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
        http.transport.abort()
    return web.Response()


async def too_many_requests(fault: Fault, http: web.Request) -> web.Response:
    """A rate limit of Discord itself: without `Via` clients take it for a ban by the proxy in front."""
    body = {"message": "You are being rate limited.", "retry_after": fault.retry_after, "global": False}
    after = str(fault.retry_after)
    limits = {"Limit": "5", "Remaining": "0", "Reset-After": after, "Bucket": "fault", "Scope": "user"}
    headers = {f"X-RateLimit-{name}": value for name, value in limits.items()}
    headers |= {"Via": "1.1 google", "Retry-After": after, "Content-Type": "application/json"}
    return web.Response(status=429, body=json.dumps(body).encode(), headers=headers)


async def hold(fault: Fault, http: web.Request) -> web.Response:
    """No answer comes, as long as the client waits."""
    # The server has no event for a client that leaves in the middle of its request.
    while http.transport is not None and not http.transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return web.Response()


KINDS: dict[str, Callable[[Fault, web.Request], Awaitable[web.Response]]] = {
    "reset": reset,
    "429": too_many_requests,
    "hold": hold,
}
