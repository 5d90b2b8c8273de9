"""Hostile answers of a feed's server: for each, one sentence about what it attacks.

`CANARY` in a body stands for an address that must never be asked for, `SECRET` for the path of a file that must never
be read; both are filled in when the body is served.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.feeds_server import RSS, FeedsServer

CANARY, SECRET = b"CANARY", b"SECRET"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile answer. `raw` is the whole of it, status line included; `chunk` follows it again and again.

    `entries` is how many a reader may find in it; None where it has to refuse, ANY where both are well.
    """

    name: str
    attacks: str
    body: bytes = b""
    entries: int | None = None
    content_type: str = RSS
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    chunk: bytes = b""

    def serve(self, server: FeedsServer, path: str, secret: Path) -> str:
        """Answer a path with it from now on; returns its address."""
        if self.raw:
            return server.raw(path, self.raw, chunk=self.chunk)
        body = self.body.replace(CANARY, server.url("/canary").encode()).replace(SECRET, str(secret).encode())
        return server.serve(path, body, content_type=self.content_type, headers=self.headers)


ANY = -1
