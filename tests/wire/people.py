"""What a person does in a Discord client, and the interaction that it becomes."""

import asyncio
from collections.abc import Mapping
from typing import Any

from tests.wire import payloads
from tests.wire.discord_server import DiscordServer
from tests.wire.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.wire.messages import parts
from tests.wire.payloads import APPLICATION_ID, Payload


class Person:
    """A member of the guild, who acts in its first channel or on a message; `more` as for `payloads.member`."""

    def __init__(self, discord: DiscordServer, name: str, user_id: int, **more: Any) -> None:
        self.member = payloads.member(name, user_id, **more)
        self._discord = discord

    async def slash(self, name: str, options: Mapping[str, Any] | None = None) -> Interaction:
        """Use a command by its full name ("city view"); options are texts, numbers, yes or no, payloads of channels."""
        return await self._act(COMMAND, self._command(name, options or {}))

    async def choices(self, name: str, option: str, text: str) -> list[Payload]:
        """Type into an option, and read what autocomplete offers."""
        answer = await self._act(AUTOCOMPLETE, self._command(name, {option: text}, focused=option))
        return list(answer.callback["data"]["choices"])

    async def press(self, message: Payload, label: str) -> Interaction:
        """Press the button with this label."""
        (button,) = (part for part in parts(message["components"]) if part.get("label") == label)
        return await self._act(COMPONENT, {"custom_id": button["custom_id"], "component_type": 2}, message)

    async def submit(self, opened: Interaction, values: Mapping[str, str]) -> Interaction:
        """Fill in the form that the bot opened, and send it; of its labels nothing is sent."""
        form = opened.callback["data"]
        keys = [row["component"]["custom_id"] for row in form["components"]]
        fields = [{"type": 4, "custom_id": key, "value": values.get(key, "")} for key in keys]
        rows = [{"type": 18, "component": field} for field in fields]
        sent = {"custom_id": form["custom_id"], "components": rows}
        return await self._act(MODAL_SUBMIT, sent, opened.payload.get("message"))

    async def say(self, channel: Payload, text: str) -> None:
        """Write into a channel; without a privileged intent the bot reads only what mentions it."""
        heard = text if f"<@{APPLICATION_ID}>" in text else ""
        self._discord.written.post(channel["id"], self.member, {"content": heard})
        await self._discord.gateway.flush()

    async def _act(self, kind: int, data: Payload, message: Payload | None = None) -> Interaction:
        channels = self._discord.channels
        channel = channels[message["channel_id"]] if message else next(iter(channels.values()))
        interaction = Interaction(payloads.interaction(kind, data, self.member, channel, message))
        self._discord.interactions.all[interaction.payload["token"]] = interaction
        self._discord.gateway.dispatch("INTERACTION_CREATE", interaction.payload)
        await self._discord.gateway.flush()
        async with asyncio.timeout(3):  # then Discord tells the person that the bot did not respond
            await interaction.answered.wait()
        return interaction

    def _command(self, name: str, values: Mapping[str, Any], focused: str = "") -> Payload:
        root, *below = name.split()
        (command_id,) = (command["id"] for command in self._discord.commands if command["name"] == root)
        chosen = {value["id"]: value | {"permissions": "0"} for value in values.values() if isinstance(value, dict)}
        options: list[Payload] = [_option(key, value) | {"focused": key == focused} for key, value in values.items()]
        for step in reversed(below):
            options = [{"name": step, "type": 1, "options": options}]
        return {"id": command_id, "name": root, "type": 1, "options": options, "resolved": {"channels": chosen}}


def _option(name: str, value: Any) -> Payload:
    if isinstance(value, dict):
        return {"name": name, "type": 7, "value": value["id"]}
    return {"name": name, "type": {str: 3, int: 4, bool: 5}[type(value)], "value": value}


def words(message: Payload) -> str:
    """All text of a message and its buttons, one piece a line."""
    pieces = (part.get("content") or part.get("label") for part in parts(message["components"]))
    return "\n".join(piece for piece in (message["content"], *pieces) if piece)
