"""Why a feed could not be fetched, as sentences for the moderator who added it."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from bot.errors import FeedError
from bot.feeds.address_guard import AddressRefused

SHORTEST_WAIT, LONGEST_WAIT = 60, 86_400  # seconds
LONGEST_SHOWN = 200


class FeedGone(FeedError):
    """The feed's server says that it is gone for good."""


class FeedRefused(FeedError):
    """The address is on, or leads to, a network that is not public."""


class NoFeed(FeedError):
    """What was read is no feed; where it is a page, that may lead to one."""


class FeedBusy(FeedError):
    """The server cannot answer now: 429 (too often asked) or 500 and above.

    `retry_after` is its own wish in seconds (60 to 86,400), if it told one.
    """

    def __init__(self, sentence: str, /, *, status: int, retry_after: int | None, **values: object) -> None:
        super().__init__(sentence, status=status, **values)
        self.status = status
        self.retry_after = retry_after


def status_problem(status: int, url: URL, headers: Mapping[str, str]) -> FeedError:
    """The error for an answer that is neither a feed nor "nothing new"."""
    address = shown(str(url))
    if status == 410:
        return FeedGone(
            "The feed at {url} is gone for good. If it has a new address, add that with `/feed add`.", url=address
        )
    if status == 404:
        return FeedError("There is nothing at {url}. Check the address for typing mistakes.", url=address)
    if status in (401, 403):
        return FeedError(
            "The server does not let the bot read {url}. Ask its publisher to allow it, or give a public address.",
            url=address,
        )
    if status == 429 or status >= 500:
        return FeedBusy(
            "The server of {url} cannot answer at the moment (error {status}). Try again later; a feed that is "
            "followed is tried again by itself.",
            status=status,
            retry_after=retry_after(headers),
            url=address,
        )
    return FeedError(
        "There is no feed at {url}: its server answered with error {status}. Check the address.",
        url=address,
        status=status,
    )


def connection_problem(error: Exception, url: URL) -> FeedError:
    """The error for a conversation that failed; tells nothing about which addresses and ports are open."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, AddressRefused):
        return FeedRefused(
            "{url} is on a private network, or leads to one, and the bot does not read there. Give the address of a "
            "public feed.",
            url=shown(str(url)),
        )
    if isinstance(error, aiohttp.InvalidURL | UnicodeError):  # the latter: no name can be spelled like that
        return bad_address(str(url))
    if isinstance(error, aiohttp.ClientSSLError):
        return FeedError(
            "The secure connection to {host} failed: its certificate is not valid. Tell its publisher.", host=url.host
        )
    if isinstance(error, aiohttp.ClientPayloadError):
        return FeedError("The answer of {host} is broken. Try again later, or tell its publisher.", host=url.host)
    return FeedError("{host} cannot be reached. Check the address, or try again later.", host=url.host)


def reading_problem(problem: str, url: str) -> FeedError:
    """The error for a document that was fetched and cannot be read."""
    if problem == "not a feed":
        return NoFeed(
            "There is no feed at {url}. Give the address of an RSS, Atom or JSON feed; the site often links to it with "
            "an orange symbol or the word “RSS”.",
            url=shown(url),
        )
    return FeedError(
        "The feed at {url} is broken, or too large or complicated to read. Ask its publisher for a simpler one.",
        url=shown(url),
    )


def bad_address(url: str) -> FeedError:
    """The error for an address that no feed can have."""
    return FeedError(
        "“{url}” is not the address of a feed. Give one that begins with https://, such as https://example.org/feed.",
        url=shown(url),
    )


def retry_after(headers: Mapping[str, str]) -> int | None:
    """The wait in seconds that the server asks for, between a minute and a day; a date counts from its own clock."""
    wish = headers.get("Retry-After", "").strip()
    try:
        seconds = int(wish)
    except ValueError:
        try:
            seconds = _seconds_between(headers["Date"], wish)
        except (KeyError, ValueError, TypeError):
            return None
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)


def shown(url: str) -> str:
    """An address as it may stand in a sentence: nothing unseen, nothing endless."""
    text = "".join(character for character in url if character.isprintable())
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def _seconds_between(start: str, end: str) -> int:
    return int((parsedate_to_datetime(end) - parsedate_to_datetime(start)).total_seconds())
