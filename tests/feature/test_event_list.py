"""What is coming up, and calling it off."""

from datetime import timedelta

from tests.feature.announcing import (
    EVENT_GONE,
    NOT_ALLOWED,
    announced,
    another_server,
    card_in,
    event_row,
    only_text,
    typed_in,
)
from tests.feature.conftest import World, words


async def test_the_list_shows_title_time_seats_and_a_link_to_the_card(world: World) -> None:
    none = await world.alice.slash(world.general, "event list")
    assert only_text(none) == "Nothing is coming up. Moderators announce events with `/event create`."
    second = await announced(world, title="Koto night", when="2026-12-08 19:00", capacity="", where="")
    first = await announced(world)
    await announced(world, title="Soon over", when="2026-11-23 10:00")
    await typed_in(world, title="Only a draft")
    await world.alice.click(first, label="Going")
    world.clock[0] += timedelta(days=3)
    listed = await world.alice.slash(world.general, "event list")
    address = f"https://discord.com/channels/{world.guild.id}/{world.events.id}"
    assert listed.ephemeral
    assert words(listed.response) == (
        "### Coming up\n"
        f"**[Cherry blossom evening]({address}/{first.id})** · <t:1796518800:F> · Botanical Gardens · going 1 / 2\n"
        f"**[Koto night]({address}/{second.id})** · <t:1796778000:F> · going 0"
    )


async def test_cancelling_edits_the_card_and_takes_the_event_off_the_list(world: World) -> None:
    card = await announced(world)
    [choice] = await world.mod.autocomplete(world.general, "event cancel", "event", "cherry")
    assert choice == {"name": "Cherry blossom evening (2026-12-06)", "value": "id:1"}
    cancelled = await world.mod.slash(world.general, "event cancel", event=choice["value"])
    assert only_text(cancelled) == "**Cherry blossom evening** is cancelled. Its card says so."
    await world.deliver()
    shown = card_in(world.events)
    assert shown.id == card.id
    assert words(shown).startswith("## ~~Cherry blossom evening~~\n**Cancelled**\n")
    listed = await world.alice.slash(world.general, "event list")
    assert only_text(listed) == "Nothing is coming up. Moderators announce events with `/event create`."


async def test_only_moderators_cancel_and_only_what_is_there(world: World) -> None:
    await announced(world)
    await typed_in(world)
    there = await another_server(world)
    refusals = [
        (world.alice, world.general, "id:1", NOT_ALLOWED),
        (world.mod, world.general, "id:2", EVENT_GONE),  # a draft
        (world.mod, world.general, "id:999999999", EVENT_GONE),
        (world.mod, world.general, "cherry", "Please pick one from the list that appears while you type."),
        (there.mod, there.general, "id:1", EVENT_GONE),
    ]
    for actor, channel, event, sentence in refusals:
        assert only_text(await actor.slash(channel, "event cancel", event=event)) == sentence
    event_one = await event_row(world)
    assert event_one is not None and event_one.status == "open"


async def test_an_event_is_called_off_once_and_not_when_it_is_over(world: World) -> None:
    await announced(world)
    await world.mod.slash(world.general, "event cancel", event="id:1")
    again = await world.mod.slash(world.general, "event cancel", event="id:1")
    await announced(world, title="Koto night")
    world.clock[0] += timedelta(days=30)
    late = await world.mod.slash(world.general, "event cancel", event="id:2")
    assert [only_text(again), only_text(late)] == [
        "That event is cancelled already.",
        "That event is over, so there is nothing to call off.",
    ]
