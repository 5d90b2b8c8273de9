"""What must be true of an event and its answers at every commit, whatever was pressed: each in a sentence."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events.answer_rules import held_until
from bot.events.page import Named, terms_of
from bot.events.rsvp import COMING, SEATED, Choice, Deed, EventState, Given, Guests, Left, Standing, Terms, Volunteer
from bot.events.seat_notices import KINDS
from db import answers as answer_queries
from db.models import Answer, Event, OutboxRow

ABOUT_SEATS = ("promotion", "offer", "lapsed")


@dataclass(frozen=True)
class Seen:
    """An event as its rows say; `notices` are what was queued for members, by dedupe key, in order."""

    event_id: int
    terms: Terms
    answers: Sequence[Given]
    notices: Sequence[str]
    strangers: Sequence[str] = ()  # rows that belong to another server than the event
    by_user: dict[int, Given] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_user", {given.user_id: given for given in self.answers})

    @property
    def taken(self) -> int:
        """Seats that somebody has or holds."""
        return sum(1 + given.guests for given in self.answers if given.standing in SEATED)

    @property
    def free(self) -> float:
        """Seats that are left; negative where there are too few."""
        return float("inf") if self.terms.capacity is None else self.terms.capacity - self.taken

    @property
    def in_turn(self) -> list[Given]:
        """The answers, the oldest first."""
        return sorted(self.answers, key=lambda given: given.turn)

    @property
    def line(self) -> list[Given]:
        """Those who wait, the oldest first."""
        return [given for given in self.in_turn if given.standing is Standing.WAITING]


async def seen(session: AsyncSession, event_id: int) -> Seen:
    """Read an event's rows."""
    event = (await session.scalars(select(Event).where(Event.id == event_id))).one()
    rows = await answer_queries.answer_columns(session, [event_id])
    query = select(OutboxRow.dedupe_key, OutboxRow.guild_id).order_by(OutboxRow.id)
    notices = (
        await session.execute(query.where(OutboxRow.object_id == event_id, OutboxRow.kind.in_(ABOUT_SEATS)))
    ).all()
    guilds = await session.execute(select(Answer.user_id, Answer.guild_id).where(Answer.event_id == event_id))
    strangers = [str(name) for name, guild_id in (*notices, *guilds) if guild_id != event.guild_id]
    return Seen(
        event_id, terms_of(event), [Named.of(row).given for row in rows], [key for key, _ in notices], strangers
    )


def check(now_seen: Seen, now: datetime) -> None:
    """What is true of the rows at any moment, if nobody lowers what volunteers are wanted for."""
    terms, answers, line = now_seen.terms, now_seen.answers, now_seen.line
    for what, values in (
        ("member", [given.user_id for given in answers]),
        ("turn", [given.turn for given in answers]),
        ("notice", now_seen.notices),
    ):
        twice = [value for value, times in Counter(values).items() if times > 1]
        assert not twice, f"the same {what} is there twice: {twice}"
    assert not now_seen.strangers, f"rows of another server: {now_seen.strangers}"
    for given in answers:
        held = given.offered_until is not None
        assert held == (given.standing is Standing.OFFERED), f"an offer has an end and nothing else has: {given}"
        assert given.guests == 0 or given.standing in COMING, f"guests come with those who come: {given}"
        assert given.volunteer is None or given.standing is not Standing.NO, f"who stays away helps nobody: {given}"
    erased = [key for key in now_seen.notices if int(key.split(":")[2]) not in now_seen.by_user]
    assert not erased, f"notices about answers that were erased: {erased}"
    if terms.is_open and now < terms.closes_at:
        assert not line or line[0].party > now_seen.free, f"{line[0]} waits beside {now_seen.free} free seats"
    newest = max((given for given in answers if given.standing in SEATED), key=lambda given: given.turn, default=None)
    if newest is not None and line:
        assert newest.turn < line[0].turn, f"{newest} has a seat and {line[0]} came earlier"
    helpers = Counter(given.volunteer for given in answers if given.volunteer is not None)
    assert all(terms.volunteers[role] >= number for role, number in helpers.items()), f"too many helpers: {helpers}"


def check_counts(state: EventState) -> None:
    """The counters of a state are what counting again gives."""
    in_turn = sorted(state.answers.values(), key=lambda given: given.turn)
    again = EventState(state.terms, in_turn)
    assert state.taken == again.taken == sum(given.party for given in in_turn if given.standing in SEATED), "seats"
    assert list(state.line.items()) == list(again.line.items()), "the line"
    assert state.offers == again.offers, "offers"
    assert +state.helpers == +again.helpers, "helpers"
    assert state.next_turn >= again.next_turn, "turns"


def check_step(before: Seen, after: Seen, pressed: Collection[int], now: datetime) -> None:
    """What may have changed while these members pressed, or an organiser changed something, or time passed."""
    assert after.free >= 0 or after.taken <= before.taken, f"oversold: {before.taken} → {after.taken}, {after.terms}"
    new = Counter(after.notices) - Counter(before.notices)
    of_user = Counter(int(key.split(":")[2]) for key in new.elements())
    served = []
    for was in before.answers:
        given = after.by_user.get(was.user_id)
        if was.user_id in pressed:
            late = was.standing is Standing.OFFERED and now >= held_until(was, before.terms) and before.terms.is_open
            kept = given is not None and given.turn == was.turn and given.standing in SEATED
            assert not (late and kept), f"took an offer that had lapsed: {was} → {given}"
            continue
        assert given is not None, f"erased without having left: {was}"
        assert of_user.pop(was.user_id, 0) == (given != was), f"exactly one notice for {was} → {given}: {dict(new)}"
        if given == was:
            continue
        _check_moved(was, given, before, after, now)
        assert new[notice_key(after.event_id, given)] == 1, f"no notice for {was} → {given}: {dict(new)}"
        served += [given] if given.standing in SEATED else []
    assert set(after.by_user) - set(before.by_user) <= set(pressed), "somebody answered without a press"
    assert set(of_user) <= set(pressed), f"a notice to somebody for whom nothing changed: {of_user}"
    if served:
        assert now < after.terms.closes_at, f"promoted when answers were over: {served}"


def _check_moved(was: Given, given: Given, before: Seen, after: Seen, now: datetime) -> None:
    """Without a press one can get a seat or an offer from the line, or lose an offer by time; nothing else changes."""
    assert after.terms.is_open, f"moved at a cancelled event: {was} → {given}"
    if was.standing is Standing.OFFERED:
        lapsed = Given(was.user_id, Standing.NO, was.turn)
        over = now >= held_until(was, after.terms) or now >= held_until(was, before.terms)
        assert given == lapsed and over, f"thrown out: {was} → {given}"
        return
    offer = given.standing is Standing.OFFERED
    until = given.offered_until if offer else None
    assert was.standing is Standing.WAITING and given.standing in SEATED, f"moved without a press: {was} → {given}"
    assert given == was._replace(standing=given.standing, offered_until=until), f"changed on the way: {was} → {given}"
    assert until is None or now < until <= after.terms.closes_at, f"an offer that nobody can take: {given}"


def check_deed(after: Seen, user_id: int, deed: Deed) -> None:
    """A deed that was acknowledged is in the rows."""
    given = after.by_user.get(user_id)
    if isinstance(deed, Left):
        assert given is None, f"left, and still there: {given}"
        return
    assert given is not None, f"acknowledged and lost: {user_id} {deed}"
    if isinstance(deed, Choice):
        wanted = COMING if deed is Choice.GOING else (Standing(deed.value),)
        assert given.standing in wanted, f"{deed} became {given}"
    elif isinstance(deed, Guests):
        assert given.guests == deed.number, f"{deed} became {given}"
    elif isinstance(deed, Volunteer):
        assert given.volunteer == deed.role, f"{deed} became {given}"


def notice_key(event_id: int, given: Given) -> str:
    """The dedupe key under which a member is told of an answer that changed without a press."""
    return f"{KINDS[given.standing]}:{event_id}:{given.user_id}:{given.turn}"
