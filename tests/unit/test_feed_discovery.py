"""From a site's address to its feeds: what a page names, in which order, and what is tried where it names none."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.errors import FeedError
from bot.feeds.discovery import Found, discover
from bot.feeds.links import MOST_LINKS, feed_links
from bot.feeds.problems import NoFeed
from bot.feeds.reader import FeedReader, Fetched
from tests.feeds_server import MEGABYTE, RSS, FeedsServer, item, rss

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEWS = rss(item("Hitachi writes", "https://news.example/1"), title="News")
HTML = "text/html; charset=utf-8"
PAGE = "https://city.example/twins/index.html"


@pytest.fixture
async def server() -> AsyncIterator[FeedsServer]:
    async with FeedsServer() as running:
        yield running


@pytest.fixture
async def reader() -> AsyncIterator[FeedReader]:
    async with FeedReader(allow_private=True, timeout=5.0, most_bytes=MEGABYTE, children=1) as one:
        yield one


def link(href: str, kind: str = "application/rss+xml", title: str = "", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def page(*parts: str) -> bytes:
    return f"<!doctype html><html><head>{''.join(parts)}</head><body>Welcome</body></html>".encode()


def urls(found: tuple[Found, ...]) -> list[str]:
    return [one.url for one in found]


@pytest.mark.parametrize(
    ("html", "addresses"),
    [
        (link("/feed"), ["https://city.example/feed"]),
        (link("feed", "application/atom+xml"), ["https://city.example/twins/feed"]),
        (link("a", "application/feed+json") + link("b", "APPLICATION/RSS+XML; x=1", rel="Alternate HOME"), ["a", "b"]),
        (link("a", rel="stylesheet") + link("b", "text/html") + link("c", "application/json"), []),
        (link("a") + link("a") + "<link rel=alternate type='application/rss+xml'>", ["a"]),
        ('<base href="https://cdn.example/x/">' + link("feed"), ["https://cdn.example/x/feed"]),
        ('<base href="javascript:x"><base href="/other/">' + link("feed"), ["feed"]),
        (link("/comments/feed") + link("c", title="Site Comments") + link("b"), ["b", "/comments/feed", "c"]),
        (
            '<a href="/about">x</a><a href="/rss/">RSS</a><a href="news.RSS?x=1">y</a>' + link("b"),
            ["b", "/rss/", "news.RSS?x=1"],
        ),
        ('<a href="feeding-the-birds">x</a><a href="https://x.example/atom.xml">x</a>', ["https://x.example/atom.xml"]),
        (link("javascript:alert(1)") + link("data:x") + link("http://[::1") + link("file:///etc/passwd"), []),
        (link("https://me:secret@city.example/feed"), ["https://city.example/feed"]),
        ("<!-- " + link("a") + " --><script>" + link("b") + "</script>" + link("c"), ["c"]),
        (link("/a?x=1&amp;y=2"), ["https://city.example/a?x=1&y=2"]),
        ("", []),
    ],
)
def test_a_page_names_its_feeds(html: str, addresses: list[str]) -> None:
    joined = {"": "https://city.example/twins/", "/": "https://city.example"}
    expected = [a if "://" in a else joined["/" if a.startswith("/") else ""] + a for a in addresses]
    assert feed_links(page(html).decode(), PAGE) == expected


@pytest.mark.parametrize("piece", ["<link rel=alternate ", "<!--", "<a href=/rss>", "<", "<base href=x>", "\xff"])
def test_a_hostile_page_names_only_so_many(piece: str) -> None:
    assert len(feed_links(page(piece * 20_000).decode(), PAGE)) <= MOST_LINKS


async def test_the_address_of_a_feed_is_its_own_answer(server: FeedsServer, reader: FeedReader) -> None:
    url = server.serve("/feed", NEWS, etag='"1"')
    fetched = Fetched(url, 200, NEWS, RSS, '"1"', None)
    assert await discover(reader, f" {url}\n", NOW) == (Found(url, await reader.parse(fetched, now=NOW), fetched),)


async def test_a_page_leads_to_its_feeds_and_to_nothing_else(server: FeedsServer, reader: FeedReader) -> None:
    server.serve("/", page(link("a"), link("gone"), link("page"), link("b"), link("again")), content_type=HTML)
    server.serve("/page", page("no feed"), content_type=HTML)
    server.serve("/a", NEWS)
    server.serve("/b", rss(title="Other"))
    server.redirect("/again", "/a")
    found = await discover(reader, server.url("/"), NOW)
    assert [(one.url, one.feed.title) for one in found] == [(server.url("/a"), "News"), (server.url("/b"), "Other")]


async def test_no_more_than_five_feeds_are_looked_at(server: FeedsServer, reader: FeedReader) -> None:
    server.serve("/", page(*(link(f"f{n}") for n in range(9))), content_type=HTML)
    expected = [server.serve(f"/f{n}", NEWS) for n in range(9)][:5]
    assert urls(await discover(reader, server.url("/"), NOW)) == expected
    assert server.hits() == 6


async def test_a_page_that_names_none_has_it_at_a_usual_place(server: FeedsServer, reader: FeedReader) -> None:
    server.serve("/blog/", page(), content_type=HTML)
    top = server.serve("/feed", rss(title="Top"))
    assert urls(await discover(reader, server.url("/blog/"), NOW)) == [top]
    beside = server.serve("/blog/atom.xml", NEWS)
    assert urls(await discover(reader, server.url("/blog/?page=1#top"), NOW)) == [beside]


async def test_a_feed_that_moved_for_good_is_followed_where_it_is(server: FeedsServer, reader: FeedReader) -> None:
    new = server.serve("/new", NEWS)
    moved = server.redirect("/moved", "/new", status=301)
    elsewhere = server.redirect("/elsewhere", "/new", status=302)
    assert urls(await discover(reader, moved, NOW)) == [new]
    assert urls(await discover(reader, elsewhere, NOW)) == [elsewhere]
    server.serve("/", page(link("moved")), content_type=HTML)
    assert urls(await discover(reader, server.url("/"), NOW)) == [new]


async def test_a_site_without_a_feed_is_said_so(server: FeedsServer, reader: FeedReader) -> None:
    url = server.serve("/", page(link("gone")), content_type=HTML)
    with pytest.raises(NoFeed) as caught:
        await discover(reader, url, NOW)
    assert str(caught.value) == (
        f"There is no feed at {url}, and its page names none. Look on the site for an orange symbol or the word “RSS”, "
        "and give the address behind it."
    )


async def test_an_address_that_cannot_be_read_is_not_searched(server: FeedsServer, reader: FeedReader) -> None:
    with pytest.raises(FeedError, match="There is nothing at"):
        await discover(reader, server.url("/missing"), NOW)
    assert server.hits() == 1


async def test_a_broken_feed_is_not_searched_either(server: FeedsServer, reader: FeedReader) -> None:
    url = server.serve("/feed", rss(*(item(f"t{n}") for n in range(5_001))))
    with pytest.raises(FeedError, match="too large or complicated"):
        await discover(reader, url, NOW)
    assert server.hits() == 1


@pytest.mark.parametrize("typed", ["nowhere.invalid", "nowhere.invalid/news?x=1", "nowhere.invalid:8080"])
async def test_an_address_as_people_write_it_is_a_secure_one(reader: FeedReader, typed: str) -> None:
    with pytest.raises(FeedError, match=r"nowhere\.invalid cannot be reached"):
        await discover(reader, typed, NOW)


@pytest.mark.parametrize("typed", ["news", "", "javascript:alert(1)", "a b.example", "file:///etc/passwd"])
async def test_what_is_no_address_stays_none(reader: FeedReader, typed: str) -> None:
    with pytest.raises(FeedError, match="is not the address of a feed"):
        await discover(reader, typed, NOW)
