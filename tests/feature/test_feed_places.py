"""What stories from feeds are about: the cities they name, and those of their feed."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.lookup.search import CityIndex
from bot.recogniser.recogniser import Recogniser
from bot.recogniser.tags import load_recogniser
from db.database import Database
from db.models import Feed, FeedPlace, GuildSettings, Place, Story, StoryPlace
from tests.articles import Article, articles, document
from tests.newsroom import GUILD, Newsroom, newsroom

BIRMINGHAM, HITACHI, PLZEN = 4049979, 2112708, 3068160  # GeoNames' ids
PAPER = articles(1, 3)


@pytest.fixture
async def room(
    database: Database, now: datetime, index: CityIndex, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Newsroom]:
    """A newsroom in Birmingham, Alabama."""
    async with newsroom(database, now, caplog) as room:
        room.stories.recogniser = await load_recogniser(database, index)
        async with database.write() as session:
            home = await session.scalar(select(Place.id).where(Place.geoname_id == BIRMINGHAM))
            session.add(GuildSettings(guild_id=GUILD, home_place_id=home, locale="en-US"))
        yield room


async def about(room: Newsroom) -> dict[str, list[int | None]]:
    """Title → GeoNames' ids of the places that the stories are about."""
    query = (
        select(Story.title, Place.geoname_id)
        .join(StoryPlace, StoryPlace.story_id == Story.id)
        .join(Place, Place.id == StoryPlace.place_id)
        .order_by(Story.id, Place.geoname_id)
    )
    found: dict[str, list[int | None]] = {}
    async with room.database.read() as session:
        for title, geoname_id in await session.execute(query):
            found.setdefault(title, []).append(geoname_id)
    return found


def story(number: int, title: str, summary: str = "") -> Article:
    return Article(f"s{number}", f"https://news.example/s/{number}", title, summary=summary)


async def test_a_story_is_about_the_cities_that_its_title_and_summary_name(room: Newsroom) -> None:
    old = story(1, "A choir from Hitachi")
    url = room.server.serve("/feed", document([old, *PAPER]))
    await room.follow(url)
    news = [
        story(2, "Reading is fun for mobile readers"),
        story(3, "Cherry trees for Birmingham", "A gift from Hitachi, Japan."),
    ]
    await room.looks(url, [document([*news, old, *PAPER])])
    assert await about(room) == {"Cherry trees for Birmingham": [HITACHI, BIRMINGHAM]}


async def test_every_story_of_a_feed_is_about_the_cities_of_the_feed(room: Newsroom) -> None:
    url = room.server.serve("/feed", document(PAPER))
    feed_id = await room.follow(url)
    async with room.database.write() as session:
        place = await session.scalar(select(Place.id).where(Place.geoname_id == PLZEN))
        session.add(FeedPlace(feed_id=feed_id, place_id=place, guild_id=GUILD))
    await room.looks(url, [document([story(1, "A market"), story(2, "Tea in Hitachi"), *PAPER])])
    assert await about(room) == {"Tea in Hitachi": [HITACHI, PLZEN], "A market": [PLZEN]}


async def test_stories_that_are_not_told_are_about_nothing(room: Newsroom) -> None:
    url = room.server.serve("/feed", document(PAPER))
    feed_id = await room.follow(url)
    assert feed_id is not None
    async with room.database.write() as session:
        (await session.get_one(Feed, feed_id)).exclude_words = "tea"
    await room.looks(url, [document([story(2, "Tea in Hitachi"), *PAPER])])
    assert await about(room) == {}


async def test_of_very_many_stories_at_once_only_some_are_looked_at(room: Newsroom) -> None:
    assert room.stories.recogniser is not None
    url = room.server.serve("/feed", document(PAPER))
    await room.follow(url)
    await room.looks(url, [document([*(story(at, f"Tea in Hitachi, day {at}") for at in range(80)), *PAPER])])
    assert len(await room.told()) == 80
    assert len(await about(room)) == 60


class Broken(Recogniser):
    """A recogniser that fails at whatever it reads."""

    def __init__(self) -> None:
        """Without an index."""

    def places(self, text: str, home: object = ()) -> list[object]:  # type: ignore[override]
        raise RuntimeError("out of order")


async def test_a_feed_that_does_something_unforeseen_holds_up_no_other(room: Newsroom) -> None:
    recogniser = room.stories.recogniser
    broken = await room.follow(room.server.serve("/one", document(PAPER)))
    sound = await room.follow(room.server.serve("/two", document(PAPER)))
    room.server.serve("/one", document([story(1, "Tea in Hitachi"), *PAPER]))
    room.stories.recogniser = Broken()
    await room.look()
    feeds = [await room.feed(feed_id) for feed_id in (broken, sound) if feed_id]
    assert [(feed.failures, feed.lease_until) for feed in feeds] == [(1, None), (0, None)]
    assert await room.told() == []
    room.stories.recogniser = recogniser
    await room.look()
    assert await room.told() == ["Tea in Hitachi"]
    assert room.crashes() == [f"feed {broken} could not be looked at"]
