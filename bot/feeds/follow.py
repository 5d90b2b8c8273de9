"""Following a feed that a moderator has looked at: all it holds is remembered, what comes later is posted."""

import logging

from sqlalchemy.exc import IntegrityError

from bot.feeds.drafts import By, check_adding, followed_already, open_draft, read_feed
from bot.feeds.reader import Feed, Fetched
from bot.feeds.terms import FeedTerms
from bot.stories.record import record_first
from bot.stories.stories import FollowedFeed, Stories, followed_feed
from db import feed_drafts as queries
from db import models

logger = logging.getLogger(__name__)


async def follow_draft(stories: Stories, by: By, draft_id: int) -> FollowedFeed:
    """Follow the feed of a draft as it was chosen; it is read once more, so that nothing in between is posted.

    Raises NotAllowed, NotFound, FeedError, BadInput if it is followed already or the server follows too many.
    """
    async with stories.database.read() as session:
        draft = (await open_draft(session, by, draft_id))[1]
    feed, fetched = await read_feed(stories.reader, draft.url, by.now)
    try:
        return await _follow(stories, by, draft_id, draft.url, feed, fetched)
    except IntegrityError:  # somebody else added it in this very moment
        raise followed_already(draft.url) from None


async def _follow(stories: Stories, by: By, draft_id: int, url: str, feed: Feed, fetched: Fetched) -> FollowedFeed:
    async with stories.database.write() as session:
        await queries.lock_feeds(session, by.guild_id)
        row, draft = await open_draft(session, by, draft_id)
        await check_adding(session, by)
        if await queries.followed_urls(session, by.guild_id, [url]):
            raise followed_already(url)
        new = models.Feed(guild_id=by.guild_id, url=url, title=feed.title or url, added_by_user_id=by.member.id)
        put_terms(new, draft.terms)
        session.add(new)
        await session.flush()
        await queries.set_places(session, new, draft.terms.place_ids)
        await record_first(session, new, feed, fetched, by.now, stories.every)
        await session.delete(row)
        await session.flush()
        logger.info("guild %s follows feed %s", by.guild_id, new.id)
        return followed_feed(new, draft.terms.place_ids)


def put_terms(row: models.Feed, terms: FeedTerms) -> None:
    """Write how a feed is followed into its row; its places are rows of their own."""
    row.channel_id, row.channel_kind = terms.channel_id, terms.channel_kind
    row.mode, row.posts_an_hour = terms.mode, terms.posts_an_hour
    row.ping_role_id, row.track = terms.ping_role_id, terms.track
    row.include_words, row.exclude_words = terms.include_words, terms.exclude_words
    row.fallback_picture = terms.fallback_picture
    row.uses_webhook, row.crosspost = terms.uses_webhook, terms.crosspost
