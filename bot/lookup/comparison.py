"""Two cities side by side: what they share, and what only one has."""

from dataclasses import dataclass

from bot.lookup.cities import Tie, tie_of
from bot.lookup.geography import distance_km
from bot.lookup.network_pages import Unclear, find_two
from bot.lookup.places import Place
from bot.lookup.search import CityIndex
from db import cities as queries
from db.database import Database


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two cities, with its ties that are not ended."""

    place: Place
    ties: tuple[Tie, ...]

    @property
    def countries(self) -> frozenset[str]:
        """The codes of the countries where its partners are."""
        return frozenset(tie.partner.country_code for tie in self.ties)

    @property
    def signed(self) -> list[str]:
        """When its ties were signed, as far as that is known: ISO dates, the oldest first."""
        return sorted(tie.signed for tie in self.ties if tie.signed)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two cities side by side; the ties that are not ended count.

    `between` is the tie they have with each other, ended or not, seen from `one`; it is in no other list. `shared` has
    the two ties with each partner of both. `countries` are those where each has a partner that the other has not.
    """

    one: Side
    other: Side
    km: float | None
    between: Tie | None
    shared: tuple[tuple[Tie, Tie], ...]
    only_one: tuple[Tie, ...]
    only_other: tuple[Tie, ...]

    @property
    def countries(self) -> frozenset[str]:
        """The codes of the countries where both have partners, but different ones."""
        ones, others = ({tie.partner.country_code for tie in ties} for ties in (self.only_one, self.only_other))
        return frozenset(ones & others)


async def compare_cities(
    database: Database, index: CityIndex, city: str, other: str, guild_id: int | None
) -> Comparison | Unclear:
    """Compare two cities by what was chosen or typed. Raises BadInput if they are the same one."""
    async with database.read() as session:
        found = await find_two(session, index, city, other, guild_id)
        if isinstance(found, Unclear):
            return found
        one, two = found
        ties = [
            [tie_of(tie, partner) for tie, partner in await queries.partners(session, place.id, guild_id)]
            for place in found
        ]
    return compared(one, two, *ties)


def compared(place: Place, other_place: Place, ties: list[Tie], other_ties: list[Tie]) -> Comparison:
    """Two places and all their ties, compared (pure)."""
    between = next((tie for tie in ties if tie.partner.id == other_place.id), None)
    one, other = _side(place, ties), _side(other_place, other_ties)
    ones, others = ({tie.partner.id: tie for tie in side.ties} for side in (one, other))
    return Comparison(
        one,
        other,
        distance_km(place, other_place),
        between,
        tuple((ones[key], others[key]) for key in ones if key in others),
        tuple(tie for key, tie in ones.items() if key not in others and key != other_place.id),
        tuple(tie for key, tie in others.items() if key not in ones and key != place.id),
    )


def _side(place: Place, ties: list[Tie]) -> Side:
    return Side(place, tuple(tie for tie in ties if tie.state != "ended"))
