"""The base of every button and form, and the one place where an error becomes a sentence.

discord.py tells nobody when a button fails, and drops a form that was opened before a restart; both end here.
"""

import logging
import re
import secrets
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import app_commands

from bot.errors import BadInput, BotError
from bot.members import Member
from bot.texts import Texts, texts
from bot.ui.card import note
from bot.ui.text import cut

if TYPE_CHECKING:
    from bot.client import SisterCityBot

    Interaction = discord.Interaction[SisterCityBot]
else:
    Interaction = discord.Interaction

logger = logging.getLogger(__name__)


ALREADY_ANSWERED, TOO_LATE = 40060, 10062  # Discord's error codes
LONGEST_SENTENCE = 2_000  # an error may repeat what was typed, which may be 6,000 characters long


def reader_texts(interaction: Interaction) -> Texts:
    """The texts in the language of the person who pressed."""
    return texts(str(interaction.locale))


def message_texts(interaction: Interaction, *, private: bool) -> Texts:
    """The texts for a message: in the reader's language if only they see it, else in the server's."""
    if private or interaction.guild_locale is None:
        return reader_texts(interaction)
    return texts(str(interaction.guild_locale))


def member_of(interaction: Interaction) -> Member:
    """The person who acts, with what Discord says they may do in this channel."""
    user, permissions = interaction.user, interaction.permissions
    roles = frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset()
    return Member(user.id, user.display_name, roles, permissions.manage_events, permissions.manage_guild)


def guild_of(interaction: Interaction) -> int:
    """The id of the server where something is done. Raises BadInput in a direct message."""
    if interaction.guild_id is None:
        raise BadInput("This works in servers only. In a direct message you can look cities up with `/city view`.")
    return interaction.guild_id


async def reply(
    interaction: Interaction, view: discord.ui.LayoutView, *, private: bool = True, file: discord.File | None = None
) -> None:
    """Answer with a new message, after a defer or before one; `file` is what the view shows as an attachment."""
    nobody, attached = discord.AllowedMentions.none(), file or discord.utils.MISSING
    if interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=private, file=attached, allowed_mentions=nobody)
    else:
        await interaction.response.send_message(view=view, ephemeral=private, file=attached, allowed_mentions=nobody)


async def replace(interaction: Interaction, view: discord.ui.LayoutView, *, file: discord.File | None = None) -> None:
    """Change the message whose button was pressed, after a defer or before one; a `file` replaces its attachments."""
    nobody, attached = discord.AllowedMentions.none(), [file] if file else discord.utils.MISSING
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, attachments=attached, allowed_mentions=nobody)
    else:
        await interaction.response.edit_message(view=view, attachments=attached, allowed_mentions=nobody)


def sentence_for(error: BaseException, t: Texts, where: str) -> str:
    """What a person is told of an error: its own sentence, or an id under which the log has it with its traceback."""
    if isinstance(error, BotError):
        return cut(error.say(t), LONGEST_SENTENCE)
    if isinstance(error, app_commands.NoPrivateMessage):
        return t("This works in servers only. In a direct message you can look cities up with `/city view`.")
    if isinstance(error, app_commands.CommandSignatureMismatch | app_commands.CommandNotFound):
        return t("This command has just changed. Please wait a minute and try it again.")
    error_id = secrets.token_hex(4)
    logger.error("error %s in %s", error_id, where, exc_info=error)
    return t(
        "Sorry, something went wrong on my side. Please check whether it worked before you try again; if it happens "
        "again, tell the people who run this bot the number `{error_id}`.",
        error_id=error_id,
    )


async def explain(interaction: Interaction, error: BaseException) -> None:
    """Tell the person what went wrong, privately."""
    while isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, discord.HTTPException) and error.code in (ALREADY_ANSWERED, TOO_LATE):
        logger.info("interaction %s was answered already or too late", interaction.id)
        return
    sentence = sentence_for(error, reader_texts(interaction), f"interaction {interaction.id}")
    try:
        await reply(interaction, note(sentence))
    except discord.HTTPException as failure:
        logger.warning("no answer to interaction %s: %s", interaction.id, failure)


async def guarded(interaction: Interaction, work: Awaitable[None]) -> None:
    """Run a press or a form; whatever it raises is explained to the person."""
    try:
        await work
    except Exception as error:
        await explain(interaction, error)


class Press(discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]], template=r"(?!)"):
    """A button whose id holds our ids; `self.match` has them. They come from outside: check them again.

    A subclass gives its `template` and `pressed`. It works after a restart, for the state is in the database.
    """

    kinds: ClassVar[list[type["Press"]]] = []

    def __init_subclass__(cls, *, template: str) -> None:
        super().__init_subclass__(template=template)
        cls.kinds.append(cls)

    def __init__(self, button: discord.ui.Button[discord.ui.LayoutView], match: re.Match[str] | None = None) -> None:
        super().__init__(button)
        matched = match or self.template.fullmatch(self.custom_id)
        if matched is None:
            raise ValueError(f"{self.custom_id} is no id of {type(self).__name__}")
        self.match = matched

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> "Press":
        return cls(item, match)

    async def callback(self, interaction: Any) -> None:
        await guarded(interaction, self.pressed(interaction))

    async def pressed(self, interaction: Interaction) -> None:
        """Do what the button says."""
        raise NotImplementedError


class Form(discord.ui.Modal):
    """A modal whose id says everything, so that it can be sent in after a restart too.

    A subclass gives its `template` and `submitted`. discord.py knows a form only until the process ends, so forms
    are not routed by it but by `submit`, from the id.
    """

    kinds: ClassVar[dict[re.Pattern[str], type["Form"]]] = {}

    def __init_subclass__(cls, *, template: str) -> None:
        super().__init_subclass__()
        cls.kinds[re.compile(template)] = cls

    def __init__(self, custom_id: str, title: str) -> None:
        # The end of the id is new each time: Discord would otherwise bring back what was typed into an older one.
        super().__init__(title=title, custom_id=f"{custom_id}:{secrets.token_hex(4)}", timeout=900)

    async def on_submit(self, interaction: Any) -> None:
        """Left to `submit`."""

    @classmethod
    async def submitted(cls, interaction: Interaction, match: re.Match[str], values: dict[str, str]) -> None:
        """Take what was typed: custom id of each input → its text."""
        raise NotImplementedError


async def route(interaction: Interaction) -> None:
    """Answer forms, and buttons from before an update, which discord.py would leave without an answer."""
    custom_id = _data(interaction).get("custom_id", "")
    if interaction.type is discord.InteractionType.modal_submit:
        for pattern, form in Form.kinds.items():
            match = pattern.fullmatch(custom_id.rpartition(":")[0])
            if match:
                await guarded(interaction, form.submitted(interaction, match, typed_values(interaction)))
                return
    elif interaction.type is not discord.InteractionType.component:
        return
    elif any(kind.__discord_ui_compiled_template__.fullmatch(custom_id) for kind in Press.kinds):
        return  # discord.py dispatches it to the class
    t = reader_texts(interaction)
    await guarded(
        interaction,
        reply(
            interaction,
            note(t("This is from before an update of the bot. Please use the command again.")),
        ),
    )


def typed_values(interaction: Interaction) -> dict[str, str]:
    """The texts of a submitted form, by the custom id of each input."""
    values: dict[str, str] = {}
    for row in _data(interaction).get("components", []):
        for field in row.get("components") or [row.get("component") or {}]:
            if "custom_id" in field:
                values[field["custom_id"]] = str(field.get("value", ""))
    return values


def _data(interaction: Interaction) -> Any:
    return interaction.data or {}
