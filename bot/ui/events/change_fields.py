"""The forms in which a published event is changed: what they ask for, and what they are filled with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.events.changes import LONGEST_REASON
from bot.events.edits import answering_fields, edit_fields, seat_fields
from bot.events.fields import LONGEST, LONGEST_SECOND
from bot.events.page import EventCard
from bot.texts import Texts
from bot.ui.events.event_words import language_name, volunteers_labels

FORMS = ("edit", "seats", "answers", "language", "cancel")
A_NUMBER = 6  # digits


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form."""

    key: str
    label: str
    longest: int
    explained: str | None = None
    required: bool = False
    long: bool = False  # of several lines


def form_title(form: str, t: Texts) -> str:
    """What stands above a form."""
    return {
        "edit": t("Edit this event"),
        "seats": t("Seats and guests"),
        "answers": t("Answers and help"),
        "language": t("A second language"),
        "cancel": t("Cancel this event"),
    }[form]


def form_fields(form: str, t: Texts, zone: str) -> Sequence[Field]:
    """What a form asks for, in order; never more than five. `zone` is where its times are typed: an IANA name."""
    no_limit = t("How many can come; empty for no limit")
    if form == "edit":
        when = t("2026-12-05 19:00-21:00, or “7pm next Friday”; two hours unless you say")
        return (
            Field("title", t("Title"), LONGEST["title"], required=True),
            Field("when", t("When ({zone})", zone=zone), LONGEST["when"], when, required=True),
            Field("where", t("Where"), LONGEST["where"], t("A place, or the link of a call")),
            Field("description", t("Description"), LONGEST["description"], long=True),
            Field("capacity", t("Seats"), LONGEST["capacity"], no_limit),
        )
    if form == "seats":
        return (
            Field("capacity", t("Seats"), LONGEST["capacity"], no_limit),
            Field("guests", t("Guests"), A_NUMBER, t("How many a member may bring; each takes a seat")),
            Field(
                "hours",
                t("Hours to accept"),
                A_NUMBER,
                t("In the last day the next in line has so long to accept a free seat; 0: it is just given"),
            ),
        )
    if form == "answers":
        day = t("2026-12-01 18:00 in {zone}; empty for the start of the event", zone=zone)
        at_once = t("2026-11-24 09:00 in {zone}; empty for at once", zone=zone)
        helpers = t("How many are looked for; empty for none")
        return (
            Field("opens", t("Answers open"), LONGEST["when"], at_once),
            Field("deadline", t("Answers close"), LONGEST["when"], day),
            *(Field(role, label, A_NUMBER, helpers) for role, label in volunteers_labels(t).items()),
        )
    if form == "language":
        return (
            Field("language", t("Language"), 40, t("Its name or its code: “Hungarian”, “hu”")),
            Field("title", t("Title in that language"), LONGEST_SECOND["title"], t("Empty: no second language")),
            Field("description", t("Description in that language"), LONGEST_SECOND["description"], long=True),
        )
    told = t("It stands on the card, and those who may come are told. This cannot be undone.")
    return (Field("reason", t("Reason"), LONGEST_REASON, told, long=True),)


def filled(form: str, card: EventCard) -> Mapping[str, str]:
    """What a form shows of the event as it is."""
    second = card.second
    if form == "language" and second is not None:
        name = language_name(second.language)
        return {"language": name, "title": second.title, "description": second.description}
    known = {"edit": edit_fields, "seats": seat_fields, "answers": answering_fields}.get(form)
    return known(card) if known else {}
