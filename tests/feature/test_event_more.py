"""What else is changed about a published event: kind, track, city and picture by options, the rest on a page."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import discord
import pytest
import simcord
from PIL import Image

from db.models import OutboxRow
from tests.feature.announcing import (
    EVENT_GONE,
    NOT_ALLOWED,
    announced,
    another_server,
    card_in,
    defaults,
    event_row,
    forged,
    only_text,
    restarted,
    screen,
)
from tests.feature.changing import answered, chores, managed, queued, set_answer, set_columns
from tests.feature.conftest import BIRMINGHAM, World, words

HITACHI = "id:2112708"
OLD = "This is from before an update of the bot. Please use the command again."


def picture(red: int) -> tuple[str, bytes]:
    """A PNG to attach, of one colour."""
    made = BytesIO()
    Image.new("RGB", (60, 40), (red, 0, 0)).save(made, "PNG")
    return "tree.png", made.getvalue()


async def changed(world: World, actor: simcord.MemberActor | None = None, **options: Any) -> simcord.InteractionResult:
    """`/event edit` of the first event with options."""
    return await (actor or world.mod).slash(world.general, "event edit", event="id:1", **options)


async def redness(message: discord.Message) -> list[int]:
    """How red each picture is that a message holds."""
    reds = []
    for attachment in message.attachments:
        with Image.open(BytesIO(await attachment.read())) as shown:
            reds.append(round(shown.convert("RGB").getpixel((5, 5))[0], -1))  # type: ignore[index]
    return reds


async def work(world: World) -> None:
    """What is to be done about events, then what the other loops do."""
    await world.bot.chores.run_once(world.bot.now())
    await world.deliver()


async def opened(world: World, actor: simcord.MemberActor | None = None) -> simcord.ResponseMessage:
    """The page, reached from the card."""
    panel = await managed(world, actor)
    return screen(await (actor or world.mod).click(panel, label="More…"))


async def choose(world: World, page: Any, field: str, *values: Any) -> simcord.InteractionResult:
    """The moderator chooses on the page; the result shows it."""
    return await world.mod.select(page, values, custom_id=f"event-more:1:{field}")


def organiser(world: World, **rights: bool) -> simcord.MemberActor:
    """Somebody whose role stands below those that are there, with these rights."""
    lead = world.guild.create_role("Lead", permissions=discord.Permissions(manage_events=True, **rights))
    return world.guild.add_member(world.env.create_user("Lea"), roles=[lead])


async def test_kind_track_and_city_are_changed_by_options(world: World) -> None:
    await announced(world, where="Birmingham")
    await set_columns(world, place_id=4049979)
    saved = await changed(world, kind="festival", track="arts_culture", city=HITACHI)
    assert words(saved.response).startswith("✅ Saved. Those who may come are told.\n### [Cherry blossom evening](")
    await world.deliver()
    shown = words(card_in(world.events))
    assert "-# Festival · Arts & Culture · hosted by Mod\n" in shown and "📍 Hitachi\n" in shown
    listed = await world.alice.slash(world.general, "event list", city=HITACHI)
    assert "Cherry blossom evening" in words(listed.response)
    none = await world.alice.slash(world.general, "event list", city=BIRMINGHAM)
    assert "Cherry blossom evening" not in words(none.response)
    await changed(world, track="none")
    row = await event_row(world)
    assert row is not None and (row.kind, row.track, row.place_id, row.sequence) == ("festival", None, 2112708, 1)


async def test_a_place_that_says_more_than_the_city_stays(world: World) -> None:
    await announced(world)
    saved = await changed(world, city=HITACHI)
    assert words(saved.response).startswith("✅ Saved.\n")
    row = await event_row(world)
    assert row is not None and (row.location, row.sequence) == ("Botanical Gardens", 0)
    assert await queued(world) == []


async def test_a_new_picture_reaches_every_copy_once_and_answers_go_on_meanwhile(world: World) -> None:
    card = await announced(world)
    await world.mod.slash(world.general, "event share", event="id:1", channel=world.general)
    await world.deliver()
    saved = await changed(world, image=picture(200), image_description="A tree")
    assert words(saved.response).startswith("✅ Saved.\n")
    pressed = await world.alice.click(card, label="Going")  # the picture is not there yet
    assert only_text(pressed) == "You are going."
    await world.deliver()  # the usual edit comes too early, and Discord refuses it
    await work(world)
    for channel in (world.events, world.general):
        assert await redness(card_in(channel)) == [200]
        assert "Alice" in words(card_in(channel))
    sent = [r for r in world.env.http_requests if r.method == "PATCH" and (r.json or {}).get("attachments")]
    assert len(sent) == 2
    again = await world.bob.click(card_in(world.events), label="Going")
    assert again.followups == []
    await work(world)
    assert await redness(card_in(world.events)) == [200]


async def test_a_picture_is_replaced_described_anew_and_taken_off(world: World) -> None:
    await announced(world)
    await changed(world, image=picture(200), image_description="A tree")
    await work(world)
    await changed(world, image=picture(100), image_description="A bush")
    await restarted(world)
    await work(world)
    assert await redness(card_in(world.events)) == [100]
    await changed(world, image_description="  A   hedge ")
    row = await event_row(world)
    assert row is not None and row.picture_alt == "A hedge"
    page = await opened(world)
    without = await world.mod.click(page, label="Remove the picture")
    assert "[Remove the picture]" not in words(without.response)
    await work(world)
    assert card_in(world.events).attachments == []
    assert await world.bot.events.picture(world.guild.id, 1) is None


async def test_a_copy_that_is_gone_holds_up_no_other(world: World) -> None:
    card = await announced(world)
    await world.mod.slash(world.general, "event share", event="id:1", channel=world.general)
    await world.deliver()
    world.env.inject_error("PATCH", f"/channels/*/messages/{card.id}", status=403, code=50013, times=None)
    await changed(world, image=picture(200), image_description="A tree")
    await work(world)
    assert await redness(card_in(world.general)) == [200]


async def test_a_picture_waits_for_a_card_that_is_just_being_posted(world: World) -> None:
    await announced(world)
    await changed(world, image=picture(200), image_description="A tree")
    async with world.bot.database.write() as session:
        row = await session.get(OutboxRow, 1)
        assert row is not None
        row.done_at, row.outcome, row.lease_until = None, None, world.bot.now().replace(hour=23)
    await world.bot.chores.run_once(world.bot.now())
    assert card_in(world.events).attachments == []
    assert "picture" in await chores(world)


async def test_options_that_cannot_be_used_change_nothing(world: World) -> None:
    await announced(world)
    assert only_text(await changed(world, image_description="A tree")) == (
        "This event has no picture yet. Give one as `image`, with its `image_description`."
    )
    unsaid = await changed(world, kind="festival", image=picture(1))
    assert only_text(unsaid).startswith("Please say in `image_description` what the picture shows")
    broken = await changed(world, kind="festival", image=("tree.png", b"<svg/>"), image_description="A tree")
    assert only_text(broken).startswith("I cannot use that picture.")
    assert only_text(await changed(world, city="Nowhere at all")).startswith("I don't know a city called")
    assert only_text(await changed(world, world.alice, image=picture(1), image_description="A tree")) == NOT_ALLOWED
    there = await another_server(world)
    elsewhere = await there.mod.slash(there.general, "event edit", event="id:1", kind="festival")
    assert only_text(elsewhere) == EVENT_GONE
    row = await event_row(world)
    assert row is not None and (row.kind, row.picture_alt) == ("meeting", None)


async def test_no_picture_is_taken_that_the_bot_may_not_send(world: World) -> None:
    me = world.guild.me
    assert me is not None
    quiet = discord.PermissionOverwrite(attach_files=False)
    world.events = world.guild.create_text_channel("bare", overwrites={me: quiet})
    await announced(world)
    refused = await changed(world, image=picture(200), image_description="A tree")
    assert only_text(refused) == f"I can't post in {world.events.mention} yet. Please allow me there: Attach Files."
    row = await event_row(world)
    assert row is not None and row.picture_alt is None


async def test_the_page_keeps_each_choice_at_once_and_the_card_follows(world: World) -> None:
    await announced(world)
    role = world.guild.create_role("Choir")
    page = await opened(world)
    assert words(page) == (
        "-# Every change is kept at once. City and picture: `/event edit`.\n**Kind**\n**Track**\n**Who may answer**\n"
        "**Role for those who are going**\n**Reminders**\n[Second language…]\n[Thread: no]\n[Back]"
    )
    await choose(world, page, "kind", "webinar")
    await choose(world, page, "answer_role_id", role)
    shown = await choose(world, page, "track", "youth_education")
    assert "Names are hidden and nobody gets a direct message." in words(shown.response)
    await world.deliver()
    card = words(card_in(world.events))
    assert "-# Webinar · Youth & Education · hosted by Mod\n" in card
    assert f"🔒 Only for members with {role.mention}" in card
    back = await world.mod.click(page, label="Back")
    assert words(back.response).startswith("### [Cherry blossom evening](")
    assert await queued(world) == []


async def test_reminders_and_thread_are_planned_anew(world: World) -> None:
    await announced(world)
    assert {"reminder:1440", "reminder:60"} <= (await chores(world)).keys()
    page = await opened(world)
    await choose(world, page, "reminder_minutes", "180")
    planned = await chores(world)
    assert "reminder:180" in planned and not {"reminder:1440", "reminder:60"} & planned.keys()
    shown = await world.mod.click(page, label="Thread: no")
    assert "[Thread: yes]" in words(shown.response)
    await work(world)
    row = await event_row(world)
    assert row is not None and row.thread_id == world.events.history()[0].id
    late = await forged(world.mod, world.events.history()[0], "event-change:1:thread")
    assert only_text(late) == f"This event has its thread already: <#{row.thread_id}>"
    assert "Thread" not in words(await opened(world))


async def test_a_second_language_is_given_and_a_slip_in_it_is_kept(world: World) -> None:
    await announced(world)
    page = await opened(world)
    form = await world.mod.click(page, label="Second language…")
    typed = {"language": "Hungarish", "title": "Cseresznye", "description": "Tea"}
    refused = await world.mod.submit_modal(form, typed)
    assert words(refused.response).startswith("I do not know the language “Hungarish”.")
    again = await world.mod.click(screen(refused), label="Correct it")
    assert defaults(again) == typed
    saved = await world.mod.submit_modal(again, typed | {"language": "Hungarian"})
    assert "**Magyar** Cseresznye\n" in words(saved.response)
    await world.deliver()
    assert "[Magyar]" in words(card_in(world.events))
    filled = await world.mod.click(screen(saved), label="Second language…")
    assert defaults(filled) == typed | {"language": "Magyar"}
    await world.mod.submit_modal(filled, {"language": "", "title": "", "description": ""})
    world.clock[0] += timedelta(minutes=1)  # the card rests after an edit
    await world.deliver()
    assert "[Magyar]" not in words(card_in(world.events))


async def test_the_attendee_role_can_be_another_one_until_somebody_has_it(world: World) -> None:
    world.mod = organiser(world, manage_guild=True, manage_roles=True)
    guests, others = world.guild.create_role("Guests"), world.guild.create_role("Others")  # below those before them
    await announced(world)
    page = await opened(world)
    await choose(world, page, "attendee_role_id", others)
    await choose(world, page, "attendee_role_id", guests)
    await answered(world, world.alice.id)
    await set_answer(world, world.alice.id, has_role=True)
    late = await choose(world, page, "attendee_role_id", others)
    assert only_text(late) == "Members have this event's role already, so it can't be another one any more."
    row = await event_row(world)
    assert row is not None and row.attendee_role_id == guests.id
    assert f"**Role for those who are going**\n{guests.mention}\n" in words(await opened(world))


@pytest.mark.parametrize("rights", [{}, {"manage_roles": True}])
async def test_nobody_comes_into_a_role_above_their_own_by_going_to_their_own_event(
    world: World, rights: dict[str, bool]
) -> None:
    await announced(world)
    admin = world.guild.create_role("Admin", permissions=discord.Permissions(administrator=True))
    lea = organiser(world, **rights)
    page = await opened(world, lea)
    refused = await lea.select(page, [admin], custom_id="event-more:1:attendee_role_id")
    assert only_text(refused) == (
        f"You can't give {admin.mention} to members yourself, so I won't for you. Ask somebody who can, and whose own "
        "role stands above it."
    )
    row = await event_row(world)
    assert row is not None and row.attendee_role_id is None


async def test_ids_that_were_made_up_change_nothing(world: World) -> None:
    card = await announced(world)
    before = await event_row(world)
    page = await opened(world)
    for custom_id, sentence in (
        ("event-more:1:status", OLD),
        ("event-more:1:host_user_id", OLD),
        ("event-change:1:nothing", OLD),
        ("event-change:99:more", EVENT_GONE),
    ):
        assert only_text(await forged(world.mod, card, custom_id)) == sentence
    assert only_text(await forged(world.alice, card, "event-change:1:more")) == NOT_ALLOWED
    assert only_text(await forged(world.alice, card, "event-change:1:thread")) == NOT_ALLOWED
    assert only_text(await forged(world.alice, card, "event-change:1:nopicture")) == NOT_ALLOWED
    await world.mod.slash(world.general, "event cancel", event="id:1")
    closed = "That event is cancelled already."
    assert only_text(await choose(world, page, "kind", "webinar")) == closed
    assert only_text(await world.mod.click(page, label="Thread: no")) == closed
    after = await event_row(world)
    assert before is not None and after is not None
    assert (after.kind, after.host_user_id, after.wants_thread) == (before.kind, before.host_user_id, False)
