"""A place as the rest of the bot sees it."""

from dataclasses import dataclass
from datetime import datetime

from bot.dates.clocks import zone_of


@dataclass(frozen=True, slots=True)
class Place:
    """A city, county, province or country; `region` is the first-level division in words, `timezone` an IANA name."""

    id: int
    geoname_id: int | None
    name: str
    kind: str
    region: str | None
    country_code: str
    latitude: float | None
    longitude: float | None
    population: int | None
    timezone: str | None

    @property
    def own_region(self) -> str | None:
        """The region, unless it only says the name again: Kingston lies in Kingston."""
        return self.region if self.region and self.region.casefold() != self.name.casefold() else None

    @property
    def label(self) -> str:
        """What tells it apart from its namesakes: "Birmingham, Alabama, US"."""
        return ", ".join(part for part in (self.name, self.own_region, self.country_code) if part)

    def local(self, now: datetime) -> datetime | None:
        """The clock on its wall at an instant, None where the zone is not known."""
        return now.astimezone(zone_of(self.timezone)) if self.timezone else None
