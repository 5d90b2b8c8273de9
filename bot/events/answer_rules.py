"""The rules of answering an event. Pure: they say what changes, `bot.events.answers` writes it.

Seats go strictly by turn: nobody passes the first in line, not even a smaller party that would fit. Someone who
leaves the line and comes back starts at its end.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.dates.clocks import waking_time, zone_of
from bot.errors import BadInput
from bot.events.rsvp import (
    COMING,
    SEATED,
    Choice,
    Decision,
    Deed,
    EventState,
    Given,
    Guests,
    Left,
    Standing,
    Terms,
    Volunteer,
)

OFFERS_FROM = timedelta(hours=24)  # before the start: from then on a free seat is offered, where offers are wanted


def decide(
    state: EventState, user_id: int, deed: Deed, now: datetime, role_ids: Collection[int] = frozenset()
) -> Decision:
    """What a member's deed changes. What time itself changes must have come true in `state` before: see `settled`.

    Raises BadInput for an event that is cancelled, has begun, or does not take this answer.
    """
    before = state.answers.get(user_id)
    if isinstance(deed, Left):
        return Decision(None, before is not None, _after_leaving(state, before, now))
    _require_open(state.terms, before, deed, now, role_ids)
    if isinstance(deed, Guests):
        return _bring(state, before, deed.number, now)
    if isinstance(deed, Volunteer):
        return _help(state, before, deed.role)
    return _go(state, user_id, before) if deed is Choice.GOING else _stay_away(state, user_id, before, deed, now)


def settled(state: EventState, now: datetime) -> tuple[Given, ...]:
    """What changes without anybody's press: offers lapse when their time has passed, free seats go to the line.

    Whoever let an offer pass is out of the line.
    """
    if not state.terms.is_open:
        return ()
    over = [given for given in state.offers.values() if now >= held_until(given, state.terms)]
    gone = (Given(given.user_id, Standing.NO, given.turn) for given in over)
    return (*gone, *_moving_up(state, now, freed=sum(given.party for given in over)))


def with_terms(state: EventState, terms: Terms, now: datetime) -> tuple[Given, ...]:
    """Put new terms in the place of the old ones; what changes thereby. Nobody loses a seat."""
    state.terms = terms
    return settled(state, now)


def held_until(offer: Given, terms: Terms) -> datetime:
    """When an offer lapses: nobody can take a seat after answers closed, even if that was moved forward meanwhile."""
    return min(offer.offered_until or terms.closes_at, terms.closes_at)


def _held_for(terms: Terms, now: datetime) -> datetime:
    """Until when a seat that is offered now is held: who sleeps cannot take it, so an offer never ends at night."""
    awake = waking_time(now + timedelta(hours=terms.offer_hours), zone_of(terms.timezone))
    return min(awake, terms.closes_at)


def _moving_up(
    state: EventState, now: datetime, *, freed: int = 0, line: Iterable[Given] | None = None
) -> tuple[Given, ...]:
    """Those who get the free seats, or an offer of them, the first in line first; nobody after answers closed.

    `freed` are the seats that come free by what is being decided; `line` is the line as that leaves it.
    """
    terms = state.terms
    if not terms.is_open or now >= terms.closes_at:
        return ()
    offering = terms.offer_hours > 0 and terms.starts_at - now <= OFFERS_FROM
    standing = Standing.OFFERED if offering else Standing.GOING
    until = _held_for(terms, now) if offering else None
    free, moved = state.free + freed, []
    for given in state.line.values() if line is None else line:
        if given.party > free:
            break
        free -= given.party
        moved.append(given._replace(standing=standing, offered_until=until))
    return tuple(moved)


def _after_leaving(state: EventState, before: Given | None, now: datetime) -> tuple[Given, ...]:
    """Who moves up when an answer is erased or no longer asks for a seat."""
    if before is None or before.standing not in COMING:
        return ()
    freed = before.party if before.standing in SEATED else 0
    return _moving_up(state, now, freed=freed, line=(given for given in state.line.values() if given is not before))


def _require_open(terms: Terms, before: Given | None, deed: Deed, now: datetime, role_ids: Collection[int]) -> None:
    if not terms.is_open:
        raise BadInput("This event was cancelled, so there is nothing to answer any more.")
    if now >= terms.starts_at:
        raise BadInput("This event has begun, so answers are closed.")
    if _takes_back(deed, before):
        return
    if terms.opens_at is not None and now < terms.opens_at:
        raise BadInput("Answers open {when}. Come back then.", when=_stamp(terms.opens_at))
    if now >= terms.closes_at:
        raise BadInput(
            "Answers closed {when}. If you were going and cannot come, press *Can't go*.", when=_stamp(terms.closes_at)
        )
    if terms.answer_role_id is not None and terms.answer_role_id not in role_ids:
        raise BadInput("Only members with the role {role} can answer here.", role=f"<@&{terms.answer_role_id}>")


def _takes_back(deed: Deed, before: Given | None) -> bool:
    """Whether it only gives something up, which is possible until the start."""
    if isinstance(deed, Guests):
        return before is not None and 0 <= deed.number <= before.guests
    return deed is Choice.NO or deed == Volunteer(None)


def _stamp(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:f>"


def _go(state: EventState, user_id: int, before: Given | None) -> Decision:
    if before is not None and before.standing is Standing.OFFERED:
        return Decision(before._replace(standing=Standing.GOING, offered_until=None), True)
    if before is not None and before.standing in COMING:
        return Decision(before, False)
    standing = Standing.GOING if state.free >= 1 and not state.line else Standing.WAITING
    return Decision(Given(user_id, standing, state.next_turn, volunteer=before.volunteer if before else None), True)


def _stay_away(state: EventState, user_id: int, before: Given | None, choice: Choice, now: datetime) -> Decision:
    standing = Standing(choice.value)
    if before is not None and before.standing is standing:
        return Decision(before, False)
    helping = before.volunteer if before and choice is Choice.MAYBE else None
    mine = Given(user_id, standing, state.next_turn, volunteer=helping)
    return Decision(mine, True, _after_leaving(state, before, now))


def _bring(state: EventState, before: Given | None, number: int, now: datetime) -> Decision:
    if before is None or before.standing not in COMING:
        raise BadInput("Press *Going* first; then say whom you bring.")
    if number == before.guests:
        return Decision(before, False)
    more = number - before.guests
    if number < 0 or more > 0:
        _require_room(state, before, number)
    mine = before._replace(guests=number)
    if more > 0:
        return Decision(mine, True)
    if before.standing in SEATED:
        return Decision(mine, True, _moving_up(state, now, freed=-more))
    # A smaller party may fit where the larger one held up the line.
    line = (mine if given is before else given for given in state.line.values())
    served = {given.user_id: given for given in _moving_up(state, now, line=line)}
    mine = served.pop(mine.user_id, mine)
    return Decision(mine, True, tuple(served.values()))


def _require_room(state: EventState, before: Given, number: int) -> None:
    """Whether a party may grow to so many guests: a seat for each now, or one day for a party that waits."""
    terms = state.terms
    if terms.max_guests == 0:
        raise BadInput("This event has no seats for guests: everyone answers for themselves.")
    if not 0 <= number <= terms.max_guests:
        raise BadInput("At most {number} can come with you.", number=terms.max_guests)
    if before.standing is Standing.WAITING:
        if terms.capacity is not None and 1 + number > terms.capacity:  # it would hold up the line for ever
            raise BadInput("This event has {seats} seats in all, too few for you all.", seats=terms.capacity)
    elif state.line or state.free < number - before.guests:
        raise BadInput("There is no free seat for another guest. If one comes free, try again.")


def _help(state: EventState, before: Given | None, role: str | None) -> Decision:
    if before is None or before.standing is Standing.NO:
        raise BadInput("Press *Going* or *Maybe* first; then say how you can help.")
    if role == before.volunteer:
        return Decision(before, False)
    if role is not None:
        if role not in state.terms.volunteers:
            raise BadInput("Nobody is looked for to help with that. Thank you all the same!")
        if state.helpers[role] >= state.terms.volunteers[role]:
            raise BadInput("Enough people have offered to help with that already. Thank you! Perhaps something else?")
    return Decision(before._replace(volunteer=role), True)
