"""Articles that change after their story was posted: what is remembered follows, and so does the card, quietly."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feeds import Entry
from db import guilds, models, outbox, stories
from db.names import fold

MOST_EDITS = 3  # of one card
PAUSE = timedelta(minutes=10)  # between two of them
AT_A_STRETCH = 50  # stories; others have their turn after so many
EDITED_WITHIN = timedelta(days=30)  # after which a card stays as it is


async def take_edits(
    session: AsyncSession, feed: models.Feed, seen: Iterable[tuple[Row[Any], Entry]], now: datetime
) -> None:
    """Remember what articles say now, and have the cards edited that show something else.

    `seen` are stories, with the columns of `db.stories.REMEMBERED`, and the entries that they are. Dates never count.
    """
    changed = [(story, entry) for story, entry in seen if _differs(story, entry)]
    if not changed:
        return
    changed += await _originals(session, feed, changed)
    for some in stories.pieces(changed, AT_A_STRETCH):
        await stories.rewrite(session, [_says_now(feed, story, entry) for story, entry in some])
    for story, entry in changed:
        recent = story.first_seen_at > now - EDITED_WITHIN
        if story.decision == "post" and recent and shows_otherwise(story, entry):
            await _edit_card(session, feed, story, now)


async def _originals(
    session: AsyncSession, feed: models.Feed, changed: Sequence[tuple[Row[Any], Entry]]
) -> list[tuple[Row[Any], Entry]]:
    """The stories, with what they say now, of which some of these only are another id: it is they who have a card."""
    doubles = {story.link_key: entry for story, entry in changed if story.decision == "same" and story.link_key}
    if not doubles:
        return []
    rows = await stories.remembered_like(session, feed.id, links=doubles, titles=(), words=())
    first = [row for row in rows if row.decision != "same"]
    alone = Counter(row.link_key for row in first)
    return [(row, doubles[row.link_key]) for row in first if alone[row.link_key] == 1]


def _differs(story: Row[Any], entry: Entry) -> bool:
    before = (story.title, story.summary, story.link, story.picture)
    return before != (entry.title, entry.summary, entry.link, entry.picture)


def _says_now(feed: models.Feed, story: Row[Any], entry: Entry) -> dict[str, Any]:
    return {
        "id": story.id,
        "title": entry.title,
        "summary": entry.summary,
        "link": entry.link,
        "picture": entry.picture,
        "link_key": entry.link_key,
        "title_key": entry.title_key,
        "search_key": fold(f"{entry.title} {entry.summary} {feed.title}"),
    }


def shows_otherwise(story: Any, entry: Entry) -> bool:
    """Whether a reader of the card would see a difference; tracking in a link and keys in a picture's are none."""
    before = (story.title, story.summary, story.link_key, _picture(story.picture))
    return before != (entry.title, entry.summary, entry.link_key, _picture(entry.picture))


async def _edit_card(session: AsyncSession, feed: models.Feed, story: Row[Any], now: datetime) -> None:
    post_key, last_key = f"story:{story.id}", f"story_edit:{story.id}:{story.edits}"
    queued = await stories.queued(session, (post_key, last_key))
    post, last = queued.get(post_key), queued.get(last_key)
    if (
        post is None
        or story.edits >= MOST_EDITS
        or any(row is not None and _yet_to_be_made(row) for row in (post, last))
    ):
        return  # whatever is made later shows what the story says then
    if post.outcome in ("gone", "parked"):
        return
    await stories.rewrite(session, [{"id": story.id, "edits": story.edits + 1}])
    outbox.queue(
        session,
        guild_id=feed.guild_id,
        channel_id=feed.channel_id,
        kind="story_edit",
        object_id=story.id,
        dedupe_key=f"story_edit:{story.id}:{story.edits + 1}",
        due_at=max(now, last.due_at + PAUSE) if last is not None else now,
        locale=(await guilds.settings(session, feed.guild_id)).locale,
    )


def _yet_to_be_made(row: models.OutboxRow) -> bool:
    return row.done_at is None and row.attempts == 0


def _picture(address: str | None) -> str:
    return urlsplit(address)._replace(query="", fragment="").geturl() if address else ""
