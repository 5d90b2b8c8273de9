"""The form in which an event is typed, and the private preview before it is published."""

import re
from io import BytesIO

import discord

from bot.events import drafts
from bot.events.draft_page import Draft, Filled
from bot.events.fields import EMPTY, LONGEST, Typed
from bot.texts import Texts
from bot.ui.card import GREY, MOST_CHARACTERS, card, note, rows, rule
from bot.ui.channels import require_speaking
from bot.ui.events.draft_forms import reading_labels
from bot.ui.events.draft_pages import page_labels
from bot.ui.events.draft_press import DraftPress
from bot.ui.events.draft_text import moment_lines, settings_line, warning_lines
from bot.ui.events.event_text import PICTURE, event_items
from bot.ui.press import Form, Interaction, Press, guild_of, member_of, reader_texts, replace, reply
from bot.ui.roles import require_pinging, role_name
from bot.ui.text import cut, line

LONGEST_BUTTON = 80
FIELDS = ("title", "when", "where", "description", "capacity")


class EventForm(Form, template=r"event-form:(?P<draft>\d{1,18})"):
    """Title, when, where, description, capacity. Draft 0 is a new one; a zone is named that is not the server's."""

    def __init__(self, t: Texts, filled: Filled) -> None:
        super().__init__(f"event-form:{filled.draft_id}", t("Announce an event"))
        typed, zone = filled.typed, filled.timezone
        when_help = t("2026-12-05 19:00-21:00, or “7pm next Friday”; two hours unless you say")
        capacity_help = t("How many can come; empty for no limit")
        for key, label, value, explained in (
            ("title", t("Title"), typed.title, None),
            ("when", t("When ({zone})", zone=zone) if zone else t("When"), typed.when, when_help),
            ("where", t("Where"), typed.where, t("A place, or the link of a call")),
            ("description", t("Description"), typed.description, None),
            ("capacity", t("Seats"), typed.capacity, capacity_help),
        ):
            style = discord.TextStyle.paragraph if key == "description" else discord.TextStyle.short
            field = discord.ui.TextInput[EventForm](
                custom_id=key,
                style=style,
                default=value or None,
                required=key in ("title", "when"),
                max_length=LONGEST[key],
            )
            self.add_item(discord.ui.Label(text=label, component=field, description=explained))

    @classmethod
    async def submitted(cls, interaction: Interaction, match: re.Match[str], values: dict[str, str]) -> None:
        bot = interaction.client
        draft = await drafts.save(
            bot.database,
            guild_of(interaction),
            member_of(interaction),
            Typed(*(values.get(key, "") for key in FIELDS)),
            bot.now(),
            int(match["draft"]) or None,
        )
        await show_draft(interaction, draft)


async def show_draft(interaction: Interaction, draft: Draft) -> None:
    """Show a draft in the place of the message it was reached from, or in a new one after a command."""
    t = reader_texts(interaction)
    view = draft_view(draft, t, role_name(interaction, draft.choices.ping_role_id))
    content = draft.picture if draft.card is not None else None
    file = discord.File(BytesIO(content), PICTURE) if content is not None else None
    if interaction.message is not None:
        await replace(interaction, view, file=file)
    else:
        await reply(interaction, view, file=file)


def draft_view(draft: Draft, t: Texts, ping: str | None = None) -> discord.ui.LayoutView:
    """The preview with its buttons; or what to correct, with all that was typed kept. `ping`: the role's name."""
    if draft.card is None:
        return _problem_view(draft, t)
    head = "-# " + t("Only you see this preview.")
    below = "\n".join([*moment_lines(draft, t), settings_line(draft, t)])
    warned = "\n".join(warning_lines(draft, t))
    publish = [DraftPress.to(draft.id, "publish", t("Publish"), discord.ButtonStyle.success)]
    if ping is not None:
        label = cut(t("Publish and ping @{role}", role=ping), LONGEST_BUTTON)
        publish.append(DraftPress.to(draft.id, "ping", label, discord.ButtonStyle.success))
    more = {"change": t("Change")} | page_labels(t) | {"discard": t("Discard")}
    change = [DraftPress.to(draft.id, deed, label) for deed, label in more.items()]
    items = event_items(draft.card, t, MOST_CHARACTERS - len(head) - len(below) - len(warned))
    return card(head, *items, rule(), below, warned, *rows(publish), *rows(change))


def _problem_view(draft: Draft, t: Texts) -> discord.ui.LayoutView:
    problem = draft.problem.say(t) if draft.problem else ""
    kept = t("Nothing you typed is lost.")
    buttons = [
        DraftPress.to(draft.id, deed, label, discord.ButtonStyle.primary)
        for deed, label in zip(("first", "second"), reading_labels(draft.problem), strict=False)
    ]
    buttons += [
        DraftPress.to(draft.id, "change", t("Correct it")),
        DraftPress.to(draft.id, "discard", t("Discard")),
    ]
    return card(f"{problem}\n-# {kept}", *rows(buttons), colour=GREY)


def unfinished_view(draft: Draft, t: Texts, new_draft_id: int = 0) -> discord.ui.LayoutView:
    """Offers to go on with a draft, so that nothing typed is lost with a preview that is gone."""
    title = line(draft.typed.title, 100) or t("without a title")
    return card(
        t("You began to announce **{title}** and did not publish it.", title=title),
        *rows(
            [
                DraftPress.to(draft.id, "show", t("Go on with it"), discord.ButtonStyle.primary),
                NewEventPress.to(t("Start a new one"), new_draft_id),
                DraftPress.to(draft.id, "discard", t("Discard it")),
            ]
        ),
        colour=GREY,
    )


class NewEventPress(Press, template=r"event-new(?::(?P<draft>\d{1,18}))?"):
    """A form for another event, beside a draft that stays; its draft may hold what the command was given."""

    @classmethod
    def to(cls, label: str, draft_id: int = 0) -> "NewEventPress":
        """A button that opens the form."""
        custom_id = f"event-new:{draft_id}" if draft_id else "event-new"
        return cls(discord.ui.Button(label=label, custom_id=custom_id))

    async def pressed(self, interaction: Interaction) -> None:
        filled = Filled(0, EMPTY)
        if self.match["draft"]:
            database, draft_id = interaction.client.database, int(self.match["draft"])
            filled = await drafts.typed_into(database, guild_of(interaction), member_of(interaction), draft_id)
        await interaction.response.send_modal(EventForm(reader_texts(interaction), filled))


@DraftPress.does("change")
async def _change(interaction: Interaction, draft_id: int) -> None:
    bot, member = interaction.client, member_of(interaction)
    filled = await drafts.typed_into(bot.database, guild_of(interaction), member, draft_id)
    await interaction.response.send_modal(EventForm(reader_texts(interaction), filled))


@DraftPress.does("show")
async def _show(interaction: Interaction, draft_id: int) -> None:
    bot, member = interaction.client, member_of(interaction)
    await show_draft(interaction, await drafts.shown(bot.database, guild_of(interaction), member, draft_id, bot.now()))


@DraftPress.does("discard")
async def _discard(interaction: Interaction, draft_id: int) -> None:
    await drafts.discard(interaction.client.database, guild_of(interaction), member_of(interaction), draft_id)
    await replace(interaction, note(reader_texts(interaction)("Discarded.")))


@DraftPress.does("first")
async def _mean_the_first(interaction: Interaction, draft_id: int) -> None:
    await _settle(interaction, draft_id, 0)


@DraftPress.does("second")
async def _mean_the_second(interaction: Interaction, draft_id: int) -> None:
    await _settle(interaction, draft_id, 1)


async def _settle(interaction: Interaction, draft_id: int, reading: int) -> None:
    bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
    draft = await drafts.settle(bot.database, guild_id, member, draft_id, reading, bot.now())
    await show_draft(interaction, draft)


@DraftPress.does("publish")
async def _publish_quietly(interaction: Interaction, draft_id: int) -> None:
    await _publish(interaction, draft_id, ping=False)


@DraftPress.does("ping")
async def _publish_and_ping(interaction: Interaction, draft_id: int) -> None:
    await _publish(interaction, draft_id, ping=True)


async def _publish(interaction: Interaction, draft_id: int, *, ping: bool) -> None:
    bot, guild_id, member = interaction.client, guild_of(interaction), member_of(interaction)
    channel_id = await drafts.ready(bot.database, guild_id, member)
    draft = await drafts.shown(bot.database, guild_id, member, draft_id, bot.now())
    require_speaking(interaction, channel_id, picture=draft.picture is not None)
    if ping:
        require_pinging(interaction, draft.choices.ping_role_id, channel_id)
    await drafts.publish(bot.database, guild_id, member, draft_id, bot.now(), bot.recogniser, ping=ping)
    bot.wake()
    text = reader_texts(interaction)("Published: its card appears in {channel}.", channel=f"<#{channel_id}>")
    await replace(interaction, note(text))
