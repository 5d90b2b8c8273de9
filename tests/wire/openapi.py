"""Checks bodies against Discord's published schema, where a copy of it lies beside the repository."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tests.wire.messages import Request

SPEC_FILE = Path(__file__).parents[3] / "shared" / "discord-openapi.json"


@cache
def _spec() -> dict[str, Any]:
    if not SPEC_FILE.exists():
        pytest.skip(f"no copy of Discord's schema: {SPEC_FILE.name} is not beside the repository")
    spec: dict[str, Any] = json.loads(SPEC_FILE.read_text())
    return spec


def validate(request: Request) -> None:
    """Raise AssertionError if the operation does not take this body; without the schema, skip the test."""
    spec = _spec()
    paths = [path for path in spec["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request.path)]
    path = min(paths, key=lambda path: path.count("{"))  # /messages/@original before /messages/{message_id}
    schema = spec["paths"][path][request.method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    body = json.loads(json.dumps(request.body), object_hook=_with_text_ids)
    errors = Draft202012Validator({**schema, "components": spec["components"]}).iter_errors(body)
    if error := best_match(errors):
        raise AssertionError(f"{request.method} {request.path} {error.json_path}: {error.message}")


def _with_text_ids(part: dict[str, Any]) -> dict[str, Any]:
    # The schema asks for text; Discord also takes the number of the file that discord.py sends.
    return part | {"id": str(part["id"])} if "filename" in part and "id" in part else part
