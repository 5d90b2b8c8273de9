"""Threads of the fake Discord: begun from a message, or as a post in a forum with its first message."""

from datetime import UTC, datetime

from tests.wire.gateway import Gateway
from tests.wire.messages import Messages
from tests.wire.payloads import APPLICATION_ID, FORUM, GUILD_ID, THREAD, Payload, snowflake
from tests.wire.requests import Refused, Request, Route


class Threads:
    """Threads are channels with a parent; one begun from a message has that message's id, as has a forum's post."""

    def __init__(self, channels: dict[str, Payload], messages: Messages, gateway: Gateway, bot: Payload) -> None:
        self._channels, self._messages, self._gateway, self._bot = channels, messages, gateway, bot

    def routes(self) -> list[Route]:
        """What the bot may ask for."""
        return [
            ("GET", "/channels/{channel_id}", self._channel),
            ("PATCH", "/channels/{channel_id}", self._edit),
            ("POST", "/channels/{channel_id}/threads", self._create),
            ("POST", "/channels/{channel_id}/messages/{message_id}/threads", self._from_message),
            ("GET", "/guilds/{guild_id}/threads/active", lambda _, guild_id: self._found(archived=False)),
            ("GET", "/channels/{channel_id}/threads/archived/public", self._archived),
        ]

    def within(self, channel: Payload) -> list[Payload]:
        """The threads of a channel, oldest first."""
        return [thread for thread in self._channels.values() if thread.get("parent_id") == channel["id"]]

    def _channel(self, request: Request, channel_id: str) -> Payload:
        if channel_id not in self._channels:
            raise Refused(10003)
        return self._channels[channel_id]

    def _edit(self, request: Request, channel_id: str) -> Payload:
        channel, body = self._channel(request, channel_id), request.body
        state = {key: body[key] for key in ("archived", "locked", "auto_archive_duration") if key in body}
        channel |= {key: body[key] for key in ("name", "applied_tags") if key in body}
        channel["thread_metadata"] = channel.get("thread_metadata", {}) | state
        return channel

    def open(self, forum_id: str, body: Payload, author: Payload, first: Payload, **more: object) -> Payload:
        """A post of a forum, and its first message."""
        thread = self._begin(forum_id, snowflake(), body)
        try:
            message = self._messages.post(thread["id"], author, first, **more)
        except Refused:
            del self._channels[thread["id"]]
            raise
        self._messages.all[thread["id"]] = self._messages.all.pop(message["id"])
        message["id"] = thread["id"]
        return thread | {"message": message}

    def _create(self, request: Request, channel_id: str) -> Payload:
        if self._channel(request, channel_id)["type"] == FORUM:
            return self.open(channel_id, request.body, self._bot, request.body["message"])
        return self._begin(channel_id, snowflake(), request.body)

    def _from_message(self, request: Request, channel_id: str, message_id: str) -> Payload:
        self._messages.find(message_id)
        if message_id in self._channels:
            raise Refused(160004)
        return self._begin(channel_id, message_id, request.body)

    def _begin(self, parent_id: str, thread_id: str, body: Payload) -> Payload:
        moment = datetime.now(UTC).isoformat()
        state = {"archived": False, "locked": False, "archive_timestamp": moment, "create_timestamp": moment}
        thread: Payload = {
            "id": thread_id, "type": THREAD, "guild_id": GUILD_ID, "parent_id": parent_id, "name": body["name"],
            "owner_id": APPLICATION_ID, "applied_tags": body.get("applied_tags", []), "message_count": 0,
            "member_count": 1, "rate_limit_per_user": 0, "flags": 0,
            "thread_metadata": state | {"auto_archive_duration": body.get("auto_archive_duration", 1440)},
        }  # fmt: skip
        self._channels[thread_id] = thread
        self._gateway.dispatch("THREAD_CREATE", thread | {"newly_created": True})
        return thread

    def _archived(self, request: Request, channel_id: str) -> Payload:
        return self._found(archived=True, parent_id=channel_id) | {"has_more": False}

    def _found(self, *, archived: bool, parent_id: str = "") -> Payload:
        threads = (channel for channel in self._channels.values() if channel["type"] == THREAD)
        here = (thread for thread in threads if parent_id in ("", thread["parent_id"]))
        return {"threads": [t for t in here if t["thread_metadata"]["archived"] is archived], "members": []}
