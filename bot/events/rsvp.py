"""The state of an event's answers: who stands where, how many seats are taken, who is next in line. Pure.

What an answer changes is decided in `bot.events.answer_rules`; `apply` makes it come true.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple


class Choice(StrEnum):
    """What a member can press."""

    GOING = "going"
    MAYBE = "maybe"
    NO = "no"


class Standing(StrEnum):
    """Where a member stands: waiting is what going becomes when the event is full; an offered seat is held a while."""

    GOING = "going"
    OFFERED = "offered"
    WAITING = "waiting"
    MAYBE = "maybe"
    NO = "no"


SEATED = (Standing.GOING, Standing.OFFERED)
COMING = (*SEATED, Standing.WAITING)  # who wants a seat


@dataclass(frozen=True, slots=True)
class Guests:
    """How many people a member brings along."""

    number: int


@dataclass(frozen=True, slots=True)
class Volunteer:
    """The help a member gives, by the name of the role; None takes it back."""

    role: str | None


@dataclass(frozen=True, slots=True)
class Left:
    """The member is no longer in the server."""


Deed = Choice | Guests | Volunteer | Left


class Given(NamedTuple):
    """An answer as it is now; a smaller `turn` came earlier. `offered_until` is aware UTC."""

    user_id: int
    standing: Standing
    turn: int
    guests: int = 0
    volunteer: str | None = None
    offered_until: datetime | None = None

    @property
    def party(self) -> int:
        """How many seats the member and the guests need."""
        return 1 + self.guests


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organiser decided about answering. Instants are aware UTC; `capacity` None is no limit.

    `offer_hours` is how long a seat that falls free near the start is held for the next in line, nights in `timezone`
    (an IANA name) not counted; 0: it is just given.
    """

    is_open: bool
    starts_at: datetime
    capacity: int | None = None
    opens_at: datetime | None = None
    deadline: datetime | None = None
    max_guests: int = 0
    answer_role_id: int | None = None
    offer_hours: int = 0
    volunteers: Mapping[str, int] = field(default_factory=dict)  # role → how many are looked for
    timezone: str = "UTC"

    @property
    def closes_at(self) -> datetime:
        """From when on nobody can take a seat."""
        return self.starts_at if self.deadline is None else min(self.starts_at, self.deadline)


@dataclass(frozen=True, slots=True)
class Decision:
    """The member's answer as it will be (None: erased), whether that is a change, and who else is served by it.

    `moved` are the answers of others as they will be, in the order in which seats are given or offered.
    """

    mine: Given | None
    changed: bool
    moved: tuple[Given, ...] = ()


class EventState:
    """What the rules need to know of an event.

    Counts and the line (the waiting, oldest first) are kept up to date by `put`, so that deciding takes as long with
    5 answers as with 5,000.
    """

    def __init__(self, terms: Terms, answers: Iterable[Given]) -> None:
        self.terms = terms
        in_turn = sorted(answers, key=attrgetter("turn"))
        self.answers = {given.user_id: given for given in in_turn}
        self.line = {given.user_id: given for given in in_turn if given.standing is Standing.WAITING}
        self.offers = {given.user_id: given for given in in_turn if given.standing is Standing.OFFERED}
        self.next_turn = in_turn[-1].turn + 1 if in_turn else 1
        self.taken = sum(given.party for given in in_turn if given.standing in SEATED)  # seats
        self.helpers = Counter(given.volunteer for given in in_turn if given.volunteer is not None)

    @property
    def free(self) -> float:
        """Seats that nobody has; infinite without a capacity, negative where it was lowered below those taken."""
        return float("inf") if self.terms.capacity is None else self.terms.capacity - self.taken

    def put(self, given: Given) -> None:
        """An answer as it is from now on. Whoever begins to wait has the highest turn, and stands last."""
        before = self.answers.get(given.user_id)
        if before is not None:
            self._count(before, -1)
        self._count(given, 1)
        self.answers[given.user_id] = given
        for standing, those in ((Standing.WAITING, self.line), (Standing.OFFERED, self.offers)):
            if given.standing is standing:
                those[given.user_id] = given  # who is there already keeps the place
            else:
                those.pop(given.user_id, None)
        self.next_turn = max(self.next_turn, given.turn + 1)

    def drop(self, user_id: int) -> None:
        """Forget an answer."""
        before = self.answers.pop(user_id, None)
        if before is not None:
            self._count(before, -1)
            self.line.pop(user_id, None)
            self.offers.pop(user_id, None)

    def _count(self, given: Given, times: int) -> None:
        if given.standing in SEATED:
            self.taken += times * given.party
        if given.volunteer is not None:
            self.helpers[given.volunteer] += times
