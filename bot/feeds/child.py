"""The child process that reads documents: a hostile one can hang or bloat it, and only it.

Standard input, again and again: a line of JSON, `{"task": "feed" | "links", "url": …, "content_type": …, "bytes": n}`,
and the document in n bytes. Standard output: a line of JSON, `{"problem": "not a feed" | "too much"}`, `{"links": […]}`
for a page, or `{"title": …, "lines": n}` for a feed, whose n entries follow, one a line. A process that ends before it
has answered has met its limits.
"""

import json
import os
import re
import signal
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
from feedparser.mixin import _FeedParserMixin

from bot.feeds.encoding import decoded, well_formed
from bot.feeds.entry import LONGEST_TITLE, Record, first_picture, record, useful_guids
from bot.feeds.links import MOST_PAGE, feed_links
from bot.plain_text import cut, text_of_html, visible

CPU_SECONDS = 5
MEMORY = 256 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_OUTPUT = 4 * 1024 * 1024  # bytes; the parent holds all of it
JSON_FEED = "https://jsonfeed.org/version/1"
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


_end_element = _FeedParserMixin.unknown_endtag


def _end_element_and_base(parser: Any, tag: str) -> None:
    """End an element with its xml:base; where nothing had one before, feedparser keeps it for all that follows."""
    _end_element(parser, tag)
    parser.baseuri = parser.basestack[-1] if parser.basestack else ""


_FeedParserMixin.unknown_endtag = _end_element_and_base


class Document(TypedDict):
    """A whole feed as it travels to the parent."""

    title: str
    entries: list[Record]


class Unreadable(Exception):
    """The document is no feed, or holds too much; the text is the problem as it travels to the parent."""


def read(body: bytes, *, url: str, content_type: str) -> Document:
    """The feed in a document that came from `url`; raises Unreadable."""
    text = decoded(body, content_type)
    title, entries = _from_json(text, url) if text.lstrip()[:1] == "{" else _from_xml(text, url)
    unique: dict[str, Record] = {}
    for entry in entries:
        unique.setdefault(entry["identity"], entry)
    heading = cut(visible(title) or urlsplit(url).hostname or "", LONGEST_TITLE)
    return {"title": heading, "entries": list(unique.values())}


def limit_resources(*, memory: int = MEMORY) -> None:
    """Let the system refuse this process more memory, where it knows how, and let everybody else go first."""
    for interruption in (signal.SIGINT, signal.SIGTERM):  # meant for the parent, which ends its children itself
        signal.signal(interruption, signal.SIG_IGN)
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    os.nice(5)
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # macOS knows the limit on memory and does not let it be set
            resource.setrlimit(kind, (most, most))


def limit_time(*, seconds: float = CPU_SECONDS) -> None:
    """Let the system end this process when it has computed for so many seconds from now, where it knows how."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)  # nobody handles its signal, so it is the end


def main() -> None:
    """Answer questions from standard input on standard output until there are no more."""
    limit_resources()
    while header := sys.stdin.buffer.readline():
        question = json.loads(header)
        body = sys.stdin.buffer.read(question.pop("bytes"))
        limit_time()
        sys.stdout.buffer.writelines(answer(body, **question))
        sys.stdout.buffer.flush()


def answer(body: bytes, *, task: str, url: str, content_type: str) -> list[bytes]:
    """The lines that answer one question."""
    try:
        if task == "links":
            return [_line({"links": feed_links(decoded(body[:MOST_PAGE], content_type), url)})]
        document = read(body, url=url, content_type=content_type)
    except Unreadable as problem:
        return [_line({"problem": str(problem)})]
    entries = [_line(entry) for entry in document["entries"]]
    if sum(map(len, entries)) > MOST_OUTPUT:
        return [_line({"problem": "too much"})]
    return [_line({"title": document["title"], "lines": len(entries)}), *entries]


def _line(value: object) -> bytes:
    return json.dumps(value).encode("ascii") + b"\n"


def _from_xml(text: str, url: str) -> tuple[str, Iterator[Record]]:
    """Title and entries of RSS, RDF or Atom, well-formed or not.

    The parser is given no address to resolve links against, for it would resolve guids as well, and those must
    stay what they are when a feed moves. Its cleaning of HTML stays off: all HTML becomes plain text here, and
    cleaning is what a small document can make last for minutes.
    """
    document = BytesIO(well_formed(text).encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8"}
    parsed = feedparser.parse(document, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    if not parsed.entries and not parsed.get("version"):
        raise Unreadable("not a feed")
    if len(parsed.entries) > MOST_ENTRIES:
        raise Unreadable("too much")
    guids = useful_guids(*([entry.get(name, "") for entry in parsed.entries] for name in ("id", "link", "title")))
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
        yield _if_picture(media.get("url", ""), media.get("medium") or media.get("type", ""))
    yield from (thumbnail.get("url", "") for thumbnail in entry.get("media_thumbnail", []))
    for link in entry.get("links", []):
        if link.get("rel") == "enclosure":
            yield _if_picture(link.get("href", ""), link.get("type", ""))
    yield entry.get("image", {}).get("href", "")
    for detail in details:
        if detail and detail.get("type") != "text/plain":
            yield first_picture(detail.get("value", ""), detail.get("base") or "")


def _if_picture(address: str, kind: str) -> str:
    """The address, if its kind says that it is a picture Discord can show, or without a kind its ending does."""
    if kind:
        return address if kind.startswith("image") and "svg" not in kind else ""
    return address if re.split("[?#]", address.lower(), maxsplit=1)[0].endswith(PICTURE_ENDINGS) else ""


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


def _from_json(text: str, url: str) -> tuple[str, Iterator[Record]]:
    """Title and entries of a JSON Feed, https://www.jsonfeed.org/version/1.1/."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("not a feed") from None
    if not _string(document, "version").startswith(JSON_FEED) or not isinstance(document.get("items"), list):
        raise Unreadable("not a feed")
    items = [item for item in document["items"] if isinstance(item, dict)]
    if len(items) > MOST_ENTRIES:
        raise Unreadable("too much")
    guids = useful_guids(*([_string(item, name) for item in items] for name in ("id", "url", "title")))
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
        pictures=(_string(item, "image"), _string(item, "banner_image"), *_attached(item), first_picture(markup, "")),
        published=_json_moment(_string(item, "date_published") or _string(item, "date_modified")),
        address=url,
    )


def _attached(item: dict[str, Any]) -> list[str]:
    """The pictures among the attachments."""
    attachments = item.get("attachments")
    listed = attachments if isinstance(attachments, list) else []
    return [_if_picture(_string(one, "url"), _string(one, "mime_type")) for one in listed]


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
