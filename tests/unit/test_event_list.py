"""The list of events inside Discord's limits, whatever was typed."""

from datetime import UTC, datetime

import discord

from bot.events.lists import Asked, EventPage, Listed
from bot.texts import ENGLISH
from bot.ui.events.event_list import event_page

STARTS = datetime(2026, 12, 6, 1, 0, tzinfo=UTC)
TYPED = "[*_~`|://" * 40


def texts_of(view: discord.ui.LayoutView) -> str:
    """All text of a message."""
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay))


def test_a_page_of_the_longest_titles_and_places_with_links_names_all_twelve() -> None:
    listed = Listed(1, TYPED, STARTS, TYPED, 100_000, 100_000, 10**19, 10**19)
    view = event_page(EventPage(Asked(page=1), [listed] * 12, pages=1000), 10**19, ENGLISH)
    assert texts_of(view).count("https://discord.com/channels/") == 12


def test_a_page_of_ordinary_titles_is_not_cut() -> None:
    title, place = "An evening of cherry blossoms, tea and koto music in the gardens", "Botanical Gardens, Auditorium"
    listed = Listed(1, title, STARTS, place, 3, None, None, None)
    view = event_page(EventPage(Asked(), [listed] * 12), 1, ENGLISH)
    shown = texts_of(view)
    assert (shown.count(title), shown.count(place), shown.count("going 3")) == (12, 12, 12)
