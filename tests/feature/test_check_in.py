"""Checking in: organisers show a code, guests type it in at the event."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import discord
import pytest
import simcord

from bot.events.check_in import CheckedIn, check_in
from bot.members import Member
from db import answers
from tests.feature.announcing import (
    EVENT_GONE,
    NOT_ALLOWED,
    announced,
    another_server,
    card_in,
    forged,
    forged_form,
    full_event,
    joined,
    only_text,
)
from tests.feature.conftest import World, words

START = datetime(2026, 12, 6, 1, tzinfo=UTC)
END = START + timedelta(hours=2)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WRONG = "That is not the code of this event. It has 6 letters and digits; look again, or ask an organiser."
TOO_OFTEN = "That were too many wrong codes. Try again <t:{}:R>, or ask an organiser to tick you off."


async def code_of(world: World, event_id: int = 1) -> str:
    """The code as the moderator sees it."""
    result = await world.mod.slash(world.general, "event checkin", event=f"id:{event_id}")
    assert result.response is not None and result.response.ephemeral
    return shown_code(words(result.response))


def shown_code(text: str) -> str:
    [code] = re.findall(r"^# ([C-Y3-9]{3} [C-Y3-9]{3})$", text, re.MULTILINE)
    return str(code)


async def typed(world: World, actor: simcord.MemberActor, card: discord.Message, code: str) -> str:
    """What a member is told who presses the button and types a code."""
    form = await forged(actor, card, "event-check-in:1")
    return only_text(await actor.submit_modal(form, {"code": code}))


async def who_came(world: World, event_id: int = 1) -> dict[str, tuple[str, datetime | None]]:
    """Name → how they stand and when they checked in."""
    async with world.bot.database.read() as session:
        rows = await answers.answers(session, event_id)
        return {row.display_name: (row.standing, row.checked_in_at) for row in rows}


async def test_whoever_types_the_code_has_come(world: World) -> None:
    await full_event(world)
    world.clock[0] = START
    await world.deliver()
    assert "[Check in]" not in words(card_in(world.events))
    code = await code_of(world)
    world.clock[0] += MINUTE
    await world.deliver()
    form = await world.alice.click(card_in(world.events), label="Check in")
    assert only_text(await world.alice.submit_modal(form, {"code": code})) == (
        "✅ You are checked in to **Cherry blossom evening** since <t:1796518860:t>."
    )
    assert await who_came(world) == {
        "Alice": ("going", START + MINUTE),
        "Bob": ("going", None),
        "Chiyo": ("waiting", None),
        "Dana": ("waiting", None),
    }


async def test_the_code_is_private_stable_and_counts_who_is_here(world: World) -> None:
    card, _ = await full_event(world)
    world.clock[0] = START
    first = await world.mod.slash(world.general, "event checkin", event="id:1")
    assert first.response is not None
    code = shown_code(words(first.response))
    assert words(first.response) == (
        f"### Cherry blossom evening\n# {code}\n"
        "Show or say this code where the event takes place. Whoever is there presses *Check in* on the event's card "
        "and types it in. It works from <t:1796515200:f> to <t:1796547600:f>.\n"
        "✅ Here 0 · Going 2\n[Attendees]\n[Make a new code]"
    )
    await typed(world, world.alice, card, code)
    again = await forged(world.mod, card, "event-check-in-code:1")
    assert again.response is not None and again.response.ephemeral
    assert words(again.response) == words(first.response).replace("Here 0", "Here 1")


@pytest.mark.parametrize(
    "write", [str.lower, lambda code: code.replace(" ", ""), lambda code: f" {code.replace(' ', '-')} "]
)
async def test_case_spaces_and_dashes_do_not_matter(world: World, write: Callable[[str], str]) -> None:
    card = await announced(world)
    world.clock[0] = START
    assert "You are checked in" in await typed(world, world.alice, card, write(await code_of(world)))


async def test_a_new_code_ends_the_old_one(world: World) -> None:
    card = await announced(world)
    world.clock[0] = START
    panel = await world.mod.slash(world.general, "event checkin", event="id:1")
    assert panel.response is not None
    old = shown_code(words(panel.response))
    await world.mod.click(panel.response, label="Make a new code")
    new = await code_of(world)
    assert new != old
    assert await typed(world, world.alice, card, old) == WRONG
    assert "You are checked in" in await typed(world, world.alice, card, new)


async def test_five_wrong_codes_in_ten_minutes_are_enough(world: World) -> None:
    card = await announced(world)
    await world.alice.click(card, label="Going")
    world.clock[0] = START
    code = await code_of(world)
    assert [await typed(world, world.alice, card, "CCC CCC") for _ in range(5)] == [WRONG] * 5
    wait = TOO_OFTEN.format(int((START + 10 * MINUTE).timestamp()))
    assert await typed(world, world.alice, card, "CCC CCC") == wait
    assert await typed(world, world.alice, card, code) == wait  # not even the right one
    assert "You are checked in" in await typed(world, world.bob, card, code)  # everybody has tries of their own
    world.clock[0] = START + 10 * MINUTE
    assert "You are checked in" in await typed(world, world.alice, card, code)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (START - HOUR - MINUTE, "Check-in opens <t:1796515200:f>. Come back then."),
        (END + 6 * HOUR, "Check-in is over. If you were there, ask an organiser to tick you off."),
    ],
)
async def test_the_code_works_only_around_the_event(world: World, moment: datetime, told: str) -> None:
    card = await announced(world)
    code = await code_of(world)
    world.clock[0] = START
    form = await forged(world.alice, card, "event-check-in:1")
    world.clock[0] = moment
    assert only_text(await forged(world.alice, card, "event-check-in:1")) == told
    assert only_text(await world.alice.submit_modal(form, {"code": code})) == told
    assert await who_came(world) == {}


@pytest.mark.parametrize("moment", [START - HOUR, END + 6 * HOUR - MINUTE])
async def test_it_works_from_the_first_to_the_last_minute(world: World, moment: datetime) -> None:
    card = await announced(world)
    code = await code_of(world)
    world.clock[0] = moment
    assert "You are checked in" in await typed(world, world.alice, card, code)


async def test_without_a_code_nobody_types_one_in_vain(world: World) -> None:
    card = await announced(world)
    world.clock[0] = START
    assert only_text(await forged(world.alice, card, "event-check-in:1")) == (
        "The organisers have not made a code yet. Ask them for it, then press the button again."
    )


async def test_who_did_not_answer_is_let_in_without_a_seat(world: World) -> None:
    card, _ = await full_event(world)
    world.clock[0] = START
    [erin] = joined(world, "Erin")
    code = await code_of(world)
    world.clock[0] += MINUTE
    await world.deliver()
    assert "Erin" not in words(world.events.last_message)
    assert await typed(world, erin, card, code) == (
        "✅ You are checked in to **Cherry blossom evening** since <t:1796518860:t>.\n"
        "-# You had not answered, so you stand under *Maybe*."
    )
    assert (await who_came(world))["Erin"] == ("maybe", START + MINUTE)
    world.clock[0] += MINUTE
    await world.deliver()
    shown = words(world.events.last_message)
    assert "Going 2" in shown and "Erin" in shown


async def test_who_waited_or_said_no_is_counted_and_keeps_their_answer(world: World) -> None:
    card, members = await full_event(world)
    await world.bob.click(card, label="Can't go")
    world.clock[0] = START
    code = await code_of(world)
    for member in (world.bob, members[3]):
        assert "You are checked in" in await typed(world, member, card, code)
    came = await who_came(world)
    assert (came["Bob"], came["Dana"]) == (("no", START), ("waiting", START))


async def test_checking_in_twice_keeps_the_first_time(world: World) -> None:
    card = await announced(world)
    await world.alice.click(card, label="Going")
    world.clock[0] = START
    code = await code_of(world)
    first = await typed(world, world.alice, card, code)
    world.clock[0] = START + 5 * MINUTE
    assert await typed(world, world.alice, card, code) == first
    assert await who_came(world) == {"Alice": ("going", START)}


async def test_a_cancelled_event_checks_nobody_in(world: World) -> None:
    card = await announced(world)
    code = await code_of(world)
    await world.mod.slash(world.general, "event cancel", event="id:1")
    world.clock[0] = START
    told = "This event was cancelled, so nobody checks in."
    assert only_text(await forged(world.alice, card, "event-check-in:1")) == told
    assert only_text(await forged_form(world.alice, world.general, "event-check-in:1:00000000", code=code)) == told
    assert only_text(await world.mod.slash(world.general, "event checkin", event="id:1")) == told


@pytest.mark.parametrize("custom_id", ["event-check-in-code:1", "event-check-in-anew:1"])
async def test_the_code_is_for_organisers(world: World, custom_id: str) -> None:
    card = await announced(world)
    code = await code_of(world)
    assert only_text(await forged(world.alice, card, custom_id)) == NOT_ALLOWED
    assert only_text(await world.alice.slash(world.general, "event checkin", event="id:1")) == NOT_ALLOWED
    assert await code_of(world) == code


@pytest.mark.parametrize("custom_id", ["event-check-in-code:1", "event-check-in-anew:1", "event-check-in:1"])
async def test_another_servers_event_is_not_there(world: World, custom_id: str) -> None:
    await announced(world)
    code = await code_of(world)
    there = await another_server(world)
    elsewhere = await there.mod.slash(there.general, "event list")
    world.clock[0] = START
    assert elsewhere.response is not None
    assert only_text(await forged(there.mod, elsewhere.response, custom_id)) == EVENT_GONE
    assert only_text(await there.mod.slash(there.general, "event checkin", event="id:1")) == EVENT_GONE
    form = await forged_form(there.alice, there.general, "event-check-in:1:00000000", code=code)
    assert only_text(form) == EVENT_GONE
    assert await code_of(world) == code
    assert await who_came(world) == {}


async def test_guessing_many_codes_at_the_same_moment_is_no_way_around_the_limit(world: World) -> None:
    await announced(world)
    world.clock[0] = START
    await code_of(world)
    guesser = Member(world.alice.id, "Alice")
    guesses = [
        check_in(world.bot.database, world.bot.check_in_tries, world.guild.id, 1, guesser, f"CCCC{number}", START)
        for number in range(33, 45)
    ]
    told = [str(error) for error in await asyncio.gather(*guesses, return_exceptions=True)]
    assert (told.count(WRONG), told.count(TOO_OFTEN.format(int((START + 10 * MINUTE).timestamp())))) == (5, 7)


async def test_a_crowd_without_answers_comes_in_at_once(world: World) -> None:
    await full_event(world)
    world.clock[0] = START
    code = await code_of(world)
    crowd = [Member(1_000 + number, f"Guest {number}") for number in range(20)]
    came = await asyncio.gather(
        *(
            check_in(world.bot.database, world.bot.check_in_tries, world.guild.id, 1, member, code, START)
            for member in crowd
        )
    )
    assert came == [CheckedIn("Cherry blossom evening", START, walked_in=True)] * 20
    async with world.bot.database.read() as session:
        rows = await answers.answers(session, 1)
    assert [row.turn for row in rows] == list(range(1, 25))
