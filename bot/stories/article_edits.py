"""Articles that change after their story was posted: what is remembered follows, and so does the card, quietly."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feeds.reader import Entry
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
    Of several entries that are one story, the one of its own id tells what it says, else the newest.
    """
    own_last = sorted(seen, key=lambda one: one[0].identity == one[1].identity)
    says = {story.id: (story, entry) for story, entry in own_last}
    changed = [(story, entry) for story, entry in says.values() if _differs(story, entry)]
    if not changed:
        return
    changed += [one for one in await _originals(session, feed, changed) if one[0].id not in says]
    for some in stories.pieces(changed, AT_A_STRETCH):
        await stories.rewrite(session, [_says_now(feed, story, entry) for story, entry in some])
    recent = now - EDITED_WITHIN
    posted = [(story, entry) for story, entry in changed if story.decision == "post" and story.first_seen_at > recent]
    cards = [story for story, entry in posted if story.edits < MOST_EDITS and shows_otherwise(story, entry)]
    for shown in stories.pieces(cards, AT_A_STRETCH):
        await _edit_cards(session, feed, shown, now)


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


async def _edit_cards(session: AsyncSession, feed: models.Feed, some: Sequence[Row[Any]], now: datetime) -> None:
    queued = await stories.queued(session, [key for story in some for key in _keys(story)])
    locale = (await guilds.settings(session, feed.guild_id)).locale
    edits = []
    for story in some:
        post, last = map(queued.get, _keys(story))
        if post is None or post.outcome in ("gone", "parked") or _yet_to_be_made(post) or _yet_to_be_made(last):
            continue  # whatever is made later shows what the story says then
        edits.append(
            {
                "guild_id": feed.guild_id,
                "channel_id": feed.channel_id,
                "kind": "story_edit",
                "object_id": story.id,
                "dedupe_key": f"story_edit:{story.id}:{story.edits + 1}",
                "due_at": max(now, last.due_at + PAUSE) if last is not None else now,
                "locale": locale,
            }
        )
    if edits:
        counts = {story.id: story.edits + 1 for story in some}
        await stories.rewrite(
            session, [{"id": edit["object_id"], "edits": counts[edit["object_id"]]} for edit in edits]
        )
        await outbox.queue_all(session, edits)


def _keys(story: Row[Any]) -> tuple[str, str]:
    """Under which a story's post and the last edit of its card were queued."""
    return f"story:{story.id}", f"story_edit:{story.id}:{story.edits}"


def _yet_to_be_made(row: models.OutboxRow | None) -> bool:
    return row is not None and row.done_at is None and row.attempts == 0


def _picture(address: str | None) -> str:
    return urlsplit(address)._replace(query="", fragment="").geturl() if address else ""
