"""What feeds' servers do wrong, by the rows of the table of faults: F7, F9, F11, F17 and F20."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.errors import FeedError
from bot.feeds.reader import FeedReader
from db.database import Database
from db.models import Feed
from tests.articles import article, articles, document
from tests.newsroom import CHANNEL, EVERY, GUILD, HOUR, Newsroom, newsroom

PAPER = articles(1, 6)
NEWS = document(articles(1, 7))
OTHERS = document(articles(50, 56))
DAY = timedelta(days=1)
MINUTES = timedelta(minutes=1)


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    async with newsroom(database, now, caplog, patience=2, everywhere=True) as room:
        yield room


async def followed(room: Newsroom, path: str = "/feed", host: str | None = None) -> int:
    """The id of a feed that is followed."""
    room.server.serve(path, document(PAPER))
    feed = await room.follow(room.server.url(path, host))
    assert feed is not None
    return feed


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_f7_a_redirect_is_followed_each_time_and_believed_after_days(room: Newsroom, status: int) -> None:
    feed = await followed(room)
    old = room.server.url("/feed")
    new = room.server.serve("/new", NEWS)
    room.server.redirect("/feed", "/new", status=status)
    await room.look()
    assert await room.told() == [article(7).title]
    assert (await room.feed(feed)).url == old
    for _ in range(4):
        await room.look(DAY)
    assert (await room.feed(feed)).url == (new if status in (301, 308) else old)
    assert len(await room.told()) == 1


async def test_f7_a_redirect_to_another_feed_posts_nothing_of_it(room: Newsroom) -> None:
    feed = await followed(room)
    old = room.server.url("/feed")
    room.server.serve("/another", OTHERS)
    room.server.redirect("/feed", room.server.url("/another", "127.0.0.9"), status=301)
    for _ in range(5):
        await room.look(DAY)
    assert (await room.told(), await room.notices()) == ([], ["moved_away"])
    room.server.serve("/feed", NEWS)  # the mistake is put right
    await room.look(DAY)
    assert (await room.feed(feed)).url == old
    assert await room.told() == [article(7).title]


async def test_f7_redirects_without_end_are_failures(room: Newsroom) -> None:
    feed = await followed(room)
    room.server.redirect("/feed", "/feed", status=301)
    before = room.server.hits("/feed")
    await room.look()
    row = await room.feed(feed)
    assert (row.failures, room.server.hits("/feed") - before) == (1, 6)
    assert "too many times" in (row.last_error or "")


async def test_f9_a_feed_that_is_gone_is_not_asked_for_again_and_told_of_once(room: Newsroom) -> None:
    feed = await followed(room)
    room.server.serve("/feed", status=410)
    for _ in range(3):
        await room.look(DAY)
    assert (room.server.hits("/feed"), (await room.feed(feed)).next_poll_at) == (2, None)
    assert await room.notices() == ["gone"]


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503])
async def test_f9_a_failing_feed_is_asked_less_and_less_and_told_of_once(room: Newsroom, status: int) -> None:
    feed = await followed(room)
    room.server.serve("/feed", status=status)
    waits = []
    for _ in range(12):
        await room.look(DAY + MINUTES)
        due = (await room.feed(feed)).next_poll_at
        assert due is not None
        waits.append((due - room.now) / MINUTES)
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440]
    assert await room.notices() == ["outage"]
    room.server.serve("/feed", NEWS)
    await room.look(DAY + MINUTES)
    await room.look()
    assert await room.notices() == ["outage", "recovered"]
    assert await room.told() == [article(7).title]


@pytest.mark.parametrize(
    ("wish", "minutes"),
    [("7200", 120), ("-5", 5), ("0", 5), ("315360000", 1440), ("Fri, 01 Jan 2100 00:00:00 GMT", 1440), ("soon", 5)],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_f9_what_a_busy_server_asks_for_is_done_within_bounds(
    room: Newsroom, status: int, wish: str, minutes: int
) -> None:
    feed = await followed(room)
    room.server.serve("/feed", status=status, headers={"Retry-After": wish})
    await room.look()
    due = (await room.feed(feed)).next_poll_at
    assert due is not None
    assert (due - room.now) / MINUTES == minutes


@pytest.mark.parametrize(("status", "spared"), [(429, True), (503, False), (404, False)])
async def test_f9_only_429_puts_off_all_feeds_of_a_host(room: Newsroom, status: int, spared: bool) -> None:
    await followed(room, "/busy", "127.0.0.5")
    room.now += 20 * MINUTES  # the others are not due when this one is
    others = [await followed(room, "/same-host", "127.0.0.5"), await followed(room, "/elsewhere", "127.0.0.6")]
    room.server.serve("/busy", status=status, headers={"Retry-After": "14400"})
    await room.look(EVERY - 14 * MINUTES)
    assert [room.server.hits(path) for path in ("/busy", "/same-host", "/elsewhere")] == [2, 1, 1]
    dues = [(await room.feed(feed)).next_poll_at for feed in others]
    assert [due is not None and due - room.now >= 4 * HOUR for due in dues] == [spared, False]


async def test_f11_slow_servers_hold_up_no_other_feed(room: Newsroom) -> None:
    slow = [await followed(room, f"/slow/{number}", f"127.0.1.{number + 1}") for number in range(20)]
    fine = await followed(room, "/fine", "127.0.2.1")
    for number in range(20):
        if number % 2:
            room.server.raw(f"/slow/{number}", b"HTTP/1.1 200 OK\r\nX-A: ", chunk=b"a")
        else:
            room.server.drip(f"/slow/{number}", body=b"<rss>")
    started = time.monotonic()
    await room.look()
    assert time.monotonic() - started < 15  # twice two seconds, and what a busy machine takes
    assert [(await room.feed(feed)).failures for feed in slow] == [1] * 20
    assert (await room.feed(fine)).last_good_poll_at == room.now


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "gopher://127.0.0.1/", "data:text/xml,<rss/>", "ftp://127.0.0.1/feed", "//127.0.0.1/"),
        *("http://me:secret@127.0.0.1/", "http://127.0.0.1/\r\nX-Evil: 1", "http://127.0.0.1/\x00", "http://"),
        "http://127.0.0.1/" + "a" * 10_000,
    ],
)
async def test_f17_what_is_no_web_address_is_refused_and_not_kept(room: Newsroom, url: str) -> None:
    with pytest.raises(FeedError) as caught:
        await room.add(url)
    assert "secret" not in str(caught.value)
    assert (await room.stories.followed(GUILD), room.server.hits()) == ([], 0)


@pytest.mark.parametrize("port", [22, 25, 5432, 6379])
async def test_f17_ports_that_are_no_webs_are_not_opened(port: int) -> None:
    async with FeedReader() as reader:
        with pytest.raises(FeedError, match="names a port that the bot does not open"):
            await reader.fetch(f"http://news.example:{port}/feed")


async def test_f20_of_five_hundred_feeds_fifty_on_one_host_all_are_read_two_at_a_time(room: Newsroom) -> None:
    hosts = ["127.0.3.1"] * 50 + [f"127.0.4.{number % 200 + 1}" for number in range(450)]
    urls = [room.server.url(f"/{number}", host) for number, host in enumerate(hosts)]
    for number in range(500):
        room.server.serve(f"/{number}", NEWS, delay=0.005)
    async with room.database.write() as session:
        session.add_all(feed_row(url, host, room.now) for url, host in zip(urls, hosts, strict=True))
    await room.look()
    async with room.database.read() as session:
        rows = (await session.scalars(select(Feed))).all()
    assert [(row.failures, row.last_good_poll_at) for row in rows] == [(0, room.now)] * 500
    assert room.server.most_at_once("127.0.3.1") == 2
    dues = {row.next_poll_at or room.now for row in rows}
    assert len(dues) > 400  # spread, so that they do not come together again
    assert max(dues) - min(dues) > EVERY / 20


def feed_row(url: str, host: str, now: datetime) -> Feed:
    """A feed that was added and never read."""
    return Feed(guild_id=GUILD, channel_id=CHANNEL, url=url, title=url, host=host, added_by_user_id=1, next_poll_at=now)


async def test_f20_a_moment_passes_between_two_questions_to_one_host(
    database: Database, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    async with newsroom(database, now, caplog, spacing=0.2) as room:
        for number in range(4):
            await followed(room, f"/{number}")
        started = asyncio.get_running_loop().time()
        await room.look()
        assert 0.6 <= asyncio.get_running_loop().time() - started < 10
        assert room.server.most_at_once(room.server.host) == 1
