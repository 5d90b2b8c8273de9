"""The card of an event, its buttons, and the notice to somebody who moved up."""

from collections.abc import Sequence

import discord

from bot.clocks import Clock
from bot.events import Answered, EventCard
from bot.rsvp import Choice, Standing
from bot.texts import Texts, texts
from bot.ui.card import GREEN, GREY, MOST_CHARACTERS, Item, card, note, rows, rule
from bot.ui.press import Interaction, Press, member_of, reader_texts, replace, reply
from bot.ui.text import cut, line, plain, stamp, time_of_day

GROUPS, NAMES_A_GROUP = 6, 2  # of partner clocks on the card; the rest is behind a button
LONGEST_NAME = 32
RESERVE = 300  # characters kept for headings and "and 312 more"


def event_view(event: EventCard) -> discord.ui.LayoutView:
    """The public card of an event, in the server's language, with its answer buttons."""
    t = texts(event.locale)
    items = event_items(event, t)
    return card(*items, *rows(_buttons(event, t)), colour=GREEN if event.status == "open" else GREY)


def event_items(event: EventCard, t: Texts) -> list[Item | str]:
    """What stands on the card, without its buttons; within Discord's limits whatever was typed."""
    head = _head(event, t)
    clocks = clock_line(event.clocks, t)
    description = _fitted(event.description, 1900)
    space = MOST_CHARACTERS - RESERVE - len(head) - len(clocks) - len(description)
    parts: list[Item | str | None] = [head, clocks, description, rule(), _roster(event, space, t)]
    return [part for part in parts if part]


def _head(event: EventCard, t: Texts) -> str:
    title = line(event.title, 100)
    if event.status == "cancelled":
        title = f"~~{title}~~\n" + t("**Cancelled**")
    lines = [
        f"## {title}",
        "-# " + t("hosted by {name}", name=line(event.host_name, LONGEST_NAME)),
        f"{stamp(event.starts_at)} ({stamp(event.starts_at, 'R')}) – {stamp(event.ends_at, 't')}",
    ]
    if event.location:
        lines.append(f"📍 {line(event.location, 200)}")
    return "\n".join(lines)


def _fitted(text: str, limit: int) -> str:
    """Several lines of somebody's words, escaped, in at most `limit` characters after escaping."""
    safe = plain(text)
    length = len(text)
    while len(safe) > limit:
        length = length * limit // len(safe)
        safe = plain(cut(text, length))
    return safe


def clock_line(all_clocks: Sequence[Clock], t: Texts) -> str:
    """The clocks of the partners on one small line, at most six groups of two names."""
    if not all_clocks:
        return ""
    # The larger groups say most; what is shown stays in order from west to east.
    largest = sorted(all_clocks, key=lambda clock: -len(clock.names))[:GROUPS]
    shown = [clock for clock in all_clocks if clock in largest]
    return "-# " + " · ".join(_clock(clock, t, NAMES_A_GROUP) for clock in shown)


def _clock(clock: Clock, t: Texts, most: int) -> str:
    names = ", ".join(line(name, 40) for name in clock.names[:most])
    if len(clock.names) > most:
        names += f" +{len(clock.names) - most}"
    return f"{names} {time_of_day(clock.local, t)}" + day_words(clock.day, t)


def day_words(day: int, t: Texts) -> str:
    """How a clock's date differs from the home city's, as words to put behind the time."""
    if day == 0:
        return ""
    if abs(day) > 1:
        return " *" + t("{n} days later", n=day) + "*" if day > 0 else " *" + t("{n} days earlier", n=-day) + "*"
    return " *" + (t("next day") if day > 0 else t("the day before")) + "*"


def clocks_view(event: EventCard, t: Texts) -> discord.ui.LayoutView:
    """All partner clocks at the start of an event, one time a line."""
    lines, space = [], MOST_CHARACTERS - RESERVE
    for clock in event.clocks:
        text = _clock(clock, t, 12) + (" 🌙" if clock.night else "")
        space -= len(text) + 1
        if space > 0:
            lines.append(text)
    return card("### " + t("When it is {time}", time=stamp(event.starts_at)), "\n".join(lines))


def _roster(event: EventCard, space: int, t: Texts) -> str:
    seats = f"{len(event.going)} / {event.capacity}" if event.capacity is not None else str(len(event.going))
    numbered = tuple(f"{place}. {name}" for place, name in enumerate(event.waiting, start=1))
    groups = [(t("Going {n}", n=seats), event.going)]
    if event.waiting:
        groups.append((t("Waiting {n}", n=len(event.waiting)), numbered))
    if event.maybe:
        groups.append((t("Maybe {n}", n=len(event.maybe)), event.maybe))
    return "\n".join(_names(title, names, space // len(groups), t) for title, names in groups)


def _names(title: str, names: Sequence[str], space: int, t: Texts) -> str:
    shown = [line(name, LONGEST_NAME + 5) for name in names]
    kept = len(shown)
    while kept and sum(len(name) + 2 for name in shown[:kept]) > space - 60:
        kept -= 1
    text = ", ".join(shown[:kept])
    if kept < len(shown):
        text = t("{names} and {n} more", names=text, n=len(shown) - kept)
    return f"**{title}**\n{text}" if text else f"**{title}**"


def _buttons(event: EventCard, t: Texts) -> list[Item]:
    open_ = event.status == "open"
    going = t("Join waiting list") if event.full else t("Going")
    labels = {Choice.GOING: going, Choice.MAYBE: t("Maybe"), Choice.NO: t("Can't go")}
    buttons: list[Item] = [AnswerPress.to(event.id, choice, label, open_) for choice, label in labels.items()]
    if len(event.clocks) > GROUPS or any(len(clock.names) > NAMES_A_GROUP for clock in event.clocks):
        buttons.append(ClocksPress.to(event.id, t("All clocks")))
    return buttons


def promotion_notice(event: EventCard, t: Texts, mention: str | None = None) -> discord.ui.LayoutView:
    """Tells a member that a seat became theirs."""
    text = t(
        "A seat opened, and it is yours: you are now going to **{title}**, {when}. "
        "If you cannot come, please press *Can't go* on the event, so that the next in line moves up.",
        title=line(event.title, 100),
        when=stamp(event.starts_at),
    )
    return note(f"{mention} {text}" if mention else text)


def where_you_stand(answered: Answered, t: Texts) -> str:
    """The result of a press, for the one who pressed."""
    if answered.standing is Standing.WAITING:
        place = answered.place
        return t(
            "It is full, so you are on the waiting list: number {place}. I tell you when a seat is yours.", place=place
        )
    if answered.standing is Standing.GOING:
        return t("You are going.")
    return t("Noted: maybe.") if answered.standing is Standing.MAYBE else t("Noted: you can't go.")


class AnswerPress(Press, template=r"event-answer:(?P<event>\d{1,18}):(?P<choice>going|maybe|no)"):
    """Going, Maybe or Can't go."""

    @classmethod
    def to(cls, event_id: int, choice: Choice, label: str, enabled: bool) -> "AnswerPress":
        """A button of the card; it is off once the event is cancelled."""
        style = discord.ButtonStyle.success if choice is Choice.GOING else discord.ButtonStyle.secondary
        custom_id = f"event-answer:{event_id}:{choice.value}"
        return cls(discord.ui.Button(label=label, style=style, custom_id=custom_id, disabled=not enabled))

    async def pressed(self, interaction: Interaction) -> None:
        bot = interaction.client
        member = member_of(interaction)
        answered = await bot.events.answer(
            interaction.guild_id or 0, int(self.match["event"]), member, Choice(self.match["choice"]), bot.now()
        )
        bot.wake()
        view = event_view(answered.card)
        await replace(interaction, view)
        if answered.standing is Standing.NO or not _named_on(view, member.name):
            await reply(interaction, note(where_you_stand(answered, reader_texts(interaction))))


def _named_on(view: discord.ui.LayoutView, name: str) -> bool:
    shown = line(name, LONGEST_NAME + 5)
    return any(isinstance(item, discord.ui.TextDisplay) and shown in item.content for item in view.walk_children())


class ClocksPress(Press, template=r"event-clocks:(?P<event>\d{1,18})"):
    """All clocks of the partners, privately."""

    @classmethod
    def to(cls, event_id: int, label: str) -> "ClocksPress":
        """A button of the card."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-clocks:{event_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        event = await interaction.client.events.card(interaction.guild_id or 0, int(self.match["event"]))
        await reply(interaction, clocks_view(event, reader_texts(interaction)))
