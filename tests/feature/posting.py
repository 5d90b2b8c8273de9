"""Stories of a feed that wait to be posted in one way or another."""

import json
from datetime import timedelta
from typing import Any

import discord
import simcord
from sqlalchemy import select

from bot.feeds.entry import canonical_link
from db import outbox
from db.models import Feed, OutboxRow, Story, StoryCopy
from tests.feature.conftest import World

YOUTH = "Youth & Education"


async def follow(world: World, channel: simcord.ChannelHandle, kind: str = "text", **columns: Any) -> int:
    """A feed of the server that posts to a channel; returns its id."""
    async with world.bot.database.write() as session:
        feed = Feed(
            guild_id=world.guild.id,
            channel_id=channel.id,
            channel_kind=kind,
            url=f"https://news.example/{channel.id}",
            title="City News",
            added_by_user_id=world.mod.id,
            host="news.example",
            **columns,
        )
        session.add(feed)
        await session.flush()
        return feed.id


async def tell(world: World, feed_id: int, title: str = "The choir sings", **columns: Any) -> int:
    """A new story of a feed; returns its id."""
    async with world.bot.database.write() as session:
        feed = await session.get_one(Feed, feed_id)
        link = f"https://news.example/{len(title)}"
        usual = {
            "guild_id": feed.guild_id,
            "feed_id": feed.id,
            "identity": title,
            "source": feed.title,
            "title": title,
            "link": link,
            "link_key": canonical_link(link),
            "summary": "In the town hall.",
            "first_seen_at": world.bot.now(),
            "announced": True,
            "track": feed.track,
        }
        story = Story(**(usual | columns))
        session.add(story)
        await session.flush()
        return story.id


async def queue(world: World, kind: str, object_id: int, channel_id: int, key: str = "", **detail: Any) -> int:
    """A row of the outbox; returns its id."""
    key = key or f"{kind}:{object_id}"
    async with world.bot.database.write() as session:
        outbox.queue(
            session,
            guild_id=world.guild.id,
            channel_id=channel_id,
            kind=kind,
            object_id=object_id,
            detail=json.dumps(detail) if detail else "",
            dedupe_key=key,
            due_at=world.bot.now(),
            locale="en-US",
        )
        await session.flush()
        return (await session.scalars(select(OutboxRow.id).where(OutboxRow.dedupe_key == key))).one()


async def post(world: World, channel: simcord.ChannelHandle, kind: str = "text", **columns: Any) -> int:
    """Follow a feed, and have a story of it posted; returns the story's id."""
    story_id = await tell(world, await follow(world, channel, kind, **columns))
    await queue(world, "story", story_id, channel.id)
    await world.deliver()
    await world.deliver()  # what follows from it
    return story_id


async def crash_after_send(world: World, row_id: int, by: timedelta = timedelta(seconds=2)) -> None:
    """What a process leaves behind that posted a row and died before it could say so; it is `by` later now."""
    async with world.bot.database.write() as session:
        row = await session.get_one(OutboxRow, row_id)
        row.done_at = row.outcome = row.message_id = None
        row.lease_until = row.lease_owner = None
        for copy in await session.scalars(select(StoryCopy)):
            await session.delete(copy)
    world.clock[0] += by


async def rows(world: World, kind: str) -> list[OutboxRow]:
    """The rows of a kind, in order."""
    async with world.bot.database.read() as session:
        return list(await session.scalars(select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)))


async def copies(world: World) -> list[tuple[int, int, int | None, int | None]]:
    """Message, channel, webhook and thread of every message that shows a story."""
    async with world.bot.database.read() as session:
        found = await session.scalars(select(StoryCopy).order_by(StoryCopy.message_id))
        return [(copy.message_id, copy.channel_id, copy.webhook_id, copy.thread_id) for copy in found]


def forum(world: World, *tags: str, moderated: bool = False) -> simcord.ChannelHandle:
    """A forum with tags."""
    channel = world.guild.create_forum_channel("stories-forum")
    available = [
        {
            "name": tag,
            "moderated": moderated,
            "emoji_id": None,
            "emoji_name": None,
            "id": str(world.env.backend.snowflake()),
        }
        for tag in tags
    ]
    world.env.backend.edit_channel(channel.id, {"available_tags": available})
    return channel


def is_published(message: discord.Message) -> bool:
    """Whether a message was published to the servers that follow its channel."""
    return message.flags.crossposted or message.flags.is_crossposted  # Discord sets the first, simcord the second


def threads(world: World, channel: simcord.ChannelHandle) -> list[tuple[str, list[str]]]:
    """Name and tags of each thread in a forum, the oldest first."""
    backend = world.env.backend
    names = {int(tag["id"]): tag["name"] for tag in backend.channels[channel.id].available_tags}
    found = sorted(channel.threads, key=lambda thread: thread.id)
    return [(thread.name or "", [names[tag] for tag in backend.channels[thread.id].applied_tags]) for thread in found]


def take_away(world: World, channel: simcord.ChannelHandle, *permissions: str) -> None:
    """The bot loses permissions in a channel."""
    me = world.guild.me
    assert me is not None
    denied = discord.Permissions(**dict.fromkeys(permissions, True))
    overwrite = simcord.backend.models.Overwrite(
        target_id=me.id, type=simcord.enums.OverwriteType.MEMBER, allow=0, deny=denied.value
    )
    world.env.backend.set_overwrite(channel.id, overwrite)
