"""The card of an event, its buttons, and the notice to somebody who moved up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import discord

from bot.answers import Answered
from bot.clocks import Clock, zone_of
from bot.event_page import EventCard
from bot.rsvp import Choice, Standing
from bot.texts import Texts, texts
from bot.ui.card import GREEN, GREY, MOST_CHARACTERS, Item, card, note, rows, rule
from bot.ui.press import Interaction, Press, guild_of, member_of, reader_texts, replace, reply
from bot.ui.text import cut, line, plain, stamp, time_of_day

GROUPS, NAMES_A_GROUP = 6, 2  # of partner clocks on the card; the rest is behind a button
LONGEST_NAME, LONGEST_PLACE, LONGEST_LOCATION = 32, 40, 200
LONGEST_DESCRIPTION = 1_900  # characters after escaping
LEAST_ROSTER = 400  # characters that a description leaves to the names
RESERVE = 40  # characters kept in each list of names for "and 312 more"


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is coming, as text, and how many of each standing it names."""

    text: str
    named: Mapping[Standing, int]

    def names(self, answered: Answered) -> bool:
        """Whether the one who answered is among the names."""
        return answered.place <= self.named.get(answered.standing, 0)


def event_view(event: EventCard) -> discord.ui.LayoutView:
    """The public card of an event, in the server's language, with its answer buttons."""
    return _view_and_roster(event)[0]


def event_items(event: EventCard, t: Texts, space: int = MOST_CHARACTERS) -> list[Item | str]:
    """What stands on the card, without its buttons; in at most `space` characters whatever was typed."""
    return _items_and_roster(event, t, space)[0]


def _view_and_roster(event: EventCard) -> tuple[discord.ui.LayoutView, Roster]:
    t = texts(event.locale)
    items, roster = _items_and_roster(event, t, MOST_CHARACTERS)
    colour = GREEN if event.status == "open" else GREY
    return card(*items, *rows(_buttons(event, t)), colour=colour), roster


def _items_and_roster(event: EventCard, t: Texts, space: int) -> tuple[list[Item | str], Roster]:
    head, clocks = _head(event, t), clock_line(event, t)
    space -= len(head) + len(clocks)
    description = _fitted(event.description, min(LONGEST_DESCRIPTION, space - LEAST_ROSTER))
    roster = _roster(event, space - len(description), t)
    parts: list[Item | str] = [head, clocks, description, rule(), roster.text]
    return [part for part in parts if part], roster


def _head(event: EventCard, t: Texts) -> str:
    title = line(event.title, 100)
    if event.status == "cancelled":
        title = f"~~{title}~~\n" + t("**Cancelled**")
    lines = [
        f"## {title}",
        "-# " + t("hosted by {name}", name=line(event.host_name, LONGEST_NAME)),
        f"{stamp(event.starts_at)} – {_end(event)} ({stamp(event.starts_at, 'R')})",
    ]
    if event.location:
        place = cut(" ".join(event.location.split()), LONGEST_LOCATION)
        lines.append(f"📍 {plain(place, links=True)}")  # typed by a moderator; a call is joined by a press
    return "\n".join(lines)


def _end(event: EventCard) -> str:
    zone = zone_of(event.timezone)
    same_day = event.starts_at.astimezone(zone).date() == event.ends_at.astimezone(zone).date()
    return stamp(event.ends_at, "t" if same_day else "f")


def _fitted(text: str, limit: int) -> str:
    """Several lines of a moderator's words, escaped, in at most `limit` characters after escaping."""
    safe = plain(text, links=True)
    length = len(text)
    while len(safe) > limit:
        length = length * limit // len(safe)
        safe = plain(cut(text, length), links=True)
    return safe


def clock_line(event: EventCard, t: Texts) -> str:
    """The home city's and partners' clocks on one small line, at most six groups of two names."""
    if not event.clocks:
        return ""
    # Home is always shown, then the larger groups, which say most; they stay in order from west to east.
    first = sorted(event.clocks, key=lambda clock: (not _is_home(clock, event), -len(clock.names)))[:GROUPS]
    shown = [clock for clock in event.clocks if clock in first]
    return "-# " + " · ".join(_clock(clock, t, NAMES_A_GROUP) for clock in shown)


def _is_home(clock: Clock, event: EventCard) -> bool:
    if event.home_timezone is None:
        return False
    return clock.local.utcoffset() == clock.local.astimezone(zone_of(event.home_timezone)).utcoffset()


def _clock(clock: Clock, t: Texts, most: int) -> str:
    names = ", ".join(line(name, LONGEST_PLACE) for name in clock.names[:most])
    if len(clock.names) > most:
        names += f" (+{len(clock.names) - most})"
    return f"{names} {time_of_day(clock.local, t)}" + day_words(clock.day, t)


def day_words(day: int, t: Texts) -> str:
    """How a clock's date differs from the home city's, as words to put behind the time."""
    if day == 0:
        return ""
    if abs(day) > 1:
        return " *" + t("{n} days later", n=day) + "*" if day > 0 else " *" + t("{n} days earlier", n=-day) + "*"
    return " *" + (t("next day") if day > 0 else t("the day before")) + "*"


def clocks_view(event: EventCard, t: Texts) -> discord.ui.LayoutView:
    """All clocks at the start of an event, one time a line; names are left out only where there are hundreds."""
    title = "### " + t("When it is {time}", time=stamp(event.starts_at))
    for most in (1_000, 60, 20, 6, 2, 1):
        lines = [_clock(clock, t, most) + (" 🌙" if clock.night else "") for clock in event.clocks]
        text = "\n".join(lines)
        if len(title) + len(text) <= MOST_CHARACTERS:
            break
    return card(title, text[: MOST_CHARACTERS - len(title)])


def _roster(event: EventCard, space: int, t: Texts) -> Roster:
    seats = f"{len(event.going)} / {event.capacity}" if event.capacity is not None else str(len(event.going))
    titles = {
        Standing.GOING: t("Going {n}", n=seats),
        Standing.WAITING: t("Waiting {n}", n=len(event.waiting)),
        Standing.MAYBE: t("Maybe {n}", n=len(event.maybe)),
    }
    names = {Standing.GOING: event.going, Standing.WAITING: event.waiting, Standing.MAYBE: event.maybe}
    listed = [standing for standing in titles if names[standing] or standing is Standing.GOING]
    texts_of, named = dict.fromkeys(listed, ""), dict.fromkeys(listed, 0)
    # Short lists are written out first; what they leave is for the long ones.
    for done, standing in enumerate(sorted(listed, key=lambda standing: len(names[standing]))):
        share = space // (len(listed) - done)
        numbered = standing is Standing.WAITING
        texts_of[standing], named[standing] = _names(titles[standing], names[standing], share, t, numbered=numbered)
        space -= len(texts_of[standing]) + 1
    return Roster("\n".join(texts_of.values()), named)


def _names(title: str, names: Sequence[str], space: int, t: Texts, *, numbered: bool) -> tuple[str, int]:
    """A heading with as many names as fit, and their number."""
    head = f"**{title}**  " if numbered else f"**{title}**\n"
    shown: list[str] = []
    space -= len(head) + RESERVE
    for place, name in enumerate(names, start=1):
        text = f"{place}. " * numbered + line(name, LONGEST_NAME)
        space -= len(text) + 2
        if space < 0:
            break
        shown.append(text)
    text = ", ".join(shown)
    if len(shown) < len(names):
        more = len(names) - len(shown)
        text = t("{names} and {n} more", names=text, n=more) if shown else t("and {n} more", n=more)
    return (head + text).rstrip(), len(shown)


def _buttons(event: EventCard, t: Texts) -> list[Item]:
    open_ = event.status == "open"
    going = t("Join waiting list") if event.full else t("Going")
    labels = {Choice.GOING: going, Choice.MAYBE: t("Maybe"), Choice.NO: t("Can't go")}
    buttons: list[Item] = [AnswerPress.to(event.id, choice, label, open_) for choice, label in labels.items()]
    if len(event.clocks) > GROUPS or any(len(clock.names) > NAMES_A_GROUP for clock in event.clocks):
        buttons.append(ClocksPress.to(event.id, t("All clocks"), open_))
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
        return t(
            "It is full, so you are on the waiting list: number {place}. I'll tell you when a seat is yours.",
            place=answered.place,
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
            guild_of(interaction), int(self.match["event"]), member, Choice(self.match["choice"]), bot.now()
        )
        bot.wake()
        view, roster = _view_and_roster(answered.card)
        await replace(interaction, view)
        # The card itself answers whoever finds a new name of theirs on it; everybody else needs a word.
        plain_to_see = answered.changed and roster.names(answered)
        if not plain_to_see or answered.standing is Standing.WAITING:
            await reply(interaction, note(where_you_stand(answered, reader_texts(interaction))))


class ClocksPress(Press, template=r"event-clocks:(?P<event>\d{1,18})"):
    """All clocks of the partners, privately."""

    @classmethod
    def to(cls, event_id: int, label: str, enabled: bool) -> "ClocksPress":
        """A button of the card."""
        return cls(discord.ui.Button(label=label, custom_id=f"event-clocks:{event_id}", disabled=not enabled))

    async def pressed(self, interaction: Interaction) -> None:
        event = await interaction.client.events.card(guild_of(interaction), int(self.match["event"]))
        await reply(interaction, clocks_view(event, reader_texts(interaction)))
