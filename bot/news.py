"""The rule of what is new in a feed. Pure: it says what to remember and post, `bot.stories` does it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.feeds import Entry


@dataclass(frozen=True, slots=True)
class News:
    """What a look at a feed brought: entries never seen before, the oldest first, and whether to post them."""

    entries: tuple[Entry, ...]
    announce: bool


def decide_new(entries: Iterable[Entry], known: Collection[str], first_poll: bool) -> News:
    """Which entries are new by their identity (never by date); at the first poll they are remembered, not posted.

    Feeds list the newest first, so the document is read from its end.
    """
    new = tuple(entry for entry in reversed(tuple(entries)) if entry.identity not in known)
    return News(new, announce=not first_poll)
