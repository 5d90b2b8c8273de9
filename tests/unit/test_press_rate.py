"""When a press still edits the card itself."""

from datetime import UTC, datetime, timedelta

from bot.events.press_rate import AT_ONCE, MOST_EVENTS, PressRate

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def edits(rate: PressRate, *seconds: float, event_id: int = 1) -> list[bool]:
    """Whether each press, so many seconds after noon, edits the card."""
    return [rate.edits(event_id, NOON + timedelta(seconds=second)) for second in seconds]


def test_a_handful_of_presses_edits_the_card_each_and_the_next_does_not() -> None:
    assert edits(PressRate(), *[0.0] * 12) == [True] * int(AT_ONCE) + [False, False]


def test_two_a_second_edit_the_card_for_ever() -> None:
    assert edits(PressRate(), *(at / 2 for at in range(200))) == [True] * 200


def test_of_three_a_second_two_edit_the_card_in_the_long_run() -> None:
    rate = PressRate()
    first_minute = edits(rate, *(at / 3 for at in range(180)))
    assert sum(first_minute) == 120 + int(AT_ONCE) - 1
    assert sum(edits(rate, *(60 + at / 3 for at in range(180)))) == 120


def test_a_storm_leaves_as_many_edits_as_its_seconds_allow() -> None:
    assert sum(edits(PressRate(), *(at / 100 for at in range(1_001)))) == int(AT_ONCE) + 20


def test_quiet_after_a_storm_brings_the_handful_back_and_no_more() -> None:
    rate = PressRate()
    edits(rate, *[0.0] * 50)
    assert edits(rate, 0.4, 0.5, 0.5) == [False, True, False]
    assert edits(rate, *[600.0] * 11) == [True] * 10 + [False]


def test_events_do_not_slow_each_other() -> None:
    rate = PressRate()
    edits(rate, *[0.0] * 50)
    assert edits(rate, 0.0, event_id=2) == [True]


def test_a_clock_that_goes_back_gives_no_edits_and_takes_none() -> None:
    rate = PressRate()
    edits(rate, *[100.0] * 10)
    assert edits(rate, 0.0, 0.5) == [False, True]


def test_a_thousand_events_are_remembered_and_the_quietest_forgotten() -> None:
    rate = PressRate()
    edits(rate, *[0.0] * 10, event_id=1)
    for event_id in range(2, MOST_EVENTS + 1):
        edits(rate, 0.0, event_id=event_id)
    assert edits(rate, 0.0, event_id=1) == [False]
    for event_id in range(2, MOST_EVENTS + 2):
        edits(rate, 0.0, event_id=MOST_EVENTS + event_id)
    assert edits(rate, 0.0, event_id=1) == [True]
