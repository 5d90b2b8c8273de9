"""The webhooks through which stories are posted under the name of their source: one of our own in a channel."""

import re
from typing import TYPE_CHECKING

import discord

from bot.plain_text import cut, visible

if TYPE_CHECKING:
    from bot.client import SisterCityBot

Room = discord.TextChannel | discord.ForumChannel

NAME = "Sister City Stories"  # of the webhook itself, as a server's settings list it
LONGEST_NAME = 80
MOST_KEPT = 1_000  # channels

UNKNOWN_WEBHOOK, TOO_MANY_WEBHOOKS = 10015, 30007  # Discord's error codes

# Discord takes no name with these in it, wherever they stand in a word.
FORBIDDEN = re.compile(r"(dis)(cord)|(cly)(de)", re.IGNORECASE)
MARKS = str.maketrans("@#:`", "    ")


class NoWebhook(Exception):
    """There is no webhook of ours in a channel and none can be made; `why` is what moderators are told."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def room_of(bot: "SisterCityBot", channel_id: int) -> Room:
    """A channel that stories can be posted in, as it is now. Raises TypeError where it is no such channel."""
    channel = bot.get_channel(channel_id) or await bot.fetch_channel(channel_id)
    if not isinstance(channel, Room):
        raise TypeError(f"channel {channel_id} is a {type(channel).__name__}: no stories can be posted there")
    return channel


class Webhooks:
    """Finds our webhooks, and makes them; those that were found are kept in memory."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot
        self._kept: dict[int, discord.Webhook] = {}  # by channel

    async def ours(self, channel_id: int) -> discord.Webhook:
        """Our webhook in a channel, made if there is none. Raises NoWebhook, and what Discord answers."""
        kept = self._kept.get(channel_id)
        if kept is not None:
            return kept
        room = await room_of(self.bot, channel_id)
        try:
            found = await self._made_by_us(room)
            webhook = found[0] if found else await room.create_webhook(name=NAME)
        except discord.Forbidden as error:
            raise NoWebhook("webhook_refused") from error
        except discord.HTTPException as error:
            if error.code != TOO_MANY_WEBHOOKS:
                raise
            raise NoWebhook("webhook_limit") from error
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[channel_id] = webhook
        return webhook

    async def known(self, channel_id: int, webhook_id: int) -> discord.Webhook | None:
        """Our webhook with an id, None if it was deleted or is not ours. Raises what Discord answers."""
        kept = self._kept.get(channel_id)
        if kept is not None and kept.id == webhook_id:
            return kept
        found = await self.all_ours(channel_id)
        return next((webhook for webhook in found if webhook.id == webhook_id), None)

    async def all_ours(self, channel_id: int) -> list[discord.Webhook]:
        """Our webhooks in a channel. Raises what Discord answers."""
        return await self._made_by_us(await room_of(self.bot, channel_id))

    def forget(self, channel_id: int) -> None:
        """Discord says that the webhook which was kept for a channel is gone."""
        self._kept.pop(channel_id, None)

    async def _made_by_us(self, room: Room) -> list[discord.Webhook]:
        """The bot is not told how to use the others."""
        me = self.bot.user.id if self.bot.user else 0
        webhooks = await room.webhooks()
        return [webhook for webhook in webhooks if webhook.token and webhook.user and webhook.user.id == me]


def webhook_name(source: str) -> str | None:
    """A source's name as a webhook may bear it, None if nothing is left of it."""
    name = " ".join(visible(source).translate(MARKS).split())
    return cut(FORBIDDEN.sub(_parted, name), LONGEST_NAME) or None


def _parted(found: re.Match[str]) -> str:
    return "·".join(part for part in found.groups() if part)
