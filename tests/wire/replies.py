"""What the bot may answer to an interaction: one callback within three seconds, then edits and follow-ups."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from tests.wire.messages import Messages, Refusal, Request
from tests.wire.payloads import APPLICATION_ID, EPHEMERAL, LOADING, Payload

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9  # types of callbacks
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5  # types of interactions


@dataclass
class Interaction:
    """Something a person did, and what the bot answered: bodies as posted, and `original` as it now stands."""

    payload: Payload
    sent: float = field(default_factory=time.monotonic)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    callback: Payload = field(default_factory=dict)
    original: Payload = field(default_factory=dict)  # the first reply, or the message whose button was pressed
    followups: list[Payload] = field(default_factory=list)
    edits: list[Payload] = field(default_factory=list)


class Replies:
    """All interactions by token, and the modals that stand open by custom id, each with what opened it."""

    def __init__(self, messages: Messages, bot: Payload) -> None:
        self.reply_seconds = 3.0
        self.interactions: dict[str, Interaction] = {}
        self.modals: dict[str, tuple[Payload, Interaction]] = {}
        self._messages, self._bot = messages, bot

    def first(self, request: Request, interaction_id: str, token: str) -> Payload | None:
        """The callback; the body of the answer is left out unless `with_response` asks for it."""
        interaction = self.interactions.get(token)
        if interaction is None or time.monotonic() - interaction.sent > self.reply_seconds:
            raise Refusal(404, 10062, "Unknown interaction")
        if interaction.callback:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        kind = request.body["type"]
        self._apply(interaction, kind, request.body.get("data") or {}, request.files)
        interaction.callback = request.body
        interaction.answered.set()
        if not request.query.get("with_response"):
            return None
        about, original = {"id": interaction_id, "type": interaction.payload["type"]}, interaction.original
        if original:
            about["response_message_id"] = original["id"]
            about["response_message_loading"] = bool(original["flags"] & LOADING)
            about["response_message_ephemeral"] = bool(original["flags"] & EPHEMERAL)
        shown = {"message": original} if kind in (MESSAGE, UPDATE) else {}
        return {"interaction": about, "resource": {"type": kind, **shown}}

    def _apply(self, interaction: Interaction, kind: int, data: Payload, files: dict[str, bytes]) -> None:
        asked, carrier = interaction.payload["type"], interaction.payload.get("message")
        no_message = kind in (DEFER_UPDATE, UPDATE) and not carrier
        modal_on_modal = kind == MODAL and asked == MODAL_SUBMIT
        if no_message or modal_on_modal or (kind == CHOICES) != (asked == AUTOCOMPLETE):
            raise Refusal(400, 50035, "Invalid Form Body")
        if kind in (MESSAGE, DEFER):
            flags = (data.get("flags") or 0) | (LOADING if kind == DEFER else 0)
            interaction.original = self._post(interaction, Request("POST", "", data, files), flags=flags)
        elif kind == MODAL:
            self.modals[data["custom_id"]] = data, interaction
        elif carrier:
            interaction.original = self._messages.get(carrier["id"])
            if kind == UPDATE:
                self._messages.edit(interaction.original, data, files)

    def follow_up(self, request: Request, app_id: str, token: str) -> Payload:
        """A further message; the first one after a deferral takes the place of the placeholder."""
        interaction = self._answered(token)
        interaction.followups.append(request.body)
        if interaction.original.get("flags", 0) & LOADING:
            return self._messages.edit(interaction.original, request.body, request.files)
        return self._post(interaction, request)

    def get(self, request: Request, app_id: str, token: str, message_id: str) -> Payload:
        """A reply; `@original` is the first one."""
        original = self._answered(token).original
        return self._messages.get(original.get("id", "") if message_id == "@original" else message_id)

    def edit(self, request: Request, app_id: str, token: str, message_id: str) -> Payload:
        """Change a reply."""
        message, interaction = self.get(request, app_id, token, message_id), self._answered(token)
        if message is interaction.original:
            interaction.edits.append(request.body)
        return self._messages.edit(message, request.body, request.files)

    def delete(self, request: Request, app_id: str, token: str, message_id: str) -> None:
        """Take a reply away."""
        self._messages.delete(self.get(request, app_id, token, message_id))

    def _answered(self, token: str) -> Interaction:
        interaction = self.interactions.get(token)
        if interaction is None or not interaction.callback:
            raise Refusal(404, 10015, "Unknown Webhook")
        return interaction

    def _post(self, interaction: Interaction, request: Request, **more: Any) -> Payload:
        # Replies travel as messages of a webhook that the application owns.
        sender = {"webhook_id": APPLICATION_ID, "application_id": APPLICATION_ID}
        return self._messages.post(interaction.payload["channel_id"], self._bot, request, **sender, **more)
