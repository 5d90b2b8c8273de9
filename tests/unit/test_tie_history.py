"""What a server changed of ties, however much it was."""

from datetime import datetime

from bot.lookup.search import CityIndex
from bot.members import Member
from bot.ties.corrections import Ends, Scene, edit_tie
from bot.ties.facts import Said
from bot.ties.history import MOST_CHANGES, tie_history
from db.database import Database

BIRMINGHAM, HITACHI, PLZEN = "id:4049979", "id:2112708", "id:3068160"
GUILD = 2**62


async def test_a_change_is_told_from_what_was_said_before_it_though_that_is_too_old_to_be_shown(
    database: Database, index: CityIndex, now: datetime
) -> None:
    scene = Scene(GUILD, Member(1, "Mod", manages_server=True), now)

    async def edit(partner: str, kind: str) -> None:
        await edit_tie(database, index, scene, Ends(BIRMINGHAM, partner), Said(kind=kind))

    await edit(HITACHI, "partner")
    for number in range(MOST_CHANGES):
        await edit(PLZEN, ("pact", "friendship")[number % 2])
    await edit(HITACHI, "pact")
    history = await tie_history(database, index, GUILD, BIRMINGHAM, None)
    newest = history.changes[0]

    assert (history.more, newest.partner.name) == (True, "Hitachi")
    assert newest.before and (newest.before.kind, newest.after and newest.after.kind) == ("partner", "pact")
