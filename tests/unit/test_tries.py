"""Tries are counted by key, for a while, and never more of them than fit."""

from datetime import UTC, datetime, timedelta

from bot.events.file_names import file_name
from bot.events.tries import Tries

NOW = datetime(2026, 12, 6, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_the_sixth_try_waits_until_the_first_is_ten_minutes_old() -> None:
    tries = Tries(5, 10 * MINUTE, 100)
    assert [tries.take((1, 1), NOW + minute * MINUTE) for minute in range(5)] == [None] * 5
    assert tries.take((1, 1), NOW + 6 * MINUTE) == NOW + 10 * MINUTE
    assert tries.take((1, 1), NOW + 9.9 * MINUTE) == NOW + 10 * MINUTE  # a refused try does not count
    assert tries.take((1, 1), NOW + 10 * MINUTE) is None
    assert tries.take((1, 1), NOW + 10 * MINUTE) == NOW + 11 * MINUTE


def test_everybody_has_tries_of_their_own_at_each_event() -> None:
    tries = Tries(1, 10 * MINUTE, 100)
    assert [tries.take(key, NOW) for key in ((1, 1), (1, 2), (2, 1))] == [None] * 3
    assert [tries.take(key, NOW) for key in ((1, 1), (1, 2), (2, 1))] == [NOW + 10 * MINUTE] * 3


def test_no_more_is_remembered_than_fits_and_who_tried_last_longest() -> None:
    tries = Tries(1, 10 * MINUTE, 3)
    for user_id in (1, 2, 3, 1, 4):
        tries.take((1, user_id), NOW)
    assert len(tries) == 3
    assert tries.take((1, 1), NOW) == NOW + 10 * MINUTE
    assert tries.take((1, 2), NOW) is None


def test_files_are_named_after_the_event_in_plain_letters() -> None:
    day = NOW.date()
    assert [
        file_name(title, day, "ics")
        for title in ("Cherry blossom evening", "Székesfehérvár: Ünnep!", "桜の夜", "../../etc/passwd", "x" * 90, "con")
    ] == [
        "cherry-blossom-evening-2026-12-06.ics",
        "szekesfehervar-unnep-2026-12-06.ics",
        "event-2026-12-06.ics",
        "etc-passwd-2026-12-06.ics",
        f"{'x' * 40}-2026-12-06.ics",
        "con-2026-12-06.ics",
    ]
