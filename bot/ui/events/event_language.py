"""An event's text in the other language, privately."""

import discord

from bot.events.page import EventCard
from bot.texts import Texts
from bot.ui.card import MOST_CHARACTERS, card, rows
from bot.ui.events.event_text import fitted
from bot.ui.events.event_words import language_name
from bot.ui.press import Interaction, Press, guild_of, reader_texts, replace, reply
from bot.ui.text import line, stamp


def event_text_in(event: EventCard, language: str, t: Texts) -> discord.ui.LayoutView:
    """Title and description in the `first` or the `second` language, with a button to the other."""
    second = event.second if language == "second" else None
    title = second.title if second and second.title else event.title
    description = second.description if second else event.description
    head = f"### {line(title, 100)}\n{stamp(event.starts_at)}"
    return card(
        head,
        fitted(description, MOST_CHARACTERS - len(head)),
        *rows(_other(event, language)),
    )


def _other(event: EventCard, language: str) -> list["LanguagePress"]:
    if event.second is None:
        return []
    if language == "first":
        return [LanguagePress.to(event.id, language_name(event.second.language), "second")]
    return [LanguagePress.to(event.id, language_name(event.locale), "first")]


class LanguagePress(Press, template=r"event-language:(?P<event>\d{1,18})(?::(?P<language>first|second))?"):
    """The second language's text; on the private message itself, the other one's."""

    @classmethod
    def to(cls, event_id: int, label: str, language: str | None = None) -> "LanguagePress":
        """A button to a language, named as that; without one it opens the second in a message of its own."""
        at = "" if language is None else f":{language}"
        return cls(discord.ui.Button(label=label[:80], custom_id=f"event-language:{event_id}{at}"))

    async def pressed(self, interaction: Interaction) -> None:
        t, language = reader_texts(interaction), self.match["language"]
        event = await interaction.client.events.card(guild_of(interaction), int(self.match["event"]))
        view = event_text_in(event, language or "second", t)
        await (reply(interaction, view) if language is None else replace(interaction, view))
