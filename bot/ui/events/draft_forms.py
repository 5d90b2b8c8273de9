"""The small forms behind a preview: when answers open and close, volunteers, a second language.

What cannot be used is handed back in the ids of the buttons below the sentence: there is no column for it, and nothing
typed may be lost.
"""

import re
from dataclasses import dataclass

import discord

from bot.dates.days import spoken
from bot.dates.when import AmbiguousDate
from bot.errors import BadInput
from bot.events import draft_choices
from bot.events.draft_page import Draft
from bot.events.drafts import shown
from bot.events.fields import LONGEST_SECOND, VOLUNTEERS
from bot.events.page import wanted
from bot.texts import Texts
from bot.ui.card import GREY, card, rows
from bot.ui.events.draft_pages import page_view
from bot.ui.events.draft_press import DraftPress
from bot.ui.events.event_words import language_name, volunteers_labels
from bot.ui.press import Form, Interaction, Press, guild_of, member_of, reader_texts, replace

BETWEEN = "|"  # stands between what was typed in the id of a button
PAGE_OF = {"times": "answers", "volunteers": "answers", "language": "details"}


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form; `kept` ones are in the draft whatever happens, so no id has to hold them."""

    key: str
    label: str
    longest: int
    help: str | None = None
    kept: bool = False
    paragraph: bool = False


def fields(form: str, t: Texts, zone: str = "") -> list[Field]:
    """The inputs of one of the forms; the ids of buttons have room for 60 characters of them.

    `zone` is where times are typed, an IANA name; it is told where it is not the server's.
    """
    if form == "times":
        example = t("2026-12-05 19:00, or “7pm next Friday”") + (f" ({zone})" if zone else "")
        return [
            Field("opens", t("Answers open"), 30, t("Empty: at once. {example}", example=example)),
            Field("closes", t("Answers close"), 30, t("Empty: when it begins. {example}", example=example)),
        ]
    if form == "volunteers":
        return [Field(role, label, 4, t("How many you look for")) for role, label in volunteers_labels(t).items()]
    longest = LONGEST_SECOND
    return [
        Field("language", t("Language"), 40, t("Its name or its code: “Hungarian”, “hu”")),
        Field("title", t("Title in that language"), longest["title"], t("Empty: no second language"), kept=True),
        Field("description", t("Description in that language"), longest["description"], kept=True, paragraph=True),
    ]


class SmallForm(Form, template=r"event-small:(?P<form>times|volunteers|language):(?P<draft>\d{1,18})"):
    """One of the three; nothing in it has to be filled in."""

    def __init__(self, t: Texts, form: str, draft_id: int, typed: dict[str, str], zone: str = "") -> None:
        titles = {
            "times": t("When answers open and close"),
            "volunteers": t("Volunteers"),
            "language": t("A second language"),
        }
        super().__init__(f"event-small:{form}:{draft_id}", titles[form])
        for field in fields(form, t, zone):
            box = discord.ui.TextInput[SmallForm](
                custom_id=field.key,
                style=discord.TextStyle.paragraph if field.paragraph else discord.TextStyle.short,
                default=typed.get(field.key) or None,
                required=False,
                max_length=field.longest,
            )
            self.add_item(discord.ui.Label(text=field.label, component=box, description=field.help))

    @classmethod
    async def submitted(cls, interaction: Interaction, match: re.Match[str], values: dict[str, str]) -> None:
        await _take(interaction, match["form"], int(match["draft"]), values)


class AgainPress(
    Press,
    template=r"event-again:(?P<deed>send|open):(?P<form>times|volunteers|language):(?P<draft>\d{1,18}):(?P<typed>[\s\S]*)",
):
    """A form again with what was typed into it, in its id: to be corrected, or sent in with another reading."""

    @classmethod
    def to(cls, deed: str, form: str, draft_id: int, typed: dict[str, str], label: str, t: Texts) -> "AgainPress":
        """A button below the sentence that says what is wrong."""
        values = BETWEEN.join(
            typed.get(field.key, "")[: field.longest].replace(BETWEEN, " ")
            for field in fields(form, t)
            if not field.kept
        )
        style = discord.ButtonStyle.primary if deed == "send" else discord.ButtonStyle.secondary
        custom_id = f"event-again:{deed}:{form}:{draft_id}:{values}"
        return cls(discord.ui.Button(label=label, style=style, custom_id=custom_id))

    async def pressed(self, interaction: Interaction) -> None:
        form, draft_id, t = self.match["form"], int(self.match["draft"]), reader_texts(interaction)
        keys = [field.key for field in fields(form, t) if not field.kept]
        typed = dict(zip(keys, self.match["typed"].split(BETWEEN), strict=False))
        if self.match["deed"] == "send":
            await _take(interaction, form, draft_id, typed)
        else:
            await _open(interaction, form, draft_id, typed)


async def _take(interaction: Interaction, form: str, draft_id: int, typed: dict[str, str]) -> None:
    t = reader_texts(interaction)
    try:
        draft = await _keep(interaction, form, draft_id, typed)
    except BadInput as problem:
        await replace(interaction, _problem_view(problem, form, draft_id, typed, t))
    else:
        await replace(interaction, page_view(draft, PAGE_OF[form], t))


async def _keep(interaction: Interaction, form: str, draft_id: int, typed: dict[str, str]) -> Draft:
    bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
    whose, now = (bot.database, guild_id, member, draft_id), bot.now()
    if form == "times":
        return await draft_choices.set_times(*whose, typed.get("opens", ""), typed.get("closes", ""), now)
    if form == "volunteers":
        return await draft_choices.set_volunteers(*whose, typed, now)
    second = (typed.get("language", ""), typed.get("title", ""), typed.get("description", ""))
    return await draft_choices.set_second(*whose, second, str(interaction.locale), now)


async def _open(interaction: Interaction, form: str, draft_id: int, typed: dict[str, str] | None = None) -> None:
    """Open a form with what the draft has, and what was typed instead."""
    bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
    draft = await shown(bot.database, guild_id, member, draft_id, bot.now())
    choices, values = draft.choices, dict[str, str]()
    if form == "times":
        opens, closes = await draft_choices.typed_times(bot.database, guild_id, member, draft_id)
        values = {"opens": opens, "closes": closes}
    elif form == "volunteers":
        values = {role: str(n) for role, n in wanted(choices.volunteers).items() if role in VOLUNTEERS}
    else:
        language = language_name(choices.second_language) if choices.second_language else ""
        values = {"language": language, "title": choices.second_title, "description": choices.second_description}
    zone = draft.timezone if draft.timezone != draft.server_timezone else ""
    form_ = SmallForm(reader_texts(interaction), form, draft_id, values | (typed or {}), zone)
    await interaction.response.send_modal(form_)


def reading_labels(problem: BaseException | None) -> list[str]:
    """What the two buttons say that settle an ambiguous date: each day with its month's name."""
    return [spoken(reading) for reading in problem.readings] if isinstance(problem, AmbiguousDate) else []


def _problem_view(
    problem: BadInput, form: str, draft_id: int, typed: dict[str, str], t: Texts
) -> discord.ui.LayoutView:
    buttons: list[Press] = []
    if isinstance(problem, AmbiguousDate):
        for label, text in zip(reading_labels(problem), problem.rewritten, strict=True):
            settled = {key: text if value.strip() == problem.typed else value for key, value in typed.items()}
            buttons.append(AgainPress.to("send", form, draft_id, settled, label, t))
    buttons.append(AgainPress.to("open", form, draft_id, typed, t("Correct it"), t))
    buttons.append(DraftPress.to(draft_id, PAGE_OF[form], t("Leave it as it was")))
    return card(f"{problem.say(t)}\n-# " + t("Nothing you typed is lost."), *rows(buttons), colour=GREY)


@DraftPress.does("times")
async def _open_times(interaction: Interaction, draft_id: int) -> None:
    await _open(interaction, "times", draft_id)


@DraftPress.does("volunteers")
async def _open_volunteers(interaction: Interaction, draft_id: int) -> None:
    await _open(interaction, "volunteers", draft_id)


@DraftPress.does("language")
async def _open_language(interaction: Interaction, draft_id: int) -> None:
    await _open(interaction, "language", draft_id)
