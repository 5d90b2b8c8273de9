"""The rules of answering an event. Pure: they say what changes, `bot.events` applies it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it is now; a smaller `turn` came earlier."""

    user_id: int
    standing: Standing
    turn: int


@dataclass(frozen=True, slots=True)
class EventState:
    """What the rules need to know of an event; `capacity` None is no limit, `starts_at` is aware UTC."""

    open: bool
    starts_at: datetime
    capacity: int | None
    answers: tuple[Given, ...]

    def count(self, standing: Standing) -> int:
        """How many stand so."""
        return sum(given.standing is standing for given in self.answers)


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
    before = next((given.standing for given in state.answers if given.user_id == user_id), None)
    if choice is Choice.GOING:
        if before in (Standing.GOING, Standing.WAITING):
            return Decision(before, False, ())
        free = free_seats(state) > 0 and not state.count(Standing.WAITING)
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
    waiting = [given for given in state.answers if given.standing is Standing.WAITING and given.user_id != leaving]
    line = sorted(waiting, key=lambda given: given.turn)
    return tuple(given.user_id for given in line[: int(max(0, min(seats, len(line))))])
