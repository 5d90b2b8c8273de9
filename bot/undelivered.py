"""What cannot be posted: a message is given up, or its whole channel is lost; moderators are told once."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox_job import Job
from db import card_copies, events, guilds, lost_channels, outbox, stories

ABOUT_EVENTS = frozenset(("event", "promotion", "offer", "lapsed", "reminder", "change", "thanks"))
ABOUT_STORIES = frozenset(("story", "story_edit"))
ABOUT_FEEDS = frozenset(("digest", "crosspost", "feed_notice"))
TOLD_BY_ITSELF = frozenset(("story", "digest"))  # if one of these is refused, its channel being open

# Discord's codes for a refusal that every other message in that channel would meet as well.
LOST_CHANNEL = frozenset(
    (
        *(10003, 10004),  # no such channel, no such server
        *(50001, 50013),  # the bot may not see it, or not write in it
        *(50008, 50024),  # no channel for messages, or not for these
        *(50083, 160005, 160006),  # a thread that is archived or locked; too many threads
    )
)


async def give_up(session: AsyncSession, job: Job, code: int | None, words: str, now: datetime) -> None:
    """A message was refused for the last time, with Discord's code if it was Discord that did it."""
    if job.channel_id == job.user_id:
        return  # a direct message: nobody else is concerned
    lost = code in LOST_CHANNEL
    if lost and not await lost_channels.note(session, job.guild_id, job.channel_id, words, now):
        return  # somebody else said so in the same moment
    if job.kind in ABOUT_EVENTS:
        await _tell_about_event(session, job, now)
    elif lost or job.kind in TOLD_BY_ITSELF:
        await _tell_about_feed(session, job, words, lost, now)


async def channel_for_notices(
    session: AsyncSession, guild_id: int, lost_channel_id: int | None, places: Sequence[int | None]
) -> int | None:
    """Where moderators are told something: the channel they chose for it, or the first of `places` in reach.

    Never in the channel that is lost. None: there is no other.
    """
    chosen = (await guilds.settings(session, guild_id)).notices_channel_id
    with_cards = await card_copies.newest_channel(session, guild_id, without=lost_channel_id)
    wanted = [place for place in (chosen, *places, with_cards) if place is not None and place != lost_channel_id]
    in_reach = await lost_channels.open_ones(session, wanted)
    return next((place for place in wanted if place in in_reach), None)


async def _tell_about_event(session: AsyncSession, job: Job, now: datetime) -> None:
    """Once for an event and channel."""
    event = await events.event(session, job.guild_id, job.object_id)
    of_events = (await guilds.settings(session, job.guild_id)).events_channel_id
    told_in = await channel_for_notices(session, job.guild_id, job.channel_id, [of_events])
    if told_in is None or event is None or event.ends_at is None or event.ends_at <= now:
        return  # that an event is cancelled must be heard, too
    detail = {"text_key": "undelivered", "channel": job.channel_id}
    await _notice(session, job, told_in, "notice", event.id, detail, f"undelivered:{event.id}:{job.channel_id}", now)


async def _tell_about_feed(session: AsyncSession, job: Job, words: str, lost: bool, now: datetime) -> None:
    """Once for a channel each time it is lost; of messages that are refused, once a day for a feed."""
    feed_id: int | None = job.object_id if job.kind in ABOUT_FEEDS else None
    if job.kind in ABOUT_STORIES:
        story = await stories.story(session, job.guild_id, job.object_id)
        feed_id = story.feed_id if story else None
    if feed_id is None:
        return
    chosen = await guilds.settings(session, job.guild_id)
    if lost:
        places = chosen.events_channel_id, chosen.stories_channel_id
        told_in = await channel_for_notices(session, job.guild_id, job.channel_id, places)
    else:
        told_in = await channel_for_notices(session, job.guild_id, None, [job.channel_id])
    if told_in is None:
        return
    detail = {"text_key": "undelivered", "channel": job.channel_id, "lost": lost, "error": words}
    occasion = f"channel:{job.channel_id}:{int(now.timestamp())}" if lost else f"feed:{feed_id}:{now:%Y-%m-%d}"
    await _notice(session, job, told_in, "feed_notice", feed_id, detail, f"undelivered:{occasion}", now)


async def _notice(
    session: AsyncSession,
    job: Job,
    channel_id: int,
    kind: str,
    object_id: int,
    detail: dict[str, object],
    dedupe_key: str,
    now: datetime,
) -> None:
    row = {
        "guild_id": job.guild_id,
        "channel_id": channel_id,
        "kind": kind,
        "object_id": object_id,
        "detail": json.dumps(detail),
        "dedupe_key": dedupe_key,
        "due_at": now,
        "locale": (await guilds.settings(session, job.guild_id)).locale,
    }
    await outbox.queue_new(session, [row])
