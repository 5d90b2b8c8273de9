"""A reader of iCalendar files written from RFC 5545 alone, so that no library is its own witness."""

from collections.abc import Sequence
from dataclasses import dataclass, field

WIDEST = 75  # octets of a line (3.1)
MEANT = {"\\": "\\", ";": ";", ",": ",", "n": "\n", "N": "\n"}  # after a backslash (3.3.11)


@dataclass
class Component:
    """BEGIN to END: properties by name, components inside."""

    name: str
    properties: dict[str, str] = field(default_factory=dict)
    inside: list["Component"] = field(default_factory=list)


def read_calendar(content: bytes) -> Component:
    """The one calendar of a file. Fails on whatever the RFC does not allow, two of a name and parameters included."""
    assert content.endswith(b"\r\n")
    raw = content[:-2].split(b"\r\n")
    assert [line for line in raw if b"\r" in line or b"\n" in line or len(line) > WIDEST] == []
    lines: list[str] = []
    for line in raw:
        text = line.decode()  # each by itself: folding must not tear a character apart
        if text.startswith((" ", "\t")):
            lines[-1] += text[1:]
        else:
            lines.append(text)
    return _component(lines)


def _component(lines: Sequence[str]) -> Component:
    root = Component("")
    open_ones = [root]
    for line in lines:
        name, colon, value = line.partition(":")
        assert colon and name.isascii() and name.replace("-", "").isalnum(), line
        assert all(character == "\t" or character.isprintable() or ord(character) >= 0x80 for character in value), line
        if name == "BEGIN":
            open_ones[-1].inside.append(Component(value))
            open_ones.append(open_ones[-1].inside[-1])
        elif name == "END":
            assert open_ones.pop().name == value
        else:
            assert name not in open_ones[-1].properties
            open_ones[-1].properties[name] = value
    [calendar] = root.inside
    assert open_ones == [root] and not root.properties
    return calendar


def text_of(value: str) -> str:
    """A TEXT value as it was meant."""
    meant, characters = [], iter(value)
    for character in characters:
        assert character not in ";,", value  # unescaped ones would end it
        meant.append(MEANT[next(characters)] if character == "\\" else character)
    return "".join(meant)
