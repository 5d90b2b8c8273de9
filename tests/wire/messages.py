"""Messages of the fake Discord: posted, edited, deleted, listed, passed on; a nonce posts once while it is known."""

import time
from collections.abc import Iterator, Sequence

from tests.wire import payloads
from tests.wire.gateway import Gateway
from tests.wire.payloads import COMPONENTS_V2, CROSSPOSTED, DIRECT, EPHEMERAL, GUILD_ID, NEWS, Payload
from tests.wire.requests import Refused, Request, Route

MOST_LETTERS, MOST_PARTS = 4000, 40  # of a message of components, over all of it


class Messages:
    """Every message by its id, in any of these channels; the bot is the author of what comes over the wire."""

    def __init__(self, channels: dict[str, Payload], gateway: Gateway, bot: Payload) -> None:
        self.all: dict[str, Payload] = {}
        self.nonce_window = 300.0  # seconds for which a nonce is known
        self.readable = True  # whether the bot may read what was written before: else Discord shows it nothing
        self._channels, self._gateway, self._bot = channels, gateway, bot
        self._nonces: dict[str, tuple[float, str]] = {}  # nonce → when, and which message

    def routes(self) -> list[Route]:
        """What the bot may ask for."""
        one = "/channels/{channel_id}/messages/{message_id}"
        return [
            ("POST", "/channels/{channel_id}/messages", self._create),
            ("GET", "/channels/{channel_id}/messages", self._list),
            ("GET", one, lambda _, channel_id, message_id: self.find(message_id)),
            ("PATCH", one, lambda request, channel_id, message_id: self.edit(message_id, request.body)),
            ("DELETE", one, lambda _, channel_id, message_id: self.delete(message_id)),
            ("POST", f"{one}/crosspost", self._crosspost),
        ]

    def find(self, message_id: str) -> Payload:
        """A message that is there."""
        if message_id not in self.all:
            raise Refused(10008)
        return self.all[message_id]

    def post(self, channel_id: str, author: Payload, body: Payload, **more: object) -> Payload:
        """Put a member's message into a channel, and tell of it unless only one person sees it."""
        _check(body)
        if channel_id not in self._channels:
            raise Refused(10003)
        message = payloads.message(channel_id, author["user"], body) | more
        self.all[message["id"]] = message
        if not message["flags"] & EPHEMERAL and self._channels[channel_id]["type"] != DIRECT:
            self._gateway.dispatch("MESSAGE_CREATE", message | {"guild_id": GUILD_ID, "member": author})
        return message

    def edit(self, message_id: str, body: Payload) -> Payload:
        """Change what the body names; whether it is ephemeral stays as it was."""
        _check(body)
        message = self.find(message_id)
        message |= {key: body[key] for key in ("content", "components") if body.get(key) is not None}
        return message

    def delete(self, message_id: str, *, tell: bool = True) -> None:
        """Take a message away, and tell of it."""
        message = self.find(message_id)
        del self.all[message_id]
        if tell:
            about = {"id": message_id, "channel_id": message["channel_id"], "guild_id": GUILD_ID}
            self._gateway.dispatch("MESSAGE_DELETE", about)

    def _create(self, request: Request, channel_id: str) -> Payload:
        """With `enforce_nonce`, a nonce that is known gives its first message, which may be gone, and posts nothing."""
        body, now = request.body, time.monotonic()
        if not body.get("enforce_nonce"):
            return self.post(channel_id, self._bot, body)
        posted_at, message_id = self._nonces.get(str(body["nonce"]), (0.0, ""))
        if message_id and now - posted_at < self.nonce_window:
            return self.find(message_id)
        message = self.post(channel_id, self._bot, body, nonce=body["nonce"])
        self._nonces[str(body["nonce"])] = now, message["id"]
        return message

    def _list(self, request: Request, channel_id: str) -> list[Payload]:
        """The newest first."""
        after, before = (int(request.query.get(name, 0)) for name in ("after", "before"))
        here = [message for message in self.all.values() if message["channel_id"] == channel_id and self.readable]
        asked = [m for m in here if int(m["id"]) > after and (not before or int(m["id"]) < before)]
        most = int(request.query.get("limit", 50))
        return asked[:most][::-1] if after else asked[-most:][::-1]

    def _crosspost(self, request: Request, channel_id: str, message_id: str) -> Payload:
        message = self.find(message_id)
        if self._channels[channel_id]["type"] != NEWS:
            raise Refused(50024)
        if message["flags"] & CROSSPOSTED:
            raise Refused(40033)
        message["flags"] |= CROSSPOSTED
        return message


def parts(components: Sequence[Payload]) -> Iterator[Payload]:
    """Every component of a message, however deep."""
    for part in components:
        yield part
        yield from parts(part.get("components", []))
        if "accessory" in part:
            yield part["accessory"]


def _check(body: Payload) -> None:
    """What Discord refuses and its schema does not say."""
    components = list(parts(body.get("components") or []))
    letters = sum(len(part.get("content", "")) for part in components)
    if letters > MOST_LETTERS or len(components) > MOST_PARTS or len(body.get("content") or "") > MOST_LETTERS // 2:
        raise Refused(50035)
    if body.get("flags", 0) & COMPONENTS_V2 and body.get("content"):
        raise Refused(50035)
