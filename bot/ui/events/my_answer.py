"""*My answer*: where a member stands, privately, and what they can change about it."""

import re
from datetime import datetime

import discord

from bot.errors import BadInput
from bot.events.page import EventCard
from bot.events.reader import LONGEST_NOTE, MyAnswer, my_answer, write_note
from bot.events.rsvp import COMING, Choice, Deed, Guests, Standing, Volunteer
from bot.texts import Texts
from bot.ui.card import Item, card, rows
from bot.ui.choose import Choose, Menu
from bot.ui.events.event_text import for_reader, helpers, volunteers
from bot.ui.events.standing_text import party_lines, standing_text
from bot.ui.press import Form, Interaction, Press, guild_of, member_of, reader_texts, replace, reply
from bot.ui.text import line, plain, stamp

# What a member who stands so may choose instead.
TO_CHOOSE: dict[Standing | None, list[Choice]] = {
    None: [Choice.GOING, Choice.MAYBE, Choice.NO],
    Standing.GOING: [Choice.MAYBE, Choice.NO],
    Standing.OFFERED: [Choice.GOING, Choice.NO],
    Standing.WAITING: [Choice.MAYBE, Choice.NO],
    Standing.MAYBE: [Choice.GOING, Choice.NO],
    Standing.NO: [Choice.GOING, Choice.MAYBE],
}


def my_answer_view(mine: MyAnswer, now: datetime, t: Texts) -> discord.ui.LayoutView:
    """The panel: where I stand, and buttons for whatever the event's terms let me change at `now`."""
    event, given = for_reader(mine.card, t), mine.given
    closed = _why_closed(mine, now, t)
    if event.status == "cancelled" or now >= event.ends_at:
        lines, closed = [f"**{closed}**"], ""
    else:
        lines = [f"**{standing_text(event, given, mine.place, now, t)}**", *(party_lines(given, t) if given else [])]
    if mine.checked_in_at is not None:
        lines.append("✅ " + t("You checked in at {time}.", time=stamp(mine.checked_in_at, "t")))
    if mine.note:
        lines.append(f"📝 {plain(mine.note)}")
    if closed:
        lines.append(f"-# {closed}")
    head = f"### {line(event.title, 100)}\n{stamp(event.starts_at)} ({stamp(event.starts_at, 'R')})"
    return card(head, "\n".join(lines), *_controls(mine, now, t))


def _why_closed(mine: MyAnswer, now: datetime, t: Texts) -> str:
    event, terms = mine.card, mine.card.terms
    if event.status == "cancelled":
        return t("The event is cancelled.")
    if now >= event.ends_at:
        return t("The event is over.")
    if now >= event.starts_at:
        return t("The event has begun, so answers are closed.")
    if terms.opens_at is not None and now < terms.opens_at:
        return t("Answers open {when}.", when=stamp(terms.opens_at, "R"))
    return t("Answers are closed.") if now >= terms.closes_at else ""


def _controls(mine: MyAnswer, now: datetime, t: Texts) -> list[Item | str]:
    event, given = mine.card, mine.given
    found: list[Item | str] = []
    if event.status == "open" and now < event.starts_at:
        found += rows(_answers(mine, now, t))
        most = max(event.terms.max_guests if _takes_answers(event, now) else 0, given.guests if given else 0)
        if given is not None and given.standing in COMING and most:
            found += [discord.ui.ActionRow(GuestsPick.to(event.id, given.guests, most, t))]
        if given is not None and given.standing is not Standing.NO and event.terms.volunteers:
            found += ["-# " + t("Help wanted: press to offer it, again to take it back"), *rows(_helping(mine, now, t))]
    if given is not None and event.status == "open" and now < event.ends_at:
        found += rows([MinePress.to(event.id, "note", t("Write a note to the organiser"))])
    return found


def _answers(mine: MyAnswer, now: datetime, t: Texts) -> list["MinePress"]:
    choices = TO_CHOOSE[mine.given.standing if mine.given else None]
    if not _takes_answers(mine.card, now):
        choices = [choice for choice in choices if choice is Choice.NO]  # a seat can be given back at any time
    return [MinePress.to(mine.card.id, choice.value, _label(choice, mine, now, t)) for choice in choices]


def _label(choice: Choice, mine: MyAnswer, now: datetime, t: Texts) -> str:
    given = mine.given
    if given is not None and given.offered_until is not None and now < given.offered_until:
        return t("Take the seat") if choice is Choice.GOING else t("Leave it")
    if choice is Choice.GOING:
        return t("Join waiting list") if mine.card.full else t("Going")
    if choice is Choice.MAYBE:
        return t("Maybe")
    waiting = given is not None and given.standing is Standing.WAITING
    return t("Leave the waiting list") if waiting else t("Can't go")


def _takes_answers(event: EventCard, now: datetime) -> bool:
    opens_at = event.terms.opens_at
    return (opens_at is None or opens_at <= now) and now < event.terms.closes_at


def _helping(mine: MyAnswer, now: datetime, t: Texts) -> list["MinePress"]:
    event, helping_as = mine.card, mine.given.volunteer if mine.given else None
    buttons = []
    for role, label in volunteers(event, t).items():
        if role == helping_as:
            buttons.append(MinePress.to(event.id, "help:none", f"✓ {label}"))
            continue
        button = MinePress.to(event.id, f"help:{role}", label)
        enough = helpers(event, role) >= event.terms.volunteers[role]
        button.item.disabled = enough or not _takes_answers(event, now)
        buttons.append(button)
    return buttons


async def _redraw(interaction: Interaction, event_id: int) -> None:
    """Show the panel as it is now: in its place, or as a new private message where the button stood in public."""
    bot, t = interaction.client, reader_texts(interaction)
    mine = await my_answer(bot.database, guild_of(interaction), event_id, interaction.user.id)
    view = my_answer_view(mine, bot.now(), t)
    if interaction.message is not None and interaction.message.flags.ephemeral:
        await replace(interaction, view)
    else:
        await reply(interaction, view)


async def _do(interaction: Interaction, event_id: int, deed: Deed) -> None:
    bot = interaction.client
    await bot.events.answer(guild_of(interaction), event_id, member_of(interaction), deed, bot.now())
    bot.wake()
    await _redraw(interaction, event_id)


class MyAnswerPress(Press, template=r"event-mine:(?P<event>\d{1,18})"):
    """Where do I stand? Always a new private message."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "MyAnswerPress":
        """A button to the presser's own answer."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-mine:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        mine = await my_answer(bot.database, guild_of(interaction), int(self.match["event"]), interaction.user.id)
        await reply(interaction, my_answer_view(mine, bot.now(), reader_texts(interaction)))


class MinePress(
    Press,
    template=r"event-mine:(?P<event>\d{1,18}):(?P<deed>going|maybe|no|note|help:(?:host_family|interpreter|driver|none))",
):
    """A change to the presser's own answer; the panel is drawn anew."""

    @classmethod
    def to(cls, event_id: int, deed: str, label: str) -> "MinePress":
        """A button of the panel: `going`, `maybe`, `no`, `note`, `help:driver`, `help:none`."""
        style = discord.ButtonStyle.success if deed == Choice.GOING else discord.ButtonStyle.secondary
        return cls(discord.ui.Button(label=label, style=style, custom_id=f"event-mine:{event_id}:{deed}"))

    async def pressed(self, interaction: Interaction) -> None:
        event_id, deed = int(self.match["event"]), self.match["deed"]
        if deed == "note":
            mine = await my_answer(interaction.client.database, guild_of(interaction), event_id, interaction.user.id)
            await interaction.response.send_modal(NoteForm(reader_texts(interaction), event_id, mine.note))
        elif deed.startswith("help:"):
            role = deed.removeprefix("help:")
            await _do(interaction, event_id, Volunteer(None if role == "none" else role))
        else:
            await _do(interaction, event_id, Choice(deed))


class GuestsPick(Choose, template=r"event-guests:(?P<event>\d{1,18})"):
    """How many people the presser brings."""

    @classmethod
    def to(cls, event_id: int, guests: int, most: int, t: Texts) -> "GuestsPick":
        """A menu from nobody to `most`; what was chosen stands in it."""
        options = [
            discord.SelectOption(
                label=t.plural("I bring {n} guest", "I bring {n} guests", number) if number else t("I come alone"),
                value=str(number),
                default=number == guests,
            )
            for number in range(most + 1)
        ]
        return cls(Menu(custom_id=f"event-guests:{event_id}", options=options, placeholder=t("Guests")))

    async def chosen(self, interaction: Interaction, values: list[str]) -> None:
        if len(values) != 1 or not re.fullmatch(r"[0-9]{1,3}", values[0]):
            raise BadInput("Choose a number from the menu.")
        await _do(interaction, int(self.match["event"]), Guests(int(values[0])))


class NoteForm(Form, template=r"event-note:(?P<event>\d{1,18})"):
    """A few words for the organiser's eyes; sent in empty, they are taken back."""

    def __init__(self, t: Texts, event_id: int, note: str) -> None:
        super().__init__(f"event-note:{event_id}", t("A note to the organiser"))
        field = discord.ui.TextInput[NoteForm](
            custom_id="note",
            style=discord.TextStyle.paragraph,
            default=note or None,
            required=False,
            max_length=LONGEST_NOTE,
        )
        explained = t("Only the organisers read it: what you eat, when you come, what you bring")
        self.add_item(discord.ui.Label(text=t("Your note"), component=field, description=explained))

    @classmethod
    async def submitted(cls, interaction: Interaction, match: re.Match[str], values: dict[str, str]) -> None:
        event_id = int(match["event"])
        await write_note(
            interaction.client.database,
            guild_of(interaction),
            event_id,
            member_of(interaction),
            values.get("note", ""),
        )
        await _redraw(interaction, event_id)
