"""Stories that a server was told, as rows, for those who look them up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from db.database import Database
from db.models import Feed, OutboxRow, Story, StoryCopy, StoryPlace
from db.names import fold

GUILD = 7
FIRST = datetime.fromisoformat("2026-11-01T12:00:00+00:00")


async def feed(database: Database, guild_id: int, channel_id: int, title: str = "Sister City News") -> int:
    """The id of a feed that a server follows."""
    async with database.write() as session:
        row = Feed(guild_id=guild_id, channel_id=channel_id, url=f"https://{title}/", title=title, added_by_user_id=1)
        session.add(row)
        await session.flush()
        return row.id


def story(
    number: int, title: str, *, feed_id: int, guild_id: int = GUILD, summary: str = "", **fields: object
) -> Story:
    """The row of a story that was seen the later, the higher its number."""
    usual = {
        "id": number,
        "guild_id": guild_id,
        "feed_id": feed_id,
        "identity": f"id:{number}",
        "source": "Sister City News",
        "title": title,
        "link": f"https://news.example/{number}",
        "summary": summary,
        "first_seen_at": FIRST + timedelta(minutes=number),
        "announced": fields.get("decision", "post") in ("post", "digest"),
        "title_key": fold(title),
        "search_key": fold(f"{title} {summary} Sister City News"),
    }
    return Story(**(usual | fields))


def sent(key: str, channel_id: int, *, guild_id: int = GUILD, message_id: int = 0, **fields: object) -> OutboxRow:
    """The row of a post that was made."""
    usual = {
        "guild_id": guild_id,
        "channel_id": channel_id,
        "kind": key.partition(":")[0],
        "object_id": 1,
        "locale": "en-US",
        "dedupe_key": key,
        "nonce": abs(hash(key)) % 2**62 + 1,
        "due_at": FIRST,
        "done_at": FIRST,
        "outcome": "sent",
        "message_id": message_id or None,
    }
    return OutboxRow(**(usual | fields))


def copy_of(number: int, channel_id: int, message_id: int, guild_id: int = GUILD) -> StoryCopy:
    """The row of a message that shows a story's card."""
    return StoryCopy(message_id=message_id, guild_id=guild_id, channel_id=channel_id, story_id=number)


def place_of(number: int, place_id: int, guild_id: int = GUILD) -> StoryPlace:
    """The row that says that a story is about a place."""
    return StoryPlace(story_id=number, place_id=place_id, guild_id=guild_id)


async def keep(database: Database, rows: Iterable[object]) -> None:
    """Write rows, those that others point to first."""
    async with database.write() as session:
        for row in rows:
            session.add(row)
            await session.flush()
