"""What the bot asks of the fake Discord, and how that says no."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

API = "/api/v10"
REFUSALS = {  # error code → status, Discord's words
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10008: (404, "Unknown Message"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    40033: (400, "This message has already been crossposted"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50035: (400, "Invalid Form Body"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "This thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
    200000: (400, "Message was blocked by automatic moderation"),
    240000: (400, "Message blocked by harmful links filter"),
}


@dataclass
class Request:
    """One request: its path without the prefix, and its body, of a form with files the JSON part."""

    method: str
    path: str
    body: Any
    query: dict[str, str] = field(default_factory=dict, compare=False)
    authorization: str = field(default="", compare=False)
    at: float = field(default_factory=time.monotonic, compare=False)  # seconds

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


Handler = Callable[..., Any]  # takes the request and the ids in its path by name, and gives the JSON of the answer
Route = tuple[str, str, Handler]


class Refused(Exception):
    """Discord does not do this; its error code says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


async def read(http: web.Request) -> Request:
    """The request that came in."""
    if http.content_type == "multipart/form-data":
        body = json.loads(str((await http.post())["payload_json"]))
    else:
        body = await http.json() if http.can_read_body else None
    path, authorization = http.path.removeprefix(API), http.headers.get("Authorization", "")
    return Request(http.method, path, body, dict(http.query), authorization)


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """An answer of JSON; nothing at all for None."""
    if data is None:
        return web.Response(status=204)
    # discord.py reads the body as JSON only if the type is exactly this, without a charset.
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def refusal(code: int) -> web.Response:
    """The answer that gives an error code."""
    status, words = REFUSALS[code]
    return answer({"message": words, "code": code}, status)
