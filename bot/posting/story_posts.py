"""What the outbox posts about stories and their feeds, by kind: rendered when it is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import discord

from bot.posting.job import GONE, Done, Job
from bot.posting.story_edits import StoryEdits
from bot.posting.story_targets import Piece, Targets, with_call
from bot.stories.lookup import tagged
from bot.stories.page import StoryPost, Target, load_story, story_posts, target_of
from bot.texts import ENGLISH, texts
from bot.ui.events.event_words import track_labels
from bot.ui.stories.feed_notices import feed_notice
from bot.ui.stories.posting_notice import posting_notice
from bot.ui.stories.story_card import story_card
from bot.ui.stories.story_digest import digest_title, story_digest
from db import feeds, stories

if TYPE_CHECKING:
    from bot.client import SisterCityBot

STORY_KINDS = frozenset(("story", "digest", "story_edit", "crosspost", "feed_notice"))

# Discord's error codes
UNKNOWN_MESSAGE, PUBLISHED, WRONG_CHANNEL, INVALID_FORM = 10008, 40033, 50024, 50035


class StoryPosts:
    """Posts about stories; raises what Discord answers."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot
        self.targets = Targets(bot)
        self.edits = StoryEdits(bot, self.targets.webhooks)
        self._kinds: dict[str, Callable[[Job, datetime], Awaitable[Done]]] = {
            "story": self._story,
            "digest": self._digest,
            "story_edit": self._edit,
            "crosspost": self._crosspost,
            "feed_notice": self._notice,
        }

    async def send(self, job: Job, now: datetime) -> Done:
        """Say what the job is for, if there is anything left to say."""
        return await self._kinds[job.kind](job, now)

    async def _story(self, job: Job, now: datetime) -> Done:
        async with self.bot.database.read() as session:
            found = await load_story(session, job.guild_id, job.object_id)
        if found is None:
            return GONE
        story, target = found
        try:
            return await self._told(job, story, target, now)
        except discord.HTTPException as error:
            if error.code != INVALID_FORM:
                raise
        # Discord takes not every address for a picture or a button; the story is worth more than they are.
        return await self._told(job, replace(story, picture=None, link=None), target, now)

    async def _told(self, job: Job, story: StoryPost, target: Target, now: datetime) -> Done:
        in_forum = self.targets.in_forum(job.channel_id, target)
        view, labels = self._card(job, story, in_forum), _labels(story.track, job.locale)
        piece = Piece(view, story.title, story.source, labels, target.ping_role_id)
        return await self.targets.post(job, target, piece, now)

    async def _digest(self, job: Job, now: datetime) -> Done:
        async with self.bot.database.read() as session:
            feed = await feeds.feed(session, job.guild_id, job.object_id)
            rows = [await stories.story(session, job.guild_id, story_id) for story_id in job.detail["stories"]]
            told = await story_posts(session, job.guild_id, [row for row in rows if row is not None])
        if feed is None or not told:
            return GONE
        t = texts(job.locale)
        view = story_digest(feed.title, told, job.detail["n"], t)
        # What is only too much for one hour follows posts that have called the role already.
        role_id = None if feed.mode == "each" else feed.ping_role_id
        piece = Piece(view, digest_title(feed.title, t), feed.title, _labels(feed.track, job.locale), role_id)
        return await self.targets.post(job, target_of(feed), piece, now)

    async def _edit(self, job: Job, now: datetime) -> Done:
        async with self.bot.database.read() as session:
            found = await load_story(session, job.guild_id, job.object_id)
        if found is None:
            return GONE
        story, target = found
        role_id = self.targets.role(job.guild_id, target.ping_role_id)
        return await self.edits.edit(
            job, story.id, lambda in_forum: with_call(self._card(job, story, in_forum), role_id)
        )

    async def _crosspost(self, job: Job, now: datetime) -> Done:
        """Publish a message to the servers that follow its channel."""
        message_id: int = job.detail["message"]
        channel = self.bot.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        try:
            await channel.get_partial_message(message_id).publish()
        except discord.Forbidden as error:
            return Done("gone", error=str(error), trouble="crosspost_refused")  # the message itself is posted
        except discord.HTTPException as error:
            if error.code in (UNKNOWN_MESSAGE, WRONG_CHANNEL):
                return Done("gone", error=str(error))
            if error.code != PUBLISHED:
                raise
        return Done("sent", message_id, job.channel_id)

    async def _notice(self, job: Job, now: datetime) -> Done:
        async with self.bot.database.read() as session:
            feed = await feeds.feed(session, job.guild_id, job.object_id)
        if feed is None:
            return GONE
        t = texts(job.locale)
        view = posting_notice(feed.title, job.detail.get("channel", 0), job.detail["text_key"], t)
        view = view or feed_notice(feed.title, feed.url, job.detail, t)
        target = Target(feed.channel_kind) if job.channel_id == feed.channel_id else Target()
        return await self.targets.post(job, target, Piece(view, feed.title, feed.title), now)

    def _card(self, job: Job, story: StoryPost, in_forum: bool) -> discord.ui.LayoutView:
        """A forum's thread is where a story is discussed, so the card there offers no other."""
        places = tagged(story, self.bot.index, self.bot.homes.get(job.guild_id, ()))
        return story_card(story, texts(job.locale), places, discuss=not in_forum)


def _labels(track: str | None, locale: str) -> set[str]:
    """What the tag of a track may be called in a forum: its name in the server's language, or the English one."""
    return {track_labels(t)[track] for t in (texts(locale), ENGLISH)} if track else set()
