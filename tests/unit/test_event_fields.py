"""What is typed and chosen about an event: seats, reminders, volunteers, the values of selects."""

import pytest

from bot.errors import BadInput
from bot.events.draft_choices import chosen_value
from bot.events.draft_page import times_problem
from bot.events.fields import reminders, seats, volunteers
from bot.events.languages import language_code
from tests.unit.test_when import NOW, at


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("24h 1h", "1440,60"),
        ("1h, 24h", "1440,60"),
        ("1 week", "10080"),
        ("1 week and 2 days", "10080,2880"),
        ("2 Hours 15 minutes", "120,15"),
        ("1d 24h", "1440"),
        ("28d", "40320"),
        ("5m", "5"),
        ("none", ""),
        (" None ", ""),
    ],
)
def test_reminders_are_stored_as_minutes_before_the_start(text: str, stored: str) -> None:
    assert reminders(text) == stored


@pytest.mark.parametrize(
    "text", ["", "24", "soon", "1h soon", "4m", "29d", "1h 2h 3h 4h 5h 6h", "1h -2h", "999999h", "1y"]
)
def test_other_reminders_are_refused_with_examples(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        reminders(text)
    assert str(caught.value) == (
        f"“{text}” are no reminders. Type how long before the start, such as **24h 1h** or **1 week**, "
        "at most five and at most four weeks; or **none**."
    )


@pytest.mark.parametrize(("text", "number"), [("", None), (" 20 ", 20), ("1", 1), ("100000", 100_000)])
def test_seats_are_a_number_or_no_limit(text: str, number: int | None) -> None:
    assert seats(text) == number


@pytest.mark.parametrize("text", ["0", "100001", "-1", "1.5", "many", "２０", "1" * 30])
def test_other_seats_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        seats(text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({}, ""),
        ({"driver": "2", "interpreter": " 1 "}, "interpreter:1 driver:2"),
        ({"driver": "0", "host_family": "99"}, "host_family:99"),
        ({"mayor": "1"}, ""),
    ],
)
def test_volunteers_are_stored_by_role(typed: dict[str, str], stored: str) -> None:
    assert volunteers(typed) == stored


@pytest.mark.parametrize("text", ["two", "-1", "100", "1.5"])
def test_other_numbers_of_volunteers_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        volunteers({"driver": text})


@pytest.mark.parametrize(
    ("field", "values", "stored"),
    [
        ("kind", ["webinar"], "webinar"),
        ("track", ["business_trade"], "business_trade"),
        ("track", ["none"], None),
        ("track", [], None),
        ("answer_role_id", ["123"], 123),
        ("ping_role_id", [], None),
        ("max_guests", ["5"], 5),
        ("offer_hours", ["24"], 24),
        ("reminder_minutes", [], None),
        ("reminder_minutes", ["server"], None),
        ("reminder_minutes", ["none"], ""),
        ("reminder_minutes", ["none", "60", "server", "10080"], "10080,60"),
    ],
)
def test_a_choice_is_what_is_stored(field: str, values: list[str], stored: str | int | None) -> None:
    assert chosen_value(field, values) == stored


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("kind", ["riot"]),
        ("kind", []),
        ("track", ["sports"]),
        ("answer_role_id", ["1; DROP TABLE events"]),
        ("max_guests", ["6"]),
        ("max_guests", ["-1"]),
        ("offer_hours", ["3"]),
        ("reminder_minutes", ["60", "61", "62", "63", "64", "65"]),
        ("status", ["open"]),
        ("hide_roster", ["true"]),
    ],
)
def test_a_choice_that_was_never_offered_is_refused(field: str, values: list[str]) -> None:
    with pytest.raises(BadInput):
        chosen_value(field, values)


@pytest.mark.parametrize(
    ("opens", "closes", "problem"),
    [
        ("", "", None),
        ("2026-12-01 10:00", "2026-12-04 10:00", None),
        ("", "2026-12-05 19:00", None),  # at the start itself
        ("2026-11-01 10:00", "", None),  # open already
        ("", "2026-11-22 10:00", "Answers would be closed already."),
        ("", "2026-12-05 19:01", "Answers would close after the event has begun."),
        ("2026-12-05 19:00", "", "Answers would open after the event has begun."),
        ("2026-12-04 10:00", "2026-12-04 10:00", "Answers would close before they open."),
    ],
)
def test_answers_open_before_they_close_and_both_before_the_event(opens: str, closes: str, problem: str | None) -> None:
    found = times_problem(at(opens) if opens else None, at(closes) if closes else None, at("2026-12-05 19:00"), NOW)
    assert (str(found).split(" Press")[0] if found else None) == problem


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hu", "hu"),
        ("Hungarian", "hu"),
        ("ungarisch", "hu"),
        ("Magyar", "hu"),
        ("日本語", "ja"),
        ("pt-BR", "pt-BR"),
        ("pt_br", "pt-BR"),
        (" brazilian  portuguese ", "pt-BR"),
        ("", None),
        ("xx", None),
        ("Klingonese", None),
        ("../../etc", None),
    ],
)
def test_a_language_goes_by_its_code_or_a_name_that_the_reader_knows(text: str, code: str | None) -> None:
    assert language_code(text, "de") == code
