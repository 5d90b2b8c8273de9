"""Sparing servers that hold many feeds: a moment passes between two questions to one host."""

import asyncio


class HostSpacing:
    """Gives turns on hosts, `spacing` seconds apart; it remembers only the hosts that were asked just now."""

    def __init__(self, spacing: float) -> None:
        self._spacing = spacing
        self._free_at: dict[str, float] = {}  # host → when it may be asked again, by the event loop's clock

    async def turn(self, host: str) -> None:
        """Wait until the host may be asked."""
        now = asyncio.get_running_loop().time()
        self._free_at = {name: moment for name, moment in self._free_at.items() if moment > now}
        start = max(self._free_at.get(host, now), now)
        self._free_at[host] = start + self._spacing
        await asyncio.sleep(start - now)
