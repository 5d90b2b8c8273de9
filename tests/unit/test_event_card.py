"""The card of an event: what it says, and which buttons it has."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest

from bot.dates.clocks import clocks
from bot.events.page import EventCard, Named, SecondText
from bot.events.rsvp import Given, Standing, Terms
from bot.texts import ENGLISH, texts
from bot.ui.events.event_card import event_view
from bot.ui.events.event_language import event_text_in
from bot.ui.events.event_text import PICTURE, clocks_view, for_reader
from bot.ui.events.event_words import kind_labels, language_name, track_labels, volunteer_labels, volunteers_labels
from bot.ui.press import Press
from db import models

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


GOING, OFFERED, WAITING, MAYBE, NO = Standing


def people(**names: tuple[str, ...]) -> tuple[Named, ...]:
    """Answers by standing, in turn; `"Ann+2"` brings two guests, `"Ann/driver"` helps."""
    found: list[Named] = []
    for standing, some in names.items():
        for name in some:
            name, _, role = name.partition("/")
            name, _, guests = name.partition("+")
            turn = len(found) + 1
            until = STARTS - timedelta(hours=1) if standing == "offered" else None
            given = Given(100 + turn, Standing(standing), turn, int(guests or 0), role or None, until)
            found.append(Named(given, name))
    return tuple(found)


TERMS = Terms(True, STARTS, capacity=3)
OPEN = EventCard(
    id=7,
    guild_id=1,
    status="open",
    title="Cherry blossom evening with Hitachi",
    host_user_id=5,
    host_name="Dana",
    starts_at=STARTS,
    ends_at=STARTS + timedelta(hours=2),
    timezone=CHICAGO,
    location="Botanical Gardens, Strange Auditorium",
    description="Tea, koto music and a live call with friends in Hitachi.\nFamilies welcome.",
    kind="festival",
    track="arts_culture",
    second=None,
    picture_alt=None,
    hide_roster=False,
    cancel_reason="",
    terms=TERMS,
    answers=people(going=("Alice", "Bob")),
    thread_id=None,
    clocks=zoned(PLACES),
    home_timezone=CHICAGO,
    locale="en-US",
)
CROWD = people(going=("Alice", "Bob", "Chiyo"), waiting=("Mika", "Noor"), maybe=("Omar", "Petra"))
FULL = replace(OPEN, answers=CROWD)
CANCELLED = replace(FULL, status="cancelled", terms=replace(TERMS, is_open=False))
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


def lines(event: EventCard) -> list[str]:
    """All that stands on a card, without its buttons."""
    return [text for text in parts(event_view(event)) if not text.startswith(("[", "("))]


def buttons(event: EventCard) -> list[list[str]]:
    """The buttons of a card, row by row."""
    rows = [item for item in event_view(event).walk_children() if isinstance(item, discord.ui.ActionRow)]
    return [[str(button.item.label) for button in row.children if isinstance(button, Press)] for row in rows]


def terms(**changes: Any) -> EventCard:
    """The open event under other terms."""
    return replace(OPEN, terms=replace(TERMS, **changes))


def test_an_open_event_shows_everything_in_order() -> None:
    assert list(parts(event_view(OPEN))) == [
        "## Cherry blossom evening with Hitachi\n"
        "-# Festival · Arts & Culture · hosted by Dana\n"
        f"<t:{S}:F> – <t:{E}:t> (<t:{S}:R>)\n"
        "📍 Botanical Gardens, Strange Auditorium",
        CLOCKS,
        "Tea, koto music and a live call with friends in Hitachi.\nFamilies welcome.",
        "**Going 2/3**\nAlice, Bob",
        "[Going]",
        "[Maybe]",
        "[Can't go]",
        "[My answer]",
        "[Who's coming]",
        "[Add to calendar]",
        "[Manage]",
    ]


def test_a_full_event_offers_the_waiting_list_and_numbers_it() -> None:
    roster = "**Going 3/3**\nAlice, Bob, Chiyo\n**Waiting 2**  1. Mika, 2. Noor\n**Maybe 2**\nOmar, Petra"
    assert lines(FULL)[3:] == [roster]
    assert buttons(FULL)[0] == ["Join waiting list", "Maybe", "Can't go", "My answer"]


def test_a_held_seat_is_shown_with_its_time_and_leaves_none_free() -> None:
    event = replace(OPEN, answers=people(going=("Alice",), offered=("Bob+1",)))
    assert lines(event)[3:] == [f"**Going 1/3**\nAlice\n**Seat offered 2**\nBob\u00a0+1 (<t:{S - 3600}:R>)"]
    assert buttons(event)[0][0] == "Join waiting list"


def test_guests_stand_beside_the_name_and_are_counted() -> None:
    event = replace(OPEN, answers=people(going=("Alice+2",), waiting=("Bob+1",), maybe=("Chiyo",)))
    assert lines(event)[3:] == ["**Going 3/3**\nAlice\u00a0+2\n**Waiting 1**  1. Bob\u00a0+1\n**Maybe 1**\nChiyo"]


def test_a_cancelled_event_is_struck_out_with_its_reason_and_its_buttons_are_off() -> None:
    event = replace(CANCELLED, cancel_reason="The hall is *flooded*.", clocks=zoned(MORE_PLACES))
    shown = list(parts(event_view(event)))
    head = ["## ~~Cherry blossom evening with Hitachi~~", "**Cancelled**: The hall is \\*flooded\\*."]
    assert shown[0].split("\n")[:2] == head
    assert shown[4:] == [
        "(Join waiting list)",
        "(Maybe)",
        "(Can't go)",
        "(My answer)",
        "(Who's coming)",
        "[Add to calendar]",
        "(All clocks)",
        "[Manage]",
    ]


def test_a_cancelled_event_without_a_reason_asks_for_nothing() -> None:
    event = replace(CANCELLED, terms=replace(TERMS, is_open=False, max_guests=2, volunteers={"driver": 1}))
    assert lines(event)[0].split("\n")[1] == "**Cancelled**"
    assert len(lines(event)) == 4


def test_an_event_of_few_words_has_no_empty_lines() -> None:
    bare = replace(
        OPEN,
        kind="meeting",
        track=None,
        location="",
        description="",
        terms=Terms(True, STARTS),
        answers=(),
        clocks=(),
        home_timezone=None,
    )
    assert lines(bare) == [
        f"## Cherry blossom evening with Hitachi\n-# Meeting · hosted by Dana\n<t:{S}:F> – <t:{E}:t> (<t:{S}:R>)",
        "**Going 0**",
    ]


def test_the_terms_stand_above_the_names_and_stay_true_after_their_time() -> None:
    opens, closes = STARTS - timedelta(days=7), STARTS - timedelta(days=1)
    event = terms(opens_at=opens, deadline=closes, answer_role_id=77, max_guests=2, volunteers={"interpreter": 2})
    at, until = S - 7 * 86400, S - 86400
    assert lines(event)[3].split("\n") == [
        f"⏳ Answers from <t:{at}:f> (<t:{at}:R>) until <t:{until}:f> (<t:{until}:R>)",
        "🔒 Only for members with <@&77>",
        "👥 You may bring up to 2 guests",
        "🤝 Help wanted: Interpreters 0/2",
    ]
    assert lines(terms(opens_at=opens))[3] == f"⏳ Answers from <t:{at}:f> (<t:{at}:R>)"
    assert lines(terms(deadline=closes, max_guests=1))[3] == (
        f"⏳ Answers until <t:{until}:f> (<t:{until}:R>)\n👥 You may bring 1 guest"
    )


def test_help_that_was_offered_is_counted_whoever_gives_it() -> None:
    wanted = replace(TERMS, volunteers={"host_family": 1, "interpreter": 2, "driver": 1})
    answers = people(going=("Alice/interpreter",), maybe=("Bob/driver",))
    event = replace(OPEN, terms=wanted, answers=answers)
    assert lines(event)[3] == "🤝 Help wanted: Host families 0/1 · Interpreters 1/2 · Drivers 1/1"


def test_a_hidden_roster_is_counts_only() -> None:
    hidden = replace(FULL, hide_roster=True)
    assert lines(hidden)[3:] == ["**Going 3/3** · **Waiting 2** · **Maybe 2**\n-# Names stay private."]


def test_the_young_are_never_named_and_are_told_where_to_look() -> None:
    youth = replace(FULL, hide_roster=True, track="youth_education")
    hint = "-# Names stay private. A seat opened? Press *My answer* to see."
    assert lines(youth)[3:] == [f"**Going 3/3** · **Waiting 2** · **Maybe 2**\n{hint}"]


def test_a_place_may_be_the_link_of_a_call() -> None:
    head = lines(replace(OPEN, location="https://meet.example/room_1?x=y"))[0]
    assert head.split("\n")[3] == "📍 https://meet.example/room_1?x=y"


def test_a_picture_has_words_for_who_cannot_see_it() -> None:
    view = event_view(replace(OPEN, picture_alt="A pink tree by a lake"))
    [gallery] = [item for item in view.walk_children() if isinstance(item, discord.ui.MediaGallery)]
    assert [(item.media.url, item.description) for item in gallery.items] == [
        (f"attachment://{PICTURE}", "A pink tree by a lake")
    ]
    assert not any(isinstance(item, discord.ui.MediaGallery) for item in event_view(OPEN).walk_children())


def test_check_in_stands_in_the_first_row_once_it_is_opened() -> None:
    assert buttons(replace(OPEN, checks_in=True))[0] == ["Going", "Maybe", "Can't go", "My answer", "Check in"]


def test_the_second_language_has_a_button_in_its_own_name() -> None:
    event = replace(OPEN, second=SecondText("hu", "Cseresznyevirág", "Tea és kotó."), clocks=zoned(MORE_PLACES))
    assert buttons(event)[1] == ["Who's coming", "Add to calendar", "All clocks", "Magyar", "Manage"]
    assert list(parts(event_text_in(event, "second", ENGLISH))) == [
        f"### Cseresznyevirág\n<t:{S}:F>",
        "Tea és kotó.",
        "[English (United States)]",
    ]
    assert list(parts(event_text_in(event, "first", ENGLISH))) == [
        f"### Cherry blossom evening with Hitachi\n<t:{S}:F>",
        "Tea, koto music and a live call with friends in Hitachi.\nFamilies welcome.",
        "[Magyar]",
    ]


def test_a_second_language_that_was_taken_away_meanwhile_shows_the_first() -> None:
    head = next(parts(event_text_in(OPEN, "second", ENGLISH)))
    assert head == f"### Cherry blossom evening with Hitachi\n<t:{S}:F>"


def test_who_reads_the_second_language_gets_it_in_private_answers() -> None:
    event = replace(OPEN, second=SecondText("pt-BR", "Noite das cerejeiras", ""))
    assert for_reader(event, texts("pt-BR")) == replace(event, title="Noite das cerejeiras")
    assert for_reader(event, texts("de")) == event
    assert for_reader(OPEN, texts("pt-BR")) == OPEN


def test_every_kind_track_and_role_of_the_schema_has_a_name() -> None:
    def allowed(table: Any, column: str) -> set[str]:
        [check] = [one for one in table.__table__.constraints if str(one.name).endswith(f"_{column}")]
        return set(str(check.sqltext).split("'")[1::2])

    assert set(kind_labels(ENGLISH)) == allowed(models.Event, "kind")
    assert set(track_labels(ENGLISH)) == allowed(models.Event, "track")
    assert set(volunteer_labels(ENGLISH)) == allowed(models.Answer, "volunteer_role") == set(volunteers_labels(ENGLISH))


@pytest.mark.parametrize(
    ("code", "name"),
    [("de", "Deutsch"), ("hu", "Magyar"), ("ja", "日本語"), ("pt-BR", "Português (Brasil)"), ("xx", "xx"), ("", "")],
)
def test_languages_are_called_by_their_own_names(code: str, name: str) -> None:
    assert language_name(code) == name


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
    assert "[All clocks]" in shown


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
