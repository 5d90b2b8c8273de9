"""What members wrote to an event's organiser, for those who run it, a page at a time."""

from collections.abc import Sequence

import discord

from bot.events.corrections import Organising
from bot.events.panel import Note, notes
from bot.events.rsvp import Standing
from bot.texts import Texts
from bot.ui.card import Item, card, note, rows
from bot.ui.pages import one_page, page_count, page_line, turn_buttons
from bot.ui.press import Interaction, Press, guild_of, member_of, reader_texts, replace, reply
from bot.ui.text import cut, line, plain

A_PAGE = 5
LONGEST_NAME, LONGEST_NOTE = 32, 300


def notes_view(event_id: int, title: str, written: Sequence[Note], number: int, t: Texts) -> discord.ui.LayoutView:
    """A page of the notes; pages count from 0."""
    if not written:
        return note(t("Nobody wrote a note to the organiser."))
    shown, number = one_page(written, number, A_PAGE)
    pages = page_count(written, A_PAGE)
    head = "### " + t("Notes about {title}", title=line(title, 100))
    small = page_line(number, pages, t)

    def button(page: int, label: str) -> Item:
        return NotesPress.to(event_id, label, page, turn=True)

    return card(
        head,
        "\n".join(_text(one, t) for one in shown),
        f"-# {small}" if small else None,
        *rows(turn_buttons(button, number, pages, t)),
    )


def _text(written: Note, t: Texts) -> str:
    standing = {
        Standing.GOING: t("going"),
        Standing.OFFERED: t("is offered a seat"),
        Standing.WAITING: t("waiting"),
        Standing.MAYBE: t("maybe"),
        Standing.NO: t("can't go"),
    }[written.standing]
    return f"**{line(written.name, LONGEST_NAME)}** · {standing}\n{plain(cut(written.text, LONGEST_NOTE))}"


class NotesPress(Press, template=r"event-notes:(?P<event>\d{1,18}):(?P<page>\d{1,4})(?P<turn>:turn)?"):
    """Opens the notes, or turns a page of them."""

    @classmethod
    def to(cls, event_id: int, label: str, page: int = 0, *, turn: bool = False) -> "NotesPress":
        """A button of the organiser's panel, or of the notes themselves."""
        custom_id = f"event-notes:{event_id}:{page}" + ":turn" * turn
        return cls(discord.ui.Button(label=label, custom_id=custom_id))

    async def pressed(self, interaction: Interaction) -> None:
        bot, event_id = interaction.client, int(self.match["event"])
        by = Organising(guild_of(interaction), event_id, member_of(interaction), bot.now())
        title, written = await notes(bot.database, by)
        view = notes_view(event_id, title, written, int(self.match["page"]), reader_texts(interaction))
        await (replace if self.match["turn"] else reply)(interaction, view)
