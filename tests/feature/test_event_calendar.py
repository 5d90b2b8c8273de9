"""*Add to calendar*: a private answer with links and a file that any calendar reads."""

from typing import Any

import simcord

from tests.feature.announcing import EVENT_GONE, announced, another_server, forged, only_text
from tests.feature.conftest import World, words
from tests.unit.calendar_reader import read_calendar

NAME = "cherry-blossom-evening-2026-12-05.ics"


async def file_of(result: simcord.InteractionResult) -> tuple[str, bytes]:
    """Name and content of the one file that an answer brings, which it also shows."""
    message = result.followups[-1] if result.followups else result.response
    assert message is not None and message.ephemeral
    [attachment] = message.attachments
    [shown] = [part for part in parts(message.components) if part["type"] == 13]
    assert shown["file"]["url"] == attachment.url
    return attachment.filename, await attachment.read()


def parts(components: Any) -> list[dict[str, Any]]:
    """All components of a message, the outer ones first."""
    found = []
    for component in components:
        part = component if isinstance(component, dict) else component.to_dict()
        found += [part, *parts(part.get("components", []))]
    return found


def links(message: Any) -> dict[str, str]:
    """Addresses behind buttons, by label."""
    return {part["label"]: part["url"] for part in parts(message.components) if "url" in part and "label" in part}


async def test_an_event_comes_with_links_and_a_file(world: World) -> None:
    card = await announced(world)
    result = await world.alice.slash(world.general, "event calendar", event="id:1")
    assert result.response is not None
    assert words(result.response) == (
        "### 📅 Cherry blossom evening\n<t:1796518800:F>\n"
        "Open it in your web calendar, or take the file for any other: Apple, Outlook, Thunderbird, a phone.\n"
        "[Google]\n[Outlook.com]\n[Microsoft 365]\n[Yahoo]"
    )
    assert links(result.response)["Yahoo"] == (
        "https://calendar.yahoo.com/?v=60&st=20261206T010000Z&et=20261206T030000Z&title=Cherry%20blossom%20evening"
        f"&in_loc=Botanical%20Gardens&desc={card.jump_url}%0A%0ATea%20and%20koto%20music."
    )
    name, content = await file_of(result)
    [event] = read_calendar(content).inside
    assert (name, event.properties) == (
        NAME,
        {
            "UID": f"event-1-{world.guild.id}@sister-city-bot.invalid",
            "DTSTAMP": "20261122T160000Z",
            "DTSTART": "20261206T010000Z",
            "DTEND": "20261206T030000Z",
            "SEQUENCE": "0",
            "STATUS": "CONFIRMED",
            "SUMMARY": "Cherry blossom evening",
            "LOCATION": "Botanical Gardens",
            "DESCRIPTION": f"Tea and koto music.\\n\\n{card.jump_url}",
            "URL": card.jump_url,
        },
    )


async def test_the_button_on_the_card_gives_the_same(world: World) -> None:
    card = await announced(world)
    by_command = await world.alice.slash(world.general, "event calendar", event="id:1")
    by_button = await forged(world.alice, card, "event-calendar:1")
    assert await file_of(by_button) == await file_of(by_command)


async def test_a_cancelled_event_takes_itself_out_of_the_calendar(world: World) -> None:
    card = await announced(world)
    before = await file_of(await forged(world.alice, card, "event-calendar:1"))
    await world.mod.slash(world.general, "event cancel", event="id:1")
    result = await forged(world.alice, card, "event-calendar:1")
    name, content = await file_of(result)
    calendar, old = read_calendar(content), read_calendar(before[1])
    assert (name, calendar.properties["METHOD"]) == (NAME, "CANCEL")
    [event], [known] = calendar.inside, old.inside
    assert (event.properties["STATUS"], event.properties["UID"]) == ("CANCELLED", known.properties["UID"])
    assert int(event.properties["SEQUENCE"]) > int(known.properties["SEQUENCE"])
    assert result.response is not None and links(result.response) == {}


async def test_an_event_that_is_not_there_says_so(world: World) -> None:
    card = await announced(world)
    for event_id in ("2", "0", "999999999"):
        assert only_text(await world.alice.slash(world.general, "event calendar", event=f"id:{event_id}")) == EVENT_GONE
        assert only_text(await forged(world.alice, card, f"event-calendar:{event_id}")) == EVENT_GONE
    assert only_text(await forged(world.alice, card, "event-calendar:999999999999999999")) == EVENT_GONE


async def test_another_servers_event_and_a_draft_are_not_there(world: World) -> None:
    card = await announced(world)
    there = await another_server(world)
    assert only_text(await there.mod.slash(there.general, "event calendar", event="id:1")) == EVENT_GONE
    draft = await world.mod.slash(world.general, "event create")
    await world.mod.submit_modal(draft, {"title": "Secret", "when": "2026-12-05 19:00"})
    assert only_text(await forged(world.mod, card, "event-calendar:2")) == EVENT_GONE
