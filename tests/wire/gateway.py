"""The gateway half: a WebSocket that tells the client what happens, in numbered events that can be resumed."""

import contextlib
import json
import random
from collections.abc import Callable

from aiohttp import web

from tests.wire.payloads import APPLICATION_ID, GUILD_ID, Payload, snowflake

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 10, 11


class Gateway:
    """The session of one client; `greet` gives the user of READY and the guild of GUILD_CREATE."""

    def __init__(self, greet: Callable[[], tuple[Payload, Payload]]) -> None:
        self.socket: web.WebSocketResponse | None = None  # while a client is there that has identified or resumed
        self.close_codes: list[int | None] = []  # how the client ended its connections
        self.sessions = 0  # how often a client has identified
        self.repeats = 0.0  # the share of events that are told twice, as after a resume
        self._greet = greet
        self._events: list[str] = []  # an event's number is its place here, from 1
        self._told = 0
        self._draw = random.Random(0)  # noqa: S311 - a repeatable draw

    @property
    def events(self) -> int:
        """How many the session has had."""
        return len(self._events)

    def dispatch(self, event: str, data: Payload) -> None:
        """Something happened, to be told by `flush`."""
        for _ in range(2 if self._draw.random() < self.repeats else 1):
            number = len(self._events) + 1
            self._events.append(json.dumps({"op": DISPATCH, "t": event, "s": number, "d": data}))

    async def flush(self) -> None:
        """Tell the client what happened; if the connection is down, it is told after RESUME."""
        with contextlib.suppress(ConnectionError):  # it may be gone a moment before we know
            while self.socket and self._told < len(self._events):
                self._told += 1
                await self.socket.send_str(self._events[self._told - 1])

    async def drop(self, code: int = 4000) -> None:
        """Close the connection; the session can be resumed."""
        socket, self.socket = self.socket, None
        if socket:
            await socket.close(code=code)

    async def serve(self, http: web.Request) -> web.WebSocketResponse:
        """HELLO, then IDENTIFY or RESUME from the client, then events and heartbeats.

        The client asks for compression in the query, and takes plain text as well.
        """
        socket = web.WebSocketResponse(timeout=1)
        await socket.prepare(http)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": 41_250}})
        async for frame in socket:
            sent = frame.json()
            if sent["op"] == HEARTBEAT:
                await socket.send_json({"op": HEARTBEAT_ACK})
            elif sent["op"] == IDENTIFY:
                self._begin_session(f"ws://{http.host}{http.path}")
            elif sent["op"] == RESUME:
                self._told = sent["d"]["seq"]
                self.dispatch("RESUMED", {})
            if sent["op"] in (IDENTIFY, RESUME):
                self.socket = socket
                await self.flush()
        self.socket = None if self.socket is socket else self.socket
        self.close_codes.append(socket.close_code)
        return socket

    def _begin_session(self, url: str) -> None:
        self._events, self._told, self.sessions = [], 0, self.sessions + 1
        user, guild = self._greet()
        stubs = {"guilds": [{"id": GUILD_ID, "unavailable": True}], "application": {"id": APPLICATION_ID, "flags": 0}}
        self.dispatch("READY", stubs | {"v": 10, "user": user, "session_id": snowflake(), "resume_gateway_url": url})
        self.dispatch("GUILD_CREATE", guild)
