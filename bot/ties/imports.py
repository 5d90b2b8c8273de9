"""Corrections for all servers: ties out to a file and in from one, wholly or not at all."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import BadInput
from bot.lookup.places import Place
from bot.ties.corrections import facts_of, pair_of
from bot.ties.facts import CONFIDENCES, KINDS, STATES, Facts, in_order, iso_date
from bot.ties.files import BadFile, Fault, Line, read_lines, written
from bot.ties.places import End, Places, Wrong
from db import cities
from db import ties as queries
from db.database import Database
from db.names import fold
from db.seeding import shipped_ties

SOURCE = re.compile(r"page|[a-z]+:[a-z0-9-]+")  # pages of its notes, or a code and a year
LONGEST_SOURCES = 200
END = ("region", "country", "place_id", "latitude", "longitude", "timezone")


@dataclass(frozen=True, slots=True)
class Tie:
    """What all servers see of a pair, and whether the seed says so or an operator ("moderator")."""

    facts: Facts
    origin: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file changes."""

    places: tuple[Place, ...]
    new: dict[queries.Pair, Facts]
    changed: dict[queries.Pair, Facts]
    removed: tuple[queries.Pair, ...]
    unchanged: int

    @property
    def writes(self) -> bool:
        """Whether anything is different afterwards."""
        return bool(self.new or self.changed or self.removed)

    def __str__(self) -> str:
        counts = {"new": len(self.new), "changed": len(self.changed), "removed": len(self.removed)}
        text = ", ".join(f"{count:,} {word}" for word, count in (counts | {"unchanged": self.unchanged}).items())
        return text + (f"; new places: {', '.join(place.label for place in self.places)}" if self.places else "")


async def export_ties(database: Database, guild_id: int | None = None, corrections: bool = False) -> str:
    """The ties that all servers see, or a server's own, as CSV; with `corrections` only what the seed does not say."""
    async with database.read() as session:
        places = {place.id: place for place in (Place(*row) for row in await cities.place_rows(session))}
        ties = await queries.ties(session, guild_id, corrections=corrections)
    return written(_row(places[tie.place_a_id], places[tie.place_b_id], facts_of(tie)) for tie in ties)


async def import_ties(database: Database, content: bytes, now: datetime, *, dry_run: bool = False) -> Plan:
    """Take a file in, in one transaction; with `dry_run` only say what it would change. Raises BadFile."""
    lines, faults = read_lines(content)
    async with database.write() as session:
        await database.lock_for_start(session)  # no other import, and no process that loads a new seed
        keys = (fold(line.cells[name]) for line in lines for name in ("city", "partner"))
        names = await queries.names_called(session, keys)
        places = Places([Place(*row) for row in await cities.place_rows(session)], names)
        known = {
            (tie.place_a_id, tie.place_b_id): Tie(facts_of(tie), tie.origin)
            for tie in await queries.ties(session, None)
        }
        plan = decide(lines, faults, places, known, now)
        if not dry_run:
            await queries.add_places(session, [_place_row(place) for place in plan.places])
            await queries.put_shared(session, [_tie_row(*tie) for tie in (plan.new | plan.changed).items()])
            await queries.drop_shared(session, plan.removed)
            shipped = {(row["place_a_id"], row["place_b_id"]): row for row in shipped_ties()} if plan.removed else {}
            await queries.put_shared(session, [shipped[pair] for pair in plan.removed if pair in shipped])
    return plan


def decide(
    lines: Iterable[Line],
    faults: Iterable[Fault],
    places: Places,
    known: Mapping[queries.Pair, Tie],
    now: datetime,
) -> Plan:
    """What the lines change of what is known; raises BadFile with the faults of all lines if there is any."""
    found, said, removed = list(faults), dict[queries.Pair, Facts](), list[queries.Pair]()
    first: dict[queries.Pair, int] = {}
    for line in lines:
        try:
            pair, facts = _checked(line, places, now)
            if pair in first:
                raise Wrong(f"the same two cities as on line {first[pair]}.")
            first[pair] = line.number
            if facts is None:
                removed.append(_removable(pair, known))
            else:
                said[pair] = facts
        except Wrong as wrong:
            found += [Fault(line.number, sentence) for sentence in wrong.sentences]
    if found:
        raise BadFile(found)
    new = {pair: facts for pair, facts in said.items() if pair not in known}
    changed = {pair: facts for pair, facts in said.items() if pair in known and known[pair].facts != facts}
    unchanged = len(said) - len(new) - len(changed)
    return Plan(tuple(places.added), new, changed, tuple(removed), unchanged)


def _checked(line: Line, places: Places, now: datetime) -> tuple[queries.Pair, Facts | None]:
    """The pair and what the line says of it, None if it takes the operators' word back. Raises Wrong."""
    wrong: list[str] = []
    ends: list[Place] = []
    for end in (_end(line, "city", ""), _end(line, "partner", "partner_")):
        try:
            ends.append(places.find(end))
        except Wrong as fault:
            wrong += fault.sentences
    if len(ends) == 2 and ends[0].id == ends[1].id:
        wrong.append(f"{ends[0].label} cannot be its own partner.")
    facts = None
    try:
        facts = None if _removes(line) else _facts(line, now)
    except Wrong as fault:
        wrong += fault.sentences
    if wrong:
        raise Wrong(*wrong)
    return pair_of(*ends), facts


def _end(line: Line, name: str, prefix: str) -> End:
    return End(line.cells[name], *(line.cells[prefix + column] for column in END))


def _removes(line: Line) -> bool:
    word = line.cells["remove"].casefold()
    if word not in ("", "no", "yes"):
        raise Wrong(f"“{line.cells['remove']}” under remove: give yes, or leave it empty.")
    return word == "yes"


def _removable(pair: queries.Pair, known: Mapping[queries.Pair, Tie]) -> queries.Pair:
    if pair not in known:
        raise Wrong("there is no such tie to remove.")
    if known[pair].origin == "seed":
        raise Wrong(
            "this tie comes with the bot and would come back. Give it the state ended, "
            "and say in notes why it is wrong."
        )
    return pair


def _facts(line: Line, now: datetime) -> Facts:
    """What a line says of its tie, empty cells filled with what is then meant. Raises Wrong with all that is wrong."""
    cells, wrong = line.cells, list[str]()
    chosen = {"kind": KINDS, "state": STATES, "confidence": CONFIDENCES}
    words = {name: cells[name].casefold() or {"confidence": "confirmed"}.get(name, "unknown") for name in chosen}
    wrong += [
        f"“{cells[name]}” under {name}: give {', '.join(allowed[:-1])} or {allowed[-1]}."
        for name, allowed in chosen.items()
        if words[name] not in allowed
    ]
    dates: dict[str, str | None] = {"signed": None, "as_of": None}
    for name in dates:
        try:
            dates[name] = iso_date(cells[name], now) if cells[name] else None
        except BadInput as error:
            wrong.append(f"{name}: {error}")
    # What a server's moderators said becomes the operators' word when they carry it to all.
    sources = re.sub(r"\bmoderator:", "operator:", cells["sources"]) or f"operator:{now.year}"
    if len(sources) > LONGEST_SOURCES or not all(map(SOURCE.fullmatch, sources.split())):
        wrong.append(f"“{cells['sources']}” under sources: give codes with a year, such as wikipedia:2026.")
    if wrong:
        raise Wrong(*wrong)
    known = words["kind"], words["state"], words["confidence"], dates["signed"], dates["as_of"]
    try:
        return in_order(Facts(*known, " ".join(sources.split()), cells["notes"]))
    except BadInput as error:
        raise Wrong(str(error)) from None


def _row(a: Place, b: Place, facts: Facts) -> dict[str, str | None]:
    """A tie as a row of a file; the end in the United States stands first, as in the seed."""
    city, partner = sorted((a, b), key=lambda place: (place.country_code != "US", place.id))
    ends = (("city", "", city), ("partner", "partner_", partner))
    row: dict[str, str | None] = {name: place.name for name, _, place in ends}
    for _, prefix, place in ends:
        row |= {f"{prefix}region": place.region, f"{prefix}country": place.country_code}
        row[f"{prefix}place_id"] = str(place.id)
    return row | facts.columns()


def _place_row(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "geoname_id": None,
        "name": place.name,
        "kind": place.kind,
        "region": place.region,
        "country_code": place.country_code,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "population": None,
        "timezone": place.timezone,
        "origin": "moderator",
    }


def _tie_row(pair: queries.Pair, facts: Facts) -> dict[str, Any]:
    return {"guild_id": None, "place_a_id": pair[0], "place_b_id": pair[1], **facts.columns(), "origin": "moderator"}
