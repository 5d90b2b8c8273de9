"""Discord's published schema of what a bot may send, where a copy of it lies beside the repository."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from jsonschema import Draft202012Validator

from tests.wire.discord_server import Request

SPEC_FILE = Path(__file__).parents[3] / "shared" / "discord-openapi.json"


def faults(requests: Iterable[Request]) -> Iterator[str]:
    """What the schema has against the bodies of these requests."""
    spec = json.loads(SPEC_FILE.read_text())
    for request in requests:
        paths = (path for path in spec["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request.path))
        path = min(paths, key=lambda path: path.count("{"))  # /users/@me before /users/{user_id}
        schema = spec["paths"][path][request.method.lower()]["requestBody"]["content"]["application/json"]["schema"]
        errors = Draft202012Validator({**schema, "components": spec["components"]}).iter_errors(request.body)
        yield from (f"{request.method} {request.path} {error.json_path}: {error.message}" for error in errors)
