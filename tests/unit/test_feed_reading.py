"""Reading a document: every kind of feed is understood, and what is no feed is said so."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FeedError
from bot.feeds.child import Unreadable, read
from bot.feeds.document import plausible
from bot.feeds.reader import Entry, Feed, Fetched, parse
from tests.feeds_server import RSS, item, rss

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://news.example/blog/feed.xml"
PROJECT = Path(__file__).parent.parent.parent
ODD_FEEDS = PROJECT.parent / "shared" / "data" / "feeds"


def fetched(body: bytes, content_type: str = RSS) -> Fetched:
    return Fetched(url=URL, status=200, body=body, content_type=content_type, etag=None, last_modified=None)


def titles(body: bytes, content_type: str = "text/xml") -> list[str]:
    return [entry["title"] for entry in read(body, url=URL, content_type=content_type)["entries"]]


async def test_a_feed_is_read_into_entries() -> None:
    body = rss(
        item(
            "Tom &amp; Jerry in Plzeň",
            "/1",
            guid="tag:1",
            summary='<p>One. Two. <img src="/a.png">Three.</p>',
            published="Sun, 22 Nov 2026 12:00:00 +0100",
        ),
        item("Second", "https://news.example/2?utm_source=rss", published="Mon, 01 Jan 2035 00:00:00 GMT"),
        item("Second again", "http://news.example/2", published="Thu, 01 Jan 1970 00:00:00 GMT"),
        item("Third"),
        title="Sister <City> News",
    )
    assert await parse(fetched(body), now=NOW) == Feed(
        title="Sister <City> News",
        entries=(
            Entry(
                identity="guid:tag:1",
                title="Tom & Jerry in Plzeň",
                link="https://news.example/1",
                summary="One. Two.",
                picture="https://news.example/a.png",
                published=datetime(2026, 11, 22, 11, tzinfo=UTC),
                link_key="//news.example/1",
                title_key="tom jerry in plzen",
            ),
            Entry(
                identity="link://news.example/2",
                title="Second",
                link="https://news.example/2?utm_source=rss",
                summary="",
                picture=None,
                published=None,
                link_key="//news.example/2",
                title_key="second",
            ),
            Entry(
                identity="hash:a15eeb74f3877de59f337904a9d5a99c538cb55b75a5dc6ff8db1ffe3b39cf2c",
                title="Third",
                link=None,
                summary="",
                picture=None,
                published=None,
                link_key=None,
                title_key="third",
            ),
        ),
    )


def test_atom_is_read_with_its_own_base_and_kinds_of_text() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/x/">
      <title type="html">A &amp;amp; B</title><link href="/"/>
      <entry><id>tag:1</id><title type="text">less &lt;b&gt; than</title>
        <link rel="self" href="s"/><link href="p1"/><updated>2026-11-22T10:00:00+09:00</updated>
        <content type="xhtml" xml:base="sub/">
          <div xmlns="http://www.w3.org/1999/xhtml">Hi <img src="i.png"/></div></content>
      </entry></feed>"""
    assert read(body, url=URL, content_type="application/atom+xml") == {
        "title": "A & B",
        "entries": [
            {
                "identity": "guid:tag:1",
                "title": "less <b> than",
                "link": "https://base.example/x/p1",
                "summary": "Hi",
                "picture": "https://base.example/x/sub/i.png",
                "published": "2026-11-22T01:00:00+00:00",
                "link_key": "//base.example/x/p1",
                "title_key": "less b than",
            }
        ],
    }


def test_the_base_of_one_entry_is_not_that_of_the_next() -> None:
    based = '<item xml:base="https://base.example/x/"><link>p1</link></item>'
    plain = "<item><link>p2</link></item>"
    links = [
        {entry["link"] for entry in read(rss(*items), url=URL, content_type=RSS)["entries"]}
        for items in ((based, plain), (plain, based))
    ]
    assert links == [{"https://base.example/x/p1", "https://news.example/blog/p2"}] * 2


def test_a_json_feed_is_read() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Plzeň",
        "home_page_url": "https://plzen.example/",
        "items": [
            {"id": 7, "url": "/7", "title": "Seven", "content_html": "<p>A<img src='a.png'></p>"},
            {"id": "8", "external_url": "https://x.example/", "content_text": "<b>", "image": "/8.png"},
            {
                "id": "10",
                "attachments": [
                    {"url": "/a.mp3", "mime_type": "audio/mpeg"},
                    3,
                    {"url": "/a", "mime_type": "image/png"},
                ],
            },
            {"id": "9", "summary": "S", "date_published": "2026-11-22T10:00:00+01:00"},
            {"id": "9", "title": "a copy"},
            {"id": ["odd"], "title": {"odd": 1}, "date_published": "yesterday", "url": None, "image": 3},
            "odd",
        ],
    }
    made = read(b"\xef\xbb\xbf " + json.dumps(document).encode(), url=URL, content_type="application/feed+json")
    assert made["title"] == "Plzeň"
    assert [tuple(entry.values())[:6] for entry in made["entries"][:4]] == [
        ("guid:7", "Seven", "https://news.example/7", "A", "https://news.example/blog/a.png", None),
        ("guid:8", "x.example", "https://x.example/", "<b>", "https://news.example/8.png", None),
        ("guid:10", "Untitled", None, "", "https://news.example/a", None),
        ("guid:9", "Untitled", None, "S", None, "2026-11-22T09:00:00+00:00"),
    ]
    assert len(made["entries"]) == 5


def test_guids_stay_as_they_are_wherever_the_feed_lives() -> None:
    body = rss("<item><guid>123</guid><title>a</title></item>", item("b", "/b", guid="b"))
    here, there = (read(body, url=url, content_type=RSS) for url in (URL, "http://old.example/feed"))
    assert [entry["identity"] for entry in here["entries"]] == ["guid:123", "guid:b"]
    assert [entry["identity"] for entry in there["entries"]] == ["guid:123", "guid:b"]
    assert [entry["link"] for entry in here["entries"]] == [None, "https://news.example/b"]


def test_a_date_or_wording_that_changes_makes_no_new_entry() -> None:
    before = rss(item("Old", "https://news.example/1", summary="x", published="Sun, 22 Nov 2026 12:00:00 GMT"))
    after = rss(item("New", "http://news.example/1#top", summary="y", published="Mon, 23 Nov 2026 12:00:00 GMT"))
    assert [[e["identity"] for e in read(b, url=URL, content_type=RSS)["entries"]] for b in (before, after)] == [
        ["link://news.example/1"]
    ] * 2


def test_the_picture_meant_for_the_entry_comes_first() -> None:
    media = 'xmlns:media="http://search.yahoo.com/mrss/"'
    choices = [
        ('<media:content url="/1.mp4" type="video/mp4"/><media:content url="/2" medium="image"/>', "2"),
        ('<media:content url="/1?x.jpg"/><media:content url="/2.JPG?w=600"/>', "2.JPG?w=600"),
        ('<media:content url="/1.svg" type="image/svg+xml"/><media:content url="/2.png"/>', "2.png"),
        ('<media:group><media:content url="/3.png"/></media:group>', "3.png"),
        ('<media:thumbnail url="/3.png"/>', "3.png"),
        ('<enclosure url="/4.mp3" type="audio/mpeg"/><enclosure url="/5" type="image/png"/>', "5"),
        ('<enclosure url="/4.mp3"/><enclosure url="/5.webp"/>', "5.webp"),
        ("<description>&lt;img src='/6.png'&gt;</description>", "6.png"),
    ]
    items = "".join(f"<item {media}><title>{n}</title>{xml}</item>" for n, (xml, _) in enumerate(choices))
    made = read(rss(items), url=URL, content_type=RSS)
    assert [entry["picture"] for entry in made["entries"]] == [f"https://news.example/{name}" for _, name in choices]


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type", "title"),
    [
        ("iso-8859-1", "iso-8859-1", "text/xml", "Székesfehérvár"),
        ("shift_jis", "shift_jis", "text/xml", "前橋市と交流"),
        ("windows-1251", "", "text/xml; charset=windows-1251", "Винница и Бирмингем"),
        ("utf-16", "", "text/xml", "Plzeň 前橋"),
        ("utf-16", "utf-16", "text/xml; charset=utf-8", "Plzeň 前橋"),
        ("utf-16-be", "utf-16", "text/xml", "Plzeň 前橋"),
        ("utf-16-le", "", "application/rss+xml", "Plzeň 前橋"),
        ("utf-32", "utf-32", "text/xml", "Plzeň 前橋"),
        ("utf-8-sig", "", "text/xml", "Rosh HaAyin ראש העין"),
        ("utf-8", "no-such-charset", "text/xml; charset=nonsense", "Cobán"),
    ],
)
def test_every_alphabet_arrives(encoding: str, declared: str, content_type: str, title: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    text = rss(item(title, "/1")).decode().replace('<?xml version="1.0"?>', declaration)
    assert titles(text.encode(encoding), content_type) == [title]


@pytest.mark.parametrize("body", [b"\n \n" + rss(item("a")), rss(item("a")) + b"<junk", rss(item("a"))[:-20]])
def test_a_damaged_feed_with_entries_is_a_feed(body: bytes) -> None:
    assert titles(body) == ["a"]


def test_unescaped_signs_controls_and_nul_are_survived() -> None:
    assert titles(rss("<item><title>A & B\x08\x00</title></item>")) == ["A & B"]
    assert titles(rss("<item><title>A&#0;&#xD800; B&#55357;&#x110000;</title></item>")) == ["A B"]


async def test_a_feed_without_entries_is_a_feed() -> None:
    assert await parse(fetched(rss()), now=NOW) == Feed("Sister City News", ())


@given(st.text(st.characters(exclude_categories=[])) | st.text("ab \x00\ud800", min_size=250))
def test_whatever_a_feed_is_called_its_title_can_be_stored(title: str) -> None:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": []}
    made = read(json.dumps(document).encode(), url=URL, content_type="")["title"]
    assert 1 <= len(made) <= 256
    assert "\x00" not in made
    made.encode()


def test_a_feed_without_a_title_is_named_after_its_site() -> None:
    urls = [URL, "https://" + "news." * 100 + "example/"]
    made = [read(rss(title="\u200b"), url=url, content_type=RSS)["title"] for url in urls]
    assert made == ["news.example", ("news." * 100)[:255] + "…"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<!doctype html><html><head><title>Log in</title></head><body><p>Who are you?</p></body></html>",
        b'{"error": "not found"}',
        b'{"version": "https://jsonfeed.org/version/1", "items": 3}',
        b"{" * 100_000,
        b'{"a":' * 100_000,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        b"just words",
        b'<?xml version="1.0"?><inventory/>',
        bytes(range(256)) * 10,
    ],
)
def test_what_is_no_feed_is_told_apart(body: bytes) -> None:
    with pytest.raises(Unreadable, match="not a feed"):
        read(body, url=URL, content_type="text/html")


async def test_a_moderator_is_told_what_to_give_instead_of_a_page() -> None:
    with pytest.raises(FeedError) as caught:
        await parse(fetched(b"<html>Welcome</html>", "text/html"), now=NOW)
    assert str(caught.value) == (
        f"There is no feed at {URL}. Give the address of an RSS, Atom or JSON feed; the site often links to it with an "
        "orange symbol or the word “RSS”."
    )


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        (None, None),
        ("1989-12-31T23:59:59+00:00", None),
        ("1990-01-01T00:00:00+00:00", datetime(1990, 1, 1, tzinfo=UTC)),
        ("2026-11-24T12:00:00+00:00", datetime(2026, 11, 24, 12, tzinfo=UTC)),
        ("2026-11-24T12:00:01+00:00", None),
        ("9999-12-31T23:59:59+00:00", None),
    ],
)
def test_a_date_that_cannot_be_true_is_none(moment: str | None, kept: datetime | None) -> None:
    assert plausible(moment, NOW) == kept


def odd_feeds() -> list[Path]:
    paths = sorted(path for path in ODD_FEEDS.rglob("*") if path.is_file())
    if not paths:
        pytest.skip("the collection of odd feeds is not beside this checkout")
    return paths


def test_every_odd_feed_is_a_feed_or_said_to_be_none() -> None:
    unreadable = []
    for path in odd_feeds():
        try:
            json.dumps(read(path.read_bytes(), url=URL, content_type=""))
        except Unreadable:
            unreadable.append(path.name)
    assert len(unreadable) <= 4


async def test_the_child_reads_odd_feeds_as_this_process_does() -> None:
    for path in odd_feeds()[::24]:
        body = path.read_bytes()
        document = read(body, url=URL, content_type="")
        feed = await parse(fetched(body, ""), now=NOW)
        assert feed.title == document["title"]
        assert [e.identity for e in feed.entries] == [e["identity"] for e in document["entries"]]
