"""Days and times in other languages, read like those of `test_when.py` on Sunday 2026-11-22 at 10:00 in Chicago."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates.day_words import in_english
from bot.dates.when import parse_when
from bot.errors import BadInput
from tests.unit.test_when import CHICAGO, NOW, at

FRIDAY, SATURDAY = "2026-11-27", "2026-12-05"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Freitag 19 Uhr", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("am Freitag um 19 Uhr", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("nächsten Freitag, 19.30 Uhr", f"{FRIDAY} 19:30", f"{FRIDAY} 21:30"),
        ("Samstag, den 5. Dezember 2026, von 19 bis 21 Uhr", f"{SATURDAY} 19:00", f"{SATURDAY} 21:00"),
        ("5. Dezember 19-21 Uhr", f"{SATURDAY} 19:00", f"{SATURDAY} 21:00"),
        ("5. Dez. 19:00-20:30 Uhr", f"{SATURDAY} 19:00", f"{SATURDAY} 20:30"),
        ("2026-12-05 19 Uhr", f"{SATURDAY} 19:00", f"{SATURDAY} 21:00"),
        ("morgen 18 Uhr", "2026-11-23 18:00", "2026-11-23 20:00"),
        ("übermorgen 7 Uhr abends", "2026-11-24 19:00", "2026-11-24 21:00"),
        ("Samstag 7 Uhr morgens", "2026-11-28 07:00", "2026-11-28 09:00"),
        ("in 3 Tagen um 19 Uhr", "2026-11-25 19:00", "2026-11-25 21:00"),
        ("in einer Woche 19 Uhr", "2026-11-29 19:00", "2026-11-29 21:00"),
        ("vendredi 19h", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("vendredi prochain à 19h30", f"{FRIDAY} 19:30", f"{FRIDAY} 21:30"),
        ("le 5 décembre de 18h à 20h", f"{SATURDAY} 18:00", f"{SATURDAY} 20:00"),
        ("1er décembre 19h", "2026-12-01 19:00", "2026-12-01 21:00"),
        ("demain à 7 h du soir", "2026-11-23 19:00", "2026-11-23 21:00"),
        ("5 de diciembre a las 19:00", f"{SATURDAY} 19:00", f"{SATURDAY} 21:00"),
        ("viernes a las 7 de la tarde", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("el próximo viernes a las 19:30", f"{FRIDAY} 19:30", f"{FRIDAY} 21:30"),
        ("sexta-feira às 19h", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("5 de dezembro de 2026 às 19h30", f"{SATURDAY} 19:30", f"{SATURDAY} 21:30"),
        ("sabato 5 dicembre alle 19:00 fino alle 21:30", f"{SATURDAY} 19:00", f"{SATURDAY} 21:30"),
        ("vrijdag 19 uur", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("pénteken 19 órakor", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("december 5-én 19 órakor", f"{SATURDAY} 19:00", f"{SATURDAY} 21:00"),
        ("v pátek v 19:00", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("5. prosince 2026 19 hodin", f"{SATURDAY} 19:00", f"{SATURDAY} 21:00"),
        ("w piątek o 19:00", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("5 grudnia 19:00", f"{SATURDAY} 19:00", f"{SATURDAY} 21:00"),
        ("fredag kl 19:00", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("у п’ятницю о 19:00", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
        ("12月5日19時", f"{SATURDAY} 19:00", f"{SATURDAY} 21:00"),
        ("12月5日（土）午後7時30分から9時", f"{SATURDAY} 19:30", f"{SATURDAY} 21:00"),
        ("2026年12月5日 19:00から21:30まで", f"{SATURDAY} 19:00", f"{SATURDAY} 21:30"),
        ("明日 19時半", "2026-11-23 19:30", "2026-11-23 21:30"),
        ("12월 5일 오후 7시", f"{SATURDAY} 19:00", f"{SATURDAY} 21:00"),
        ("星期五 下午7点", f"{FRIDAY} 19:00", f"{FRIDAY} 21:00"),
    ],
)
def test_what_people_of_partner_cities_type_is_understood(text: str, start: str, end: str) -> None:
    found = parse_when(text, CHICAGO, NOW)
    assert (found.start, found.end) == (at(start), at(end))


@pytest.mark.parametrize(
    "text",
    [
        "Freitag",  # no time
        "Freitag 19",  # of what?
        "venerdì 5 dicembre alle 19:00",  # a Saturday
        "mar 24 nov 19:00",  # Tuesday in Spanish, March in English
        "bis Freitag 19 Uhr",
        "13月5日19時",
        "Freitag 25 Uhr",
        "Freitag Samstag 19 Uhr",
    ],
)
def test_what_is_no_day_and_time_in_any_language_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_when(text, CHICAGO, NOW)


@pytest.mark.parametrize("text", ["7pm next friday", "in a week 7 am", "the day after tomorrow at 7pm", "dec 5 3-5pm"])
def test_english_stays_as_it_is(text: str) -> None:
    assert in_english(text) == text


PIECES = "freitag 19 uhr h - bis 5. 月 日 時 半 午後 abends a am um in einer woche"


@given(words=st.lists(st.sampled_from(PIECES.split()), max_size=12))
def test_any_mixture_of_words_is_a_span_or_refused(words: list[str]) -> None:
    try:
        parse_when(" ".join(words), CHICAGO, NOW)
    except BadInput as error:
        assert str(error)
