"""Where and how a story is posted: as a message of a channel, as a thread of a forum, through a webhook.

Only a message that the bot posts itself bears a nonce, and Discord forgets that after some minutes. Where there is
none a repeat would be a second post, so an earlier one is looked for first: see `bot.posting.posted_before`.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot.plain_text import cut, visible
from bot.posting.channel_post import post
from bot.posting.job import Done, Job
from bot.posting.only_once import only_once
from bot.posting.posted_before import PostedBefore, mark
from bot.posting.webhooks import UNKNOWN_WEBHOOK, NoWebhook, Room, Webhooks, room_of, webhook_name
from bot.stories.page import Target
from bot.ui.events.notices import below

if TYPE_CHECKING:
    from bot.client import SisterCityBot

View = discord.ui.LayoutView
Tags = list[discord.ForumTag]

NONCE_LASTS = timedelta(minutes=2)  # Discord says "a few minutes"
LONGEST_THREAD_NAME = 100
UNKNOWN_TAG, TAG_REQUIRED = 10087, 40067  # Discord's error codes


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be posted: in a forum under `title`, with the tag that is called like one of `labels`.

    A webhook bears the name of the `source`. `role_id` is called, if there is such a role.
    """

    view: View
    title: str
    source: str
    labels: Collection[str] = ()
    role_id: int | None = None

    @property
    def ping(self) -> discord.AllowedMentions:
        """Whom the message may mention: nobody but the role."""
        roles = [discord.Object(self.role_id)] if self.role_id is not None else False
        return discord.AllowedMentions(everyone=False, users=False, roles=roles)


class Targets:
    """Posts pieces in the ways that servers chose for their feeds; raises what Discord answers."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot
        self.webhooks = Webhooks(bot)
        self.posted_before = PostedBefore(bot, self.webhooks)

    async def post(self, job: Job, target: Target, piece: Piece, now: datetime) -> Done:
        """Post where the job says, unless an earlier try did so: then what it posted is the result."""
        mark(piece.view, job.nonce)
        role_id = self.role(job.guild_id, piece.role_id)
        piece = replace(piece, view=with_call(piece.view, role_id), role_id=role_id)
        forum = await self._forum(job.channel_id, target)
        bears_nonce = forum is None and not target.uses_webhook
        nonce_lasts = job.first_tried_at is not None and now - job.first_tried_at < NONCE_LASTS
        if job.attempts > 1 and not (bears_nonce and nonce_lasts):
            posted = await self.posted_before.find(job, forum, now)
            if posted is not None:
                return posted
        trouble = None
        if target.uses_webhook:
            try:
                return await self._through_webhook(job, piece)
            except NoWebhook as error:
                trouble = error.why
        if forum is not None:
            return replace(await self._in_forum(forum, piece), trouble=trouble)
        return replace(await post(self.bot, job, piece.view, piece.ping), trouble=trouble)

    def role(self, guild_id: int, role_id: int | None) -> int | None:
        """A role that can be called; None if it was deleted."""
        guild = self.bot.get_guild(guild_id)
        deleted = guild is not None and role_id is not None and guild.get_role(role_id) is None
        return None if deleted else role_id

    def in_forum(self, channel_id: int, target: Target) -> bool:
        """Whether a channel is a forum; what the feed says of its own counts only where nothing is known of it."""
        channel = self.bot.get_channel(channel_id)
        return target.channel_kind == "forum" if channel is None else isinstance(channel, discord.ForumChannel)

    async def _forum(self, channel_id: int, target: Target) -> discord.ForumChannel | None:
        room = await room_of(self.bot, channel_id) if self.in_forum(channel_id, target) else None
        return room if isinstance(room, discord.ForumChannel) else None

    async def _in_forum(self, forum: discord.ForumChannel, piece: Piece) -> Done:
        async def start(tags: Tags) -> Done:
            with only_once():
                made = await forum.create_thread(
                    name=_thread_name(piece), view=piece.view, applied_tags=tags, allowed_mentions=piece.ping
                )
            return Done("sent", made.message.id, made.thread.id, thread_id=made.thread.id)

        return await self._tagged(forum, piece, start)

    async def _through_webhook(self, job: Job, piece: Piece) -> Done:
        room, webhook = await room_of(self.bot, job.channel_id), await self.webhooks.ours(job.channel_id)
        try:
            return await self._say(webhook, room, piece)
        except discord.NotFound as error:
            if error.code != UNKNOWN_WEBHOOK:
                raise
        self.webhooks.forget(job.channel_id)  # somebody deleted it
        return await self._say(await self.webhooks.ours(job.channel_id), room, piece)

    async def _say(self, webhook: discord.Webhook, room: Room, piece: Piece) -> Done:
        name = webhook_name(piece.source) or discord.utils.MISSING
        if not isinstance(room, discord.ForumChannel):
            with only_once():
                said = await webhook.send(view=piece.view, username=name, allowed_mentions=piece.ping, wait=True)
            return Done("sent", said.id, room.id, webhook_id=webhook.id)

        async def start(tags: Tags) -> Done:
            with only_once():
                said = await webhook.send(
                    view=piece.view,
                    username=name,
                    allowed_mentions=piece.ping,
                    thread_name=_thread_name(piece),
                    applied_tags=tags or discord.utils.MISSING,
                    wait=True,
                )
            thread_id = said.channel.id
            return Done("sent", said.id, thread_id, webhook_id=webhook.id, thread_id=thread_id)

        return await self._tagged(room, piece, start)

    async def _tagged(
        self, forum: discord.ForumChannel, piece: Piece, start: Callable[[Tags], Awaitable[Done]]
    ) -> Done:
        """Start a thread with the tags that fit; where Discord refuses those, look at the forum anew and try again."""
        try:
            return await start(_fitting(forum, piece.labels))
        except discord.HTTPException as error:
            if error.code not in (UNKNOWN_TAG, TAG_REQUIRED):
                raise
            required = error.code == TAG_REQUIRED
        fresh = await self.bot.fetch_channel(forum.id)
        if not isinstance(fresh, discord.ForumChannel):
            raise TypeError(f"channel {forum.id} is no forum any more")
        tags = _fitting(fresh, piece.labels)
        # A forum that wants a tag on everything gets one that does not fit, rather than no story.
        return await start(tags or (_open_to_us(fresh)[:1] if required else []))


def with_call(view: View, role_id: int | None) -> View:
    """The view, below a line that calls a role."""
    return view if role_id is None else below(f"<@&{role_id}>", view)


def _thread_name(piece: Piece) -> str:
    return cut(visible(piece.title) or visible(piece.source), LONGEST_THREAD_NAME)


def _fitting(forum: discord.ForumChannel, labels: Collection[str]) -> Tags:
    wanted = {label.casefold() for label in labels}
    return [tag for tag in _open_to_us(forum) if visible(tag.name).casefold() in wanted][:1]


def _open_to_us(forum: discord.ForumChannel) -> Tags:
    """The tags that the bot may give: some are for those only who manage threads."""
    manages = forum.permissions_for(forum.guild.me).manage_threads
    return [tag for tag in forum.available_tags if manages or not tag.moderated]
