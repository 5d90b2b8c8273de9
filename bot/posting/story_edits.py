"""Editing the messages of a story whose article changed: quietly, wherever they are."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import discord

from bot.posting.editing import ARCHIVED, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, edit
from bot.posting.job import GONE, Done, Job
from bot.posting.webhooks import UNKNOWN_WEBHOOK, NoWebhook, Webhooks
from db import story_copies
from db.models import StoryCopy

if TYPE_CHECKING:
    from bot.client import SisterCityBot

logger = logging.getLogger(__name__)

Render = Callable[[bool], discord.ui.LayoutView]  # of a story; whether in a thread of a forum
REFUSED = (400, 403, 404)  # statuses of answers that will not change by waiting


class StoryEdits:
    """Edits what was posted of a story; raises what may pass by itself."""

    def __init__(self, bot: "SisterCityBot", webhooks: Webhooks) -> None:
        self.bot = bot
        self.webhooks = webhooks

    async def edit(self, job: Job, story_id: int, render: Render) -> Done:
        """Show what `render` makes in every message of a story, a new view each; those that are gone are forgotten."""
        async with self.bot.database.read() as session:
            copies = await story_copies.copies(session, job.guild_id, story_id)
        done, gone = GONE, []
        for copy in copies:
            try:
                await self._edit(copy, render)
                done = Done("sent", copy.message_id, copy.channel_id)
                continue
            except NoWebhook as problem:
                error: Exception = problem
            except discord.HTTPException as refusal:
                if refusal.status not in REFUSED:
                    raise
                if refusal.code in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
                    gone.append(copy.message_id)
                error = refusal
            # Nobody need be told: the story can be read, only not its last change.
            logger.info("message %s of story %s stays as it is: %s", copy.message_id, story_id, error)
            done = done if done.message_id else Done("gone", error=str(error))
        if gone:
            async with self.bot.database.write() as session:
                await story_copies.forget(session, gone)
        return done

    async def _edit(self, copy: StoryCopy, render: Render) -> None:
        try:
            await self._change(copy, render(_in_forum(copy)))
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await self._change_archived(copy, render(_in_forum(copy)))

    async def _change_archived(self, copy: StoryCopy, view: discord.ui.LayoutView) -> None:
        """Take a thread out of the archive for a moment; it goes back, for a change is no news."""
        thread = await self.bot.fetch_channel(copy.channel_id)
        if not isinstance(thread, discord.Thread):
            raise TypeError(f"channel {copy.channel_id} is no thread")
        await thread.edit(archived=False)
        try:
            await self._change(copy, view)
        finally:
            await thread.edit(archived=True)

    async def _change(self, copy: StoryCopy, view: discord.ui.LayoutView) -> None:
        if copy.webhook_id is None:
            await edit(self.bot, copy.guild_id, copy.channel_id, copy.message_id, view)
            return
        place = self.bot.get_channel(copy.channel_id) or await self.bot.fetch_channel(copy.channel_id)
        thread = place if isinstance(place, discord.Thread) else None
        room_id = thread.parent_id if thread else copy.channel_id
        webhook = await self.webhooks.known(room_id, copy.webhook_id)
        if webhook is None:
            raise NoWebhook("the webhook that posted the message is gone, and nobody else may edit it")
        nobody = discord.AllowedMentions.none()
        try:
            await webhook.edit_message(
                copy.message_id, view=view, allowed_mentions=nobody, thread=thread or discord.utils.MISSING
            )
        except discord.NotFound as error:
            if error.code == UNKNOWN_WEBHOOK:
                self.webhooks.forget(room_id)
            raise


def _in_forum(copy: StoryCopy) -> bool:
    return copy.thread_id == copy.channel_id
