"""The organisers' list of who comes, ticking people off by hand, and the sheet."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from db import answers, events
from db.models import Answer
from tests.feature.announcing import (
    EVENT_GONE,
    NOT_ALLOWED,
    announced,
    another_server,
    forged,
    full_event,
    joined,
    only_text,
)
from tests.feature.conftest import World, words
from tests.feature.test_check_in import who_came
from tests.feature.test_event_calendar import file_of, parts

START = datetime(2026, 12, 6, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def change_answer(world: World, user_id: int, **columns: object) -> None:
    """What a member's answer has besides."""
    async with world.bot.database.write() as session:
        row = await session.get_one(Answer, (1, user_id))
        for name, value in columns.items():
            setattr(row, name, value)


async def test_organisers_see_guests_help_notes_and_the_line(world: World) -> None:
    await full_event(world)
    await change_answer(world, world.alice.id, guests=2, volunteer_role="driver", note="I bring *cake*\nand tea")
    await change_answer(world, world.bob.id, standing="maybe")
    result = await world.mod.slash(world.general, "event attendees", event="id:1")
    assert result.response is not None and result.response.ephemeral
    assert words(result.response) == (
        "### Cherry blossom evening\n<t:1796518800:F>\n"
        "Going 3/2 · 2 of them guests · Waiting 2 · Maybe 1\n"
        "**Going**\nAlice +2 · Driver · *I bring \\*cake\\* and tea*\n"
        "**Waiting**\n1\\. Chiyo\n2\\. Dana\n"
        "**Maybe**\nBob\n"
        "[Export]"
    )


async def test_an_event_nobody_answered_has_an_empty_list(world: World) -> None:
    card = await announced(world)
    result = await forged(world.mod, card, "event-attendees:1")
    assert result.response is not None and result.response.ephemeral
    assert words(result.response) == "### Cherry blossom evening\n<t:1796518800:F>\nGoing 0/2\nNobody yet."


async def test_organisers_tick_people_off(world: World) -> None:
    _, members = await full_event(world)
    world.clock[0] = START - HOUR
    page = await world.mod.slash(world.general, "event attendees", event="id:1")
    assert page.response is not None
    ticked = await world.mod.select(page.response, [str(world.bob.id), str(members[2].id)])
    assert ticked.response is not None
    assert words(ticked.response) == (
        "### Cherry blossom evening\n<t:1796518800:F>\n"
        "Going 2/2 · Waiting 2 · ✅ Here 2\n"
        "**Going**\nAlice\n✅ Bob\n**Waiting**\n✅ 1\\. Chiyo\n2\\. Dana\n[Export]"
    )
    [menu] = [part for part in parts(ticked.response.components) if part["type"] == 3]
    assert [option["label"] for option in menu["options"] if option.get("default")] == ["Bob", "Chiyo"]
    await world.mod.select(ticked.response, [str(members[2].id)])
    came = await who_came(world)
    assert {name: at for name, (_, at) in came.items() if at} == {"Chiyo": START - HOUR}


async def test_two_organisers_at_one_door_do_not_undo_each_other(world: World) -> None:
    await full_event(world)
    world.clock[0] = START
    screens = [await world.mod.slash(world.general, "event attendees", event="id:1") for _ in range(2)]
    for screen, member in zip(screens, (world.alice, world.bob), strict=True):
        assert screen.response is not None
        await world.mod.select(screen.response, [str(member.id)])
    assert {name for name, (_, at) in (await who_came(world)).items() if at} == {"Alice", "Bob"}


async def test_before_the_hour_nobody_can_be_ticked_off(world: World) -> None:
    await full_event(world)
    world.clock[0] = START
    page = await world.mod.slash(world.general, "event attendees", event="id:1")
    world.clock[0] = START - HOUR - MINUTE
    assert page.response is not None
    early = await world.mod.select(page.response, [str(world.bob.id)])
    assert only_text(early) == "People can be ticked off from an hour before the start, unless the event is cancelled."
    assert {at for _, at in (await who_came(world)).values()} == {None}


async def test_days_later_a_list_on_paper_can_still_be_typed_in(world: World) -> None:
    await full_event(world)
    world.clock[0] = START + timedelta(days=5)
    page = await world.mod.slash(world.general, "event attendees", event="id:1")
    assert page.response is not None
    await world.mod.select(page.response, [str(world.alice.id)])
    assert (await who_came(world))["Alice"] == ("going", world.clock[0])


async def test_sixty_people_fill_three_pages_of_twenty_five_by_name(world: World) -> None:
    card = await announced(world, capacity="")
    for member in joined(world, *(f"Member {number:02}" for number in range(60))):
        await member.click(card, label="Going")
    for number in range(60):
        await change_answer(world, await id_of(world, f"Member {number:02}"), note="*" * 300, volunteer_role="driver")
    world.clock[0] = START
    page = await world.mod.slash(world.general, "event attendees", event="id:1")
    assert page.response is not None
    assert labels(page.response) == [f"Member {number:02}" for number in range(25)]
    for expected in (range(25, 50), range(50, 60)):
        page = await world.mod.click(page.response, label="Next page")
        assert page.response is not None
        assert labels(page.response) == [f"Member {number:02}" for number in expected]
    assert page.response is not None and "Page 3 of 3" in words(page.response)
    ticked = await world.mod.select(page.response, [str(await id_of(world, "Member 55"))])
    assert ticked.response is not None
    assert "Page 3 of 3" in words(ticked.response) and "✅ Member 55" in words(ticked.response)


async def id_of(world: World, name: str) -> int:
    async with world.bot.database.read() as session:
        return next(row.user_id for row in await answers.answers(session, 1) if row.display_name == name)


def labels(message: object) -> list[str]:
    [menu] = [part for part in parts(message.components) if part["type"] == 3]  # type: ignore[attr-defined]
    return [option["label"] for option in menu["options"]]


async def test_the_host_is_an_organiser_even_without_the_permission(world: World) -> None:
    card = await announced(world)
    async with world.bot.database.write() as session:
        row = await events.event(session, world.guild.id, 1)
        assert row is not None
        row.host_user_id = world.alice.id
    for custom_id in ("event-attendees:1", "event-check-in-code:1", "event-export:1"):
        result = await forged(world.alice, card, custom_id)
        assert result.response is not None
        assert words(result.response).startswith("### Cherry blossom evening")
        assert only_text(await forged(world.bob, card, custom_id)) == NOT_ALLOWED


async def test_organisers_see_the_young_whom_nobody_else_sees(world: World) -> None:
    await full_event(world)
    async with world.bot.database.write() as session:
        row = await events.event(session, world.guild.id, 1)
        assert row is not None
        row.track = "youth_education"
    result = await world.mod.slash(world.general, "event attendees", event="id:1")
    assert result.response is not None and result.response.ephemeral
    assert "**Going**\nAlice\nBob\n**Waiting**\n1\\. Chiyo\n2\\. Dana" in words(result.response)


async def test_the_sheet_opens_in_a_spreadsheet(world: World) -> None:
    await full_event(world)
    await change_answer(world, world.alice.id, note="=1+1", guests=1)
    await change_answer(world, world.bob.id, checked_in_at=START)
    result = await world.mod.slash(world.general, "event export", event="id:1")
    assert result.response is not None
    assert words(result.response) == (
        "### Cherry blossom evening\n4 answers, for any spreadsheet.\n"
        "-# It holds names and notes of people: keep it only as long as you need it."
    )
    name, content = await file_of(result)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert name == "cherry-blossom-evening-2026-12-05.csv"
    assert [row[:7] + row[9:] for row in rows[1:]] == [
        ["Alice", f"<@{world.alice.id}>", "Going", "1", "", "'=1+1", "", "", ""],
        ["Bob", f"<@{world.bob.id}>", "Going", "0", "", "", "", "2026-12-05T19:00:00-06:00", "2026-12-06T01:00:00Z"],
        ["Chiyo", rows[3][1], "Waiting", "0", "", "", "1", "", ""],
        ["Dana", rows[4][1], "Waiting", "0", "", "", "2", "", ""],
    ]
    assert {tuple(row[7:9]) for row in rows[1:]} == {("2026-11-22T10:00:00-06:00", "2026-11-22T16:00:00Z")}


async def test_the_sheet_of_a_cancelled_event_can_still_be_had(world: World) -> None:
    card, _ = await full_event(world)
    await world.mod.slash(world.general, "event cancel", event="id:1")
    _, content = await file_of(await forged(world.mod, card, "event-export:1"))
    assert len(content.splitlines()) == 5


async def test_events_that_are_over_can_be_chosen_too(world: World) -> None:
    await announced(world)
    world.clock[0] = START + timedelta(days=3)
    for command in ("event attendees", "event checkin", "event export"):
        chosen = await world.mod.autocomplete(world.general, command, "event", "cher")
        assert [choice["value"] for choice in chosen] == ["id:1"]


FORGED = ["event-attendees:1", "event-attendees:1:0", "event-export:1"]


@pytest.mark.parametrize("custom_id", FORGED)
async def test_the_list_and_the_sheet_are_for_organisers(world: World, custom_id: str) -> None:
    card, _ = await full_event(world)
    assert only_text(await forged(world.alice, card, custom_id)) == NOT_ALLOWED
    for command in ("event attendees", "event export"):
        assert only_text(await world.alice.slash(world.general, command, event="id:1")) == NOT_ALLOWED


@pytest.mark.parametrize("custom_id", FORGED)
async def test_another_servers_people_are_not_there(world: World, custom_id: str) -> None:
    await full_event(world)
    there = await another_server(world)
    elsewhere = await there.mod.slash(there.general, "event list")
    assert elsewhere.response is not None
    assert only_text(await forged(there.mod, elsewhere.response, custom_id)) == EVENT_GONE
    for command in ("event attendees", "event export"):
        assert only_text(await there.mod.slash(there.general, command, event="id:1")) == EVENT_GONE
        assert await there.mod.autocomplete(there.general, command, "event", "") == []
