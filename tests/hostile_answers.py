"""Hostile answers below the document: bombs, lies about lengths, and pages that are no feeds."""

import gzip
import zlib

from tests.feeds_server import MEGABYTE, RSS, item, rss
from tests.hostile_bodies import ANY, Hostile

NEWS = rss(item("a", "https://news.example/1"))
START = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


def packed(megabytes: int, wbits: int) -> bytes:
    """Megabytes of spaces as a few kilobytes; 31 window bits make gzip, 15 zlib."""
    packer = zlib.compressobj(wbits=wbits)
    return b"".join(packer.compress(b" " * MEGABYTE) for _ in range(megabytes)) + packer.flush()


def said(length: int | str, body: bytes = NEWS) -> bytes:
    """A whole answer with a length of one's own."""
    return START + f"Content-Length: {length}\r\nConnection: close\r\n\r\n".encode() + body


BOMBS = (
    Hostile("gzip bomb", "Memory: 300 MB out of 300 kB.", packed(300, 31), None, RSS, {"Content-Encoding": "gzip"}),
    Hostile("deflate bomb", "The same.", packed(100, 15), None, RSS, {"Content-Encoding": "deflate"}),
    Hostile(
        "gzip in gzip",
        "Decoders that unpack until nothing is packed.",
        gzip.compress(packed(300, 31)),
        None,
        RSS,
        {"Content-Encoding": "gzip, gzip"},
    ),
    Hostile(
        "many small members",
        "Decoders that begin anew for each of 50,000 members.",
        gzip.compress(b" " * 100) * 50_000 + gzip.compress(NEWS),
        ANY,
        RSS,
        {"Content-Encoding": "gzip"},
    ),
    Hostile(
        "gzip torn off",
        "Decoders that wait for more.",
        gzip.compress(NEWS)[:-9],
        ANY,
        RSS,
        {"Content-Encoding": "gzip"},
    ),
    Hostile("gzip that is none", "Trust in headers.", NEWS, None, RSS, {"Content-Encoding": "gzip"}),
    Hostile("packed by none we named", "The same.", NEWS, ANY, RSS, {"Content-Encoding": "br"}),
    Hostile("six megabytes", "The limit on what is taken.", rss(item("a", summary="x" * 6 * MEGABYTE)), None),
)
LENGTHS = (
    Hostile("more promised than sent", "Readers that wait.", entries=None, raw=said(10_000)),
    Hostile("less promised than sent", "What follows is taken for another answer.", entries=ANY, raw=said(20)),
    Hostile("a length below nothing", "Numbers.", entries=None, raw=said(-1)),
    Hostile("a length that is no number", "Numbers.", entries=None, raw=said("0x10")),
    Hostile(
        "two ways to tell the end",
        "Readers that disagree where an answer ends.",
        entries=ANY,
        raw=START + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    ),
    Hostile(
        "a piece without a size",
        "Readers of pieces.",
        entries=None,
        raw=START + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\na\r\n",
    ),
    Hostile("a header of a megabyte", "Memory.", entries=None, raw=START + b"X-A: " + b"a" * MEGABYTE + b"\r\n\r\n"),
    Hostile("10,000 headers", "The same.", entries=None, raw=START + b"X-A: a\r\n" * 10_000 + b"\r\n"),
    Hostile("headers without end", "Time.", entries=None, raw=START + b"X-A: ", chunk=b"a"),
    Hostile("a body without end", "Time.", entries=None, raw=said(10_000_000, b"<rss>"), chunk=b" "),
    Hostile("another language", "Readers of HTTP.", entries=None, raw=b"SSH-2.0-OpenSSH_9\r\n"),
)
NO_FEEDS = (
    Hostile("nothing", "What takes a body to be there.", b"", None),
    Hostile(
        "a page to log in",
        "What takes 200 to be well.",
        b"<!doctype html><html><head><title>Log in</title></head><body><p>Who are you?</p></body></html>",
        None,
        "text/html",
    ),
    Hostile("a picture", "The same.", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4_000, None, "image/png"),
    Hostile("an error in JSON", "The same.", b'{"error": "too many requests"}', None, "application/json"),
    Hostile("a feed with nothing in it", "What forgets what is not there.", rss(), 0),
)
