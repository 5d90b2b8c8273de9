"""Who's coming: who may see names, the young, and the text in a second language."""

import re
from datetime import timedelta
from typing import Any

import simcord
from simcord.backend import serializers

from bot.events.rsvp import Choice
from bot.members import Member
from tests.feature.announcing import BUTTON, COMPONENT, card_in, joined, only_text
from tests.feature.conftest import World, message_bodies, words
from tests.feature.published import filled, private, published, roster, shown_to, standings

HUNGARIAN: dict[str, Any] = {
    "second_language": "hu",
    "second_title": "Cseresznyevirág-est",
    "second_description": "Tea és kotózene.",
}


async def test_the_full_list_is_private_and_paged(world: World) -> None:
    card = await published(world, capacity=None)
    for number in range(1, 31):
        member = Member(number, f"Guest {number}")
        await world.bot.events.answer(world.guild.id, 1, member, Choice.GOING, world.bot.now())
    shown = await world.alice.click(card, label="Who's coming")
    names = [f"{number}. Guest {number}" for number in range(1, 31)]
    title = "### Cherry blossom evening"
    assert shown_to(shown) == [title, "**Going 30**", *names[:25], "-# Page 1 of 2", "[Next page]"]
    turned = await world.alice.click(private(shown), label="Next page")
    assert private(turned).id == private(shown).id
    assert shown_to(turned) == [title, "**Going 30**", *names[25:], "-# Page 2 of 2", "[Previous page]"]


async def test_no_name_on_a_roster_pings_anybody(world: World) -> None:
    card = await published(world, capacity=1)
    names = (f"@everyone <@{world.bob.id}>", f"<@&{world.guild.default_role.id}>")
    going, waiting = joined(world, *names)
    await going.click(card, label="Going")
    await waiting.click(card, label="Join waiting list")
    world.clock[0] += timedelta(seconds=5)
    await world.deliver()
    listed = await world.alice.click(card, label="Who's coming")
    for shown in (words(card_in(world.events)), words(private(listed))):
        assert "everyone" in shown and "@everyone" not in shown
        assert re.findall(r"(?<!\\)<@", shown) == []
    stored = world.env.backend.get_message(world.events.id, card.id)
    assert (stored.ping_user_ids, stored.ping_role_ids, stored.mention_everyone) == ([], [], False)
    assert [
        body["allowed_mentions"] for body in message_bodies(world.env) if body["allowed_mentions"] != {"parse": []}
    ] == []


async def test_a_hidden_roster_shows_names_to_moderators_and_the_host_alone(world: World) -> None:
    card, (alice, bob, _, dana) = await filled(world, hide_roster=True, host_user_id=world.bob.id)
    counts = "**Going 2/2** · **Waiting 2**\n-# Names stay private.\n[Join waiting list]"
    assert roster(card) == counts
    for member in (alice, dana):
        assert shown_to(await member.click(card, label="Who's coming")) == [
            "### Cherry blossom evening",
            "**Going 2/2** · **Waiting 2**",
            "-# Names stay private.",
        ]
    for organiser in (world.mod, bob):
        assert shown_to(await organiser.click(card, label="Who's coming")) == [
            "### Cherry blossom evening",
            "**Going 2/2**",
            "1. Alice",
            "2. Bob",
            "**Waiting 2**",
            "1. Chiyo",
            "2. Dana",
        ]


async def test_whoever_is_not_named_on_the_card_is_told_privately(world: World) -> None:
    card = await published(world, hide_roster=True, capacity=None)
    assert only_text(await world.alice.click(card, label="Going")) == "You are going."
    assert only_text(await world.bob.click(card, label="Maybe")) == "You answered *Maybe*."
    assert roster(card_in(world.events)) == "**Going 1** · **Maybe 1**\n-# Names stay private.\n[Going]"


async def test_the_young_are_never_named_in_public_nor_written_to(world: World) -> None:
    card = await published(world, track="youth_education")
    members = [world.alice, world.bob, *joined(world, "Chiyo")]
    told = [only_text(await member.click(card, label="Going")) for member in members[:2]]
    told.append(only_text(await members[2].click(card, label="Join waiting list")))
    assert told == [
        "You are going.",
        "You are going.",
        "It is full, so you are on the waiting list: number 1. I write to nobody about this event: press *My answer* "
        "now and then to see whether a seat is yours.",
    ]
    await world.alice.click(card, label="Can't go")
    world.clock[0] += timedelta(seconds=2)
    await world.deliver()
    hint = "-# Names stay private. A seat opened? Press *My answer* to see."
    assert roster(card_in(world.events)) == f"**Going 2/2**\n{hint}\n[Join waiting list]"
    panel = await members[2].click(card, label="My answer")
    assert shown_to(panel)[2] == "**You are going.**"
    assert world.env.backend.dm_channels == {}
    assert len(world.events.history()) == 1
    public = [body for body in message_bodies(world.env) if not body.get("flags", 0) & 64]
    assert [body for body in public if any(name in str(body) for name in ("Alice", "Bob", "Chiyo"))] == []
    assert await standings(world) == [("Bob", "going"), ("Chiyo", "going"), ("Alice", "no")]


async def test_the_second_language_is_a_press_away_and_so_is_the_first_again(world: World) -> None:
    card = await published(world, **HUNGARIAN)
    assert "[Magyar]" in words(card)
    shown = await world.alice.click(card, label="Magyar")
    assert shown_to(shown)[0] == "### Cseresznyevirág-est"
    assert shown_to(shown)[2:] == ["Tea és kotózene.", "[English (United States)]"]
    back = await world.alice.click(private(shown), label="English (United States)")
    assert shown_to(back)[0] == "### Cherry blossom evening"
    assert shown_to(back)[2:] == ["Tea and koto music.", "[Magyar]"]


async def pressed_in(
    locale: str, actor: simcord.MemberActor, world: World, custom_id: str
) -> simcord.InteractionResult:
    """A press on the card by a member whose Discord is in another language, which simcord has no name for."""
    backend = world.env.backend
    stored = backend.get_message(world.events.id, card_in(world.events).id)
    return await actor._dispatch_interaction(
        COMPONENT,
        world.events,
        {"custom_id": custom_id, "component_type": BUTTON, "id": 2},
        extra={"message": serializers.message_payload(backend, stored), "locale": locale},
        source_message_id=stored.id,
    )


async def test_private_answers_name_the_event_in_the_readers_language(world: World) -> None:
    await published(world, **HUNGARIAN)
    for custom_id in ("event-mine:1", "event-roster:1"):
        shown = {locale: await pressed_in(locale, world.alice, world, custom_id) for locale in ("hu", "fr")}
        assert shown_to(shown["hu"])[0] == "### Cseresznyevirág-est"
        assert shown_to(shown["fr"])[0] == "### Cherry blossom evening"
    assert words(card_in(world.events)).split("\n")[0] == "## Cherry blossom evening"
