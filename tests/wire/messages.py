"""The messages of the guild: posting, nonces, editing; every change is told to the gateway at once."""

import time
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.wire import payloads
from tests.wire.gateway import Gateway
from tests.wire.payloads import COMPONENTS_V2, EPHEMERAL, GUILD_ID, LOADING, Payload


class Refusal(Exception):
    """An answer that is an error: HTTP status, Discord's error code and its sentence."""

    def __init__(self, status: int, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence = status, code, sentence


@dataclass
class Request:
    """One request of the bot: path without the prefix, JSON body, uploaded files, time of a monotonic clock."""

    method: str
    path: str
    body: Any
    files: dict[str, bytes] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    time: float = field(default_factory=time.monotonic)


def found(things: dict[str, Payload], key: str, code: int, sentence: str) -> Payload:
    """The thing with this id, or the 404 that Discord answers."""
    if key not in things:
        raise Refusal(404, code, sentence)
    return things[key]


class Messages:
    """Every message that stands; a nonce is remembered for `nonce_seconds`."""

    def __init__(self, channels: dict[str, Payload], members: dict[str, Payload], gateway: Gateway) -> None:
        self.nonce_seconds = 300.0
        self.store: dict[str, Payload] = {}
        self._channels, self._members, self._gateway = channels, members, gateway
        self._nonces: dict[str, tuple[float, str]] = {}  # when it was used, and for which message

    def get(self, message_id: str) -> Payload:
        """The message itself (later edits show in it)."""
        return found(self.store, message_id, 10008, "Unknown Message")

    def seen_in(self, channel_id: str) -> list[Payload]:
        """What everybody in the channel sees, oldest first; ephemeral replies are not among it."""
        public = (message for message in self.store.values() if not message["flags"] & EPHEMERAL)
        return deepcopy([message for message in public if message["channel_id"] == channel_id])

    def page(self, channel_id: str, query: dict[str, str]) -> list[Payload]:
        """Part of `seen_in`, newest first, as `before`, `after` and `limit` say."""
        before, after, limit = (
            int(query.get("before", 1 << 63)),
            int(query.get("after", 0)),
            int(query.get("limit", 50)),
        )
        between = [message for message in self.seen_in(channel_id) if after < int(message["id"]) < before]
        return (between[:limit] if after else between[-limit:])[::-1]

    def create(self, channel_id: str, author: Payload, request: Request) -> Payload:
        """Post once: with `enforce_nonce`, a nonce used lately gives its first message and posts nothing."""
        nonce = request.body.get("nonce") if request.body.get("enforce_nonce") else None
        if nonce is None:
            return self.post(channel_id, author, request)
        used, first = self._nonces.get(nonce, (float("-inf"), ""))
        if time.monotonic() - used < self.nonce_seconds:
            return self.get(first)  # 404 if it was deleted since, as at Discord
        message = self.post(channel_id, author, request, nonce=nonce)
        self._nonces[nonce] = time.monotonic(), message["id"]
        return message

    def post(self, channel_id: str, author: Payload, request: Request, **more: Any) -> Payload:
        """Put a message into a channel; `more` are fields beside those of the body."""
        parts = ("content", "embeds", "components", "attachments")
        if not any(request.body.get(part) for part in parts) and not more.get("flags", 0) & LOADING:
            raise Refusal(400, 50006, "Cannot send an empty message")
        self._check(request.body)
        message = payloads.message(channel_id, author, request.body, request.files, **more)
        self.store[message["id"]] = message
        self._tell("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Payload, body: Payload, files: dict[str, bytes]) -> Payload:
        """Change what the body names; ephemeral and Components V2 stay what they were at the start."""
        self._check(body | {"flags": (body.get("flags") or 0) | message["flags"]})
        emptied = {"content": "", "embeds": [], "components": []}
        message |= {key: body[key] or empty for key, empty in emptied.items() if key in body}
        if "attachments" in body:
            message["attachments"] = payloads.attachments(body, files, message["attachments"])
        message["flags"] = message["flags"] & ~LOADING | (body.get("flags") or 0) & ~EPHEMERAL
        message["edited_timestamp"] = payloads.timestamp()
        self._tell("MESSAGE_UPDATE", message)
        return message

    def delete(self, message: Payload) -> None:
        """Take a message away."""
        del self.store[message["id"]]
        self._tell("MESSAGE_DELETE", {key: message[key] for key in ("id", "channel_id", "flags")})

    @staticmethod
    def _check(body: Payload) -> None:
        """Refuse what Discord refuses although its published schema lets it pass."""
        content, flags = body.get("content") or "", body.get("flags") or 0
        if len(content) > 2000 or (flags & COMPONENTS_V2 and (content or body.get("embeds"))):
            raise Refusal(400, 50035, "Invalid Form Body")

    def _tell(self, event: str, message: Payload) -> None:
        if message["flags"] & EPHEMERAL:
            return
        if self._channels[message["channel_id"]]["type"] != 1:
            message = message | {"guild_id": GUILD_ID}
            if "author" in message:
                message["member"] = payloads.bare(self._members[message["author"]["id"]])
        self._gateway.dispatch(event, message)
