"""The page behind the organiser's panel: kind, track, roles, reminders, second language, thread, picture."""

import discord

from bot.events.more import More, change_choice, more, remove_picture, turn_thread
from bot.texts import Texts
from bot.ui.card import Item, card, rows
from bot.ui.choose import Choose, role_select, select
from bot.ui.events.change_press import ChangePress, organising
from bot.ui.events.draft_pages import reminder_labels, second_line, track_choices, youth_line
from bot.ui.events.event_words import kind_labels
from bot.ui.press import Interaction, reader_texts, replace
from bot.ui.roles import usable_role


def more_view(shown: More, t: Texts) -> discord.ui.LayoutView:
    """The page; each change is kept at once."""
    choices, event_id = shown.choices, shown.event_id
    reminders, ticked = reminder_labels(choices.reminder_minutes, shown.server_reminders, t)
    thread = t("Thread: yes") if choices.wants_thread else t("Thread: no")
    buttons = [ChangePress.to(event_id, "language", t("Second language…"))]
    if shown.thread_id is None:
        buttons.append(ChangePress.to(event_id, "thread", thread))
    if shown.has_picture:
        buttons.append(ChangePress.to(event_id, "nopicture", t("Remove the picture")))
    return card(
        "-# " + t("Every change is kept at once. City and picture: `/event edit`."),
        "**" + t("Kind") + "**",
        *rows([MoreChoice.to(event_id, "kind", kind_labels(t), {choices.kind})]),
        "**" + t("Track") + "**" + youth_line(choices, t),
        *rows([MoreChoice.to(event_id, "track", track_choices(t), {choices.track or "none"})]),
        "**" + t("Who may answer") + "**",
        *_role(event_id, "answer_role_id", choices.answer_role_id, t("Everyone; or choose a role")),
        *_attendee_role(shown, t),
        "**" + t("Reminders") + "**",
        *rows([MoreChoice.to(event_id, "reminder_minutes", reminders, ticked, several=True)]),
        second_line(choices),
        *rows(buttons),
        *rows([ChangePress.to(event_id, "panel", t("Back"), style=discord.ButtonStyle.primary)]),
    )


def _attendee_role(shown: More, t: Texts) -> list[Item | str]:
    role_id, head = shown.choices.attendee_role_id, "**" + t("Role for those who are going") + "**"
    if shown.role_in_use:  # whoever has it would keep it
        return [f"{head}\n<@&{role_id}>"]
    return [head, *_role(shown.event_id, "attendee_role_id", role_id, t("None; or choose a role"))]


def _role(event_id: int, field: str, role_id: int | None, placeholder: str) -> list[Item]:
    return rows([MoreChoice(role_select(f"event-more:{event_id}:{field}", role_id, placeholder))])


class MoreChoice(Choose, template=r"event-more:(?P<event>\d{1,18}):(?P<field>[a-z_]{1,30})"):
    """A select of the page."""

    @classmethod
    def to(
        cls, event_id: int, field: str, labels: dict[str, str], ticked: set[str], *, several: bool = False
    ) -> "MoreChoice":
        """A select of texts for a field."""
        return cls(select(f"event-more:{event_id}:{field}", labels, ticked, several=several))

    async def chosen(self, interaction: Interaction, values: list[str]) -> None:
        bot, field = interaction.client, self.match["field"]
        by = organising(interaction, int(self.match["event"]))
        await change_choice(bot.database, by, field, usable_role(interaction, field, values))
        bot.wake()
        await show_more(interaction, by.event_id)


async def show_more(interaction: Interaction, event_id: int) -> None:
    """Show the page in the place of the message that was pressed."""
    shown = await more(interaction.client.database, organising(interaction, event_id))
    await replace(interaction, more_view(shown, reader_texts(interaction)))


@ChangePress.does("more")
async def _open(interaction: Interaction, event_id: int) -> None:
    await show_more(interaction, event_id)


@ChangePress.does("thread")
async def _turn_thread(interaction: Interaction, event_id: int) -> None:
    await turn_thread(interaction.client.database, organising(interaction, event_id))
    interaction.client.wake()
    await show_more(interaction, event_id)


@ChangePress.does("nopicture")
async def _remove_picture(interaction: Interaction, event_id: int) -> None:
    await remove_picture(interaction.client.database, organising(interaction, event_id))
    interaction.client.wake()
    await show_more(interaction, event_id)
