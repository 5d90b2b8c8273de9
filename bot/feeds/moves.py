"""Feeds whose server says that they are elsewhere now: followed there only when it says so for days."""

import logging
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.feeds.entry import canonical_link
from bot.feeds.health import host_of, tell
from bot.feeds.news import News
from bot.feeds.reader import Fetched
from db import feeds
from db.models import Feed

logger = logging.getLogger(__name__)

TIMES, DAYS = 3, timedelta(days=2)  # so often and so long one new address is given before it is believed


def led_elsewhere(row: Feed, fetched: Fetched) -> bool:
    """Whether the address led to another site, be it for now or for good; news.example.org is one with example.org."""
    one, other = sorted((f".{_site(fetched.url)}", f".{_site(row.url)}"), key=len)
    return not (other == one or (other.endswith(one) and "." in one[1:]))


async def note_move(session: AsyncSession, row: Feed, fetched: Fetched, news: News | None, now: datetime) -> None:
    """Count that the server says the feed is elsewhere for good, on a locked row; in the end take the new address.

    That is after three looks in a row over two days at least, each with mostly the same entries, or 304: no news.
    """
    target = fetched.moved_to
    if target is None or target == row.url or (news is not None and not news.same_feed):
        row.moved_url, row.moved_since, row.moved_times = None, None, 0
        return
    if target != row.moved_url:
        row.moved_url, row.moved_since, row.moved_times = target, now, 0
    row.moved_times += 1
    if row.moved_times < TIMES or row.moved_since is None or now - row.moved_since < DAYS:
        return
    if await feeds.feed_at(session, row.guild_id, target) is not None:
        return  # the server follows it there already
    logger.info("feed %s moved from %s to %s", row.id, canonical_link(row.url), canonical_link(target))
    row.url, row.host = target, host_of(target)
    row.moved_url, row.moved_since, row.moved_times = None, None, 0
    await tell(session, row, "moved", f"moved:{int(now.timestamp())}", now, url=target)


async def tell_led_away(session: AsyncSession, row: Feed, fetched: Fetched, now: datetime) -> None:
    """Tell moderators, once for a host, that the address leads to what is another feed."""
    logger.info("feed %s leads away to %s", row.id, host_of(fetched.url))
    await tell(session, row, "moved_away", f"moved_away:{_site(fetched.url)[:100]}", now, url=fetched.url)


def _site(url: str) -> str:
    return host_of(url).removeprefix("www.")
