"""Cards of events over the real client: how often they are edited, and what becomes of one that was deleted."""

import asyncio
import math
import time

from bot.events.answers import REFRESH_AFTER
from tests.wire.bot_process import in_database, running
from tests.wire.conftest import World
from tests.wire.payloads import Payload
from tests.wire.people import Person, words
from tests.wire.requests import Request

PRESSES, SECONDS = 30, 3.0


async def announced(world: World) -> Payload:
    """The card of an event that the moderator published."""
    chosen = {"home_city": "id:4049979", "events_channel": world.events, "stories_channel": world.stories}
    await world.mod.slash("setup", chosen)
    form = await world.mod.slash("event create")
    preview = await world.mod.submit(form, {"title": "Garden walk", "when": "7pm next Friday"})
    await world.mod.press(preview.message, "Publish")
    # Not before the bot has written down which message it is can it know that one was deleted.
    known = "SELECT count(*) FROM card_copies"
    await world.discord.until(lambda: in_database(world.database_url, known) == [(1,)])
    (card,) = world.discord.messages(world.events)
    return card


def edits(world: World, card: Payload) -> list[Request]:
    """The edits of a card that were no answers to a press."""
    path = f"/channels/{card['channel_id']}/messages/{card['id']}"
    return [request for request in world.discord.requests if (request.method, request.path) == ("PATCH", path)]


def notices(world: World) -> list[tuple[object, ...]]:
    """The keys of the notices to moderators, sent or not."""
    return in_database(world.database_url, "SELECT dedupe_key FROM outbox WHERE kind = 'notice'")


async def test_a_burst_of_presses_is_few_edits_and_the_last_shows_everybody(world: World) -> None:
    people = [Person(world.discord, f"Guest {number}", 1300000000000000000 + number) for number in range(PRESSES)]
    async with running(world.discord, world.database_url):
        card = await announced(world)
        began = time.monotonic()
        for number, person in enumerate(people):
            await asyncio.sleep(began + number * SECONDS / PRESSES - time.monotonic())
            await person.press(card, "Going")
        burst = time.monotonic() - began
        most = math.ceil(burst / REFRESH_AFTER.total_seconds()) + 1
        await asyncio.sleep(2 * REFRESH_AFTER.total_seconds() + 1)
        made = edits(world, card)
        assert 1 <= len(made) <= most
        assert f"Going {PRESSES}" in words({"content": "", **made[-1].body})
        assert f"Going {PRESSES}" in world.posted(world.events)[0]
        assert [edit for edit in made if "attachments" in edit.body] == []


async def test_a_card_that_was_deleted_unheard_is_one_notice_after_the_edit_that_misses_it(world: World) -> None:
    async with running(world.discord, world.database_url):
        card = await announced(world)
        await world.ada.press(card, "Going")
        await world.discord.delete(card, tell=False)
        await world.discord.until(lambda: notices(world))
        assert notices(world) == [(f"card_gone:1:{card['id']}",)]
        assert in_database(world.database_url, "SELECT count(*) FROM card_copies") == [(0,)]
        assert len(edits(world, card)) == 1


async def test_a_card_that_is_deleted_is_one_notice_at_once(world: World) -> None:
    async with running(world.discord, world.database_url):
        card = await announced(world)
        await world.discord.delete(card)
        await world.discord.until(lambda: notices(world), timeout=2)
        assert notices(world) == [(f"card_gone:1:{card['id']}",)]
        assert edits(world, card) == []


async def test_an_edit_that_discord_has_wait_is_made_afterwards(world: World) -> None:
    async with running(world.discord, world.database_url):
        card = await announced(world)
        slowed = world.discord.misbehave(f"PATCH */messages/{card['id']}", "429")
        await world.ada.press(card, "Going")
        await world.discord.until(lambda: slowed.struck)
        await world.discord.until(lambda: len(edits(world, card)) == 2)
        refused, made = edits(world, card)
        assert refused == made
        assert "Ada" in words({"content": "", **made.body})
