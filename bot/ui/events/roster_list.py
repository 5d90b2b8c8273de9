"""*Who's coming*: everybody who answered an event, page by page, privately."""

from collections.abc import Sequence
from itertools import groupby

import discord

from bot.events.page import EventCard, Named
from bot.events.reader import SeenRoster, seen_roster
from bot.events.rsvp import Standing
from bot.texts import Texts
from bot.ui.card import card, rows
from bot.ui.events.event_text import for_reader
from bot.ui.events.event_words import volunteer_labels
from bot.ui.events.roster_text import LISTED, headings, name_of, roster
from bot.ui.pages import one_page, page_count, page_line, turn_buttons
from bot.ui.press import Interaction, Press, guild_of, member_of, reader_texts, replace, reply
from bot.ui.text import line

A_PAGE = 25  # names, of 64 characters when escaped, with their guests and what they help with


def roster_list(seen: SeenRoster, page: int, t: Texts) -> discord.ui.LayoutView:
    """A page of those who answered, in the order of the card; only counts for those who may not read the names."""
    event = for_reader(seen.card, t)
    title = f"### {line(event.title, 100)}"
    if not seen.names:
        return card(title, roster(event, 0, t).text)
    entries = [(standing, at, named) for standing in LISTED for at, named in enumerate(event.standing(standing), 1)]
    shown, page = one_page(entries, page, A_PAGE)
    pages = page_count(entries, A_PAGE)
    where = page_line(page, pages, t)
    return card(
        title,
        *_groups(event, shown, t),
        f"-# {where}" if where else None,
        *rows(turn_buttons(lambda number, label: RosterPress.to(event.id, label, number), page, pages, t)),
    )


def _groups(event: EventCard, entries: Sequence[tuple[Standing, int, Named]], t: Texts) -> list[str]:
    """The names under their headings, each group a text of its own: Discord would number them on as one list."""
    titles = headings(event, t)
    if not entries:
        return [f"**{title}**" for title in titles.values()]
    groups = groupby(entries, key=lambda entry: entry[0])
    return [
        "\n".join([f"**{titles[standing]}**", *(f"{at}. {_entry(named, t)}" for _, at, named in some)])
        for standing, some in groups
    ]


def _entry(named: Named, t: Texts) -> str:
    role = named.given.volunteer
    return name_of(named) + (f" · {volunteer_labels(t).get(role, role)}" if role else "")


class RosterPress(Press, template=r"event-roster:(?P<event>\d{1,18})(?::(?P<page>\d{1,4}))?"):
    """Who is coming?"""

    @classmethod
    def to(cls, event_id: int, label: str, page: int | None = None) -> "RosterPress":
        """A button to the list; without a page it opens as a message of its own."""
        at = "" if page is None else f":{page}"
        return cls(discord.ui.Button(label=label, custom_id=f"event-roster:{event_id}{at}"))

    async def pressed(self, interaction: Interaction) -> None:
        t, page = reader_texts(interaction), self.match["page"]
        event_id, member = int(self.match["event"]), member_of(interaction)
        seen = await seen_roster(interaction.client.database, guild_of(interaction), event_id, member)
        view = roster_list(seen, int(page or 0), t)
        await (reply(interaction, view) if page is None else replace(interaction, view))
