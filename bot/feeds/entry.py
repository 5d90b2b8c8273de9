"""The rules that make a story out of one entry of a feed: what it is called for ever, what it says, where it leads."""

import re
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from itertools import islice
from typing import TypedDict
from urllib.parse import quote, urljoin, urlsplit

from bs4 import BeautifulSoup
from yarl import URL

from bot.plain_text import MOST_HTML, cut, opening, visible
from db.names import fold

LONGEST_IDENTITY = 300
LONGEST_TITLE = 256
LONGEST_LINK = 2_000
SAME_GUIDS = 3  # from so many entries on, one guid shared by all of them names nothing
TRACKING = re.compile(r"(?:utm_[^=]*|fbclid|gclid|mc_cid|mc_eid)(?:=|$)", re.IGNORECASE)
PICTURE_TAG = re.compile(r"<img\b[^<>]{0,2000}>", re.IGNORECASE)
PICTURES_LOOKED_AT = 5
PICTURE_SOURCES = ("data-src", "data-lazy-src", "src")  # where pictures load late, `src` shows what is there meanwhile
NO_PICTURES = {"wp-smiley", "emoji"}  # classes of little faces between words


class Record(TypedDict):
    """One entry as it travels from the child process; `published` is an ISO time in UTC, not yet judged."""

    identity: str
    title: str
    link: str | None
    summary: str
    picture: str | None
    published: str | None
    link_key: str | None
    title_key: str


def record(
    *, guid: str, link: str, title: str, summary: str, pictures: Iterable[str], published: str | None, address: str
) -> Record:
    """One entry from what the document says; title and summary are plain text, links may be relative to `address`."""
    target = safe_link(link, address)
    heading = cut(visible(title), LONGEST_TITLE)
    start = opening(visible(summary))
    return {
        "identity": identity(guid, target, heading, start),
        "title": heading or cut((urlsplit(target).hostname if target else None) or "Untitled", LONGEST_TITLE),
        "link": target,
        "summary": start,
        "picture": next(filter(None, (safe_link(picture, address) for picture in pictures)), None),
        "published": published,
        "link_key": canonical_link(target) if target else None,
        "title_key": fold(heading),
    }


def identity(guid: str, link: str | None, title: str, summary: str) -> str:
    """What makes an entry the same entry for ever: its guid, else its link, else what it says; never its date."""
    name = visible(guid)
    if name:
        return _short("guid:", re.sub("^https?:(?=//)", "", name))
    if link:
        return _short("link:", canonical_link(link))
    return "hash:" + sha256(f"{title}\n{summary}".encode()).hexdigest()


def useful_guids(guids: list[str], links: list[str], titles: list[str]) -> list[str]:
    """The guids of a document, emptied where all entries carry the same one, or other entries in link and title do."""
    if len(guids) >= SAME_GUIDS and len(set(guids)) == 1:
        return [""] * len(guids)
    pages, headings = defaultdict(set), defaultdict(set)
    for guid, link, title in zip(guids, links, titles, strict=True):
        pages[guid].add(link)
        headings[guid].add(title)
    return [guid if min(len(pages[guid]), len(headings[guid])) == 1 else "" for guid in guids]


def canonical_link(link: str) -> str:
    """One form for a link's many spellings: `//host/path?query`, no scheme, usual port, fragment or tracking."""
    parts = urlsplit(link)
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    if parts.port not in (None, 80, 443):
        host = f"{host}:{parts.port}"
    query = "&".join(pair for pair in parts.query.split("&") if not TRACKING.match(pair))
    return f"//{host}{parts.path or '/'}" + (f"?{query}" if query else "")


def safe_link(link: str, address: str) -> str | None:
    """The link made absolute, without unseen characters or a user's name; None unless it is http or https to a host."""
    text = visible(link)
    if not text:
        return None
    text = re.sub(r'[\s<>"`{}|\\^]', lambda unsafe: quote(unsafe[0]), text)
    try:
        parts = urlsplit(urljoin(address, text))
        host, _ = (parts.hostname or "").strip("."), parts.port  # reading the port judges it
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "%" in host:
        return None
    target = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return target if len(target) <= LONGEST_LINK and _has_host(target) else None


def _has_host(link: str) -> bool:
    """Whether the link names a host by the rules for names in all scripts, which are stricter than `urlsplit`."""
    try:
        return bool(URL(link).host)
    except ValueError:
        return False


def first_picture(markup: str, base: str) -> str:
    """The address of the first picture in HTML that is more than a dot, against `base`; "" if there is none."""
    for tag in islice(PICTURE_TAG.finditer(markup[:MOST_HTML]), PICTURES_LOOKED_AT):
        image = BeautifulSoup(tag[0], "html.parser").img
        if image is None or "1" in (image.get("width"), image.get("height")):
            continue  # a counter of readers
        if NO_PICTURES.isdisjoint(image.get_attribute_list("class")):
            sources = (str(image.get(name) or "").strip() for name in PICTURE_SOURCES)
            for source in sources:
                if source and not source.startswith("data:") and (picture := _joined(base, source)):
                    return picture
    return ""


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def _short(prefix: str, name: str) -> str:
    whole = prefix + name
    return whole if len(whole) <= LONGEST_IDENTITY else prefix + sha256(name.encode()).hexdigest()
