"""Days and times in other languages, put into the English words that `days` and `hours` read (pure).

Every language is understood on every server, for members of partner cities type too. A form that means one thing in one
language and something else in another (or in English) is left out: it is refused with examples, not guessed at.
"""

import re

from bot.dates.days import MONTHS, WEEKDAYS

# From Monday on; forms with a slash are cases of the same word.
_WEEKDAYS = (
    "montag dienstag mittwoch donnerstag freitag samstag/sonnabend sonntag",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunes martes miércoles/miercoles jueves viernes sábado/sabado domingo",
    "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "lunedì/lunedi martedì/martedi mercoledì/mercoledi giovedì/giovedi venerdì/venerdi sabato domenica",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "hétfő/hétfőn kedd/kedden szerda/szerdán csütörtök/csütörtökön péntek/pénteken szombat/szombaton vasárnap",
    "pondělí úterý středa/středu čtvrtek pátek sobota/sobotu neděle/neděli",
    "poniedziałek wtorek środa/środę czwartek piątek sobota/sobotę niedziela/niedzielę",
    "måndag tisdag onsdag torsdag fredag lördag söndag",
    "понеділок вівторок середа/середу четвер п'ятниця/п'ятницю субота/суботу неділя/неділю",
    "月曜日/月曜 火曜日/火曜 水曜日/水曜 木曜日/木曜 金曜日/金曜 土曜日/土曜 日曜日/日曜",
    "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
    "星期一/周一 星期二/周二 星期三/周三 星期四/周四 星期五/周五 星期六/周六 星期日/周日/星期天",
)
_MONTHS = (
    "januar/jänner februar märz/maerz april mai juni juli august september oktober/okt november dezember/dez",
    "janvier/janv février/fevrier/févr mars avril/avr mai juin juillet/juil août/aout septembre octobre novembre "
    "décembre/decembre/déc",
    "enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre octubre noviembre diciembre/dic",
    "janeiro fevereiro/fev março/marco abril maio junho julho agosto setembro outubro/out novembro dezembro",
    "gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre ottobre/ott novembre dicembre",
    "januari februari maart/mrt april mei juni juli augustus september oktober november december",
    "január február március április május június július augusztus szeptember október november december",
    "ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec srpna/srpen září "
    "října/říjen listopadu/listopad prosince/prosinec",
    "stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja/maj czerwca/czerwiec lipca/lipiec "
    "sierpnia/sierpień września/wrzesień października/październik listopada/listopad grudnia/grudzień",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "січня/січень лютого/лютий березня/березень квітня/квітень травня/травень червня/червень липня/липень "
    "серпня/серпень вересня/вересень жовтня/жовтень листопада/листопад грудня/грудень",
)
_OTHERS = {
    "today": "heute|aujourd'hui|hoy|hoje|oggi|vandaag|ma|dnes|dziś|dzisiaj|idag|сьогодні|今日|오늘|今天",
    "tomorrow": "morgen|demain|mañana|amanhã|amanha|domani|holnap|zítra|jutro|imorgon|завтра|明日|내일|明天",
    "day after tomorrow": "übermorgen|après-demain|pasado mañana|depois de amanhã|dopodomani|overmorgen|holnapután|"
    "pozítří|pojutrze|övermorgon|післязавтра|明後日|모레|后天",
    "next": r"nächste[nrms]?|kommende[nrms]?|prochaine?|pr[óo]xim[oa]|prossim[oa]|volgende|komende|příští|następn[ayą]|"
    r"nästa|наступн(?:ий|а|у)",
    "this": r"diese[nrms]?|quest[oa]|deze",
    "until": r"bis(?: um)?|jusqu'à|hasta(?: las?)?|até(?: às)?|fino alle|tot|till klockan",
    "noon": "mittags|midi|mediodía|meio-dia|mezzogiorno|dél(?:ben)?|poledne",
    "midnight": "mitternacht|minuit|medianoche|meia-noite|mezzanotte|éjfél|půlnoc",
    "days": "tagen|tage|jours|días|dias|giorni|dagen|dny|dní|dni|dagar|днів|дні",
    "weeks": "wochen|semaines|semanas|settimane|weken|týdny|tygodnie|veckor|тижні|тижнів",
}
_FILLERS = frozenset(
    (
        *("a", "ab", "al", "alle", "am", "as", "at", "à", "á", "às", "das", "de", "del", "della", "dem", "den", "der"),
        *("dans", "dia", "día", "dne", "do", "du", "el", "em", "en", "il", "kl", "klo", "klockan", "la", "las", "le"),
        *("les", "los", "na", "o", "od", "om", "on", "op", "ore", "på", "tra", "um", "v", "van", "ve", "von", "w"),
        *("we", "za", "в", "на", "о", "у"),
    )
)


def _english() -> dict[str, str]:
    words: dict[str, str] = {}
    for table, english in ((_WEEKDAYS, WEEKDAYS), (_MONTHS, MONTHS)):
        for language in table:
            for forms, name in zip(language.split(), english, strict=True):
                words |= dict.fromkeys(forms.split("/"), name.lower())
    return words


_NAMED = _english()
_NAME = re.compile(
    r"(?<![^\W\d_])(?:" + "|".join(sorted(map(re.escape, _NAMED), key=len, reverse=True)) + r")(?![^\W\d_])"
)
_OTHER = {
    english: re.compile(rf"(?<![^\W\d_])(?:{forms})(?![^\W\d_])")
    for english, forms in sorted(_OTHERS.items(), key=lambda item: -len(item[0]))
}
_UNIT = r"(?:(?:uhr|heures?|horas?|uur|óra(?:kor)?|hod(?:in)?|godz|hs?|год)\b\.?)"
_EVENING = re.compile(
    rf"(\d{{1,2}})(?:[:.h](\d\d))?\s?{_UNIT}?\s?(?:abends|nachmittags|du soir|de la (?:tarde|noche)|da (?:tarde|noite)"
    r"|di sera|del pomeriggio)\b"
)
_MORNING = re.compile(
    rf"(\d{{1,2}})(?:[:.h](\d\d))?\s?{_UNIT}?\s?(?:morgens|vormittags|du matin|de la mañana|da manhã|di mattina)\b"
)
_RANGE = re.compile(
    rf"(?<![\w:./-])(\d{{1,2}})(?:[:.h](\d\d))?\s?{_UNIT}?\s?(?:-|bis|until|to|à|a|às|até|tot|do)\s?"
    rf"(\d{{1,2}})(?:[:.h](\d\d))?\s?{_UNIT}"
)
_HOUR = re.compile(rf"(?<![\w:./])(\d{{1,2}})(?:[:.](\d\d))?\s?{_UNIT}(?:\s?(\d\d)(?![\w:.]))?")
_HOUR_AND_MINUTES = re.compile(r"(?<![\w:./])(\d{1,2})h(\d\d)(?!\w)")
_EAST_DAY = re.compile(
    r"(?:(\d{4})[年년]\s?)?(\d{1,2})[月월]\s?(\d{1,2})[日일](?:\s?\([月火水木金土日월화수목금토일]\))?"
)
_EAST_HOUR = re.compile(r"(午後|下午|晚上|오후|午前|上午|오전)?\s?(\d{1,2})[時时点點시](?:\s?(半|\d{1,2})(?:[分분])?)?")
_ORDINAL = re.compile(r"(?<=\d)(?:er|ère|[oaº°ª]|-?[eé][nr]e?|-j?[eéaá]n)(?!\w)")


def in_english(text: str) -> str:
    """The text with words for days and times in other languages put into English; an English one comes back as it is.

    It is in lower case, with simple dashes.
    """
    before = text
    text = _NAME.sub(lambda found: f" {_NAMED[found[0]]} ", text.replace("’", "'"))
    text = _RANGE.sub(lambda found: f"{_time(found[1], found[2])}-{_time(found[3], found[4])}", text)
    for english, forms in _OTHER.items():
        text = forms.sub(f" {english} ", text)
    text = _east(text)
    text = _EVENING.sub(lambda found: f"{_time(found[1], found[2])} pm", text)
    text = _MORNING.sub(lambda found: f"{_time(found[1], found[2])} am", text)
    text = _HOUR_AND_MINUTES.sub(r"\1:\2", text)
    text = _HOUR.sub(lambda found: _time(found[1], found[2] or found[3]), text)
    if text == before:
        return text
    text = _ORDINAL.sub("", text)
    text = re.sub(r"\bin einer woche\b", "in a week", text)
    return _without_fillers(text)


def _without_fillers(text: str) -> str:
    """The text without small words; "am" behind a number is a half of the day, and "in a" counts."""
    words = text.split()
    kept = [
        word
        for at, word in enumerate(words)
        if word not in _FILLERS
        or (word in ("am", "a") and at > 0 and (words[at - 1][-1].isdigit() or words[at - 1] == "in"))
    ]
    return " ".join(kept)


def _time(hour: str, minute: str | None) -> str:
    return f"{hour}:{minute or '00'}"


def _east(text: str) -> str:
    """Dates and hours with their Chinese, Japanese or Korean signs."""

    def day(found: re.Match[str]) -> str:
        year, month, number = found.groups()
        name = MONTHS[int(month) - 1].lower() if 1 <= int(month) <= 12 else "?"
        return f" {number} {name} {year or ''} "

    def hour(found: re.Match[str]) -> str:
        half, number, minute = found.groups()
        minutes = "30" if minute == "半" else (minute or "0").zfill(2)
        word = "" if half is None else ("pm" if half in ("午後", "下午", "晚上", "오후") else "am")
        return f" {number}:{minutes} {word}"

    text = _EAST_HOUR.sub(hour, _EAST_DAY.sub(day, text))
    return re.sub(r"から|부터|~|〜", " - ", re.sub(r"まで|까지|에", " ", text))
