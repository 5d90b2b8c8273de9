"""Stories that the server was told, looked up by everybody."""

from discord import app_commands
from discord.ext import commands

from bot.client import SisterCityBot
from bot.stories.lookup import LONGEST_WORDS
from bot.texts import ENGLISH
from bot.ui.autocomplete import city_choices
from bot.ui.events.event_words import track_labels
from bot.ui.press import Interaction
from bot.ui.stories.story_list import open_story, show_stories, story_choices

TRACKS = [app_commands.Choice(name=label, value=track) for track, label in track_labels(ENGLISH).items()]
CITY, TRACK = "Only stories about this city: its first letters", "Only stories of this track"


@app_commands.guild_only()
class Stories(commands.GroupCog, group_name="story", group_description="Exchange stories that this server was told."):
    """`/story …`"""

    @app_commands.command()
    @app_commands.describe(city=CITY, track=TRACK)
    @app_commands.choices(track=TRACKS)
    @app_commands.autocomplete(city=city_choices)
    async def latest(self, interaction: Interaction, city: str | None = None, track: str | None = None) -> None:
        """Show the newest stories."""
        await show_stories(interaction, "", city, track)

    @app_commands.command()
    @app_commands.describe(
        words="Words of its title or summary; accents and capitals do not matter", city=CITY, track=TRACK
    )
    @app_commands.choices(track=TRACKS)
    @app_commands.autocomplete(city=city_choices)
    async def search(
        self,
        interaction: Interaction,
        words: app_commands.Range[str, 1, LONGEST_WORDS],
        city: str | None = None,
        track: str | None = None,
    ) -> None:
        """Find stories by their words."""
        await show_stories(interaction, words, city, track)

    @app_commands.command()
    @app_commands.describe(story="The story: words of its title")
    @app_commands.autocomplete(story=story_choices)
    async def show(self, interaction: Interaction, story: str) -> None:
        """Show one story, with its cities and where it was posted."""
        await open_story(interaction, story)


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Stories())
