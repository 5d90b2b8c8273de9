"""What the outbox posts: handed to those who know the kind, and what came of it written down."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from bot.events.live_posts import live_view, remember
from bot.posting.channel_post import post
from bot.posting.event_posts import EventPosts, remember_copy
from bot.posting.job import GONE, Done, Job, Later
from bot.posting.story_posts import STORY_KINDS, StoryPosts
from bot.posting.story_sent import story_sent

if TYPE_CHECKING:
    from bot.client import SisterCityBot

__all__ = ["GONE", "Done", "Job", "Later", "Posts"]


class Posts:
    """Sends one job after the other; raises what Discord answers."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot
        self.events = EventPosts(bot)
        self.stories = StoryPosts(bot)

    async def send(self, job: Job, now: datetime) -> Done:
        """Say what the job is for, if it is still true. Raises Later, and errors of Discord's."""
        if job.kind in STORY_KINDS:
            return await self.stories.send(job, now)
        if job.kind == "live":
            return await post(self.bot, job, await live_view(self.bot, job.guild_id, now))
        return await self.events.send(job, now)

    async def completed(self, session: AsyncSession, job: Job, done: Done, now: datetime) -> None:
        """In the transaction that completes a row: write down what its message is from now on, and what follows."""
        if job.kind in STORY_KINDS:
            await story_sent(session, job, done, now)
        elif job.kind == "event" and done.message_id is not None:
            await remember_copy(session, job, done, done.message_id, now)
        elif job.kind == "live" and done.message_id is not None:
            await remember(session, done.message_id, job.guild_id, job.channel_id)
