"""What a server says of its ties itself: adding, correcting, ending, taking back. There, and only there, it wins."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput, NotFound
from bot.guilds import load_server
from bot.lookup.cities import NoSuchCity, find_place, place_of
from bot.lookup.places import Place
from bot.lookup.search import LONGEST_QUERY, CityIndex
from bot.members import Member, require_moderator
from bot.ties.facts import Facts, Said, added, edited, ended
from db import cities, models
from db import ties as queries
from db.database import Database
from db.names import fold

logger = logging.getLogger(__name__)

Decide = Callable[
    [Facts | None, Facts | None], Facts | None
]  # the server's own word, everybody's → the tie from now on


@dataclass(frozen=True, slots=True)
class Ends:
    """The two cities that were picked (`id:…`) or typed."""

    city: str
    partner: str


@dataclass(frozen=True, slots=True)
class ChangedTie:
    """A tie as it stands in a server after a change; `facts` is None if nobody names it any more."""

    city: Place
    partner: Place
    action: str
    facts: Facts | None
    change_id: int


@dataclass(frozen=True, slots=True)
class Scene:
    """Where something is done, by whom, and when (aware UTC)."""

    guild_id: int
    member: Member
    now: datetime


async def add_tie(database: Database, index: CityIndex, scene: Scene, ends: Ends, said: Said) -> ChangedTie:
    """Name a tie that is not listed yet. Raises BadInput if it is."""

    def decide(own: Facts | None, shared: Facts | None) -> Facts:
        if own or shared:
            raise BadInput(
                "These two are listed as partners already. Correct what is said of them with `/city tie edit`."
            )
        return added(said, scene.now)

    return await _change(database, index, scene, ends, "add", decide)


async def edit_tie(database: Database, index: CityIndex, scene: Scene, ends: Ends, said: Said) -> ChangedTie:
    """Correct what is said of a tie; what is not given stays."""

    def decide(own: Facts | None, shared: Facts | None) -> Facts:
        return edited(_known(own or shared), said, scene.now)

    return await _change(database, index, scene, ends, "edit", decide)


async def end_tie(database: Database, index: CityIndex, scene: Scene, ends: Ends, said: Said) -> ChangedTie:
    """Say that a tie is over, or rests."""

    def decide(own: Facts | None, shared: Facts | None) -> Facts:
        return ended(_known(own or shared), said, scene.now)

    return await _change(database, index, scene, ends, "end", decide)


async def withdraw_tie(database: Database, index: CityIndex, scene: Scene, ends: Ends) -> ChangedTie:
    """Take back what the server said itself, so that what all servers see counts again."""

    def decide(own: Facts | None, shared: Facts | None) -> Facts | None:
        if own is None:
            raise nothing_to_take_back()
        return shared

    return await _change(database, index, scene, ends, "withdraw", decide)


async def partners_of(database: Database, guild_id: int, place_id: int, typed: str = "") -> list[Place]:
    """The places that a place is tied to in this server and whose label holds what was typed so far, by name."""
    async with database.read() as session:
        found = [place_of(partner) for _, partner in await cities.partners(session, place_id, guild_id)]
    return sorted((place for place in found if fold(typed) in fold(place.label)), key=lambda place: fold(place.label))


async def known_place(session: AsyncSession, index: CityIndex, guild_id: int, text: str) -> Place:
    """The place that was picked (`id:…`) or typed. Raises BadInput or NotFound if the list does not have it."""
    place = find_place(index, text, await cities.home_and_partners(session, guild_id))
    if isinstance(place, NoSuchCity):
        raise BadInput(
            "I don't know a city called “{name}”. Type its first letters and pick it from the list; if it is missing "
            "there, the people who run this bot can add it.",
            name=place.query[:LONGEST_QUERY],
        )
    return place


def facts_of(row: models.Partnership | models.TieChange) -> Facts:
    """What a row says of a tie."""
    return Facts(row.kind, row.state, row.confidence, row.signed, row.as_of, row.sources, row.notes)


async def _change(
    database: Database, index: CityIndex, scene: Scene, ends: Ends, action: str, decide: Decide
) -> ChangedTie:
    async with database.write() as session:
        await require_right(session, scene)
        city = await known_place(session, index, scene.guild_id, ends.city)
        partner = await known_place(session, index, scene.guild_id, ends.partner)
        if city.id == partner.id:
            raise BadInput("A city cannot be its own partner. Pick two different cities.")
        await queries.lock_pair(session, pair_of(city, partner))
        return await record(session, scene, (city, partner), action, decide)


async def record(
    session: AsyncSession, scene: Scene, ends: tuple[Place, Place], action: str, decide: Decide
) -> ChangedTie:
    """Decide, write the server's own row and the line of its history. The pair must be locked."""
    pair = pair_of(*ends)
    own = await queries.tie(session, pair, scene.guild_id)
    shared = await queries.tie(session, pair, None)
    before = facts_of(own) if own else None
    after = decide(before, facts_of(shared) if shared else None)
    kept = after or (before.unnamed() if before else None)
    if kept is None:
        raise nothing_to_take_back()
    of_server = {"guild_id": scene.guild_id, "place_a_id": pair[0], "place_b_id": pair[1]}
    if own is not None:
        await session.delete(own)
        await session.flush()  # the new row takes the old one's place
    if action != "withdraw":
        session.add(models.Partnership(**of_server, **kept.columns(), origin="moderator"))
    who = {"changed_by_user_id": scene.member.id, "changed_at": scene.now}
    change = models.TieChange(**of_server, **kept.columns(), action=action, **who)
    session.add(change)
    await session.flush()
    logger.info("guild %s: %s of tie %s-%s by %s", scene.guild_id, action, *pair, scene.member.id)
    return ChangedTie(*ends, action, after, change.id)


async def require_right(session: AsyncSession, scene: Scene) -> None:
    """Raise NotAllowed unless the member is a moderator of the server."""
    server = await load_server(session, scene.guild_id)
    require_moderator(scene.member, server.moderator_role_id)


def nothing_to_take_back() -> NotFound:
    """The error where a server's own word is asked for and there is none."""
    return NotFound("This server has said nothing of its own about these two, so there is nothing to take back.")


def _known(facts: Facts | None) -> Facts:
    if facts is None:
        raise NotFound("These two are not listed as partners. Add them with `/city tie add`.")
    return facts


def pair_of(a: Place, b: Place) -> queries.Pair:
    """The ids of two places, the smaller first."""
    return (a.id, b.id) if a.id < b.id else (b.id, a.id)
