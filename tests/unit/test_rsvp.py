"""The rules of answering: a table of plain presses, then every edge by name."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import BadInput
from bot.events.answer_rules import decide, settled, with_terms
from bot.events.rsvp import Choice, Decision, Deed, EventState, Given, Guests, Left, Standing, Terms, Volunteer

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
START = NOW + timedelta(days=3)
GOING, OFFERED, WAITING, MAYBE, NO = Standing
ANN, BEN, CEM, DEA, EVA, FAY = 1, 2, 3, 4, 5, 6
ROLE = 900

CANCELLED = "This event was cancelled, so there is nothing to answer any more."
BEGUN = "This event has begun, so answers are closed."
NO_SEAT = "There is no free seat for another guest. If one comes free, try again."
CLOSED = "Answers closed <t:1795366800:f>. If you were going and cannot come, press *Can't go*."


def event(capacity: int | None, *answers: tuple[int, Standing] | tuple[int, Standing, int], **terms: Any) -> EventState:
    """An open event; the answers, perhaps with guests, came in the order given."""
    given = [
        Given(
            user_id=one[0],
            standing=one[1],
            turn=turn,
            guests=one[2] if len(one) == 3 else 0,
            offered_until=NOW + HOUR if one[1] is OFFERED else None,
        )
        for turn, one in enumerate(answers, start=1)
    ]
    settings: Mapping[str, Any] = {"is_open": True, "starts_at": START, "max_guests": 5} | terms
    return EventState(Terms(capacity=capacity, **settings), given)


FULL = ((ANN, GOING), (BEN, GOING), (CEM, WAITING), (DEA, WAITING), (EVA, MAYBE))


def told(decision: Decision) -> tuple[Standing | None, bool, list[tuple[int, Standing]]]:
    """Where the member stands, whether that is new, and who else stands where now."""
    others = [(given.user_id, given.standing) for given in decision.moved]
    return decision.mine and decision.mine.standing, decision.changed, others


def moved(given: tuple[Given, ...]) -> list[tuple[int, Standing]]:
    return [(one.user_id, one.standing) for one in given]


def refused(state: EventState, user_id: int, deed: Deed, now: datetime = NOW, roles: tuple[int, ...] = ()) -> str:
    with pytest.raises(BadInput) as problem:
        decide(state, user_id, deed, now, roles)
    return str(problem.value)


@pytest.mark.parametrize(
    ("state", "user_id", "choice", "standing", "changed", "promoted"),
    [
        pytest.param(event(2), ANN, Choice.GOING, GOING, True, [], id="first-comer-goes"),
        pytest.param(event(2), ANN, Choice.MAYBE, MAYBE, True, [], id="maybe-takes-no-seat"),
        pytest.param(event(2), ANN, Choice.NO, NO, True, [], id="no-is-kept-as-an-answer"),
        pytest.param(event(None, *FULL[:2]), CEM, Choice.GOING, GOING, True, [], id="no-limit-no-line"),
        pytest.param(event(3, *FULL[:2]), CEM, Choice.GOING, GOING, True, [], id="the-last-seat"),
        pytest.param(event(2, *FULL[:2]), CEM, Choice.GOING, WAITING, True, [], id="full-means-waiting"),
        pytest.param(event(2, *FULL), EVA, Choice.GOING, WAITING, True, [], id="maybe-joins-the-line"),
        pytest.param(event(2, *FULL), ANN, Choice.GOING, GOING, False, [], id="twice-keeps-the-seat"),
        pytest.param(event(2, *FULL), DEA, Choice.GOING, WAITING, False, [], id="twice-keeps-the-place"),
        pytest.param(event(2, *FULL), EVA, Choice.MAYBE, MAYBE, False, [], id="maybe-twice"),
        pytest.param(event(2, *FULL), ANN, Choice.NO, NO, True, [CEM], id="oldest-moves-up"),
        pytest.param(event(2, *FULL), ANN, Choice.MAYBE, MAYBE, True, [CEM], id="maybe-frees-a-seat"),
        pytest.param(event(2, *FULL), CEM, Choice.NO, NO, True, [], id="leaving-the-line-frees-none"),
        pytest.param(event(2, *FULL), EVA, Choice.NO, NO, True, [], id="maybe-had-no-seat-to-free"),
        pytest.param(event(1, *FULL), ANN, Choice.NO, NO, True, [], id="over-capacity-nobody-moves-up"),
        pytest.param(event(2, (ANN, GOING, 1), *FULL[2:]), ANN, Choice.NO, NO, True, [CEM, DEA], id="guests-free-too"),
        pytest.param(event(4, *FULL), FAY, Choice.GOING, WAITING, True, [], id="nobody-jumps-the-line"),
        pytest.param(event(4, *FULL), CEM, Choice.NO, NO, True, [DEA], id="who-leaves-is-not-moved-up"),
        pytest.param(event(2, (ANN, OFFERED)), ANN, Choice.GOING, GOING, True, [], id="an-offer-is-taken"),
        pytest.param(event(1, (ANN, OFFERED), *FULL[2:]), ANN, Choice.NO, NO, True, [CEM], id="an-offer-is-declined"),
        pytest.param(event(1, (ANN, OFFERED)), BEN, Choice.GOING, WAITING, True, [], id="an-offered-seat-is-taken"),
    ],
)
def test_an_answer_changes_what_the_table_says(
    state: EventState, user_id: int, choice: Choice, standing: Standing, changed: bool, promoted: list[int]
) -> None:
    assert told(decide(state, user_id, choice, NOW)) == (standing, changed, [(other, GOING) for other in promoted])


def test_a_decision_says_all_that_the_rows_will_hold() -> None:
    state = event(1, (ANN, GOING, 0), (BEN, WAITING))
    promoted = Given(BEN, GOING, 2)
    assert decide(state, ANN, Choice.NO, NOW) == Decision(Given(ANN, NO, 3), True, (promoted,))
    assert decide(state, CEM, Choice.GOING, NOW) == Decision(Given(CEM, WAITING, 3), True)


def test_the_line_is_ordered_by_turn_and_not_by_how_rows_come() -> None:
    rows = (Given(ANN, GOING, 1), Given(CEM, WAITING, 9), Given(DEA, WAITING, 4))
    state = EventState(event(1).terms, rows)
    assert told(decide(state, ANN, Choice.NO, NOW)) == (NO, True, [(DEA, GOING)])


def test_leaving_the_line_and_coming_back_starts_at_its_end() -> None:
    state = event(2, *FULL)
    for choice in (Choice.MAYBE, Choice.GOING):
        mine = decide(state, CEM, choice, NOW).mine
        assert mine is not None
        state.put(mine)
    assert list(state.line) == [DEA, CEM]


# -- the start, a cancellation, the deadline


@pytest.mark.parametrize("deed", [*Choice, Guests(1), Volunteer(None)])
@pytest.mark.parametrize("now", [START, START + timedelta(days=9)])
def test_nobody_answers_or_moves_up_from_the_start_on(deed: Deed, now: datetime) -> None:
    assert refused(event(2, *FULL), ANN, deed, now) == BEGUN


@pytest.mark.parametrize("deed", [*Choice, Guests(1), Volunteer(None)])
def test_nobody_answers_or_moves_up_once_it_is_cancelled(deed: Deed) -> None:
    assert refused(event(2, *FULL, is_open=False), ANN, deed) == CANCELLED


def test_the_last_moment_before_the_start_still_counts() -> None:
    assert told(decide(event(2), ANN, Choice.GOING, START - timedelta(microseconds=1))) == (GOING, True, [])


@pytest.mark.parametrize(
    ("terms", "now"),
    [
        pytest.param({}, START, id="started"),
        pytest.param({"is_open": False}, NOW, id="cancelled"),
        pytest.param({"deadline": NOW}, NOW, id="closed"),
    ],
)
def test_a_seat_that_falls_free_when_answers_are_over_is_given_to_nobody(terms: Any, now: datetime) -> None:
    state = event(2, *FULL, **terms)
    assert decide(state, ANN, Left(), now) == Decision(None, True)
    state.drop(ANN)
    assert settled(state, now) == ()
    raised = event(9, **terms).terms
    assert with_terms(state, raised, now) == ()


def test_after_the_deadline_only_giving_something_up_is_possible() -> None:
    state = event(2, (ANN, GOING, 1), (BEN, WAITING), deadline=NOW + HOUR, volunteers={"driver": 1})
    state.put(state.answers[ANN]._replace(volunteer="driver"))
    now = NOW + HOUR
    for deed in (Choice.GOING, Choice.MAYBE, Guests(2), Volunteer("driver")):
        assert refused(state, ANN, deed, now) == CLOSED
    assert refused(state, EVA, Choice.GOING, now) == CLOSED
    assert told(decide(state, ANN, Guests(0), now)) == (GOING, True, [])
    assert told(decide(state, ANN, Volunteer(None), now)) == (GOING, True, [])
    assert told(decide(state, ANN, Choice.NO, now)) == (NO, True, [])


def test_a_later_deadline_serves_those_who_could_not_be_while_answers_were_closed() -> None:
    state = event(1, (BEN, WAITING), deadline=NOW)
    assert moved(with_terms(state, event(1, deadline=NOW + HOUR).terms, NOW)) == [(BEN, GOING)]


def test_before_answers_open_one_can_only_decline() -> None:
    state = event(2, opens_at=NOW + HOUR)
    assert refused(state, ANN, Choice.GOING) == "Answers open <t:1795366800:f>. Come back then."
    assert told(decide(state, ANN, Choice.NO, NOW)) == (NO, True, [])
    assert told(decide(state, ANN, Choice.GOING, NOW + HOUR)) == (GOING, True, [])


def test_answers_by_role_are_for_its_members_but_who_lost_it_can_still_decline() -> None:
    state = event(2, (BEN, GOING), answer_role_id=ROLE)
    assert refused(state, ANN, Choice.GOING) == "Only members with the role <@&900> can answer here."
    assert told(decide(state, ANN, Choice.GOING, NOW, [ROLE])) == (GOING, True, [])
    assert told(decide(state, BEN, Choice.NO, NOW)) == (NO, True, [])


# -- capacity


@pytest.mark.parametrize("capacity", [1, 2])
def test_capacity_lowered_below_those_going_throws_nobody_out(capacity: int) -> None:
    state = event(3, (ANN, GOING, 2), (BEN, OFFERED), (CEM, WAITING))
    before = dict(state.answers)
    assert with_terms(state, event(capacity).terms, NOW) == ()
    assert state.answers == before
    assert told(decide(state, BEN, Choice.NO, NOW)) == (NO, True, [])


def test_capacity_raised_by_three_promotes_exactly_three_the_oldest_first() -> None:
    line = [(number, WAITING) for number in range(10, 20)]
    state = event(2, *FULL[:2], *line)
    assert moved(with_terms(state, event(5).terms, NOW)) == [(10, GOING), (11, GOING), (12, GOING)]


def test_no_limit_any_more_promotes_everybody() -> None:
    assert moved(with_terms(event(2, *FULL), event(None).terms, NOW)) == [(CEM, GOING), (DEA, GOING)]


def test_who_was_promoted_and_cancelled_is_not_served_again() -> None:
    state = event(1, (ANN, GOING), (BEN, WAITING), (CEM, WAITING))
    for member, next_in_line in ((ANN, BEN), (BEN, CEM)):
        decision = decide(state, member, Choice.NO, NOW)
        assert told(decision) == (NO, True, [(next_in_line, GOING)])
        assert decision.mine is not None
        for given in (decision.mine, *decision.moved):
            state.put(given)
    assert (list(state.line), state.free) == ([], 0)


def test_a_seat_that_was_left_stranded_is_found_at_the_next_look() -> None:
    assert moved(settled(event(4, *FULL), NOW)) == [(CEM, GOING), (DEA, GOING)]
    assert settled(event(2, *FULL), NOW) == ()


# -- members who leave the server


def test_leaving_the_server_frees_the_seat_with_its_guests_even_where_the_role_is_gone() -> None:
    state = event(2, (ANN, GOING, 1), *FULL[2:], answer_role_id=ROLE)
    assert told(decide(state, ANN, Left(), NOW)) == (None, True, [(CEM, GOING), (DEA, GOING)])


def test_leaving_the_server_from_the_line_lets_the_next_ones_past() -> None:
    state = event(2, (ANN, GOING), (BEN, WAITING, 2), (CEM, WAITING))
    assert told(decide(state, BEN, Left(), NOW)) == (None, True, [(CEM, GOING)])


def test_who_never_answered_leaves_nothing_behind() -> None:
    assert decide(event(2, *FULL), FAY, Left(), NOW) == Decision(None, False)
