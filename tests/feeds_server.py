"""A small server of feeds on the loopback, as friendly or hostile as a test asks it to be."""

import asyncio
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from xml.sax.saxutils import escape

from aiohttp import web

RSS = "application/rss+xml; charset=utf-8"
MEGABYTE = 1024 * 1024


def item(title: str, link: str = "", *, guid: str = "", summary: str = "", published: str = "") -> str:
    """One RSS item; empty values are left out, `summary` may be HTML, `published` is an RFC 822 date."""
    values = {"title": title, "link": link, "guid": guid, "description": summary, "pubDate": published}
    return "<item>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in values.items() if text) + "</item>"


def rss(*items: str, title: str = "Sister City News", link: str = "https://news.example/") -> bytes:
    """An RSS document in UTF-8 of items that are XML already."""
    head = f"<title>{escape(title)}</title><link>{escape(link)}</link>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


@dataclass(slots=True)
class Page:
    """What one path answers; `chunk` is sent again and again, `pause` seconds apart, after the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    chunk: bytes = b""
    pause: float = 0.0


class FeedsServer:
    """Serves pages by path, and remembers every request: `async with FeedsServer() as server`."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._host = host
        self._pages: dict[str, Page] = {}
        self._requests: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, path: str) -> str:
        """The address of a path such as `/feed`."""
        return f"http://{self._host}:{self.port}{path}"

    def requests(self, path: str) -> list[Mapping[str, str]]:
        """The headers of every request for a path, oldest first."""
        return self._requests[path]

    def hits(self, path: str | None = None) -> int:
        """How often a path, or anything at all, was asked for."""
        return len(self._requests[path]) if path else sum(map(len, self._requests.values()))

    def serve(
        self,
        path: str,
        body: bytes = b"",
        *,
        status: int = 200,
        content_type: str = RSS,
        etag: str = "",
        last_modified: str = "",
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
    ) -> str:
        """Answer a path from now on, 304 where the etag or date is already known; returns its address."""
        known = {"Content-Type": content_type, "ETag": etag, "Last-Modified": last_modified}
        everything = {name: value for name, value in known.items() if value} | dict(headers or {})
        self._pages[path] = Page(body=body, status=status, headers=everything, delay=delay)
        return self.url(path)

    def redirect(self, path: str, target: str, *, status: int = 302) -> str:
        """Pass a path on to another address or path; returns its address."""
        return self.serve(path, status=status, headers={"Location": target})

    def drip(self, path: str, *, chunk: bytes = b" ", pause: float = 0.02, body: bytes = b"") -> str:
        """Answer a path with a document that never ends; returns its address."""
        self._pages[path] = Page(body=body, headers={"Content-Type": RSS}, chunk=chunk, pause=pause)
        return self.url(path)

    def bomb(self, path: str, *, megabytes: int) -> str:
        """Answer a path with a few kilobytes of gzip that hold megabytes of spaces; returns its address."""
        packer = zlib.compressobj(wbits=31)  # gzip, without ever holding all of it
        packed = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(megabytes)) + packer.flush()
        return self.serve(path, packed, headers={"Content-Encoding": "gzip"})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._requests[request.path].append(request.headers)
        page = self._pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        await asyncio.sleep(page.delay)
        if page.chunk:
            return await _dripped(request, page)
        if _already_known(request, page):
            return web.Response(status=304, headers=page.headers)
        return web.Response(body=page.body, status=page.status, headers=page.headers)


async def _dripped(request: web.Request, page: Page) -> web.StreamResponse:
    response = web.StreamResponse(headers=page.headers)
    await response.prepare(request)
    await response.write(page.body)
    while True:  # until the other side hangs up
        await response.write(page.chunk)
        await asyncio.sleep(page.pause)


def _already_known(request: web.Request, page: Page) -> bool:
    wanted = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
    return any(
        asked in request.headers and request.headers[asked] == page.headers.get(held) for asked, held in wanted.items()
    )
