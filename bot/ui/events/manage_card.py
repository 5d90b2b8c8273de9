"""The private panel with which an event's host and moderators run it, its forms, and the button that opens it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace as with_other
from functools import partial

import discord

from bot.dates.days import spoken
from bot.dates.when import AmbiguousDate
from bot.errors import BadInput
from bot.events.changes import Closed
from bot.events.corrections import Organising, keep_typed, kept_typed
from bot.events.edits import Filled, apply_form, hide_roster, seen_number
from bot.events.more import more
from bot.events.panel import Panel, panel
from bot.texts import Texts
from bot.ui.card import AMBER, BLUE, GREY, Item, card, rows
from bot.ui.events.change_fields import FORMS, Field, filled, form_fields, form_title
from bot.ui.events.change_press import ChangePress, organising
from bot.ui.events.check_in import AttendeesPress, CheckInCodePress, ExportPress
from bot.ui.events.draft_again import DuplicatePress, SaveTemplatePress
from bot.ui.events.event_notes import NotesPress
from bot.ui.events.more_page import more_view
from bot.ui.events.panel_text import panel_text, what_was_done
from bot.ui.events.sharing import share_card
from bot.ui.press import Form, Interaction, Press, reader_texts, replace, reply


def manage_view(shown: Panel, t: Texts, saved: str = "") -> discord.ui.LayoutView:
    """The panel; `saved` says what has just been done."""
    return card(*panel_text(shown, t, saved), *_rows(shown, t), colour=GREY if shown.closed else BLUE)


def _rows(shown: Panel, t: Texts) -> list[Item]:
    """The buttons, two or three to a row, which a phone shows on one line."""
    event_id, off = shown.card.id, shown.closed
    names = ("names", t("Show names")) if shown.roster_hidden else ("hide", t("Hide names"))
    groups: list[list[Item]] = [
        [
            ChangePress.to(event_id, "edit", t("Edit"), discord.ButtonStyle.primary, off=off),
            ChangePress.to(event_id, "seats", t("Seats"), off=off),
            ChangePress.to(event_id, "answers", t("Answers"), off=off),
        ],
        [AttendeesPress.to(event_id, t("Attendees")), NotesPress.to(event_id, t("Notes ({n})", n=shown.notes))],
        [
            CheckInCodePress.to(event_id, t("Check-in")),
            ExportPress.to(event_id, t("Export")),
            ChangePress.to(event_id, "share", t("Share here"), off=off),
        ],
        [
            DuplicatePress.to(event_id, t("Duplicate")),
            SaveTemplatePress.to(event_id, t("Template")),
            ChangePress.to(event_id, "more", t("More…"), off=off),
        ],
        [
            ChangePress.to(event_id, *names, off=off or shown.names_never_shown),
            ChangePress.to(event_id, "cancel", t("Cancel event"), discord.ButtonStyle.danger, off=off),
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
    seen = seen_number(shown.card) if form == "edit" else 0
    custom_id = f"event-changing:{event_id}:{form}:{seen}:{draft_id}"
    fields = form_fields(form, reader_texts(interaction), shown.card.timezone)
    await interaction.response.send_modal(ChangeForm(custom_id, form, fields, values, reader_texts(interaction)))


class ChangeForm(
    Form,
    template=r"event-changing:(?P<event>\d{1,18}):(?P<form>edit|seats|answers|language|cancel):(?P<seen>\d{1,9}):"
    r"(?P<draft>\d{1,18})",
):
    """A form about an event, by a number for what it shows of it and the draft that it was filled from."""

    def __init__(self, custom_id: str, form: str, fields: Sequence[Field], values: Mapping[str, str], t: Texts) -> None:
        super().__init__(custom_id, form_title(form, t))
        for field in fields:
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
        sent = Filled(values, int(match["seen"]), int(match["draft"]), locale=str(interaction.locale))
        await _send(interaction, by, match["form"], sent)


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
        if form == "language":
            view = more_view(await more(bot.database, by), t)
        else:
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


for _form in FORMS:
    ChangePress.does(_form)(partial(open_form, form=_form))


@ChangePress.does("panel")
async def _show_panel(interaction: Interaction, event_id: int) -> None:
    shown = await panel(interaction.client.database, organising(interaction, event_id))
    await replace(interaction, manage_view(shown, reader_texts(interaction)))


@ChangePress.does("share")
async def _share(interaction: Interaction, event_id: int) -> None:
    await share_card(interaction, event_id, interaction.channel_id)


@ChangePress.does("hide")
async def _hide_names(interaction: Interaction, event_id: int) -> None:
    await _turn_names(interaction, event_id, hidden=True)


@ChangePress.does("names")
async def _show_names(interaction: Interaction, event_id: int) -> None:
    await _turn_names(interaction, event_id, hidden=False)


async def _turn_names(interaction: Interaction, event_id: int, *, hidden: bool) -> None:
    bot, t, by = interaction.client, reader_texts(interaction), organising(interaction, event_id)
    changed = await hide_roster(bot.database, by, hidden)
    bot.wake()
    await replace(interaction, manage_view(await panel(bot.database, by), t, what_was_done(changed, t)))


class ReadingPress(
    Press,
    template=r"event-reading:(?P<event>\d{1,18}):(?P<form>edit|answers):(?P<draft>\d{1,18}):(?P<seen>\d{1,9}):"
    r"(?P<reading>[01])",
):
    """Takes one of the two readings of an ambiguous date in what was typed."""

    @classmethod
    def to(cls, event_id: int, form: str, kept: Filled, reading: int, label: str) -> "ReadingPress":
        """The button of one reading, below what was wrong."""
        custom_id = f"event-reading:{event_id}:{form}:{kept.draft_id}:{kept.seen}:{reading}"
        return cls(discord.ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=custom_id))

    async def pressed(self, interaction: Interaction) -> None:
        bot, by, form = interaction.client, organising(interaction, int(self.match["event"])), self.match["form"]
        draft_id = int(self.match["draft"])
        typed = await kept_typed(bot.database, by, draft_id)
        sent = Filled(typed, int(self.match["seen"]), draft_id, int(self.match["reading"]))
        await _send(interaction, by, form, sent)


class CorrectPress(
    Press,
    template=r"event-correct:(?P<event>\d{1,18}):(?P<form>edit|seats|answers|language|cancel):(?P<draft>\d{1,18})",
):
    """Opens a form again with what was typed into it."""

    @classmethod
    def to(cls, event_id: int, form: str, draft_id: int, label: str) -> "CorrectPress":
        """The button below what was wrong."""
        custom_id = f"event-correct:{event_id}:{form}:{draft_id}"
        return cls(discord.ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=custom_id))

    async def pressed(self, interaction: Interaction) -> None:
        await open_form(interaction, int(self.match["event"]), self.match["form"], int(self.match["draft"]))
