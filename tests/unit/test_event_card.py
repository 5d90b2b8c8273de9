"""The card of an event: what it says, and that nothing anybody types can break it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest

from bot.answers import Answered
from bot.clocks import clocks
from bot.event_page import EventCard
from bot.rsvp import Standing
from bot.texts import ENGLISH
from bot.ui.event_card import clocks_view, event_view, promotion_notice, where_you_stand

STARTS = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)  # 7:30 PM of the 25th in Birmingham
S = int(STARTS.timestamp())
E = S + 2 * 3600
CHICAGO = "America/Chicago"
PLACES = (
    ("Birmingham", CHICAGO),
    ("Hitachi", "Asia/Tokyo"),
    ("Maebashi", "Asia/Tokyo"),
    ("Plzeň", "Europe/Prague"),
    ("Székesfehérvár", "Europe/Budapest"),
    ("Vinnytsia", "Europe/Kyiv"),
)
MORE_PLACES = (
    *PLACES,
    ("Rome", "Europe/Rome"),
    ("Anshan", "Asia/Shanghai"),
    ("Shenyang", "Asia/Shanghai"),
    ("Winneba", "Africa/Accra"),
    ("Guédiawaye", "Africa/Dakar"),
    ("Rosh HaAyin", "Asia/Jerusalem"),
    ("Al Karak", "Asia/Amman"),
    ("Gweru", "Africa/Harare"),
    ("Kingston", "America/Jamaica"),
)


def zoned(places: tuple[tuple[str, str], ...]) -> Any:
    """The clocks of these places at the start."""
    return clocks(STARTS, ZoneInfo(CHICAGO), [(name, ZoneInfo(zone)) for name, zone in places])


OPEN = EventCard(
    id=7,
    guild_id=1,
    status="open",
    title="Cherry blossom evening with Hitachi",
    host_name="Dana",
    starts_at=STARTS,
    ends_at=STARTS + timedelta(hours=2),
    timezone=CHICAGO,
    location="Botanical Gardens, Strange Auditorium",
    description="Tea, koto music and a live call with friends in Hitachi.\nFamilies welcome.",
    capacity=3,
    going=("Alice", "Bob"),
    waiting=(),
    maybe=(),
    clocks=zoned(PLACES),
    home_timezone=CHICAGO,
    locale="en-US",
)
FULL = replace(OPEN, going=("Alice", "Bob", "Chiyo"), waiting=("Mika", "Noor"), maybe=("Omar", "Petra"))
CLOCKS = (
    "-# Birmingham 7:30 PM · Plzeň, Székesfehérvár 2:30 AM *next day* · Vinnytsia 3:30 AM *next day* · "
    "Hitachi, Maebashi 10:30 AM *next day*"
)


def parts(view: discord.ui.LayoutView) -> Iterator[str]:
    """Each text of a message, then each button: `[Going]`, or `(Going)` while it is off."""
    for item in view.walk_children():
        if isinstance(item, discord.ui.TextDisplay):
            yield item.content
        button = item.item if isinstance(item, discord.ui.DynamicItem) else item
        if isinstance(button, discord.ui.Button):
            yield f"({button.label})" if button.disabled else f"[{button.label}]"


def test_an_open_event_shows_everything_in_order() -> None:
    assert list(parts(event_view(OPEN))) == [
        "## Cherry blossom evening with Hitachi\n"
        "-# hosted by Dana\n"
        f"<t:{S}:F> – <t:{E}:t> (<t:{S}:R>)\n"
        "📍 Botanical Gardens, Strange Auditorium",
        CLOCKS,
        "Tea, koto music and a live call with friends in Hitachi.\nFamilies welcome.",
        "**Going 2 / 3**\nAlice, Bob",
        "[Going]",
        "[Maybe]",
        "[Can't go]",
    ]


def test_a_full_event_offers_the_waiting_list_and_numbers_it() -> None:
    assert list(parts(event_view(FULL)))[3:] == [
        "**Going 3 / 3**\nAlice, Bob, Chiyo\n**Waiting 2**  1. Mika, 2. Noor\n**Maybe 2**\nOmar, Petra",
        "[Join waiting list]",
        "[Maybe]",
        "[Can't go]",
    ]


def test_a_cancelled_event_is_struck_out_and_its_buttons_are_off() -> None:
    shown = list(parts(event_view(replace(FULL, status="cancelled", clocks=zoned(MORE_PLACES)))))
    assert shown[0].split("\n")[:2] == ["## ~~Cherry blossom evening with Hitachi~~", "**Cancelled**"]
    assert shown[4:] == ["(Join waiting list)", "(Maybe)", "(Can't go)", "(All clocks)"]


def test_an_event_of_few_words_has_no_empty_lines() -> None:
    bare = replace(OPEN, location="", description="", capacity=None, going=(), clocks=(), home_timezone=None)
    assert list(parts(event_view(bare)))[:2] == [
        f"## Cherry blossom evening with Hitachi\n-# hosted by Dana\n<t:{S}:F> – <t:{E}:t> (<t:{S}:R>)",
        "**Going 0**",
    ]


def test_a_place_may_be_the_link_of_a_call() -> None:
    head = next(parts(event_view(replace(OPEN, location="https://meet.example/room_1?x=y"))))
    assert head.split("\n")[3] == "📍 https://meet.example/room_1?x=y"


def test_an_end_on_another_day_shows_its_day() -> None:
    head = next(parts(event_view(replace(OPEN, ends_at=STARTS + timedelta(hours=5)))))
    assert head.split("\n")[2] == f"<t:{S}:F> – <t:{S + 5 * 3600}:f> (<t:{S}:R>)"


def test_at_most_six_groups_of_two_names_are_shown_and_the_rest_is_behind_a_button() -> None:
    shown = list(parts(event_view(replace(OPEN, clocks=zoned(MORE_PLACES)))))
    assert shown[1] == (
        "-# Birmingham 7:30 PM · Winneba, Guédiawaye 1:30 AM *next day* · "
        "Plzeň, Székesfehérvár (+1) 2:30 AM *next day* · Vinnytsia, Rosh HaAyin (+1) 3:30 AM *next day* · "
        "Anshan, Shenyang 9:30 AM *next day* · Hitachi, Maebashi 10:30 AM *next day*"
    )
    assert shown[-1] == "[All clocks]"


def test_the_home_city_keeps_its_clock_beside_larger_groups() -> None:
    pairs = ("Asia/Tokyo", "Asia/Shanghai", "Asia/Kolkata", "Europe/Kyiv", "Europe/Rome", "Africa/Accra", "Asia/Dubai")
    places = (PLACES[0], *((f"{zone} {n}", zone) for zone in pairs for n in (1, 2)))
    line = list(parts(event_view(replace(OPEN, clocks=zoned(places)))))[1]
    assert line.startswith("-# Birmingham 7:30 PM · ")
    assert line.count(" · ") == 5


def test_the_day_before_and_two_days_away_are_marked() -> None:
    places = (("Apia", "Pacific/Apia"), ("Pago Pago", "Pacific/Pago_Pago"), ("Kiritimati", "Pacific/Kiritimati"))
    noon = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
    shown = {}
    for _, home in places:
        found = clocks(noon, ZoneInfo(home), [(name, ZoneInfo(zone)) for name, zone in places])
        event = replace(OPEN, clocks=found, home_timezone=home, starts_at=noon, ends_at=noon + timedelta(hours=1))
        shown[home] = list(parts(event_view(event)))[1]
    assert shown == {
        "Pacific/Pago_Pago": "-# Pago Pago 11:30 PM · Apia 11:30 PM *next day* · Kiritimati 12:30 AM *2 days later*",
        "Pacific/Apia": "-# Pago Pago 11:30 PM *the day before* · Apia 11:30 PM · Kiritimati 12:30 AM *next day*",
        "Pacific/Kiritimati": (
            "-# Pago Pago 11:30 PM *2 days earlier* · Apia 11:30 PM *the day before* · Kiritimati 12:30 AM"
        ),
    }


def test_all_clocks_lists_every_place_with_its_night() -> None:
    assert list(parts(clocks_view(replace(OPEN, clocks=zoned(MORE_PLACES)), ENGLISH))) == [
        f"### When it is <t:{S}:F>",
        "Birmingham 7:30 PM\n"
        "Kingston 8:30 PM\n"
        "Winneba, Guédiawaye 1:30 AM *next day* 🌙\n"
        "Plzeň, Székesfehérvár, Rome 2:30 AM *next day* 🌙\n"
        "Vinnytsia, Rosh HaAyin, Gweru 3:30 AM *next day* 🌙\n"
        "Al Karak 4:30 AM *next day* 🌙\n"
        "Anshan, Shenyang 9:30 AM *next day*\n"
        "Hitachi, Maebashi 10:30 AM *next day*",
    ]


@pytest.mark.parametrize(
    ("standing", "place", "words"),
    [
        (Standing.GOING, 2, "You are going."),
        (Standing.MAYBE, 1, "Noted: maybe."),
        (Standing.NO, 1, "Noted: you can't go."),
        (
            Standing.WAITING,
            4,
            "It is full, so you are on the waiting list: number 4. I'll tell you when a seat is yours.",
        ),
    ],
)
def test_who_presses_is_told_where_they_stand(standing: Standing, place: int, words: str) -> None:
    assert where_you_stand(Answered(FULL, standing, True, place), ENGLISH) == words


def test_the_notice_of_a_seat_names_the_event_and_mentions_only_when_asked() -> None:
    sentence = (
        f"A seat opened, and it is yours: you are now going to **{OPEN.title}**, <t:{S}:F>. "
        "If you cannot come, please press *Can't go* on the event, so that the next in line moves up."
    )
    assert list(parts(promotion_notice(OPEN, ENGLISH))) == [sentence]
    assert list(parts(promotion_notice(OPEN, ENGLISH, mention="<@5>"))) == [f"<@5> {sentence}"]
