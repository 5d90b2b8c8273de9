"""An event for the reader's own calendar: links that fill in its form, and the file."""

from datetime import datetime
from io import BytesIO

import discord

from bot.dates.clocks import zone_of
from bot.events.calendar_entry import calendar_entry
from bot.events.calendar_file import CalendarEntry, calendar_file, calendar_links
from bot.events.file_names import file_name
from bot.texts import Texts
from bot.ui.card import GREEN, GREY, card, link, rows
from bot.ui.press import Interaction, Press, guild_of, reader_texts, reply
from bot.ui.text import line, stamp


def calendar_card(entry: CalendarEntry, t: Texts) -> discord.ui.LayoutView:
    """Links to web calendars and the file, which the message must bring along."""
    head = f"### 📅 {line(entry.title, 100)}\n{stamp(entry.starts_at)}"
    if entry.cancelled:
        told = t("It was cancelled. If it is in your calendar, open this file: it takes the event out, or marks it.")
    else:
        told = t("Open it in your web calendar, or take the file for any other: Apple, Outlook, Thunderbird, a phone.")
    links = [] if entry.cancelled else [link(calendar, url) for calendar, url in calendar_links(entry)]
    file = discord.ui.File[discord.ui.LayoutView](f"attachment://{attachment_name(entry)}")
    return card(f"{head}\n{told}", *rows(links), file, colour=GREY if entry.cancelled else GREEN)


def attachment_name(entry: CalendarEntry) -> str:
    """Named after the event and its day where it takes place."""
    return file_name(entry.title, entry.starts_at.astimezone(zone_of(entry.timezone)).date(), "ics")


async def show_calendar(interaction: Interaction, event_id: int) -> None:
    """Answer privately with an event for the reader's calendar."""
    bot = interaction.client
    entry = await calendar_entry(bot.database, guild_of(interaction), event_id)
    await reply(interaction, calendar_card(entry, reader_texts(interaction)), file=_attachment(entry, bot.now()))


def _attachment(entry: CalendarEntry, now: datetime) -> discord.File:
    return discord.File(BytesIO(calendar_file(entry, now)), attachment_name(entry))


class CalendarPress(Press, template=r"event-calendar:(?P<event>\d{1,18})"):
    """Add to calendar."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "CalendarPress":
        """A button of the card."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-calendar:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        await show_calendar(interaction, int(self.match["event"]))
