"""What can be said of a tie, and how it changes when a moderator says something (pure)."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from bot.errors import BadInput
from bot.plain_text import visible

KINDS = ("sister", "friendship", "partner", "pact", "unknown")
STATES = ("active", "suspended", "ended", "unknown")
CONFIDENCES = ("confirmed", "unconfirmed")

EARLIEST_YEAR = 1900  # the oldest ties are of the 1930s
EARLIEST_ZONE = timedelta(hours=14)  # where a day begins first
LONGEST_SOURCE, LONGEST_LINK, LONGEST_NOTE, LONGEST_NOTES = 200, 300, 200, 600
NOTHING = "-"
DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a tie; `signed` and `as_of` are ISO dates of any precision, `sources` codes with years.

    Without `sources` nobody names the tie: so a history keeps a tie that was taken back and is listed nowhere else.
    """

    kind: str
    state: str
    confidence: str
    signed: str | None
    as_of: str | None
    sources: str
    notes: str

    def columns(self) -> dict[str, str | None]:
        """The facts by the names that they have in the database and in files."""
        return asdict(self)

    @property
    def or_none(self) -> "Facts | None":
        """The facts, or None if nobody names the tie."""
        return self if self.sources else None

    def unnamed(self) -> "Facts":
        """The same tie when nobody names it any more."""
        return replace(self, sources="")


@dataclass(frozen=True, slots=True)
class Said:
    """What a moderator says of a tie, as typed; None leaves a fact as it is, "-" for `signed` takes it away."""

    kind: str | None = None
    state: str | None = None
    confidence: str | None = None
    signed: str | None = None
    as_of: str | None = None
    source: str | None = None
    note: str | None = None


def added(said: Said, now: datetime) -> Facts:
    """A tie that nobody named before. Raises BadInput for a date or source that cannot be."""
    return Facts(
        said.kind or "unknown",
        said.state or "active",
        "confirmed",
        _signed(said.signed, None, now),
        now.date().isoformat(),
        f"moderator:{now.year}",
        _notes("", said),
    )


def edited(before: Facts, said: Said, now: datetime) -> Facts:
    """A tie after a correction. Raises BadInput if nothing would be different."""
    changed = replace(
        before,
        kind=said.kind or before.kind,
        state=said.state or before.state,
        confidence=said.confidence or before.confidence,
        signed=_signed(said.signed, before.signed, now),
        notes=_notes(before.notes, said),
    )
    if changed == before:
        raise BadInput(
            "That is what is listed already. Say what should be different: kind, signed, state, confidence, source "
            "or a note."
        )
    # The day belongs to the state: a new note does not make an old ending a new one.
    as_of = now.date().isoformat() if changed.state != before.state else before.as_of
    return in_order(replace(changed, as_of=as_of, sources=_with_moderator(before.sources, now)))


def ended(before: Facts, said: Said, now: datetime) -> Facts:
    """A tie that is over, or rests, from a day on. Raises BadInput for a day before it was signed."""
    return in_order(
        replace(
            before,
            state=said.state or "ended",
            confidence="confirmed",
            as_of=iso_date(said.as_of, now) if said.as_of else now.date().isoformat(),
            sources=_with_moderator(before.sources, now),
            notes=_notes("", said),
        )
    )


def iso_date(text: str, now: datetime) -> str:
    """A year, month or day as typed. Raises BadInput for one that there is not, is to come, or is too long ago."""
    typed = text.strip()
    match = DATE.fullmatch(typed)
    try:
        year, month, day = (int(part or 1) for part in match.groups()) if match else (0, 0, 0)
        date(year, month, day)
    except ValueError:
        raise BadInput(
            "“{text}” is no date. Give a year, a month or a day, like 1982, 1982-04 or 1982-04-23.", text=typed[:30]
        ) from None
    if year < EARLIEST_YEAR:
        raise BadInput("{date} is too long ago: sister cities begin in the 20th century.", date=typed)
    if typed > (now + EARLIEST_ZONE).date().isoformat()[: len(typed)]:
        raise BadInput("{date} is still to come. Give the day on which it happened.", date=typed)
    return typed


def noted_source(text: str) -> str:
    """Where something is known from: a link, or a few words. Raises BadInput for neither."""
    source = visible(text)
    if not source:
        raise BadInput("Say where it is known from: a link, or a few words such as “council minutes of May 2024”.")
    links = [word for word in source.split() if "://" in word]
    if not all(map(_is_link, links)):
        raise BadInput(
            "A link must begin with http:// or https:// and name a site. You can also give a few words instead."
        )
    longest = LONGEST_LINK if links == [source] else LONGEST_SOURCE
    if len(source) > longest:
        raise BadInput("The source is too long. It may have {n} characters; put the rest into the note.", n=longest)
    return source


def _is_link(word: str) -> bool:
    try:
        parts = urlsplit(word)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # brackets that are no address
        return False


def in_order(facts: Facts) -> Facts:
    """The same facts, unless the tie would be over before it was signed, as far as both dates are known: BadInput."""
    if facts.state in ("ended", "suspended") and facts.signed and facts.as_of:
        known = min(len(facts.signed), len(facts.as_of))
        if facts.as_of[:known] < facts.signed[:known]:
            raise BadInput(
                "It was signed in {signed}, so it cannot be over since {over}. Correct the date that is wrong.",
                signed=facts.signed,
                over=facts.as_of,
            )
    return facts


def _signed(typed: str | None, before: str | None, now: datetime) -> str | None:
    if not typed or not typed.strip():
        return before
    return None if typed.strip() == NOTHING else iso_date(typed, now)


def _notes(before: str, said: Said) -> str:
    """The source and the note; a note alone is added to what is there, a source begins anew."""
    note = visible(said.note or "")
    if len(note) > LONGEST_NOTE:
        raise BadInput("The note is too long. It may have {n} characters.", n=LONGEST_NOTE)
    first = noted_source(said.source) if said.source is not None else before
    notes = "; ".join(filter(None, (first, note)))
    if len(notes) > LONGEST_NOTES:
        raise BadInput("There is no room for one more note. Give a source as well: then the older notes are replaced.")
    return notes


def _with_moderator(sources: str, now: datetime) -> str:
    return " ".join(dict.fromkeys([*sources.split(), f"moderator:{now.year}"]))
