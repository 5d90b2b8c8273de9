"""The card of an event under hostile words and crowds: within Discord's limits, mentioning and linking nothing."""

import re
from dataclasses import replace

import discord
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.drafts import EMPTY, Draft
from bot.events import Listed
from bot.texts import ENGLISH
from bot.ui.card import MOST_CHARACTERS, MOST_COMPONENTS
from bot.ui.draft_card import draft_view
from bot.ui.event_card import clocks_view, event_view, promotion_notice
from bot.ui.event_list import event_cancelled, event_list
from tests.unit.test_event_card import FULL, MORE_PLACES, OPEN, STARTS, parts, zoned

HOSTILE = "*_~`|>[]()<>@#:\\-+.!&/ \n\t\u202e\u200bhttps://everyone1234"


def live(text: str) -> str:
    """The text without what is escaped; escapes are read from the left, as Discord does."""
    return re.sub(r"\\[^\w\s]", "", text)


def size(view: discord.ui.LayoutView) -> tuple[int, int]:
    """Characters and components."""
    return view.content_length(), sum(1 for _ in view.walk_children())


def test_hundreds_of_partners_still_fit_behind_all_clocks() -> None:
    zones = sorted({zone for _, zone in MORE_PLACES} | {"Asia/Kolkata", "Asia/Kathmandu", "Pacific/Apia"})
    places = tuple((f"City *{n}* of the very long name", zone) for zone in zones for n in range(60))
    view = clocks_view(replace(OPEN, clocks=zoned(places)), ENGLISH)
    assert size(view)[0] <= MOST_CHARACTERS
    assert len(list(parts(view))[1].split("\n")) == len(zoned(places))


def test_five_hundred_members_fit_and_the_rest_is_counted() -> None:
    members = tuple(f"{n:03}" + "*_~`|[]<@"[n % 9] * 29 for n in range(500))
    view = event_view(replace(FULL, capacity=300, going=members[:300], waiting=members[300:], maybe=members))
    characters, components = size(view)
    assert characters <= MOST_CHARACTERS
    assert components <= MOST_COMPONENTS
    for heading, group in zip(("Going 300 / 300", "Waiting 200", "Maybe 500"), (300, 200, 500), strict=True):
        text = next(text for text in parts(view) if "**Going" in text)
        names = re.search(rf"\*\*{heading}\*\*\s+(.*?) and (\d+) more", text, re.DOTALL)
        assert names is not None
        assert len(names[1].split(", ")) + int(names[2]) == group


def test_short_lists_are_written_out_beside_a_long_one() -> None:
    text = next(
        text
        for text in parts(event_view(replace(FULL, capacity=400, going=tuple(f"member {n}" for n in range(400)))))
        if "Going" in text
    )
    assert "**Waiting 2**  1. Mika, 2. Noor\n**Maybe 2**\nOmar, Petra" in text
    assert len(text) > 3_000


def test_a_description_of_1500_asterisks_fits_and_leaves_room_for_names() -> None:
    view = event_view(replace(FULL, description="*" * 1_500))
    assert size(view)[0] <= MOST_CHARACTERS
    description, roster = list(parts(view))[2:4]
    assert set(description) == {"\\", "*", "…"}
    assert "Alice, Bob, Chiyo" in roster and "Omar, Petra" in roster


WORDS = st.text(alphabet=HOSTILE, max_size=1_500) | st.text(max_size=300)
NAMES = st.lists(WORDS.map(lambda text: text[:32] or "?"), max_size=60).map(tuple)


@settings(max_examples=150, deadline=None)
@given(title=WORDS, place=WORDS, description=WORDS, host=WORDS, going=NAMES, waiting=NAMES, maybe=NAMES, city=WORDS)
@example(
    title="*" * 100,
    place="*" * 200,
    description="*" * 1_500,
    host="*" * 32,
    going=("*" * 32,) * 100,
    waiting=("*" * 32,) * 100,
    maybe=("*" * 32,) * 100,
    city="*" * 60,
)
def test_nothing_typed_makes_a_message_too_long(
    title: str,
    place: str,
    description: str,
    host: str,
    going: tuple[str, ...],
    waiting: tuple[str, ...],
    maybe: tuple[str, ...],
    city: str,
) -> None:
    hostile = replace(
        OPEN,
        title=title[:100] or "?",
        location=place[:200],
        description=description,
        host_name=host[:32],
        going=going * 5,
        waiting=waiting,
        maybe=maybe,
        clocks=zoned(tuple((city or "?", zone) for _, zone in MORE_PLACES)),
    )
    listed = Listed(1, hostile.title, STARTS, hostile.location, 5, 5, 10**19, 10**19)
    for view in (
        event_view(hostile),
        event_view(replace(hostile, status="cancelled")),
        draft_view(Draft(3, EMPTY, hostile, None, True), ENGLISH),
        clocks_view(hostile, ENGLISH),
        event_list([listed] * 25, 10**19, ENGLISH),
        event_cancelled(hostile, ENGLISH),
        promotion_notice(hostile, ENGLISH, mention="<@5>"),
    ):
        characters, components = size(view)
        assert 0 < characters <= MOST_CHARACTERS
        assert components <= MOST_COMPONENTS


STAMP = re.compile(r"<t:\d+:[FRtf]>")


@settings(max_examples=150, deadline=None)
@given(typed=st.text(alphabet=HOSTILE, max_size=60))
@example("[press me](https://evil.example)")
@example("https://a.example/\\<@123>")
@example("<@123> @everyone <#5> <@&6> </x:7> <:e:8> <t:9:R>")
def test_no_mention_and_no_masked_link_survives(typed: str) -> None:
    hostile = replace(
        FULL, title=typed, host_name=typed, location=typed, description=typed, going=(typed,), waiting=(typed,)
    )
    listed = Listed(1, typed, STARTS, typed, 5, 5, None, None)
    views = (event_view(hostile), event_list([listed], 1, ENGLISH), promotion_notice(hostile, ENGLISH))
    for text in (text for view in views for text in parts(view) if not re.fullmatch(r"\[[\w' ]+\]", text)):
        bare = live(STAMP.sub("", text))
        assert not re.findall(r"\[|<[@#:/t]|<a:|<id:|@everyone|@here", bare), text
