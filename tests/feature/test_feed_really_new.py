"""What looks like old entries with other names and is news: nothing of it is held back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.database import Database
from tests.articles import LONG_AGO, Article, articles, changed, document
from tests.newsroom import HOUR, Newsroom, newsroom

FOLLOWED_AT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
PAPER = articles(1, 6)


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    async with newsroom(database, now, caplog) as room:
        yield room


def fresh(count: int, after: timedelta = HOUR / 2) -> list[Article]:
    """Articles that nobody has seen, written some time after the feed was followed, the newest first."""
    return changed(articles(101, 100 + count), published=FOLLOWED_AT + after)


def titles(some: list[Article]) -> list[str]:
    return [one.title for one in reversed(some)]


@pytest.mark.parametrize(
    "old", [PAPER, PAPER[:2], []], ids=["beside-old-ones", "few-old-ones-left", "no-old-ones-left"]
)
@pytest.mark.parametrize("count", [1, 2, 4, 12])
async def test_a_burst_of_news_is_told(room: Newsroom, old: list[Article], count: int) -> None:
    url = room.server.serve("/feed", document(PAPER))
    await room.follow(url)
    await room.looks(url, [document([*fresh(count), *old])] * 2)
    assert sorted(await room.told()) == sorted(titles(fresh(count)))
    assert len(await room.posts()) == min(count, 5)
    assert await room.notices() == []


async def test_a_burst_without_dates_is_told(room: Newsroom) -> None:
    url = room.server.serve("/feed", document(changed(PAPER, published=None)))
    await room.follow(url)
    news = changed(fresh(4), published=None)
    await room.looks(url, [document([*news, *changed(PAPER[:3], published=None)])] * 2)
    assert (await room.told(), await room.notices()) == (titles(news), [])


@pytest.mark.parametrize("kept", [1, 4])
@pytest.mark.parametrize("dated", [True, False], ids=["dated", "undated"])
async def test_a_weekly_column_is_told_each_week(room: Newsroom, kept: int, dated: bool) -> None:
    """The same title every time, in a feed of one entry and in one that keeps a month of them."""
    columns = [
        Article(
            f"column-{week}",
            f"https://news.example/column/{week}",
            "Letter from Plzeň",
            LONG_AGO + week * WEEK if dated else None,
        )
        for week in range(3, 11)
    ]
    url = room.server.serve("/feed", document(columns[kept - 1 :: -1]))
    await room.follow(url)
    for week in range(kept, kept + 4):
        room.server.serve("/feed", document(columns[week : week - kept : -1]))
        await room.look(WEEK)
    assert await room.told() == ["Letter from Plzeň"] * 4
    assert await room.notices() == []


async def test_two_columns_that_change_together_are_both_told(room: Newsroom) -> None:
    def week(number: int) -> bytes:
        day = FOLLOWED_AT + number * WEEK - HOUR
        names = ("letter", "picture")
        return document(
            Article(f"{name}-{number}", f"https://news.example/{name}/{number}", f"The {name} of the week", day)
            for name in names
        )

    url = room.server.serve("/feed", week(0))
    await room.follow(url)
    for number in (1, 2, 3):
        room.server.serve("/feed", week(number))
        await room.look(WEEK)
    assert sorted(await room.told()) == ["The letter of the week"] * 3 + ["The picture of the week"] * 3


async def test_entries_that_share_one_address_are_all_told(room: Newsroom) -> None:
    """Notes on a page that lists them all: known by their guids, not by their link."""
    news = changed(fresh(10), link="https://news.example/notes")
    url = room.server.serve("/feed", document(PAPER))
    await room.follow(url)
    await room.looks(url, [document([*news, *PAPER])] * 2)
    assert sorted(await room.told()) == sorted(titles(news))


async def test_one_entry_at_a_time_with_the_address_of_the_page_is_told(room: Newsroom) -> None:
    notes = [
        Article(f"note-{n}", "https://news.example/notes", f"Note number {n}", FOLLOWED_AT + n * HOUR - HOUR / 2)
        for n in range(5)
    ]
    url = room.server.serve("/feed", document(notes[:1]))
    await room.follow(url)
    await room.looks(url, [document([note]) for note in notes[1:]])
    assert await room.told() == [note.title for note in notes[1:]]


async def test_an_old_article_that_is_told_late_is_told(room: Newsroom) -> None:
    """Dated before the feed was followed, and never seen: a date alone makes nothing old."""
    late = replace(fresh(1)[0], published=LONG_AGO)
    url = room.server.serve("/feed", document(PAPER))
    await room.follow(url)
    await room.looks(url, [document([*PAPER, late])])
    assert await room.told() == [late.title]
