"""Webhooks of the fake Discord: under them the bot posts with the name of a source."""

import re
from typing import Any

from tests.wire.messages import Messages
from tests.wire.payloads import APPLICATION_ID, GUILD_ID, Payload, snowflake
from tests.wire.requests import Refused, Request, Route
from tests.wire.threads import Threads

FORBIDDEN_NAMES = re.compile("discord|clyde", re.IGNORECASE)


class Webhooks:
    """Webhooks by their id, all made by the bot; who knows the token of one may post under it."""

    def __init__(self, messages: Messages, threads: Threads, bot: Payload) -> None:
        self.all: dict[str, Payload] = {}
        self._messages, self._threads, self._bot = messages, threads, bot

    def routes(self) -> list[Route]:
        """What the bot may ask for; to post is `execute`, for follow-ups to interactions have the same path."""
        one = "/webhooks/{webhook_id}/{token}/messages/{message_id}"
        return [
            ("GET", "/channels/{channel_id}/webhooks", self._of_channel),
            ("POST", "/channels/{channel_id}/webhooks", self._create),
            ("GET", "/webhooks/{webhook_id}", lambda _, webhook_id: self._find(webhook_id)),
            ("GET", one, lambda _, webhook_id, token, message_id: self._posted(webhook_id, token, message_id)),
            ("PATCH", one, self._edit),
        ]

    def execute(self, request: Request, webhook_id: str, token: str) -> Payload:
        """Post under the webhook's name or the one that comes with the message; in a forum, as a thread of its own."""
        webhook = self._find(webhook_id, token)
        name = request.body.get("username") or webhook["name"]
        if FORBIDDEN_NAMES.search(name) or not 1 <= len(name) <= 80:
            raise Refused(50035)
        user = {"id": webhook_id, "username": name, "avatar": None, "discriminator": "0000", "bot": True}
        author: Payload = {"user": user, "joined_at": None, "roles": [], "flags": 0}
        body, channel_id = request.body, str(request.query.get("thread_id", webhook["channel_id"]))
        if "thread_name" in body:
            about = body | {"name": body["thread_name"]}
            message: Payload = self._threads.open(channel_id, about, author, body, webhook_id=webhook_id)["message"]
            return message
        return self._messages.post(channel_id, author, body, webhook_id=webhook_id)

    def _find(self, webhook_id: str, token: str | None = None) -> Payload:
        webhook = self.all.get(webhook_id)
        if webhook is None or token not in (None, webhook["token"]):
            raise Refused(10015)
        return webhook

    def _of_channel(self, request: Request, channel_id: str) -> list[Payload]:
        return [webhook for webhook in self.all.values() if webhook["channel_id"] == channel_id]

    def _create(self, request: Request, channel_id: str) -> Payload:
        if FORBIDDEN_NAMES.search(request.body["name"]):
            raise Refused(50035)
        webhook_id = snowflake()
        self.all[webhook_id] = {
            "id": webhook_id, "type": 1, "guild_id": GUILD_ID, "channel_id": channel_id, "name": request.body["name"],
            "avatar": None, "token": f"webhook-{webhook_id}", "application_id": APPLICATION_ID,
            "user": self._bot["user"],
        }  # fmt: skip
        return self.all[webhook_id]

    def _posted(self, webhook_id: str, token: str, message_id: str) -> Payload:
        self._find(webhook_id, token)
        message = self._messages.find(message_id)
        if message.get("webhook_id") != webhook_id:
            raise Refused(10008)
        return message

    def _edit(self, request: Request, **ids: Any) -> Payload:
        return self._messages.edit(self._posted(**ids)["id"], request.body)
