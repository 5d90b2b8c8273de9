"""The gateway half: a WebSocket that tells the client what happens, in numbered events that can be resumed."""

import asyncio
import contextlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.wire.payloads import APPLICATION_ID, GUILD_ID, TOKEN, Payload, snowflake

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 9, 10, 11
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15  # intents


@dataclass
class Session:
    """What one client was told since IDENTIFY; the number of an event is its place in `events`, from 1."""

    intents: int
    id: str = field(default_factory=snowflake)
    events: list[str] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    socket: web.WebSocketResponse | None = None

    def tell(self, event: str, data: Payload) -> None:
        """Add an event; it is sent at once if a socket is open, and after RESUME if none is."""
        self.events.append(json.dumps({"op": DISPATCH, "t": event, "s": len(self.events) + 1, "d": data}))
        self.told.set()


def visible(event: str, data: Payload, intents: int) -> Payload | None:
    """What a client with these intents is told of an event; None is nothing.

    Without the privileged intent the text of a guild's message is empty, unless it mentions the bot or is its own.
    """
    if event.startswith("MESSAGE_"):
        if not intents & (GUILD_MESSAGES if "guild_id" in data else DIRECT_MESSAGES):
            return None
        people = [user["id"] for user in [*data.get("mentions", []), data.get("author", {"id": APPLICATION_ID})]]
        if "guild_id" in data and not intents & MESSAGE_CONTENT and APPLICATION_ID not in people:
            return data | {"content": "", "embeds": [], "attachments": [], "components": []}
    return None if event.startswith("GUILD_") and not intents & GUILDS else data


class Gateway:
    """All sessions, and the socket's handler; `greet` gives READY's user and GUILD_CREATE's guild."""

    def __init__(self, greet: Callable[[], tuple[Payload, Payload]]) -> None:
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self._greet = greet

    @property
    def connected(self) -> bool:
        """Whether a client has identified, or resumed, and is still there."""
        return any(session.socket for session in self.sessions.values())

    def dispatch(self, event: str, data: Payload) -> None:
        """Tell every client whose intents let it know."""
        for session in self.sessions.values():
            seen = visible(event, data, session.intents)
            if seen is not None:
                session.tell(event, seen)

    async def drop(self, code: int) -> None:
        """Close every socket with this code; the sessions stay and can be resumed."""
        dropped = []
        for session in self.sessions.values():
            if session.socket:
                dropped.append(session.socket)
                session.socket = None
        await asyncio.gather(*(socket.close(code=code) for socket in dropped))

    async def serve(self, http: web.Request) -> web.WebSocketResponse:
        """One connection: HELLO, then IDENTIFY or RESUME from the client, then events and heartbeats."""
        socket = web.WebSocketResponse(timeout=1)
        await socket.prepare(http)
        # discord.py asks for zstd where that can be imported, and takes plain text as well.
        compressed = http.query.get("compress") == "zlib-stream"
        deflate = zlib.compressobj()  # one context over the whole connection; each message ends in 00 00 ff ff

        async def send(text: str) -> None:
            with contextlib.suppress(ConnectionError):  # a client may be gone before its events are
                if compressed:
                    await socket.send_bytes(deflate.compress(text.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH))
                else:
                    await socket.send_str(text)

        async def follow(session: Session, seen: int) -> None:
            while True:
                session.told.clear()
                for text in session.events[seen:]:
                    await send(text)
                    seen += 1
                await session.told.wait()

        await send(json.dumps({"op": HELLO, "d": {"heartbeat_interval": 41_250}}))
        session, follower = None, None
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            sent = json.loads(frame.data)
            if sent["op"] == HEARTBEAT:
                await send(json.dumps({"op": HEARTBEAT_ACK}))
            elif sent["op"] in (IDENTIFY, RESUME) and sent["d"]["token"] != TOKEN:
                await socket.close(code=4004)
            elif sent["op"] in (IDENTIFY, RESUME):
                session = self._identify(sent["d"]) if sent["op"] == IDENTIFY else self._resume(sent["d"])
                if session is None:
                    await send(json.dumps({"op": INVALID_SESSION, "d": False}))
                else:
                    session.socket = socket
                    follower = asyncio.create_task(follow(session, sent["d"].get("seq") or 0))
        if follower:
            follower.cancel()
        if session and session.socket is socket:
            session.socket = None
            if socket.close_code in (1000, 1001):  # the client said goodbye: there is nothing to resume
                self.sessions.pop(session.id, None)
        return socket

    def _identify(self, sent: Payload) -> Session:
        session = Session(intents=sent["intents"])
        user, guild = self._greet()
        session.tell("READY", {
            "v": 10, "user": user, "session_id": session.id, "resume_gateway_url": self.url, "private_channels": [],
            "guilds": [{"id": GUILD_ID, "unavailable": True}], "application": {"id": APPLICATION_ID, "flags": 0},
        })  # fmt: skip
        if session.intents & GUILDS:
            session.tell("GUILD_CREATE", guild)
        self.sessions[session.id] = session
        return session

    def _resume(self, sent: Payload) -> Session | None:
        session = self.sessions.get(sent["session_id"])
        if session:
            session.tell("RESUMED", {})  # numbered like any event, so it comes after those that were missed
        return session
