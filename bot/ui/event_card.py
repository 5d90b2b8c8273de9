"""The card of an event, its buttons, and the notice to somebody who moved up."""

import discord

from bot.answers import Answered
from bot.event_page import EventCard
from bot.rsvp import Choice, Standing
from bot.texts import Texts, texts
from bot.ui.card import GREEN, GREY, MOST_CHARACTERS, Item, card, note, rows
from bot.ui.event_text import GROUPS, NAMES_A_GROUP, Roster, clocks_view, items_and_roster
from bot.ui.press import Interaction, Press, guild_of, member_of, reader_texts, replace, reply
from bot.ui.text import line, stamp


def event_view(event: EventCard) -> discord.ui.LayoutView:
    """The public card of an event, in the server's language, with its answer buttons."""
    return _view_and_roster(event)[0]


def _view_and_roster(event: EventCard) -> tuple[discord.ui.LayoutView, Roster]:
    t = texts(event.locale)
    items, roster = items_and_roster(event, t, MOST_CHARACTERS)
    colour = GREEN if event.status == "open" else GREY
    return card(*items, *rows(_buttons(event, t)), colour=colour), roster


def _buttons(event: EventCard, t: Texts) -> list[Item]:
    open_ = event.status == "open"
    going = t("Join waiting list") if event.full else t("Going")
    labels = {Choice.GOING: going, Choice.MAYBE: t("Maybe"), Choice.NO: t("Can't go")}
    buttons: list[Item] = [AnswerPress.to(event.id, choice, label, open_) for choice, label in labels.items()]
    if len(event.clocks) > GROUPS or any(len(clock.names) > NAMES_A_GROUP for clock in event.clocks):
        buttons.append(ClocksPress.to(event.id, t("All clocks"), open_))
    return buttons


def promotion_notice(event: EventCard, t: Texts, mention: str | None = None) -> discord.ui.LayoutView:
    """Tells a member that a seat became theirs."""
    text = t(
        "A seat opened, and it is yours: you are now going to **{title}**, {when}. "
        "If you cannot come, please press *Can't go* on the event, so that the next in line moves up.",
        title=line(event.title, 100),
        when=stamp(event.starts_at),
    )
    return note(f"{mention} {text}" if mention else text)


def where_you_stand(answered: Answered, t: Texts) -> str:
    """The result of a press, for the one who pressed."""
    if answered.standing is Standing.WAITING:
        return t(
            "It is full, so you are on the waiting list: number {place}. I'll tell you when a seat is yours.",
            place=answered.place,
        )
    if answered.standing is Standing.GOING:
        return t("You are going.")
    return t("Noted: maybe.") if answered.standing is Standing.MAYBE else t("Noted: you can't go.")


class AnswerPress(Press, template=r"event-answer:(?P<event>\d{1,18}):(?P<choice>going|maybe|no)"):
    """Going, Maybe or Can't go."""

    @classmethod
    def to(cls, event_id: int, choice: Choice, label: str, enabled: bool) -> "AnswerPress":
        """A button of the card; it is off once the event is cancelled."""
        style = discord.ButtonStyle.success if choice is Choice.GOING else discord.ButtonStyle.secondary
        custom_id = f"event-answer:{event_id}:{choice.value}"
        return cls(discord.ui.Button(label=label, style=style, custom_id=custom_id, disabled=not enabled))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        member = member_of(interaction)
        answered = await bot.events.answer(
            guild_of(interaction), int(self.match["event"]), member, Choice(self.match["choice"]), bot.now()
        )
        bot.wake()
        view, roster = _view_and_roster(answered.card)
        await replace(interaction, view)
        # The card itself answers whoever finds a new name of theirs on it; everybody else needs a word.
        plain_to_see = answered.changed and roster.names(answered)
        if not plain_to_see or answered.standing is Standing.WAITING:
            await reply(interaction, note(where_you_stand(answered, reader_texts(interaction))))


class ClocksPress(Press, template=r"event-clocks:(?P<event>\d{1,18})"):
    """All clocks of the partners, privately."""

    @classmethod
    def to(cls, event_id: int, label: str, enabled: bool) -> "ClocksPress":
        """A button of the card."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-clocks:{event_id}", disabled=not enabled))

    async def pressed(self, interaction: Interaction) -> None:
        event = await interaction.client.events.card(guild_of(interaction), int(self.match["event"]))
        await reply(interaction, clocks_view(event, reader_texts(interaction)))
