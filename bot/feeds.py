"""Feeds from strangers' servers: fetched with care, read in a child process that can be killed."""

import asyncio
import json
import os
import sys
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import aiohttp
from yarl import URL

from bot.address_guard import guarded_sockets
from bot.errors import FeedError
from bot.feed_address import WEB_PORTS, checked, redirected
from bot.feed_problems import FeedBusy, FeedGone, FeedRefused, connection_problem, shown, status_problem

__all__ = ["Entry", "Feed", "FeedBusy", "FeedError", "FeedGone", "FeedReader", "FeedRefused", "Fetched", "parse"]

PROJECT = Path(__file__).parent.parent
USER_AGENT = "SisterCityBot/0.1 (feed reader)"
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
MOST_BYTES = 5 * 1024 * 1024
LONGEST_VALIDATOR = 500
CHUNK = 64 * 1024
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST_AHEAD = timedelta(days=2)
CHILD_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH")  # what Python itself may need to start


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a feed's server answered; `url` is the address after redirects, `body` is empty for 304 (nothing new).

    `moved_to` is that address if every redirect on the way was a permanent one (301, 308); None without redirects.
    """

    url: str
    status: int
    body: bytes
    content_type: str
    etag: str | None
    last_modified: str | None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, safe to store: plain text on one line, absolute http(s) links, `published` in UTC.

    `link_key` and `title_key` are the link and the title without what varies, for comparing entries.
    """

    identity: str
    title: str
    link: str | None
    summary: str
    picture: str | None
    published: datetime | None
    link_key: str | None = None
    title_key: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that was read; entries in the order of the document, each identity once."""

    title: str
    entries: tuple[Entry, ...]


class FeedReader:
    """Fetches feeds over its own guarded connections: no proxy, no cookies, public addresses only.

    `allow_private` lifts the guard and the limit on ports. `trusted` names single servers, by numeric address and
    port, that are read all the same: without it no test of the guard could have a server of its own. `timeout` in
    seconds covers a fetch with its redirects, `most_bytes` counts after decompression.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        trusted: Collection[tuple[str, int]] = (),
        user_agent: str = USER_AGENT,
        timeout: float = 20.0,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._allow_private = allow_private
        self._trusted = frozenset(trusted)
        self._ports = None if allow_private else WEB_PORTS | {port for _, port in self._trusted}
        self._user_agent = user_agent
        self._timeout = timeout
        self._most_bytes = most_bytes
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections; a later fetch opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

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

    async def _follow(self, target: URL, headers: dict[str, str]) -> Fetched:
        for _ in range(MOST_REDIRECTS + 1):
            async with self._opened().get(target, headers=headers, allow_redirects=False) as response:
                location = response.headers.get("Location")
                if response.status not in REDIRECTS or not location:
                    return await self._received(response, headers)
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
            self._session = aiohttp.ClientSession(
                # The next look at the same server is minutes away: no connection is kept for it.
                connector=aiohttp.TCPConnector(limit_per_host=2, socket_factory=guard, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent, "Accept": ACCEPT},
                timeout=aiohttp.ClientTimeout(total=self._timeout, sock_connect=5),
                trust_env=False,
            )
        return self._session


async def parse(fetched: Fetched, *, now: datetime, timeout: float = 5.0) -> Feed:  # noqa: ASYNC109
    """Read what was fetched, in a child process that is killed after `timeout` seconds; raises FeedError."""
    header = {"url": fetched.url, "content_type": fetched.content_type}
    try:
        async with asyncio.timeout(timeout):
            answer = await _ask_child(json.dumps(header).encode() + b"\n" + fetched.body)
    except TimeoutError:
        answer = {"problem": "too much"}
    if answer.get("problem") == "not a feed":
        raise FeedError(
            "There is no feed at {url}. Give the address of an RSS, Atom or JSON feed; the site often links to it with "
            "an orange symbol or the word “RSS”.",
            url=shown(fetched.url),
        )
    if "problem" in answer:
        raise FeedError(
            "The feed at {url} is broken, or too large or complicated to read. Ask its publisher for a simpler one.",
            url=shown(fetched.url),
        )
    entries = tuple(Entry(**{**entry, "published": plausible(entry["published"], now)}) for entry in answer["entries"])
    return Feed(title=answer["title"], entries=entries)


def plausible(moment: str | None, now: datetime) -> datetime | None:
    """The ISO time in UTC, or None where it is absent or cannot be true."""
    published = datetime.fromisoformat(moment).astimezone(UTC) if moment else None
    return published if published and EARLIEST <= published <= now + LATEST_AHEAD else None


async def _ask_child(question: bytes) -> dict[str, Any]:
    """What the child process makes of a document; `{"problem": …}` if it died of it. Never outlives this call."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-E", "-s", "-m", "bot.feed_child"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=PROJECT,
        env={name: os.environ[name] for name in CHILD_ENVIRONMENT if name in os.environ},
    )
    try:
        output, _ = await process.communicate(question)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    answer: dict[str, Any] = json.loads(output) if process.returncode == 0 else {"problem": "died"}
    return answer


def _validator(value: str | None) -> str | None:
    """An ETag or a date that can be stored and sent back as it is; an odd one is as good as none."""
    return value if value and value.isascii() and value.isprintable() and len(value) <= LONGEST_VALIDATOR else None
