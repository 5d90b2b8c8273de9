"""What cannot be posted: a message is given up, or its whole channel is lost; moderators are told once."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.posting.job import Job
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
    """A message was refused for the last time, with Discord's code if it was Discord that did it.

    Nobody would hear that a channel is lost from a message about nothing that is still there: that one alone is given
    up, and the next shows it.
    """
    lost = code in LOST_CHANNEL
    about = await _about(session, job, lost, now)
    if about is None or (lost and not await lost_channels.note(session, job.guild_id, job.channel_id, words, now)):
        return  # nobody else is concerned, or somebody else said so in the same moment
    kind, object_id = about
    chosen = await guilds.settings(session, job.guild_id)
    if lost or kind == "notice":
        places = chosen.events_channel_id, chosen.stories_channel_id
        told_in = await channel_for_notices(session, job.guild_id, job.channel_id, places)
    else:
        told_in = await channel_for_notices(session, job.guild_id, None, [job.channel_id])
    if told_in is None:
        return
    # Once for a channel each time it is lost; of messages that are refused once for an event, once a day for a feed.
    if lost:
        occasion = f"channel:{job.channel_id}:{int(now.timestamp())}"
    else:
        occasion = f"{job.channel_id}:{object_id}" if kind == "notice" else f"feed:{object_id}:{now:%Y-%m-%d}"
    row = {
        "guild_id": job.guild_id,
        "channel_id": told_in,
        "kind": kind,
        "object_id": object_id,
        "detail": json.dumps({"text_key": "undelivered", "channel": job.channel_id, "lost": lost, "error": words}),
        "dedupe_key": f"undelivered:{occasion}",
        "due_at": now,
        "locale": chosen.locale,
    }
    await outbox.queue_new(session, [row])


async def _about(session: AsyncSession, job: Job, lost: bool, now: datetime) -> tuple[str, int] | None:
    """The kind of the notice that tells of a refused message, and what that is about; None if there is none."""
    if job.channel_id == job.user_id:
        return None  # a direct message
    if job.kind in ABOUT_EVENTS or (job.kind == "notice" and lost):
        event = await events.event(session, job.guild_id, job.object_id)
        matters = event is not None and event.ends_at is not None and event.ends_at > now
        return ("notice", job.object_id) if matters else None  # that it is cancelled must be heard, too
    if job.kind in TOLD_BY_ITSELF or lost:
        feed_id = await _feed_of(session, job)
        return ("feed_notice", feed_id) if feed_id is not None else None
    return None


async def _feed_of(session: AsyncSession, job: Job) -> int | None:
    if job.kind in ABOUT_STORIES:
        story = await stories.story(session, job.guild_id, job.object_id)
        return story.feed_id if story else None
    return job.object_id if job.kind in ABOUT_FEEDS else None


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
