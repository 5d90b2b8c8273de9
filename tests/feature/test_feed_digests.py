"""What of a feed is posted, what is told together, and what not at all."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.feeds.changes import change
from bot.feeds.drafts import By
from bot.feeds.terms import GivenTerms
from bot.stories.digests import digest_due
from db.database import Database
from db.models import Feed, GuildSettings, OutboxRow
from tests.articles import Article, article, articles, changed, document
from tests.newsroom import CHANNEL, GUILD, HOUR, MODERATOR, Newsroom, newsroom

DAY = timedelta(days=1)
PAPER = articles(1, 3)
BIRMINGHAM = ZoneInfo("America/Chicago")


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    async with newsroom(database, now, caplog) as room:
        yield room


async def followed(room: Newsroom, path: str = "/feed", **columns: object) -> int:
    """A feed that holds the paper, with these terms."""
    feed_id = await room.follow(room.server.serve(path, document(PAPER)))
    assert feed_id is not None
    if columns:
        async with room.database.write() as session:
            await session.execute(update(Feed).where(Feed.id == feed_id).values(**columns))
    return feed_id


async def decisions(room: Newsroom, feed_id: int) -> dict[str, str]:
    """Title → decision and why, of what came after the paper."""
    rows = (await room.rows(feed_id))[len(PAPER) :]
    return {row.title: f"{row.decision} {row.because}".strip() for row in rows}


def details(rows: list[OutboxRow]) -> list[dict[str, object]]:
    return [json.loads(row.detail) for row in rows]


async def test_of_a_burst_five_are_posted_and_the_rest_is_one_message_an_hour_later(room: Newsroom) -> None:
    feed_id = await followed(room)
    room.server.serve("/feed", document(articles(1, 30)))
    await room.look()
    assert (len(await room.posts()), await room.queued("digest")) == (5, [])
    assert (await room.feed(feed_id)).digest_due_at == room.now + HOUR
    await room.look()
    [digest] = await room.queued("digest")
    rows = [row for row in await room.rows() if row.decision == "digest"]
    assert details([digest]) == [{"stories": [row.id for row in rows[::-1]][:10], "n": 22}]
    assert (digest.channel_id, digest.object_id, digest.locale) == (CHANNEL, feed_id, "en-US")
    assert digest.dedupe_key == f"digest:{feed_id}:{int(room.now.timestamp())}"
    assert {row.digested_at for row in rows} == {room.now.replace(microsecond=0)}
    assert (await room.feed(feed_id)).digest_due_at is None
    await room.look()
    assert (len(await room.posts()), len(await room.queued("digest"))) == (5, 1)


async def test_the_oldest_of_a_burst_are_posted_so_that_the_order_is_kept(room: Newsroom) -> None:
    await followed(room, posts_an_hour=2)
    room.server.serve("/feed", document(articles(1, 6)))
    await room.look()
    titles = [row.title for row in await room.rows() if row.decision == "post"]
    assert titles == [article(4).title, article(5).title]


async def test_the_cap_counts_over_an_hour_and_not_over_one_look(room: Newsroom) -> None:
    await followed(room, posts_an_hour=2)
    told = []
    for last in (4, 5, 6, 7):
        async with room.database.write() as session:
            await session.execute(update(Feed).values(next_poll_at=room.now))
        room.server.serve("/feed", document(articles(1, last)))
        await room.look(timedelta(minutes=20))
        told.append(len(await room.posts()))
    assert told == [1, 2, 2, 3]  # the first was an hour ago by then


@pytest.mark.parametrize(
    ("mode", "due"),
    [("daily", datetime(2026, 11, 23, 15, tzinfo=UTC)), ("weekly", datetime(2026, 11, 29, 15, tzinfo=UTC))],
)
async def test_a_digest_comes_at_nine_in_the_servers_zone(room: Newsroom, mode: str, due: datetime) -> None:
    async with room.database.write() as session:
        session.add(GuildSettings(guild_id=GUILD, timezone=BIRMINGHAM.key, locale="fr"))
    feed_id = await followed(room, mode=mode)
    room.server.serve("/feed", document(articles(1, 5)))
    await room.look()  # a Sunday, at eleven
    assert (await room.posts(), (await room.feed(feed_id)).digest_due_at) == ([], due)
    assert await room.stories.run_once(due - timedelta(seconds=1)) <= due  # type: ignore[operator]
    assert await room.queued("digest") == []
    await room.stories.run_once(due)
    [digest] = await room.queued("digest")
    assert (digest.locale, json.loads(digest.detail)["n"]) == ("fr", 2)


def test_nine_oclock_is_nine_oclock_when_clocks_change() -> None:
    saturday = datetime(2026, 10, 31, 20, tzinfo=UTC)  # clocks go back on Sunday
    assert digest_due("daily", BIRMINGHAM, saturday) == datetime(2026, 11, 1, 15, tzinfo=UTC)
    assert digest_due("weekly", BIRMINGHAM, saturday) == datetime(2026, 11, 1, 15, tzinfo=UTC)
    friday = saturday - DAY
    assert digest_due("daily", BIRMINGHAM, friday) == datetime(2026, 10, 31, 14, tzinfo=UTC)
    nine = datetime(2026, 11, 1, 15, tzinfo=UTC)
    assert digest_due("weekly", BIRMINGHAM, nine) == nine + 7 * DAY
    assert digest_due("weekly", BIRMINGHAM, nine - timedelta(seconds=1)) == nine


async def test_a_paused_feed_sends_no_digest_until_it_goes_on(room: Newsroom) -> None:
    feed_id = await followed(room, mode="daily")
    room.server.serve("/feed", document(articles(1, 5)))
    await room.look()
    for paused, digests in ((room.now, 0), (None, 1)):
        async with room.database.write() as session:
            await session.execute(update(Feed).where(Feed.id == feed_id).values(paused_at=paused))
        await room.look(2 * DAY)
        assert len(await room.queued("digest")) == digests


async def test_words_decide_what_is_told(room: Newsroom) -> None:
    feed_id = await followed(room, include_words="choir\nSister city", exclude_words="Advert")
    news = [
        Article("a", "https://news.example/a", "The CHOIR sings"),
        Article("b", "https://news.example/b", "Choirs sing"),
        Article("c", "https://news.example/c", "A choir", summary="An advert."),
        Article("d", "https://news.example/d", "News", summary="Our sister-city writes."),
    ]
    room.server.serve("/feed", document([*news, *PAPER]))
    await room.look()
    assert await decisions(room, feed_id) == {
        "News": "post",
        "A choir": "filtered Advert",
        "Choirs sing": "filtered",
        "The CHOIR sings": "post",
    }
    assert await room.told() == ["News", "The CHOIR sings"]


async def test_the_same_story_on_two_feeds_of_a_server_is_told_once(room: Newsroom) -> None:
    first, second = await followed(room, "/one"), await followed(room, "/two")
    other = changed([article(4)], guid="another:{}", link="{}?utm_source=two#top")
    room.server.serve("/one", document([article(4), *PAPER]))
    room.server.serve("/two", document([*other, article(5), *PAPER]))
    await room.look()
    told = [await decisions(room, first), await decisions(room, second)]
    title = article(4).title
    assert sorted(one[title] for one in told) == ["elsewhere", "post"]
    assert sorted(await room.told()) == sorted([title, article(5).title])


async def test_another_server_is_told_the_same_story(room: Newsroom) -> None:
    url = room.server.serve("/feed", document(PAPER))
    await room.follow(url)
    await room.follow(url, guild_id=GUILD + 1)
    room.server.serve("/feed", document(articles(1, 4)))
    await room.look()
    assert await room.told() == [article(4).title] * 2


async def test_what_is_told_in_a_digest_is_told_once_as_well(room: Newsroom) -> None:
    first = await followed(room, "/one", mode="weekly")
    room.server.serve("/one", document(articles(1, 4)))
    await room.look()
    second = await followed(room, "/two")
    room.server.serve("/two", document([*changed([article(4)], guid="two:{}"), *PAPER]))
    await room.look()
    decided = [await decisions(room, feed_id) for feed_id in (first, second)]
    assert decided == [{article(4).title: "digest"}, {article(4).title: "elsewhere"}]


async def test_a_removed_feed_takes_back_its_digest(room: Newsroom) -> None:
    feed_id = await followed(room, mode="daily")
    room.server.serve("/feed", document(articles(1, 4)))
    await room.look()
    await room.look(DAY)
    room.server.serve("/feed", document(articles(1, 5)))
    await room.look()
    await room.stories.unfollow(GUILD, MODERATOR, feed_id, room.now)
    await room.look(2 * DAY)
    [digest] = await room.queued("digest")
    assert (digest.outcome, await room.rows()) == ("gone", [])


@pytest.mark.parametrize("mode", ["each", "daily"])
@pytest.mark.parametrize("sent", [True, False], ids=["sent", "not sent"])
async def test_what_a_removed_feed_never_told_another_feed_tells(room: Newsroom, mode: str, sent: bool) -> None:
    feed_id = await followed(room, mode=mode)
    room.server.serve("/feed", document(articles(1, 4)))
    await room.look()
    await room.look(DAY)
    async with room.database.write() as session:
        said = {"done_at": room.now, "outcome": "sent", "message_id": 5, "first_tried_at": room.now}
        refused = {"done_at": room.now, "outcome": "parked", "first_tried_at": room.now}
        await session.execute(update(OutboxRow).values(said if sent else refused))
    other = await followed(room, "/other")
    await room.stories.unfollow(GUILD, MODERATOR, feed_id, room.now)
    room.server.serve("/other", document([*changed([article(4)], guid="other:{}"), *PAPER]))
    await room.look()
    assert await decisions(room, other) == {article(4).title: "elsewhere" if sent else "post"}
    digests = [row.dedupe_key for row in await room.queued("digest")]
    kept = [row.because for row in await room.rows() if row.feed_id is None and row.decision == "digest"]
    assert kept == (digests if sent else [])  # by which `/story` still finds it


async def test_a_feed_that_is_no_longer_told_weekly_tells_what_waits_sooner(room: Newsroom) -> None:
    feed_id = await followed(room, mode="weekly")
    room.server.serve("/feed", document(articles(1, 4)))
    await room.look()
    by = By(GUILD, MODERATOR, room.now)
    await change(room.stories, by, feed_id, GivenTerms(mode="each"), None)
    assert (await room.feed(feed_id)).digest_due_at == room.now + HOUR
    await change(room.stories, by, feed_id, GivenTerms(mode="weekly"), None)
    assert (await room.feed(feed_id)).digest_due_at == room.now + HOUR


async def test_stories_carry_the_track_of_their_feed(room: Newsroom) -> None:
    feed_id = await followed(room, track="arts_culture")
    room.server.serve("/feed", document([replace(article(4), published=None), *PAPER]))
    await room.look()
    assert [row.track for row in await room.rows(feed_id)] == [None, None, None, "arts_culture"]
