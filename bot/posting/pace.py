"""A steady pace: turns that are never closer together than so many a second. Pure."""


class Pace:
    """Gives out turns one after the other; what was not used is not made up for, so that there are no bursts."""

    def __init__(self, a_second: float) -> None:
        self._between = 1 / a_second
        self._next = 0.0

    def take(self, now: float) -> float:
        """Take the next turn; returns in how many seconds it is. `now`: seconds of a clock that never goes back."""
        turn = max(self._next, now)
        self._next = turn + self._between
        return turn - now
