"""How often an event's card is pressed, which says whether each press can still edit it (pure)."""

from dataclasses import dataclass, field
from datetime import datetime

A_SECOND = 2.0  # presses on one event that edit its card as they come, in the long run
AT_ONCE = 10.0  # that may come together before that is counted
MOST_EVENTS = 1_000  # remembered; those that were quiet longest are forgotten first


@dataclass(slots=True)
class PressRate:
    """A bucket for each event: every press takes a drop, and two a second come back."""

    _left: dict[int, tuple[float, datetime]] = field(default_factory=dict)  # event id → drops, and when that was

    def edits(self, event_id: int, now: datetime) -> bool:
        """Count a press; whether it may edit the card itself. `now` is aware UTC and may jump back."""
        drops, before = self._left.pop(event_id, (AT_ONCE, now))
        drops = min(AT_ONCE, drops + max(0.0, (now - before).total_seconds()) * A_SECOND)
        calm = drops >= 1
        self._left[event_id] = (drops - 1 if calm else drops, now)
        if len(self._left) > MOST_EVENTS:
            del self._left[next(iter(self._left))]  # the press before brought all others up to date
        return calm
