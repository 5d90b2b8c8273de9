"""Where a page says that its feeds are. Runs in the child process, for pages are as hostile as feeds."""

import re
import warnings
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from bot.feeds.entry import safe_link

MOST_PAGE = 512 * 1024  # bytes; pages name their feeds near their beginning
MOST_LINKS = 10
FEED_TYPES = frozenset(
    f"application/{kind}" for kind in ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "rss", "atom", "xml")
) | {"text/xml"}
# What a link in the text of a page leads to if it is a feed: "/feed/", "/rss", "news.rss", "atom.xml".
FEED_PATH = re.compile(r"(?:/|^)(?:feed|rss|atom)s?/?$|[./](?:rss|atom)$|(?:rss|atom|feed|index)\.(?:xml|json|rdf)$")


def feed_links(page: str, url: str) -> list[str]:
    """Addresses of the feeds that an HTML page from `url` names, the likeliest first: announced ones, then links."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # guesses about what the page may be instead
        soup = BeautifulSoup(page, "html.parser")
    named = soup.find("base", href=True)
    base = (safe_link(str(named["href"]), url) if isinstance(named, Tag) else None) or url
    found: dict[str, int] = {}
    for tag in soup.find_all(["link", "a"], href=True):
        address = safe_link(str(tag["href"]), base)
        if address and (rank := _rank(tag, address)) is not None:
            found[address] = min(rank, found.get(address, rank))
    return sorted(found, key=found.__getitem__)[:MOST_LINKS]


def _rank(tag: Tag, address: str) -> int | None:
    """How likely a link leads to the feed that somebody wants, 0 the likeliest; None if to no feed at all."""
    relations = {word.lower() for word in tag.get_attribute_list("rel") if word}
    kind = str(tag.get("type") or "").partition(";")[0].strip().lower()
    if "alternate" in relations and kind in FEED_TYPES:
        about_comments = "comment" in f"{address} {tag.get('title') or ''}".lower()
        return 1 if about_comments else 0
    if tag.name == "a" and FEED_PATH.search(urlsplit(address).path.lower()):
        return 2
    return None
