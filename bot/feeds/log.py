"""What was posted of a feed and what was not, story by story, and why."""

from dataclasses import dataclass
from datetime import datetime

from bot.events.panel import message_link
from bot.feeds.changes import moderated_feed
from bot.feeds.drafts import By
from bot.stories.stories import FollowedFeed, Stories, followed_feed
from db import feed_log as queries
from db.models import OutboxRow, Story

A_PAGE = 8


@dataclass(frozen=True, slots=True)
class Logged:
    """A story and what became of it.

    `decision` and `because` are the story's. `outcome`: its post, or the message of several that has it, was `sent`
    (see `message`, its address), is `waiting` (for `due_at`), was `parked` or is `gone`; empty where there is none.
    """

    title: str
    link: str | None
    seen_at: datetime
    decision: str
    because: str
    outcome: str = ""
    message: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedLog:
    """A page of a feed's log, from 0."""

    feed: FollowedFeed
    stories: tuple[Logged, ...]
    page: int
    pages: int


async def feed_log(stories: Stories, by: By, feed_id: int, page: int) -> FeedLog:
    """A page of what became of a feed's stories, the last seen first. Raises NotAllowed, NotFound."""
    async with stories.database.read() as session:
        row = await moderated_feed(session, by, feed_id)
        feed = followed_feed(row)
        pages = max(1, -(-await queries.count(session, feed_id) // A_PAGE))
        page = max(0, min(page, pages - 1))
        found = await queries.page(session, feed_id, page * A_PAGE, A_PAGE)
        digests = await queries.posts(session, {_digest_key(story) for story, _, _ in found})
        logged = tuple(
            _logged(story, post or digests.get(_digest_key(story)), channel_id, row.digest_due_at)
            for story, post, channel_id in found
        )
    return FeedLog(feed, logged, page, pages)


def _digest_key(story: Story) -> str:
    """Under which the message of several was queued that has a story (`bot.stories.digests`)."""
    moment = int(story.digested_at.timestamp()) if story.digested_at else 0
    return f"digest:{story.feed_id}:{moment}"


def _logged(story: Story, post: OutboxRow | None, channel_id: int | None, digest_due_at: datetime | None) -> Logged:
    outcome, message, due_at = "", None, None
    if post is not None and post.outcome == "sent" and post.message_id is not None:
        outcome, message = "sent", message_link(post.guild_id, channel_id or post.channel_id, post.message_id)
    elif post is not None:
        outcome, due_at = post.outcome or "waiting", post.due_at
    elif story.decision == "digest" and story.digested_at is None:
        outcome, due_at = "waiting", digest_due_at
    title, link, seen_at = story.title, story.link, story.first_seen_at
    return Logged(title, link, seen_at, story.decision, story.because, outcome, message, due_at)
