"""The pages behind a preview on which everything beside the form is chosen."""

import discord

from bot.draft_choices import MOST_GUESTS, OFFER_HOURS, REMINDERS, SERVERS, choose
from bot.draft_page import Draft
from bot.drafts import shown
from bot.pictures import remove_picture
from bot.texts import Texts
from bot.ui.card import Item, card, rows
from bot.ui.choose import Choose, role_select, select
from bot.ui.draft_press import DraftPress
from bot.ui.event_words import kind_labels, language_name, track_labels, volunteers_labels
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, replace
from bot.ui.reminder_text import all_before, before
from bot.ui.roles import require_giving, require_role
from bot.ui.text import line, stamp

Part = Item | str


def page_labels(t: Texts) -> dict[str, str]:
    """Page → what the button that leads to it says."""
    return {"details": t("Details…"), "answers": t("Answers…"), "notices": t("Roles, reminders…")}


def page_view(draft: Draft, page: str, t: Texts) -> discord.ui.LayoutView:
    """One page of a draft; each change is kept at once."""
    head = "-# " + t("Every change is kept at once.")
    parts = {"details": _details, "answers": _answers, "notices": _notices}[page](draft, t)
    back = DraftPress.to(draft.id, "show", t("Back to the preview"), discord.ButtonStyle.primary)
    return card(head, *parts, *rows([back]))


def _details(draft: Draft, t: Texts) -> list[Part]:
    choices = draft.choices
    tracks = {"none": t("No track")} | track_labels(t)
    second = [DraftPress.to(draft.id, "language", t("Second language…"))]
    if draft.picture is not None:
        second.append(DraftPress.to(draft.id, "nopicture", t("Remove the picture")))
    youth = "\n-# " + t("Names are hidden and nobody gets a direct message.")
    lines: list[Part] = [
        "**" + t("Kind") + "**",
        *_select(draft, "kind", kind_labels(t), {choices.kind}),
        "**" + t("Track") + "**" + youth * (choices.track == "youth_education"),
        *_select(draft, "track", tracks, {choices.track or "none"}),
    ]
    if choices.second_language:
        title = line(choices.second_title, 100)
        lines.append("**" + line(language_name(choices.second_language), 40) + f"** {title}")
    return [*lines, *rows(second)]


def _answers(draft: Draft, t: Texts) -> list[Part]:
    choices = draft.choices
    guests = {"0": t("No guests")} | {
        str(n): t.plural("{n} guest each", "{n} guests each", n) for n in range(1, MOST_GUESTS + 1)
    }
    hours = {str(n): t.plural("Offered for {n} hour", "Offered for {n} hours", n) for n in OFFER_HOURS if n}
    hours = {"0": t("Given to the next at once")} | hours
    names = t("Names: hidden") if choices.hide_roster else t("Names: shown")
    times = [
        (t("Answers open {time}", time=stamp(moment.at)) if moment.name == "opens" else "")
        or t("Answers close {time}", time=stamp(moment.at))
        for moment in draft.moments
        if moment.name in ("opens", "deadline")
    ]
    labels = volunteers_labels(t)
    wanted = [f"{labels[role]} {n}" for role, _, n in (one.partition(":") for one in choices.volunteers.split())]
    buttons = {"times": t("Opens and closes…"), "volunteers": t("Volunteers…"), "names": names}
    return [
        "**" + t("Who may answer") + "**",
        *_role(draft, "answer_role_id", choices.answer_role_id, t("Everyone; or choose a role")),
        "**" + t("Guests that a member may bring") + "**",
        *_select(draft, "max_guests", guests, {str(choices.max_guests)}),
        "**" + t("A seat that is freed near the start is") + "**",
        *_select(draft, "offer_hours", hours, {str(choices.offer_hours)}),
        "\n".join([*times, *([t("Wanted: {volunteers}", volunteers=" · ".join(wanted))] if wanted else [])]),
        *rows(DraftPress.to(draft.id, deed, label) for deed, label in buttons.items()),
    ]


def _notices(draft: Draft, t: Texts) -> list[Part]:
    choices = draft.choices
    ticked = {SERVERS} if choices.reminder_minutes is None else set(choices.reminder_minutes.split(","))
    servers = t("As on this server: {times}", times=all_before(draft.server_reminders, t))
    offered = sorted({*REMINDERS, *(int(n) for n in ticked if n.isdecimal())}, reverse=True)
    times = {str(n): t("{time} before", time=before(n, t)) for n in offered}
    reminders = {SERVERS: servers} | times | {"none": t("No reminders")}
    thread = t("Thread: yes") if choices.wants_thread else t("Thread: no")
    return [
        "**" + t("Role to ping when it is published") + "**",
        *_role(draft, "ping_role_id", choices.ping_role_id, t("Nobody; or choose a role")),
        "**" + t("Role for those who are going") + "**",
        *_role(draft, "attendee_role_id", choices.attendee_role_id, t("None; or choose a role")),
        "**" + t("Reminders") + "**",
        *rows(
            [DraftChoice.to(draft.id, "reminder_minutes", reminders, {one or "none" for one in ticked}, several=True)]
        ),
        *rows([DraftPress.to(draft.id, "thread", thread)]),
    ]


def _select(draft: Draft, field: str, labels: dict[str, str], ticked: set[str]) -> list[Item]:
    return rows([DraftChoice.to(draft.id, field, labels, ticked)])


def _role(draft: Draft, field: str, role_id: int | None, placeholder: str) -> list[Item]:
    return rows([DraftChoice(role_select(f"event-choice:{draft.id}:{field}", role_id, placeholder))])


PAGE_OF = {
    **dict.fromkeys(("kind", "track"), "details"),
    **dict.fromkeys(("answer_role_id", "max_guests", "offer_hours", "hide_roster"), "answers"),
    **dict.fromkeys(("ping_role_id", "attendee_role_id", "reminder_minutes", "wants_thread"), "notices"),
}


class DraftChoice(Choose, template=r"event-choice:(?P<draft>\d{1,18}):(?P<field>[a-z_]{1,30})"):
    """A select of one of the pages."""

    @classmethod
    def to(
        cls, draft_id: int, field: str, labels: dict[str, str], ticked: set[str], *, several: bool = False
    ) -> "DraftChoice":
        """A select of texts for a field of `Choices`."""
        return cls(select(f"event-choice:{draft_id}:{field}", labels, ticked, several=several))

    async def chosen(self, interaction: Interaction, values: list[str]) -> None:
        field, guild = self.match["field"], interaction.guild
        if values and field == "attendee_role_id":
            require_giving(interaction, int(values[0]))
        elif values and field == "answer_role_id" and guild and int(values[0]) == guild.default_role.id:
            values = []  # everyone
        elif values and field.endswith("_role_id"):
            require_role(interaction, int(values[0]))
        await _choose(interaction, int(self.match["draft"]), field, values)


async def _choose(interaction: Interaction, draft_id: int, field: str, values: list[str]) -> None:
    bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
    draft = await choose(bot.database, guild_id, member, draft_id, field, values, bot.now())
    await replace(interaction, page_view(draft, PAGE_OF[field], reader_texts(interaction)))


async def show_page(interaction: Interaction, draft_id: int, page: str) -> None:
    """Show a page of a draft in the place of the message that was pressed."""
    bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
    draft = await shown(bot.database, guild_id, member, draft_id, bot.now())
    await replace(interaction, page_view(draft, page, reader_texts(interaction)))


@DraftPress.does("details")
async def _show_details(interaction: Interaction, draft_id: int) -> None:
    await show_page(interaction, draft_id, "details")


@DraftPress.does("answers")
async def _show_answers(interaction: Interaction, draft_id: int) -> None:
    await show_page(interaction, draft_id, "answers")


@DraftPress.does("notices")
async def _show_notices(interaction: Interaction, draft_id: int) -> None:
    await show_page(interaction, draft_id, "notices")


@DraftPress.does("names")
async def _turn_names(interaction: Interaction, draft_id: int) -> None:
    await _choose(interaction, draft_id, "hide_roster", [])


@DraftPress.does("thread")
async def _turn_thread(interaction: Interaction, draft_id: int) -> None:
    await _choose(interaction, draft_id, "wants_thread", [])


@DraftPress.does("nopicture")
async def _remove_picture(interaction: Interaction, draft_id: int) -> None:
    await remove_picture(interaction.client.database, guild_of(interaction), member_of(interaction), draft_id)
    await show_page(interaction, draft_id, "details")
