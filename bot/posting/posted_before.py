"""Whether a message was posted by an earlier try that did not live to say so, where no nonce can tell.

It is known by its marker: the id, made from the row's nonce, of the outermost part of its card.
"""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot.posting.job import Done, Job

if TYPE_CHECKING:
    from bot.client import SisterCityBot
    from bot.posting.webhooks import Webhooks

logger = logging.getLogger(__name__)

BEFORE_FIRST_TRY = timedelta(minutes=1)  # Discord's clock and ours may differ
MOST_MESSAGES, MOST_THREADS = 500, 100  # that are looked through, from the first try on

View = discord.ui.LayoutView


def marker(nonce: int) -> int:
    """The id that marks the card of a row: from 1 to 2³¹ - 1."""
    return nonce & 0x7FFFFFFF or 1


def mark(view: View, nonce: int) -> None:
    """Let a message be known again."""
    view.children[0].id = marker(nonce)


class PostedBefore:
    """Looks for marked messages; needs the permission Read Message History, and finds nothing without it."""

    def __init__(self, bot: "SisterCityBot", webhooks: "Webhooks") -> None:
        self.bot = bot
        self.webhooks = webhooks

    async def find(self, job: Job, forum: discord.ForumChannel | None, now: datetime) -> Done | None:
        """The message of a job in its channel, or as the first of a thread in that forum."""
        since = (job.first_tried_at or now) - BEFORE_FIRST_TRY
        messages = self._messages(job, since) if forum is None else self._starters(forum, since)
        wanted, silent = marker(job.nonce), []
        try:
            async for message in messages:
                if _bears(message, wanted):
                    return _done(message, forum)
                if message.webhook_id is not None and not message.components:
                    silent.append(message)
        except discord.Forbidden as error:
            logger.info("outbox row %s: what is in channel %s cannot be read: %s", job.id, job.channel_id, error)
        # Discord shows a bot what others say only if it is privileged to read along; a webhook sees its own words.
        webhooks = await self._ours(job.channel_id) if silent else {}
        for message in silent:
            webhook = webhooks.get(message.webhook_id or 0)
            if webhook is not None and await self._bears_for(webhook, message, wanted, forum):
                return _done(message, forum)
        return None

    def _messages(self, job: Job, since: datetime) -> AsyncIterator[discord.Message]:
        channel = self.bot.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        return channel.history(after=since, limit=MOST_MESSAGES, oldest_first=True)

    async def _starters(self, forum: discord.ForumChannel, since: datetime) -> AsyncIterator[discord.Message]:
        """The first messages of the threads that were opened since then."""
        threads = [thread for thread in await forum.guild.active_threads() if thread.parent_id == forum.id]
        threads += [thread async for thread in forum.archived_threads(limit=MOST_THREADS)]
        first = discord.utils.time_snowflake(since)
        for thread in sorted(threads, key=lambda thread: thread.id)[-MOST_THREADS:]:
            if thread.id < first:
                continue
            try:
                async for message in thread.history(limit=1, oldest_first=True):
                    yield message
            except discord.NotFound:  # deleted in this moment
                continue

    async def _ours(self, channel_id: int) -> dict[int, discord.Webhook]:
        """Our webhooks in a channel, by id; none where the bot may not ask for them."""
        try:
            return {webhook.id: webhook for webhook in await self.webhooks.all_ours(channel_id)}
        except discord.Forbidden:
            return {}

    async def _bears_for(
        self, webhook: discord.Webhook, message: discord.Message, wanted: int, forum: discord.ForumChannel | None
    ) -> bool:
        """Whether a message bears a marker as the webhook sees it that posted it."""
        thread = discord.utils.MISSING if forum is None else message.channel
        try:
            return _bears(await webhook.fetch_message(message.id, thread=thread), wanted)
        except discord.NotFound:  # deleted in this moment
            return False


def _bears(message: discord.Message, wanted: int) -> bool:
    return any(getattr(component, "id", None) == wanted for component in message.components)


def _done(message: discord.Message, forum: discord.ForumChannel | None) -> Done:
    thread_id = None if forum is None else message.channel.id
    return Done("sent", message.id, message.channel.id, webhook_id=message.webhook_id, thread_id=thread_id)
