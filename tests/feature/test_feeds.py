"""Following feeds, as moderators do, with real feeds on loopback."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.settings import Settings, load_settings
from db.models import Feed, OutboxRow, Story
from tests.feature.conftest import World, words
from tests.feature.following import as_text, follow
from tests.feeds_server import FeedsServer, item, rss

OLD = item("Choir from Székesfehérvár", "https://news.example/choir", guid="1", summary="They sang.")
NEW = item("Cherry trees for Hitachi", "https://news.example/trees", guid="2", summary="One. Two. Three.")
HOUR = timedelta(hours=1)


@pytest.fixture
async def server() -> AsyncIterator[FeedsServer]:
    """A feed server on loopback."""
    async with FeedsServer() as server:
        yield server


async def look(world: World) -> None:
    """An hour later the feeds are looked at, and what is due is sent."""
    world.clock[0] += HOUR
    await world.bot.stories.run_once(world.bot.now())
    await world.deliver()


async def stored(world: World) -> tuple[int, int]:
    """How many stories are known, and how many posts were ever queued."""
    async with world.bot.database.read() as session:
        stories = await session.scalar(select(func.count()).select_from(Story))
        posts = await session.scalar(select(func.count()).select_from(OutboxRow))
    return stories or 0, posts or 0


async def the_feed(world: World) -> Feed:
    """The only feed."""
    async with world.bot.database.read() as session:
        return (await session.scalars(select(Feed))).one()


async def test_adding_a_feed_remembers_what_is_in_it_and_posts_nothing(world: World, server: FeedsServer) -> None:
    said = await follow(world, server.serve("/feed", rss(OLD)))
    await look(world)
    assert said == (
        "Following **Sister City News**. Stories already in it are not posted; each new one appears in "
        f"{world.stories.mention}."
    )
    assert world.stories.history() == []
    assert await stored(world) == (1, 0)


async def test_a_new_entry_is_posted_once_however_often_the_feed_is_read(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    server.serve("/feed", rss(NEW, OLD))
    for _ in range(3):
        await look(world)
    server.serve("/feed", rss(OLD, NEW))  # reordered
    await look(world)
    server.serve("/feed", rss(NEW))  # one is gone …
    await look(world)
    server.serve("/feed", rss(OLD, NEW))  # … and back
    await look(world)
    assert [words(message) for message in world.stories.history()] == [
        "-# Sister City News · news.example\n"
        "### [Cherry trees for Hitachi](https://news.example/trees)\n"
        "One. Two.\n"
        "[Hitachi, Ibaraki, JP]\n"
        "[Read the story]\n"
        "[Discuss]"
    ]
    assert await stored(world) == (2, 1)


async def test_new_entries_are_posted_oldest_first(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    newer = item("Third", "https://news.example/3", guid="3")
    server.serve("/feed", rss(newer, NEW, OLD))
    await look(world)
    titles = [words(message).split("\n")[1] for message in world.stories.history()]
    assert titles == [
        "### [Cherry trees for Hitachi](https://news.example/trees)",
        "### [Third](https://news.example/3)",
    ]


async def test_an_unchanged_feed_is_asked_for_with_its_etag(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD), etag='"v1"'))
    await look(world)
    assert [request.get("If-None-Match") for request in server.requests("/feed")][-2:] == [None, '"v1"']
    assert (await the_feed(world)).last_good_poll_at == world.bot.now()


async def test_a_failing_feed_says_why_backs_off_and_recovers(world: World, server: FeedsServer) -> None:
    url = server.serve("/feed", rss(OLD))
    await follow(world, url)
    server.serve("/feed", status=500)
    waits = []
    for _ in range(3):
        await look(world)
        feed = await the_feed(world)
        assert feed.next_poll_at is not None
        waits.append(feed.next_poll_at - world.bot.now())
    listed = await world.mod.slash(world.general, "feed list")
    assert waits == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
    assert "cannot answer at the moment (error 500)" in words(listed.response)
    server.serve("/feed", rss(NEW, OLD))
    await look(world)
    feed = await the_feed(world)
    assert (feed.failures, feed.last_error, len(world.stories.history())) == (0, None, 1)


async def test_a_feed_that_is_gone_for_good_is_not_asked_for_again(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    before = server.hits("/feed")
    server.serve("/feed", status=410)
    await look(world)
    await look(world)
    assert (server.hits("/feed") - before, (await the_feed(world)).next_poll_at) == (1, None)


async def test_a_feed_is_removed_and_what_was_posted_stays(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    server.serve("/feed", rss(NEW, OLD))
    await look(world)
    feed_id = (await the_feed(world)).id
    choices = await world.mod.autocomplete(world.general, "feed remove", "feed", "sister")
    removed = await world.mod.slash(world.general, "feed remove", feed=f"id:{feed_id}")
    listed = await world.mod.slash(world.general, "feed list")
    await look(world)
    assert choices == [{"name": "Sister City News", "value": f"id:{feed_id}"}]
    assert words(removed.response) == (
        f"No longer following **Sister City News**. What was posted stays.\n-# {as_text(server.url('/feed'))}"
    )
    assert words(listed.response) == "This server follows no feeds yet. Add one with `/feed add`."
    assert len(world.stories.history()) == 1
    assert await stored(world) == (1, 1)


async def test_what_waits_to_be_posted_is_not_posted_once_the_feed_is_removed(
    world: World, server: FeedsServer
) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    server.serve("/feed", rss(NEW, OLD))
    world.clock[0] += HOUR
    await world.bot.stories.run_once(world.bot.now())
    await world.mod.slash(world.general, "feed remove", feed=f"id:{(await the_feed(world)).id}")
    await world.deliver()
    assert world.stories.history() == []


async def test_a_feed_that_is_added_again_posts_nothing_old(world: World, server: FeedsServer) -> None:
    url = server.serve("/feed", rss(NEW, OLD))
    await follow(world, url)
    await world.mod.slash(world.general, "feed remove", feed=f"id:{(await the_feed(world)).id}")
    await follow(world, url)
    await look(world)
    assert world.stories.history() == []


async def test_a_member_may_not_change_feeds(world: World, server: FeedsServer) -> None:
    url = server.serve("/feed", rss(OLD))
    await follow(world, url)
    # A server's owner may hand the command to anybody; the bot checks again.
    feed = next(command for command in await world.bot.tree.fetch_commands() if command.name == "feed")
    world.guild.set_command_permissions(feed.id, {world.alice: True})
    refused = []
    for command, options in (("add", {"url": url}), ("list", {}), ("remove", {"feed": "id:1"})):
        result = await world.alice.slash(world.general, f"feed {command}", **options)
        refused.append((result.ephemeral, words(result.response)))
    sentence = "This is for moderators. You need the Manage Server permission, or the server's moderator role."
    assert refused == [(True, sentence)] * 3


async def test_the_feed_of_another_server_is_not_there(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    feed_id = (await the_feed(world)).id
    other = world.env.create_guild("Another")
    lobby = other.create_text_channel("lobby")
    result = await other.add_member(other.owner).slash(lobby, "feed remove", feed=f"id:{feed_id}")
    assert words(result.response) == "This server follows no such feed. `/feed list` shows the ones it follows."
    assert (await the_feed(world)).id == feed_id


async def test_a_title_full_of_formatting_and_mentions_is_shown_as_text(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    hostile = item("@everyone **free** [x](https://evil.example) <@&1>", "https://news.example/4", guid="4")
    server.serve("/feed", rss(hostile, OLD))
    await look(world)
    posted = world.env.http_requests[-1]
    assert posted.json is not None and posted.json["allowed_mentions"] == {"parse": []}
    assert words(world.stories.last_message).split("\n")[1] == (
        "### [@\u200beveryone \\*\\*free\\*\\* \\[x\\](https:\\//evil.example) \\<@&1>](https://news.example/4)"
    )


class TestWithoutPrivateAddresses:
    """The guard that every real installation has."""

    @pytest.fixture
    def settings(self, database_url: str) -> Settings:
        return load_settings({"DATABASE_URL": database_url})

    async def test_a_private_address_is_refused(self, world: World, server: FeedsServer) -> None:
        # Port 80 passes the rule for ports, so that it is the address which is refused.
        said = [await follow(world, url) for url in ("http://127.0.0.1/feed", "http://[::1]/feed", server.url("/feed"))]
        assert server.hits() == 0
        assert all("public" in sentence or "port" in sentence for sentence in said), said
