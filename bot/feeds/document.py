"""What came from a feed's address, and what it says once it is read."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.feeds.pool import READING_TIME, ChildDied, ParserPool
from bot.feeds.problems import reading_problem

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST_AHEAD = timedelta(days=2)
ENTRIES_AT_A_STRETCH = 50  # the event loop has its turn after so many


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


async def parse(fetched: Fetched, *, now: datetime, timeout: float = READING_TIME) -> Feed:  # noqa: ASYNC109
    """Read one document in a child process of its own, killed after `timeout` seconds; raises FeedError."""
    pool = ParserPool(1, timeout=timeout)
    try:
        return await read(pool, fetched, now)
    finally:
        await pool.close()


async def read(pool: ParserPool, fetched: Fetched, now: datetime) -> Feed:
    """Read what was fetched in one of the pool's child processes; raises FeedError."""
    try:
        answer = await pool.ask("feed", fetched.body, url=fetched.url, content_type=fetched.content_type)
    except ChildDied:
        raise reading_problem("too much", fetched.url) from None
    if "problem" in answer.head:
        raise reading_problem(answer.head["problem"], fetched.url)
    entries = []
    for number, values in enumerate(answer.lines, 1):
        entries.append(Entry(**{**values, "published": plausible(values["published"], now)}))
        if number % ENTRIES_AT_A_STRETCH == 0:
            await asyncio.sleep(0)
    return Feed(title=answer.head["title"], entries=tuple(entries))


def plausible(moment: str | None, now: datetime) -> datetime | None:
    """The ISO time in UTC, or None where it is absent or cannot be true."""
    published = datetime.fromisoformat(moment).astimezone(UTC) if moment else None
    return published if published and EARLIEST <= published <= now + LATEST_AHEAD else None
