"""*My answer*: where one stands, guests, help, a note, a seat that is offered; all of it private."""

from datetime import timedelta
from typing import Any

import pytest
import simcord

from bot.events.reader import LONGEST_NOTE
from tests.feature.announcing import card_in, defaults, forged, forged_form, joined, only_text, restarted
from tests.feature.conftest import World, words
from tests.feature.published import STARTS, S, filled, notes, private, published, roster, shown_to, standings

HEAD = ["### Cherry blossom evening", f"<t:{S}:F> (<t:{S}:R>)"]
NOTE = "[Write a note to the organiser]"


async def opened(member: simcord.MemberActor, card: Any) -> Any:
    """The member's panel, as the private message that it is."""
    result = await member.click(card, label="My answer")
    assert result.ephemeral and result.response is not None
    return result.response


async def guests_and_roles(world: World) -> list[tuple[str, int, str | None]]:
    """Name, guests and help of everybody who answered."""
    card = await world.bot.events.card(world.guild.id, 1)
    return [(name, given.guests, given.volunteer) for given, name in card.answers]


async def test_who_has_not_answered_is_told_so_and_can_answer_there(world: World) -> None:
    card = await published(world)
    panel = await opened(world.alice, card)
    assert words(panel).split("\n") == [*HEAD, "**You have not answered yet.**", "[Going]", "[Maybe]", "[Can't go]"]
    changed = await world.alice.click(panel, label="Going")
    assert changed.response is not None and changed.response.id == panel.id
    assert shown_to(changed) == [*HEAD, "**You are going.**", "[Maybe]", "[Can't go]", NOTE]
    world.clock[0] += timedelta(seconds=2)
    await world.deliver()
    assert roster(card_in(world.events)) == "**Going 1/2**\nAlice\n[Going]"


async def test_who_waits_sees_the_place_and_can_leave_the_line(world: World) -> None:
    card, (_, _, chiyo, dana) = await filled(world)
    panel = await opened(dana, card)
    waiting = "**It is full, so you are on the waiting list: number 2. I'll tell you when a seat is yours.**"
    assert words(panel).split("\n") == [*HEAD, waiting, "[Maybe]", "[Leave the waiting list]", NOTE]
    left = await chiyo.click(await opened(chiyo, card), label="Leave the waiting list")
    assert shown_to(left)[2] == "**You are not going.**"
    assert "number 1" in words(await opened(dana, card))
    assert await standings(world) == [("Alice", "going"), ("Bob", "going"), ("Dana", "waiting"), ("Chiyo", "no")]


async def test_guests_take_seats_and_stand_on_the_card(world: World) -> None:
    card = await published(world, capacity=3, max_guests=3)
    assert "👥 You may bring up to 3 guests" in words(card)
    await world.alice.click(card, label="Going")
    panel = await opened(world.alice, card)
    chosen = await world.alice.select(panel, ["2"])
    assert shown_to(chosen)[2:4] == ["**You are going.**", "👥 You bring 2 guests"]
    refused = await world.alice.select(panel, ["3"])
    assert only_text(refused) == "There is no free seat for another guest. If one comes free, try again."
    world.clock[0] += timedelta(seconds=2)
    await world.deliver()
    assert roster(card_in(world.events)) == "**Going 3/3**\nAlice +2\n[Join waiting list]"
    assert await guests_and_roles(world) == [("Alice", 2, None)]


async def test_guests_from_a_forged_menu_are_refused_in_words(world: World) -> None:
    card = await published(world, max_guests=1)
    await world.alice.click(card, label="Going")
    panel = await opened(world.alice, card)
    backend = world.env.backend
    [menu_row] = [
        row
        for row in backend.get_message(panel.channel_id, panel.id).components[0]["components"]
        if any(part["type"] == 3 for part in row.get("components", []))
    ]
    menu_row["components"][0]["options"] += [{"label": "x", "value": value} for value in ("99", "-1", "many")]
    assert only_text(await world.alice.select(panel, ["99"])) == "At most 1 can come with you."
    for odd in ("-1", "many"):
        assert only_text(await world.alice.select(panel, [odd])) == "Choose a number from the menu."
    assert await guests_and_roles(world) == [("Alice", 0, None)]


async def test_help_is_offered_up_to_its_limit_and_taken_back_by_pressing_again(world: World) -> None:
    card = await published(world, volunteers="interpreter:1 driver:2")
    assert "🤝 Help wanted: Interpreters 0/1 · Drivers 0/2" in words(card)
    for member in (world.alice, world.bob):
        await member.click(card, label="Going")
    panel = await opened(world.alice, card)
    bobs = await opened(world.bob, card)
    helping = await world.alice.click(panel, label="Interpreters 0/1")
    assert shown_to(helping)[2:4] == ["**You are going.**", "🤝 You help: Interpreter"]
    late = only_text(await world.bob.click(bobs, label="Interpreters 0/1"))
    assert late == "Enough people have offered to help with that already. Thank you! Perhaps something else?"
    assert await guests_and_roles(world) == [("Alice", 0, "interpreter"), ("Bob", 0, None)]
    with pytest.raises(simcord.SetupError, match="disabled"):
        await world.bob.click(await opened(world.bob, card), label="Interpreters 1/1")
    taken_back = await world.alice.click(private(helping), label="✓ Interpreters 1/1")
    assert shown_to(taken_back)[2:4] == ["**You are going.**", "[Maybe]"]
    assert await guests_and_roles(world) == [("Alice", 0, None), ("Bob", 0, None)]


async def test_a_note_reaches_the_organiser_and_can_be_changed_and_taken_back(world: World) -> None:
    card = await published(world)
    await world.alice.click(card, label="Maybe")
    panel = await opened(world.alice, card)
    form = await world.alice.click(panel, label="Write a note to the organiser")
    assert defaults(form) == {"note": ""}
    sent = await world.alice.submit_modal(form, {"note": "  Vegan, *please* \n"})
    assert shown_to(sent)[3] == "📝 Vegan, \\*please\\*"
    assert await notes(world) == {"Alice": "Vegan, *please*"}
    await world.alice.click(panel, label="Going")  # an answer does not lose it
    again = await world.alice.click(panel, label="Write a note to the organiser")
    assert defaults(again) == {"note": "Vegan, *please*"}
    await world.alice.submit_modal(again, {"note": ""})
    assert await notes(world) == {}


async def test_a_note_is_for_who_has_answered_and_not_endless(world: World) -> None:
    await published(world)
    sent = await forged_form(world.alice, world.events, "event-note:1:ab", note="Hello")
    assert only_text(sent) == "Answer the event first; then you can write to the organiser."
    await world.alice.click(card_in(world.events), label="Going")
    long = await forged_form(world.alice, world.events, "event-note:1:ab", note="x" * (LONGEST_NOTE + 1))
    assert only_text(long) == "A note can have 500 characters at most."
    assert await notes(world) == {}


async def test_an_offered_seat_is_taken_through_my_answer(world: World) -> None:
    world.clock[0] = STARTS - timedelta(hours=9)
    card, (alice, bob, chiyo, dana) = await filled(world, offer_hours=2)
    await alice.click(card, label="Can't go")
    until = int(world.clock[0].timestamp()) + 7200
    held = f"**Going 1/2**\nBob\n**Seat offered 1**\nChiyo (<t:{until}:R>)\n**Waiting 1**  1. Dana\n[Join waiting list]"
    assert roster(card_in(world.events)) == held
    panel = await opened(chiyo, card)
    assert words(panel).split("\n")[2:] == [
        f"**A seat is held for you until <t:{until}:t> (<t:{until}:R>). Take it, or leave it to the next.**",
        "[Take the seat]",
        "[Leave it]",
        NOTE,
    ]
    assert shown_to(await chiyo.click(panel, label="Take the seat"))[2] == "**You are going.**"
    await bob.click(card, label="Can't go")
    left = await dana.click(await opened(dana, card), label="Leave it")
    assert shown_to(left)[2] == "**You are not going.**"
    assert await standings(world) == [("Chiyo", "going"), ("Alice", "no"), ("Bob", "no"), ("Dana", "no")]


async def test_an_offer_whose_time_has_passed_cannot_be_taken_any_more(world: World) -> None:
    world.clock[0] = STARTS - timedelta(hours=9)
    card, (alice, _, chiyo, _) = await filled(world, offer_hours=2)
    await alice.click(card, label="Can't go")
    panel = await opened(chiyo, card)
    world.clock[0] += timedelta(hours=2)
    over = await opened(chiyo, card)
    assert (
        words(over).split("\n")[2] == "**The seat that was held for you is held no longer. You can get in line again.**"
    )
    late = await chiyo.click(panel, label="Take the seat")
    assert shown_to(late)[2].startswith("**It is full, so you are on the waiting list: number 1.")
    assert ("Dana", "offered") in await standings(world)


async def test_the_panel_works_after_a_restart(world: World) -> None:
    card = await published(world, max_guests=2, volunteers="driver:1")
    await world.alice.click(card, label="Going")
    panel = await opened(world.alice, card)
    form = await world.alice.click(panel, label="Write a note to the organiser")
    await restarted(world)
    await world.alice.select(panel, ["1"])
    await world.alice.click(panel, label="Drivers 0/1")
    await world.alice.submit_modal(form, {"note": "Late"})
    assert await guests_and_roles(world) == [("Alice", 1, "driver")]
    assert await notes(world) == {"Alice": "Late"}


async def test_a_button_of_the_panel_on_a_public_message_answers_privately(world: World) -> None:
    card = await published(world)
    before = words(card)
    answered = await forged(world.alice, card, "event-mine:1:going")
    assert shown_to(answered)[2] == "**You are going.**"
    assert words(card_in(world.events)) == before
    assert answered.ephemeral


async def test_nobody_sees_or_changes_the_answer_of_another(world: World) -> None:
    card = await published(world)
    await world.alice.click(card, label="Going")
    panel = await opened(world.bob, card)
    await world.bob.click(panel, label="Can't go")
    assert await standings(world) == [("Alice", "going"), ("Bob", "no")]
    [carol] = joined(world, "Carol")
    assert words(await opened(carol, card)).split("\n")[2] == "**You have not answered yet.**"
