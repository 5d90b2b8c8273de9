"""Feeds that move: followed only after days, and never to what is another feed."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.feeds.moves import led_elsewhere
from bot.feeds.reader import Fetched
from db.database import Database
from db.models import Feed
from tests.articles import articles, document
from tests.newsroom import Newsroom, newsroom

DAY = timedelta(days=1)
PAPER = articles(1, 4)


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    async with newsroom(database, now, caplog) as room:
        yield room


@pytest.fixture
async def feed_id(room: Newsroom) -> int:
    """A feed at /old; at /new there is the same."""
    feed_id = await room.follow(room.server.serve("/old", document(PAPER)))
    room.server.serve("/new", document(PAPER), etag='"new"')
    assert feed_id is not None
    return feed_id


async def address(room: Newsroom, feed_id: int) -> str:
    return (await room.feed(feed_id)).url.removeprefix(room.server.url(""))


@pytest.mark.parametrize("status", [301, 308])
async def test_a_feed_that_says_for_days_that_it_has_moved_is_followed(
    room: Newsroom, feed_id: int, status: int
) -> None:
    room.server.redirect("/old", "/new", status=status)
    seen = []
    for _ in range(4):
        await room.look(DAY)
        seen.append(await address(room, feed_id))
    assert seen == ["/old", "/old", "/new", "/new"]
    feed = await room.feed(feed_id)
    assert (feed.moved_url, feed.moved_times, feed.etag) == (None, 0, '"new"')
    assert (await room.told(), await room.notices()) == ([], ["moved"])


async def test_three_answers_in_one_day_are_not_believed(room: Newsroom, feed_id: int) -> None:
    room.server.redirect("/old", "/new", status=301)
    for _ in range(8):
        await room.look()
    assert await address(room, feed_id) == "/old"
    assert (await room.feed(feed_id)).moved_url == room.server.url("/new")


async def test_a_feed_that_is_passed_on_only_for_now_stays_where_it_is(room: Newsroom, feed_id: int) -> None:
    room.server.redirect("/old", "/new", status=302)
    for _ in range(5):
        await room.look(DAY)
    assert (await address(room, feed_id), (await room.feed(feed_id)).moved_url) == ("/old", None)


async def test_an_answer_in_between_starts_the_count_anew(room: Newsroom, feed_id: int) -> None:
    for moved in (True, True, False, True, True):
        if moved:
            room.server.redirect("/old", "/new", status=301)
        else:
            room.server.serve("/old", document(PAPER))
        await room.look(DAY)
    assert (await address(room, feed_id), (await room.feed(feed_id)).moved_times) == ("/old", 2)


async def test_news_come_through_while_a_feed_moves(room: Newsroom, feed_id: int) -> None:
    room.server.redirect("/old", "/new", status=301)
    room.server.serve("/new", document(articles(1, 5)))
    await room.look()
    assert len(await room.posts()) == 1


async def test_where_the_server_follows_the_new_address_already_nothing_changes(room: Newsroom, feed_id: int) -> None:
    await room.follow(room.server.url("/new"))
    room.server.redirect("/old", "/new", status=301)
    for _ in range(5):
        await room.look(DAY)
    assert (await address(room, feed_id), room.crashes()) == ("/old", [])


async def test_an_address_that_leads_to_another_site_posts_nothing_and_says_so_once(
    room: Newsroom, feed_id: int
) -> None:
    strangers = room.server.serve("/casino", document(articles(50, 52))).replace("127.0.0.1", "localhost")
    room.server.redirect("/old", strangers, status=301)
    await room.look(DAY)
    room.server.serve("/casino", document(articles(50, 55)))
    for _ in range(4):
        await room.look(DAY)
    assert (await room.told(), await room.notices()) == ([], ["moved_away"])
    assert await address(room, feed_id) == "/old"
    room.server.serve("/old", document(articles(1, 5)))  # somebody put it right
    await room.look(DAY)
    assert len(await room.posts()) == 1


async def test_the_same_feed_on_another_host_goes_on(room: Newsroom, feed_id: int) -> None:
    elsewhere = room.server.serve("/new", document(articles(1, 5))).replace("127.0.0.1", "localhost")
    room.server.redirect("/old", elsewhere, status=301)
    for _ in range(3):
        await room.look(DAY)
    assert (len(await room.posts()), await room.notices()) == (1, ["moved"])
    feed = await room.feed(feed_id)
    assert (feed.url, feed.host) == (elsewhere, "localhost")


@pytest.mark.parametrize(
    ("asked", "answered", "elsewhere"),
    [
        ("example.org", "www.example.org", False),
        ("example.org", "news.example.org", False),
        ("news.example.org", "example.org", False),
        ("example.org", "example.net", True),
        ("example.org", "myexample.org", True),
        ("one.example.org", "two.example.org", True),
        ("org", "example.org", True),
    ],
)
def test_a_part_of_a_site_is_no_other_site(asked: str, answered: str, elsewhere: bool) -> None:
    fetched = Fetched(f"https://{answered}/feed", 200, b"", "", None, None)
    assert led_elsewhere(Feed(url=f"https://{asked}/feed"), fetched) is elsewhere
