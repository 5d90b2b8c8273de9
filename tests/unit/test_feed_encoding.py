"""The letters of a document: believed where they speak for themselves, never where they cannot be true."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.encoding import decoded, well_formed

TEXT = "text/xml"
CITIES = "Székesfehérvár, Plzeň, 前橋, Винница"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (CITIES.encode(), "", CITIES),
        (CITIES.encode(), "text/xml; charset=iso-8859-1", CITIES),
        (CITIES.encode("utf-8-sig"), "text/xml; charset=utf-16", CITIES),
        (("<" + CITIES).encode("utf-16"), TEXT, "<" + CITIES),
        (("<" + CITIES).encode("utf-16-le"), TEXT, "<" + CITIES),
        (("<" + CITIES).encode("utf-16-be"), "text/xml; charset=utf-8", "<" + CITIES),
        (("{" + CITIES).encode("utf-16-le"), TEXT, "{" + CITIES),
        (("<" + CITIES).encode("utf-32"), TEXT, "<" + CITIES),
        ("Винница".encode("cp1251"), 'text/xml; x=1; charset="Windows-1251"', "Винница"),
        ("Винница".encode("koi8-r"), "text/xml;charset=koi8-r", "Винница"),
        ("<?xml version='1.0' encoding='koi8-r'?>Винница".encode("koi8-r"), TEXT, "Винница"),
        ('<meta charset="shift_jis">前橋市①'.encode("cp932"), "text/html", "前橋市①"),
        ("前橋市".encode("iso-2022-jp"), "text/xml; charset=iso-2022-jp", "前橋市"),
        ("“Plzeň” — 5 €".replace("ň", "n").encode("cp1252"), "text/xml; charset=iso-8859-1", "“Plzen” — 5 €"),
        ("São Paulo".encode("latin-1"), "text/xml; charset=utf-8", "São Paulo"),
        ("São Paulo".encode("latin-1"), "", "São Paulo"),
        ("é" * 50 + "x", "", "é" * 50 + "x"),
        ("é".encode() * 50 + b"\xe9x", "", "é" * 50 + "\ufffdx"),
        ("é".encode() * 50 + b"\xc3", "text/xml; charset=utf-8", "é" * 50 + "\ufffd"),
        (b"+ADw-rss+AD4-", "text/xml; charset=utf-7", "+ADw-rss+AD4-"),
        (b"\\u003crss\xe9", "text/xml; charset=unicode_escape", "\\u003crssé"),
        (b"789c", "text/xml; charset=zlib", "789c"),
        (b"\xe9", "text/xml; charset=" + "x" * 500, "é"),
        (b"\xe9", "text/xml; charset=\x00", "é"),
        (b"\x81\xe9", "", "\ufffdé"),
        (b"", "", ""),
    ],
)
def test_letters_arrive_whatever_is_claimed(body: bytes | str, content_type: str, text: str) -> None:
    assert decoded(body.encode() if isinstance(body, str) else body, content_type).endswith(text)


@given(st.binary(), st.sampled_from(["", "utf-8", "utf-7", "hex", "rot13", "idna", "punycode", "shift_jis", "utf-16"]))
def test_any_bytes_are_some_text(body: bytes, charset: str) -> None:
    assert isinstance(decoded(body, f"text/xml; charset={charset}"), str)
    assert isinstance(decoded(f"<?xml encoding='{charset}'?>".encode() + body, ""), str)


@pytest.mark.parametrize(
    ("xml", "sound"),
    [
        ("<a>é\t\n&#233;&#xE9;&#9;&amp;</a>", "<a>é\t\n&#233;&#xE9;&#9;&amp;</a>"),
        ("a\x00b\x08c\x0bd\x1fe\ufffe\ud800f", "abcdef"),
        ("a&#0;b&#x0;c&#8;d&#xD800;e&#55357;&#56832;f&#x110000;g&#99999999999999999999;h", "abcdefgh"),
        ("&#; &#x; &# &#y &#65", "&#; &#x; &# &#y &#65"),
    ],
)
def test_what_xml_cannot_hold_is_left_out(xml: str, sound: str) -> None:
    assert well_formed(xml) == sound


@pytest.mark.parametrize("piece", ["&#", "&#x", "&#0;", "&#1", "\x00", "9", "&#" + "9" * 5_000])
def test_leaving_it_out_takes_no_time(piece: str) -> None:
    started = time.process_time()
    well_formed(piece * (2_000_000 // len(piece)))
    assert time.process_time() - started < 2


@pytest.mark.parametrize("piece", [b"<?xml ", b"charset=", b"<?xml encoding", b"\xff", b"\x1b"])
def test_finding_the_encoding_takes_no_time(piece: bytes) -> None:
    started = time.process_time()
    decoded(piece * (5_000_000 // len(piece)), "charset" * 10_000)
    assert time.process_time() - started < 2
