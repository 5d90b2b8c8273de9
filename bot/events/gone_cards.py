"""Cards that somebody deleted, or that the bot cannot reach any more: forgotten, told once, posted again on request."""

import json
import logging
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput, NotSetUp
from bot.events.answers import gone
from bot.guilds import Server, load_server
from bot.members import Member, require_event_moderator
from bot.posting.lost_channels import TRIED_AGAIN_WITHIN
from bot.posting.undelivered import channel_for_notices
from db import card_copies, events, live_posts, lost_channels, outbox
from db.database import Database
from db.models import Event

logger = logging.getLogger(__name__)


async def messages_gone(database: Database, guild_id: int, message_ids: Collection[int], now: datetime) -> bool:
    """Messages were deleted: forget those that are ours. True if moderators are to be told of one."""
    async with database.read() as session:
        cards = await card_copies.message_ids(session, guild_id, among=message_ids)
        lists = await live_posts.message_ids(session, guild_id, among=message_ids)
    return await _forget(database, guild_id, cards, lists, now)


async def channel_gone(database: Database, guild_id: int, channel_id: int, now: datetime) -> bool:
    """A channel was deleted: forget what was posted in it. True if moderators are to be told of a card."""
    async with database.read() as session:
        cards = await card_copies.message_ids(session, guild_id, channel_id=channel_id)
        lists = await live_posts.message_ids(session, guild_id, channel_id=channel_id)
    return await _forget(database, guild_id, cards, lists, now, lost_channel_id=channel_id)


async def out_of_reach(database: Database, guild_id: int, channel_id: int, message_id: int, now: datetime) -> bool:
    """A card can be edited no more, for its channel is gone or closed to the bot; returns as above."""
    return await _forget(database, guild_id, [message_id], [], now, lost_channel_id=channel_id)


async def repost(
    database: Database, guild_id: int, event_id: int, member: Member, occasion: int, now: datetime
) -> tuple[str, int]:
    """Have a card posted again that is gone; returns the event's title and the id of the channel it goes to.

    `occasion` is an id that no other press has. Raises NotAllowed, NotFound, NotSetUp, or BadInput if it needs none.
    """
    async with database.write() as session:
        server = await load_server(session, guild_id)
        require_event_moderator(member, server.moderator_role_id)
        event = await events.event(session, guild_id, event_id, lock=True)
        if event is None or event.status == "draft":
            raise gone()
        if not _matters(event, now):
            raise BadInput("That event is over or was cancelled, so it needs no card any more.")
        if server.events_channel_id is None:
            raise NotSetUp("This server has no channel for events yet. A moderator can choose one with `/setup`.")
        copies = await card_copies.copies(session, [event_id])
        if copies:
            link = f"https://discord.com/channels/{guild_id}/{copies[0].channel_id}/{copies[0].message_id}"
            raise BadInput("That event has a card: {link}", link=link)
        # Whoever asks for this has seen to it that the bot may post there again.
        since = now - TRIED_AGAIN_WITHIN
        await lost_channels.reopen(session, guild_id, server.events_channel_id, since, now)
        if not await card_copies.is_waiting(session, guild_id, event_id):
            outbox.queue(
                session,
                guild_id=guild_id,
                channel_id=server.events_channel_id,
                kind="event",
                object_id=event_id,
                dedupe_key=f"event:{event_id}:again:{occasion}",
                due_at=now,
                locale=server.locale,
            )
            logger.info("guild %s: the card of event %s is posted again by %s", guild_id, event_id, member.id)
        return event.title, server.events_channel_id


async def _forget(
    database: Database,
    guild_id: int,
    cards: Collection[int],
    lists: Collection[int],
    now: datetime,
    lost_channel_id: int | None = None,
) -> bool:
    if not cards and not lists:
        return False
    async with database.write() as session:
        server = await load_server(session, guild_id)
        told = False
        for event_id in await card_copies.events_shown(session, cards):
            # Locked, so that of two last cards that go at the same moment one is seen to be the last.
            event = await events.event(session, guild_id, event_id, lock=True)
            forgotten = await card_copies.forget_copies(session, event_id, cards)
            logger.info("guild %s: cards %s of event %s are gone", guild_id, forgotten, event_id)
            if forgotten and event is not None and _matters(event, now):
                told |= await _tell(session, server, event, max(forgotten), lost_channel_id, now)
        if lists:
            await live_posts.forget(session, lists)
            logger.info("guild %s: live lists %s are gone", guild_id, lists)
        await live_posts.touch(session, guild_id, now)
        return told


def _matters(event: Event, now: datetime) -> bool:
    return event.status == "open" and event.ends_at is not None and event.ends_at > now


async def _tell(
    session: AsyncSession, server: Server, event: Event, message_id: int, lost_channel_id: int | None, now: datetime
) -> bool:
    """Tell moderators that the last card of an event is gone, where cards of theirs can still be seen."""
    if await card_copies.copies(session, [event.id]):
        return False
    channel_id = await channel_for_notices(session, server.guild_id, lost_channel_id, [server.events_channel_id])
    if channel_id is None:
        return False
    outbox.queue(
        session,
        guild_id=server.guild_id,
        channel_id=channel_id,
        kind="notice",
        object_id=event.id,
        dedupe_key=f"card_gone:{event.id}:{message_id}",
        due_at=now,
        locale=server.locale,
        detail=json.dumps({"text_key": "card_gone"}),
    )
    return True
