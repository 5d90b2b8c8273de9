"""Where stories are posted: channels, forums, webhooks; and never twice, where no nonce can help."""

from collections.abc import Iterator
from datetime import timedelta

import discord
import pytest
from sqlalchemy import select

from db.models import OutboxRow, StoryPlace
from tests.feature.conftest import World, words
from tests.feature.posting import (
    YOUTH,
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

CHOIR = (
    "-# City News · news.example\n"
    "### [The choir sings](https://news.example/15)\n"
    "In the town hall.\n"
    "[Read the story]\n"
    "[Discuss]"
)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def webhooks() -> Iterator[None]:
    """Webhooks that can do what Discord lets a bot's own do."""
    with webhooks_as_discord_has_them():
        yield


def requests(world: World, method: str, ending: str) -> int:
    """How often the bot asked for something of Discord."""
    return sum(one.method == method and one.path.endswith(ending) for one in world.env.http_requests)


def said_by(world: World, channel_id: int) -> list[str]:
    """Under which name each message of a channel stands, the oldest first."""
    backend = world.env.backend
    messages = sorted(backend.messages[channel_id].values(), key=lambda message: message.id)
    return [message.author_name or backend.users[message.author_id].name for message in messages]


async def again(world: World, by: timedelta) -> None:
    """The row that a process died over is taken up again, some time later."""
    (row,) = await rows(world, "story")
    await crash_after_send(world, row.id, by)
    await world.deliver()


async def test_a_story_goes_to_a_text_channel_with_a_nonce(world: World) -> None:
    await post(world, world.stories)
    (row,) = await rows(world, "story")
    (message,) = world.stories.history()
    body = world.env.http_requests[-1].json
    assert words(message) == CHOIR
    assert body is not None and (body["nonce"], body["enforce_nonce"]) == (str(row.nonce), True)
    assert await copies(world) == [(message.id, world.stories.id, None, None)]


async def test_the_chosen_role_is_called_above_the_card_and_nobody_else(world: World) -> None:
    role = world.guild.create_role("Readers")
    await post(world, world.stories, ping_role_id=role.id)
    body = world.env.http_requests[-1].json
    assert words(world.stories.last_message) == f"<@&{role.id}>\n{CHOIR}"
    assert body is not None and body["allowed_mentions"] == {"parse": [], "roles": [role.id]}


async def test_a_role_that_was_deleted_is_not_called(world: World) -> None:
    await post(world, world.stories, ping_role_id=4711)
    body = world.env.http_requests[-1].json
    assert words(world.stories.last_message) == CHOIR
    assert body is not None and body["allowed_mentions"] == {"parse": []}


async def test_the_cities_a_story_names_are_buttons_and_the_server_s_own_come_first(world: World) -> None:
    await world.set_up()
    story_id = await tell(world, await follow(world, world.stories))
    home, partner = world.bot.homes[world.guild.id][:2]
    elsewhere = min(set(world.bot.index.places) - set(world.bot.homes[world.guild.id]))
    async with world.bot.database.write() as session:
        for place_id in (home, partner, elsewhere):
            session.add(StoryPlace(story_id=story_id, place_id=place_id, guild_id=world.guild.id))
    await queue(world, "story", story_id, world.stories.id)
    await world.deliver()
    labels = [f"[{world.bot.index.places[place_id].label}]" for place_id in (home, partner, elsewhere)]
    shown = words(world.stories.last_message).split("\n")[3:6]
    assert (sorted(shown[:2]), shown[2:]) == (sorted(labels[:2]), labels[2:])


async def test_a_story_in_an_announcement_channel_is_published_once_if_the_feed_wants_it(world: World) -> None:
    news = world.guild.create_news_channel("news")
    await post(world, news, "announcement", crosspost=True)
    (message,) = news.history()
    assert is_published(message)
    assert [(row.outcome, row.message_id) for row in await rows(world, "crosspost")] == [("sent", message.id)]


async def test_a_story_in_an_announcement_channel_is_not_published_by_itself(world: World) -> None:
    news = world.guild.create_news_channel("news")
    await post(world, news, "announcement")
    (message,) = news.history()
    assert not is_published(message)
    assert await rows(world, "crosspost") == []


class TestForums:
    """A story opens a thread of its own."""

    async def test_a_story_becomes_a_thread_with_the_tag_of_its_track(self, world: World) -> None:
        channel = forum(world, "Questions", "youth & education")
        await post(world, channel, "forum", track="youth_education")
        (thread,) = channel.threads
        assert threads(world, channel) == [("The choir sings", ["youth & education"])]
        (message,) = thread.history()
        assert words(message) == (
            "-# City News · news.example\n"
            "### [The choir sings](https://news.example/15)\n"
            "In the town hall.\n"
            "-# 🏷 Youth & Education\n"
            "[Read the story]"  # and it is discussed right here
        )
        assert await copies(world) == [(message.id, thread.id, None, thread.id)]

    async def test_a_forum_without_a_tag_that_fits_gets_the_story_untagged(self, world: World) -> None:
        channel = forum(world, "Questions", "Answers")
        await post(world, channel, "forum", track="youth_education")
        assert threads(world, channel) == [("The choir sings", [])]

    async def test_a_tag_for_those_who_manage_threads_is_left_alone_by_a_bot_that_does_not(self, world: World) -> None:
        channel = forum(world, YOUTH, moderated=True)
        take_away(world, channel, "manage_threads")
        await post(world, channel, "forum", track="youth_education")
        assert threads(world, channel) == [("The choir sings", [])]

    async def test_a_forum_that_requires_a_tag_gets_its_first_one_rather_than_no_story(self, world: World) -> None:
        channel = forum(world, "Questions", "Answers")
        world.env.inject_error(
            "POST", f"/channels/{channel.id}/threads", status=400, code=40067, message="A tag is required"
        )
        await post(world, channel, "forum", track="youth_education")
        assert threads(world, channel) == [("The choir sings", ["Questions"])]

    async def test_a_tag_that_was_deleted_meanwhile_is_left_out(self, world: World) -> None:
        channel = forum(world, YOUTH, "Questions")
        feed_id = await follow(world, channel, "forum", track="youth_education")
        await queue(world, "story", await tell(world, feed_id), channel.id)
        del world.env.backend.channels[channel.id].available_tags[0]  # and the gateway was slow to say so
        world.env.inject_error("POST", f"/channels/{channel.id}/threads", status=400, code=10087, message="Unknown Tag")
        await world.deliver()
        assert threads(world, channel) == [("The choir sings", [])]

    async def test_a_thread_s_name_is_cut_between_letters_a_reader_sees(self, world: World) -> None:
        channel = forum(world)
        feed_id = await follow(world, channel, "forum")
        await queue(world, "story", await tell(world, feed_id, "🏳️‍🌈" * 40), channel.id)
        await world.deliver()
        ((name, _),) = threads(world, channel)
        assert name == "🏳️‍🌈" * (99 // len("🏳️‍🌈")) + "…"
        assert len(name) <= 100

    async def test_a_story_without_a_title_is_called_like_its_source(self, world: World) -> None:
        channel = forum(world)
        feed_id = await follow(world, channel, "forum")
        await queue(world, "story", await tell(world, feed_id, "\u200b"), channel.id)
        await world.deliver()
        assert threads(world, channel) == [("City News", [])]

    async def test_the_channel_itself_says_what_it_is_if_the_feed_has_moved_on(self, world: World) -> None:
        feed_id = await follow(world, world.stories, "forum")  # by now; the story was queued before that
        await queue(world, "story", await tell(world, feed_id), world.stories.id)
        await world.deliver()
        assert [words(message) for message in world.stories.history()] == [CHOIR]

    async def test_after_a_crash_the_thread_is_found_and_no_other_is_opened(self, world: World) -> None:
        channel = forum(world)
        await post(world, channel, "forum")
        before = await copies(world)
        await again(world, 2 * HOUR)
        assert threads(world, channel) == [("The choir sings", [])]
        assert await copies(world) == before

    async def test_after_a_crash_the_thread_is_found_even_in_the_archive(self, world: World) -> None:
        channel = forum(world)
        await post(world, channel, "forum")
        (thread,) = channel.threads
        world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
        await again(world, 2 * HOUR)
        assert threads(world, channel) == [("The choir sings", [])]

    async def test_after_a_crash_before_the_send_the_thread_is_opened(self, world: World) -> None:
        channel = forum(world)
        other = await tell(world, await follow(world, channel, "forum"), "Another story")
        await queue(world, "story", other, channel.id, "another")
        world.env.inject_error("POST", f"/channels/{channel.id}/threads", status=503)
        await world.deliver()
        world.clock[0] += MINUTE
        await world.deliver()
        assert threads(world, channel) == [("Another story", [])]
        assert requests(world, "GET", "/threads/active") == 1

    async def test_without_read_message_history_a_forum_s_story_is_posted_after_an_error(self, world: World) -> None:
        channel = forum(world)
        story_id = await tell(world, await follow(world, channel, "forum"))
        await queue(world, "story", story_id, channel.id)
        world.env.inject_error("POST", f"/channels/{channel.id}/threads", status=503)
        world.env.inject_error("GET", "/channels/*/threads/archived/public", status=403, code=50013, times=None)
        await world.deliver()
        world.clock[0] += MINUTE
        await world.deliver()
        assert threads(world, channel) == [("The choir sings", [])]

    async def test_a_thread_of_another_story_with_the_same_words_is_not_taken_for_it(self, world: World) -> None:
        channel = forum(world)
        feed_id = await follow(world, channel, "forum")
        await queue(world, "story", await tell(world, feed_id, "Same", identity="first"), channel.id, "first")
        await world.deliver()
        world.env.inject_error("POST", f"/channels/{channel.id}/threads", status=503)
        await queue(world, "story", await tell(world, feed_id, "Same", identity="second"), channel.id, "second")
        await world.deliver()
        world.clock[0] += MINUTE
        await world.deliver()
        assert threads(world, channel) == [("Same", []), ("Same", [])]


class TestWebhooks:
    """A story stands under the name of its source."""

    async def test_a_webhook_of_our_own_is_made_once_and_bears_the_source_s_name(self, world: World) -> None:
        await post(world, world.stories, uses_webhook=True)
        feed_id = (await rows(world, "story"))[0].object_id
        await queue(world, "story", feed_id, world.stories.id, "again")
        await world.deliver()
        (webhook,) = world.env.backend.webhooks.values()
        assert [words(message) for message in world.stories.history()] == [CHOIR, CHOIR]
        assert said_by(world, world.stories.id) == ["City News", "City News"]
        assert requests(world, "POST", "/webhooks") == 1
        assert {copy[2] for copy in await copies(world)} == {webhook.id}

    async def test_a_webhook_of_ours_that_is_there_is_used_and_those_of_others_are_not(self, world: World) -> None:
        world.guild.create_webhook(world.stories, "Somebody's")
        ours = world.env.backend.create_webhook(world.stories.id, "Ours", world.env.backend.bot_user.id)
        world.env.backend.webhooks[min(world.env.backend.webhooks)].creator_id = world.mod.id
        await post(world, world.stories, uses_webhook=True)
        assert [copy[2] for copy in await copies(world)] == [ours.id]
        assert requests(world, "POST", "/webhooks") == 0

    async def test_a_webhook_opens_a_tagged_thread_in_a_forum(self, world: World) -> None:
        channel = forum(world, YOUTH)
        await post(world, channel, "forum", track="youth_education", uses_webhook=True)
        (thread,) = channel.threads
        (webhook,) = world.env.backend.webhooks.values()
        (message,) = thread.history()
        assert threads(world, channel) == [("The choir sings", [YOUTH])]
        assert said_by(world, thread.id) == ["City News"]
        assert await copies(world) == [(message.id, thread.id, webhook.id, thread.id)]

    async def test_a_webhook_that_was_deleted_by_hand_is_made_anew(self, world: World) -> None:
        await post(world, world.stories, uses_webhook=True)
        (webhook,) = world.env.backend.webhooks.values()
        world.env.backend.delete_webhook(webhook.id)
        await queue(world, "story", (await rows(world, "story"))[0].object_id, world.stories.id, "again")
        await world.deliver()
        (new,) = world.env.backend.webhooks.values()
        assert (len(world.stories.history()), new.id != webhook.id) == (2, True)
        assert [row.attempts for row in await rows(world, "story")] == [1, 1]

    async def test_where_no_more_webhooks_fit_the_bot_posts_itself_and_moderators_are_told_once(
        self, world: World
    ) -> None:
        world.env.inject_error(
            "POST", "/channels/*/webhooks", status=400, code=30007, message="Maximum number of webhooks", times=None
        )
        await post(world, world.stories, uses_webhook=True)
        await queue(world, "story", (await rows(world, "story"))[0].object_id, world.stories.id, "again")
        await world.deliver()
        story, notice, second = (words(message) for message in world.stories.history())
        assert (story, second) == (CHOIR, CHOIR)
        assert notice == (
            f"📰 {world.stories.mention} has as many webhooks as Discord allows, so stories of **City News** appear "
            "there under my own name. Delete a webhook that nobody needs in the channel's settings, under "
            "*Integrations*."
        )
        assert [copy[2] for copy in await copies(world)] == [None, None]

    async def test_without_manage_webhooks_the_bot_posts_itself_and_says_what_it_needs(self, world: World) -> None:
        take_away(world, world.stories, "manage_webhooks")
        await post(world, world.stories, uses_webhook=True)
        assert [words(message) for message in world.stories.history()] == [
            CHOIR,
            f"📰 Stories of **City News** appear in {world.stories.mention} under my own name: to post under the "
            "source's name I need the permission *Manage Webhooks* there.",
        ]

    async def test_after_a_crash_the_message_of_the_webhook_is_found(self, world: World) -> None:
        await post(world, world.stories, uses_webhook=True)
        before = await copies(world)
        await again(world, 2 * HOUR)
        assert len(world.stories.history()) == 1
        assert await copies(world) == before

    async def test_after_a_crash_the_thread_of_the_webhook_is_found(self, world: World) -> None:
        channel = forum(world)
        await post(world, channel, "forum", uses_webhook=True)
        before = await copies(world)
        await again(world, MINUTE)
        assert len(channel.threads) == 1
        assert await copies(world) == before

    async def test_after_a_crash_before_the_send_the_webhook_posts(self, world: World) -> None:
        story_id = await tell(world, await follow(world, world.stories, uses_webhook=True))
        await queue(world, "story", story_id, world.stories.id)
        world.env.inject_error("POST", "/webhooks/*/*", status=400, code=0)
        await world.deliver()
        await world.alice.send(world.stories, "Is anything new?")
        world.clock[0] += MINUTE
        await world.deliver()
        assert said_by(world, world.stories.id) == ["Alice", "City News"]

    async def test_a_source_with_a_name_that_discord_forbids_is_still_recognised(self, world: World) -> None:
        story_id = await tell(world, await follow(world, world.stories, uses_webhook=True), source="Our Discord @home")
        await queue(world, "story", story_id, world.stories.id)
        await world.deliver()
        assert said_by(world, world.stories.id) == ["Our Dis·cord home"]


class TestLaterThanTheNonce:
    """Discord forgets a nonce after some minutes; then a message of the bot's own is looked for, too."""

    async def test_inside_the_window_the_nonce_is_trusted(self, world: World) -> None:
        await post(world, world.stories)
        await again(world, MINUTE)
        assert requests(world, "GET", "/messages") == 0

    async def test_after_it_the_message_is_found_and_not_posted_again(self, world: World) -> None:
        await post(world, world.stories)
        before = await copies(world)
        for number in range(60):
            await world.alice.send(world.stories, f"Message {number}")
        await again(world, 10 * MINUTE)
        assert len(world.stories.history()) == 61
        assert await copies(world) == before

    async def test_a_message_that_is_not_there_is_posted(self, world: World) -> None:
        story_id = await tell(world, await follow(world, world.stories))
        await queue(world, "story", story_id, world.stories.id)
        world.env.inject_error("POST", "/channels/*/messages", status=503)
        await world.deliver()
        world.clock[0] += HOUR
        await world.deliver()
        assert [words(message) for message in world.stories.history()] == [CHOIR]

    @pytest.mark.parametrize("may_ask", [True, False])
    async def test_what_webhooks_of_others_say_meanwhile_costs_one_question_and_no_more(
        self, world: World, may_ask: bool
    ) -> None:
        others = world.guild.create_webhook(world.stories, "Somebody's")
        world.env.backend.webhooks[min(world.env.backend.webhooks)].creator_id = world.mod.id
        await post(world, world.stories)
        before = await copies(world)
        async with world.bot.database.write() as session:
            (row,) = await session.scalars(select(OutboxRow))
            row.first_tried_at = world.bot.now() - HOUR
            row.nonce += 1  # so that it is looked for in vain
        for number in range(10):
            await others.send(f"Build {number}")
        if not may_ask:
            world.env.inject_error("GET", "/channels/*/webhooks", status=403, code=50013, times=None)
        await again(world, 10 * MINUTE)
        assert requests(world, "GET", "/webhooks") == 1
        assert (len(world.stories.history()), await copies(world) == before) == (12, False)

    async def test_without_read_message_history_the_message_may_be_posted_again(self, world: World) -> None:
        await post(world, world.stories)
        take_away(world, world.stories, "read_message_history")
        await again(world, HOUR)
        assert len(world.stories.history()) == 2  # the honest limit


async def test_a_channel_that_is_no_place_for_stories_is_refused(world: World) -> None:
    voice = world.guild.create_voice_channel("voice")
    story_id = await tell(world, await follow(world, voice, uses_webhook=True))
    await queue(world, "story", story_id, voice.id)
    await world.deliver()
    (row,) = await rows(world, "story")
    assert (row.refusals, row.last_error) == (
        1,
        f"channel {voice.id} is a {discord.VoiceChannel.__name__}: no stories can be posted there",
    )
