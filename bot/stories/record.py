"""Writing down what a look at a feed brought, in the one transaction that also queues what is posted of it."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feeds.health import host_of, next_look, recovered, tell
from bot.feeds.memory import Known, trail
from bot.feeds.moves import led_elsewhere, note_move, tell_led_away
from bot.feeds.news import News, Terms, Verdict, decide, first_look
from bot.feeds.reader import Entry, Feed, Fetched
from bot.recogniser.tags import MOST_PLACES
from bot.stories.article_edits import AT_A_STRETCH, take_edits
from bot.stories.digests import plan_digest
from db import guilds, models, outbox, stories
from db.names import fold

logger = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
USUAL = timedelta(minutes=15)  # between two looks, where the caller knows no better
MOST_TITLES = 5  # that a notice names
MANY = 200  # entries from which on they are judged beside the event loop
TOLD_AGAIN = timedelta(days=7)  # after which moderators are told again what was held back
Result = TypeVar("Result")
Places = Mapping[str, Sequence[int]]  # identity → ids of the places that the entry names


async def record_first(
    session: AsyncSession, row: models.Feed, feed: Feed, fetched: Fetched, now: datetime, every: timedelta = USUAL
) -> None:
    """Remember all that a feed holds which a server begins to follow; nothing of it is posted.

    The row is flushed, its address and terms are set.
    """
    row.title = feed.title or row.title or row.url
    row.first_polled_at = row.first_polled_at or now
    await _add(session, row, first_look(feed.entries).verdicts, now)
    await _looked(session, row, fetched, now, every)


async def record(
    session: AsyncSession,
    row: models.Feed,
    feed: Feed | None,
    fetched: Fetched,
    now: datetime,
    *,
    every: timedelta = USUAL,
    places: Places | None = None,
) -> None:
    """Write down a good look, on a feed locked with its server's others: what is new, its posts, when to look again.

    `feed` is None where nothing has changed (304); `places` holds what was recognised before the transaction.
    """
    if feed is None:
        await note_move(session, row, fetched, None, now)
        await _looked(session, row, fetched, now, every)
        return
    if row.first_polled_at is None:
        await record_first(session, row, feed, fetched, now, every)
        return
    news, known = await _news(session, row, feed, fetched, now)
    seen = [(known[one.story_id], one.entry) for one in news.verdicts if one.story_id in known]
    await take_edits(session, row, seen, now)
    ids = await _add(session, row, [one for one in news.verdicts if one.decision != "known"], now)
    await _announce(session, row, news, ids, places or {}, now)
    await _tell_ids_changed(session, row, news, now)
    row.identified_by_link = row.identified_by_link or news.learned_links
    if news.moved_away:
        await tell_led_away(session, row, fetched, now)
    await note_move(session, row, fetched, news, now)
    # Of another feed's document the validators are not kept: it is to be judged anew each time.
    await _looked(session, row, None if news.moved_away or not news.same_feed else fetched, now, every)


async def _looked(
    session: AsyncSession, row: models.Feed, fetched: Fetched | None, now: datetime, every: timedelta
) -> None:
    if fetched is not None:
        row.etag, row.last_modified = fetched.etag, fetched.last_modified
    row.host = host_of(row.url)
    row.next_poll_at = next_look(row.id, now, every)
    await recovered(session, row, now)


async def _news(
    session: AsyncSession, row: models.Feed, feed: Feed, fetched: Fetched, now: datetime
) -> tuple[News, dict[int | None, Row[Any]]]:
    """The verdicts on a document, and the stories that were looked at for them, by id."""
    entries = feed.entries
    rows = await stories.remembered(session, row.id, [entry.identity for entry in entries])
    met = {one.identity for one in rows}
    unknown = [entry for entry in entries if entry.identity not in met]
    like: list[Row[Any]] = []
    told: dict[str, set[str]] = {}
    if unknown:
        links = {form for entry in unknown if entry.link_key for form in _forms(entry.link_key)}
        titles = {entry.title_key for entry in unknown if entry.title_key}
        words = await _apart(len(unknown), lambda: {_search_key(entry, row.title) for entry in unknown})
        found = await stories.remembered_like(session, row.id, links=links, titles=titles, words=words)
        like = [one for one in found if one.identity not in met]
        for link, title in await stories.told_elsewhere(session, row.guild_id, row.id, links):
            told.setdefault(trail(link), set()).add(title)
    posted = await stories.posted_since(session, row.id, now - HOUR) if unknown else 0
    was_empty = not rows and not like and not await stories.any_of(session, row.id)
    terms = Terms(
        mode=row.mode,
        include_words=tuple(row.include_words.split("\n")) if row.include_words else (),
        exclude_words=tuple(row.exclude_words.split("\n")) if row.exclude_words else (),
        posts_left=max(0, row.posts_an_hour - posted),
        identified_by_link=row.identified_by_link,
        ids_told=row.ids_told_at is not None,
        led_elsewhere=led_elsewhere(row, fetched),
        was_empty=was_empty,
        last_good_poll_at=row.last_good_poll_at,
    )
    news = await _apart(len(entries), lambda: decide(entries, [*map(_present, rows), *map(_known, like)], told, terms))
    return news, {one.id: one for one in (*rows, *like)}


async def _apart(size: int, work: Callable[[], Result]) -> Result:
    """What some pure work gives; where there is much of it, it is done beside the event loop."""
    return await asyncio.to_thread(work) if size > MANY else work()


async def _add(session: AsyncSession, row: models.Feed, verdicts: Sequence[Verdict], now: datetime) -> dict[str, int]:
    """Remember new entries; identity → id."""
    ids: dict[str, int] = {}
    for some in stories.pieces(verdicts, AT_A_STRETCH):
        ids |= await stories.add(session, [_story(row, verdict, now) for verdict in some])
    return ids


def _story(row: models.Feed, verdict: Verdict, now: datetime) -> dict[str, Any]:
    entry = verdict.entry
    return {
        "guild_id": row.guild_id,
        "feed_id": row.id,
        "identity": entry.identity,
        "source": row.title,
        "title": entry.title,
        "link": entry.link,
        "summary": entry.summary,
        "picture": entry.picture,
        "published_at": entry.published,
        "first_seen_at": now,
        "announced": verdict.decision in ("post", "digest"),
        "decision": verdict.decision,
        "because": verdict.because,
        "link_key": entry.link_key,
        "title_key": entry.title_key,
        "search_key": _search_key(entry, row.title),
        "track": row.track,
    }


async def _announce(
    session: AsyncSession, row: models.Feed, news: News, ids: Mapping[str, int], places: Places, now: datetime
) -> None:
    """Queue the posts, plan the digest, and note what the stories are about."""
    told = [verdict for verdict in news.verdicts if verdict.decision in ("post", "digest")]
    if not told:
        return
    server = await guilds.settings(session, row.guild_id)
    post = {
        "guild_id": row.guild_id,
        "channel_id": row.channel_id,
        "kind": "story",
        "locale": server.locale,
        "due_at": now,
    }
    posts = [ids[verdict.entry.identity] for verdict in told if verdict.decision == "post"]
    if posts:
        rows = [post | {"object_id": story_id, "dedupe_key": f"story:{story_id}"} for story_id in posts]
        await outbox.queue_all(session, rows)
    if len(told) > len(posts):
        plan_digest(row, server, now)
    named = {ids[one.entry.identity]: places.get(one.entry.identity, ()) for one in told}
    await stories.note_places(session, row, named, MOST_PLACES)
    logger.info("feed %s: %s new stories, %s of them posted each by itself", row.id, len(told), len(posts))


async def _tell_ids_changed(session: AsyncSession, row: models.Feed, news: News, now: datetime) -> None:
    """Tell moderators the first time that all ids have changed; later at most weekly, and only what is held back."""
    held = [verdict.entry.title for verdict in news.verdicts if verdict.decision == "held"]
    if not news.ids_changed:
        return
    if row.ids_told_at is not None and (not held or row.ids_told_at > now - TOLD_AGAIN):
        return
    row.ids_told_at = now
    detail = {"titles": held[: -MOST_TITLES - 1 : -1], "n": len(held)}
    await tell(session, row, "ids_changed", f"ids:{int(now.timestamp())}", now, **detail)
    logger.info("feed %s has changed its ids; %s stories are held back", row.id, len(held))


def _present(row: Row[Any]) -> Known:
    """A story that is in the document: nothing needs to be told by its words."""
    return Known(row.id, row.identity, row.decision, row.link_key, row.title_key, "", row.published_at)


def _known(row: Row[Any]) -> Known:
    words = fold(f"{row.title} {row.summary}")
    return Known(row.id, row.identity, row.decision, row.link_key, row.title_key, words, row.published_at)


def _search_key(entry: Entry, source: str) -> str:
    return fold(f"{entry.title} {entry.summary} {source}")


def _forms(link_key: str) -> tuple[str, str]:
    """The link key with and without a slash at its end."""
    return trail(link_key), trail(link_key) + "/"
