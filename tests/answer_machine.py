"""A machine that presses, changes terms and lets time pass at random; what it does that to is given by a `Desk`."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.events.answers import Answered
from bot.events.rsvp import COMING, Choice, Deed, Given, Guests, Left, Standing, Volunteer
from bot.members import Member
from tests.invariants import Seen, check, check_deed, check_step

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GUILD, ROLE = 77, 900

Presses = Sequence[tuple[Member, Deed]]


class Desk(Protocol):
    """One event and a way to answer it: in memory, or through a database."""

    def announce(self, **columns: Any) -> None:
        """A new event."""

    def press(self, presses: Presses, now: datetime) -> Sequence[Answered | Exception | None]:
        """What came of each of these, which were pressed at once; None: it was done, and there is no card."""

    def change(self, now: datetime, **columns: Any) -> None:
        """Change the event's row, and all that follows from it."""

    def look(self, now: datetime) -> None:
        """Do what time alone changes."""

    def seen(self) -> Seen:
        """The event's rows."""

    def close(self) -> None:
        """Forget the event."""


def member(number: int) -> Member:
    """One of twelve; every fourth lacks the role that some events ask for."""
    return Member(number, f"Member {number}", frozenset({ROLE} if number % 4 else ()))


MOST = 12
MEMBERS = st.integers(1, MOST).map(member)
CHOICES = st.sampled_from(Choice)
GUESTS = st.sampled_from([0, 1, 1, 2, 3]).map(Guests)
HELP = st.sampled_from([Volunteer("driver"), Volunteer("interpreter"), Volunteer(None)])
GIVING_UP = st.sampled_from([Choice.NO, Choice.NO, Choice.MAYBE, Left(), Guests(0)])
DEEDS = st.one_of(CHOICES, st.just(Choice.GOING), GUESTS, HELP, GIVING_UP)
CAPACITY = st.sampled_from([1, 2, 2, 3, 3, 4, 5, None])


class AnswerMachine(RuleBasedStateMachine):
    """Every rule is one transaction; after it all invariants are checked on the rows."""

    desk: Desk

    @initialize(
        capacity=CAPACITY,
        max_guests=st.integers(0, 3),
        offer_hours=st.sampled_from([0, 1, 1, 3]),
        hours=st.sampled_from([20, 22, 26, 60]),
        answer_role_id=st.sampled_from([None, None, None, ROLE]),
        first=st.integers(0, 9),
    )
    def announced(self, hours: int, first: int, **columns: Any) -> None:
        self.now, self.cancelled = NOW, False
        starts_at = NOW + hours * HOUR
        self.desk.announce(
            starts_at=starts_at, ends_at=starts_at + 2 * HOUR, volunteers="driver:2 interpreter:1", **columns
        )
        self.before = self.desk.seen()
        parties = [(member(number), (Choice.GOING, Guests(number % 3))) for number in range(1, first + 1)]
        if parties:
            self.answer(*((one, deed) for one, deeds in parties for deed in deeds))

    @rule(member=MEMBERS, deed=DEEDS)
    def press(self, member: Member, deed: Deed) -> None:
        self.answer((member, deed))

    @rule(number=st.integers(0, 11))
    def join(self, number: int) -> None:
        """One of those who neither have a seat nor wait for one."""
        coming = {given.user_id for given in self.standing(*COMING)}
        away = [user_id for user_id in range(1, MOST + 1) if user_id not in coming]
        if away:
            self.answer((member(away[number % len(away)]), Choice.GOING))

    @rule(number=st.integers(0, 11), deed=GIVING_UP)
    def drop_out(self, number: int, deed: Deed) -> None:
        self.one_of(number, deed, *COMING)

    @rule(number=st.integers(0, 11), deed=st.one_of(GUESTS, HELP))
    def bring_or_help(self, number: int, deed: Deed) -> None:
        self.one_of(number, deed, *COMING)

    @rule(number=st.integers(0, 3), choice=CHOICES)
    def answer_an_offer(self, number: int, choice: Choice) -> None:
        self.one_of(number, choice, Standing.OFFERED)

    @rule(presses=st.lists(st.tuples(MEMBERS, DEEDS), min_size=2, max_size=6))
    def burst(self, presses: Presses) -> None:
        self.answer(*presses)

    @rule(more=st.sampled_from([-2, -1, -1, 1, 1, 2, 3, None]))
    def change_capacity(self, more: int | None) -> None:
        """By so many seats; None takes the limit away."""
        seats = self.before.terms.capacity or self.before.taken
        self.change(capacity=None if more is None else max(1, seats + more))

    @rule(hours=st.sampled_from([None, None, 20, 4, 1, 0, -1]), opens=st.sampled_from([None, None, None, 1]))
    def change_deadline(self, hours: int | None, opens: int | None) -> None:
        at = [None if number is None else self.now + number * HOUR for number in (hours, opens)]
        self.change(deadline=at[0], opens_at=at[1])

    @rule(hours=st.sampled_from([2, 12, 18, 23, 60]), offer_hours=st.sampled_from([0, 1, 1, 3]))
    def change_start(self, hours: int, offer_hours: int) -> None:
        starts_at = self.now + hours * HOUR
        self.change(starts_at=starts_at, ends_at=starts_at + 2 * HOUR, offer_hours=offer_hours)

    @precondition(lambda self: not self.cancelled and len(self.before.answers) > 7)
    @rule(sure=st.integers(0, 7))
    def cancel(self, sure: int) -> None:
        if sure == 5:
            self.cancelled = True
            self.change(status="cancelled")

    @rule(minutes=st.sampled_from([1, 20, 61, 125, 300]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(minutes=st.sampled_from([0, 61, 61, 181]))
    def offers_lapse(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.desk.look(self.now)
        self.checked()

    def standing(self, *standings: Standing) -> list[Given]:
        """The answers of those who stand so, the oldest first."""
        return [given for given in self.before.in_turn if given.standing in standings]

    def one_of(self, number: int, deed: Deed, *standings: Standing) -> None:
        """Have one of those who stand so do it, if there is any."""
        those = self.standing(*standings)
        if those:
            self.answer((member(those[number % len(those)].user_id), deed))

    def answer(self, *presses: tuple[Member, Deed]) -> None:
        """Have these done at once; whoever pressed last is found so in the rows."""
        outcomes = self.desk.press(presses, self.now)
        after = self.checked(*(member.id for member, _ in presses))
        for (member, deed), outcome in zip(presses, outcomes, strict=True):
            if isinstance(outcome, Answered):
                self.told(member.id, outcome, after)
            if len(presses) == 1 and not isinstance(outcome, Exception):
                check_deed(after, member.id, deed)

    def told(self, user_id: int, answered: Answered, after: Seen) -> None:
        """What a member is shown is what the rows hold."""
        given = after.by_user.get(user_id)
        assert answered.given == given, f"told {answered.given}, written {given}"
        assert [named.given for named in answered.card.answers] == after.in_turn, "the card shows other answers"
        assert answered.card.terms == after.terms, "the card shows other terms"
        alike = [one.user_id for one in after.in_turn if given and one.standing is given.standing]
        assert answered.place == (alike.index(user_id) + 1 if given else 0), f"place {answered.place} in {alike}"

    def change(self, **columns: Any) -> None:
        """Have the organiser change something."""
        self.desk.change(self.now, **columns)
        self.checked()

    def checked(self, *pressed: int) -> Seen:
        """The rows as they are now, which may be so."""
        after = self.desk.seen()
        check(after, self.now)
        check_step(self.before, after, pressed, self.now)
        self.before = after
        return after

    def teardown(self) -> None:
        self.desk.close()
