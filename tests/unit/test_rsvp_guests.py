"""The rules of answering, continued: guests, offers near the start, volunteers."""

from datetime import timedelta

import pytest

from bot.events.answer_rules import OFFERS_FROM, decide, settled, with_terms
from bot.events.rsvp import Choice, Decision, EventState, Given, Guests, Left, Volunteer
from tests.unit.test_rsvp import (
    ANN,
    BEN,
    CEM,
    DEA,
    FULL,
    GOING,
    HOUR,
    MAYBE,
    NO,
    NO_SEAT,
    NOW,
    OFFERED,
    START,
    WAITING,
    event,
    moved,
    refused,
    told,
)

SOON = START - OFFERS_FROM  # from here on seats are offered
SECOND = timedelta(seconds=1)


def put(state: EventState, decision: Decision) -> None:
    assert decision.mine is not None
    for given in (decision.mine, *decision.moved):
        state.put(given)


# -- guests


def test_guests_count_as_seats() -> None:
    state = event(3, (ANN, GOING))
    put(state, decide(state, ANN, Guests(2), NOW))
    assert (state.answers[ANN], state.free) == (Given(ANN, GOING, 1, 2), 0)
    assert told(decide(state, BEN, Choice.GOING, NOW)) == (WAITING, True, [])


@pytest.mark.parametrize(
    ("state", "number", "problem"),
    [
        pytest.param(event(3), 1, "Press *Going* first; then say whom you bring.", id="no-answer"),
        pytest.param(event(3, (ANN, MAYBE)), 1, "Press *Going* first; then say whom you bring.", id="maybe"),
        pytest.param(event(9, (ANN, GOING)), 6, "At most 5 can come with you.", id="too-many"),
        pytest.param(event(9, (ANN, GOING)), -1, "At most 5 can come with you.", id="fewer-than-none"),
        pytest.param(event(2, (ANN, GOING)), 2, NO_SEAT, id="no-seat"),
        pytest.param(event(2, (ANN, GOING), (BEN, WAITING, 2)), 1, NO_SEAT, id="the-line-comes-first"),
        pytest.param(
            event(4, (BEN, GOING), (ANN, WAITING)),
            4,
            "This event has 4 seats in all, too few for you all.",
            id="would-hold-up-the-line-for-ever",
        ),
        pytest.param(
            event(9, (ANN, GOING), max_guests=0),
            1,
            "This event has no seats for guests: everyone answers for themselves.",
            id="none-wanted",
        ),
    ],
)
def test_guests_are_refused(state: EventState, number: int, problem: str) -> None:
    assert refused(state, ANN, Guests(number)) == problem


def test_a_negative_number_of_guests_never_frees_a_seat() -> None:
    state = event(1, (ANN, GOING), (BEN, WAITING))
    assert refused(state, ANN, Guests(-1)) == "At most 5 can come with you."


def test_the_same_number_of_guests_changes_nothing() -> None:
    assert told(decide(event(3, (ANN, GOING, 1)), ANN, Guests(1), NOW)) == (GOING, False, [])


def test_fewer_guests_serve_the_line_even_after_the_organiser_allows_none() -> None:
    state = event(3, (ANN, GOING, 2), (BEN, WAITING), (CEM, WAITING), max_guests=0)
    assert told(decide(state, ANN, Guests(0), NOW)) == (GOING, True, [(BEN, GOING), (CEM, GOING)])


def test_a_party_that_does_not_fit_holds_up_the_line() -> None:
    state = event(3, (ANN, GOING), (BEN, GOING), (CEM, WAITING, 1), (DEA, WAITING))
    assert settled(state, NOW) == ()
    assert told(decide(state, ANN, Choice.NO, NOW)) == (NO, True, [(CEM, GOING)])


def test_a_party_that_shrinks_gets_its_seats_itself_and_those_behind_it_theirs() -> None:
    state = event(4, (ANN, GOING), (BEN, GOING), (CEM, WAITING, 2), (DEA, WAITING))
    assert decide(state, CEM, Guests(0), NOW) == Decision(Given(CEM, GOING, 3), True, (Given(DEA, GOING, 4),))


def test_more_guests_keep_the_place_in_line() -> None:
    state = event(2, *FULL)
    put(state, decide(state, CEM, Guests(1), NOW))
    assert [given.party for given in state.line.values()] == [2, 1]
    assert list(state.line) == [CEM, DEA]


def test_guests_stay_at_home_with_their_host() -> None:
    state = event(5, (ANN, GOING, 3))
    for choice in (Choice.MAYBE, Choice.GOING):
        put(state, decide(state, ANN, choice, NOW))
    assert (state.answers[ANN].guests, state.free) == (0, 4)


# -- offers


def test_a_seat_that_falls_free_near_the_start_is_offered_for_some_hours() -> None:
    state = event(2, *FULL, offer_hours=2)
    assert told(decide(state, ANN, Choice.NO, SOON - SECOND)) == (NO, True, [(CEM, GOING)])
    offer = Given(CEM, OFFERED, 3, offered_until=SOON + 2 * HOUR)
    assert decide(state, ANN, Choice.NO, SOON).moved == (offer,)
    assert told(decide(event(2, *FULL, offer_hours=0), ANN, Choice.NO, SOON)) == (NO, True, [(CEM, GOING)])


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("UTC", 2), ("America/Chicago", 2), pytest.param("Asia/Tokyo", 6, id="three-at-night-in-Tokyo-becomes-seven")],
)
def test_no_offer_ends_while_its_member_sleeps(zone: str, hours: int) -> None:
    [offer] = decide(event(2, *FULL, offer_hours=2, timezone=zone), ANN, Choice.NO, SOON).moved
    assert offer.offered_until == SOON + hours * HOUR


def test_no_offer_outlasts_answers() -> None:
    closes = START - HOUR
    state = event(2, *FULL, offer_hours=3, deadline=closes)
    [offer] = decide(state, ANN, Choice.NO, closes - 2 * HOUR).moved
    assert offer.offered_until == closes
    state.put(offer)
    assert moved(settled(state, closes)) == [(CEM, NO)]


def test_an_offer_that_is_let_pass_goes_to_the_next_and_is_a_no() -> None:
    state = event(1, (ANN, OFFERED), *FULL[2:], offer_hours=2)
    assert settled(state, NOW + HOUR - SECOND) == ()
    assert settled(state, NOW + HOUR) == (Given(ANN, NO, 1), Given(CEM, GOING, 2))


def test_many_offers_lapse_at_once_and_as_many_seats_go_to_the_line() -> None:
    state = event(3, (ANN, OFFERED, 1), (BEN, OFFERED), (CEM, WAITING, 1), (DEA, WAITING))
    assert moved(settled(state, NOW + HOUR)) == [(ANN, NO), (BEN, NO), (CEM, GOING), (DEA, GOING)]


def test_an_offered_seat_cannot_be_given_away_nor_taken_twice() -> None:
    state = event(1, (ANN, OFFERED), (BEN, WAITING))
    assert settled(state, NOW) == ()
    put(state, decide(state, ANN, Choice.GOING, NOW))
    assert (state.answers[ANN], state.offers, state.free) == (Given(ANN, GOING, 1), {}, 0)
    assert settled(state, NOW + HOUR) == ()


def test_an_offer_ends_when_answers_are_closed_earlier_than_it_was_made_for() -> None:
    state = event(1, (ANN, OFFERED), (BEN, WAITING))
    assert with_terms(state, event(1, deadline=NOW).terms, NOW) == (Given(ANN, NO, 1),)


def test_a_cancelled_event_takes_no_offer_back() -> None:
    state = event(1, (ANN, OFFERED), (BEN, WAITING), is_open=False)
    assert settled(state, NOW + 2 * HOUR) == ()


# -- volunteers


def driven(*names: str | None, wanted: int = 1) -> EventState:
    """Ann, Ben … go, each helping as said."""
    state = event(None, volunteers={"driver": wanted, "interpreter": 1})
    for who, name in enumerate(names, start=1):
        state.put(Given(who, GOING, who, volunteer=name))
    return state


def test_each_role_has_its_own_limit() -> None:
    state = driven("driver", None, None)
    enough = "Enough people have offered to help with that already. Thank you! Perhaps something else?"
    assert refused(state, BEN, Volunteer("driver")) == enough
    put(state, decide(state, BEN, Volunteer("interpreter"), NOW))
    assert refused(state, CEM, Volunteer("interpreter")) == enough
    assert +state.helpers == {"driver": 1, "interpreter": 1}


def test_a_role_that_is_given_up_is_free_for_another() -> None:
    for deed in (Volunteer(None), Volunteer("interpreter"), Choice.NO, Left()):
        state = driven("driver", None)
        decision = decide(state, ANN, deed, NOW)
        state.put(decision.mine) if decision.mine else state.drop(ANN)
        assert told(decide(state, BEN, Volunteer("driver"), NOW)) == (GOING, True, [])


def test_a_volunteer_who_may_come_goes_on_helping_and_one_who_cannot_does_not() -> None:
    state = driven("driver")
    for choice, helping in ((Choice.MAYBE, "driver"), (Choice.GOING, "driver"), (Choice.NO, None)):
        put(state, decide(state, ANN, choice, NOW))
        assert state.answers[ANN].volunteer == helping
    assert refused(state, ANN, Volunteer("driver")) == ("Press *Going* or *Maybe* first; then say how you can help.")


def test_a_role_that_nobody_asked_for_is_refused() -> None:
    assert refused(driven(None), ANN, Volunteer("host_family")) == (
        "Nobody is looked for to help with that. Thank you all the same!"
    )


def test_the_same_role_twice_changes_nothing_and_a_lowered_limit_takes_none_away() -> None:
    state = driven("driver", "driver", wanted=2)
    assert with_terms(state, driven(wanted=1).terms, NOW) == ()
    assert decide(state, BEN, Volunteer("driver"), NOW) == Decision(Given(BEN, GOING, 2, volunteer="driver"), False)
