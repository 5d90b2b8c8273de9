"""Other versions of a feed's document as it may look an hour later, made without understanding it."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any

ENTRY = re.compile(rb"<((?:\w+:)?(?:item|entry))(?=[\s>/])[^>]*(?:(?<=/)>|>.*?</\1\s*>)", re.DOTALL | re.IGNORECASE)
DATE = re.compile(
    rb"(<(?:\w+:)?(pubDate|lastBuildDate|updated|published|modified|issued|created|date)(?:\s[^>]*)?>)[^<]+",
    re.IGNORECASE,
)
RFC_822 = (b"pubdate", b"lastbuilddate")


def reordered(body: bytes) -> bytes:
    """The document with its entries the other way round; as it is where none are found."""
    if (changed := _in_json(body, lambda items: items[::-1])) is not None:
        return changed
    found = [match[0] for match in ENTRY.finditer(body)]
    return ENTRY.sub(lambda _: found.pop(), body)


def touched(body: bytes, moment: datetime) -> bytes:
    """The document with all its dates set to one moment."""
    if (changed := _in_json(body, lambda items: [_dated(item, moment) for item in items])) is not None:
        return changed
    names = (format_datetime(moment).encode(), moment.isoformat().encode())
    return DATE.sub(lambda match: match[1] + names[match[2].lower() not in RFC_822], body)


def with_news(body: bytes, title: str, link: str) -> bytes | None:
    """The document with one more entry on top; None where nobody can tell how one would look in it."""
    entry = {"id": link, "url": link, "title": title}
    if (changed := _in_json(body, lambda items: [entry, *items])) is not None:
        return changed
    first = ENTRY.search(body)
    forms = {
        b"item": f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid></item>",
        b"entry": f'<entry><id>{link}</id><title>{title}</title><link href="{link}"/></entry>',
    }
    if first is None or first[1] not in forms:
        return None
    return body[: first.start()] + forms[first[1]].encode() + body[first.start() :]


def _in_json(body: bytes, change: Callable[[list[Any]], list[Any]]) -> bytes | None:
    """The document with other items if it is a JSON Feed, else None."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return None
    return json.dumps(document | {"items": change(document["items"])}).encode()


def _dated(item: Any, moment: datetime) -> Any:
    dates = {"date_published": moment.isoformat(), "date_modified": moment.isoformat()}
    return item | dates if isinstance(item, dict) else item
