"""Cards of ties: every word of them, and that the longest still fits into a message."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.lookup.places import Place
from bot.texts import ENGLISH, texts
from bot.ties.corrections import ChangedTie
from bot.ties.facts import Facts
from bot.ties.history import Change, TieHistory
from bot.ui.cities.tie_card import history_card, tie_card
from tests.unit.city_pages import PARTNER, TOWN, shown

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
FACTS = Facts("unknown", "unknown", "unconfirmed", None, None, "wikipedia:2014", "")
LONGEST = Facts("pact", "suspended", "unconfirmed", "2017-09-03", "2026-11-22", "x:2026", "*" * 600)
LONG_TOWN = Place(999_999_999, None, "*" * 100, "city", "_" * 100, "US", None, None, None, None)
LONG_VILLE = replace(LONG_TOWN, name="~" * 100, country_code="BA")
ENDS = "🇺🇸 **Town** · Ohio, United States\n🇫🇷 **Ville** · Bretagne, France\n"
FOOT = "[Town, Ohio, US]\n[Ville, Bretagne, FR]\n[Undo]"


@pytest.mark.parametrize(
    ("action", "head"),
    [("add", "Added for this server"), ("edit", "Corrected for this server"), ("end", "Noted for this server")],
)
def test_a_tie_is_shown_as_it_now_stands(action: str, head: str) -> None:
    card = tie_card(ChangedTie(TOWN, PARTNER, action, FACTS, 7), ENGLISH)
    assert shown(card) == (
        f"### {head}\n{ENDS}kind not known · not known whether active · signing date not known · unconfirmed\n---\n"
        "-# Only this server sees it so; it wins over what others see.\n-# All changes: `/city tie history`\n" + FOOT
    )


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (FACTS, "kind not known · not known whether active · signing date not known · unconfirmed\n---\n"
                "-# This is what all servers see.\n"),
        (None, "Nobody else names this tie, so it is no longer listed here.\n---\n"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_tie_that_was_taken_back_is_shown(facts: Facts | None, said: str) -> None:
    card = tie_card(ChangedTie(TOWN, PARTNER, "withdraw", facts, 7), ENGLISH)
    assert shown(card) == (f"### Taken back for this server\n{ENDS}{said}-# All changes: `/city tie history`\n" + FOOT)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"kind": "sister", "state": "active"}, "sister city · active"),
        ({"kind": "friendship", "state": "suspended"}, "friendship city · suspended"),
        ({"kind": "partner", "state": "ended", "as_of": "2022"}, "partner city · ended as of 2022"),
        (
            {"kind": "pact", "state": "unknown", "as_of": "2022-03"},
            "county or state pact · not known whether active as of March 2022",
        ),
    ],
)
def test_kinds_and_states_are_said_in_words(facts: dict[str, str], words: str) -> None:
    card = tie_card(ChangedTie(TOWN, PARTNER, "edit", replace(FACTS, **facts), 7), ENGLISH)
    assert f"\n{words} · signing date not known · unconfirmed\n" in shown(card)


def test_dates_are_written_in_the_readers_language() -> None:
    facts = replace(FACTS, signed="1982-04-23", as_of="2022-03")
    card = shown(tie_card(ChangedTie(TOWN, PARTNER, "edit", facts, 7), texts("de")))
    assert "23. April 1982" in card
    assert "März 2022" in card


def test_links_in_notes_can_be_pressed_and_nothing_else_formats() -> None:
    facts = replace(FACTS, notes="https://a.example/x_y_z; **not** [bold](x)")
    card = shown(tie_card(ChangedTie(TOWN, PARTNER, "edit", facts, 7), ENGLISH))
    assert "\n-# https://a.example/x_y_z; \\*\\*not\\*\\* \\[bold\\](x)\n" in card


def test_the_longest_tie_fits_into_a_message() -> None:
    card = tie_card(ChangedTie(LONG_TOWN, LONG_VILLE, "edit", LONGEST, 2**31 - 1), ENGLISH)
    assert 1_500 < card.content_length() <= 4_000


def change(facts: Facts) -> Change:
    """A correction of everything."""
    return Change(LONG_TOWN, LONG_VILLE, "edit", replace(LONGEST, notes=""), facts, 2**63 - 1, NOW)


def test_every_change_of_the_longest_history_is_on_one_page() -> None:
    other = replace(LONGEST, kind="friendship", state="ended", signed="2016-09-03", confidence="confirmed")
    changes = [change(replace(other, notes=f"no{n:03}." + "*" * 594)) for n in range(100)]
    for partner in (None, LONG_VILLE):
        history = TieHistory(LONG_TOWN, partner, tuple(changes))
        pages = [shown(history_card(history, 0, ENGLISH))]
        while "[Next page]" in pages[-1]:
            card = history_card(history, len(pages), ENGLISH)
            assert card.content_length() <= 4_000
            pages.append(shown(card))
        assert [f"no{n:03}." for n in range(100) if "".join(pages).count(f"no{n:03}.") != 1] == []
        assert pages[-1] == shown(history_card(history, 999, ENGLISH))
        assert f"-# Page {len(pages)} of {len(pages)}" in pages[-1]


def test_short_changes_stand_eight_on_a_page() -> None:
    changes = tuple(Change(TOWN, PARTNER, "add", None, FACTS, 5, NOW) for _ in range(17))
    history = TieHistory(TOWN, None, changes, more=True)
    pages = [shown(history_card(history, number, ENGLISH)) for number in range(3)]
    assert [page.count("**Ville** · added by <@5> <t:1795363200:R>") for page in pages] == [8, 8, 1]
    older = "\n-# Page 3 of 3\n-# Older changes are kept, but not shown.\n[Previous page]"
    assert [page.endswith(older) for page in pages] == [False, False, True]


def test_a_change_says_only_what_changed() -> None:
    before = replace(FACTS, kind="sister", notes="a")
    after = replace(before, state="ended", as_of="2026-11-22", notes="b")
    history = TieHistory(TOWN, PARTNER, (Change(TOWN, PARTNER, "end", before, after, 5, NOW),))
    assert shown(history_card(history, 0, ENGLISH)) == (
        f"### What this server changed\n{ENDS}---\n"
        "**Ville** · marked as ended by <@5> <t:1795363200:R>\n"
        "not known whether active → ended as of November 22, 2026\n"
        "-# b"
    )


def test_a_tie_that_rests_is_not_called_ended() -> None:
    after = replace(FACTS, state="suspended", as_of="2026")
    history = TieHistory(TOWN, None, (Change(TOWN, PARTNER, "end", FACTS, after, 5, NOW),))
    assert shown(history_card(history, 0, ENGLISH)).endswith(
        "**Ville** · marked as suspended by <@5> <t:1795363200:R>\nnot known whether active → suspended as of 2026"
    )


def test_a_note_that_did_not_change_is_not_told_again() -> None:
    before = replace(FACTS, notes="a")
    history = TieHistory(TOWN, None, (Change(TOWN, PARTNER, "edit", before, replace(before, kind="pact"), 5, NOW),))
    assert shown(history_card(history, 0, ENGLISH)).endswith("\nkind not known → county or state pact")


def test_a_change_that_all_servers_have_come_to_share_is_told_as_it_stands() -> None:
    history = TieHistory(TOWN, None, (Change(TOWN, PARTNER, "edit", FACTS, FACTS, 5, NOW),))
    assert shown(history_card(history, 0, ENGLISH)).endswith(
        "\nkind not known · not known whether active · signing date not known · unconfirmed"
    )


def test_a_new_note_is_all_that_is_told_where_nothing_else_changed() -> None:
    history = TieHistory(TOWN, None, (Change(TOWN, PARTNER, "edit", FACTS, replace(FACTS, notes="a"), 5, NOW),))
    assert shown(history_card(history, 0, ENGLISH)).endswith(" <t:1795363200:R>\n-# a")
