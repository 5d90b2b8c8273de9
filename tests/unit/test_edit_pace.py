"""How often a card is edited while answers come in."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import discord
from hypothesis import example, given
from hypothesis import strategies as st

from bot.events.answers import REFRESH_AFTER
from bot.posting.edit_pace import OLD, OLD_REST, REST, first_id, rested_at, sent_at
from bot.posting.editing import Outcome, after_error

START = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
NEW_CARD, OLD_CARD = first_id(START - timedelta(seconds=10)), first_id(START - OLD)
# Seconds at which something changes; the first is at 0.
bursts = st.lists(st.floats(0, 60, allow_nan=False), max_size=60).map(lambda seconds: sorted([0.0, *seconds]))


def edits(changes: list[float], message_id: int) -> list[float]:
    """When a card is edited: at the time that the first change since the last edit set, and rested."""
    made: list[float] = []
    rests_until = 0.0
    for change in changes:
        if made and made[-1] >= change:
            continue  # the edit that comes will show it
        made.append(max(change + REFRESH_AFTER.total_seconds(), rests_until))
        rests_until = (rested_at(message_id, START + timedelta(seconds=made[-1])) - START).total_seconds()
    return made


@given(bursts)
@example([0.0, 2.0, 4.0])
@example([0.0, 1.999999, 2.000001, 4.000002])
def test_a_burst_of_d_seconds_is_at_most_d_over_the_rest_plus_one_edits_and_one_comes_after_its_end(
    changes: list[float],
) -> None:
    for message_id, rest in ((NEW_CARD, REST), (OLD_CARD, OLD_REST)):
        made = edits(changes, message_id)
        assert len(made) <= math.ceil(changes[-1] / rest.total_seconds()) + 1
        assert changes[-1] < made[-1] <= changes[-1] + rest.total_seconds() + REFRESH_AFTER.total_seconds()
        assert all(later - earlier >= rest.total_seconds() - 1e-5 for earlier, later in pairwise(made))


def test_a_card_becomes_old_after_an_hour() -> None:
    second = timedelta(seconds=1)
    assert rested_at(NEW_CARD, sent_at(NEW_CARD) + OLD - second) == sent_at(NEW_CARD) + OLD + second
    assert rested_at(NEW_CARD, sent_at(NEW_CARD) + OLD) == sent_at(NEW_CARD) + OLD + OLD_REST


def test_a_message_id_tells_when_the_message_was_sent() -> None:
    message_id = 1_441_821_696_000_000_000
    assert sent_at(message_id) == discord.utils.snowflake_time(message_id)
    assert (sent_at(first_id(START)), sent_at(first_id(START) - 1)) == (START, START - timedelta(milliseconds=1))


def test_an_edit_that_failed_is_tried_again_when_discord_says_or_later_each_time() -> None:
    assert after_error(discord.RateLimited(45.5), 3) == Outcome(again_in=timedelta(seconds=45.5))
    waits = [after_error(OSError("no network"), failures).again_in for failures in range(4)]
    assert waits == [timedelta(seconds=seconds) for seconds in (10, 20, 40, 80)]
    assert after_error(ValueError("too long"), 40).again_in == timedelta(hours=1)
