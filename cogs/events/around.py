"""What goes on around an event: calendars, who comes, who came."""

from discord import app_commands
from discord.ext import commands

from bot.ui.autocomplete import any_event_choices, chosen_id
from bot.ui.events.attendee_list import show_attendees, show_sheet
from bot.ui.events.calendar_card import show_calendar
from bot.ui.events.check_in import show_code
from bot.ui.press import Interaction


class Around(commands.Cog):
    """Commands for organisers and their guests."""

    @app_commands.command()
    @app_commands.describe(event="The event, past ones too: words of its title")
    @app_commands.autocomplete(event=any_event_choices)
    async def calendar(self, interaction: Interaction, event: str) -> None:
        """Put an event into your own calendar: a file and links."""
        await show_calendar(interaction, chosen_id(event))

    @app_commands.command()
    @app_commands.describe(event="The event, past ones too: words of its title")
    @app_commands.autocomplete(event=any_event_choices)
    async def attendees(self, interaction: Interaction, event: str) -> None:
        """For organisers: who comes, with guests, help and notes, and who is there."""
        await show_attendees(interaction, chosen_id(event))

    @app_commands.command()
    @app_commands.describe(event="The event, past ones too: words of its title")
    @app_commands.autocomplete(event=any_event_choices)
    async def checkin(self, interaction: Interaction, event: str) -> None:
        """For organisers: the code with which those who are there check in."""
        await show_code(interaction, chosen_id(event))

    @app_commands.command()
    @app_commands.describe(event="The event, past ones too: words of its title")
    @app_commands.autocomplete(event=any_event_choices)
    async def export(self, interaction: Interaction, event: str) -> None:
        """For organisers: all answers to an event as a file for a spreadsheet."""
        await show_sheet(interaction, chosen_id(event))
