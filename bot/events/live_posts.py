"""The posts that list what is on: edited when that changes, and only then."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot.events.whats_on import Shown, WhatsOn, edit_due, next_look, remember, whats_on
from bot.posting.edit_pace import first_id, rested_at
from bot.posting.editing import DONE, Outcome, after_error, edit
from bot.ui.events.whats_on import whats_on_view
from db import live_posts

if TYPE_CHECKING:
    from bot.client import SisterCityBot

__all__ = ["LivePosts", "live_view", "remember"]

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
LONGEST_EDIT = 90.0  # seconds; shorter than the lease
AT_ONCE = 8
REST = timedelta(seconds=20)  # at least, between two looks at a post: a burst of answers is one look
JUST_NOW = timedelta(minutes=2)  # a card that was posted since then may be missing on a list


async def live_view(bot: "SisterCityBot", guild_id: int, now: datetime) -> discord.ui.LayoutView:
    """What is on in a server, as it is posted."""
    return whats_on_view(await whats_on(bot.database, guild_id, now))


@dataclass(frozen=True, slots=True)
class Post:
    """A claimed post, without its session."""

    message_id: int
    guild_id: int
    channel_id: int
    failures: int
    lease_until: datetime
    rested_until: datetime | None


class LivePosts:
    """Looks at the posts that are due. Any number of processes may run one on the same database."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot
        # By message: what this process last put there, and until when it then let the post rest. Where that is not
        # what the database says, another process has had the post since.
        self._shown: dict[int, tuple[Shown, datetime]] = {}

    async def run_once(self, now: datetime) -> datetime | None:
        """Look at the posts that are due and edit those that show something old; returns when the next one is due."""
        async with self.bot.database.read() as session:
            if await live_posts.next_look(session) is None:
                return None  # there are none: most servers have no list, and every press wakes this loop
        lease_until = now + LEASE
        async with self.bot.database.write() as session:
            await live_posts.touch_where_posted(session, first_id(now - JUST_NOW), now)
            claimed = await live_posts.claim(session, now, lease_until, AT_ONCE)
            due = [_post(one, lease_until) for one in claimed]
        await asyncio.gather(*(self._look(post, now - self.bot.now()) for post in due))
        async with self.bot.database.read() as session:
            return await live_posts.next_look(session)

    async def _look(self, post: Post, ahead: timedelta) -> None:
        """Compare a post with what is on; only a database that fails can make this raise."""
        now = self.bot.now() + ahead
        current = await whats_on(self.bot.database, post.guild_id, now)
        shown, known_until = self._shown.pop(post.message_id, (None, None))
        if known_until != post.rested_until:
            shown = None
        due, next_at, failures = edit_due(shown, current, now), next_look(current, now), 0
        if due is not None and due <= now:
            outcome = await self._edit(post, current)
            now = self.bot.now() + ahead
            if outcome.gone:
                async with self.bot.database.write() as session:
                    await live_posts.forget(session, [post.message_id])
                return
            shown = Shown(current, now)
            if outcome.again_in is not None:
                shown, next_at, failures = None, now + outcome.again_in, post.failures + 1
        elif due is not None:
            next_at = min(next_at, due)
        await self._rest(post, shown, now, next_at, failures)

    async def _edit(self, post: Post, current: WhatsOn) -> Outcome:
        try:
            async with asyncio.timeout(LONGEST_EDIT):
                await edit(self.bot, post.guild_id, post.channel_id, post.message_id, whats_on_view(current))
            return DONE
        except Exception as error:  # one post that cannot be edited must not hold up the others
            logger.warning("live list %s of guild %s: %s", post.message_id, post.guild_id, error)
            return after_error(error, post.failures)

    async def _rest(self, post: Post, shown: Shown | None, now: datetime, next_at: datetime, failures: int) -> None:
        rests_until = max(now + REST, rested_at(post.message_id, now))
        if shown is not None:
            self._shown[post.message_id] = shown, rests_until
        async with self.bot.database.write() as session:
            await live_posts.looked_at(
                session,
                post.message_id,
                post.lease_until,
                next_at=next_at,
                rests_until=rests_until,
                failures=failures,
            )


def _post(claimed: live_posts.Claimed, lease_until: datetime) -> Post:
    row = claimed.post
    return Post(row.message_id, row.guild_id, row.channel_id, row.failures, lease_until, claimed.rested_until)
