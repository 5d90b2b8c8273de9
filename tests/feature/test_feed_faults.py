"""What feeds say wrong, by the rows of the table of faults: F1 to F6, F8 and F19.

F2 has its scripts in `test_feed_identities`; F10, F12 to F15 and F18 are in `test_feed_hostile`, F16 in
`test_address_forms`, what servers do wrong is in `test_feed_server_faults`.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.database import Database
from tests.articles import LONG_AGO, Article, article, articles, changed, document
from tests.feeds_server import item, rss
from tests.newsroom import HOUR, Newsroom, newsroom

PAPER = articles(1, 6)
YEAR = timedelta(days=365)


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    async with newsroom(database, now, caplog) as room:
        yield room


async def followed(room: Newsroom, body: bytes) -> str:
    """The address of a feed that is followed, with this document in it."""
    url = room.server.serve("/feed", body)
    assert await room.follow(url) is not None
    return url


def fresh(room: Newsroom, number: int = 100) -> Article:
    """An article written half an hour before the next look."""
    return article(number, room.now + HOUR / 2)


async def test_f1_what_is_in_a_feed_when_it_is_added_is_remembered_and_not_posted(room: Newsroom) -> None:
    await followed(room, document(articles(1, 200)))
    await room.look()
    await room.look()
    assert (len(await room.rows()), await room.queued()) == (200, [])


async def test_f2_a_site_that_changes_its_guids_again_and_again_posts_nothing_and_warns_once(room: Newsroom) -> None:
    url = await followed(room, document(PAPER))
    secure = [replace(one, guid=one.guid.replace("http:", "https:")) for one in PAPER]
    versions = [secure, changed(secure, guid="{}/"), changed(secure, guid="{}&rss=1"), changed(secure, guid="new-{}")]
    await room.looks(url, map(document, versions))
    assert (await room.told(), await room.notices()) == ([], ["ids_changed"])


async def test_f3_titles_dates_and_texts_that_are_edited_are_not_posted_again(room: Newsroom) -> None:
    url = await followed(room, document(PAPER))
    news = fresh(room)
    await room.looks(url, [document([news, *PAPER])])
    edits = [
        changed([news, *PAPER], title="{}, corrected"),
        changed([news, *PAPER], summary="It rained."),
        changed([news, *PAPER], published=None),
    ]
    await room.looks(url, map(document, edits))
    for _ in range(3):  # a clock for a date
        await room.looks(url, [document(changed([news, *PAPER], published=room.now + HOUR))])
    assert len(await room.posts()) == len(await room.told()) == 1
    assert {row.kind for row in await room.queued()} == {"story"}  # nothing was sent yet that could be edited
    assert len(await room.rows()) == len(PAPER) + 1


async def test_f4_two_thousand_new_entries_are_five_posts_and_one_message(room: Newsroom) -> None:
    url = await followed(room, document(PAPER))
    flood = [article(number, room.now + timedelta(seconds=number)) for number in range(2_100, 100, -1)]
    await room.looks(url, [document([*flood, *PAPER])] * 3)
    (digest,) = await room.queued("digest")
    told = await room.told()
    assert (len(await room.posts()), len(told), len(set(told))) == (5, 2_000, 2_000)
    assert '"n": 1995' in digest.detail
    assert await room.notices() == []


@pytest.mark.parametrize("guid", ["", " ", "the same for all", "0"])
async def test_f5_entries_without_names_of_their_own_are_told_by_what_they_are(room: Newsroom, guid: str) -> None:
    some = changed(PAPER, guid=guid)
    url = await followed(room, document(some))
    news = replace(fresh(room), guid=guid)
    await room.looks(url, [document([news, *some]), document([*some, news]), document([news, *some[:-1]])])
    assert (await room.told(), await room.notices()) == ([news.title], [])


async def test_f5_an_entry_with_nothing_but_a_title_is_posted_once(room: Newsroom) -> None:
    url = await followed(room, rss(item("Old")))
    await room.looks(url, [rss(item("New"), item("Old")), rss(item("Old"), item("New")), rss(item("New"))])
    assert await room.told() == ["New"]


async def test_f5_impossible_dates_are_no_dates_and_put_nothing_on_top(room: Newsroom) -> None:
    url = await followed(room, document(PAPER))
    odd = [
        article(103, datetime(2099, 12, 31, tzinfo=UTC)),
        article(102, room.now + HOUR / 2),
        article(101, datetime(1970, 1, 1, tzinfo=UTC)),
    ]
    await room.looks(url, [document([*odd, *PAPER])] * 2)
    assert [story.published_at for story in await room.rows() if story.announced] == [None, odd[1].published, None]
    assert await room.told() == [one.title for one in reversed(odd)]


async def test_f6_entries_that_leave_and_return_are_not_posted_again(room: Newsroom) -> None:
    url = await followed(room, document(PAPER))
    news = fresh(room)
    full, few, other = document([news, *PAPER]), document(PAPER[:2]), document([news, *PAPER[3:]])
    await room.looks(url, [full, few, full, rss(), full, other, few, other, full, rss(), few])
    assert (await room.told(), await room.notices()) == ([news.title], [])


async def test_f8_validators_are_kept_when_nothing_has_changed(room: Newsroom) -> None:
    url = room.server.serve("/feed", document(PAPER), etag='W/"odd, \\ one"', last_modified="yesterday, or so")
    feed = await room.follow(url)
    for _ in range(3):
        await room.look()
    asked = [(one.get("If-None-Match"), one.get("If-Modified-Since")) for one in room.server.requests("/feed")]
    assert asked == [(None, None), *[('W/"odd, \\ one"', "yesterday, or so")] * 3]
    news = fresh(room)
    room.server.serve("/feed", document([news, *PAPER]), etag='"2"')
    await room.look()
    assert feed is not None and (await room.feed(feed)).etag == '"2"'
    assert await room.told() == [news.title]


async def test_f19_a_feed_whose_clock_is_wrong_by_years_is_posted_all_the_same(room: Newsroom) -> None:
    url = await followed(room, document(PAPER))
    late = [article(number, LONG_AGO - 9 * YEAR) for number in (101, 102)]
    early = [article(number, room.now + 9 * YEAR) for number in (103, 104)]
    await room.looks(url, [document([late[0], *PAPER]), document([late[1], late[0], *PAPER])])
    await room.looks(url, [document([early[0], *late, *PAPER]), document([*early[::-1], *late, *PAPER])])
    assert (await room.told(), await room.notices()) == ([one.title for one in (*late, *early)], [])


@pytest.mark.parametrize("jump", [-YEAR, YEAR, -HOUR])
async def test_f19_our_own_clock_may_jump(room: Newsroom, jump: timedelta) -> None:
    url = await followed(room, document(PAPER))
    first, second = article(101), article(102)
    await room.looks(url, [document([first, *PAPER])])
    right = room.now
    await room.looks(url, [document([second, first, *PAPER])], after=jump)
    room.now = right
    await room.looks(url, [document([second, first, *PAPER])] * 2, after=2 * HOUR)
    assert await room.told() == [first.title, second.title]
    assert room.crashes() == []
