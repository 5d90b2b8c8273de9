"""What else is posted about stories: digests, edits, publishing, notices to moderators."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from db.models import Feed, Story, StoryCopy
from tests.feature.conftest import World, words
from tests.feature.posting import (
    copies,
    crash_after_send,
    follow,
    forum,
    is_published,
    post,
    queue,
    rows,
    take_away,
    tell,
    threads,
)
from tests.feature.webhook_routes import webhooks_as_discord_has_them

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def webhooks() -> Iterator[None]:
    """Webhooks that can do what Discord lets a bot's own do."""
    with webhooks_as_discord_has_them():
        yield


async def change(world: World, story_id: int, channel_id: int, title: str = "The choir sang") -> str | None:
    """The article of a story changes; returns how the edit of its messages ended."""
    async with world.bot.database.write() as session:
        story = await session.get_one(Story, story_id)
        story.title, story.edits = title, story.edits + 1
        key = f"story_edit:{story_id}:{story.edits}"
    await queue(world, "story_edit", story_id, channel_id, key)
    await world.deliver()
    return (await rows(world, "story_edit"))[-1].outcome


class TestDigests:
    """What is too much for single posts, or was chosen to come in one."""

    async def test_a_digest_lists_the_stories_with_links_and_counts_the_others(self, world: World) -> None:
        feed_id = await follow(world, world.stories)
        day = datetime(2026, 11, 20, tzinfo=UTC)
        ids = [await tell(world, feed_id, title, published_at=day) for title in ("Trees *planted*", "Choir")]
        await queue(world, "digest", feed_id, world.stories.id, stories=ids, n=12)
        await world.deliver()
        assert words(world.stories.last_message) == (
            "### 📰 New stories from City News\n"
            f"- [Trees \\*planted\\*](https://news.example/15) · news.example · <t:{int(day.timestamp())}:D>\n"
            f"- [Choir](https://news.example/5) · news.example · <t:{int(day.timestamp())}:D>\n"
            "- and 10 more stories"
        )
        assert await copies(world) == []

    async def test_a_digest_of_the_longest_titles_and_links_keeps_discord_s_limits(self, world: World) -> None:
        feed_id = await follow(world, world.stories, ping_role_id=world.guild.create_role("Readers").id)
        ids = [
            await tell(world, feed_id, f"{n}" + "*" * 300, link="https://news.example/" + "x" * 170) for n in range(10)
        ]
        await queue(world, "digest", feed_id, world.stories.id, stories=ids, n=10)
        await world.deliver()
        shown = words(world.stories.last_message)
        assert shown.endswith("- and 4 more stories")
        assert len(shown) < 4_000

    async def test_a_digest_by_choice_calls_the_role_and_one_for_a_burst_does_not(self, world: World) -> None:
        role = world.guild.create_role("Readers")
        called = []
        for channel, mode in ((world.stories, "weekly"), (world.general, "each")):
            feed_id = await follow(world, channel, mode=mode, ping_role_id=role.id)
            story_id = await tell(world, feed_id, mode)
            await queue(world, "digest", feed_id, channel.id, f"digest:{feed_id}", stories=[story_id], n=1)
            await world.deliver()
            called.append(words(channel.last_message).startswith(f"<@&{role.id}>"))
        assert called == [True, False]

    async def test_a_digest_goes_where_stories_go_and_is_published_like_them(self, world: World) -> None:
        news, board = world.guild.create_news_channel("news"), forum(world)
        for channel, kind, more in ((news, "announcement", {"crosspost": True}), (board, "forum", {})):
            feed_id = await follow(world, channel, kind, **more)
            story_id = await tell(world, feed_id, kind)
            await queue(world, "digest", feed_id, channel.id, f"digest:{feed_id}", stories=[story_id], n=1)
        await world.deliver()
        await world.deliver()
        (message,) = news.history()
        assert is_published(message)
        assert threads(world, board) == [("New stories from City News", [])]

    async def test_after_a_crash_a_digest_by_webhook_is_found(self, world: World) -> None:
        feed_id = await follow(world, world.stories, uses_webhook=True)
        row_id = await queue(world, "digest", feed_id, world.stories.id, stories=[await tell(world, feed_id)], n=1)
        await world.deliver()
        await crash_after_send(world, row_id)
        await world.deliver()
        assert len(world.stories.history()) == 1

    async def test_a_digest_of_a_feed_that_was_removed_is_dropped(self, world: World) -> None:
        await queue(world, "digest", 4711, world.stories.id, stories=[1], n=1)
        await world.deliver()
        assert [row.outcome for row in await rows(world, "digest")] == ["gone"]


class TestEdits:
    """An article that changed changes its messages, and disturbs nobody."""

    async def test_the_message_is_edited_and_pings_nobody_again(self, world: World) -> None:
        role = world.guild.create_role("Readers")
        story_id = await post(world, world.stories, ping_role_id=role.id)
        assert await change(world, story_id, world.stories.id) == "sent"
        body = world.env.http_requests[-1].json
        assert words(world.stories.last_message).split("\n")[:3] == [
            f"<@&{role.id}>",
            "-# City News · news.example",
            "### [The choir sang](https://news.example/15)",
        ]
        assert body is not None and body["allowed_mentions"] == {"parse": []}
        assert len(world.stories.history()) == 1

    async def test_a_message_that_was_deleted_is_forgotten(self, world: World) -> None:
        story_id = await post(world, world.stories)
        (message,) = world.stories.history()
        world.env.backend.delete_message(world.stories.id, message.id)
        assert await change(world, story_id, world.stories.id) == "gone"
        assert await copies(world) == []
        assert world.stories.history() == []

    async def test_of_two_messages_the_one_that_is_left_is_edited(self, world: World) -> None:
        story_id = await post(world, world.stories)
        async with world.bot.database.write() as session:
            session.add(
                StoryCopy(message_id=1, guild_id=world.guild.id, channel_id=world.stories.id, story_id=story_id)
            )
        assert await change(world, story_id, world.stories.id) == "sent"
        assert [copy[0] for copy in await copies(world)] == [message.id for message in world.stories.history()]
        assert "The choir sang" in words(world.stories.last_message)

    async def test_a_thread_in_the_archive_is_edited_and_goes_back_there(self, world: World) -> None:
        board = forum(world)
        story_id = await post(world, board, "forum")
        (thread,) = board.threads
        world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
        world.env.inject_error(
            "PATCH", f"/channels/{thread.id}/messages/*", status=400, code=50083, message="Thread is archived"
        )
        assert await change(world, story_id, board.id) == "sent"
        asked = [
            (one.json or {}).get("archived", "the message")
            for one in world.env.http_requests
            if one.method == "PATCH" and str(thread.id) in one.path
        ]
        assert asked == ["the message", False, "the message", True]
        assert "The choir sang" in words(thread.last_message)
        kept = world.env.backend.channels[thread.id].thread_metadata
        assert kept is not None and kept.archived

    async def test_a_thread_that_is_locked_in_the_archive_keeps_its_words_and_nobody_is_told(
        self, world: World
    ) -> None:
        board = forum(world)
        story_id = await post(world, board, "forum")
        (thread,) = board.threads
        archived = {"status": 400, "code": 50083, "message": "Thread is archived"}
        world.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", **archived)  # type: ignore[arg-type]
        world.env.inject_error("PATCH", f"/channels/{thread.id}", status=403, code=50013, message="Missing Permissions")
        assert await change(world, story_id, board.id) == "gone"
        assert "The choir sings" in words(thread.last_message)
        assert await rows(world, "feed_notice") == []

    async def test_a_webhook_edits_what_it_posted_in_channels_and_threads(self, world: World) -> None:
        board = forum(world)
        for channel, kind in ((world.stories, "text"), (board, "forum")):
            story_id = await post(world, channel, kind, uses_webhook=True)
            assert await change(world, story_id, channel.id) == "sent"
        (thread,) = board.threads
        edited = [words(channel.last_message).split("\n")[1] for channel in (world.stories, thread)]
        assert edited == ["### [The choir sang](https://news.example/15)"] * 2
        assert ["[Discuss]" in words(channel.last_message) for channel in (world.stories, thread)] == [True, False]

    @pytest.mark.parametrize("known", [True, False])
    async def test_what_a_webhook_posted_that_is_gone_stays_as_it_is(self, world: World, known: bool) -> None:
        story_id = await post(world, world.stories, uses_webhook=True)
        (webhook,) = world.env.backend.webhooks.values()
        world.env.backend.delete_webhook(webhook.id)
        if not known:  # as after a restart
            world.bot.outbox.posts.stories.targets.webhooks.forget(world.stories.id)
        assert await change(world, story_id, world.stories.id) == "gone"
        assert "The choir sings" in words(world.stories.last_message)

    async def test_what_another_webhook_posted_before_is_not_lost_sight_of(self, world: World) -> None:
        story_id = await post(world, world.stories, uses_webhook=True)
        (webhook,) = world.env.backend.webhooks.values()
        world.env.backend.delete_webhook(webhook.id)
        await queue(world, "story", story_id, world.stories.id, "again")
        await world.deliver()
        assert await change(world, story_id, world.stories.id) == "sent"
        before, after = world.stories.history()
        assert ["The choir sang" in words(message) for message in (before, after)] == [False, True]
        assert [copy[0] for copy in await copies(world)] == [before.id, after.id]

    async def test_an_edit_that_discord_cannot_take_now_is_made_later(self, world: World) -> None:
        story_id = await post(world, world.stories)
        world.env.inject_error("PATCH", "/channels/*/messages/*", status=503)
        assert await change(world, story_id, world.stories.id) is None
        world.clock[0] += HOUR
        await world.deliver()
        assert "The choir sang" in words(world.stories.last_message)

    async def test_the_story_of_another_server_is_not_edited(self, world: World) -> None:
        story_id = await post(world, world.stories)
        async with world.bot.database.write() as session:
            story = await session.get_one(Story, story_id)
            story.guild_id = 4711
        assert await change(world, story_id, world.stories.id) == "gone"
        assert "The choir sings" in words(world.stories.last_message)


class TestPublishing:
    """Messages of announcement channels go to the servers that follow them."""

    async def crosspost(self, world: World, status: int, code: int) -> str | None:
        """How publishing ends that Discord answers like this."""
        news = world.guild.create_news_channel("news")
        world.env.inject_error("POST", "/channels/*/messages/*/crosspost", status=status, code=code)
        await post(world, news, "announcement", crosspost=True)
        await world.deliver()
        assert len(news.history()) >= 1
        return (await rows(world, "crosspost"))[0].outcome

    async def test_a_message_that_was_published_before_the_crash_counts_as_done(self, world: World) -> None:
        assert await self.crosspost(world, 400, 40033) == "sent"

    async def test_a_message_that_was_deleted_before_is_left(self, world: World) -> None:
        assert await self.crosspost(world, 404, 10008) == "gone"

    async def test_a_channel_that_is_no_announcement_channel_any_more_is_left(self, world: World) -> None:
        assert await self.crosspost(world, 400, 50024) == "gone"

    async def test_an_error_that_passes_is_waited_for(self, world: World) -> None:
        assert await self.crosspost(world, 503, 0) is None
        world.clock[0] += HOUR
        await world.deliver()
        assert [row.outcome for row in await rows(world, "crosspost")] == ["sent"]

    async def test_a_missing_permission_costs_no_story_and_is_told_once(self, world: World) -> None:
        assert await self.crosspost(world, 403, 50013) == "gone"
        news = world.guild.channels["news"]
        assert words(news.last_message) == (
            f"📰 Stories of **City News** appear in {news.mention}, but I may not publish them to the servers that "
            "follow it: I need the permissions *Send Messages* and *Manage Messages* there."
        )

    async def test_what_a_webhook_posted_is_published(self, world: World) -> None:
        news = world.guild.create_news_channel("news")
        await post(world, news, "announcement", crosspost=True, uses_webhook=True)
        (message,) = news.history()
        assert (message.webhook_id is not None, is_published(message)) == (True, True)


class TestNotices:
    """What moderators are told about feeds."""

    async def test_a_notice_goes_to_the_channel_for_notices(self, world: World) -> None:
        feed_id = await follow(world, world.stories)
        await queue(world, "feed_notice", feed_id, world.general.id, text_key="recovered")
        await world.deliver()
        assert words(world.general.last_message).startswith("📰 The feed **City News** can be read again.")

    async def test_a_notice_in_a_forum_opens_a_thread_and_is_not_repeated(self, world: World) -> None:
        board = forum(world)
        feed_id = await follow(world, board, "forum")
        row_id = await queue(world, "feed_notice", feed_id, board.id, text_key="recovered")
        await world.deliver()
        await crash_after_send(world, row_id)
        await world.deliver()
        assert threads(world, board) == [("City News", [])]

    async def test_a_notice_about_a_feed_that_was_removed_is_dropped(self, world: World) -> None:
        await queue(world, "feed_notice", 4711, world.stories.id, text_key="recovered")
        await world.deliver()
        assert (world.stories.history(), [row.outcome for row in await rows(world, "feed_notice")]) == ([], ["gone"])

    async def test_trouble_is_told_where_moderators_want_it(self, world: World) -> None:
        await world.set_up(notices_channel=world.events)
        take_away(world, world.stories, "manage_webhooks")
        await post(world, world.stories, uses_webhook=True)
        assert len(world.stories.history()) == 1
        assert "*Manage Webhooks*" in words(world.events.last_message)


async def test_a_story_whose_feed_was_removed_meanwhile_is_still_remembered(world: World) -> None:
    feed_id = await follow(world, world.stories)
    story_id = await tell(world, feed_id)
    await queue(world, "story", story_id, world.stories.id)
    async with world.bot.database.write() as session:
        await session.delete(await session.get_one(Feed, feed_id))
    await world.deliver()
    assert [copy[0] for copy in await copies(world)] == [message.id for message in world.stories.history()]
    assert len(world.stories.history()) == 1


async def test_a_picture_that_discord_refuses_does_not_cost_the_story(world: World) -> None:
    feed_id = await follow(world, world.stories)
    story_id = await tell(world, feed_id, picture="https://news.example/choir.jpg")
    row_id = await queue(world, "story", story_id, world.stories.id)
    world.env.inject_error("POST", "/channels/*/messages", status=400, code=50035, message="Invalid Form Body")
    await world.deliver()
    [message] = world.stories.history()
    assert words(message).split("\n")[:3] == ["-# City News", "### The choir sings", "In the town hall."]
    assert [(row.id, row.outcome, row.attempts) for row in await rows(world, "story")] == [(row_id, "sent", 1)]
