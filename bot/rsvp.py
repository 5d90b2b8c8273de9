"""The rules of answering an event. Pure: they say what changes, `bot.events` applies it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from bot.errors import BadInput


class Choice(StrEnum):
    """What a member can press."""

    GOING = "going"
    MAYBE = "maybe"
    NO = "no"


class Standing(StrEnum):
    """Where a member stands: waiting is what going becomes when the event is full."""

    GOING = "going"
    WAITING = "waiting"
    MAYBE = "maybe"
    NO = "no"


class Given(NamedTuple):
    """An answer as it is now; a smaller `turn` came earlier."""

    user_id: int
    standing: Standing
    turn: int


class EventState:
    """What the rules need to know of an event; `capacity` None is no limit, `starts_at` is aware UTC.

    Counts and the line (the waiting, oldest first) are kept up to date by `apply`, so that deciding takes as long with
    5 answers as with 5,000.
    """

    def __init__(self, is_open: bool, starts_at: datetime, capacity: int | None, answers: Iterable[Given]) -> None:
        self.open, self.starts_at, self.capacity = is_open, starts_at, capacity
        in_turn = sorted(answers, key=lambda given: given.turn)
        self.answers = {given.user_id: given for given in in_turn}
        self.line = dict.fromkeys(given.user_id for given in in_turn if given.standing is Standing.WAITING)
        self.next_turn = in_turn[-1].turn + 1 if in_turn else 1
        self._counts = Counter(given.standing for given in in_turn)

    def count(self, standing: Standing) -> int:
        """How many stand so."""
        return self._counts[standing]

    def apply(self, user_id: int, decision: "Decision") -> list[Given]:
        """Make a decision come true; returns every answer as it is from now on that was not so before."""
        written = []
        if decision.changed:
            written.append(Given(user_id, decision.standing, self.next_turn))
            self.next_turn += 1
        written += [Given(other, Standing.GOING, self.answers[other].turn) for other in decision.promoted]
        for given in written:
            before = self.answers.pop(given.user_id, None)
            if before is not None:
                self._counts[before.standing] -= 1
                self.line.pop(given.user_id, None)
            self.answers[given.user_id] = given
            self._counts[given.standing] += 1
            if given.standing is Standing.WAITING:
                self.line[given.user_id] = None
        return written


@dataclass(frozen=True, slots=True)
class Decision:
    """The member's new standing, whether that is a change, and who moves up from the waiting list, in order."""

    standing: Standing
    changed: bool
    promoted: tuple[int, ...]


def decide_answer(state: EventState, user_id: int, choice: Choice, now: datetime) -> Decision:
    """What an answer changes. Raises BadInput for an event that is cancelled or has begun.

    Someone who already goes or waits and presses Going again keeps seat or place; whoever leaves the
    waiting list and comes back starts at its end.
    """
    if not state.open:
        raise BadInput("This event was cancelled, so there is nothing to answer any more.")
    if now >= state.starts_at:
        raise BadInput("This event has begun, so answers are closed.")
    given = state.answers.get(user_id)
    before = given.standing if given else None
    if choice is Choice.GOING:
        if before in (Standing.GOING, Standing.WAITING):
            return Decision(before, False, ())
        free = free_seats(state) > 0 and not state.line
        return Decision(Standing.GOING if free else Standing.WAITING, True, ())
    standing = Standing(choice.value)
    freed = 1 if before is Standing.GOING else 0
    return Decision(standing, before is not standing, _next_in_line(state, user_id, free_seats(state) + freed))


def free_seats(state: EventState) -> float:
    """Seats that nobody has; infinite without a capacity, negative where it was lowered below those who go."""
    if state.capacity is None:
        return float("inf")
    return state.capacity - state.count(Standing.GOING)


def _next_in_line(state: EventState, leaving: int, seats: float) -> tuple[int, ...]:
    line = (user_id for user_id in state.line if user_id != leaving)
    return tuple(islice(line, int(max(0, min(seats, len(state.line))))))
