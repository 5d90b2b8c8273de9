"""Feeds from strangers' servers: fetched with care, read in a child process that can be killed."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.errors import FeedError
from bot.feeds.address import WEB_PORTS, checked, redirected
from bot.feeds.address_guard import guarded_sockets
from bot.feeds.document import Entry, Feed, Fetched, parse, read
from bot.feeds.name_lookup import OwnThreads
from bot.feeds.pool import ChildDied, ParserPool
from bot.feeds.problems import FeedBusy, FeedGone, FeedRefused, NoFeed, connection_problem, shown, status_problem

__all__ = [
    "Entry",
    "Feed",
    "FeedBusy",
    "FeedError",
    "FeedGone",
    "FeedReader",
    "FeedRefused",
    "Fetched",
    "NoFeed",
    "parse",
]

USER_AGENT = "SisterCityBot/0.1 (feed reader)"
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
MOST_BYTES = 5 * 1024 * 1024
LONGEST_VALIDATOR = 500
CHUNK = 64 * 1024
PERMANENT = frozenset({301, 308})


class FeedReader:
    """Fetches feeds over its own guarded connections and reads them in its own child processes.

    No proxy, no cookies, public addresses only.

    `allow_private` lifts the guard and the limit on ports. `trusted` names single servers, by numeric address and
    port, that are read all the same: without it no test of the guard could have a server of its own. `timeout` in
    seconds covers a fetch with its redirects, `most_bytes` counts after decompression. `children` is how many processes
    may read at once (one for each processor), `resolver` looks up names in place of the system.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        trusted: Collection[tuple[str, int]] = (),
        user_agent: str = USER_AGENT,
        timeout: float = 20.0,
        most_bytes: int = MOST_BYTES,
        children: int | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._trusted = frozenset(trusted)
        self._ports = None if allow_private else WEB_PORTS | {port for _, port in self._trusted}
        self._user_agent = user_agent
        self._timeout = timeout
        self._most_bytes = most_bytes
        self._resolver = resolver
        self._names: AbstractResolver | None = None
        self._session: aiohttp.ClientSession | None = None
        self._pool = ParserPool(children)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections and end the child processes; a later fetch opens new ones."""
        await self._pool.close()
        if self._session is not None:
            await self._session.close()
            self._session = None
        if self._names is not None:
            await self._names.close()
            self._names = None

    async def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Fetch a feed, or learn that it has not changed since the answer with these validators; raises FeedError."""
        start = checked(url, self._ports)
        conditions = {"If-None-Match": _validator(etag), "If-Modified-Since": _validator(last_modified)}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            async with asyncio.timeout(self._timeout):
                return await self._follow(start, headers)
        except TimeoutError:
            raise FeedError(
                "{host} took too long to answer. Try again later, or give another address.", host=start.host
            ) from None
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            raise connection_problem(error, start) from error

    async def parse(self, fetched: Fetched, *, now: datetime) -> Feed:
        """Read what was fetched in a child process, which is ended if it takes too much; raises FeedError."""
        return await read(self._pool, fetched, now)

    async def links(self, fetched: Fetched) -> tuple[str, ...]:
        """The addresses of feeds that a page names, the likeliest first; none if it cannot be read."""
        try:
            answer = await self._pool.ask("links", fetched.body, url=fetched.url, content_type=fetched.content_type)
        except ChildDied:
            return ()
        return tuple(answer.head["links"])

    async def _follow(self, target: URL, headers: dict[str, str]) -> Fetched:
        passed_on: set[int] = set()  # the statuses that did it
        for _ in range(MOST_REDIRECTS + 1):
            async with self._opened().get(target, headers=headers, allow_redirects=False) as response:
                location = response.headers.get("Location")
                if response.status not in REDIRECTS or not location:
                    received = await self._received(response, headers)
                    moved = bool(passed_on) and passed_on <= PERMANENT
                    return replace(received, moved_to=received.url) if moved else received
            passed_on.add(response.status)
            target = checked(str(redirected(target, location)), self._ports)
        raise FeedError(
            "{url} is passed on too many times. Give the address where the feed really is.", url=shown(str(target))
        )

    async def _received(self, response: aiohttp.ClientResponse, sent: dict[str, str]) -> Fetched:
        unchanged = response.status == 304 and bool(sent)
        if not unchanged and response.status != 200:
            raise status_problem(response.status, response.url, response.headers)
        known = sent if unchanged else {}
        return Fetched(
            url=str(response.url),
            status=response.status,
            body=b"" if unchanged else await self._body(response),
            content_type=response.headers.get("Content-Type", ""),
            etag=_validator(response.headers.get("ETag")) or known.get("If-None-Match"),
            last_modified=_validator(response.headers.get("Last-Modified")) or known.get("If-Modified-Since"),
        )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > self._most_bytes:
                raise FeedError(
                    "The feed at {url} is larger than {size} MB. Ask its publisher for one with fewer entries.",
                    url=shown(str(response.url)),
                    size=f"{self._most_bytes / 1024 / 1024:g}",
                )
        return bytes(body)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            guard = None if self._allow_private else guarded_sockets(self._trusted)
            self._names = None if self._resolver else OwnThreads()
            self._session = aiohttp.ClientSession(
                # The next look at the same server is minutes away: neither connection nor address is kept for it.
                connector=aiohttp.TCPConnector(
                    limit_per_host=2,
                    socket_factory=guard,
                    force_close=True,
                    use_dns_cache=False,
                    resolver=self._resolver or self._names,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent, "Accept": ACCEPT},
                timeout=aiohttp.ClientTimeout(total=self._timeout, sock_connect=5),
                trust_env=False,
            )
        return self._session


def _validator(value: str | None) -> str | None:
    """An ETag or a date that can be stored and sent back as it is; an odd one is as good as none."""
    return value if value and value.isascii() and value.isprintable() and len(value) <= LONGEST_VALIDATOR else None
