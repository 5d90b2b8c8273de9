"""A small Discord on 127.0.0.1, for the real bot over real HTTP and WebSocket.

`rest.py` holds the guild and the routes, `messages.py` and `replies.py` what the bot may write, `gateway.py` the
events, `gestures.py` what people do, `faults.py` what goes wrong, `payloads.py` the JSON shapes.
This file starts it all, records each request, and offers it to a test.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.wire import gestures, payloads
from tests.wire.faults import Fault
from tests.wire.messages import Refusal, Request
from tests.wire.payloads import TOKEN, Payload
from tests.wire.replies import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.wire.rest import Rest

API = "/api/v10"
Found = TypeVar("Found")


class DiscordServer:
    """One guild with the bot in it; people are payloads made by `payloads.member`."""

    def __init__(self) -> None:
        self.rest = Rest()
        self.gateway = self.rest.gateway
        self.requests: list[Request] = []
        self.unknown_routes: list[str] = []
        self._faults: list[Fault] = []

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30_000_000)
        app.router.add_get("/gateway", self.gateway.serve)
        for method, path, handler in self.rest.routes():
            app.router.add_route(method, API + path, partial(self._serve, handler))
        app.router.add_route("*", "/{unknown:.*}", partial(self._serve, self._unknown))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        address = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.api_url, self.gateway_url = f"http://{address}{API}", f"ws://{address}/gateway"
        self.gateway.url = self.gateway_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.drop(1001)
        await self._runner.cleanup()

    async def ready(self, timeout: float = 20) -> None:  # noqa: ASYNC109 - a bound for the test
        """Wait until the bot is connected and has synced its commands."""
        await self.until(lambda: self.gateway.connected and self.rest.commands, timeout)

    async def until(self, predicate: Callable[[], Found], timeout: float = 10) -> Found:  # noqa: ASYNC109
        """Wait until this is true, and return what it gave; TimeoutError tells the last requests."""
        try:
            async with asyncio.timeout(timeout):
                while not (found := predicate()):  # noqa: ASYNC110 - any predicate, so there is no event to wait for
                    await asyncio.sleep(0.01)
                return found
        except TimeoutError:
            last = [f"{request.method} {request.path}" for request in self.requests[-5:]]
            raise TimeoutError(f"in vain for {timeout} s; the last requests were {last}") from None

    def add_channel(self, name: str) -> str:
        """A new text channel; its id."""
        channel = payloads.text_channel(name, payloads.snowflake())
        self.rest.channels[channel["id"]] = channel
        self.gateway.dispatch("CHANNEL_CREATE", channel)
        return str(channel["id"])

    def join(self, user: Payload) -> None:
        """Make this person a member whom the bot can look up; whoever does something joins by that."""
        self.rest.members[user["user"]["id"]] = user

    def direct_channel(self, user: Payload) -> str:
        """The private channel of this person and the bot; its id."""
        self.join(user)
        return str(self.rest.direct_channel(user["user"]["id"])["id"])

    def messages(self, channel_id: str) -> list[Payload]:
        """The messages everybody in the channel sees, oldest first, as they stand now."""
        return self.rest.messages.seen_in(channel_id)

    async def slash(
        self, name: str, user: Payload, options: Mapping[str, Any] | None = None, channel: str | None = None
    ) -> Interaction:
        """Use a slash command by its full name ("city view") and wait for the first answer."""
        data = gestures.command(self._commands(), name, options or {})
        return await self._interact(COMMAND, data, user, channel)

    async def autocomplete(
        self, name: str, user: Payload, focused: tuple[str, Any], options: Mapping[str, Any] | None = None,
        channel: str | None = None,
    ) -> list[Payload]:  # fmt: skip
        """Type into an option (`focused`: its name and what stands there) and return the choices offered."""
        data = gestures.command(self._commands(), name, {**(options or {}), focused[0]: focused[1]}, focused[0])
        answer = await self._interact(AUTOCOMPLETE, data, user, channel)
        return list(answer.callback["data"]["choices"])

    async def menu(self, name: str, user: Payload, target: Payload, channel: str | None = None) -> Interaction:
        """Use a context menu entry on a member or a message."""
        return await self._interact(COMMAND, gestures.menu(self._commands(), name, target), user, channel)

    async def press(
        self, message: Payload, custom_id: str, user: Payload, values: Sequence[str] | None = None
    ) -> Interaction:
        """Press a button of a message as it was shown, or choose `values` in its select."""
        data = gestures.component(message, custom_id, values)
        now = self.rest.messages.store.get(message["id"], message)
        return await self._interact(COMPONENT, data, user, message["channel_id"], now)

    async def submit_modal(self, custom_id: str, values: Mapping[str, Any], user: Payload) -> Interaction:
        """Fill in a modal that the bot opened, and send it off."""
        modal, opener = self.rest.replies.modals.pop(custom_id)
        message = opener.payload.get("message")
        data = gestures.submit(modal, values)
        return await self._interact(MODAL_SUBMIT, data, user, opener.payload["channel_id"], message)

    def send_message(
        self, channel: str, user: Payload, content: str, mentions: Sequence[Payload] = (), **more: Any
    ) -> Payload:
        """Write into a channel; `mentions` are the members whose <@id> stands in the text, `more` further fields."""
        self.join(user)
        named = [mention["user"] for mention in mentions]
        request = Request("POST", "", {"content": content})
        return self.rest.messages.post(channel, user["user"], request, mentions=named, **more)

    async def _interact(
        self, kind: int, data: Payload, user: Payload, channel: str | None, message: Payload | None = None
    ) -> Interaction:
        self.join(user)
        place = self.rest.channels[channel or next(iter(self.rest.channels))]
        interaction = Interaction(payloads.interaction(kind, data, user, place, message))
        self.rest.replies.interactions[interaction.payload["token"]] = interaction
        self.gateway.dispatch("INTERACTION_CREATE", interaction.payload)
        async with asyncio.timeout(5):
            await interaction.answered.wait()
        return interaction

    def _commands(self) -> list[Payload]:
        return [command for commands in self.rest.commands.values() for command in commands]

    def fail_next(
        self, kind: str, path_part: str = "", *, method: str = "POST", apply: bool = False, retry_after: float = 0.3
    ) -> Fault:
        """Spoil the next such request (kinds: `faults.KINDS`); await `until(lambda: fault.request)`."""
        self._faults.append(Fault(kind, path_part, method, apply, retry_after))
        return self._faults[-1]

    def hold_next(self, path_part: str = "", *, method: str = "POST", apply: bool = False) -> Fault:
        """Never answer the next such request, so that a test may kill the bot just before or after it took effect."""
        return self.fail_next("hold", path_part, method=method, apply=apply)

    async def drop_gateway(self, code: int = 4000, *, forget: bool = False) -> None:
        """Close the gateway connection; with `forget` the session cannot be resumed."""
        await self.gateway.drop(code)
        if forget:
            self.gateway.sessions.clear()

    async def _serve(self, handler: Callable[..., Any], http: web.Request) -> web.Response:
        request = await self._read(http)
        self.requests.append(request)

        def answer() -> web.Response:
            try:
                # Answers to interactions carry no token but the one in their path.
                open_to_all = request.path.startswith(("/interactions/", "/webhooks/"))
                if not open_to_all and http.headers.get("Authorization") != f"Bot {TOKEN}":
                    raise Refusal(401, 0, "401: Unauthorized")
                return _json(handler(request, **http.match_info))
            except Refusal as refusal:
                return _json({"message": refusal.sentence, "code": refusal.code}, refusal.status)

        fault = next((fault for fault in self._faults if fault.matches(request)), None)
        return await fault.happen(http, request, answer) if fault else answer()

    def _unknown(self, request: Request, unknown: str) -> None:
        self.unknown_routes.append(f"{request.method} {request.path}")
        raise Refusal(404, 0, "404: Not Found")

    @staticmethod
    async def _read(http: web.Request) -> Request:
        body, files = None, {}
        if http.content_type == "multipart/form-data":
            form = await http.post()
            for name, part in form.items():
                if isinstance(part, web.FileField):
                    files[name] = part.file.read()
                else:
                    body = json.loads(str(part))
        elif http.can_read_body:
            body = await http.json()
        return Request(http.method, http.path.removeprefix(API), body, files, dict(http.query))


def _json(data: Any, status: int = 200) -> web.Response:
    # discord.py reads the body as JSON only if the type is exactly this, without a charset.
    if data is None:
        return web.Response(status=204)
    return web.Response(body=json.dumps(data).encode(), status=status, content_type="application/json")
