"""One event as an iCalendar file (RFC 5545) and as links that fill in a web calendar's form. Pure.

Times are in UTC, so no zone has to be described: every calendar shows them in its owner's own zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from bot.plain_text import cut, visible

if TYPE_CHECKING:
    from icalendar import vText

PRODUCT = "-//Sister City Bot//Events//EN"
LONGEST_LINK = 512  # characters of the address behind a button
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
KEPT = "/:"  # allowed as they are in the query of an address, which makes addresses in it a good deal shorter


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a calendar is told of an event. Instants are aware UTC; `card_url` None: its card is not posted.

    Id and server stay what they are whatever is edited; `sequence` counts the changes that calendars must hear of.
    """

    id: int
    guild_id: int
    title: str
    description: str
    location: str
    starts_at: datetime
    ends_at: datetime
    timezone: str  # IANA name, of the day in the name of the file
    cancelled: bool
    sequence: int
    card_url: str | None


class CalendarLink(NamedTuple):
    """An address that opens the form of a web calendar with the event filled in."""

    calendar: str
    url: str


def calendar_file(entry: CalendarEntry, now: datetime) -> bytes:
    """The event as a file: one VEVENT, which takes the place of any older one with its UID.

    No ORGANIZER: it would have to be an e-mail address, and a member of a server has none that we know.
    """
    from icalendar import Calendar, Event

    event = Event()
    event.add("uid", f"event-{entry.id}-{entry.guild_id}@sister-city-bot.invalid")
    event.add("dtstamp", _seconds(now))
    event.add("dtstart", _seconds(entry.starts_at))
    event.add("dtend", _seconds(entry.ends_at))
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event["summary"] = _text(one_line(entry.title))
    if one_line(entry.location):
        event["location"] = _text(one_line(entry.location))
    if about(entry):
        event["description"] = _text(about(entry))
    if entry.card_url:
        event.add("url", entry.card_url)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def one_line(text: str) -> str:
    """Title or place as a calendar gets it."""
    return visible(text)


def description_of(entry: CalendarEntry) -> str:
    """The description as a calendar gets it: lines without control characters."""
    return "\n".join(map(visible, entry.description.splitlines())).strip()


def about(entry: CalendarEntry) -> str:
    """The description with the way back to the card under it."""
    return "\n\n".join(part for part in (description_of(entry), entry.card_url) if part)


def calendar_links(entry: CalendarEntry) -> list[CalendarLink]:
    """Google, Outlook.com, Microsoft 365 and Yahoo; long texts are cut so that every address fits behind a button."""
    starts, ends = _seconds(entry.starts_at), _seconds(entry.ends_at)
    first, last = f"{starts:%Y%m%dT%H%M%SZ}", f"{ends:%Y%m%dT%H%M%SZ}"
    outlook = f"path=/calendar/action/compose&rru=addevent&startdt={starts:%Y-%m-%dT%H:%M:%SZ}"
    outlook += f"&enddt={ends:%Y-%m-%dT%H:%M:%SZ}"
    outlook_names = ("subject", "location", "body")
    google = f"https://calendar.google.com/calendar/render?action=TEMPLATE&dates={first}/{last}"
    yahoo = f"https://calendar.yahoo.com/?v=60&st={first}&et={last}"
    return [
        CalendarLink("Google", _filled(google, ("text", "location", "details"), entry)),
        CalendarLink(
            "Outlook.com",
            _filled(f"https://outlook.live.com/calendar/deeplink/compose?{outlook}", outlook_names, entry),
        ),
        CalendarLink(
            "Microsoft 365",
            _filled(f"https://outlook.office.com/calendar/deeplink/compose?{outlook}", outlook_names, entry),
        ),
        CalendarLink("Yahoo", _filled(yahoo, ("title", "in_loc", "desc"), entry)),
    ]


def _filled(url: str, names: Sequence[str], entry: CalendarEntry) -> str:
    """The address with title, place and description under these names, as much of them as there is room for."""
    back = quote(entry.card_url or "", safe=KEPT)
    room = LONGEST_LINK - len(url) - sum(len(f"&{name}=") for name in names) - len(back)
    title = _fitted(one_line(entry.title), room * 2 // 3)
    room -= len(title)
    location = _fitted(one_line(entry.location), room)
    room -= len(location)
    between = quote("\n\n") if back else ""
    description = _fitted(description_of(entry), room - len(between))
    texts = (title, location, f"{back}{between}{description}" if description else back)
    return url + "".join(f"&{name}={text}" for name, text in zip(names, texts, strict=True) if text)


def _fitted(text: str, room: int) -> str:
    """The text, encoded for an address, in at most `room` characters: cut between letters where it is too long."""
    encoded, length = quote(text, safe=KEPT), len(text)
    while len(encoded) > room and length > 1:
        length = min(length - 1, length * room // len(encoded))
        encoded = quote(cut(text, length), safe=KEPT) if length > 1 else ""
    return encoded if len(encoded) <= room else ""


def _seconds(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _text(text: str) -> "vText":
    """A TEXT value. icalendar 7.3 would write somebody's backslash before an N as the end of a line."""
    from icalendar import vText

    class Escaped(vText):
        def to_ical(self) -> bytes:
            return self.translate(ESCAPED).encode()

    return Escaped(text)
