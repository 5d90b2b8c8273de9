"""A small Discord on 127.0.0.1, for the real bot over real HTTP and WebSocket.

This file is every route the bot may use, for one guild; `gateway.py` is what the bot is told, `people.py` what people
do, `payloads.py` the shapes of it all. Every request is kept, and a test may have an answer lost.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

from aiohttp import web

from tests.wire import payloads
from tests.wire.gateway import Gateway
from tests.wire.payloads import APPLICATION_ID, EPHEMERAL, GUILD_ID, TOKEN, Payload

API = "/api/v10"
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5  # what a person did: types of interactions
MESSAGE, DEFER, UPDATE, MODAL = 4, 5, 7, 9  # what the bot answered: types of callbacks


@dataclass
class Request:
    """One request of the bot, its path without the prefix."""

    method: str
    path: str
    body: Any


class Unknown(Exception):
    """What is asked for is not there: Discord's words and error code."""


@dataclass
class Interaction:
    """Something a person did, and the bot's answer: bodies as posted, and the message that shows it now."""

    payload: Payload
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    callback: Payload = field(default_factory=dict)
    message: Payload = field(default_factory=dict)


class DiscordServer:
    """Channels, messages and interactions by id; a handler takes a body and the ids in the path, and answers JSON."""

    def __init__(self) -> None:
        self.bot = payloads.member("Sister City Bot", APPLICATION_ID, bot=True)
        self.gateway = Gateway(lambda: (self.bot["user"], payloads.guild(self.channels.values(), self.bot)))
        self.channels: dict[str, Payload] = {}
        self.commands: list[Payload] = []
        self.interactions: dict[str, Interaction] = {}
        self.requests: list[Request] = []
        self.unknown_routes: list[str] = []
        self._messages: dict[str, Payload] = {}
        self._nonces: dict[str, Payload] = {}
        self._faults: list[tuple[str, str, str, bool, asyncio.Event]] = []

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/gateway", self.gateway.serve)
        routes: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", "/users/@me", lambda _: self.bot["user"]),
            ("GET", "/oauth2/applications/@me", lambda _: payloads.APPLICATION),
            ("PUT", "/applications/{application_id}/commands", self._sync_commands),
            ("POST", "/users/@me/channels", self._open_direct_channel),
            ("POST", "/channels/{channel_id}/messages", self._create_message),
            ("PATCH", "/channels/{channel_id}/messages/{message_id}", self._edit_message),
            ("DELETE", "/channels/{channel_id}/messages/{message_id}", self._delete_message),
            ("POST", "/interactions/{interaction_id}/{token}/callback", self._answer),
            ("POST", "/webhooks/{application_id}/{token}", self._follow_up),
        ]
        for method, path, handler in routes:
            app.router.add_route(method, API + path, partial(self._serve, handler))
        app.router.add_route("*", "/{unknown:.*}", partial(self._serve, None))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.listen()
        address = "{}:{}".format(*self._runner.addresses[0][:2])
        self.api_url, self.gateway_url = f"http://{address}{API}", f"ws://{address}/gateway"
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.gateway.drop(1001)
        await self._runner.cleanup()

    async def listen(self, port: int = 0) -> None:
        """Answer on this port too (0: on any free one)."""
        await web.TCPSite(self._runner, "127.0.0.1", port).start()

    async def until(self, predicate: Callable[[], Any], timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until this is true."""
        async with asyncio.timeout(timeout):
            while not predicate():  # noqa: ASYNC110 - any predicate, so there is no event to wait for
                await asyncio.sleep(0.01)

    def add_channel(self, name: str, **more: Any) -> Payload:
        """A new channel, before the bot comes: of text and in the guild, unless `more` says otherwise."""
        channel = {"id": payloads.snowflake(), "type": 0, "name": name, "position": 0, "permission_overwrites": []}
        return self.channels.setdefault(str(channel["id"]), channel | {"guild_id": GUILD_ID} | more)

    def messages(self, channel: Payload) -> list[Payload]:
        """The messages everybody in the channel sees, oldest first, as they stand now."""
        public = (message for message in self._messages.values() if not message["flags"] & EPHEMERAL)
        return [message for message in public if message["channel_id"] == channel["id"]]

    async def delete(self, message: Payload, *, tell: bool = True) -> None:
        """A moderator deletes a message; without `tell` while the bot is not listening."""
        self._delete_message(None, message["channel_id"], message["id"], tell=tell)
        await self.gateway.flush()

    def lose_next(self, kind: str, path_part: str, *, method: str = "POST", apply: bool = False) -> asyncio.Event:
        """Answer the next such request by a TCP reset ("reset"), a rate limit of 0.3 s ("429"), or never ("hold").

        With `apply` it takes effect all the same. The event returned is set once it has happened.
        """
        self._faults.append((kind, method, path_part, apply, asyncio.Event()))
        return self._faults[-1][-1]

    async def _serve(self, handler: Callable[..., Any] | None, http: web.Request) -> web.Response:
        request = Request(http.method, http.path.removeprefix(API), await http.json() if http.can_read_body else None)
        self.requests.append(request)
        if handler is None:
            self.unknown_routes.append(f"{request.method} {request.path}")
            return _json({"message": "404: Not Found", "code": 0}, status=404)
        # Answers to interactions carry no token but the one in their path.
        token_in_path = request.path.startswith(("/interactions/", "/webhooks/"))
        if not token_in_path and http.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        for kind, method, path_part, apply, happened in self._faults:
            if not happened.is_set() and request.method == method and path_part in request.path:
                if apply:
                    handler(request.body, **http.match_info)
                happened.set()
                return await _lost(kind, http)
        try:
            answer = _json(handler(request.body, **http.match_info))
        except Unknown as error:
            return _json(dict(zip(("message", "code"), error.args, strict=True)), status=404)
        await self.gateway.flush()
        return answer

    def _sync_commands(self, body: list[Payload], application_id: str) -> list[Payload]:
        given = {"type": 1, "description": "", "application_id": application_id, "version": payloads.snowflake()}
        self.commands = [given | command | {"id": payloads.snowflake()} for command in body]
        return self.commands

    def _open_direct_channel(self, body: Payload) -> Payload:
        return self.add_channel("", type=1, recipients=[payloads.member("Ada", body["recipient_id"])["user"]])

    def _create_message(self, body: Payload, channel_id: str) -> Payload:
        """With `enforce_nonce`, a nonce used in the last minutes gives its first message and posts nothing."""
        if not body.get("enforce_nonce"):
            return self.post(channel_id, self.bot, body)
        nonce = str(body["nonce"])
        return self._nonces.get(nonce) or self._nonces.setdefault(nonce, self.post(channel_id, self.bot, body))

    def post(self, channel_id: str, author: Payload, body: Payload) -> Payload:
        """Put a member's message into a channel, and tell of it unless only one person sees it."""
        message = payloads.message(channel_id, author["user"], body)
        self._messages[message["id"]] = message
        if not message["flags"] & EPHEMERAL and self.channels[channel_id]["type"] == 0:
            self.gateway.dispatch("MESSAGE_CREATE", message | {"guild_id": GUILD_ID, "member": author})
        return message

    def _edit_message(self, body: Payload, channel_id: str, message_id: str) -> Payload:
        """Change what the body names; whether it is ephemeral stays as it was."""
        message = self._messages.get(message_id)
        if message is None:
            raise Unknown("Unknown Message", 10008)
        message |= {key: body[key] for key in ("content", "components") if body.get(key) is not None}
        return message

    def _delete_message(self, body: None, channel_id: str, message_id: str, *, tell: bool = True) -> None:
        if self._messages.pop(message_id, None) is None:
            raise Unknown("Unknown Message", 10008)
        if tell:
            self.gateway.dispatch("MESSAGE_DELETE", {"id": message_id, "channel_id": channel_id, "guild_id": GUILD_ID})

    def _answer(self, body: Payload, interaction_id: str, token: str) -> Payload:
        """The callback; the client insists on a body that tells what came of it."""
        interaction, kind, data = self.interactions[token], body["type"], body.get("data") or {}
        asked, resource = interaction.payload, {"type": kind}
        if kind == MESSAGE:
            interaction.message = self.post(asked["channel_id"], self.bot, data)
        elif kind == UPDATE:
            interaction.message = self._edit_message(data, asked["channel_id"], asked["message"]["id"])
        if interaction.message:
            resource["message"] = interaction.message
        interaction.callback = body
        interaction.answered.set()
        return {"interaction": {"id": interaction_id, "type": asked["type"]}, "resource": resource}

    def _follow_up(self, body: Payload, application_id: str, token: str) -> Payload:
        """A further message; the first one after a deferral takes the place of "is thinking..."."""
        interaction = self.interactions[token]
        message = self.post(interaction.payload["channel_id"], self.bot, body)
        interaction.message = interaction.message or message
        return message


async def _lost(kind: str, http: web.Request) -> web.Response:
    if kind == "429":  # without `Via`, clients take it for a ban by the proxy in front of Discord
        return _json({"message": "You are being rate limited.", "retry_after": 0.3}, 429, {"Via": "1.1 google"})
    if kind == "reset" and http.transport:  # what closing does when it may not linger
        linger = socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        http.transport.get_extra_info("socket").setsockopt(*linger)
        http.transport.abort()
    await asyncio.sleep(3600)  # longer than any test
    return web.Response()


def _json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads the body as JSON only if the type is exactly this, without a charset.
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")
