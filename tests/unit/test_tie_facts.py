"""What moderators may say of a tie, and what becomes of it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.ties.facts import Facts, Said, added, edited, ended, iso_date, noted_source

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
KNOWN = Facts("sister", "active", "unconfirmed", "1982-04-23", "2017", "wikipedia:2014", "twincities.example")
LINK = "https://news.example/a?b=1;2"


@given(st.dates(date(1900, 1, 1), date(2026, 11, 22)), st.sampled_from([4, 7, 10]))
def test_a_day_of_the_past_is_taken_in_every_precision(day: date, length: int) -> None:
    typed = day.isoformat()[:length]
    assert iso_date(f" {typed} ", NOW) == typed


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_date_or_is_refused(typed: str) -> None:
    try:
        taken = iso_date(typed, NOW)
    except BadInput:
        return
    assert date.fromisoformat((taken + "-01-01")[:10]) <= date(2026, 11, 23)


@pytest.mark.parametrize(
    "typed",
    ["", "82", "1982-4-23", "1982-13", "1982-02-30", "1982-00", "0000", "1982-04-23T00:00", "April 1982", "١٩٨٢"],
)
def test_what_is_no_date_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        iso_date(typed, NOW)
    assert str(refused.value) == (
        f"“{typed}” is no date. Give a year, a month or a day, like 1982, 1982-04 or 1982-04-23."
    )


@pytest.mark.parametrize("typed", ["2027", "2026-12", "2026-11-24"])
def test_a_date_to_come_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match=f"^{typed} is still to come"):
        iso_date(typed, NOW)


def test_today_is_where_the_day_begins_first() -> None:
    assert iso_date("2026-11-23", NOW) == "2026-11-23"  # six in the morning on Kiritimati
    with pytest.raises(BadInput):
        iso_date("2026-11-23", NOW.replace(hour=9))


def test_sister_cities_are_not_older_than_they_can_be() -> None:
    assert iso_date("1900", NOW) == "1900"
    with pytest.raises(BadInput, match="1899-12-31 is too long ago: sister cities begin in the 20th century"):
        iso_date("1899-12-31", NOW)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (LINK, LINK),
        ("  Council minutes,\n3 May 2024 ", "Council minutes, 3 May 2024"),
        ("Minutes: page 4, http://town.example", "Minutes: page 4, http://town.example"),
        ("x" * 200, "x" * 200),
        ("https://a.example/" + "x" * 282, "https://a.example/" + "x" * 282),
    ],
)
def test_a_source_is_a_link_or_a_few_words(typed: str, kept: str) -> None:
    assert noted_source(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (" \u200b ", "Say where it is known from: a link, or a few words such as “council minutes of May 2024”."),
        *(
            (
                link,
                "A link must begin with http:// or https:// and name a site. You can also give a few words instead.",
            )
            for link in ("ftp://a.example", "javascript://a.example", "https://", "see file:///etc/passwd", "http://[")
        ),
        ("x" * 201, "The source is too long. It may have 200 characters; put the rest into the note."),
        (
            "https://a.example/" + "x" * 283,
            "The source is too long. It may have 300 characters; put the rest into the note.",
        ),
    ],
)
def test_another_source_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        noted_source(typed)
    assert str(refused.value) == sentence


def test_a_tie_that_is_added_is_active_and_confirmed_from_today() -> None:
    assert added(Said(kind="pact", source=LINK, note="By the mayors"), NOW) == Facts(
        "pact", "active", "confirmed", None, "2026-11-22", "moderator:2026", f"{LINK}; By the mayors"
    )


def test_a_correction_keeps_what_it_does_not_name() -> None:
    assert edited(KNOWN, Said(kind="partner"), NOW) == replace(
        KNOWN, kind="partner", sources="wikipedia:2014 moderator:2026"
    )


def test_a_new_state_is_as_of_today_and_a_new_note_leaves_the_day_alone() -> None:
    rested = edited(KNOWN, Said(state="suspended"), NOW)
    noted = edited(rested, Said(note="By letter"), NOW.replace(year=2027))
    assert (rested.as_of, noted.as_of) == ("2026-11-22", "2026-11-22")
    assert noted.notes == "twincities.example; By letter"
    assert noted.sources == "wikipedia:2014 moderator:2026 moderator:2027"


def test_a_source_replaces_the_old_notes() -> None:
    assert edited(KNOWN, Said(source=LINK), NOW).notes == LINK
    assert edited(KNOWN, Said(source=LINK, note="New"), NOW).notes == f"{LINK}; New"


@given(
    st.builds(
        Said,
        kind=st.sampled_from([None, "sister", "partner"]),
        state=st.sampled_from([None, "active", "ended"]),
        confidence=st.sampled_from([None, "confirmed", "unconfirmed"]),
        signed=st.sampled_from([None, "", "-", "1982-04-23", "1999"]),
        note=st.sampled_from([None, "", "note"]),
    )
)
def test_a_correction_changes_something_or_is_refused(said: Said) -> None:
    try:
        after = edited(KNOWN, said, NOW)
    except BadInput as refused:
        assert str(refused).startswith("That is what is listed already.")
        return
    assert replace(after, sources=KNOWN.sources) != KNOWN
    assert "moderator:2026" in after.sources


def test_notes_do_not_grow_for_ever() -> None:
    facts = KNOWN
    with pytest.raises(BadInput, match="There is no room for one more note"):
        for _ in range(4):
            facts = edited(facts, Said(note="x" * 200), NOW)
    assert len(facts.notes) <= 600
    with pytest.raises(BadInput, match="The note is too long"):
        edited(KNOWN, Said(note="x" * 201), NOW)


def test_an_ended_tie_says_since_when_and_why() -> None:
    said = Said(as_of="2025-03", source="Letter", note="No answer")
    assert ended(KNOWN, said, NOW) == Facts(
        "sister",
        "ended",
        "confirmed",
        "1982-04-23",
        "2025-03",
        "wikipedia:2014 moderator:2026",
        "Letter; No answer",
    )
    rests = ended(KNOWN, Said(state="suspended", source="Letter"), NOW)
    assert (rests.state, rests.as_of, rests.notes) == ("suspended", "2026-11-22", "Letter")


@pytest.mark.parametrize("since", ["1981", "1982-03", "1982-04-22"])
def test_a_tie_is_not_over_before_it_was_signed(since: str) -> None:
    with pytest.raises(BadInput) as refused:
        ended(KNOWN, Said(as_of=since, source="Letter"), NOW)

    assert str(refused.value) == (
        f"It was signed in 1982-04-23, so it cannot be over since {since}. Correct the date that is wrong."
    )
    assert ended(KNOWN, Said(as_of="1982", source="Letter"), NOW).as_of == "1982"


def test_the_date_of_signing_is_not_moved_behind_the_end() -> None:
    over = ended(KNOWN, Said(as_of="1999", source="Letter"), NOW)

    with pytest.raises(BadInput):
        edited(over, Said(signed="2000"), NOW)
    assert edited(over, Said(signed="1999-12"), NOW).signed == "1999-12"
