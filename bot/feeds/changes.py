"""What moderators do with the feeds they follow: pause, resume, change, look at them now."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput, NotFound
from bot.feeds.drafts import By, read_feed
from bot.feeds.follow import put_terms
from bot.feeds.reader import Feed
from bot.feeds.terms import FeedTerms, GivenTerms, agreed
from bot.guilds import load_server
from bot.lookup.places import Place
from bot.members import require_moderator
from bot.stories.digests import plan_digest
from bot.stories.stories import FollowedFeed, Stories, followed_feed
from db import feed_changes as posts
from db import feed_drafts, feeds, guilds, models

logger = logging.getLogger(__name__)

GIVEN_UP_WITHIN = timedelta(days=7)  # what was refused longer ago is no news any more


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """How a feed is doing; `waiting` posts are not sent yet, `collected` stories wait for a message of several."""

    feed: FollowedFeed
    waiting: int
    collected: int


async def one_feed(stories: Stories, by: By, feed_id: int) -> FollowedFeed:
    """A feed of this server. Raises NotAllowed, NotFound."""
    async with stories.database.read() as session:
        return await _shown(session, await moderated_feed(session, by, feed_id))


async def status(stories: Stories, by: By, feed_id: int) -> FeedStatus:
    """How a feed is doing. Raises NotAllowed, NotFound."""
    async with stories.database.read() as session:
        row = await moderated_feed(session, by, feed_id)
        waiting, collected = await posts.waiting(session, row.id), await posts.stories_in_hand(session, row.id)
        return FeedStatus(await _shown(session, row), waiting, collected)


async def newest(stories: Stories, by: By, feed_id: int) -> tuple[FollowedFeed, Feed]:
    """A feed and what it holds at this moment, which is not remembered. Raises NotAllowed, NotFound, FeedError."""
    feed = await one_feed(stories, by, feed_id)
    found, _ = await read_feed(stories.reader, feed.url, by.now)
    return feed, found


async def pause(stories: Stories, by: By, feed_id: int) -> FollowedFeed:
    """Look at a feed no more until it is resumed. Raises NotAllowed, NotFound, BadInput if it is paused."""
    async with stories.database.write() as session:
        row = await moderated_feed(session, by, feed_id, lock=True)
        if row.paused_at is not None:
            raise BadInput("That feed is paused already. `/feed resume` goes on with it.")
        row.paused_at = by.now
        logger.info("guild %s pauses feed %s", by.guild_id, feed_id)
        return await _shown(session, row)


async def resume(stories: Stories, by: By, feed_id: int) -> FollowedFeed:
    """Look at a feed again, at once, whether it was paused or had stopped. Raises NotAllowed, NotFound."""
    async with stories.database.write() as session:
        row = await moderated_feed(session, by, feed_id, lock=True)
        row.paused_at, row.next_poll_at = None, by.now
        logger.info("guild %s resumes feed %s", by.guild_id, feed_id)
        return await _shown(session, row)


async def change(
    stories: Stories, by: By, feed_id: int, given: GivenTerms, places: tuple[Place, ...] | None
) -> FollowedFeed:
    """Follow a feed otherwise; what is not given stays. Its posts that wait go to a new channel with it.

    Raises NotAllowed, NotFound, BadInput.
    """
    if given == GivenTerms():
        raise BadInput("Choose at least one option to change, such as `channel` or `mode`.")
    async with stories.database.write() as session:
        row = await moderated_feed(session, by, feed_id, lock=True)
        terms = agreed(terms_of(await _shown(session, row)), given, places)
        if terms.channel_id != row.channel_id:
            await posts.move_posts(session, row, terms.channel_id, by.now - GIVEN_UP_WITHIN, by.now)
        put_terms(row, terms)
        if row.digest_due_at is not None:
            plan_digest(row, await guilds.settings(session, row.guild_id), by.now)
        if places is not None:
            await feed_drafts.set_places(session, row, terms.place_ids)
        await session.flush()
        logger.info("guild %s changes feed %s", by.guild_id, feed_id)
        return await _shown(session, row)


async def _shown(session: AsyncSession, row: models.Feed) -> FollowedFeed:
    return followed_feed(row, (await feeds.place_ids(session, [row.id])).get(row.id, ()))


def terms_of(feed: FollowedFeed) -> FeedTerms:
    """How a feed is followed."""
    return FeedTerms(**{name: getattr(feed, name) for name in FeedTerms.__dataclass_fields__})


async def moderated_feed(session: AsyncSession, by: By, feed_id: int, *, lock: bool = False) -> models.Feed:
    """A feed of this server, for who may change it; with `lock` kept from others. Raises NotAllowed, NotFound."""
    require_moderator(by.member, (await load_server(session, by.guild_id)).moderator_role_id)
    row = await feeds.feed(session, by.guild_id, feed_id, lock=lock)
    if row is None:
        raise NotFound("This server follows no such feed. `/feed list` shows the ones it follows.")
    return row
