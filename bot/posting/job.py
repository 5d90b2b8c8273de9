"""A row of the outbox as it is worked on, and how that can end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.events.page import EventCard


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed row, without its session; `detail` is JSON, read; no message can be older than `first_tried_at`."""

    id: int
    guild_id: int
    channel_id: int
    kind: str
    object_id: int
    user_id: int | None
    detail: dict[str, Any]
    locale: str
    dedupe_key: str
    nonce: int
    attempts: int
    first_tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """How a job ended: `sent` with the message's id, or `gone` when there was nothing left to say.

    `channel_id` is where the message is, `thread_id` where it is discussed, `webhook_id` who posted it if not the
    bot itself, `shown` the event that its card shows, `trouble` what moderators should know of: see `webhooks`.
    """

    outcome: str
    message_id: int | None = None
    channel_id: int | None = None
    error: str | None = None
    shown: EventCard | None = None
    webhook_id: int | None = None
    thread_id: int | None = None
    trouble: str | None = None


GONE = Done("gone")


class Later(Exception):
    """It is the member's night: the job is for `due_at`, aware UTC."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(f"not before {due_at:%Y-%m-%d %H:%M} UTC")
        self.due_at = due_at
