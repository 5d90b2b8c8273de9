"""Stories that wait in the outbox, as if feeds had brought them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from db import outbox
from db.database import Database
from db.models import Feed, Story
from tests.wire.payloads import FORUM, GUILD_ID, NEWS, Payload

KINDS = {NEWS: "announcement", FORUM: "forum"}


async def queue_stories(
    database_url: str, stories: Iterable[tuple[Payload, str]], *, summary: str = "", **wishes: Any
) -> None:
    """Have a title posted in a channel, for each pair; `wishes` are columns of the channel's feed, which is made."""
    database, now = Database(database_url), datetime.now(UTC)
    feeds: dict[str, Feed] = {}
    async with database.write() as session:
        for number, (channel, title) in enumerate(stories):
            if channel["id"] not in feeds:
                url = f"https://news.example/{channel['id']}"
                feed = await session.scalar(select(Feed).where(Feed.url == url))
                feeds[channel["id"]] = feed or _feed(channel, url, wishes, now)
                session.add(feeds[channel["id"]])
                await session.flush()
            feed = feeds[channel["id"]]
            link = f"https://news.example/{channel['id']}/{abs(hash(title))}-{number}"
            story = Story(
                guild_id=int(GUILD_ID), feed_id=feed.id, identity=link, source=feed.title, title=title, link=link,
                summary=summary, first_seen_at=now, announced=True, decision="post", link_key=link, title_key=title,
                track=feed.track,
            )  # fmt: skip
            session.add(story)
            await session.flush()
            outbox.queue(
                session, guild_id=story.guild_id, channel_id=int(channel["id"]), kind="story", object_id=story.id,
                dedupe_key=f"story:{story.id}", due_at=now, locale="en-US",
            )  # fmt: skip
    await database.close()


def _feed(channel: Payload, url: str, wishes: dict[str, Any], now: datetime) -> Feed:
    """A feed that is never fetched."""
    kind = KINDS.get(channel["type"], "text")
    return Feed(
        guild_id=int(GUILD_ID), channel_id=int(channel["id"]), url=url, title="Sister City News", added_by_user_id=1,
        first_polled_at=now, last_good_poll_at=now, host="news.example", channel_kind=kind, **wishes,
    )  # fmt: skip
