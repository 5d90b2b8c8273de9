"""The card of an event under hostile words and crowds: within Discord's limits, mentioning and linking nothing."""

import re
from dataclasses import replace

import discord
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.events.page import EventCard, Named, SecondText
from bot.events.reader import MyAnswer, SeenRoster
from bot.events.rsvp import Given, Standing, Terms
from bot.texts import ENGLISH
from bot.ui.card import MOST_CHARACTERS, MOST_COMPONENTS, card
from bot.ui.events.event_card import event_view
from bot.ui.events.event_language import event_text_in
from bot.ui.events.event_text import clocks_view, event_items
from bot.ui.events.my_answer import my_answer_view
from bot.ui.events.roster_list import roster_list
from tests.unit.test_event_card import FULL, MORE_PLACES, OPEN, STARTS, TERMS, parts, people, zoned

HOSTILE = "*_~`|>[]()<>@#:\\-+.!&/ \n\t\u202e\u200bhttps://everyone1234"
BEFORE = STARTS.replace(year=2025)
EVERY_ROLE = {"host_family": 20, "interpreter": 20, "driver": 20}
LONGEST_TERMS = Terms(True, STARTS, 999, BEFORE, STARTS, 20, 10**19, 24, EVERY_ROLE)


def live(text: str) -> str:
    """The text without what is escaped; escapes are read from the left, as Discord does."""
    return re.sub(r"\\[^\w\s]", "", text)


def size(view: discord.ui.LayoutView) -> tuple[int, int]:
    """Characters and components."""
    return view.content_length(), sum(1 for _ in view.walk_children())


def views(event: EventCard) -> list[discord.ui.LayoutView]:
    """Every message that shows something of an event to whoever presses its buttons."""
    mine = [MyAnswer(event, named.given, 500, event.description[:500]) for named in event.answers[:3]]
    return [
        event_view(event),
        card(*event_items(event, ENGLISH)),
        event_view(replace(event, status="cancelled", cancel_reason=event.description)),
        event_view(replace(event, hide_roster=True)),
        clocks_view(event, ENGLISH),
        event_text_in(event, "first", ENGLISH),
        event_text_in(event, "second", ENGLISH),
        *(roster_list(SeenRoster(event, names), page, ENGLISH) for names in (True, False) for page in (0, 1, 999)),
        *(my_answer_view(one, BEFORE, ENGLISH) for one in [*mine, MyAnswer(event, None, 0, "")]),
    ]


def assert_fits(view: discord.ui.LayoutView) -> None:
    """The view is one that Discord takes."""
    characters, components = size(view)
    assert 0 < characters <= MOST_CHARACTERS
    assert components <= MOST_COMPONENTS
    for item in view.walk_children():
        if isinstance(item, discord.ui.ActionRow):
            assert sum(child.width for child in item.children) <= 5
        button = item.item if isinstance(item, discord.ui.DynamicItem) else item
        if isinstance(button, discord.ui.Button):
            assert button.label and len(button.label) <= 80
            assert button.custom_id and len(button.custom_id) <= 100


def test_hundreds_of_partners_still_fit_behind_all_clocks() -> None:
    zones = sorted({zone for _, zone in MORE_PLACES} | {"Asia/Kolkata", "Asia/Kathmandu", "Pacific/Apia"})
    places = tuple((f"City *{n}* of the very long name", zone) for zone in zones for n in range(60))
    view = clocks_view(replace(OPEN, clocks=zoned(places)), ENGLISH)
    assert size(view)[0] <= MOST_CHARACTERS
    assert len(list(parts(view))[1].split("\n")) == len(zoned(places))


def test_five_hundred_members_fit_and_the_rest_is_counted() -> None:
    names = tuple(f"{n:03}" + "*_~`|[]<@"[n % 9] * 29 for n in range(500))
    crowd = people(going=names[:300], waiting=names[300:], maybe=names)
    view = event_view(replace(FULL, terms=replace(TERMS, capacity=300), answers=crowd))
    assert_fits(view)
    for heading, group in zip(("Going 300/300", "Waiting 200", "Maybe 500"), (300, 200, 500), strict=True):
        text = next(text for text in parts(view) if "**Going" in text)
        found = re.search(rf"\*\*{heading}\*\*\s+(.*?) and (\d+) more", text, re.DOTALL)
        assert found is not None
        assert len(found[1].split(", ")) + int(found[2]) == group


@pytest.mark.parametrize("description", ["", "*" * 1_500, "한국어 설명 " * 250, "שלום " * 300, "🌸" * 1_500])
def test_five_hundred_of_the_longest_names_fit_beside_any_description(description: str) -> None:
    names = tuple("[" * 29 + f"{n:03}" for n in range(500))
    event = replace(
        FULL,
        title="*" * 100,
        description=description,
        location="*" * 200,
        clocks=zoned(tuple(("*" * 40, zone) for _, zone in MORE_PLACES for _ in "ab")),
        terms=LONGEST_TERMS,
        answers=people(going=names, offered=names, waiting=names, maybe=names),
        second=SecondText("hu", "*" * 100, description),
        picture_alt="x" * 2_000,
        checks_in=True,
    )
    for view in views(event):
        assert_fits(view)
    roster = list(parts(event_view(event)))[4 if description else 3]
    assert [heading in roster for heading in ("Going 500/999", "Seat offered 500", "Waiting 500", "Maybe 500")] == [
        True,
        True,
        True,
        True,
    ]


def test_the_full_list_has_everybody_once_on_numbered_pages() -> None:
    crowd = people(going=tuple(f"Guest {n}/driver" for n in range(40)), maybe=tuple(f"Perhaps {n}" for n in range(30)))
    event = replace(FULL, terms=LONGEST_TERMS, answers=crowd)
    pages = [list(parts(roster_list(SeenRoster(event, True), page, ENGLISH))) for page in range(3)]
    assert [[text for text in page if text.startswith(("-#", "["))] for page in pages] == [
        ["-# Page 1 of 3", "[Next page]"],
        ["-# Page 2 of 3", "[Previous page]", "[Next page]"],
        ["-# Page 3 of 3", "[Previous page]"],
    ]
    groups = [text for page in pages for text in page[1:] if not text.startswith(("-#", "["))]
    entries = [line for text in groups for line in text.split("\n")]
    expected = [f"{n + 1}. Guest {n} · Driver" for n in range(40)] + [f"{n + 1}. Perhaps {n}" for n in range(30)]
    assert [line for line in entries if not line.startswith("**")] == expected
    headings = [text.split("\n")[0] for text in groups]
    assert headings == ["**Going 40/999**", "**Going 40/999**", "**Maybe 30**", "**Maybe 30**"]
    assert list(parts(roster_list(SeenRoster(event, True), 9_999, ENGLISH))) == pages[2]


def test_a_list_of_nobody_says_so() -> None:
    shown = list(parts(roster_list(SeenRoster(replace(OPEN, answers=()), True), 0, ENGLISH)))
    assert shown == ["### Cherry blossom evening with Hitachi", "**Going 0/3**"]


def test_short_lists_are_written_out_beside_a_long_one() -> None:
    crowd = people(going=tuple(f"member {n}" for n in range(400)), waiting=("Mika", "Noor"), maybe=("Omar", "Petra"))
    event = replace(FULL, terms=replace(TERMS, capacity=400), answers=crowd)
    text = next(text for text in parts(event_view(event)) if "Going" in text)
    assert "**Waiting 2**  1. Mika, 2. Noor\n**Maybe 2**\nOmar, Petra" in text
    assert 800 < len(text) <= 900


def test_a_description_of_1500_asterisks_fits_and_leaves_room_for_names() -> None:
    view = event_view(replace(FULL, description="*" * 1_500))
    assert size(view)[0] <= MOST_CHARACTERS
    description, roster = list(parts(view))[2:4]
    assert set(description) == {"\\", "*", "…"}
    assert "Alice, Bob, Chiyo" in roster and "Omar, Petra" in roster


WORDS = st.text(alphabet=HOSTILE, max_size=1_500) | st.text(max_size=300)
STARS = ("*" * 32,) * 100
STANDINGS = tuple(standing.value for standing in Standing)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Named, ...]:
    """Up to 600 answers, the names of a few repeated."""
    names = draw(st.lists(WORDS.map(lambda text: text[:32] or "?"), min_size=1, max_size=12))
    standings = draw(st.lists(st.sampled_from(STANDINGS), min_size=1, max_size=7))
    guests, roles = draw(st.integers(0, 20)), (None, *EVERY_ROLE)
    found = []
    for at in range(draw(st.integers(0, 600))):
        standing = Standing(standings[at % len(standings)])
        until = STARTS if standing is Standing.OFFERED else None
        answer = Given(at + 1, standing, at + 1, guests, roles[at % len(roles)], until)
        found.append(Named(answer, names[at % len(names)]))
    return tuple(found)


@settings(max_examples=150, deadline=None)
@given(title=WORDS, place=WORDS, description=WORDS, host=WORDS, city=WORDS, crowd=crowds(), bare=st.booleans())
@example(
    title="*" * 100,
    place="*" * 200,
    description="*" * 1_500,
    host="*" * 32,
    city="*" * 60,
    crowd=people(
        going=("*" * 32,) * 200, offered=("*" * 32,) * 100, waiting=("*" * 32,) * 100, maybe=("*" * 32,) * 200
    ),
    bare=False,
)
def test_nothing_typed_makes_a_message_too_long(
    title: str, place: str, description: str, host: str, city: str, crowd: tuple[Named, ...], bare: bool
) -> None:
    hostile = replace(
        OPEN,
        title=title[:100] or "?",
        location=place[:200],
        description=description,
        host_name=host[:32],
        terms=TERMS if bare else LONGEST_TERMS,
        second=None if bare else SecondText("hu", title[:100], description),
        picture_alt=None if bare else place,
        answers=crowd,
        clocks=zoned(tuple((city or "?", zone) for _, zone in MORE_PLACES)),
    )
    for view in views(hostile):
        assert_fits(view)


STAMP = re.compile(r"<t:\d+:[FRtf]>|<@&10000000000000000000>")


@settings(max_examples=150, deadline=None)
@given(typed=st.text(alphabet=HOSTILE, max_size=60))
@example("[press me](https://evil.example)")
@example("https://a.example/\\<@123>")
@example("<@123> @everyone <#5> <@&6> </x:7> <:e:8> <t:9:R>")
def test_no_mention_and_no_masked_link_survives(typed: str) -> None:
    hostile = replace(
        FULL,
        title=typed,
        host_name=typed,
        location=typed,
        description=typed,
        second=SecondText("hu", typed, typed),
        terms=LONGEST_TERMS,
        answers=tuple(Named(Given(n, standing, n), typed) for n, standing in enumerate(Standing)),
    )
    shown = [text for view in views(hostile) for text in parts(view)]
    for text in (text for text in shown if not re.fullmatch(r"[\[(].*[\])]", text)):
        bare = live(STAMP.sub("", text))
        assert not re.findall(r"\[|<[@#:/t]|<a:|<id:|@everyone|@here", bare), text
