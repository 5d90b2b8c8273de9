"""Articles of a paper, and the documents in which its feed lists them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from tests.feeds_server import item, rss

LONG_AGO = datetime(2026, 11, 2, 9, tzinfo=UTC)
TOPICS = ("Choir", "Cherry trees", "Firefighters", "Youth exchange", "Market", "Museum", "Marathon", "Bridge")


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its feed tells of it."""

    guid: str
    link: str
    title: str
    published: datetime | None = None
    summary: str = ""

    def as_rss(self) -> str:
        """The article as an item of RSS."""
        moment = format_datetime(self.published) if self.published else ""
        return item(self.title, self.link, guid=self.guid, summary=self.summary, published=moment)

    def as_atom(self) -> str:
        """The article as an entry of Atom."""
        moment = f"<updated>{self.published.isoformat()}</updated>" if self.published else ""
        link = f"<link href={quoteattr(self.link)}/>" if self.link else ""
        return f"<entry><id>{escape(self.guid)}</id><title>{escape(self.title)}</title>{link}{moment}</entry>"


def article(number: int, published: datetime | None = None) -> Article:
    """An article of the paper; the higher its number, the later it was written, one a day."""
    return Article(
        guid=f"http://news.example/?p={number}",
        link=f"https://news.example/{number}-news",
        title=f"{TOPICS[number % len(TOPICS)]}, the {number}th time",
        published=published or LONG_AGO + timedelta(days=number),
    )


def articles(first: int, last: int) -> list[Article]:
    """The articles with these numbers, the newest first, as feeds list them."""
    return [article(number) for number in range(last, first - 1, -1)]


def document(some: Iterable[Article]) -> bytes:
    """The feed as RSS."""
    return rss(*(one.as_rss() for one in some))


def atom(some: Iterable[Article]) -> bytes:
    """The feed as Atom."""
    entries = "".join(one.as_atom() for one in some)
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Sister City News</title><id>tag:news.example,2026:/</id>'
    return f"{head}{entries}</feed>".encode()


def json_feed(some: Iterable[Article]) -> bytes:
    """The feed as a JSON Feed."""
    items = [{"id": one.guid, "url": one.link, "title": one.title} for one in some]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "Sister City News", "items": items}).encode()


def changed(
    some: Iterable[Article],
    *,
    guid: str = "{}",
    link: str = "{}",
    title: str = "{}",
    summary: str = "{}",
    published: datetime | Literal["as before"] | None = "as before",
) -> list[Article]:
    """The articles with other values; `{}` in a text stands for the old one."""
    return [
        Article(
            guid=guid.format(one.guid),
            link=link.format(one.link),
            title=title.format(one.title),
            published=one.published if published == "as before" else published,
            summary=summary.format(one.summary),
        )
        for one in some
    ]
