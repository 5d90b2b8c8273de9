"""Stories that are told together: when, and which."""

import json
import logging
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.clocks import zone_of
from db import feeds, guilds, outbox, stories
from db.models import Feed, GuildSettings

logger = logging.getLogger(__name__)

BURST = timedelta(hours=1)  # how long stories wait that were too many at once
DIGEST_TIME = time(9)  # in the server's zone
SUNDAY = 6
MOST_LISTED = 10  # stories that one message names
MOST_FEEDS = 20  # in one transaction


def digest_due(mode: str, zone: ZoneInfo, now: datetime) -> datetime:
    """When a story that comes `now` is told with others; aware UTC.

    `daily`: at the next 9:00 in the server's zone; `weekly`: at that of the next Sunday; `each`, if there are too many
    to tell each by itself: in an hour.
    """
    if mode == "each":
        return now + BURST
    day = now.astimezone(zone).date()
    if mode == "weekly":
        day += timedelta(days=(SUNDAY - day.weekday()) % 7)
    due = datetime.combine(day, DIGEST_TIME, zone)
    if due <= now:
        due = datetime.combine(day + timedelta(days=7 if mode == "weekly" else 1), DIGEST_TIME, zone)
    return due.astimezone(UTC)


def plan_digest(row: Feed, server: GuildSettings, now: datetime) -> None:
    """See to it that a feed's stories that wait are told, on a locked row: when its mode says, or sooner if planned."""
    due = digest_due(row.mode, zone_of(server.timezone or "UTC"), now)
    row.digest_due_at = min(row.digest_due_at or due, due)


async def queue_digests(session: AsyncSession, now: datetime) -> None:
    """Queue one message for each feed whose digest is due, of all its stories that wait.

    Its key holds the second at which they were taken, `Story.digested_at`, so that each finds its message.
    """
    taken_at = now.replace(microsecond=0)
    for row in await feeds.claim_digests(session, now, MOST_FEEDS):
        row.digest_due_at = None
        newest = await stories.take_digest(session, row.id, taken_at)
        if not newest:
            continue
        server = await guilds.settings(session, row.guild_id)
        outbox.queue(
            session,
            guild_id=row.guild_id,
            channel_id=row.channel_id,
            kind="digest",
            object_id=row.id,
            dedupe_key=f"digest:{row.id}:{int(taken_at.timestamp())}",
            due_at=now,
            locale=server.locale,
            detail=json.dumps({"stories": newest[:MOST_LISTED], "n": len(newest)}),
        )
        logger.info("feed %s: %s stories are told in a digest", row.id, len(newest))
