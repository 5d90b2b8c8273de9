"""The rules of answering an event. Pure: they say what changes, `bot.answers` writes it.

Seats go strictly by turn: nobody passes the first in line, not even a smaller party that would fit. Someone who
leaves the line and comes back starts at its end.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from bot.errors import BadInput
from bot.rsvp import COMING, SEATED, Choice, Decision, Deed, EventState, Given, Guests, Left, Standing, Terms, Volunteer

OFFERS_FROM = timedelta(hours=24)  # before the start: from then on a free seat is offered, where offers are wanted


def decide(
    state: EventState, user_id: int, deed: Deed, now: datetime, role_ids: Collection[int] = frozenset()
) -> Decision:
    """What a member's deed changes. `state` must hold no offers past their time: see `lapsed`.

    Raises BadInput for an event that is cancelled, has begun, or does not take this answer.
    """
    before = state.answers.get(user_id)
    if isinstance(deed, Left):
        return Decision(None, before is not None, after_leaving(state, before, now))
    _require_open(state.terms, deed, now, role_ids)
    if isinstance(deed, Guests):
        return _bring(state, before, deed.number, now)
    if isinstance(deed, Volunteer):
        return _help(state, before, deed.role)
    return _go(state, user_id, before) if deed is Choice.GOING else _stay_away(state, user_id, before, deed, now)


def after_leaving(state: EventState, before: Given | None, now: datetime) -> tuple[Given, ...]:
    """Who moves up when an answer is erased or no longer asks for a seat."""
    freed = before.party if before and before.standing in SEATED else 0
    return moving_up(state, now, state.free + freed, without=before.user_id if before else None)


def moving_up(
    state: EventState,
    now: datetime,
    free: float | None = None,
    *,
    without: int | None = None,
    mine: Given | None = None,
) -> tuple[Given, ...]:
    """Those who get the free seats, or an offer of them, the first in line first; nobody after answers closed.

    `without` is not served; `mine` stands in line in the place of that member's older answer.
    """
    terms = state.terms
    if not terms.is_open or now >= terms.closes_at or not state.line:
        return ()
    free = state.free if free is None else free
    offering = terms.offer_hours > 0 and terms.starts_at - now <= OFFERS_FROM
    until = min(now + timedelta(hours=terms.offer_hours), terms.closes_at) if offering else None
    moved = []
    for given in state.line.values():
        if given.user_id == without:
            continue
        if mine is not None and given.user_id == mine.user_id:
            given = mine
        if given.party > free:
            break
        free -= given.party
        standing = Standing.OFFERED if offering else Standing.GOING
        moved.append(given._replace(standing=standing, offered_until=until))
    return tuple(moved)


def lapsed(state: EventState, now: datetime) -> tuple[Given, ...]:
    """What changes as offers pass their time: whoever let one pass is out of the line, the next are served."""
    if not any(given.offered_until is not None and given.offered_until <= now for given in state.offers.values()):
        return ()
    over = [given for given in state.offers.values() if given.offered_until is None or given.offered_until <= now]
    freed = sum(given.party for given in over)
    gone = [Given(given.user_id, Standing.NO, given.turn) for given in over]
    return (*gone, *moving_up(state, now, state.free + freed))


def with_terms(state: EventState, terms: Terms, now: datetime) -> tuple[Given, ...]:
    """Put new terms in the place of the old ones: who moves up thereby. Nobody loses a seat."""
    state.terms = terms
    if not terms.is_open:
        return ()
    return moving_up(state, now)


def _require_open(terms: Terms, deed: Deed, now: datetime, role_ids: Collection[int]) -> None:
    if not terms.is_open:
        raise BadInput("This event was cancelled, so there is nothing to answer any more.")
    if now >= terms.starts_at:
        raise BadInput("This event has begun, so answers are closed.")
    if deed is Choice.NO:
        return
    if terms.opens_at is not None and now < terms.opens_at:
        raise BadInput("Answers open {when}. Come back then.", when=_stamp(terms.opens_at))
    if now >= terms.closes_at and not isinstance(deed, Guests | Volunteer):
        raise BadInput(
            "Answers closed {when}. If you were going and cannot come, press *Can't go*.", when=_stamp(terms.closes_at)
        )
    if terms.answer_role_id is not None and terms.answer_role_id not in role_ids:
        raise BadInput("Only members with the role {role} can answer here.", role=f"<@&{terms.answer_role_id}>")


def _stamp(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:f>"


def _go(state: EventState, user_id: int, before: Given | None) -> Decision:
    if before is not None and before.standing is Standing.OFFERED:
        return Decision(before._replace(standing=Standing.GOING, offered_until=None), True)
    if before is not None and before.standing in COMING:
        return Decision(before, False)
    seat = state.free >= 1 and not state.line
    helping = before.volunteer if before else None
    mine = Given(user_id, Standing.GOING if seat else Standing.WAITING, state.next_turn, 0, helping)
    return Decision(mine, True)


def _stay_away(state: EventState, user_id: int, before: Given | None, choice: Choice, now: datetime) -> Decision:
    standing = Standing(choice.value)
    if before is not None and before.standing is standing:
        return Decision(before, False, moving_up(state, now))
    helping = before.volunteer if before and choice is Choice.MAYBE else None
    mine = Given(user_id, standing, state.next_turn, 0, helping)
    return Decision(mine, True, after_leaving(state, before, now))


def _bring(state: EventState, before: Given | None, number: int, now: datetime) -> Decision:
    if before is None or before.standing not in COMING:
        raise BadInput("Press *Going* first; then say whom you bring.")
    if number == before.guests:
        return Decision(before, False)
    if not 0 <= number <= state.terms.max_guests and number > before.guests:
        raise BadInput("You can bring {number} guests at most.", number=state.terms.max_guests)
    more = number - before.guests
    if more > 0 and now >= state.terms.closes_at:
        raise BadInput("Answers are closed, so no more guests can be added.")
    mine = before._replace(guests=max(0, number))
    if before.standing is Standing.WAITING:
        moved = moving_up(state, now, mine=mine)
        return Decision(mine, True, moved)
    if more > 0 and (state.line or state.free < more):
        raise BadInput("There is no free seat for another guest. If one comes free, try again.")
    return Decision(mine, True, moving_up(state, now, state.free - more) if more < 0 else ())


def _help(state: EventState, before: Given | None, role: str | None) -> Decision:
    if before is None or before.standing is Standing.NO:
        raise BadInput("Press *Going* or *Maybe* first; then say how you can help.")
    if role == before.volunteer:
        return Decision(before, False)
    if role is not None:
        looked_for = state.terms.volunteers.get(role, 0)
        if state.helpers[role] >= looked_for:
            raise BadInput("Enough people have offered to help with that already. Thank you! Perhaps something else?")
    return Decision(before._replace(volunteer=role), True)


def changed_terms(terms: Terms, **changes: object) -> Terms:
    """The same terms but for these."""
    return replace(terms, **changes)  # type: ignore[arg-type]


def all_of(decision: Decision) -> tuple[Given, ...]:
    """Every answer that a decision writes, the member's own first."""
    return tuple(chain([decision.mine] if decision.mine and decision.changed else [], decision.moved))
