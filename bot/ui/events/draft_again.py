"""Making an event from another: a new draft with everything but the time, and templates."""

import re

import discord

from bot.events.draft_start import Start, begin
from bot.events.templates import LONGEST_NAME, save_template
from bot.texts import Texts
from bot.ui.card import note
from bot.ui.events.draft_card import EventForm
from bot.ui.press import Form, Interaction, Press, guild_of, member_of, reader_texts, reply
from bot.ui.text import line


async def open_form(interaction: Interaction, start: Start) -> int:
    """Open the form of a new draft that begins so; returns the draft's id, 0 where there is none yet."""
    bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
    filled = await begin(bot.database, bot.index, guild_id, member, start, bot.now())
    await interaction.response.send_modal(EventForm(reader_texts(interaction), filled))
    return filled.draft_id


async def keep_template(interaction: Interaction, event_id: int, name: str) -> None:
    """Keep an event's settings under a name, and say so."""
    bot, t = interaction.client, reader_texts(interaction)
    kept = await save_template(bot.database, guild_of(interaction), member_of(interaction), event_id, name, bot.now())
    text = t("Kept as **{name}**. `/event template use` makes an event from it.", name=line(kept.name, LONGEST_NAME))
    await reply(interaction, note(text))


class DuplicatePress(Press, template=r"event-duplicate:(?P<event>\d{1,18})"):
    """A new draft like an event, whose time is yet to be typed."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "DuplicatePress":
        """A button of the Manage panel."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-duplicate:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        await open_form(interaction, Start(like_event_id=int(self.match["event"])))


class SaveTemplatePress(Press, template=r"event-template:(?P<event>\d{1,18})"):
    """Keep an event's settings under a name, to be typed."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "SaveTemplatePress":
        """A button of the Manage panel."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-template:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(TemplateForm(reader_texts(interaction), int(self.match["event"])))


class TemplateForm(Form, template=r"event-template-form:(?P<event>\d{1,18})"):
    """The name of a template."""

    def __init__(self, t: Texts, event_id: int) -> None:
        super().__init__(f"event-template-form:{event_id}", t("Save as a template"))
        name = discord.ui.TextInput[TemplateForm](custom_id="name", max_length=LONGEST_NAME)
        explained = t("Everything but the time and the picture is kept; a template of that name is replaced")
        self.add_item(discord.ui.Label(text=t("Name"), component=name, description=explained))

    @classmethod
    async def submitted(cls, interaction: Interaction, match: re.Match[str], values: dict[str, str]) -> None:
        await keep_template(interaction, int(match["event"]), values.get("name", ""))
