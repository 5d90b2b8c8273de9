"""The form in which an event is typed, and the private preview before it is published."""

import re

import discord

from bot import drafts
from bot.drafts import LONGEST, Draft, Typed
from bot.texts import Texts
from bot.ui.card import GREY, MOST_CHARACTERS, Item, card, note, rows, rule
from bot.ui.channels import require_speaking
from bot.ui.event_text import LONGEST_PLACE, event_items
from bot.ui.press import Form, Interaction, Press, guild_of, member_of, reader_texts, replace, reply
from bot.ui.text import line

MOST_ASLEEP = 6  # cities named in the warning


class EventForm(Form, template=r"event-form:(?P<draft>\d{1,18})"):
    """Title, when, where, description, capacity. Draft 0 is a new one."""

    def __init__(self, t: Texts, typed: Typed, draft_id: int = 0) -> None:
        super().__init__(f"event-form:{draft_id}", t("Announce an event"))
        when_help = t("2026-12-05 19:00-21:00, or “7pm next Friday”; two hours unless you say")
        capacity_help = t("How many can come; empty for no limit")
        for key, label, value, explained in (
            ("title", t("Title"), typed.title, None),
            ("when", t("When"), typed.when, when_help),
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
        typed = Typed(*(values.get(key, "") for key in ("title", "when", "where", "description", "capacity")))
        bot = interaction.client
        draft = await drafts.save(
            bot.database,
            guild_of(interaction),
            member_of(interaction),
            typed,
            bot.now(),
            int(match["draft"]) or None,
        )
        view = draft_view(draft, reader_texts(interaction))
        if interaction.message is not None:  # the form was opened from a preview: bring that one up to date
            await replace(interaction, view)
        else:
            await reply(interaction, view)


def draft_view(draft: Draft, t: Texts) -> discord.ui.LayoutView:
    """The preview with Publish, Change, Discard; or what to correct, with all that was typed kept."""
    if draft.card is None:
        problem = draft.problem.say(t) if draft.problem else ""
        kept = t("Nothing you typed is lost.")
        return card(
            f"{problem}\n-# {kept}",
            *rows(
                [DraftPress.to(draft.id, "change", t("Correct it")), DraftPress.to(draft.id, "discard", t("Discard"))]
            ),
            colour=GREY,
        )
    warnings = []
    if draft.doubled:
        warnings.append(t("Clocks go back around then, so that time comes twice: the first one is meant."))
    asleep = [line(name, LONGEST_PLACE) for clock in draft.card.clocks if clock.night for name in clock.names]
    if asleep:
        cities, more = ", ".join(asleep[:MOST_ASLEEP]), len(asleep) - MOST_ASLEEP
        if more > 0:
            cities = t("{names} and {n} more", names=cities, n=more)
        warnings.append(t("It will be night (midnight to 6 a.m.) in {cities}.", cities=cities))
    buttons: list[Item] = [
        DraftPress.to(draft.id, "publish", t("Publish"), discord.ButtonStyle.success),
        DraftPress.to(draft.id, "change", t("Change")),
        DraftPress.to(draft.id, "discard", t("Discard")),
    ]
    head = "-# " + t("Only you see this preview.")
    warned = "\n".join(f"⚠️ {text}" for text in warnings)
    items = event_items(draft.card, t, MOST_CHARACTERS - len(head) - len(warned))
    return card(head, *items, rule(), warned, *rows(buttons))


def unfinished_view(draft: Draft, t: Texts) -> discord.ui.LayoutView:
    """Offers to go on with a draft, so that nothing typed is lost with a preview that is gone."""
    title = line(draft.typed.title, 100) or t("without a title")
    return card(
        t("You began to announce **{title}** and did not publish it.", title=title),
        *rows(
            [
                DraftPress.to(draft.id, "show", t("Go on with it"), discord.ButtonStyle.primary),
                NewEventPress.to(t("Start a new one")),
                DraftPress.to(draft.id, "discard", t("Discard it")),
            ]
        ),
        colour=GREY,
    )


class NewEventPress(Press, template=r"event-new"):
    """An empty form, beside a draft that stays."""

    @classmethod
    def to(cls, label: str) -> "NewEventPress":
        """A button that opens the form."""
        return cls(discord.ui.Button(label=label, custom_id="event-new"))

    async def pressed(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(EventForm(reader_texts(interaction), drafts.EMPTY))


class DraftPress(Press, template=r"event-draft:(?P<draft>\d{1,18}):(?P<deed>publish|change|show|discard)"):
    """Publish, change, show again or discard a draft."""

    @classmethod
    def to(
        cls,
        draft_id: int,
        deed: str,
        label: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> "DraftPress":
        """A button of the preview."""
        return cls(discord.ui.Button(label=label, style=style, custom_id=f"event-draft:{draft_id}:{deed}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot, t = interaction.client, reader_texts(interaction)
        draft_id, guild_id, member = int(self.match["draft"]), guild_of(interaction), member_of(interaction)
        if self.match["deed"] == "change":
            typed = await drafts.typed_into(bot.database, guild_id, member, draft_id)
            await interaction.response.send_modal(EventForm(t, typed, draft_id))
        elif self.match["deed"] == "show":
            draft = await drafts.shown(bot.database, guild_id, member, draft_id, bot.now())
            await replace(interaction, draft_view(draft, t))
        elif self.match["deed"] == "discard":
            await drafts.discard(bot.database, guild_id, member, draft_id)
            await replace(interaction, note(t("Discarded.")))
        else:
            require_speaking(interaction, await drafts.ready(bot.database, guild_id, member))
            channel_id = await drafts.publish(bot.database, guild_id, member, draft_id, bot.now(), bot.recogniser)
            bot.wake()
            await replace(interaction, note(t("Published: its card appears in {channel}.", channel=f"<#{channel_id}>")))
