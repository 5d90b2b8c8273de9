"""The list of what is on: what it shows, within Discord's limits, and when it is edited."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord

from bot.events.whats_on import COUNTS_EVERY, LISTED, LOOK_EVERY, Listed, Shown, WhatsOn, edit_due, next_look
from bot.ui.card import MOST_CHARACTERS, MOST_COMPONENTS
from bot.ui.events.whats_on import whats_on_view

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WALK = Listed(1, "Garden walk", NOW + HOUR, NOW + 2 * HOUR, False, "Park", "arts_culture", 3, 20, 7, 8)
FAIR = Listed(2, "Fair", NOW - HOUR, NOW + HOUR, True, "", None, 0, None, None, None)
BOTH = WhatsOn(5, "en-US", (FAIR, WALK), 2)


def words(view: discord.ui.LayoutView) -> str:
    """All text that a message shows."""
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay))


def test_what_has_begun_comes_first_and_titles_lead_to_the_cards() -> None:
    assert words(whats_on_view(BOTH)) == (
        "## What's on\n"
        "### On now\n"
        "**Fair** · until <t:1795366800:f>\n"
        "-# going 0\n"
        "### Coming up\n"
        "**[Garden walk](https://discord.com/channels/5/7/8)** · <t:1795366800:F>\n"
        "-# 📍 Park · going 3/20 · Arts & Culture"
    )


def test_an_empty_list_says_how_events_come_to_be() -> None:
    assert words(whats_on_view(WhatsOn(5, "en-US", (), 0))) == (
        "## What's on\nNothing is coming up. Moderators announce events with `/event create`."
    )


def test_the_list_stays_inside_the_limits_whatever_was_typed() -> None:
    ids = 2**63 - 1
    long = replace(WALK, title="*" * 100, location="[" * 300, channel_id=ids, message_id=ids)
    view = whats_on_view(WhatsOn(ids, "en-US", tuple(replace(long, id=number) for number in range(LISTED)), 60))
    assert view.content_length() <= MOST_CHARACTERS
    assert sum(1 for _ in view.walk_children()) <= MOST_COMPONENTS
    shown = words(view).count("discord.com/channels")
    assert words(view).endswith(f"-# and {60 - shown} more: `/event list`")
    assert shown > 5
    short = tuple(replace(WALK, id=number) for number in range(LISTED))
    assert words(whats_on_view(WhatsOn(5, "en-US", short, LISTED))).count("Garden walk") == LISTED


def test_a_list_is_edited_at_once_for_an_event_and_some_minutes_later_for_mere_numbers() -> None:
    shown = Shown(BOTH, NOW - timedelta(minutes=1))
    one_more = replace(BOTH, events=(FAIR, replace(WALK, going=4)))
    renamed = replace(BOTH, events=(FAIR, replace(WALK, going=4, title="Walk")))
    assert edit_due(None, BOTH, NOW) == NOW
    assert edit_due(shown, BOTH, NOW) is None
    assert edit_due(shown, renamed, NOW) == NOW
    assert edit_due(shown, one_more, NOW) == shown.edited_at + COUNTS_EVERY
    assert edit_due(shown, one_more, NOW + HOUR) == NOW + HOUR


def test_a_list_is_looked_at_when_an_event_begins_or_ends_and_every_few_minutes() -> None:
    assert next_look(BOTH, NOW) == NOW + LOOK_EVERY
    assert next_look(BOTH, NOW + HOUR - timedelta(seconds=30)) == NOW + HOUR
    assert next_look(BOTH, NOW + HOUR) == NOW + HOUR + LOOK_EVERY
    assert next_look(BOTH, NOW + 2 * HOUR - timedelta(seconds=30)) == NOW + 2 * HOUR
