"""The child process that reads one feed: a hostile document can hang or bloat it, and only it.

Standard input: one line of JSON, `{"url": …, "content_type": …}`, then the document. Standard output: one JSON
object, the feed or `{"problem": "not a feed" | "too much"}`. A process that ends otherwise has met its limits.
"""

import json
import sys
from calendar import timegm
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from time import struct_time
from typing import Any, TypedDict
from urllib.parse import urlsplit

import feedparser

from bot.feed_entry import LONGEST_TITLE, Record, first_picture, record, useful_guids
from bot.plain_text import cut, text_of_html, visible

CPU_SECONDS = 5
MEMORY = 512 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_OUTPUT = 8 * 1024 * 1024  # bytes; the parent holds all of it
JSON_FEED = "https://jsonfeed.org/version/1"
UNMISTAKABLE = (  # beginnings that tell the encoding, which the parser would not believe against a header
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Document(TypedDict):
    """A whole feed as it travels to the parent."""

    title: str
    entries: list[Record]


class Unreadable(Exception):
    """The document is no feed, or holds too much; the text is the problem as it travels to the parent."""


def read(body: bytes, *, url: str, content_type: str) -> Document:
    """The feed in a document that came from `url`; raises Unreadable."""
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        title, entries = _from_json(body, url)
    else:
        title, entries = _from_xml(body, url, content_type)
    unique: dict[str, Record] = {}
    for entry in entries:
        unique.setdefault(entry["identity"], entry)
    heading = cut(visible(title) or urlsplit(url).hostname or "", LONGEST_TITLE)
    return {"title": heading, "entries": list(unique.values())}


def limit_resources(*, seconds: int = CPU_SECONDS, memory: int = MEMORY) -> None:
    """Let the system end this process at so much computing time, and refuse it more memory, where it knows how."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # macOS knows the limit on memory and does not let it be set
            resource.setrlimit(kind, (most, most))


def main() -> None:
    """Read a document from standard input and write what it is to standard output."""
    limit_resources()
    header = json.loads(sys.stdin.buffer.readline())
    try:
        answer = json.dumps(read(sys.stdin.buffer.read(), **header))
    except Unreadable as problem:
        answer = json.dumps({"problem": str(problem)})
    if len(answer) > MOST_OUTPUT:
        answer = json.dumps({"problem": "too much"})
    sys.stdout.buffer.write(answer.encode("ascii"))


def _from_xml(body: bytes, url: str, content_type: str) -> tuple[str, Iterator[Record]]:
    """Title and entries of RSS, RDF or Atom, well-formed or not.

    The parser is given no address to resolve links against, for it would resolve guids as well, and those must
    stay what they are when a feed moves. Its cleaning of HTML stays off: all HTML becomes plain text here, and
    cleaning is what a small document can make last for minutes.
    """
    for beginning, encoding in UNMISTAKABLE:
        if body.startswith(beginning):
            body, content_type = body.decode(encoding, "replace").encode(), "application/xml; charset=utf-8"
            break
    headers = {"content-type": content_type} if content_type else {}
    parsed = feedparser.parse(BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    if not parsed.entries and not parsed.get("version"):
        raise Unreadable("not a feed")
    if len(parsed.entries) > MOST_ENTRIES:
        raise Unreadable("too much")
    guids = useful_guids([entry.get("id", "") for entry in parsed.entries])
    entries = (_xml_entry(entry, guid, url) for entry, guid in zip(parsed.entries, guids, strict=True))
    return _text(parsed.feed.get("title_detail")), entries


def _xml_entry(entry: Any, guid: str, url: str) -> Record:
    contents = entry.get("content", [])
    link = entry.get("link", "")
    if link == entry.get("id") and not link.startswith(("http://", "https://", "/")):
        link = ""  # a guid that claims to be a link and is not
    return record(
        guid=guid,
        link=link,
        title=_text(entry.get("title_detail")),
        summary=next(filter(None, map(_text, [entry.get("summary_detail"), *contents])), ""),
        pictures=_pictures(entry, [entry.get("summary_detail"), *contents]),
        published=_moment(entry),
        address=url,
    )


def _text(detail: Any) -> str:
    """The plain text of a feedparser detail, which says itself whether it is HTML."""
    if not detail or not detail.get("value"):
        return ""
    return visible(detail.value) if detail.get("type") == "text/plain" else text_of_html(detail.value)


def _pictures(entry: Any, details: Iterable[Any]) -> Iterator[str]:
    """Addresses of pictures, those meant as the entry's picture first."""
    for media in entry.get("media_content", []):
        address = media.get("url", "")
        kind = media.get("medium") or media.get("type", "")
        if kind.startswith("image") or (not kind and address.lower().endswith(PICTURE_ENDINGS)):
            yield address
    yield from (thumbnail.get("url", "") for thumbnail in entry.get("media_thumbnail", []))
    for link in entry.get("links", []):
        if link.get("rel") == "enclosure" and link.get("type", "").startswith("image/"):
            yield link.get("href", "")
    yield entry.get("image", {}).get("href", "")
    for detail in details:
        if detail and detail.get("type") != "text/plain":
            yield first_picture(detail.get("value", ""), detail.get("base") or "")


def _moment(entry: Any) -> str | None:
    """When the entry was published, else changed, as ISO time in UTC."""
    for field in ("published_parsed", "updated_parsed", "created_parsed"):
        parts = dict.get(entry, field)  # the entry's own `get` takes one date for another, with a warning
        if isinstance(parts, struct_time):
            try:
                return (EPOCH + timedelta(seconds=timegm(parts))).isoformat()
            except (ValueError, OverflowError):
                continue
    return None


def _from_json(body: bytes, url: str) -> tuple[str, Iterator[Record]]:
    """Title and entries of a JSON Feed, https://www.jsonfeed.org/version/1.1/."""
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise Unreadable("not a feed") from None
    if not _string(document, "version").startswith(JSON_FEED) or not isinstance(document.get("items"), list):
        raise Unreadable("not a feed")
    items = [item for item in document["items"] if isinstance(item, dict)]
    if len(items) > MOST_ENTRIES:
        raise Unreadable("too much")
    guids = useful_guids([_string(item, "id") for item in items])
    entries = (_json_entry(item, guid, url) for item, guid in zip(items, guids, strict=True))
    return _string(document, "title"), entries


def _json_entry(item: dict[str, Any], guid: str, url: str) -> Record:
    markup = _string(item, "content_html")
    plain = _string(item, "summary") or _string(item, "content_text")
    return record(
        guid=guid,
        link=_string(item, "url") or _string(item, "external_url"),
        title=_string(item, "title"),
        summary=plain or text_of_html(markup),
        pictures=(_string(item, "image"), _string(item, "banner_image"), first_picture(markup, "")),
        published=_json_moment(_string(item, "date_published") or _string(item, "date_modified")),
        address=url,
    )


def _json_moment(text: str) -> str | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _string(values: Any, name: str) -> str:
    """A string, or a number as one, out of an object whose shape nobody vouches for; else ""."""
    value = values.get(name) if isinstance(values, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


if __name__ == "__main__":
    main()
