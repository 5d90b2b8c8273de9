"""Hostile bodies made of letters: encodings that lie, and words and links that deceive a reader."""

import json
from typing import Any

from tests.feeds_server import item, rss
from tests.hostile_bodies import ANY, Hostile
from tests.hostile_markup import HEAD

XML = "text/xml"
CITY = rss(item("Székesfehérvár, 前橋", "https://news.example/1")).decode()


def json_feed(*items: Any, **more: Any) -> bytes:
    """A JSON Feed with these items."""
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "a", "items": items} | more).encode()


def declared(encoding: str) -> bytes:
    """An RSS document in UTF-8 that claims to be in another encoding."""
    return CITY.encode().replace(HEAD, f'<?xml version="1.0" encoding="{encoding}"?>'.encode())


ENCODINGS = (
    Hostile("UTF-16 without a mark", "Guessing the encoding.", CITY.encode("utf-16-le"), 1, XML),
    Hostile("UTF-32 without a mark", "Guessing the encoding.", CITY.encode("utf-32-be"), ANY, XML),
    Hostile(
        "UTF-7", "Decoders that turn harmless letters into tags.", b"+ADw-rss+AD4-", None, "text/xml;charset=utf-7"
    ),
    Hostile("EBCDIC", "Encodings in which no ASCII letter is itself.", CITY.encode("cp037", "replace"), ANY, XML),
    Hostile("a header that lies", "Trust in what the server says.", CITY.encode(), 1, "text/xml; charset=utf-16"),
    Hostile("a declaration that lies", "Trust in what the document says.", declared("utf-16"), ANY, XML),
    Hostile("Latin letters called UTF-8", "Strict decoders.", rss(item("é")).decode().encode("latin-1"), 1),
    Hostile(
        "letters longer than they need be", "Filters that look at bytes.", rss(item("X")).replace(b"X", b"\xc0\xbc"), 1
    ),
    Hostile("a charset that unpacks", "Codecs of Python that are no encodings.", declared("zlib_codec"), ANY, XML),
    Hostile("a charset that runs escapes", "The same.", CITY.encode(), ANY, "text/xml; charset=unicode_escape"),
    Hostile("a charset with no end", "Look-ups by name.", CITY.encode(), ANY, "text/xml; charset=" + "x" * 4_000),
    Hostile("NUL", "Databases that end a text there or refuse it.", rss("<item><title>a\x00b</title></item>"), 1),
    Hostile(
        "NUL by number", "The same, past the decoder.", rss("<item><title>a&#0;b&#xD800;&#x110000;</title></item>"), 1
    ),
    Hostile(
        "lone surrogates", "What is text in JSON and in no encoding.", json_feed({"id": "\ud800", "title": "\udfff"}), 1
    ),
)
ODD_JSON = (
    Hostile("nested JSON", "The stack of the parser.", b'{"items":' * 100_000, None, "application/feed+json"),
    Hostile("brackets", "The same.", b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 100_000, None),
    Hostile("numbers without end", "Numbers that take long to read.", b'{"version":' + b"9" * 1_000_000 + b"}", None),
    Hostile("no number", "What JSON does not know and Python reads.", json_feed({"id": float("nan"), "title": "a"}), 1),
    Hostile("shapes", "Trust in shapes.", json_feed(None, [], "a", 1, {"id": {}, "title": [[]], "url": True}), 1),
    Hostile("items that are no list", "The same.", json_feed().replace(b"[]", b'{"a": 1}'), None),
    Hostile("20,000 items of JSON", "Memory.", json_feed(*({"id": str(n)} for n in range(20_000))), ANY),
    Hostile(
        "the end of time",
        "Dates that leave the calendar in UTC.",
        json_feed({"id": "1", "date_published": "9999-12-31T23:59:59-14:00"}),
        1,
    ),
    Hostile(
        "HTML in JSON",
        "Five megabytes of HTML in one text.",
        json_feed({"id": "1", "content_html": "<p>a" * 1_200_000}),
        1,
    ),
)
NAMES = (
    Hostile(
        "one guid for all", "What is known by its guid.", rss(*(item(f"t{n}", f"/{n}", guid="x") for n in range(9))), 9
    ),
    Hostile("empty guids", "The same.", rss(*(f"<item><guid> </guid><title>t{n}</title></item>" for n in range(9))), 9),
    Hostile("two of a name", "Rows that must differ.", rss(*[item("same", "/same", guid="same")] * 9, item("b")), 2),
    Hostile(
        "dates past and to come",
        "Orders by date.",
        rss(
            item("a", "/1", published="Thu, 01 Jan 1970 00:00:00 GMT"),
            item("b", "/2", published="Fri, 31 Dec 2099 23:59:59 GMT"),
            item("c", "/3", published="Fri, 31 Dec 99999 23:59:59 GMT"),
            item("d", "/4", published="99 Foo -1 99:99:99 +9999"),
        ),
        4,
    ),
)
WORDS = (
    Hostile(
        "links that run",
        "Readers who press a link.",
        rss(
            item("a", "javascript:alert(1)"),
            item("b", " \tjava\nscript:alert(2)"),
            item("c", "data:text/html,<script>"),
            item("d", "vbscript:x", guid="javascript:alert(3)"),
            item("e", "file:///etc/passwd", summary="<img src='javascript:alert(4)'>"),
            item("f", "https://me:secret@news.example/"),
        ),
        6,
    ),
    Hostile("titles that turn round", "Eyes.", rss(item("\u202egnp.exe\u202c \u2066x\u2069 \u200f!", "/1")), 1),
    Hostile("towers of marks", "Screens.", rss(item("Z" + "\u0335\u0321\u0489" * 700 + "algo", "/1")), 1),
    Hostile("nothing to see", "What takes a title to be there.", rss(item("\u200b\u2060\ufeff\u3164", "/1")), 1),
    Hostile(
        "everybody called",
        "Everybody's telephone.",
        rss(
            item("@everyone @here <@&1> <@1> <#1> </feed add:1>", "/1", summary="@everyone <@&1> <t:0:R> <:a:1>"),
            item("@\u202eeveryone", "/2", summary="```\n@everyone\n```||@here||"),
            item("[free](https://evil.example) # **x**", "/3", summary="> -# [a](https://evil.example)\n# b"),
        ),
        3,
    ),
    Hostile(
        "a link of four kilobytes",
        "Bodies that Discord refuses.",
        rss(item("a", "https://news.example/" + "a" * 4_096)),
        1,
    ),
    Hostile(
        "hosts that look like others",
        "Eyes.",
        rss(
            item("a", "https://аpple.example/"),
            item("b", "https://news.example@evil.example/"),
            item("c", "https://news.example%2eevil.example/"),
            item("d", "https://[::ffff:127.0.0.1]/"),
            item("e", "https://" + "a" * 300 + ".example/"),
            item("f", "https://①②⑦.⓪.⓪.①/"),
        ),
        6,
    ),
    Hostile(
        "pictures that are none",
        "Whoever fetches a picture's address.",
        rss(
            item("a", "/1", summary="<img src='data:image/svg+xml,<svg onload=alert(1)>'>"),
            item("b", "/2", summary="<img src='http://[::1'><img src='//'>"),
            '<item><title>c</title><enclosure url="file:///etc/passwd" type="image/png"/></item>',
        ),
        3,
    ),
)
