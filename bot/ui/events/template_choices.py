"""Autocomplete of the server's templates."""

from discord import app_commands

from bot.events.templates import saved
from bot.ui.press import Interaction, guild_of
from bot.ui.text import cut


async def template_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Templates of this server whose name holds what was typed so far; there are at most 25."""
    typed = current.casefold().strip()
    templates = await saved(interaction.client.database, guild_of(interaction))
    return [
        app_commands.Choice(name=cut(template.name, 100), value=f"id:{template.id}")
        for template in templates
        if typed in template.name.casefold()
    ]
