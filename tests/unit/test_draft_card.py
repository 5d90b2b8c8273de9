"""The preview of a draft and the pages behind it: inside Discord's limits whatever was typed and chosen."""

from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from bot.events.draft_page import Choices, Draft, Filled, Moment
from bot.events.fields import EMPTY, Typed
from bot.events.page import EventCard
from bot.texts import ENGLISH
from bot.ui.card import MOST_CHARACTERS, MOST_COMPONENTS
from bot.ui.events.draft_card import EventForm, draft_view
from bot.ui.events.draft_forms import AgainPress, SmallForm, fields
from bot.ui.events.draft_pages import page_labels, page_view
from bot.ui.events.draft_text import settings_line
from bot.ui.press import Form
from tests.unit.test_event_card import MORE_PLACES, OPEN, zoned

LARGEST_ID = 2**31 - 1
HOSTILE = "*_~`|>[]()<>@#:" * 200
CHOICES = Choices(
    kind="virtual_signing",
    track="community_development",
    answer_role_id=2**63,
    volunteers="host_family:99 interpreter:99 driver:99",
    ping_role_id=2**63,
    attendee_role_id=2**63,
    reminder_minutes="40320,20160,10081,61,59",
    second_language="zh-Hant",
    second_title=HOSTILE[:100],
    second_description=HOSTILE[:1500],
)


def crowded(names: int) -> Draft:
    """A draft with everything chosen, long words, and so many partners in every zone."""
    places = tuple((f"City *{n}* of the very long name", zone) for _, zone in MORE_PLACES for n in range(names))
    clocks = zoned(places)
    card: EventCard = replace(OPEN, id=LARGEST_ID, title=HOSTILE[:100], description=HOSTILE[:1500], clocks=clocks)
    moments = tuple(
        Moment(name, OPEN.starts_at + timedelta(hours=n), clocks)
        for n, name in enumerate(("start", "end", "opens", "deadline"))
    )
    typed = Typed(HOSTILE[:100], "", HOSTILE[:200], HOSTILE[:1500], "")
    return Draft(LARGEST_ID, typed, card, None, True, CHOICES, moments, times_doubled=True, server_reminders="1440,60")


def size(view: discord.ui.LayoutView) -> tuple[int, int]:
    """Characters and components."""
    return view.content_length(), sum(1 for _ in view.walk_children())


@pytest.mark.parametrize("names", [0, 1, 5, 60])
def test_the_fullest_preview_fits(names: int) -> None:
    characters, components = size(draft_view(crowded(names), ENGLISH, "R" * 100))
    assert characters <= MOST_CHARACTERS and components <= MOST_COMPONENTS


def test_a_role_for_attendees_is_not_given_where_it_would_show_hidden_names() -> None:
    draft = replace(crowded(0), choices=Choices(kind="meeting", attendee_role_id=5), server_reminders="60")
    assert "Attendees get <@&5>" in settings_line(draft, ENGLISH)
    hidden = replace(draft, card=replace(OPEN, hide_roster=True))
    assert settings_line(hidden, ENGLISH).split(" · ")[-2:] == [
        "Nobody gets <@&5>, for names are hidden",
        "Names are hidden",
    ]


@pytest.mark.parametrize("page", list(page_labels(ENGLISH)))
def test_every_page_fits(page: str) -> None:
    characters, components = size(page_view(crowded(60), page, ENGLISH))
    assert characters <= MOST_CHARACTERS and components <= 25


@pytest.mark.parametrize("form", ["times", "volunteers", "language"])
def test_a_button_can_hold_what_was_typed_into_a_form(form: str) -> None:
    typed = {field.key: "W" * field.longest for field in fields(form, ENGLISH)}
    button = AgainPress.to("send", form, LARGEST_ID, typed, "Again", ENGLISH)
    assert len(button.custom_id) <= 100
    again = SmallForm(ENGLISH, form, LARGEST_ID, typed)
    assert len(again.custom_id) <= 100 and len(again.children) <= 5


def test_every_label_of_a_form_fits() -> None:
    longest = "America/Argentina/ComodRivadavia"
    small = [SmallForm(ENGLISH, form, 1, {}) for form in ("times", "volunteers", "language")]
    forms: list[Form] = [EventForm(ENGLISH, Filled(LARGEST_ID, EMPTY, longest)), *small]
    labels = [label for form in forms for label in form.children if isinstance(label, discord.ui.Label)]
    assert len(labels) == 5 + 2 + 3 + 3
    assert [label.text for label in labels if len(label.text) > 45] == []
    assert [label.description for label in labels if len(label.description or "") > 100] == []
