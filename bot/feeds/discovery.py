"""From the address of a site to its feeds: the address itself, what its page names, or the usual places."""

import asyncio
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from yarl import URL

from bot.errors import FeedError
from bot.feeds.problems import NoFeed, shown
from bot.feeds.reader import Feed, FeedReader, Fetched

USUAL_PATHS = ("feed", "rss.xml", "feed.xml", "atom.xml", "index.xml", "rss", "feed.json")
MOST_FOUND = 5
SEARCH_TIME = 40.0  # seconds; somebody waits for the answer
WITHOUT_SCHEME = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#].*)?")  # "example.org/news", as people write it


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was found; `url` is the address to follow it by."""

    url: str
    feed: Feed
    fetched: Fetched


async def discover(reader: FeedReader, url: str, now: datetime) -> tuple[Found, ...]:
    """The feeds at an address: its own, else at most five its page names, else one at a usual place.

    Raises FeedError if there is none, or the address cannot be read.
    """
    address = url.strip()
    if WITHOUT_SCHEME.fullmatch(address):
        address = f"https://{address}"
    page = await reader.fetch(address)
    try:
        return (Found(page.moved_to or address, await reader.parse(page, now=now), page),)
    except NoFeed:
        found: list[Found] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(SEARCH_TIME):
            await _search(reader, await reader.links(page), now, found, most=MOST_FOUND)
            if not found:
                await _search(reader, _usual(page.url), now, found, most=1)
    if not found:
        raise NoFeed(
            "There is no feed at {url}, and its page names none. Look on the site for an orange symbol or the word "
            "“RSS”, and give the address behind it.",
            url=shown(page.url),
        )
    return tuple(found)


async def _search(reader: FeedReader, addresses: Iterable[str], now: datetime, found: list[Found], most: int) -> None:
    """Add the feeds at these addresses, each once, one request after the other: it is somebody else's server."""
    for address in addresses:
        with suppress(FeedError):
            fetched = await reader.fetch(address)
            if fetched.url not in {other.fetched.url for other in found}:
                found.append(Found(fetched.moved_to or address, await reader.parse(fetched, now=now), fetched))
        if len(found) == most:
            return


def _usual(page: str) -> list[str]:
    """The usual places: beside the page, then at the top of its site."""
    here = URL(page).with_query(None).with_fragment(None)
    folder = here if here.path.endswith("/") else here.parent / ""
    return list(dict.fromkeys(str(place.join(URL(path))) for place in (folder, here.origin()) for path in USUAL_PATHS))
