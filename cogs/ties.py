"""`/city tie …`: what moderators put right about their server's partnerships, and everybody may read."""

from discord import app_commands

from bot.client import SisterCityBot
from bot.lookup.cities import CHOSEN
from bot.ties.corrections import ChangedTie, Ends, Scene, add_tie, edit_tie, end_tie, partners_of, withdraw_tie
from bot.ties.facts import Said
from bot.ties.history import tie_history
from bot.ui.autocomplete import MOST_CHOICES, city_choices
from bot.ui.cities.tie_card import history_card, tie_card
from bot.ui.press import Interaction, guild_of, member_of, message_texts, reply
from bot.ui.text import cut

Choice = app_commands.Choice[str]

KINDS = [
    Choice(name="sister city", value="sister"),
    Choice(name="friendship city", value="friendship"),
    Choice(name="partner city", value="partner"),
    Choice(name="county or state pact", value="pact"),
    Choice(name="not known", value="unknown"),
]
ACTIVE, SUSPENDED, ENDED, UNKNOWN = (
    Choice(name="active", value="active"),
    Choice(name="suspended", value="suspended"),
    Choice(name="ended", value="ended"),
    Choice(name="not known", value="unknown"),
)
STATES = [ACTIVE, SUSPENDED, ENDED, UNKNOWN]
CONFIDENCES = [Choice(name="confirmed", value="confirmed"), Choice(name="unconfirmed", value="unconfirmed")]

# What the options mean, the same in every command.
CITY = "The city: its first letters, in any language"
PARTNER = "The city at the other end"
SIGNED = "When it was signed: 1982, 1982-04 or 1982-04-23"
SOURCE = "Where it is known from: a link, or a few words"
NOTE = "Anything worth knowing, in a few words"
PRIVATE = "Show the answer only to me (yes unless you say no)"


async def partner_choices(interaction: Interaction, current: str) -> list[Choice]:
    """The partners that the city chosen before has in this server; all cities if none is chosen or it has none."""
    chosen = CHOSEN.fullmatch(str(interaction.namespace.city or "").strip())
    if chosen is None or interaction.guild_id is None:
        return await city_choices(interaction, current)
    found = await partners_of(interaction.client.database, interaction.guild_id, int(chosen[1]), current)
    if not found and not current:
        return await city_choices(interaction, current)
    return [Choice(name=cut(place.label, 100), value=f"id:{place.id}") for place in found[:MOST_CHOICES]]


class Ties(app_commands.Group, name="tie", description="Correct this server's own list of partnerships."):
    """`/city tie …`; Discord hides only whole command trees, so each use case checks who may."""

    @app_commands.command()
    @app_commands.describe(
        city=CITY,
        partner=PARTNER,
        kind="What kind of tie it is",
        source=SOURCE,
        signed=SIGNED,
        state="How it stands; active unless you say",
        note=NOTE,
        private=PRIVATE,
    )
    @app_commands.choices(kind=KINDS, state=STATES)
    @app_commands.autocomplete(city=city_choices, partner=city_choices)
    async def add(
        self,
        interaction: Interaction,
        city: str,
        partner: str,
        kind: str,
        source: str,
        signed: str | None = None,
        state: str | None = None,
        note: str | None = None,
        private: bool = True,
    ) -> None:
        """Name a partnership that is missing here (moderators)."""
        said = Said(kind=kind, state=state, signed=signed, source=source, note=note)
        bot, ends = interaction.client, Ends(city, partner)
        await _show(interaction, await add_tie(bot.database, bot.index, _scene(interaction), ends, said), private)

    @app_commands.command()
    @app_commands.describe(
        city=CITY,
        partner=PARTNER,
        kind="What kind of tie it is",
        signed=f"{SIGNED}; a dash (-) takes a wrong date away",
        state="How it stands",
        confidence="How sure it is",
        source=f"{SOURCE}; it replaces the old one",
        note=NOTE,
        private=PRIVATE,
    )
    @app_commands.choices(kind=KINDS, state=STATES, confidence=CONFIDENCES)
    @app_commands.autocomplete(city=city_choices, partner=partner_choices)
    async def edit(
        self,
        interaction: Interaction,
        city: str,
        partner: str,
        kind: str | None = None,
        signed: str | None = None,
        state: str | None = None,
        confidence: str | None = None,
        source: str | None = None,
        note: str | None = None,
        private: bool = True,
    ) -> None:
        """Correct a partnership for this server; what you leave out stays (moderators)."""
        said = Said(kind, state, confidence, signed, None, source, note)
        bot, ends = interaction.client, Ends(city, partner)
        await _show(interaction, await edit_tie(bot.database, bot.index, _scene(interaction), ends, said), private)

    @app_commands.command()
    @app_commands.describe(
        city=CITY,
        partner=PARTNER,
        source=SOURCE,
        state="Ended for good (unless you say) or suspended for now",
        since="Since when: 2022, 2022-03 or 2022-03-01; today unless you say",
        reason="Why, in a few words",
        private=PRIVATE,
    )
    @app_commands.choices(state=[ENDED, SUSPENDED])
    @app_commands.autocomplete(city=city_choices, partner=partner_choices)
    async def end(
        self,
        interaction: Interaction,
        city: str,
        partner: str,
        source: str,
        state: str | None = None,
        since: str | None = None,
        reason: str | None = None,
        private: bool = True,
    ) -> None:
        """Say that a partnership is over, or rests (moderators)."""
        said = Said(state=state, as_of=since, source=source, note=reason)
        bot, ends = interaction.client, Ends(city, partner)
        await _show(interaction, await end_tie(bot.database, bot.index, _scene(interaction), ends, said), private)

    @app_commands.command()
    @app_commands.describe(city=CITY, partner=PARTNER, private=PRIVATE)
    @app_commands.autocomplete(city=city_choices, partner=partner_choices)
    async def withdraw(self, interaction: Interaction, city: str, partner: str, private: bool = True) -> None:
        """Take back what this server said itself: what all servers see counts again (moderators)."""
        bot, ends = interaction.client, Ends(city, partner)
        await _show(interaction, await withdraw_tie(bot.database, bot.index, _scene(interaction), ends), private)

    @app_commands.command()
    @app_commands.describe(city=CITY, partner=f"{PARTNER}; all of them unless you say", private=PRIVATE)
    @app_commands.autocomplete(city=city_choices, partner=partner_choices)
    async def history(
        self, interaction: Interaction, city: str, partner: str | None = None, private: bool = True
    ) -> None:
        """Show what this server changed about a city's partnerships: who, when, from what to what."""
        bot = interaction.client
        history = await tie_history(bot.database, bot.index, guild_of(interaction), city, partner)
        await reply(interaction, history_card(history, 0, message_texts(interaction, private=private)), private=private)


def _scene(interaction: Interaction) -> Scene:
    return Scene(guild_of(interaction), member_of(interaction), interaction.client.now())


async def _show(interaction: Interaction, changed: ChangedTie, private: bool) -> None:
    await interaction.client.refresh_home(guild_of(interaction))
    await reply(interaction, tie_card(changed, message_texts(interaction, private=private)), private=private)


async def setup(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is loaded; the cogs load by name, so `/city` is there."""
    _city(bot).add_command(Ties())


async def teardown(bot: SisterCityBot) -> None:
    """Called by discord.py when the module is unloaded."""
    _city(bot).remove_command("tie")


def _city(bot: SisterCityBot) -> app_commands.Group:
    city = bot.tree.get_command("city")
    if not isinstance(city, app_commands.Group):
        raise RuntimeError("cogs/cities.py, which makes /city, must be loaded first")
    return city
