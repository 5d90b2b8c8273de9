"""Checking in: the code that organisers show, the form in which guests type it."""

import re

import discord

from bot.events.check_in import LENGTH, CheckedIn, CheckInCode, check_in, check_in_code, require_check_in
from bot.texts import Texts
from bot.ui.card import BLUE, card, note, rows
from bot.ui.events.attendee_list import AttendeesPress, ExportPress
from bot.ui.press import Form, Interaction, Press, guild_of, member_of, reader_texts, replace, reply
from bot.ui.text import line, stamp

__all__ = ["AttendeesPress", "CheckInCodePress", "CheckInForm", "CheckInPress", "ExportPress", "NewCodePress"]

MOST_TYPED = 20  # characters: the code may be typed with spaces and dashes


def code_view(code: CheckInCode, t: Texts) -> discord.ui.LayoutView:
    """The code in large letters, what to do with it, and how many have used it."""
    half = LENGTH // 2
    told = t(
        "Show or say this code where the event takes place. Whoever is there presses *Check in* on the event's card "
        "and types it in. It works from {opens} to {closes}.",
        opens=stamp(code.opens_at, "f"),
        closes=stamp(code.closes_at, "f"),
    )
    counts = f"✅ {t('Here {n}', n=code.came)} · {t('Going {n}', n=code.going)}"
    buttons = [AttendeesPress.to(code.event_id, t("Attendees")), NewCodePress.to(code.event_id, t("Make a new code"))]
    return card(
        f"### {line(code.title, 100)}",
        f"# {code.code[:half]} {code.code[half:]}",
        told,
        counts,
        *rows(buttons),
        colour=BLUE,
    )


def checked_in_view(checked_in: CheckedIn, t: Texts) -> discord.ui.LayoutView:
    """Tells a member that they are checked in."""
    title = line(checked_in.title, 100)
    text = "✅ " + t("You are checked in to **{title}** since {time}.", title=title, time=stamp(checked_in.at, "t"))
    if checked_in.walked_in:
        text += "\n-# " + t("You had not answered, so you stand under *Maybe*.")
    return note(text)


async def show_code(interaction: Interaction, event_id: int) -> None:
    """Answer an organiser privately with an event's code."""
    await reply(interaction, await _code_view(interaction, event_id, anew=False))


async def _code_view(interaction: Interaction, event_id: int, *, anew: bool) -> discord.ui.LayoutView:
    bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
    code = await check_in_code(bot.database, guild_id, event_id, member, bot.now(), anew=anew)
    bot.wake()
    return code_view(code, reader_texts(interaction))


class CheckInPress(Press, template=r"event-check-in:(?P<event>\d{1,18})"):
    """Check in: asks for the code. It stands on the card once there is one, and says when it works if not now."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "CheckInPress":
        """A button of the card."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-check-in:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot, event_id = interaction.client, int(self.match["event"])
        await require_check_in(bot.database, guild_of(interaction), event_id, bot.now())
        await interaction.response.send_modal(CheckInForm(reader_texts(interaction), event_id))


class CheckInForm(Form, template=r"event-check-in:(?P<event>\d{1,18})"):
    """The code, as it is shown or said at the event."""

    def __init__(self, t: Texts, event_id: int) -> None:
        super().__init__(f"event-check-in:{event_id}", t("Check in"))
        explained = t("Six letters and digits that the organisers show where the event takes place")
        field = discord.ui.TextInput[CheckInForm](custom_id="code", max_length=MOST_TYPED)
        self.add_item(discord.ui.Label(text=t("Code"), component=field, description=explained))

    @classmethod
    async def submitted(cls, interaction: Interaction, match: re.Match[str], values: dict[str, str]) -> None:
        bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
        typed = values.get("code", "")[:MOST_TYPED]
        checked_in = await check_in(
            bot.database, bot.check_in_tries, guild_id, int(match["event"]), member, typed, bot.now()
        )
        bot.wake()
        await reply(interaction, checked_in_view(checked_in, reader_texts(interaction)))


class CheckInCodePress(Press, template=r"event-check-in-code:(?P<event>\d{1,18})"):
    """The code, for organisers."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "CheckInCodePress":
        """A button of the organiser's panel."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-check-in-code:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        await show_code(interaction, int(self.match["event"]))


class NewCodePress(Press, template=r"event-check-in-anew:(?P<event>\d{1,18})"):
    """Another code in the place of one that got about."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "NewCodePress":
        """A button under the code."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-check-in-anew:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        await replace(interaction, await _code_view(interaction, int(self.match["event"]), anew=True))
