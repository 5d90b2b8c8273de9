"""Words to those whose place in line changes without a press, and the seats of members who left."""

from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord

from bot.client import SisterCityBot
from bot.events.leavers import check_members
from bot.events.rsvp import Choice
from bot.posting.outbox import LEASE, Outbox
from bot.settings import Settings, load_settings
from db import events, outbox
from db.models import EventPicture
from tests.feature.around import (
    AT_START,
    OPEN,
    REMINDER,
    START,
    TITLE,
    answers,
    at,
    chores,
    full_house,
    going,
    held,
    pinged,
    queued,
    said,
    work,
    written_to,
)
from tests.feature.conftest import World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NEAR = START - 9 * HOUR
PROMOTED = (
    f"A seat opened, and it is yours: you are now going to **{TITLE}**, {AT_START}. "
    "If you cannot come, please press *Can't go* on the event, so that the next in line moves up."
)
UNTIL = int((NEAR + 2 * HOUR).timestamp())
OFFERED = (
    f"A seat opened at **{TITLE}**, {AT_START}. It is held for you until <t:{UNTIL}:t> (<t:{UNTIL}:R>): "
    "press *My answer* on the event to take it, or to leave it to the next."
)
LAPSED = (
    f"The seat that was held for you at **{TITLE}** is held no longer, for its time has passed. "
    "If you still want to come, press the first button on the event again."
)


def offered(until: int) -> str:
    """The offer of a seat, held until then, as its member reads it."""
    return f"{OFFERED.replace(str(UNTIL), str(until))}\n{OPEN}"


async def test_a_crash_between_a_promotion_and_its_notice_loses_and_doubles_nothing(world: World) -> None:
    _, (alice, _, chiyo, _) = await full_house(world)
    await going(world, alice, choice=Choice.NO)
    dead = Outbox(world.bot)
    async with world.bot.database.write() as session:
        await outbox.claim(session, world.bot.now(), world.bot.now() + LEASE, dead.owner, 8)
    await work(world)
    assert written_to(world, chiyo) == []
    for _ in range(2):
        world.clock[0] += LEASE
        await work(world)
    assert written_to(world, chiyo) == [f"{PROMOTED}\n{OPEN}"]
    assert [row.outcome for row in await queued(world, "promotion")] == ["sent"]


async def test_near_the_start_a_seat_is_offered_and_held_and_then_passed_on(world: World) -> None:
    _, (alice, _, chiyo, dana) = await full_house(world, offer_hours=2, reminder_minutes="")
    world.clock[0] = NEAR
    await going(world, alice, choice=Choice.NO)
    await work(world)
    assert (written_to(world, chiyo), written_to(world, dana)) == ([offered(UNTIL)], [])
    assert (await chores(world))["offers"] == NEAR + 2 * HOUR
    await at(world, NEAR + 2 * HOUR - MINUTE)
    assert written_to(world, dana) == []
    await at(world, NEAR + 2 * HOUR)
    assert written_to(world, chiyo) == [offered(UNTIL), f"{LAPSED}\n{OPEN}"]
    assert written_to(world, dana) == [offered(UNTIL + 7200)]
    assert (await chores(world))["offers"] == NEAR + 4 * HOUR
    assert await answers(world) == {"Alice": "no", "Bob": "going", "Chiyo": "no", "Dana": "offered"}
    await going(world, dana)
    await at(world, NEAR + 5 * HOUR)
    assert await answers(world) == {"Alice": "no", "Bob": "going", "Chiyo": "no", "Dana": "going"}
    assert len(written_to(world, dana)) == 1
    assert (await chores(world))["offers"] is None


async def test_an_offer_that_ends_with_the_deadline_does_not_ask_to_answer_again(world: World) -> None:
    _, (alice, _, chiyo, _) = await full_house(world, offer_hours=2, reminder_minutes="", deadline=NEAR + HOUR)
    world.clock[0] = NEAR
    await going(world, alice, choice=Choice.NO)
    await work(world)
    await at(world, NEAR + HOUR)
    assert written_to(world, chiyo)[1:] == [f"{LAPSED.split('. If')[0]}.\n{OPEN}"]


async def test_an_offer_that_was_taken_before_the_notice_went_out_is_not_announced(world: World) -> None:
    _, (alice, _, chiyo, _) = await full_house(world, offer_hours=2)
    world.clock[0] = NEAR
    await going(world, alice, choice=Choice.NO)
    await going(world, chiyo)
    await work(world)
    assert written_to(world, chiyo) == []


async def test_where_names_are_hidden_closed_messages_lead_to_a_word_that_names_nobody(world: World) -> None:
    _, (alice, _, chiyo, _) = await full_house(world, hide_roster=True)
    await going(world, alice, choice=Choice.NO)
    path = f"/channels/{chiyo.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, message="Cannot send messages")
    await work(world)
    assert said(world.events) == [
        f"A seat opened at **{TITLE}**. If you are in line, press *My answer* on the event to see whether it is yours."
        f"\n{OPEN}"
    ]
    assert pinged(world, world.events) == [[]]


async def test_the_young_are_told_nothing_when_a_seat_opens(world: World) -> None:
    _, (alice, _, chiyo, _) = await full_house(world, track="youth_education")
    await going(world, alice, choice=Choice.NO)
    await work(world)
    assert (said(world.events), written_to(world, chiyo)) == ([], [])
    assert await answers(world) == {"Alice": "no", "Bob": "going", "Chiyo": "going", "Dana": "waiting"}


async def test_the_young_are_given_a_seat_near_the_start_for_an_offer_would_pass_unheard_of(world: World) -> None:
    _, (alice, _, chiyo, _) = await full_house(world, track="youth_education", offer_hours=2)
    world.clock[0] = NEAR
    await going(world, alice, choice=Choice.NO)
    await at(world, NEAR + 3 * HOUR)
    assert written_to(world, chiyo) == []
    assert await answers(world) == {"Alice": "no", "Bob": "going", "Chiyo": "going", "Dana": "waiting"}


# Members who left.


async def test_a_seat_that_falls_to_somebody_who_left_goes_on_to_the_next_and_nothing_is_said(world: World) -> None:
    _, (alice, _, chiyo, dana) = await full_house(world)
    world.guild.remove_member(chiyo)
    await going(world, alice, choice=Choice.NO)
    await work(world)
    assert await answers(world) == {"Alice": "no", "Bob": "going", "Dana": "going"}
    assert (written_to(world, chiyo), written_to(world, dana)) == ([], [f"{PROMOTED}\n{OPEN}"])
    assert said(world.events) == []


@pytest.mark.parametrize(("before", "reminders"), [(HOUR, "60"), (timedelta(0), "")])
async def test_who_left_is_found_out_before_a_reminder_and_at_the_start(
    world: World, before: timedelta, reminders: str
) -> None:
    _, (alice, bob, chiyo, _) = await full_house(world, reminder_minutes=reminders)
    world.guild.remove_member(alice)
    world.guild.remove_member(chiyo)
    await at(world, START - before)
    seat = "offered" if before else "waiting"  # after the start nobody moves up
    assert await answers(world) == {"Bob": "going", "Dana": seat}
    if before:
        assert said(world.events)[0] == f"{REMINDER}\n<@{bob.id}> <@{world.guild.member_ids()[-1]}>\n{OPEN}"


@pytest.mark.parametrize(("status", "code"), [(503, 0), (404, 0), (404, 10004)])  # the last: unknown server
async def test_a_discord_that_does_not_say_who_is_there_does_not_keep_a_reminder_back(
    world: World, status: int, code: int
) -> None:
    await held(world)
    await going(world, world.alice)
    world.env.inject_error("GET", "/guilds/*/members/*", status=status, code=code, times=None)
    await at(world, START - HOUR)
    assert (len(said(world.events)), await answers(world)) == (1, {"Alice": "going"})


async def test_a_discord_that_answers_slowly_does_not_keep_a_reminder_back(world: World) -> None:
    await full_house(world)
    await check_members(world.bot, world.guild.id, 1, within=0)
    assert await answers(world) == {"Alice": "going", "Bob": "going", "Chiyo": "waiting", "Dana": "waiting"}


async def test_a_notice_waits_for_a_discord_that_does_not_say_who_is_there(world: World) -> None:
    _, (alice, _, chiyo, _) = await full_house(world)
    await going(world, alice, choice=Choice.NO)
    world.env.inject_error("GET", "/guilds/*/members/*", status=503)
    await work(world)
    assert (written_to(world, chiyo), (await answers(world))["Chiyo"]) == ([], "going")
    await at(world, world.bot.now() + MINUTE)
    assert written_to(world, chiyo) == [f"{PROMOTED}\n{OPEN}"]


async def test_without_the_intent_nobody_hears_at_once_that_a_member_left(world: World) -> None:
    await held(world)
    await going(world, world.alice)
    world.guild.remove_member(world.alice)
    await world.env.settle()
    assert (world.bot.intents.members, await answers(world)) == (False, {"Alice": "going"})


class TestWithTheIntent:
    """The operator has switched the members intent on."""

    @pytest.fixture
    def settings(self, database_url: str) -> Settings:
        return load_settings({"DATABASE_URL": database_url, "MEMBERS_INTENT": "1"})

    @pytest.fixture
    def simcord_bot(self, settings: Settings, database: Any, clock: Any, index: Any) -> SisterCityBot:
        return SisterCityBot(settings, database, clock=lambda: clock[0], index=index)

    async def test_a_member_who_leaves_frees_the_seat_at_once(self, world: World) -> None:
        _, (alice, _, chiyo, _) = await full_house(world)
        world.guild.remove_member(alice)
        await world.env.settle()
        assert await answers(world) == {"Bob": "going", "Chiyo": "going", "Dana": "waiting"}
        await work(world)
        assert written_to(world, chiyo) == [f"{PROMOTED}\n{OPEN}"]

    async def test_who_came_to_an_event_that_is_over_stays_on_its_list(self, world: World) -> None:
        await full_house(world)
        world.clock[0] = START + timedelta(days=1)
        world.guild.remove_member(world.alice)
        await world.env.settle()
        assert (await answers(world))["Alice"] == "going"


# The card.


async def test_the_first_card_calls_the_role_that_the_organiser_chose_and_further_ones_call_nobody(
    world: World,
) -> None:
    role = world.guild.create_role("Volunteers", mentionable=True)
    card = await held(world, ping_role_id=role.id)
    stored = world.env.backend.get_message(world.events.id, card.id)
    assert (stored.ping_role_ids, stored.ping_user_ids, stored.mention_everyone) == ([role.id], [], False)
    assert str(stored.components[0]["content"]) == f"<@&{role.id}>"
    await share(world, world.general)
    [shared] = world.general.history()
    stored = world.env.backend.get_message(world.general.id, shared.id)
    assert (stored.ping_role_ids, len(stored.components)) == ([], 1)


async def share(world: World, channel: simcord.ChannelHandle) -> None:
    """A further card goes to a channel."""
    async with world.bot.database.write() as session:
        outbox.queue(
            session,
            guild_id=world.guild.id,
            channel_id=channel.id,
            kind="event",
            object_id=1,
            dedupe_key=f"event:1:{channel.id}:1",
            due_at=world.bot.now(),
            locale="en-US",
        )
    await work(world)


async def test_a_card_with_a_picture_carries_it_with_its_words_for_who_cannot_see_it(world: World) -> None:
    await held(world)
    async with world.bot.database.write() as session:
        event = await events.event(session, world.guild.id, 1)
        assert event is not None
        event.picture_alt = "Cherry trees in bloom"
        session.add(EventPicture(event_id=1, content=b"RIFF....WEBP"))
    await share(world, world.general)
    [shared] = world.general.history()
    [attachment] = shared.attachments
    assert isinstance(attachment, discord.Attachment)
    assert (attachment.filename, attachment.description) == ("event.webp", "Cherry trees in bloom")
