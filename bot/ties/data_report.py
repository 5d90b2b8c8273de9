"""What looks doubtful in the places and ties: for people to judge, nothing is changed (pure, but for reading)."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.lookup.places import Place
from bot.ties.corrections import facts_of
from bot.ties.facts import Facts
from db import cities
from db import ties as queries
from db.database import Database
from db.names import fold

EXAMPLES = 5
BY_MODERATORS = {"moderator", "operator"}  # whoever puts a tie in by hand answers for it


@dataclass(frozen=True, slots=True)
class KnownTie:
    """A tie between two place ids as all servers see it, or one server with `guild_id`."""

    a: int
    b: int
    guild_id: int | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class Finding:
    """A kind of doubt, what it means, and one line for each place or tie that it is about."""

    kind: str
    meaning: str
    about: tuple[str, ...]


async def data_report(database: Database) -> list[Finding]:
    """Look at all places and ties of a database."""
    async with database.read() as session:
        places = [Place(*row) for row in await cities.place_rows(session)]
        rows = await queries.every_tie(session)
        ties = [KnownTie(row.place_a_id, row.place_b_id, row.guild_id, facts_of(row)) for row in rows]
    return findings(places, ties)


def findings(places: Iterable[Place], ties: Sequence[KnownTie]) -> list[Finding]:
    """Every kind of doubt, also those that nothing is in."""
    known = {place.id: place for place in places}
    shared = [tie for tie in ties if tie.guild_id is None]
    tied = {place_id for tie in ties for place_id in (tie.a, tie.b)}
    kinds = [
        ("self-loops", "a place tied to itself", (tie for tie in ties if tie.a == tie.b)),
        ("one-sided ties", "only one source names the tie", filter(_is_one_sided, shared)),
        ("contradicted ties", "a server says otherwise than the list for all", _contradicted(ties)),
        ("same-name ties", "both ends have one name: perhaps one was taken for the other", _namesakes(shared, known)),
        ("country-level twins", "a county, province or country tied to a city", _uneven(shared, known)),
    ]
    found = [Finding(kind, why, tuple(sorted(_label(tie, known) for tie in some))) for kind, why, some in kinds]
    lists = [
        ("same-name places", "places of one name, region and country: perhaps one place twice", _doubles(known)),
        ("no coordinates", "places that no map and no distance can show", _without(known, "latitude", tied)),
        ("no time zone", "places whose clock is not known", _without(known, "timezone", tied)),
    ]
    return found + [Finding(kind, why, tuple(sorted(some))) for kind, why, some in lists]


def report_lines(found: Iterable[Finding], *, verbose: bool = False) -> Iterator[str]:
    """The findings for a terminal: each kind with its count and a few examples, or all with `verbose`."""
    for finding in found:
        yield f"{len(finding.about):,} {finding.kind}: {finding.meaning}"
        shown = finding.about if verbose else finding.about[:EXAMPLES]
        yield from (f"  {line}" for line in shown)
        if len(finding.about) > len(shown):
            yield f"  … and {len(finding.about) - len(shown):,} more (--verbose shows all)"


def report_json(found: Iterable[Finding]) -> Iterator[str]:
    """The findings for programs: one JSON object a kind."""
    for finding in found:
        head = {"finding": finding.kind, "meaning": finding.meaning, "count": len(finding.about)}
        yield json.dumps(head | {"about": finding.about}, ensure_ascii=False)


def _is_one_sided(tie: KnownTie) -> bool:
    codes = {source.partition(":")[0] for source in tie.facts.sources.split()}
    return len(codes) <= 1 and not codes & BY_MODERATORS


def _contradicted(ties: Iterable[KnownTie]) -> Iterator[KnownTie]:
    """The servers' own ties of which all others read something else: kind, state or signing date."""
    ties = list(ties)
    shared = {(tie.a, tie.b): tie.facts for tie in ties if tie.guild_id is None}
    for tie in ties:
        other = shared.get((tie.a, tie.b))
        if tie.guild_id is not None and other is not None:
            own = tie.facts
            if (own.kind, own.state, own.signed) != (other.kind, other.state, other.signed):
                yield tie


def _namesakes(ties: Iterable[KnownTie], places: dict[int, Place]) -> Iterator[KnownTie]:
    return (tie for tie in ties if tie.a != tie.b and fold(places[tie.a].name) == fold(places[tie.b].name))


def _uneven(ties: Iterable[KnownTie], places: dict[int, Place]) -> Iterator[KnownTie]:
    return (tie for tie in ties if (places[tie.a].kind == "city") != (places[tie.b].kind == "city"))


def _doubles(places: dict[int, Place]) -> list[str]:
    alike: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place in places.values():
        alike[fold(place.name), fold(place.region or ""), place.country_code].append(place.id)
    groups = [sorted(ids) for ids in alike.values() if len(ids) > 1]
    return [f"{places[ids[0]].label} ({', '.join(map(str, ids))})" for ids in groups]


def _without(places: dict[int, Place], fact: str, tied: set[int]) -> list[str]:
    """The places that lack a fact; those without ties are marked, as they matter less."""
    return [
        f"{place.label} ({place.id})" + ("" if place.id in tied else ", no ties")
        for place in places.values()
        if getattr(place, fact) is None
    ]


def _label(tie: KnownTie, places: dict[int, Place]) -> str:
    text = f"{places[tie.a].label} – {places[tie.b].label}"
    return f"{text} (server {tie.guild_id})" if tie.guild_id is not None else text
