"""A small Discord on 127.0.0.1, for the real bot over real HTTP and WebSocket.

This file serves requests, for one guild; what they are about is in a file by each noun (`messages.py`, `threads.py`,
`webhooks.py`, `interactions.py`), how they go wrong in `faults.py`. `gateway.py` is what the bot is told, `people.py`
what people do, `payloads.py` the shapes of it all. Every request is kept.
"""

import asyncio
import random
import re
from collections.abc import Callable
from functools import partial
from typing import Any, Self

from aiohttp import web

from tests.wire import payloads
from tests.wire.faults import Fault, misanswer
from tests.wire.gateway import Gateway
from tests.wire.interactions import Interactions
from tests.wire.messages import Messages
from tests.wire.payloads import APPLICATION_ID, DIRECT, EPHEMERAL, GUILD_ID, TEXT, TOKEN, Payload
from tests.wire.requests import API, Handler, Refused, Request, Route, answer, read, refusal
from tests.wire.threads import Threads
from tests.wire.webhooks import Webhooks


class DiscordServer:
    """Channels by id, and what is in them; only who gives the token is served."""

    def __init__(self) -> None:
        self.bot = payloads.member("Sister City Bot", APPLICATION_ID, bot=True)
        self.token = TOKEN
        self.channels: dict[str, Payload] = {}
        self.commands: list[Payload] = []
        self.gateway = Gateway(lambda: (self.bot["user"], payloads.guild(self.channels.values(), self.bot)))
        self.written = Messages(self.channels, self.gateway, self.bot)
        self.threads = Threads(self.channels, self.written, self.gateway, self.bot)
        self.webhooks = Webhooks(self.written, self.threads, self.bot)
        self.interactions = Interactions(self.written, self.bot)
        self.requests: list[Request] = []
        self.unknown_routes: list[str] = []
        self.invalid: list[Request] = []  # bodies that were too long, or otherwise no message
        self._faults: list[Fault] = []

    def revoke_token(self) -> None:
        """The owner has made a new token: that of the bot is worth nothing any more."""
        self.token = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/gateway", self.gateway.serve)
        nouns = (self.written, self.threads, self.interactions, self.webhooks)
        for method, path, handler in [*self._routes(), *(route for noun in nouns for route in noun.routes())]:
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
        channel = {"id": payloads.snowflake(), "type": TEXT, "name": name, "position": 0, "permission_overwrites": []}
        return self.channels.setdefault(str(channel["id"]), channel | {"guild_id": GUILD_ID} | more)

    def messages(self, channel: Payload) -> list[Payload]:
        """The messages everybody in the channel sees, oldest first, as they stand now."""
        public = (message for message in self.written.all.values() if not message["flags"] & EPHEMERAL)
        return [message for message in public if message["channel_id"] == channel["id"]]

    async def delete(self, message: Payload, *, tell: bool = True) -> None:
        """A moderator deletes a message; without `tell` while the bot is not listening."""
        self.written.delete(message["id"], tell=tell)
        await self.gateway.flush()

    def misbehave(
        self,
        requests: str,
        *ways: str,
        times: int | None = 1,
        apply: bool | None = False,
        share: float = 1.0,
        seconds: float = 0.3,
        seed: int = 0,
    ) -> Fault:
        """Have such requests go wrong from now on, in these ways, as `faults.py` says."""
        draw = random.Random(seed)  # noqa: S311 - a repeatable draw
        self._faults.append(Fault(ways, requests, times, apply, share, seconds, draw))
        return self._faults[-1]

    async def _serve(self, handler: Handler | None, http: web.Request) -> web.Response:
        request = await read(http)
        self.requests.append(request)
        if handler is None:
            self.unknown_routes.append(str(request))
            return refusal(0)
        # Answers to interactions, and what is said under a webhook, carry no token but the one in their path.
        token_in_path = re.match(r"/interactions/|/webhooks/\d+/", request.path)
        if not token_in_path and request.authorization != f"Bot {self.token}":
            return answer({"message": "401: Unauthorized", "code": 0}, 401)
        fault = next((fault for fault in self._faults if fault.concerns(request)), None)
        if fault is None:
            return await self._answered(handler, http, request)
        way, takes_effect = fault.strike(request)
        good = await self._answered(handler, http, request) if takes_effect else None
        return await misanswer(fault, way, http, good)

    async def _answered(self, handler: Handler, http: web.Request, request: Request) -> web.Response:
        """Do what is asked; the bot is told of it before it has the answer."""
        try:
            good = answer(handler(request, **http.match_info))
        except Refused as error:
            if error.code == 50035:
                self.invalid.append(request)
            return refusal(error.code)
        await self.gateway.flush()
        return good

    def _routes(self) -> list[Route]:
        return [
            ("GET", "/users/@me", lambda _: self.bot["user"]),
            ("GET", "/oauth2/applications/@me", lambda _: payloads.APPLICATION),
            ("PUT", "/applications/{application_id}/commands", self._sync_commands),
            ("POST", "/users/@me/channels", self._open_direct_channel),
            ("POST", "/webhooks/{webhook_id}/{token}", self._say_with_token),
        ]

    def _sync_commands(self, request: Request, application_id: str) -> list[Payload]:
        given = {"type": 1, "description": "", "application_id": application_id, "version": payloads.snowflake()}
        self.commands = [given | command | {"id": payloads.snowflake()} for command in request.body]
        return self.commands

    def _open_direct_channel(self, request: Request) -> Payload:
        return self.add_channel(
            "", type=DIRECT, recipients=[payloads.member("Ada", request.body["recipient_id"])["user"]]
        )

    def _say_with_token(self, request: Request, webhook_id: str, token: str) -> Payload:
        """The bot's own id with the token of an interaction is a follow-up to that."""
        if webhook_id == APPLICATION_ID:
            return self.interactions.follow_up(request, token)
        return self.webhooks.execute(request, webhook_id, token)
