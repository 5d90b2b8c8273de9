"""The pages behind a preview on which everything beside the form is chosen."""

import discord

from bot.events.draft_choices import MOST_GUESTS, OFFER_HOURS, REMINDERS, SERVERS, choose
from bot.events.draft_page import Choices, Draft
from bot.events.drafts import shown
from bot.events.page import YOUTH
from bot.events.pictures import remove_picture
from bot.texts import Texts
from bot.ui.card import Item, card, rows
from bot.ui.choose import Choose, role_select, select
from bot.ui.events.draft_press import DraftPress
from bot.ui.events.event_words import kind_labels, language_name, track_labels, volunteers_labels
from bot.ui.events.reminder_text import all_before, before
from bot.ui.press import Interaction, guild_of, member_of, reader_texts, replace
from bot.ui.roles import usable_role
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
    second = [DraftPress.to(draft.id, "language", t("Second language…"))]
    if draft.picture is not None:
        second.append(DraftPress.to(draft.id, "nopicture", t("Remove the picture")))
    lines: list[Part] = [
        "**" + t("Kind") + "**",
        *_select(draft, "kind", kind_labels(t), {choices.kind}),
        "**" + t("Track") + "**" + youth_line(choices, t),
        *_select(draft, "track", track_choices(t), {choices.track or "none"}),
        second_line(choices),
    ]
    return [*lines, *rows(second)]


def track_choices(t: Texts) -> dict[str, str]:
    """The tracks, and none."""
    return {"none": t("No track")} | track_labels(t)


def youth_line(choices: Choices, t: Texts) -> str:
    """What the track for the young entails, below it; empty for any other."""
    return "\n-# " + t("Names are hidden and nobody gets a direct message.") if choices.track == YOUTH else ""


def second_line(choices: Choices) -> str:
    """The second language and the title in it; empty where there is none."""
    if not choices.second_language:
        return ""
    return f"**{line(language_name(choices.second_language), 40)}** {line(choices.second_title, 100)}"


def reminder_labels(stored: str | None, server_reminders: str, t: Texts) -> tuple[dict[str, str], set[str]]:
    """What a select of reminders offers, and what of it is ticked; `stored` as in the column."""
    ticked = {SERVERS} if stored is None else set(stored.split(","))
    offered = sorted({*REMINDERS, *(int(n) for n in ticked if n.isdecimal())}, reverse=True)
    servers = t("As on this server: {times}", times=all_before(server_reminders, t))
    times = {str(n): t("{time} before", time=before(n, t)) for n in offered}
    return {SERVERS: servers} | times | {"none": t("No reminders")}, {one or "none" for one in ticked}


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
    reminders, ticked = reminder_labels(choices.reminder_minutes, draft.server_reminders, t)
    thread = t("Thread: yes") if choices.wants_thread else t("Thread: no")
    return [
        "**" + t("Role to ping when it is published") + "**",
        *_role(draft, "ping_role_id", choices.ping_role_id, t("Nobody; or choose a role")),
        "**" + t("Role for those who are going") + "**",
        *_role(draft, "attendee_role_id", choices.attendee_role_id, t("None; or choose a role")),
        "**" + t("Reminders") + "**",
        *rows([DraftChoice.to(draft.id, "reminder_minutes", reminders, ticked, several=True)]),
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
        field = self.match["field"]
        await _choose(interaction, int(self.match["draft"]), field, usable_role(interaction, field, values))


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
