"""The list of events, a page at a time, and the answer to a cancellation."""

from collections.abc import Sequence

import discord

from bot.events.lists import Asked, EventPage, Listed, list_events
from bot.events.page import EventCard
from bot.events.panel import message_link
from bot.texts import Texts
from bot.ui.card import GREEN, GREY, MOST_CHARACTERS, Item, card, note, rows
from bot.ui.events.event_words import track_labels
from bot.ui.pages import page_line
from bot.ui.press import Interaction, Press, guild_of, reader_texts, replace
from bot.ui.text import line, stamp

RESERVE = 400  # characters kept for the heading, the number of the page and the buttons
LENGTHS = ((80, 60), (50, 40), (30, 20), (20, 0))  # of title and place: the first at which all lines fit


def event_page(page: EventPage, guild_id: int, t: Texts) -> discord.ui.LayoutView:
    """A page of a list, each event with a link to its card, and buttons to the pages around it."""
    asked = page.asked
    if not page.events:
        if asked == Asked():
            return note(t("Nothing is coming up. Moderators announce events with `/event create`."))
        return note(t("There is no such event. `/event list` without options shows what is coming up."))
    title = {"upcoming": t("Coming up"), "mine": t("My events"), "past": t("Past events")}[asked.which]
    if asked.track:
        title += f" · {track_labels(t)[asked.track]}"
    small = page_line(asked.page, page.pages, t)
    return card(
        f"### {title}",
        "\n".join(_fitted(page.events, guild_id, t)),
        f"-# {small}" if small else None,
        *rows(_turns(asked, page.pages, t)),
        colour=GREY if asked.which == "past" else GREEN,
    )


def _fitted(events: Sequence[Listed], guild_id: int, t: Texts) -> list[str]:
    for title, place in LENGTHS:
        lines = [_line(event, guild_id, title, place, t) for event in events]
        if len("\n".join(lines)) <= MOST_CHARACTERS - RESERVE:
            break
    return lines


def _line(event: Listed, guild_id: int, longest_title: int, longest_place: int, t: Texts) -> str:
    title = line(event.title, longest_title)
    if event.channel_id is not None and event.message_id is not None:
        title = f"[{title}]({message_link(guild_id, event.channel_id, event.message_id)})"
    seats = f"{event.going}/{event.capacity}" if event.capacity is not None else str(event.going)
    where = f" · {line(event.location, longest_place)}" if event.location and longest_place else ""
    return f"**{title}** · {stamp(event.starts_at)}{where} · " + t("going {n}", n=seats)


def _turns(asked: Asked, pages: int, t: Texts) -> list[Item]:
    """Buttons to the pages before and after, by which way time goes there."""
    past = asked.which == "past"
    buttons: list[Item] = []
    if asked.page > 0:
        buttons.append(ListPress.to(asked, asked.page - 1, t("Newer") if past else t("Earlier")))
    if asked.page < pages - 1:
        buttons.append(ListPress.to(asked, asked.page + 1, t("Older") if past else t("Later")))
    return buttons


def event_cancelled(event: EventCard, t: Texts) -> discord.ui.LayoutView:
    """Says that an event is called off."""
    return note(
        t("**{title}** is cancelled. Its card says so, and those who may come are told.", title=line(event.title, 100))
    )


class ListPress(
    Press,
    template=r"event-list:(?P<which>upcoming|mine|past):(?P<track>[a-z_]{0,40}):(?P<place>\d{0,9}):(?P<page>\d{1,4})",
):
    """Turns to another page of a list."""

    @classmethod
    def to(cls, asked: Asked, page: int, label: str) -> "ListPress":
        """A button of the list."""
        custom_id = f"event-list:{asked.which}:{asked.track or ''}:{asked.place_id or ''}:{page}"
        return cls(discord.ui.Button(label=label, custom_id=custom_id))

    async def pressed(self, interaction: Interaction) -> None:
        bot, guild_id, match = interaction.client, guild_of(interaction), self.match
        place_id = int(match["place"]) if match["place"] else None
        asked = Asked(match["which"], match["track"] or None, place_id, int(match["page"]))
        page = await list_events(bot.database, guild_id, interaction.user.id, asked, bot.now())
        await replace(interaction, event_page(page, guild_id, reader_texts(interaction)))
