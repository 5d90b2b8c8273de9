"""The network of ties: the shortest chains that link two places, and what hangs together (pure)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.lookup.cities import Tie
from bot.lookup.geography import distance_km
from bot.lookup.places import Place

MOST_CHAINS = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A tie between the places with the ids `a` and `b`; `signed` and `as_of` are ISO dates, a year at least."""

    a: int
    b: int
    kind: str
    state: str
    confidence: str
    signed: str | None = None
    as_of: str | None = None

    @property
    def over(self) -> bool:
        """Whether it is ended or rests."""
        return self.state in ("ended", "suspended")


@dataclass(frozen=True, slots=True)
class Pair:
    """A tie with the places at its ends; `km` as the crow flies, None where a place has no coordinates."""

    one: Place
    other: Place
    link: Link

    @property
    def km(self) -> float | None:
        return distance_km(self.one, self.other)

    @property
    def tie(self) -> Tie:
        """The tie as seen from `one`; who says so is not told here."""
        link = self.link
        return Tie(self.other, link.kind, link.state, link.confidence, link.signed, link.as_of, (), "")


@dataclass(frozen=True, slots=True)
class Chains:
    """The shortest chains between two places: how many there are, and the best of them as steps.

    `over` when each needs a tie that is ended or rests, because no other links the two.
    """

    total: int
    best: tuple[tuple[Pair, ...], ...]
    over: bool


Neighbours = Mapping[int, Mapping[int, Link]]
# What a way has cost so far, and its places: ties that are over, unconfirmed ones, fewer people on it, their ids.
# Two ways to one place keep their order whatever is added to both.
Way = tuple[int, int, int, tuple[int, ...]]


class Network:
    """Places and the ties between them; a tie of a place that is not among `places` is left out."""

    def __init__(self, places: Mapping[int, Place], links: Iterable[Link]) -> None:
        self.places = places
        self.links = tuple(link for link in links if link.a in places and link.b in places)
        self._all = _neighbours(self.links)
        self._lasting = _neighbours(link for link in self.links if not link.over)

    def partners(self, place_id: int) -> list[Place]:
        """The places it has ties with that are not ended, the largest first."""
        links = self._all.get(place_id, {})
        partners = [self.places[other] for other, link in links.items() if link.state != "ended"]
        return sorted(partners, key=lambda place: (-(place.population or 0), place.id))

    def chains(self, start: int, end: int, most: int = MOST_CHAINS) -> Chains | None:
        """The shortest chains of ties that last, else of any ties; None where nothing links the two.

        Of chains that are as short, those of confirmed ties come first, then those through larger places.
        """
        for neighbours in (self._lasting, self._all):
            found = self._shortest(neighbours, start, end, most)
            if found is not None:
                total, ways = found
                best = tuple(self._steps(neighbours, way) for way in ways)
                return Chains(total, best, neighbours is self._all)
        return None

    def reach(self, place_id: int) -> int:
        """How many other places chains of lasting ties lead to."""
        return len(_distances(self._lasting, place_id)) - 1

    def groups(self) -> list[int]:
        """How many places hang together through lasting ties, the largest group first."""
        seen: set[int] = set()
        sizes = []
        for place_id in self._lasting:
            if place_id not in seen:
                group = _distances(self._lasting, place_id)
                seen |= group.keys()
                sizes.append(len(group))
        return sorted(sizes, reverse=True)

    def _shortest(
        self, neighbours: Neighbours, start: int, end: int, most: int
    ) -> tuple[int, list[tuple[int, ...]]] | None:
        """How many shortest chains there are, and the ids along the best of them."""
        left = _distances(neighbours, end)
        if start not in left:
            return None
        counts = {start: 1}
        ways: dict[int, list[Way]] = {start: [(0, 0, 0, (start,))]}
        for remaining in range(left[start] - 1, -1, -1):
            longer_counts: Counter[int] = Counter()
            longer: dict[int, list[Way]] = defaultdict(list)
            for place_id, so_far in ways.items():
                for other, link in neighbours[place_id].items():
                    if left[other] == remaining:
                        longer_counts[other] += counts[place_id]
                        longer[other] += [self._longer(way, other, link) for way in so_far]
            counts = longer_counts
            ways = {place_id: sorted(some)[:most] for place_id, some in longer.items()}
        return counts[end], [way[-1] for way in ways[end]]

    def _longer(self, way: Way, other: int, link: Link) -> Way:
        over, unconfirmed, people, ids = way
        doubt = link.confidence != "confirmed"
        return over + link.over, unconfirmed + doubt, people - (self.places[other].population or 0), (*ids, other)

    def _steps(self, neighbours: Neighbours, ids: tuple[int, ...]) -> tuple[Pair, ...]:
        return tuple(Pair(self.places[one], self.places[other], neighbours[one][other]) for one, other in pairwise(ids))


def length_km(chain: Iterable[Pair]) -> float | None:
    """Kilometres along a chain, None where one of its places has no coordinates."""
    steps = [pair.km for pair in chain]
    known = [km for km in steps if km is not None]
    return sum(known) if len(known) == len(steps) else None


def _neighbours(links: Iterable[Link]) -> Neighbours:
    neighbours: dict[int, dict[int, Link]] = defaultdict(dict)
    for link in links:
        neighbours[link.a][link.b] = link
        neighbours[link.b][link.a] = link
    return dict(neighbours)


def _distances(neighbours: Neighbours, start: int) -> dict[int, int]:
    """How many ties every place that can be reached is away, breadth first."""
    steps = {start: 0}
    queue = [start]
    for place_id in queue:
        for other in neighbours.get(place_id, ()):
            if other not in steps:
                steps[other] = steps[place_id] + 1
                queue.append(other)
    return steps
