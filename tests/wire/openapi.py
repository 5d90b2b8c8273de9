"""Discord's published schema of what a bot may send, where a copy of it lies beside the repository."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tests.wire.requests import Request

SPEC_FILE = Path(__file__).parents[3] / "shared" / "discord-openapi.json"


def complaints(requests: Iterable[Request]) -> Iterator[str]:
    """What the schema has against the bodies of these requests; of a form with files, against its JSON part."""
    for request in requests:
        if request.body is not None:
            errors = _validator(request.method.lower(), _path(request.path)).iter_errors(request.body)
            error = best_match(errors)  # where there are alternatives, of the one that it comes nearest to
            if error is not None:
                yield f"{request} {error.json_path}: {error.message}"


@cache
def _spec() -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(SPEC_FILE.read_text(encoding="utf-8"))
    schemas = spec["components"]["schemas"]
    # What Discord takes although its schema does not say so: channels of media, and ids as numbers.
    schemas["ChannelTypes"]["oneOf"].append({"const": 16})
    schemas["SnowflakeType"]["type"] = ["string", "integer"]
    return spec


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in _spec()["paths"]}


def _path(path: str) -> str:
    """The most literal path of the schema that fits: /users/@me before /users/{user_id}."""
    fitting = (known for known, pattern in _patterns().items() if pattern.fullmatch(path))
    return min(fitting, key=lambda known: known.count("{"))


@cache
def _validator(method: str, path: str) -> Draft202012Validator:
    spec = _spec()
    schema = spec["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": spec["components"]})
