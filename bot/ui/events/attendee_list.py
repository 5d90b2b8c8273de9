"""The organisers' list: who comes, with guests, help and notes; who is there is ticked off; and the sheet of it all."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import discord

from bot.dates.clocks import zone_of
from bot.events.attendance import Attendee, AttendeeList, attendees, tick
from bot.events.attendance_sheet import attendance_sheet, standing_words
from bot.events.file_names import file_name
from bot.events.rsvp import SEATED, Standing
from bot.plain_text import visible
from bot.texts import Texts
from bot.ui.card import BLUE, card, rows
from bot.ui.choose import Choose, Menu
from bot.ui.events.event_words import volunteer_labels
from bot.ui.pages import one_page, page_count, page_line, turn_buttons
from bot.ui.press import Interaction, Press, guild_of, member_of, reader_texts, replace, reply
from bot.ui.text import cut, line, stamp

A_PAGE = 25  # people: as many as a menu takes
LONGEST_NAME = 32
SPACE = 3_000  # characters for the people of a page; the rest is for headings
MOST_FOR_ONE = 300


def attendee_view(event: AttendeeList, number: int, t: Texts) -> discord.ui.LayoutView:
    """A page of those who come, from 0; those who can't are not listed, unless they came after all."""
    listed = [one for one in event.attendees if one.standing is not Standing.NO or one.checked_in_at is not None]
    pages = page_count(listed, A_PAGE)
    shown, number = one_page(listed, number, A_PAGE)
    menu = [TickPick.of(event.event_id, number, shown, t)] if event.ticking and shown else []
    turns = turn_buttons(lambda page, label: AttendeesPress.to(event.event_id, label, page), number, pages, t)
    export = [ExportPress.to(event.event_id, t("Export"))] if event.attendees else []
    return card(
        f"### {line(event.title, 100)}\n{stamp(event.starts_at)}\n{_counts(event, t)}",
        _people(shown, t) or t("Nobody yet."),
        page_line(number, pages, t),
        *rows(menu),
        *rows([*turns, *export]),
        colour=BLUE,
    )


def _counts(event: AttendeeList, t: Texts) -> str:
    going = event.standing(*SEATED)
    seats = sum(1 + one.guests for one in going)
    parts = [t("Going {n}", n=f"{seats}/{event.capacity}" if event.capacity is not None else seats)]
    if seats > len(going):
        parts.append(t.plural("{n} of them a guest", "{n} of them guests", seats - len(going)))
    if waiting := event.standing(Standing.WAITING):
        parts.append(t("Waiting {n}", n=len(waiting)))
    if maybe := event.standing(Standing.MAYBE):
        parts.append(t("Maybe {n}", n=len(maybe)))
    if event.ticking:
        parts.append("✅ " + t("Here {n}", n=len(event.came)))
    return " · ".join(parts)


def _people(shown: Sequence[Attendee], t: Texts) -> str:
    words, roles, lines = standing_words(t), volunteer_labels(t), []
    for at, attendee in enumerate(shown):
        if at == 0 or shown[at - 1].standing is not attendee.standing:
            lines.append(f"**{words[attendee.standing]}**")
        lines.append(_person(attendee, roles, min(MOST_FOR_ONE, SPACE // len(shown))))
    return "\n".join(lines)


def _person(attendee: Attendee, roles: Mapping[str, str], space: int) -> str:
    """One line of at most `space` characters; a note is cut to what is left. The sheet has it whole."""
    text = "✅ " if attendee.checked_in_at else ""
    text += f"{attendee.place}\\. " if attendee.place else ""
    text += line(attendee.name, LONGEST_NAME)
    text += f" +{attendee.guests}" if attendee.guests else ""
    if attendee.volunteer:
        text += f" · {roles.get(attendee.volunteer, attendee.volunteer)}"
    room = length = space - len(text) - 6
    note = line(attendee.note, length) if length > 1 else ""
    while len(note) > room and length > 1:  # escaping made it longer
        length = min(length - 1, length * room // len(note))
        note = line(attendee.note, length)
    return f"{text} · *{note}*" if note else text


async def show_attendees(interaction: Interaction, event_id: int) -> None:
    """Answer an organiser privately with who comes."""
    await reply(interaction, await _view(interaction, event_id, 0))


async def show_sheet(interaction: Interaction, event_id: int) -> None:
    """Answer an organiser privately with the sheet of all answers."""
    bot, t = interaction.client, reader_texts(interaction)
    event = await attendees(bot.database, guild_of(interaction), event_id, member_of(interaction), bot.now())
    name = file_name(event.title, event.starts_at.astimezone(zone_of(event.timezone)).date(), "csv")
    told = t.plural("{n} answer, for any spreadsheet.", "{n} answers, for any spreadsheet.", len(event.attendees))
    kept = t("It holds names and notes of people: keep it only as long as you need it.")
    shown = discord.ui.File[discord.ui.LayoutView](f"attachment://{name}")
    view = card(f"### {line(event.title, 100)}\n{told}\n-# {kept}", shown, colour=BLUE)
    file = discord.File(BytesIO(attendance_sheet(event, volunteer_labels(t), t)), name)
    await reply(interaction, view, file=file)


async def _view(interaction: Interaction, event_id: int, page: int) -> discord.ui.LayoutView:
    bot = interaction.client
    event = await attendees(bot.database, guild_of(interaction), event_id, member_of(interaction), bot.now())
    return attendee_view(event, page, reader_texts(interaction))


class AttendeesPress(Press, template=r"event-attendees:(?P<event>\d{1,18})(?::(?P<page>\d{1,4}))?"):
    """Who comes, for organisers."""

    @classmethod
    def to(cls, event_id: int, label: str, page: int | None = None) -> "AttendeesPress":
        """A button to the list; without a page it opens as a message of its own."""
        at = "" if page is None else f":{page}"
        return cls(discord.ui.Button(label=label, custom_id=f"event-attendees:{event_id}{at}"))

    async def pressed(self, interaction: Interaction) -> None:
        event_id, page = int(self.match["event"]), self.match["page"]
        if page is None:
            await show_attendees(interaction, event_id)
        else:
            await replace(interaction, await _view(interaction, event_id, int(page)))


class TickPick(Choose, template=r"event-tick:(?P<event>\d{1,18}):(?P<page>\d{1,4})"):
    """Who of a page is there."""

    @classmethod
    def of(cls, event_id: int, page: int, people: Sequence[Attendee], t: Texts) -> "TickPick":
        """A menu of the people on a page, in which those who are there are chosen."""
        options = [
            discord.SelectOption(
                label=cut(visible(one.name), 90) or str(one.user_id),
                value=str(one.user_id),
                default=one.checked_in_at is not None,
            )
            for one in people
        ]
        custom_id = f"event-tick:{event_id}:{page}"
        placeholder = t("Tick off who is here")
        return cls(
            Menu(custom_id=custom_id, options=options, min_values=0, max_values=len(options), placeholder=placeholder)
        )

    async def chosen(self, interaction: Interaction, values: list[str]) -> None:
        # Only what was changed in the menu is written: others may be ticking people off at the same door.
        chosen, before = _ids(values), _ids([option.value for option in self.menu.options if option.default])
        bot = interaction.client
        event = await tick(
            bot.database,
            guild_of(interaction),
            int(self.match["event"]),
            member_of(interaction),
            bot.now(),
            came=chosen - before,
            did_not=before - chosen,
        )
        await replace(interaction, attendee_view(event, int(self.match["page"]), reader_texts(interaction)))


def _ids(values: Sequence[str]) -> frozenset[int]:
    return frozenset(int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 20)


class ExportPress(Press, template=r"event-export:(?P<event>\d{1,18})"):
    """The sheet of all answers, for organisers."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "ExportPress":
        """A button of the organiser's panel."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-export:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        await show_sheet(interaction, int(self.match["event"]))
