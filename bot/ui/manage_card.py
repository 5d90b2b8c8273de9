"""The private panel with which an event's host and moderators run it, its forms, and the button that opens it."""

import re
from collections.abc import Mapping
from dataclasses import replace as with_other

import discord

from bot.corrections import Organising, keep_typed, kept_typed
from bot.days import spoken
from bot.errors import BadInput
from bot.event_changes import Closed
from bot.event_edits import Filled, apply_form, hide_roster
from bot.event_panel import Panel, panel
from bot.texts import Texts
from bot.ui.card import AMBER, BLUE, GREY, Item, card, rows
from bot.ui.change_fields import FORMS, filled, form_fields, form_title
from bot.ui.check_in import AttendeesPress, CheckInCodePress, ExportPress
from bot.ui.draft_again import DuplicatePress, SaveTemplatePress
from bot.ui.event_notes import NotesPress
from bot.ui.panel_text import panel_text, what_was_done
from bot.ui.press import Form, Interaction, Press, guild_of, member_of, reader_texts, replace, reply
from bot.ui.sharing import share_card
from bot.when import AmbiguousDate


def organising(interaction: Interaction, event_id: int) -> Organising:
    """The person who acts, on an event of this server, now."""
    return Organising(guild_of(interaction), event_id, member_of(interaction), interaction.client.now())


def manage_view(shown: Panel, t: Texts, saved: str = "") -> discord.ui.LayoutView:
    """The panel; `saved` says what has just been done."""
    return card(*panel_text(shown, t, saved), *_rows(shown, t), colour=GREY if shown.closed else BLUE)


def _rows(shown: Panel, t: Texts) -> list[Item]:
    """The buttons, two or three to a row, which a phone shows on one line."""
    event_id, off = shown.card.id, shown.closed
    names = ("names", t("Show names")) if shown.roster_hidden else ("hide", t("Hide names"))
    groups: list[list[Item]] = [
        [
            ChangePress.to(event_id, "edit", t("Edit"), off, discord.ButtonStyle.primary),
            ChangePress.to(event_id, "seats", t("Seats"), off),
            ChangePress.to(event_id, "answers", t("Answers"), off),
        ],
        [AttendeesPress.to(event_id, t("Attendees")), NotesPress.to(event_id, t("Notes ({n})", n=shown.notes))],
        [
            CheckInCodePress.to(event_id, t("Check-in")),
            ExportPress.to(event_id, t("Export")),
            DuplicatePress.to(event_id, t("Duplicate")),
        ],
        [SaveTemplatePress.to(event_id, t("Template")), ChangePress.to(event_id, "share", t("Share here"), off)],
        [
            ChangePress.to(event_id, *names, off or shown.names_never_shown),
            ChangePress.to(event_id, "cancel", t("Cancel event"), off, discord.ButtonStyle.danger),
        ],
    ]
    return [row for group in groups for row in rows(group)]


def correct_view(problem: BadInput, by: Organising, form: str, kept: Filled, t: Texts) -> discord.ui.LayoutView:
    """Says what was wrong in a form; the buttons open it again with all that was typed, or settle a date."""
    buttons: list[Press] = []
    if isinstance(problem, AmbiguousDate):
        for number, reading in enumerate(problem.readings):
            buttons.append(ReadingPress.to(by.event_id, form, kept, number, spoken(reading)))
    buttons.append(CorrectPress.to(by.event_id, form, kept.draft_id, t("Correct it")))
    small = t("Nothing you typed is lost, and nothing is changed yet.")
    return card(f"{problem.say(t)}\n-# {small}", *rows(buttons), colour=AMBER)


async def open_form(interaction: Interaction, event_id: int, form: str, draft_id: int = 0) -> None:
    """Show a form, filled with the event as it is, or with what was typed before and kept as a draft.

    Raises NotFound, NotAllowed, Closed.
    """
    bot, by = interaction.client, organising(interaction, event_id)
    shown = await panel(bot.database, by, to_change=True)
    values = await kept_typed(bot.database, by, draft_id) if draft_id else filled(form, shown.card)
    custom_id = f"event-changing:{event_id}:{form}:{shown.sequence}:{draft_id}"
    await interaction.response.send_modal(ChangeForm(custom_id, form, values, reader_texts(interaction)))


class ChangeForm(
    Form,
    template=r"event-changing:(?P<event>\d{1,18}):(?P<form>edit|seats|answers|cancel):(?P<sequence>\d{1,9}):"
    r"(?P<draft>\d{1,18})",
):
    """A form about an event, by the sequence of the event that it shows and the draft that it was filled from."""

    def __init__(self, custom_id: str, form: str, values: Mapping[str, str], t: Texts) -> None:
        super().__init__(custom_id, form_title(form, t))
        for field in form_fields(form, t):
            value = values.get(field.key, "")[: field.longest]
            style = discord.TextStyle.paragraph if field.long else discord.TextStyle.short
            box = discord.ui.TextInput[ChangeForm](
                custom_id=field.key,
                style=style,
                default=value or None,
                required=field.required,
                max_length=field.longest,
            )
            self.add_item(discord.ui.Label(text=field.label, component=box, description=field.explained))

    @classmethod
    async def submitted(cls, interaction: Interaction, match: re.Match[str], values: dict[str, str]) -> None:
        by = organising(interaction, int(match["event"]))
        await _send(interaction, by, match["form"], Filled(values, int(match["sequence"]), int(match["draft"])))


async def _send(interaction: Interaction, by: Organising, form: str, sent: Filled) -> None:
    """Apply a form and show the panel, or what was wrong."""
    bot, t = interaction.client, reader_texts(interaction)
    try:
        changed = await apply_form(bot.database, by, form, sent, bot.recogniser)
    except Closed:
        raise  # nothing that could be typed would help
    except BadInput as problem:
        kept = with_other(sent, draft_id=await keep_typed(bot.database, by, sent.typed, sent.draft_id))
        view = correct_view(problem, by, form, kept, t)
    else:
        bot.wake()
        view = manage_view(await panel(bot.database, by), t, what_was_done(changed, t))
    # A form that was opened from a private message brings that one up to date.
    await (reply if interaction.message is None else replace)(interaction, view)


class ManagePress(Press, template=r"event-manage:(?P<event>\d{1,18})"):
    """Opens the panel, for those who may."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "ManagePress":
        """A button of the card."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-manage:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        shown = await panel(interaction.client.database, organising(interaction, int(self.match["event"])))
        await reply(interaction, manage_view(shown, reader_texts(interaction)))


class ChangePress(
    Press, template=r"event-change:(?P<event>\d{1,18}):(?P<deed>edit|seats|answers|cancel|hide|names|share)"
):
    """Opens a form of the panel, hides or shows the names on the card, or shares it in this channel."""

    @classmethod
    def to(
        cls,
        event_id: int,
        deed: str,
        label: str,
        off: bool,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> "ChangePress":
        """A button of the panel."""
        custom_id = f"event-change:{event_id}:{deed}"
        return cls(discord.ui.Button(label=label, style=style, custom_id=custom_id, disabled=off))

    async def pressed(self, interaction: Interaction) -> None:
        bot, event_id, deed = interaction.client, int(self.match["event"]), self.match["deed"]
        if deed in FORMS:
            await open_form(interaction, event_id, deed)
        elif deed == "share":
            await share_card(interaction, event_id, interaction.channel_id)
        else:
            t, by = reader_texts(interaction), organising(interaction, event_id)
            changed = await hide_roster(bot.database, by, deed == "hide")
            bot.wake()
            await replace(interaction, manage_view(await panel(bot.database, by), t, what_was_done(changed, t)))


class ReadingPress(
    Press,
    template=r"event-reading:(?P<event>\d{1,18}):(?P<form>edit|answers):(?P<draft>\d{1,18}):(?P<sequence>\d{1,9}):"
    r"(?P<reading>[01])",
):
    """Takes one of the two readings of an ambiguous date in what was typed."""

    @classmethod
    def to(cls, event_id: int, form: str, kept: Filled, reading: int, label: str) -> "ReadingPress":
        """The button of one reading, below what was wrong."""
        custom_id = f"event-reading:{event_id}:{form}:{kept.draft_id}:{kept.sequence}:{reading}"
        return cls(discord.ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=custom_id))

    async def pressed(self, interaction: Interaction) -> None:
        bot, by, form = interaction.client, organising(interaction, int(self.match["event"])), self.match["form"]
        draft_id = int(self.match["draft"])
        typed = await kept_typed(bot.database, by, draft_id)
        sent = Filled(typed, int(self.match["sequence"]), draft_id, int(self.match["reading"]))
        await _send(interaction, by, form, sent)


class CorrectPress(
    Press, template=r"event-correct:(?P<event>\d{1,18}):(?P<form>edit|seats|answers|cancel):(?P<draft>\d{1,18})"
):
    """Opens a form again with what was typed into it."""

    @classmethod
    def to(cls, event_id: int, form: str, draft_id: int, label: str) -> "CorrectPress":
        """The button below what was wrong."""
        custom_id = f"event-correct:{event_id}:{form}:{draft_id}"
        return cls(discord.ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=custom_id))

    async def pressed(self, interaction: Interaction) -> None:
        await open_form(interaction, int(self.match["event"]), self.match["form"], int(self.match["draft"]))
