"""Interactions of the fake Discord: what people did, and how the bot answered."""

import asyncio
from dataclasses import dataclass, field

from tests.wire.messages import Messages
from tests.wire.payloads import EPHEMERAL, Payload
from tests.wire.requests import Refused, Request, Route

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5  # what a person did: types of interactions
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL = 4, 5, 6, 7, 9  # what the bot answered: types of callbacks


@dataclass
class Interaction:
    """Something a person did, and the bot's answer: bodies as posted, and the message that shows it now."""

    payload: Payload
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    callback: Payload = field(default_factory=dict)
    message: Payload = field(default_factory=dict)


class Interactions:
    """Interactions by their token, which is what the bot answers with."""

    def __init__(self, messages: Messages, bot: Payload) -> None:
        self.all: dict[str, Interaction] = {}
        self._messages, self._bot = messages, bot

    def routes(self) -> list[Route]:
        """What the bot may ask for; `follow_up` has the path of webhooks."""
        original = "/webhooks/{application_id}/{token}/messages/@original"
        return [
            ("POST", "/interactions/{interaction_id}/{token}/callback", self._answer),
            ("GET", original, lambda _, application_id, token: self._original(token).message),
            ("PATCH", original, self._edit_original),
            ("DELETE", original, self._delete_original),
        ]

    def follow_up(self, request: Request, token: str) -> Payload:
        """A further message; the first one after a deferral takes the place of "is thinking…", and its privacy."""
        interaction = self._find(token)
        body = request.body
        if not interaction.message and interaction.callback["type"] == DEFER:
            body = body | {"flags": body.get("flags", 0) | _flags(interaction.callback) & EPHEMERAL}
        message = self._messages.post(interaction.payload["channel_id"], self._bot, body)
        interaction.message = interaction.message or message
        return message

    def _find(self, token: str) -> Interaction:
        if token not in self.all:
            raise Refused(10062)
        return self.all[token]

    def _answer(self, request: Request, interaction_id: str, token: str) -> Payload:
        """The callback; the client insists on a body that tells what came of it."""
        interaction, body = self._find(token), request.body
        if interaction.callback:
            raise Refused(40060)
        kind, data, asked = body["type"], body.get("data") or {}, interaction.payload
        if kind == MESSAGE:
            interaction.message = self._messages.post(asked["channel_id"], self._bot, data)
        elif kind == UPDATE:
            interaction.message = self._messages.edit(asked["message"]["id"], data)
        elif kind == DEFER_UPDATE:
            interaction.message = asked["message"]
        interaction.callback = body
        interaction.answered.set()
        resource = {"type": kind} | ({"message": interaction.message} if interaction.message else {})
        return {"interaction": {"id": interaction_id, "type": asked["type"]}, "resource": resource}

    def _original(self, token: str) -> Interaction:
        interaction = self._find(token)
        if not interaction.message:
            raise Refused(10008)
        return interaction

    def _edit_original(self, request: Request, application_id: str, token: str) -> Payload:
        """What shows the answer is changed; after a deferral that is how it is said at all."""
        interaction = self._find(token)
        if not interaction.message:
            return self.follow_up(request, token)
        interaction.message = self._messages.edit(interaction.message["id"], request.body)
        return interaction.message

    def _delete_original(self, request: Request, application_id: str, token: str) -> None:
        self._messages.delete(self._original(token).message["id"], tell=False)


def _flags(callback: Payload) -> int:
    return int((callback.get("data") or {}).get("flags") or 0)
