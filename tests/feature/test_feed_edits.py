"""Articles that change after their story was posted."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from db.database import Database
from db.models import Feed, OutboxRow
from tests.articles import Article, article, articles, document
from tests.feeds_server import item, rss
from tests.newsroom import CHANNEL, Newsroom, newsroom

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PAPER = articles(1, 3)
STORY = Article("s", "https://news.example/s", "Cherry trees", article(4).published, "They bloom.")


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    """A feed of which one story was posted."""
    async with newsroom(database, now, caplog) as room:
        room.stories.every = 4 * MINUTE
        await room.follow(room.server.serve("/feed", document(PAPER)))
        await look(room, STORY, sent=True)
        yield room


async def look(room: Newsroom, *some: Article, after: timedelta = DAY, sent: bool = False) -> None:
    """A look at these articles and the paper; then what waits is said, if it is to be."""
    room.server.serve("/feed", document([*some, *PAPER]))
    await room.look(after)
    if sent:
        await send(room)


async def send(room: Newsroom) -> None:
    """Everything that waits is said."""
    async with room.database.write() as session:
        waiting = update(OutboxRow).where(OutboxRow.done_at.is_(None))
        await session.execute(waiting.values(done_at=room.now, outcome="sent", message_id=5, attempts=1))


def titled(title: str) -> Article:
    return replace(STORY, title=title)


@pytest.mark.parametrize(
    "edited",
    [
        titled("Cherry trees bloom"),
        replace(STORY, summary="They do not."),
        replace(STORY, link="https://news.example/elsewhere"),
    ],
    ids=["title", "summary", "link"],
)
async def test_an_edited_article_edits_its_card_once(room: Newsroom, edited: Article) -> None:
    for _ in range(3):
        await look(room, edited, sent=True)
    row = (await room.rows())[-1]
    assert (row.title, row.summary, row.link, row.edits) == (edited.title, edited.summary, edited.link, 1)
    [edit] = await room.queued("story_edit")
    assert (edit.object_id, edit.channel_id, edit.dedupe_key) == (row.id, CHANNEL, f"story_edit:{row.id}:1")
    assert (await room.told(), len(await room.posts())) == ([edited.title], 1)


@pytest.mark.parametrize(
    "touched",
    [
        replace(STORY, published=article(5).published),
        replace(STORY, published=None),
        replace(STORY, link="https://news.example/s?utm_source=rss#comments"),
    ],
    ids=["date", "no date", "tracking"],
)
async def test_what_no_reader_sees_edits_nothing(room: Newsroom, touched: Article) -> None:
    await look(room, touched, sent=True)
    assert await room.queued("story_edit") == []


async def test_an_article_that_changes_for_ever_edits_its_card_three_times(room: Newsroom) -> None:
    for at in range(6):
        await look(room, titled(f"Version {at}"), sent=True)
    assert len(await room.queued("story_edit")) == 3
    assert (await room.rows())[-1].title == "Version 5"


async def test_edits_keep_ten_minutes_apart(room: Newsroom) -> None:
    for at in range(3):
        await look(room, titled(f"Version {at}"), after=5 * MINUTE, sent=True)
    first, second, third = await room.queued("story_edit")
    assert [second.due_at - first.due_at, third.due_at - second.due_at] == [10 * MINUTE] * 2


async def test_a_change_is_left_to_the_edit_that_waits_already(room: Newsroom) -> None:
    for at in range(3):
        await look(room, titled(f"Version {at}"))
    assert len(await room.queued("story_edit")) == 1


async def test_a_story_that_waits_to_be_posted_needs_no_edit(room: Newsroom) -> None:
    second = replace(STORY, guid="t", link="https://news.example/t")
    await look(room, second, STORY)
    await look(room, replace(second, title="Better"), STORY)
    assert await room.queued("story_edit") == []
    assert (await room.rows())[-1].title == "Better"


async def test_a_card_that_could_not_be_posted_is_not_edited(room: Newsroom) -> None:
    async with room.database.write() as session:
        await session.execute(update(OutboxRow).values(outcome="parked", message_id=None))
    await look(room, titled("Another"))
    assert await room.queued("story_edit") == []


async def test_after_a_month_a_card_stays_as_it_is(room: Newsroom) -> None:
    await look(room, STORY, after=31 * DAY)
    await look(room, titled("Another"))
    assert (await room.queued("story_edit"), (await room.rows())[-1].title) == ([], "Another")


async def test_old_stories_are_remembered_as_they_are_now_and_edit_nothing(room: Newsroom) -> None:
    edited = [replace(one, title=one.title + ", corrected") for one in PAPER]
    room.server.serve("/feed", document([STORY, *edited]))
    await room.look(DAY)
    assert (await room.queued("story_edit"), (await room.rows())[0].title) == ([], edited[-1].title)


async def test_an_article_with_another_id_edits_the_card_that_it_has(room: Newsroom) -> None:
    other = replace(STORY, guid="s-2", title="Corrected")
    await look(room, other, sent=True)
    await look(room, replace(other, title="Corrected again"), sent=True)
    assert len(await room.queued("story_edit")) == 2
    [posted] = [row for row in await room.rows() if row.decision == "post"]
    assert (posted.title, await room.told()) == ("Corrected again", ["Corrected again"])


async def test_of_two_ids_of_one_story_that_change_together_its_own_tells_what_it_says(room: Newsroom) -> None:
    await look(room, replace(STORY, guid="s-2"), sent=True)
    for at in (1, 2):
        await look(room, replace(STORY, guid="s-2", title=f"Other {at}"), titled(f"Version {at}"), sent=True)
        [posted] = [row for row in await room.rows() if row.decision == "post"]
        assert (posted.title, posted.edits, room.crashes()) == (f"Version {at}", at, [])


async def test_of_two_entries_known_by_one_link_the_newer_tells_what_the_story_says(room: Newsroom) -> None:
    async with room.database.write() as session:
        await session.execute(update(Feed).values(identified_by_link=True))
    older, newer = (
        replace(STORY, guid=name, title=name, published=article(at).published) for at, name in ((5, "o"), (6, "n"))
    )
    for _ in range(2):
        await look(room, newer, older, sent=True)
    [posted] = [row for row in await room.rows() if row.decision == "post"]
    assert (posted.title, posted.edits, room.crashes()) == ("n", 1, [])


async def test_a_picture_whose_address_has_another_key_is_the_same_picture(room: Newsroom) -> None:
    def with_picture(key: str) -> bytes:
        picture = f'<img src="https://news.example/p.jpg?key={key}">They bloom.'
        return rss(item(STORY.title, STORY.link, guid="s", summary=picture), *(one.as_rss() for one in PAPER))

    edits = []
    for key in "abc":
        room.server.serve("/feed", with_picture(key))
        await room.look(DAY)
        await send(room)
        edits.append(len(await room.queued("story_edit")))
    assert edits == [1, 1, 1]  # the first time there was none before
    assert (await room.rows())[-1].picture == "https://news.example/p.jpg?key=c"
