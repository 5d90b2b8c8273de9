"""Fetching: what is asked of a feed's server, what is accepted from it, and what a moderator is told when it fails."""

import asyncio
import gzip
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from yarl import URL

from bot.feeds.address import redirected
from bot.feeds.problems import retry_after
from bot.feeds.reader import FeedBusy, FeedError, FeedGone, FeedReader, FeedRefused, Fetched
from tests.feeds_server import MEGABYTE, RSS, FeedsServer, item, rss

NEWS = rss(item("Hitachi writes", "https://news.example/1"))


@pytest.fixture
async def server() -> AsyncIterator[FeedsServer]:
    async with FeedsServer() as running:
        yield running


@pytest.fixture
async def reader() -> AsyncIterator[FeedReader]:
    async with FeedReader(allow_private=True, timeout=5.0, most_bytes=MEGABYTE, user_agent="SisterCityBot/test") as one:
        yield one


async def problem(reader: FeedReader, url: str) -> FeedError:
    with pytest.raises(FeedError) as caught:
        await reader.fetch(url)
    return caught.value


async def test_a_feed_is_fetched_with_its_validators(server: FeedsServer, reader: FeedReader) -> None:
    url = server.serve("/feed", NEWS, etag='W/"1"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT")
    assert await reader.fetch(f" {url} ") == Fetched(
        url=url,
        status=200,
        body=NEWS,
        content_type=RSS,
        etag='W/"1"',
        last_modified="Sun, 22 Nov 2026 10:00:00 GMT",
    )
    headers = server.requests("/feed")[0]
    assert headers["User-Agent"] == "SisterCityBot/test"
    assert {"If-None-Match", "If-Modified-Since", "Cookie"}.isdisjoint(headers)


async def test_known_validators_are_sent_back_and_304_keeps_them(server: FeedsServer, reader: FeedReader) -> None:
    url = server.serve("/feed", NEWS, etag='"1"')
    first = await reader.fetch(url)
    again = await reader.fetch(url, etag=first.etag, last_modified="Sun, 22 Nov 2026 10:00:00 GMT")
    assert (again.status, again.body, again.etag, again.last_modified) == (
        304,
        b"",
        '"1"',
        "Sun, 22 Nov 2026 10:00:00 GMT",
    )
    headers = server.requests("/feed")[1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"1"', "Sun, 22 Nov 2026 10:00:00 GMT")
    server.serve("/feed", NEWS, etag='"2"')
    assert (await reader.fetch(url, etag='"1"')).status == 200


@pytest.mark.parametrize("odd", ["", "x" * 600, '"é"', '"a\r\nX-Evil: 1"', '"\udcff"'])
async def test_odd_validators_are_as_good_as_none(server: FeedsServer, reader: FeedReader, odd: str) -> None:
    assert (await reader.fetch(server.serve("/feed", NEWS), etag=odd, last_modified=odd)).etag is None
    assert {"If-None-Match", "If-Modified-Since", "X-Evil"}.isdisjoint(server.requests("/feed")[0])


async def test_304_for_a_question_never_asked_is_an_error(server: FeedsServer, reader: FeedReader) -> None:
    assert "error 304" in str(await problem(reader, server.serve("/feed", status=304)))


async def test_redirects_are_followed_to_the_final_address(server: FeedsServer, reader: FeedReader) -> None:
    server.serve("/feed", NEWS)
    for path, target, status in (("/a", "/b", 301), ("/b", server.url("/c"), 302), ("/c", "d?x=1", 303)):
        server.redirect(path, target, status=status)
    server.redirect("/d", "/e", status=307)
    server.redirect("/e", "/feed", status=308)
    assert (await reader.fetch(server.url("/a"))).url == server.url("/feed")


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [([], False), ([301], True), ([308], True), ([301, 308, 301], True), ([302], False), ([301, 307, 301], False)],
)
async def test_a_feed_has_moved_where_every_server_on_the_way_says_for_good(
    server: FeedsServer, reader: FeedReader, statuses: list[int], moved: bool
) -> None:
    for step, status in enumerate(statuses):
        server.redirect(f"/{step}", f"/{step + 1}", status=status)
    end = server.serve(f"/{len(statuses)}", NEWS, etag='"1"')
    assert (await reader.fetch(server.url("/0"))).moved_to == (end if moved else None)
    again = await reader.fetch(server.url("/0"), etag='"1"')
    assert (again.status, again.moved_to) == (304, end if moved else None)


async def test_a_redirect_that_never_ends_is_given_up(server: FeedsServer, reader: FeedReader) -> None:
    url = server.redirect("/loop", "/loop")
    assert "too many times" in str(await problem(reader, url))
    assert server.hits("/loop") == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://[::1", "data:x"])
async def test_a_redirect_to_what_is_no_web_address_is_refused(
    server: FeedsServer, reader: FeedReader, target: str
) -> None:
    assert "is not the address of a feed" in str(await problem(reader, server.redirect("/feed", target)))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news",
        "example.org/feed",
        "//example.org/feed",
        "ftp://example.org/feed",
        "file:///etc/passwd",
        "gopher://example.org/",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
        "http://",
        "http:///feed",
        "http://[::1/feed",
        "http://a b/c",
        "http://a%20b/c",
        "http://a<b/c",
        "http://exämple..com/feed",
        "http://xn--a.com/feed",
        "http://example.org:99999/feed",
        "http://example.org:port/feed",
        "http://example.org/fe\r\ned",
        "http://example.org/fe\x00ed",
        "http://example.org/\u202efeed",
        "http://example.org/" + "a" * 10_000,
        "http://" + "a" * 300 + ".example/",
    ],
)
async def test_what_is_no_web_address_is_refused(url: str) -> None:
    async with FeedReader() as reader:
        error = await problem(reader, url)
    assert str(error).endswith("Give one that begins with https://, such as https://example.org/feed.")
    assert len(str(error)) < 400


async def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    async with FeedReader() as reader:
        sentences = {
            str(await problem(reader, f"https://{who}@example.org/")) for who in ("me:secret", "me", ":secret")
        }
    assert sentences == {"The address holds a name or a password. Give the address of a public feed without them."}


@pytest.mark.parametrize("port", [0, 22, 25, 5432, 8081])
async def test_only_ports_of_the_web_are_opened(port: int) -> None:
    async with FeedReader() as reader:
        assert "names a port that the bot does not open" in str(await problem(reader, f"http://127.0.0.1:{port}/"))


def test_a_secure_page_may_not_lead_to_an_insecure_one() -> None:
    with pytest.raises(FeedError, match="leads from a secure page"):
        redirected(URL("https://example.org/feed"), "http://example.org/feed")
    assert redirected(URL("http://example.org/a"), "https://example.org/b") == URL("https://example.org/b")
    assert redirected(URL("https://example.org/a"), "//example.com/b") == URL("https://example.com/b")


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (410, FeedGone, "is gone for good"),
        (404, FeedError, "There is nothing at"),
        (401, FeedError, "does not let the bot read"),
        (403, FeedError, "does not let the bot read"),
        (429, FeedBusy, "cannot answer at the moment (error 429)"),
        (500, FeedBusy, "cannot answer at the moment (error 500)"),
        (503, FeedBusy, "cannot answer at the moment (error 503)"),
        (204, FeedError, "answered with error 204"),
        (302, FeedError, "answered with error 302"),
        (418, FeedError, "answered with error 418"),
    ],
)
async def test_every_status_has_its_error(
    server: FeedsServer, reader: FeedReader, status: int, kind: type[FeedError], words: str
) -> None:
    error = await problem(reader, server.serve("/feed", status=status))
    assert type(error) is kind
    assert words in str(error)


async def test_a_busy_server_says_when_to_come_back(server: FeedsServer, reader: FeedReader) -> None:
    error = await problem(reader, server.serve("/feed", status=429, headers={"Retry-After": "120"}))
    assert isinstance(error, FeedBusy)
    assert (error.status, error.retry_after) == (429, 120)


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("120", 120),
        ("0", 60),
        ("-5", 60),
        ("315360000", 86_400),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 3_600),
        ("Sun, 22 Nov 2020 11:00:00 GMT", 60),
        ("Sun, 22 Nov 2036 11:00:00 GMT", 86_400),
        ("soon", None),
        ("", None),
        ("9" * 5_000, None),
    ],
)
def test_the_wish_of_a_server_is_kept_between_a_minute_and_a_day(wish: str, seconds: int | None) -> None:
    assert retry_after({"Retry-After": wish, "Date": "Sun, 22 Nov 2026 10:00:00 GMT"}) == seconds


def test_a_date_without_the_servers_clock_is_no_wish() -> None:
    assert retry_after({"Retry-After": "Sun, 22 Nov 2026 11:00:00 GMT"}) is None


async def test_compressed_feeds_are_unpacked(server: FeedsServer, reader: FeedReader) -> None:
    url = server.serve("/feed", gzip.compress(NEWS), headers={"Content-Encoding": "gzip"})
    assert (await reader.fetch(url)).body == NEWS


async def test_a_feed_over_the_limit_is_refused(server: FeedsServer, reader: FeedReader) -> None:
    fits = server.serve("/fits", b" " * MEGABYTE)
    big = server.serve("/big", b" " * (MEGABYTE + 1))
    assert len((await reader.fetch(fits)).body) == MEGABYTE
    assert "is larger than 1 MB" in str(await problem(reader, big))


async def test_a_bomb_is_stopped_before_it_unfolds(server: FeedsServer, reader: FeedReader) -> None:
    resource = pytest.importorskip("resource")
    url = server.bomb("/bomb", megabytes=100)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "is larger than 1 MB" in str(await problem(reader, url))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024


async def test_broken_compression_is_an_error(server: FeedsServer, reader: FeedReader) -> None:
    error = await problem(reader, server.serve("/feed", b"no gzip", headers={"Content-Encoding": "gzip"}))
    assert str(error) == "The answer of 127.0.0.1 is broken. Try again later, or tell its publisher."


async def test_slow_servers_are_left_and_others_are_still_read(server: FeedsServer) -> None:
    urls = [server.drip("/loris", body=b"<rss>"), server.serve("/late", NEWS, delay=30)]
    fine = server.serve("/feed", NEWS)
    started = time.monotonic()
    async with FeedsServer() as other, FeedReader(allow_private=True, timeout=0.5) as reader:
        fine = other.serve("/feed", NEWS)
        slow = asyncio.gather(*(problem(reader, url) for url in urls))
        assert (await reader.fetch(fine)).status == 200
        sentences = {str(error) for error in await slow}
    assert time.monotonic() - started < 5
    assert sentences == {"127.0.0.1 took too long to answer. Try again later, or give another address."}


async def test_the_time_limit_covers_all_redirects_together(server: FeedsServer) -> None:
    for step in range(5):
        server.serve(f"/{step}", status=302, headers={"Location": f"/{step + 1}"}, delay=0.3)
    server.serve("/5", NEWS)
    async with FeedReader(allow_private=True, timeout=0.7) as reader:
        assert "took too long" in str(await problem(reader, server.url("/0")))
    assert server.hits("/5") == 0


async def test_a_closed_port_and_an_unknown_name_cannot_be_reached(reader: FeedReader) -> None:
    async with FeedsServer() as stopped:
        url = stopped.url("/feed")
    for address, host in ((url, "127.0.0.1"), ("http://nowhere.invalid/feed", "nowhere.invalid")):
        assert (
            str(await problem(reader, address)) == f"{host} cannot be reached. Check the address, or try again later."
        )


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
async def test_what_speaks_no_http_is_an_error(reader: FeedReader, answer: bytes) -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        error = await problem(reader, f"http://127.0.0.1:{port}/")
        assert str(error).startswith(("127.0.0.1 cannot be reached.", "The answer of 127.0.0.1 is broken."))
        error = await problem(reader, f"https://127.0.0.1:{port}/")
        assert not isinstance(error, FeedRefused)


async def test_names_are_not_looked_up_where_others_wait(server: FeedsServer, reader: FeedReader) -> None:
    release = threading.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    busy = loop.run_in_executor(None, release.wait)
    try:
        url = server.serve("/feed", NEWS).replace("127.0.0.1", "localhost")
        assert (await reader.fetch(url)).status == 200
    finally:
        release.set()
        await busy


async def test_cookies_are_not_kept(server: FeedsServer, reader: FeedReader) -> None:
    url = server.serve("/feed", NEWS, headers={"Set-Cookie": "seen=yes"}).replace("127.0.0.1", "localhost")
    for _ in range(2):
        await reader.fetch(url)  # by name: a numeric address would get no cookie from anybody
    assert ["Cookie" in headers for headers in server.requests("/feed")] == [False, False]


async def test_a_proxy_in_the_environment_is_not_asked(
    server: FeedsServer, reader: FeedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert (await reader.fetch(server.serve("/feed", NEWS))).status == 200


async def test_a_closed_reader_opens_again_when_asked(server: FeedsServer) -> None:
    reader = FeedReader(allow_private=True)
    await reader.close()
    for _ in range(2):
        assert (await reader.fetch(server.serve("/feed", NEWS))).status == 200
        await reader.close()
