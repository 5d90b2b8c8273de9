"""The pace of requests: a turn every so often, no bursts."""

from bot.posting.pace import Pace


def waits(pace: Pace, *asked_at: float) -> list[float]:
    return [round(pace.take(moment), 6) for moment in asked_at]


def test_the_first_turn_is_at_once_and_each_further_one_after_the_one_before() -> None:
    assert waits(Pace(4), 100, 100, 100, 100) == [0, 0.25, 0.5, 0.75]


def test_who_comes_later_waits_only_for_what_is_left() -> None:
    assert waits(Pace(4), 100, 100.1, 100.9, 101) == [0, 0.15, 0, 0.15]


def test_what_a_rest_left_unused_is_not_made_up_for() -> None:
    assert waits(Pace(10), 100, 200, 200, 200) == [0, 0, 0.1, 0.2]


def test_in_no_second_are_there_more_turns_than_allowed() -> None:
    pace = Pace(64)
    turns = [moment + pace.take(moment) for moment in (number / 300 for number in range(900))]
    assert max(sum(start <= turn < start + 1 for turn in turns) for start in turns) == 64
    assert turns[-1] == (len(turns) - 1) / 64
