"""A small server of feeds on the loopback, as friendly or hostile as a test asks it to be."""

import asyncio
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from xml.sax.saxutils import escape

from aiohttp import web

RSS = "application/rss+xml; charset=utf-8"
MEGABYTE = 1024 * 1024
ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 - many hosts on one machine


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
    """What one path answers; `chunk` is sent again and again, `pause` seconds apart, after the body.

    Where `raw` is given it is all that goes over the wire, as it is: it need not be HTTP.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    chunk: bytes = b""
    pause: float = 0.0
    raw: bytes = b""


class FeedsServer:
    """Serves pages by path, and remembers every request: `async with FeedsServer() as server`.

    `everywhere` makes it answer on all addresses of the loopback, as many hosts as a test likes.
    """

    def __init__(self, host: str = "127.0.0.1", *, everywhere: bool = False) -> None:
        self.host = host
        self._bound_to = ALL_ADDRESSES if everywhere else host
        self._pages: dict[str, Page] = {}
        self._requests: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
        self._open: Counter[str] = Counter()
        self._most_open: Counter[str] = Counter()
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._bound_to, 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, path: str, host: str | None = None) -> str:
        """The address of a path such as `/feed`, on another host of the loopback if one is given."""
        return f"http://{host or self.host}:{self.port}{path}"

    def requests(self, path: str) -> list[Mapping[str, str]]:
        """The headers of every request for a path, oldest first."""
        return self._requests[path]

    def hits(self, path: str | None = None) -> int:
        """How often a path, or anything at all, was asked for."""
        return len(self._requests[path]) if path else sum(map(len, self._requests.values()))

    def most_at_once(self, host: str) -> int:
        """How many requests to a host were ever being answered at the same time."""
        return self._most_open[host]

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

    def raw(self, path: str, answer: bytes, *, chunk: bytes = b"", pause: float = 0.02) -> str:
        """Answer a path with these bytes and hang up, or go on with `chunk` until the other side does."""
        self._pages[path] = Page(raw=answer, chunk=chunk, pause=pause)
        return self.url(path)

    def bomb(self, path: str, *, megabytes: int) -> str:
        """Answer a path with a few kilobytes of gzip that hold megabytes of spaces; returns its address."""
        packer = zlib.compressobj(wbits=31)  # gzip, without ever holding all of it
        packed = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(megabytes)) + packer.flush()
        return self.serve(path, packed, headers={"Content-Encoding": "gzip"})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._requests[request.path].append(request.headers)
        host = request.url.host or ""
        self._open[host] += 1
        self._most_open[host] = max(self._most_open[host], self._open[host])
        try:
            return await self._answered(request)
        finally:
            self._open[host] -= 1

    async def _answered(self, request: web.Request) -> web.StreamResponse:
        page = self._pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        await asyncio.sleep(page.delay)
        if page.raw:
            return await _spoken(request, page)
        if page.chunk:
            return await _dripped(request, page)
        if _already_known(request, page):
            return web.Response(status=304, headers=page.headers)
        return web.Response(body=page.body, status=page.status, headers=page.headers)


async def _spoken(request: web.Request, page: Page) -> web.StreamResponse:
    """Bytes past all rules of HTTP; the answer that is returned finds the connection closed."""
    transport = request.transport
    if transport is not None:
        transport.write(page.raw)
        while page.chunk and not transport.is_closing():
            transport.write(page.chunk)
            await asyncio.sleep(page.pause)
        transport.close()
    return web.Response()


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
