"""Answering an event with one press: seats, the waiting list, and the card that shows them."""

from datetime import datetime, timedelta

import pytest
import simcord

from bot.events.rsvp import Choice
from bot.members import Member
from tests.feature.announcing import EVENT_GONE, another_server, card_in, forged, joined, only_text, restarted
from tests.feature.conftest import World, message_bodies, words
from tests.feature.published import STARTS, S, filled, published, roster, standings

MOVED_UP = (
    "A seat opened, and it is yours: you are now going to **Cherry blossom evening**, <t:1796518800:F>. "
    "If you cannot come, please press *Can't go* on the event, so that the next in line moves up."
)

ENTRIES = (
    "event-answer:1:going",
    "event-answer:1:no",
    "event-answer:99:going",
    "event-clocks:1",
    "event-language:1",
    "event-language:1:first",
    "event-mine:1",
    "event-mine:1:going",
    "event-mine:1:help:driver",
    "event-mine:1:note",
    "event-roster:1",
    "event-roster:1:0",
)


def told_directly(member: simcord.MemberActor) -> list[str]:
    """What stands first in each direct message to a member."""
    return [words(message).split("\n")[0] for message in member.user.dm_channel.history()]


async def test_one_press_puts_a_name_on_the_card(world: World) -> None:
    card = await published(world, capacity=None)
    going = await world.alice.click(card, label="Going")
    assert (going.followups, going.response and going.response.id) == ([], card.id)
    maybe = await world.bob.click(card, label="Maybe")
    assert maybe.followups == []
    assert roster(card_in(world.events)) == "**Going 1**\nAlice\n**Maybe 1**\nBob\n[Going]"
    assert await standings(world) == [("Alice", "going"), ("Bob", "maybe")]


async def test_who_cannot_go_is_told_privately_and_not_named(world: World) -> None:
    card = await published(world)
    answered = await world.alice.click(card, label="Can't go")
    assert only_text(answered) == "You are not going."
    assert roster(card_in(world.events)) == "**Going 0/2**\n[Going]"
    assert await standings(world) == [("Alice", "no")]


async def test_pressing_twice_keeps_one_row_the_seat_and_the_place(world: World) -> None:
    card, (alice, _, chiyo, _) = await filled(world)
    assert only_text(await alice.click(card, label="Join waiting list")) == "You are going."
    waiting = "It is full, so you are on the waiting list: number 1. I'll tell you when a seat is yours."
    assert only_text(await chiyo.click(card, label="Join waiting list")) == waiting
    assert await standings(world) == [("Alice", "going"), ("Bob", "going"), ("Chiyo", "waiting"), ("Dana", "waiting")]


async def test_a_full_event_has_a_waiting_list_and_tells_the_place(world: World) -> None:
    card, _ = await filled(world)
    assert roster(card) == "**Going 2/2**\nAlice, Bob\n**Waiting 2**  1. Chiyo, 2. Dana\n[Join waiting list]"
    [erik] = joined(world, "Erik")
    told = only_text(await erik.click(card, label="Join waiting list"))
    assert told == "It is full, so you are on the waiting list: number 3. I'll tell you when a seat is yours."


async def test_a_drop_out_promotes_the_oldest_who_is_told_once(world: World) -> None:
    card, (alice, bob, chiyo, dana) = await filled(world)
    await alice.click(card, label="Can't go")
    assert roster(card_in(world.events)) == "**Going 2/2**\nBob, Chiyo\n**Waiting 1**  1. Dana\n[Join waiting list]"
    await world.deliver()
    await world.deliver()
    assert told_directly(chiyo) == [MOVED_UP]
    for other in (alice, bob, dana):
        assert other.user.id not in world.env.backend.dm_channels
    assert len(world.events.history()) == 1


async def test_leaving_the_line_and_coming_back_starts_at_its_end(world: World) -> None:
    card, (alice, bob, chiyo, dana) = await filled(world)
    await chiyo.click(card, label="Maybe")
    told = only_text(await chiyo.click(card, label="Join waiting list"))
    assert told == "It is full, so you are on the waiting list: number 2. I'll tell you when a seat is yours."
    for leaving in (alice, bob):
        await leaving.click(card, label="Can't go")
    await world.deliver()
    for moved_up in (dana, chiyo):
        assert told_directly(moved_up) == [MOVED_UP]
    assert roster(card_in(world.events)) == "**Going 2/2**\nDana, Chiyo\n[Join waiting list]"


async def test_closed_direct_messages_become_one_mention_that_pings_only_them(world: World) -> None:
    card, (alice, _, chiyo, _) = await filled(world)
    await alice.click(card, label="Can't go")
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, message="Cannot send to this user")
    await world.deliver()
    await world.deliver()
    assert chiyo.user.dm_channel.history() == []
    notice = card_in(world.events)
    assert len(world.events.history()) == 2
    assert words(notice).split("\n")[0] == f"<@{chiyo.id}> {MOVED_UP}"
    stored = world.env.backend.get_message(world.events.id, notice.id)
    assert (stored.ping_user_ids, stored.ping_role_ids, stored.mention_everyone) == ([chiyo.id], [], False)
    allowed = [body["allowed_mentions"] for body in message_bodies(world.env)]
    assert [mentions for mentions in allowed if mentions != {"parse": []}] == [{"parse": [], "users": [chiyo.id]}]


async def test_nobody_hears_of_a_seat_at_an_event_that_was_called_off_meanwhile(world: World) -> None:
    card, (alice, _, chiyo, _) = await filled(world)
    await alice.click(card, label="Can't go")
    await world.mod.slash(world.general, "event cancel", event="id:1")
    await world.deliver()
    assert chiyo.user.id not in world.env.backend.dm_channels
    assert [message for message in world.events.history() if "A seat opened" in words(message)] == []


async def test_buttons_work_after_a_restart(world: World) -> None:
    card = await published(world)
    await world.alice.click(card, label="Going")
    await restarted(world)
    await world.bob.click(card_in(world.events), label="Going")
    assert roster(card_in(world.events)) == "**Going 2/2**\nAlice, Bob\n[Join waiting list]"
    await restarted(world)
    await world.alice.click(card_in(world.events), label="Can't go")
    assert await standings(world) == [("Bob", "going"), ("Alice", "no")]


async def test_all_clocks_are_shown_privately(world: World) -> None:
    card = await published(world)
    shown = await world.alice.click(card, label="All clocks")
    assert shown.ephemeral
    assert words(shown.response) == (
        "### When it is <t:1796518800:F>\n"
        "Birmingham, Cobán 7:00 PM\n"
        "Kingston 8:00 PM\n"
        "Guédiawaye, Liverpool, Winneba 1:00 AM *next day* 🌙\n"
        "Plzeň, Székesfehérvár 2:00 AM *next day* 🌙\n"
        "Gweru, Rosh HaAyin, Vinnytsia 3:00 AM *next day* 🌙\n"
        "Al Karak 4:00 AM *next day* 🌙\n"
        "Anshan 9:00 AM *next day*\n"
        "Hitachi, Maebashi 10:00 AM *next day*"
    )


async def test_an_event_of_another_server_is_not_there(world: World) -> None:
    await published(world)
    there = await another_server(world)
    card = await published(there)
    for custom_id in ENTRIES:
        assert only_text(await forged(there.alice, card, custom_id)) == EVENT_GONE
    for number in (2**31, 10**18 - 1):  # more than PostgreSQL's integers hold
        assert only_text(await forged(there.alice, card, f"event-answer:{number}:going")) == EVENT_GONE
    assert await standings(world) == []
    listed = words((await there.alice.slash(there.general, "event list")).response)
    assert listed.count("Cherry blossom evening") == 1


async def test_a_number_that_no_database_holds_is_not_there_either(world: World) -> None:
    card = await published(world)
    for number in (0, 2**31, 10**18 - 1):
        assert only_text(await forged(world.alice, card, f"event-answer:{number}:going")) == EVENT_GONE


async def test_a_draft_cannot_be_answered(world: World) -> None:
    card = await published(world)
    await published(world, status="draft")
    for custom_id in ("event-answer:2:going", "event-clocks:2", "event-mine:2", "event-roster:2", "event-language:2"):
        assert only_text(await forged(world.alice, card, custom_id)) == EVENT_GONE


async def test_an_event_that_has_begun_or_is_over_takes_no_answers(world: World) -> None:
    card, (alice, bob, chiyo, _) = await filled(world)
    before = await standings(world)
    for moment in (datetime.fromtimestamp(1796518800, world.clock[0].tzinfo), world.clock[0] + timedelta(days=99)):
        world.clock[0] = moment
        for member, label in ((bob, "Join waiting list"), (alice, "Can't go")):
            assert only_text(await member.click(card, label=label)) == "This event has begun, so answers are closed."
    await world.deliver()
    assert await standings(world) == before
    assert chiyo.user.id not in world.env.backend.dm_channels


async def test_a_cancelled_event_takes_no_answers_and_its_buttons_are_off(world: World) -> None:
    card, (alice, _, chiyo, _) = await filled(world)
    await world.mod.slash(world.general, "event cancel", event="id:1")
    pressed = await alice.click(card, label="Can't go")  # before the card was edited
    assert only_text(pressed) == "This event was cancelled, so there is nothing to answer any more."
    await world.deliver()
    shown = world.events.history()[0]
    assert (shown.id, words(shown).split("\n")[:2]) == (card.id, ["## ~~Cherry blossom evening~~", "**Cancelled**"])
    for label in ("Join waiting list", "Maybe", "Can't go", "My answer", "Who's coming", "All clocks"):
        with pytest.raises(simcord.SetupError, match="disabled"):
            await alice.click(shown, label=label)
    assert chiyo.user.id not in world.env.backend.dm_channels


async def test_who_is_cut_from_a_long_list_is_told_privately_however_short_the_name(world: World) -> None:
    card = await published(world, capacity=None)
    for user_id in range(1, 131):
        member = Member(user_id, f"Albert the {user_id}th of the long name")
        await world.bot.events.answer(world.guild.id, 1, member, Choice.GOING, world.bot.now())
    [al] = joined(world, "Al")  # which stands in every "Albert"
    assert only_text(await al.click(card, label="Going")) == "You are going."
    assert "**Going 131**\nAlbert the 1th" in words(card_in(world.events))
    assert only_text(await al.click(card, label="Can't go")) == "You are not going."
    maybe = await al.click(card, label="Maybe")
    assert maybe.followups == []
    assert "\n**Maybe 1**\nAl\n[Going]" in words(card_in(world.events))


async def test_in_a_rush_presses_are_only_acknowledged_and_the_card_is_edited_for_all_of_them(world: World) -> None:
    card = await published(world, capacity=None)
    members = joined(world, *(f"Member {n}" for n in range(13)))
    results = [await member.click(card, label="Going") for member in members]
    assert [result.deferred for result in results] == [False] * 10 + [True] * 3
    assert [only_text(result) for result in results[10:]] == ["You are going."] * 3
    assert roster(card_in(world.events)).startswith("**Going 10**\n")
    assert len(await standings(world)) == 13
    world.clock[0] += timedelta(seconds=2)
    await world.deliver()
    everyone = ", ".join(f"Member {n}" for n in range(13))
    assert roster(card_in(world.events)) == f"**Going 13**\n{everyone}\n[Going]"
    world.clock[0] += timedelta(seconds=2)
    calm = await world.alice.click(card, label="Going")
    assert (calm.deferred, calm.followups) == (False, [])
    assert roster(card_in(world.events)) == f"**Going 14**\n{everyone}, Alice\n[Going]"


async def test_before_answers_open_and_after_the_deadline_a_press_says_when(world: World) -> None:
    opens, closes = STARTS - timedelta(days=7), STARTS - timedelta(days=1)
    card = await published(world, opens_at=opens, deadline=closes)
    assert f"⏳ Answers from <t:{S - 604800}:f> (<t:{S - 604800}:R>) until <t:{S - 86400}:f>" in words(card)
    early = only_text(await world.alice.click(card, label="Going"))
    assert early == f"Answers open <t:{S - 604800}:f>. Come back then."
    world.clock[0] = opens
    assert (await world.alice.click(card, label="Going")).followups == []
    world.clock[0] = closes
    late = only_text(await world.bob.click(card, label="Going"))
    assert late == f"Answers closed <t:{S - 86400}:f>. If you were going and cannot come, press *Can't go*."
    await world.alice.click(card, label="Can't go")
    assert await standings(world) == [("Alice", "no")]


async def test_only_members_with_the_role_can_answer_and_the_role_is_not_pinged(world: World) -> None:
    role = world.guild.create_role("Delegates")
    delegate = world.guild.add_member(world.env.create_user("Chiyo"), roles=[role])
    card = await published(world, answer_role_id=role.id)
    assert f"🔒 Only for members with <@&{role.id}>" in words(card)
    refused = only_text(await world.alice.click(card, label="Going"))
    assert refused == f"Only members with the role <@&{role.id}> can answer here."
    assert (await delegate.click(card, label="Going")).followups == []
    assert await standings(world) == [("Chiyo", "going")]
    assert world.env.backend.get_message(world.events.id, card.id).ping_role_ids == []


async def test_the_picture_is_sent_with_its_words_and_stays_when_the_card_is_edited(world: World) -> None:
    card = await published(world, picture=b"RIFF....WEBP", picture_alt="A pink tree by a lake")
    assert [file.filename for file in card.attachments] == ["event.webp"]
    await world.alice.click(card, label="Going")
    world.clock[0] += timedelta(seconds=2)
    await world.deliver()
    edited = card_in(world.events)
    assert [file.filename for file in edited.attachments] == ["event.webp"]
    assert roster(edited) == "**Going 1/2**\nAlice\n[Going]"
