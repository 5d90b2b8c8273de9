"""The buttons of the organiser's panel."""

from bot.events.corrections import Organising
from bot.ui.deed_press import DeedPress
from bot.ui.press import Interaction, guild_of, member_of


def organising(interaction: Interaction, event_id: int) -> Organising:
    """The person who acts, on an event of this server, now."""
    return Organising(guild_of(interaction), event_id, member_of(interaction), interaction.client.now())


class ChangePress(DeedPress, template=r"event-change:(?P<about>\d{1,18}):(?P<deed>[a-z]{1,20})"):
    """One button of an event's panel or of the page behind it."""

    prefix = "event-change"
