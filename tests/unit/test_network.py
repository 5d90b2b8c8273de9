"""Chains of ties against a slow and simple reference, and the figures against the seed's own files."""

import csv
from collections import Counter
from itertools import combinations, pairwise, permutations
from math import acos, cos, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookup.network import MOST_CHAINS, Chains, Link, Network, Pair, length_km
from bot.lookup.network_figures import figures
from bot.lookup.places import Place
from db.seeding import SEED


def place(number: int, **columns: object) -> Place:
    """A place with its number for a name, at the equator: the larger the number, the more people."""
    known = {"latitude": 0.0, "longitude": float(number), "population": 1_000 + number} | columns
    return Place(number, None, f"Town {number}", "city", None, "US", timezone=None, **known)  # type: ignore[arg-type]


def link(a: int, b: int, state: str = "unknown", confidence: str = "confirmed", signed: str | None = None) -> Link:
    return Link(a, b, "unknown", state, confidence, signed)


def network(*links: Link, places: int = 10) -> Network:
    return Network({number: place(number) for number in range(places)}, links)


def ids(chains: Chains | None) -> list[tuple[int, ...]]:
    """The places along each chain that is shown."""
    assert chains is not None
    return [(chain[0].one.id, *(pair.other.id for pair in chain)) for chain in chains.best]


def joined(network: Network, *, over: bool) -> set[frozenset[int]]:
    return {frozenset((link.a, link.b)) for link in network.links if over or not link.over}


def every_chain(edges: set[frozenset[int]], start: int, end: int, places: range) -> list[tuple[int, ...]]:
    """All shortest chains, by trying every order of places between the two, the fewest first."""
    others = [number for number in places if number not in (start, end)]
    for length in range(len(others) + 1):
        tried = [(start, *between, end) for between in permutations(others, length)]
        found = [way for way in tried if all(frozenset(step) in edges for step in pairwise(way))]
        if found:
            return found
    return []


PLACES = range(6)
PAIRS = list(combinations(PLACES, 2))
STATES = st.sampled_from(["active", "unknown", "suspended", "ended"])
LINKS = st.dictionaries(
    st.sampled_from(PAIRS), st.tuples(STATES, st.sampled_from(["confirmed", "unconfirmed"])), max_size=len(PAIRS)
).map(lambda drawn: [link(a, b, state, sure) for (a, b), (state, sure) in drawn.items()])


@given(links=LINKS)
def test_chains_are_the_shortest_there_are_and_all_are_counted(links: list[Link]) -> None:
    some = network(*links, places=len(PLACES))
    for start, end in PAIRS:
        lasting = every_chain(joined(some, over=False), start, end, PLACES)
        expected = lasting or every_chain(joined(some, over=True), start, end, PLACES)
        found = some.chains(start, end)

        if not expected:
            assert found is None
            continue
        assert found is not None
        assert found.total == len(expected)
        assert found.over == (not lasting)
        assert len(found.best) == min(MOST_CHAINS, len(expected))
        assert len(set(ids(found))) == len(found.best)
        assert set(ids(found)) <= set(expected)


@given(links=LINKS)
def test_the_chains_shown_are_the_surest_then_those_through_larger_places(links: list[Link]) -> None:
    some = network(*links, places=len(PLACES))
    by_pair = {frozenset((link.a, link.b)): link for link in links}

    def cost(way: tuple[int, ...]) -> tuple[int, int, int, tuple[int, ...]]:
        used = [by_pair[frozenset(step)] for step in pairwise(way)]
        people = sum(some.places[number].population or 0 for number in way[1:])
        return sum(u.over for u in used), sum(u.confidence == "unconfirmed" for u in used), -people, way

    for start, end in PAIRS:
        every = every_chain(joined(some, over=False), start, end, PLACES)
        if not every:
            every = every_chain(joined(some, over=True), start, end, PLACES)
        found = some.chains(start, end)
        assert (ids(found) if found else []) == sorted(every, key=cost)[:MOST_CHAINS]


@given(links=LINKS)
def test_every_step_of_a_chain_is_a_tie_and_begins_where_the_last_one_ended(links: list[Link]) -> None:
    some = network(*links, places=len(PLACES))
    for start, end in PAIRS:
        for chain in (some.chains(start, end) or Chains(0, (), over=False)).best:
            assert (chain[0].one.id, chain[-1].other.id) == (start, end)
            assert [step.other for step in chain[:-1]] == [step.one for step in chain[1:]]
            assert [{step.one.id, step.other.id} for step in chain] == [{step.link.a, step.link.b} for step in chain]
            assert {step.link for step in chain} <= set(links)


@given(links=LINKS)
def test_a_chain_is_as_long_from_either_end(links: list[Link]) -> None:
    some = network(*links, places=len(PLACES))
    for start, end in PAIRS:
        there, back = some.chains(start, end), some.chains(end, start)

        assert (there and (there.total, there.over)) == (back and (back.total, back.over))
        assert (there and len(there.best[0])) == (back and len(back.best[0]))


@given(links=LINKS)
def test_places_hang_together_when_lasting_ties_lead_from_one_to_the_other(links: list[Link]) -> None:
    some = network(*links, places=len(PLACES))
    edges = joined(some, over=False)
    reached = {
        start: {start} | {end for end in PLACES if end != start and every_chain(edges, start, end, PLACES)}
        for start in PLACES
    }

    assert [some.reach(start) for start in PLACES] == [len(group) - 1 for group in reached.values()]
    groups = {frozenset(group) for group in reached.values() if len(group) > 1}
    assert some.groups() == sorted(map(len, groups), reverse=True)


def test_ended_ties_and_those_that_rest_are_used_only_where_nothing_else_links_two() -> None:
    around = network(link(1, 2, "ended"), link(1, 3), link(2, 3))
    alone = network(link(1, 2, "suspended"), link(2, 3))

    assert ids(around.chains(1, 2)) == [(1, 3, 2)]
    assert around.chains(1, 2) == Chains(1, around.chains(1, 2).best, over=False)  # type: ignore[union-attr]
    assert ids(alone.chains(1, 3)) == [(1, 2, 3)]
    assert alone.chains(1, 3).over  # type: ignore[union-attr]


def test_partners_are_those_whose_tie_is_not_ended_the_largest_first() -> None:
    some = network(link(1, 5), link(1, 2, "ended"), link(1, 3, "suspended"), link(4, 1))

    assert [partner.id for partner in some.partners(1)] == [5, 4, 3]
    assert some.partners(9) == []


def test_ties_of_places_that_are_not_known_are_left_out() -> None:
    some = network(link(1, 2), link(2, 77))

    assert some.links == (link(1, 2),)
    assert some.chains(1, 77) is None


def test_many_chains_as_short_are_counted_without_trying_each() -> None:
    layers = 40
    links = [link(10 * at + one, 10 * (at + 1) + two) for at in range(layers) for one in range(5) for two in range(5)]
    some = network(*links, places=10 * layers + 10)

    assert some.chains(0, 10 * layers).total == 5 ** (layers - 1)  # type: ignore[union-attr]
    assert ids(some.chains(0, 10 * layers))[0] == (0, *range(14, 10 * layers, 10), 10 * layers)


def test_the_length_of_a_chain_is_known_when_every_place_of_it_is() -> None:
    one, two, nowhere = place(1), place(2), place(3, latitude=None, longitude=None)
    degree = 111.195  # kilometres on the equator

    assert length_km([Pair(one, two, link(1, 2)), Pair(two, one, link(1, 2))]) == pytest.approx(2 * degree, rel=1e-4)
    assert length_km([Pair(one, two, link(1, 2)), Pair(two, nowhere, link(2, 3))]) is None


def test_an_empty_network_has_figures_without_records() -> None:
    empty = figures(network())

    assert (empty.ties, empty.places, empty.countries, empty.us_states, empty.groups) == (0, 0, 0, 0, ())
    assert (empty.oldest, empty.newest, empty.farthest, empty.nearest) == (None, None, None, None)


def test_ended_ties_count_in_the_totals_alone() -> None:
    ended = link(1, 9, "ended", signed="1900")
    some = figures(network(ended, link(1, 2, signed="1950"), link(2, 4, signed="1950-03")))

    assert (some.ties, some.states["ended"]) == (3, 1)
    assert [(top.id, n) for top, n in some.top_places] == [(2, 2), (1, 1), (4, 1)]
    assert some.oldest == Pair(place(1), place(2), link(1, 2, signed="1950"))
    assert some.newest == some.farthest == Pair(place(2), place(4), link(2, 4, signed="1950-03"))


def rows(name: str) -> list[dict[str, str]]:
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def seed_places() -> dict[str, dict[str, str]]:
    """The seed's places by their id, as the file has them."""
    return {row["place_id"]: row for row in rows("places.tsv")}


@pytest.fixture(scope="module")
def seed_ties() -> list[dict[str, str]]:
    """The seed's ties, as the file has them."""
    return rows("partnerships.tsv")


@pytest.fixture(scope="module")
def seed(seed_places: dict[str, dict[str, str]], seed_ties: list[dict[str, str]]) -> Network:
    """The network of the seed."""
    places = {}
    for key, row in seed_places.items():
        latitude, longitude = (float(row[name]) if row[name] else None for name in ("latitude", "longitude"))
        places[int(key)] = Place(
            int(key), None, row["name"], row["kind"], row["admin1"] or None, row["country_code"], latitude, longitude,
            int(row["population"] or 0) or None, row["timezone"] or None,
        )  # fmt: skip
    links = []
    for row in seed_ties:
        a, b = sorted(map(int, ends(row)))
        kind, state, confidence = (row[name] for name in ("kind", "state", "confidence"))
        links.append(Link(a, b, kind, state, confidence, row["signed"] or None, row["as_of"] or None))
    return Network(places, links)


def ends(row: dict[str, str]) -> tuple[str, str]:
    return row["place_id"], row["partner_place_id"]


def test_the_totals_are_those_of_the_seed(
    seed: Network, seed_places: dict[str, dict[str, str]], seed_ties: list[dict[str, str]]
) -> None:
    found = figures(seed)
    tied = {end for row in seed_ties for end in ends(row)}
    regions = {seed_places[end]["admin1"] for end in tied if seed_places[end]["country_code"] == "US"}

    assert (found.ties, found.places) == (len(seed_ties), len(tied)) == (2804, 3254)
    assert found.countries == len({seed_places[end]["country_code"] for end in tied}) == 157
    assert found.us_states == len(regions - {"", "District of Columbia", "Guam"}) == 50
    assert found.states == Counter(row["state"] for row in seed_ties)
    assert found.confidences == Counter(row["confidence"] for row in seed_ties)


def test_the_rankings_are_those_of_the_seed(
    seed: Network, seed_places: dict[str, dict[str, str]], seed_ties: list[dict[str, str]]
) -> None:
    found = figures(seed)
    standing = [ends(row) for row in seed_ties if row["state"] != "ended"]
    of_country = Counter(code for pair in standing for code in {seed_places[end]["country_code"] for end in pair})
    of_place = Counter(int(end) for pair in standing for end in pair)

    assert [n for _, n in found.top_countries] == sorted(of_country.values(), reverse=True)[:10]
    assert [n for _, n in found.top_places] == sorted(of_place.values(), reverse=True)[:5]
    assert {code: of_country[code] for code, _ in found.top_countries} == dict(found.top_countries)
    assert {top.id: of_place[top.id] for top, _ in found.top_places} == {top.id: n for top, n in found.top_places}
    assert found.top_countries[1] == ("JP", of_country["JP"])


def test_the_records_are_those_of_the_seed(
    seed: Network, seed_places: dict[str, dict[str, str]], seed_ties: list[dict[str, str]]
) -> None:
    found = figures(seed)
    standing = [row for row in seed_ties if row["state"] != "ended"]
    signed = sorted(row["signed"] for row in standing if row["signed"])

    def cosine(row: dict[str, str]) -> float:
        """Of the angle between the two places, by another formula than the bot's."""
        one, other = (seed_places[end] for end in ends(row))
        a, b, c, d = (radians(float(p[name])) for p in (one, other) for name in ("latitude", "longitude"))
        return sin(a) * sin(c) + cos(a) * cos(c) * cos(b - d)

    measured = [row for row in standing if all(seed_places[end]["latitude"] for end in ends(row))]
    near, far = max(measured, key=cosine), min(measured, key=cosine)
    assert found.oldest and found.newest and found.nearest and found.farthest
    assert (found.oldest.link.signed, found.newest.link.signed) == (signed[0], signed[-1])
    assert {found.oldest.one.name, found.oldest.other.name} == {"Toledo"}
    assert {found.nearest.link.a, found.nearest.link.b} == set(map(int, ends(near)))
    assert {found.farthest.link.a, found.farthest.link.b} == set(map(int, ends(far)))
    assert found.farthest.km == pytest.approx(acos(cosine(far)) * 6371.0088)


def test_the_groups_are_those_of_the_seed(seed: Network, seed_ties: list[dict[str, str]]) -> None:
    member = {
        int(end): int(end) for row in seed_ties for end in ends(row) if row["state"] not in ("ended", "suspended")
    }
    changed = True
    while changed:  # every tie gives both its ends the smaller name of the two, until none changes any
        changed = False
        for row in seed_ties:
            one, other = map(int, ends(row))
            if row["state"] not in ("ended", "suspended") and member[one] != member[other]:
                member[one] = member[other] = min(member[one], member[other])
                changed = True

    assert list(figures(seed).groups) == sorted(Counter(member.values()).values(), reverse=True)


def test_along_every_tie_of_the_seed_the_way_to_birmingham_grows_by_one_at_most(seed: Network) -> None:
    birmingham = 4049979

    def steps(place_id: int) -> int | None:
        if place_id == birmingham:
            return 0
        chains = seed.chains(birmingham, place_id)
        return len(chains.best[0]) if chains and not chains.over else None

    lasting = [link for link in seed.links if not link.over][::40]
    ways = [(steps(link.a), steps(link.b)) for link in lasting]

    assert [way for way in ways if (way[0] is None) != (way[1] is None)] == []
    known = [(one, other) for one, other in ways if one is not None and other is not None]
    assert len(known) > len(ways) / 4
    assert {abs(one - other) for one, other in known} <= {0, 1}
    assert max(max(way) for way in known) > 5
