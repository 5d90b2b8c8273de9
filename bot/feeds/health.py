"""How a feed fares: what a failed and a good look mean for the next one, and what moderators are told of it."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BotError, FeedError, restored
from bot.feeds.reader import FeedBusy, FeedGone
from bot.posting.undelivered import channel_for_notices
from bot.retry import wait_after
from db import feeds, guilds, outbox
from db.models import Feed

logger = logging.getLogger(__name__)

FIRST_RETRY, LAST_RETRY = timedelta(minutes=5), timedelta(days=1)
TOLD_AFTER = 4  # failures in a row: more than half an hour
MOST_JITTER = 0.1  # of the time between two looks
GOLDEN = 0.618034  # its multiples spread ids that follow each other evenly
TOO_MANY_REQUESTS = 429


def next_look(feed_id: int, now: datetime, every: timedelta) -> datetime:
    """When a feed is looked at again after a good look: each feed a little later than others, always by as much."""
    return now + every * (1 + MOST_JITTER * (feed_id * GOLDEN % 1))


def host_of(url: str) -> str:
    """The host that is spared, from a feed's address."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def problem_of(row: Feed) -> BotError | None:
    """What is wrong with a feed, as what can be said in every language; None if its last look was good."""
    if row.last_error is None:
        return None
    return restored(json.loads(row.last_error))


async def failed(session: AsyncSession, row: Feed, error: FeedError, now: datetime) -> None:
    """Write down a look that failed, on a locked row: when to try again, and whom to tell.

    The wait is five minutes, then twice as long each time, at most a day, and at least what the server asks for.
    A feed that is gone for good is not tried again. A server that is asked too often is spared for all its feeds.
    """
    row.failures += 1
    row.failing_since = row.failing_since or now
    row.last_error, row.lease_until = json.dumps(error.stored()), None
    wait = wait_after(row.failures, FIRST_RETRY, LAST_RETRY)
    if isinstance(error, FeedBusy) and error.retry_after:
        wait = max(wait, timedelta(seconds=error.retry_after))
    gone = isinstance(error, FeedGone)
    row.next_poll_at = None if gone else now + wait
    if isinstance(error, FeedBusy) and error.status == TOO_MANY_REQUESTS and row.host:
        await session.flush()
        await feeds.spare_host(session, row.host, now + wait)
    if (gone or row.failures >= TOLD_AFTER) and row.outage_told_at is None:
        row.outage_told_at = now
        since = int(row.failing_since.timestamp())
        detail = {"since": since} | json.loads(row.last_error)
        await tell(session, row, "gone" if gone else "outage", f"outage:{since}", now, **detail)
        logger.info("guild %s is told that feed %s fails", row.guild_id, row.id)


async def recovered(session: AsyncSession, row: Feed, now: datetime) -> None:
    """Write down that a look was good, on a locked row; who was told of an outage is told that it is over."""
    if row.outage_told_at is not None and row.failing_since is not None:
        since = int(row.failing_since.timestamp())
        await tell(session, row, "recovered", f"recovered:{since}", now, since=since)
        logger.info("guild %s is told that feed %s works again", row.guild_id, row.id)
    row.failures, row.last_error, row.failing_since, row.outage_told_at = 0, None, None, None
    row.last_good_poll_at, row.lease_until = now, None


async def tell(session: AsyncSession, row: Feed, text_key: str, occasion: str, now: datetime, **detail: Any) -> None:
    """Queue a notice about a feed to moderators, once for an occasion; `feed_notices` says what `detail` holds.

    It goes to their channel, or to the feed's where they chose none.
    """
    chosen = await guilds.settings(session, row.guild_id)
    notice = {
        "guild_id": row.guild_id,
        "channel_id": await channel_for_notices(session, row.guild_id, None, [row.channel_id]) or row.channel_id,
        "kind": "feed_notice",
        "object_id": row.id,
        "detail": json.dumps({"text_key": text_key} | detail),
        "dedupe_key": f"feed:{row.id}:{occasion}",
        "due_at": now,
        "locale": chosen.locale,
    }
    await outbox.queue_new(session, [notice])
