"""The letters of a document, whatever its server, its declaration and its bytes claim about their encoding."""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress

UNMISTAKABLE = (  # beginnings that tell the encoding
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"{\x00", "utf-16-le"),
    (b"\x00{", "utf-16-be"),
)
# What is really written under a narrower name, as browsers know: https://encoding.spec.whatwg.org/#names-and-labels
WIDER = {
    "ascii": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso8859-9": "windows-1254",
    "iso8859-11": "windows-874",
    "tis-620": "windows-874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
NO_ENCODINGS = frozenset({"utf-7", "punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
IN_DECLARATION = re.compile(
    r"(?:<\?xml[^>]{0,200}?encoding|charset)\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII
)
DECLARED_WITHIN = 1_024  # bytes
# XML has no place for these; one of them would make a strict parser give up the whole document.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def decoded(body: bytes, content_type: str) -> str:
    """The text of a document. Bytes that can only be UTF-8 are; then the header is believed, then the declaration."""
    for beginning, encoding in UNMISTAKABLE:
        if body.startswith(beginning):
            return body.decode(encoding, "replace").removeprefix("\ufeff")
    for encoding in _candidates(body, content_type):
        try:
            return body.decode(encoding)
        except UnicodeError:
            continue
    text = body.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = len(text.encode()) - len(text) - 2 * wrong  # nearly: every letter beyond ASCII takes one byte more, or some
    return text if right > 10 * wrong else body.decode("windows-1252", "replace")


def well_formed(text: str) -> str:
    """The text of an XML document without characters, as they are or by number, that no XML document can hold."""
    return REFERENCE.sub(_speakable, UNSPEAKABLE.sub("", text))


def _candidates(body: bytes, content_type: str) -> Iterator[str]:
    """Encodings to try, in this order. Of plain ASCII only those with escape sequences make something else."""
    if b"\x1b" not in body:
        yield "utf-8"
    beginning = body[:DECLARED_WITHIN].decode("latin-1")
    for claim in (IN_HEADER.search(content_type), IN_DECLARATION.search(beginning)):
        name = _known(claim[1]) if claim else None
        if name:
            yield WIDER.get(name, name)


def _known(claim: str) -> str | None:
    """Python's name of an encoding; None if it has none, or means something else by it."""
    with suppress(LookupError, ValueError):
        name = codecs.lookup(claim).name
        b"<".decode(name, "replace")  # raises LookupError for codecs that pack and unpack
        return None if name.replace("_", "-") in NO_ENCODINGS else name
    return None


def _speakable(reference: re.Match[str]) -> str:
    digits = reference[1] or reference[2]
    number = int(digits, 16 if reference[1] else 10) if len(digits) <= 7 else -1
    return reference[0] if 0 < number <= 0x10FFFF and not UNSPEAKABLE.match(chr(number)) else ""
