"""The rules of answering: a table of cases, and a machine that presses at random beside a simple model."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.errors import BadInput
from bot.rsvp import Choice, Decision, EventState, Given, Standing, decide_answer, free_seats

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
GOING, WAITING, MAYBE, NO = Standing.GOING, Standing.WAITING, Standing.MAYBE, Standing.NO
ANN, BEN, CEM, DEA, EVA = 1, 2, 3, 4, 5


def event(capacity: int | None, *answers: tuple[int, Standing]) -> EventState:
    """An open event; the answers came in the order given."""
    given = tuple(Given(user_id, standing, turn) for turn, (user_id, standing) in enumerate(answers, start=1))
    return EventState(True, LATER, capacity, given)


FULL = ((ANN, GOING), (BEN, GOING), (CEM, WAITING), (DEA, WAITING), (EVA, MAYBE))


@pytest.mark.parametrize(
    ("state", "user_id", "choice", "decision"),
    [
        pytest.param(event(2), ANN, Choice.GOING, Decision(GOING, True, ()), id="first-comer-goes"),
        pytest.param(event(2), ANN, Choice.MAYBE, Decision(MAYBE, True, ()), id="maybe-takes-no-seat"),
        pytest.param(event(2), ANN, Choice.NO, Decision(NO, True, ()), id="no-is-kept-as-an-answer"),
        pytest.param(event(None, *FULL[:2]), CEM, Choice.GOING, Decision(GOING, True, ()), id="no-limit-no-line"),
        pytest.param(event(3, *FULL[:2]), CEM, Choice.GOING, Decision(GOING, True, ()), id="the-last-seat"),
        pytest.param(event(2, *FULL[:2]), CEM, Choice.GOING, Decision(WAITING, True, ()), id="full-means-waiting"),
        pytest.param(event(2, *FULL), EVA, Choice.GOING, Decision(WAITING, True, ()), id="maybe-joins-the-line"),
        pytest.param(event(2, *FULL), ANN, Choice.GOING, Decision(GOING, False, ()), id="twice-keeps-the-seat"),
        pytest.param(event(2, *FULL), DEA, Choice.GOING, Decision(WAITING, False, ()), id="twice-keeps-the-place"),
        pytest.param(event(2, *FULL), EVA, Choice.MAYBE, Decision(MAYBE, False, ()), id="maybe-twice"),
        pytest.param(event(2, *FULL), ANN, Choice.NO, Decision(NO, True, (CEM,)), id="oldest-moves-up"),
        pytest.param(event(2, *FULL), ANN, Choice.MAYBE, Decision(MAYBE, True, (CEM,)), id="maybe-frees-a-seat"),
        pytest.param(event(2, *FULL), CEM, Choice.NO, Decision(NO, True, ()), id="leaving-the-line-frees-none"),
        pytest.param(event(2, *FULL), EVA, Choice.NO, Decision(NO, True, ()), id="maybe-had-no-seat-to-free"),
        pytest.param(event(1, *FULL), ANN, Choice.NO, Decision(NO, True, ()), id="over-capacity-nobody-moves-up"),
        pytest.param(event(4, *FULL), EVA, Choice.NO, Decision(NO, True, (CEM, DEA)), id="stranded-seats-are-filled"),
        pytest.param(event(4, *FULL), 6, Choice.GOING, Decision(WAITING, True, ()), id="nobody-jumps-the-line"),
        pytest.param(event(4, *FULL), CEM, Choice.NO, Decision(NO, True, (DEA,)), id="who-leaves-is-not-moved-up"),
    ],
)
def test_an_answer_changes_what_the_table_says(
    state: EventState, user_id: int, choice: Choice, decision: Decision
) -> None:
    assert decide_answer(state, user_id, choice, NOW) == decision


def test_the_line_is_ordered_by_turn_and_not_by_how_rows_come() -> None:
    rows = (Given(ANN, GOING, 1), Given(CEM, WAITING, 9), Given(DEA, WAITING, 4))
    assert decide_answer(EventState(True, LATER, 1, rows), ANN, Choice.NO, NOW) == Decision(NO, True, (DEA,))


@pytest.mark.parametrize("choice", list(Choice))
@pytest.mark.parametrize("now", [LATER, LATER + timedelta(days=9)])
def test_nobody_answers_or_moves_up_from_the_start_on(choice: Choice, now: datetime) -> None:
    with pytest.raises(BadInput) as refused:
        decide_answer(event(2, *FULL), ANN, choice, now)
    assert str(refused.value) == "This event has begun, so answers are closed."


@pytest.mark.parametrize("choice", list(Choice))
def test_nobody_answers_or_moves_up_once_it_is_cancelled(choice: Choice) -> None:
    state = EventState(False, LATER, 2, event(2, *FULL).answers.values())
    with pytest.raises(BadInput) as refused:
        decide_answer(state, ANN, choice, NOW)
    assert str(refused.value) == "This event was cancelled, so there is nothing to answer any more."


def test_the_last_moment_before_the_start_still_counts() -> None:
    assert decide_answer(event(2), ANN, Choice.GOING, LATER - timedelta(microseconds=1)).standing is GOING


class Answers(RuleBasedStateMachine):
    """Random presses of a few members; rows as the use case keeps them, beside two lists that say what is fair."""

    @initialize(capacity=st.one_of(st.none(), st.integers(1, 4)))
    def announced(self, capacity: int | None) -> None:
        self.capacity = capacity
        self.rows: dict[int, Given] = {}
        self.turn = 0
        self.going: list[int] = []
        self.line: list[int] = []
        self.joined: list[int] = []  # the turn of every promotion: one for each place in the line

    @property
    def state(self) -> EventState:
        return EventState(True, LATER, self.capacity, tuple(self.rows.values()))

    @rule(user_id=st.integers(1, 8), choice=st.sampled_from(Choice))
    def press(self, user_id: int, choice: Choice) -> None:
        before = self.rows.get(user_id)
        decision = decide_answer(self.state, user_id, choice, NOW)
        if decision.changed:
            self.turn += 1
            self.rows[user_id] = Given(user_id, decision.standing, self.turn)
        else:
            assert before is not None and before.standing is decision.standing
        for other in decision.promoted:
            moved = self.rows[other]
            assert moved.standing is WAITING
            assert moved.turn not in self.joined
            self.joined.append(moved.turn)
            self.rows[other] = Given(other, GOING, moved.turn)
        assert list(decision.promoted) == self.fair(user_id, choice)

    def fair(self, user_id: int, choice: Choice) -> list[int]:
        """What should happen, on plain lists; returns who moves up."""
        if choice is Choice.GOING:
            if user_id not in self.going + self.line:
                full = self.capacity is not None and len(self.going) >= self.capacity
                (self.line if full else self.going).append(user_id)
            return []
        for members in (self.going, self.line):
            if user_id in members:
                members.remove(user_id)
        moved = []
        while self.line and self.capacity is not None and len(self.going) < self.capacity:
            moved.append(self.line.pop(0))
            self.going.append(moved[-1])
        return moved

    @invariant()
    def seats_and_line_are_as_fair_says(self) -> None:
        rows = sorted(self.rows.values(), key=lambda row: row.turn)
        assert {row.user_id for row in rows if row.standing is GOING} == set(self.going)
        assert [row.user_id for row in rows if row.standing is WAITING] == self.line

    @invariant()
    def never_more_go_than_there_are_seats(self) -> None:
        assert free_seats(self.state) >= 0

    @invariant()
    def nobody_waits_while_a_seat_is_free(self) -> None:
        assert not self.state.count(WAITING) or free_seats(self.state) == 0


TestAnswers = Answers.TestCase
TestAnswers.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
