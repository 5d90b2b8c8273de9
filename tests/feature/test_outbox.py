"""What the bot says on its own account: in order, once, and never silently lost."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from bot.posting.outbox import LEASE, Outbox
from db import outbox
from db.models import OutboxRow, Story
from tests.feature.conftest import World, words

SEND = ("POST", "/channels/*/messages")


async def queue_story(world: World, title: str, channel: Any = None) -> int:
    """A story that waits to be posted; returns the id of its outbox row."""
    async with world.bot.database.write() as session:
        story = Story(
            guild_id=world.guild.id,
            identity=title,
            source="Test",
            title=title,
            link=None,
            summary="",
            picture=None,
            first_seen_at=world.bot.now(),
            announced=True,
        )
        session.add(story)
        await session.flush()
        outbox.queue(
            session,
            guild_id=world.guild.id,
            channel_id=(channel or world.stories).id,
            kind="story",
            object_id=story.id,
            dedupe_key=f"story:{story.id}",
            due_at=world.bot.now(),
            locale="en-US",
        )
        await session.flush()
        return (await session.scalars(select(OutboxRow.id).where(OutboxRow.object_id == story.id))).one()


async def row(world: World, row_id: int) -> OutboxRow:
    """An outbox row as it is now."""
    async with world.bot.database.read() as session:
        return (await session.scalars(select(OutboxRow).where(OutboxRow.id == row_id))).one()


def titles(channel: Any) -> list[str]:
    """The titles of the stories in a channel, the oldest first."""
    return [words(message).split("\n")[1].removeprefix("### ") for message in channel.history()]


async def later(world: World, by: timedelta) -> None:
    """Some time passes, and the outbox is worked off again."""
    world.clock[0] += by
    await world.bot.outbox.run_once(world.bot.now())


async def test_a_row_is_sent_with_its_own_nonce_and_completed(world: World) -> None:
    row_id = await queue_story(world, "First")
    await world.bot.outbox.run_once(world.bot.now())
    done = await row(world, row_id)
    message = world.stories.last_message
    sent = world.env.http_requests[-1].json
    assert message is not None and sent is not None
    assert (done.outcome, done.message_id, done.done_at) == ("sent", message.id, world.bot.now())
    assert (sent["nonce"], sent["enforce_nonce"]) == (str(done.nonce), True)


async def test_a_channel_gets_its_rows_in_order_even_if_the_first_fails_at_first(world: World) -> None:
    for title in ("First", "Second", "Third"):
        await queue_story(world, title)
    other = await queue_story(world, "Elsewhere", world.general)
    world.env.inject_error("POST", f"/channels/{world.stories.id}/messages", status=503)
    await world.bot.outbox.run_once(world.bot.now())
    assert (titles(world.stories), titles(world.general)) == ([], ["Elsewhere"])
    await later(world, timedelta(seconds=2))
    assert titles(world.stories) == ["First", "Second", "Third"]
    assert (await row(world, other)).outcome == "sent"


async def test_a_failed_send_is_tried_again_with_the_same_nonce_and_longer_waits(world: World) -> None:
    row_id = await queue_story(world, "First")
    world.env.inject_error(*SEND, status=503, times=3)
    waits: list[timedelta] = []
    for _ in range(3):
        await world.bot.outbox.run_once(world.bot.now())
        due = (await row(world, row_id)).due_at
        waits.append(due - world.bot.now())
        world.clock[0] = due
    await world.bot.outbox.run_once(world.bot.now())
    nonces = {request.json["nonce"] for request in world.env.http_requests if request.json and "nonce" in request.json}
    assert waits == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert (titles(world.stories), len(nonces)) == (["First"], 1)


async def test_a_closed_channel_is_given_up_after_three_tries_and_the_row_is_kept(world: World) -> None:
    row_id = await queue_story(world, "First")
    world.env.inject_error(*SEND, status=403, code=50013, message="Missing Permissions", times=None)
    for _ in range(6):
        await later(world, timedelta(minutes=10))
    parked = await row(world, row_id)
    shown = await world.mod.slash(world.general, "settings")
    assert (parked.outcome, parked.attempts, parked.message_id) == ("parked", 3, None)
    assert "Missing Permissions" in (parked.last_error or "")
    assert "⚠️ 1 post could not be delivered." in words(shown.response)


async def test_a_channel_that_is_opened_again_in_time_loses_nothing(world: World) -> None:
    row_id = await queue_story(world, "First")
    world.env.inject_error(*SEND, status=503, times=4)
    for _ in range(4):
        await later(world, timedelta(minutes=1))
    world.env.inject_error(*SEND, status=403, code=50013, message="Missing Permissions", times=2)
    for _ in range(3):
        await later(world, timedelta(minutes=10))
    assert ((await row(world, row_id)).outcome, titles(world.stories)) == ("sent", ["First"])


async def test_a_message_that_was_posted_and_deleted_since_counts_as_done(world: World) -> None:
    row_id = await queue_story(world, "First")
    world.env.inject_error(*SEND, status=404, code=10008, message="Unknown Message")
    await world.bot.outbox.run_once(world.bot.now())
    assert ((await row(world, row_id)).outcome, titles(world.stories)) == ("gone", [])


async def test_two_processes_share_the_work_and_send_nothing_twice(world: World) -> None:
    channels = [world.guild.create_text_channel(f"city-{number}") for number in range(30)]
    for number in range(60):
        await queue_story(world, f"Story {number}", channels[number % 30])
    mate = Outbox(world.bot)
    await asyncio.gather(world.bot.outbox.run_once(world.bot.now()), mate.run_once(world.bot.now()))
    assert [titles(channel) for channel in channels] == [
        [f"Story {first}", f"Story {first + 30}"] for first in range(30)
    ]
    async with world.bot.database.read() as session:
        owners = set(await session.scalars(select(OutboxRow.lease_owner)))
    assert owners == {world.bot.outbox.owner, mate.owner}


async def test_a_story_that_cannot_be_shown_does_not_hold_up_the_others_for_ever(world: World) -> None:
    bad = await queue_story(world, "Bad")
    async with world.bot.database.write() as session:
        for story in await session.scalars(select(Story)):
            story.picture = "x" * 3_000  # longer than Discord takes
    world.env.inject_error(*SEND, status=400, code=50035, message="Invalid Form Body", times=6)  # each try twice
    await queue_story(world, "Good")
    for _ in range(4):
        await later(world, timedelta(minutes=10))
    assert ((await row(world, bad)).outcome, titles(world.stories)) == ("parked", ["Good"])


async def claim(world: World, owner: str, now: datetime) -> list[int]:
    """The rows that an owner gets."""
    async with world.bot.database.write() as session:
        return [taken.id for taken in await outbox.claim(session, now, now + LEASE, owner, 8)]


async def test_a_claimed_row_is_left_alone_until_its_lease_ends(world: World) -> None:
    row_id = await queue_story(world, "First")
    start = world.bot.now()
    claims = [
        await claim(world, "dead", start),
        await claim(world, "mate", start + LEASE - timedelta(seconds=1)),
        await claim(world, "mate", start + LEASE),
    ]
    assert claims == [[row_id], [], [row_id]]


async def test_who_lost_the_lease_cannot_write_the_result(world: World) -> None:
    row_id = await queue_story(world, "First")
    await claim(world, "slow", world.bot.now())
    await claim(world, "mate", world.bot.now() + LEASE)
    async with world.bot.database.write() as session:
        assert await outbox.claimed(session, row_id, "slow", 1) is None
        assert await outbox.claimed(session, row_id, "mate", 2) is not None


async def test_leases_are_given_back_when_the_bot_ends(world: World) -> None:
    row_id = await queue_story(world, "First")
    await claim(world, world.bot.outbox.owner, world.bot.now())
    await world.bot.outbox.release()
    released = await row(world, row_id)
    assert (released.lease_until, released.lease_owner, released.done_at) == (None, None, None)


async def test_a_story_that_is_gone_is_not_posted(world: World) -> None:
    row_id = await queue_story(world, "First")
    async with world.bot.database.write() as session:
        for story in await session.scalars(select(Story)):
            await session.delete(story)
    await world.bot.outbox.run_once(world.bot.now())
    assert ((await row(world, row_id)).outcome, titles(world.stories)) == ("gone", [])


async def test_while_nothing_may_be_asked_of_discord_rows_wait_and_that_is_no_attempt(world: World) -> None:
    row_id = await queue_story(world, "First")
    world.bot.rest_gate.pause(600)
    due = await world.bot.outbox.run_once(world.bot.now())
    waiting = await row(world, row_id)
    assert (waiting.attempts, waiting.first_tried_at, waiting.lease_until) == (0, None, None)
    assert due is not None and timedelta(seconds=590) < due - world.bot.now() <= timedelta(seconds=600)


async def test_when_a_row_was_first_tried_is_remembered_over_its_tries(world: World) -> None:
    row_id = await queue_story(world, "First")
    world.env.inject_error(*SEND, status=503, times=2)
    start = world.bot.now()
    for _ in range(3):
        await later(world, timedelta(minutes=1))
    tried = await row(world, row_id)
    assert (tried.outcome, tried.attempts, tried.first_tried_at) == ("sent", 3, start + timedelta(minutes=1))


async def test_who_claimed_a_row_anew_is_not_disturbed_by_the_end_of_the_old_try(world: World) -> None:
    row_id = await queue_story(world, "First")
    for moment in (world.bot.now(), world.bot.now() + LEASE):
        await claim(world, "same", moment)
    async with world.bot.database.write() as session:
        assert await outbox.claimed(session, row_id, "same", 1) is None
        assert await outbox.claimed(session, row_id, "same", 2) is not None


async def test_stories_do_not_wait_for_the_crosspost_of_an_earlier_one(world: World) -> None:
    async with world.bot.database.write() as session:
        for number in range(2):
            outbox.queue(
                session, guild_id=world.guild.id, channel_id=world.stories.id, kind="crosspost", object_id=999,
                dedupe_key=f"crosspost:{number}", due_at=world.bot.now(), locale="en-US",
            )  # fmt: skip
    story = await queue_story(world, "First")
    await queue_story(world, "Second")
    async with world.bot.database.write() as session:
        claimed = await outbox.claim(session, world.bot.now(), world.bot.now() + LEASE, "me", 8)
        assert [(taken.kind, taken.id == story) for taken in claimed] == [("crosspost", False), ("story", True)]


async def test_a_lease_counts_from_the_claim_and_not_from_the_wait_before_it(world: World) -> None:
    row_id = await queue_story(world, "First")
    async with world.bot.database.write():  # others write, and on SQLite the claim waits for them
        work = asyncio.create_task(world.bot.outbox.run_once(world.bot.now()))
        await asyncio.sleep(0.1)
        world.clock[0] += timedelta(seconds=100)
    await work
    sent = await row(world, row_id)
    assert sent.first_tried_at is not None
    assert sent.lease_until == sent.first_tried_at + LEASE
    if world.bot.database.is_sqlite:
        assert sent.lease_until == world.bot.now() + LEASE


async def test_an_outcome_that_cannot_be_written_down_holds_up_no_other(world: World) -> None:
    channels = [world.guild.create_text_channel(f"city-{number}") for number in range(4)]
    ids = [await queue_story(world, f"Story {number}", channel) for number, channel in enumerate(channels)]
    async with world.bot.database.write() as session:  # of the first two only one can be sent
        await session.execute(text(f"CREATE UNIQUE INDEX spoilt ON outbox (outcome) WHERE id IN ({ids[0]}, {ids[1]})"))
    await world.bot.outbox.run_once(world.bot.now())
    outcomes = [(await row(world, one)).outcome for one in ids]
    assert (sorted(outcomes[:2], key=str), outcomes[2:]) == ([None, "sent"], ["sent", "sent"])
    async with world.bot.database.write() as session:
        await session.execute(text("DROP INDEX spoilt"))
    await later(world, LEASE)
    assert [(await row(world, one)).outcome for one in ids] == ["sent"] * 4
    assert [titles(channel) for channel in channels] == [[f"Story {number}"] for number in range(4)]


async def test_a_request_that_discord_cannot_read_is_no_error_that_passes(world: World) -> None:
    world.env.inject_error(*SEND, status=400, code=0, message="400: Bad Request", times=3)
    bad, good = await queue_story(world, "Bad"), await queue_story(world, "Good")
    for _ in range(4):
        await later(world, timedelta(minutes=10))
    assert [(await row(world, one)).outcome for one in (bad, good)] == ["parked", "sent"]
