"""How often somebody may try something in a while; in memory, and never more of it than a fixed number (pure)."""

from datetime import datetime, timedelta

MOST_KEYS = 10_000


class Tries:
    """At most `most` tries by one key within `during`. Of all keys the `keys` that tried last are remembered."""

    def __init__(self, most: int, during: timedelta, keys: int = MOST_KEYS) -> None:
        self.most, self.during, self.keys = most, during, keys
        self._tries: dict[tuple[int, int], list[datetime]] = {}

    def take(self, key: tuple[int, int], now: datetime) -> datetime | None:
        """Count a try, and return None; or, where there were too many, when the next one is free."""
        tries = [at for at in self._tries.pop(key, []) if at > now - self.during]
        free_at = tries[0] + self.during if len(tries) >= self.most else None
        self._tries[key] = tries if free_at else [*tries, now]
        if len(self._tries) > self.keys:
            del self._tries[next(iter(self._tries))]
        return free_at

    def __len__(self) -> int:
        return len(self._tries)
