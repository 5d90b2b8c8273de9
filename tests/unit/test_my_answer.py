"""The panel *My answer*: what it says, and what it lets a member change."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord
import pytest

from bot.events.page import EventCard, Named, SecondText
from bot.events.reader import MyAnswer
from bot.events.rsvp import Given, Standing
from bot.texts import ENGLISH, texts
from bot.ui.events.my_answer import GuestsPick, my_answer_view
from tests.unit.test_event_card import FULL, OPEN, STARTS, TERMS, S, parts, people

NOW = STARTS - timedelta(days=3)
HEAD = f"### Cherry blossom evening with Hitachi\n<t:{S}:F> (<t:{S}:R>)"
NOTE = "[Write a note to the organiser]"


def mine(event: EventCard = OPEN, standing: Standing | None = None, note: str = "", **given: Any) -> MyAnswer:
    """What member 9 has answered; the third in their line."""
    answer = Given(9, standing, 99, **given) if standing else None
    if answer:
        event = replace(event, answers=(*event.answers, Named(answer, "Noor")))
    return MyAnswer(event, answer, 3, note)


def panel(shown: MyAnswer, now: datetime = NOW) -> list[str]:
    """All that stands on the panel under its head."""
    head, *rest = parts(my_answer_view(shown, now, ENGLISH))
    assert head == HEAD
    return rest


def guests_menu(shown: MyAnswer, now: datetime = NOW) -> list[tuple[str, bool]]:
    """What the menu of guests offers, and which is chosen."""
    menus = [item.menu for item in my_answer_view(shown, now, ENGLISH).walk_children() if isinstance(item, GuestsPick)]
    return [(option.label, option.default) for menu in menus for option in menu.options]


@pytest.mark.parametrize(
    ("standing", "says", "buttons"),
    [
        (None, "You have not answered yet.", ["[Going]", "[Maybe]", "[Can't go]"]),
        (Standing.GOING, "You are going.", ["[Maybe]", "[Can't go]", NOTE]),
        (Standing.MAYBE, "You answered *Maybe*.", ["[Going]", "[Can't go]", NOTE]),
        (Standing.NO, "You are not going.", ["[Going]", "[Maybe]", NOTE]),
        (
            Standing.WAITING,
            "It is full, so you are on the waiting list: number 3. I'll tell you when a seat is yours.",
            ["[Maybe]", "[Leave the waiting list]", NOTE],
        ),
    ],
)
def test_it_says_where_i_stand_and_offers_the_other_answers(
    standing: Standing | None, says: str, buttons: list[str]
) -> None:
    event = replace(OPEN, terms=replace(TERMS, capacity=9)) if standing is not Standing.WAITING else OPEN
    assert panel(mine(event, standing)) == [f"**{says}**", *buttons]


def test_a_full_event_offers_its_waiting_list() -> None:
    assert panel(mine(FULL))[1:] == ["[Join waiting list]", "[Maybe]", "[Can't go]"]


def test_an_offered_seat_can_be_taken_or_left_until_its_time() -> None:
    offered = mine(OPEN, Standing.OFFERED, offered_until=NOW + timedelta(hours=2))
    until = int(NOW.timestamp()) + 7200
    assert panel(offered) == [
        f"**A seat is held for you until <t:{until}:t> (<t:{until}:R>). Take it, or leave it to the next.**",
        "[Take the seat]",
        "[Leave it]",
        NOTE,
    ]
    assert panel(offered, NOW + timedelta(hours=2)) == [
        "**The seat that was held for you is held no longer. You can get in line again.**",
        "[Join waiting list]",
        "[Can't go]",
        NOTE,
    ]


def test_in_a_youth_event_nobody_promises_to_write() -> None:
    youth = mine(replace(FULL, track="youth_education", hide_roster=True), Standing.WAITING)
    assert panel(youth)[0] == (
        "**It is full, so you are on the waiting list: number 3. "
        "I write to nobody about this event: press *My answer* now and then to see whether a seat is yours.**"
    )


def test_guests_can_be_chosen_where_the_organiser_lets_them_and_a_seat_is_wanted() -> None:
    event = replace(OPEN, terms=replace(TERMS, max_guests=2, capacity=9))
    chosen = [("I come alone", False), ("I bring 1 guest", True), ("I bring 2 guests", False)]
    assert guests_menu(mine(event, Standing.GOING, guests=1)) == chosen
    assert guests_menu(mine(event, Standing.WAITING, guests=1)) == chosen
    assert panel(mine(event, Standing.GOING, guests=1))[0] == "**You are going.**\n👥 You bring 1 guest"
    assert guests_menu(mine(event, Standing.MAYBE)) == []
    assert guests_menu(mine(OPEN, Standing.GOING)) == []


def test_guests_that_were_allowed_before_can_still_be_fewer() -> None:
    chosen = [("I come alone", False), ("I bring 1 guest", False), ("I bring 2 guests", True)]
    assert guests_menu(mine(OPEN, Standing.GOING, guests=2)) == chosen
    closed = replace(OPEN, terms=replace(TERMS, max_guests=9, deadline=NOW))
    assert guests_menu(mine(closed, Standing.GOING, guests=2)) == chosen
    assert guests_menu(mine(closed, Standing.GOING)) == []


def test_help_can_be_offered_up_to_what_is_looked_for_and_taken_back() -> None:
    wanted = replace(TERMS, capacity=9, volunteers={"host_family": 1, "interpreter": 2, "driver": 1})
    event = replace(OPEN, terms=wanted, answers=people(going=("Alice/driver",)))
    shown = panel(mine(event, Standing.MAYBE, volunteer="interpreter"))
    assert shown[0] == "**You answered *Maybe*.**\n🤝 You help: Interpreter"
    assert shown[3:-1] == [
        "-# Help wanted: press to offer it, again to take it back",
        "[Host families 0/1]",
        "[✓ Interpreters 1/2]",
        "(Drivers 1/1)",
    ]
    assert panel(mine(event))[1:] == ["[Going]", "[Maybe]", "[Can't go]"]
    assert panel(mine(event, Standing.NO))[1:] == ["[Going]", "[Maybe]", NOTE]


def test_a_note_is_shown_as_text() -> None:
    assert panel(mine(OPEN, Standing.GOING, note="Vegan\n# and @here"))[0] == (
        "**You are going.**\n📝 Vegan\n\\# and @\u200bhere"
    )


def test_before_answers_open_and_after_they_close_only_a_seat_can_be_given_back() -> None:
    later = replace(OPEN, terms=replace(TERMS, opens_at=NOW + timedelta(hours=1), volunteers={"driver": 1}))
    opens = int(NOW.timestamp()) + 3600
    assert panel(mine(later)) == [f"**You have not answered yet.**\n-# Answers open <t:{opens}:R>.", "[Can't go]"]
    closed = replace(OPEN, terms=replace(TERMS, deadline=NOW, volunteers={"driver": 1}))
    assert panel(mine(closed, Standing.GOING)) == [
        "**You are going.**\n-# Answers are closed.",
        "[Can't go]",
        "-# Help wanted: press to offer it, again to take it back",
        "(Drivers 0/1)",
        NOTE,
    ]


def test_once_it_has_begun_a_note_can_still_be_written_and_after_the_end_nothing() -> None:
    going = mine(OPEN, Standing.GOING)
    says = "**You are going.**\n-# The event has begun, so answers are closed."
    assert panel(going, STARTS) == [says, NOTE]
    assert panel(going, OPEN.ends_at) == ["**The event is over.**"]
    came = replace(going, checked_in_at=STARTS)
    assert panel(came, OPEN.ends_at) == [f"**The event is over.**\n✅ You checked in at <t:{S}:t>."]


def test_who_still_waits_when_answers_close_is_promised_nothing_any_more() -> None:
    waits = "**It is full, so you are on the waiting list: number 3.**\n-# "
    event = replace(OPEN, terms=replace(TERMS, deadline=NOW))
    assert panel(mine(event, Standing.WAITING))[0] == f"{waits}Answers are closed."
    assert panel(mine(OPEN, Standing.WAITING), STARTS)[0] == f"{waits}The event has begun, so answers are closed."


def test_a_cancelled_event_offers_nothing() -> None:
    cancelled = replace(OPEN, status="cancelled", terms=replace(TERMS, is_open=False))
    assert panel(mine(cancelled, Standing.GOING)) == ["**The event is cancelled.**"]


def test_the_title_is_in_the_readers_language_where_the_event_has_it() -> None:
    event = replace(OPEN, second=SecondText("de", "Kirschblütenabend", ""))
    head = next(parts(my_answer_view(mine(event), NOW, texts("de"))))
    assert head.split("\n")[0] == "### Kirschblütenabend"


def test_the_panel_has_only_what_works_after_a_restart() -> None:
    event = replace(OPEN, terms=replace(TERMS, max_guests=2, volunteers={"driver": 1}))
    view = my_answer_view(mine(event, Standing.GOING), NOW, ENGLISH)
    inputs = [item for row in view.walk_children() if isinstance(row, discord.ui.ActionRow) for item in row.children]
    assert view.timeout is None
    assert [item for item in inputs if not isinstance(item, discord.ui.DynamicItem)] == []
