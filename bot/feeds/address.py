"""Addresses that moderators type and servers redirect to: which of them the bot opens."""

import re
from collections.abc import Collection

from yarl import URL

from bot.errors import FeedError
from bot.feeds.problems import bad_address, shown

WEB_PORTS = frozenset({80, 443, 8080, 8443})
LONGEST_ADDRESS = 2_000
HOST = re.compile(r"[\w.-]+|.*:.*", re.ASCII)  # a name or IPv4; of IPv6, with its colons, yarl has judged the rest


def checked(url: str, ports: Collection[int] | None) -> URL:
    """The address, if it is one that the bot may open, on one of these ports or on any; raises FeedError."""
    text = url.strip()
    try:
        target = URL(text)
        named = bool(target.host and HOST.fullmatch(target.raw_host or ""))
        sound = named and target.scheme in ("http", "https") and target.port is not None
    except ValueError:
        sound = False
    if not sound or len(text) > LONGEST_ADDRESS or not text.isprintable():
        raise bad_address(text)
    if target.user is not None or target.password is not None:
        raise FeedError("The address holds a name or a password. Give the address of a public feed without them.")
    if ports is not None and target.port not in ports:
        raise FeedError(
            "{url} names a port that the bot does not open. Give an address without a port.", url=shown(text)
        )
    return target


def redirected(target: URL, location: str) -> URL:
    """Where a redirect leads; raises FeedError for nonsense and for the way from a secure page to an insecure one."""
    try:
        following = target.join(URL(location))
    except ValueError:
        raise bad_address(location) from None
    if target.scheme == "https" and following.scheme == "http":
        raise FeedError(
            "{url} leads from a secure page to one that is not. Give the address where the feed really is.",
            url=shown(str(target)),
        )
    return following
