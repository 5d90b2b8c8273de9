"""What follows once something about a story was sent, in the transaction that completes its row."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.posting.job import Done, Job
from bot.posting.undelivered import channel_for_notices
from db import feeds, outbox, stories, story_copies
from db.models import Feed, StoryCopy


async def story_sent(session: AsyncSession, job: Job, done: Done, now: datetime) -> None:
    """Write down where a story is, have it published where its feed wants that, tell moderators of trouble."""
    if job.kind == "story" and done.message_id is not None:
        await story_copies.remember(session, _copy(job, done, done.message_id))
    publishes = job.kind in ("story", "digest") and done.message_id is not None
    if not publishes and done.trouble is None:
        return
    feed = await _feed_of(session, job)
    if feed is None:
        return
    if publishes and feed.crosspost and feed.channel_kind == "announcement":
        key = f"crosspost:{done.message_id}"
        await _queue(session, job, feed, job.channel_id, "crosspost", key, {"message": done.message_id}, now)
    if done.trouble is not None:
        channel_id = await channel_for_notices(session, job.guild_id, None, [feed.channel_id]) or feed.channel_id
        key = f"{done.trouble}:{feed.id}:{job.channel_id}"  # moderators are told once
        detail = {"text_key": done.trouble, "channel": job.channel_id}
        await _queue(session, job, feed, channel_id, "feed_notice", key, detail, now)


async def _feed_of(session: AsyncSession, job: Job) -> Feed | None:
    """The feed that a job is about, if the server still follows it."""
    feed_id: int | None = job.object_id
    if job.kind in ("story", "story_edit"):
        story = await stories.story(session, job.guild_id, job.object_id)
        feed_id = story.feed_id if story is not None else None
    return await feeds.feed(session, job.guild_id, feed_id) if feed_id is not None else None


def _copy(job: Job, done: Done, message_id: int) -> StoryCopy:
    return StoryCopy(
        message_id=message_id,
        guild_id=job.guild_id,
        channel_id=done.channel_id or job.channel_id,
        story_id=job.object_id,
        webhook_id=done.webhook_id,
        thread_id=done.thread_id,
    )


async def _queue(
    session: AsyncSession,
    job: Job,
    feed: Feed,
    channel_id: int,
    kind: str,
    key: str,
    detail: dict[str, Any],
    now: datetime,
) -> None:
    row = {
        "guild_id": job.guild_id,
        "channel_id": channel_id,
        "kind": kind,
        "object_id": feed.id,
        "detail": json.dumps(detail),
        "dedupe_key": key,
        "due_at": now,
        "locale": job.locale,
    }
    await outbox.queue_new(session, [row])
