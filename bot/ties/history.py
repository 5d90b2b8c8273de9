"""What a server's moderators changed of ties: reading it, and undoing the last change."""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import BadInput, NotFound
from bot.lookup.cities import place_of
from bot.lookup.places import Place
from bot.lookup.search import CityIndex
from bot.ties.corrections import ChangedTie, Scene, facts_of, known_place, record, require_right
from bot.ties.facts import Facts
from db import ties as queries
from db.database import Database

MOST_CHANGES = 100  # that a history shows; the older ones stay in the database


@dataclass(frozen=True, slots=True)
class Change:
    """One change in a history: the tie before and after it (None: not named), who made it, and when (aware UTC)."""

    city: Place
    partner: Place
    action: str
    before: Facts | None
    after: Facts | None
    user_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TieHistory:
    """What a server changed of a city's ties, or of one pair if `partner` is given; the newest first.

    `more` if there are older changes than these.
    """

    city: Place
    partner: Place | None
    changes: tuple[Change, ...]
    more: bool = False


async def tie_history(
    database: Database, index: CityIndex, guild_id: int, city: str, partner: str | None
) -> TieHistory:
    """What this server changed of a city's ties, or of one pair; everybody may see it."""
    async with database.read() as session:
        place = await known_place(session, index, guild_id, city)
        other = await known_place(session, index, guild_id, partner) if partner else None
        rows = await queries.changes(session, guild_id, place.id, other.id if other else None, MOST_CHANGES + 1)
        shared = await queries.shared_ties(session, place.id)
        older = await queries.changes_before(session, guild_id, place.id, rows[-1][0].id) if rows else ()
    last = {(tie.place_a_id, tie.place_b_id): facts_of(tie) for tie in shared}
    last |= {(change.place_a_id, change.place_b_id): facts_of(change) for change in older}
    changes: list[Change] = []
    for row, a, b in reversed(rows):
        pair, after = (row.place_a_id, row.place_b_id), facts_of(row)
        before = None if row.action == "add" else last.get(pair)
        last[pair] = after
        ends = (place_of(a), place_of(b)) if a.id == place.id else (place_of(b), place_of(a))
        changes.append(
            Change(*ends, row.action, before and before.or_none, after.or_none, row.changed_by_user_id, row.changed_at)
        )
    changes.reverse()
    return TieHistory(place, other, tuple(changes[:MOST_CHANGES]), len(changes) > MOST_CHANGES)


async def undo_change(database: Database, scene: Scene, change_id: int, first: int | None = None) -> ChangedTie:
    """Put a tie back as it was before its last change; the undoing is a change like any other.

    `first` is the id of the place to name first.
    """
    async with database.write() as session:
        await require_right(session, scene)
        change = await queries.change(session, scene.guild_id, change_id)
        if change is None:
            raise NotFound("That change is not in this server's history. See `/city tie history`.")
        pair = (change.place_a_id, change.place_b_id)
        await queries.lock_pair(session, pair)
        newest = await queries.newest_changes(session, scene.guild_id, pair, 2)
        if newest[0].id != change_id:
            raise BadInput("This tie was changed again since. See `/city tie history`.")
        a, b = await queries.places(session, pair)
        if a is None or b is None:
            raise NotFound("That city is no longer in my list. Please search for it again by its name.")
        before = facts_of(newest[1]) if newest[1:] and newest[1].action != "withdraw" else None
        action = "edit" if before else "withdraw"
        ends = (place_of(b), place_of(a)) if first == b.id else (place_of(a), place_of(b))
        return await record(session, scene, ends, action, lambda _, shared: before or shared)
