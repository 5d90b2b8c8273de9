"""The card of an event with its buttons, and what the first three of them do."""

import discord

from bot.events.page import EventCard
from bot.events.rsvp import Choice, Standing
from bot.texts import Texts, texts
from bot.ui.card import GREEN, GREY, MOST_CHARACTERS, card, note, rows
from bot.ui.events.calendar_card import CalendarPress
from bot.ui.events.check_in import CheckInPress
from bot.ui.events.event_language import LanguagePress
from bot.ui.events.event_text import GROUPS, NAMES_A_GROUP, clocks_view, items_and_roster
from bot.ui.events.event_words import language_name
from bot.ui.events.manage_card import ManagePress
from bot.ui.events.my_answer import MyAnswerPress
from bot.ui.events.roster_list import RosterPress
from bot.ui.events.roster_text import Roster
from bot.ui.events.standing_text import standing_text
from bot.ui.press import Interaction, Press, guild_of, member_of, reader_texts, replace, reply


def event_view(event: EventCard) -> discord.ui.LayoutView:
    """The public card of an event, in the server's language, with its buttons."""
    return _view_and_roster(event)[0]


def _view_and_roster(event: EventCard) -> tuple[discord.ui.LayoutView, Roster]:
    t = texts(event.locale)
    items, roster = items_and_roster(event, t, MOST_CHARACTERS)
    buttons = [*rows(_answering(event, t)), *rows(_around(event, t))]
    return card(*items, *buttons, colour=GREEN if event.status == "open" else GREY), roster


def _answering(event: EventCard, t: Texts) -> list[Press]:
    """The first row: what one presses to answer, and once the organiser has opened it, to check in."""
    going = t("Join waiting list") if event.full else t("Going")
    labels = {Choice.GOING: going, Choice.MAYBE: t("Maybe"), Choice.NO: t("Can't go")}
    buttons: list[Press] = [AnswerPress.to(event.id, choice, label) for choice, label in labels.items()]
    buttons.append(MyAnswerPress.to(event.id, t("My answer")))
    if event.checks_in:
        buttons.append(CheckInPress.to(event.id, t("Check in")))
    return _off_once_cancelled(event, buttons)


def _around(event: EventCard, t: Texts) -> list[Press]:
    """The second row: what one may want to know besides."""
    buttons: list[Press] = [
        RosterPress.to(event.id, t("Who's coming")),
        CalendarPress.to(event.id, t("Add to calendar")),
    ]
    if len(event.clocks) > GROUPS or any(len(clock.names) > NAMES_A_GROUP for clock in event.clocks):
        buttons.append(ClocksPress.to(event.id, t("All clocks")))
    if event.second is not None:
        buttons.append(LanguagePress.to(event.id, language_name(event.second.language)))
    buttons.append(ManagePress.to(event.id, t("Manage")))
    return _off_once_cancelled(event, buttons)


def _off_once_cancelled(event: EventCard, buttons: list[Press]) -> list[Press]:
    """Calendars can still be told, and organisers can still see and copy what was planned."""
    for button in buttons:
        button.item.disabled = event.status == "cancelled" and not isinstance(button, CalendarPress | ManagePress)
    return buttons


class AnswerPress(Press, template=r"event-answer:(?P<event>\d{1,18}):(?P<choice>going|maybe|no)"):
    """Going, Maybe or Can't go."""

    @classmethod
    def to(cls, event_id: int, choice: Choice, label: str) -> "AnswerPress":
        """A button of the card."""
        style = discord.ButtonStyle.success if choice is Choice.GOING else discord.ButtonStyle.secondary
        return cls(discord.ui.Button(label=label, style=style, custom_id=f"event-answer:{event_id}:{choice.value}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot, event_id, now = interaction.client, int(self.match["event"]), interaction.client.now()
        choice, member = Choice(self.match["choice"]), member_of(interaction)
        answered = await bot.events.answer(guild_of(interaction), event_id, member, choice, now)
        bot.wake()
        view, roster = _view_and_roster(answered.card)
        # A picture that is new to the event is yet to be sent to the card: see bot.refresh.
        edits = bot.press_rate.edits(event_id, now) and _has_picture(interaction.message, answered.card)
        if edits:
            await replace(interaction, view)
        else:
            await interaction.response.defer()  # in a rush the card is edited for many presses at once: see bot.refresh
        # The card itself answers whoever finds a new name of theirs on it; everybody else needs a word.
        plain_to_see = edits and answered.changed and roster.names(answered)
        if not plain_to_see or answered.standing is Standing.WAITING:
            sentence = standing_text(answered.card, answered.given, answered.place, now, reader_texts(interaction))
            await reply(interaction, note(sentence))


def _has_picture(message: discord.Message | None, event: EventCard) -> bool:
    """Whether a message holds the picture that the event's card shows, if it shows one."""
    return event.picture_alt is None or (message is not None and bool(message.attachments))


class ClocksPress(Press, template=r"event-clocks:(?P<event>\d{1,18})"):
    """All clocks of the partners, privately."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "ClocksPress":
        """A button of the card."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-clocks:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        event = await interaction.client.events.card(guild_of(interaction), int(self.match["event"]))
        await reply(interaction, clocks_view(event, reader_texts(interaction)))
