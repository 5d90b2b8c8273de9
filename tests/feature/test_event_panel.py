"""The organiser's panel: the facts at a glance, notes from members, further cards in other channels."""

import discord

from bot.events.rsvp import Choice
from db.models import CardCopy
from tests.feature.announcing import (
    EVENT_GONE,
    NOT_ALLOWED,
    announced,
    another_server,
    card_in,
    defaults,
    forged,
    only_text,
)
from tests.feature.changing import LINK, answered, crowded, managed, set_answer, set_columns, shown_by
from tests.feature.conftest import World, words


async def test_the_panel_shows_how_an_event_stands(world: World) -> None:
    card = await crowded(world, 2, 1)
    await answered(world, 4, Choice.MAYBE)
    await set_answer(world, 4, note="I bring a koto.")
    await set_columns(world, sequence=2)
    assert words(await managed(world)) == (
        f"### [Cherry blossom evening]({LINK}/{world.guild.id}/{world.events.id}/{card.id})\n"
        "<t:1796518800:F> – <t:1796526000:t>\n"
        "**Going 2/2 · Waiting 1 · Maybe 1**\n"
        "-# Changed 2 times\n"
        "[Edit]\n[Seats]\n[Answers]\n[Attendees]\n[Notes (1)]\n[Check-in]\n[Export]\n[Share here]\n"
        "[Duplicate]\n[Template]\n[More…]\n[Hide names]\n[Cancel event]"
    )


async def test_notes_to_the_organiser_are_read_page_by_page_and_format_nothing(world: World) -> None:
    await announced(world, capacity="")
    panel = await managed(world)
    assert only_text(await world.mod.click(panel, label="Notes (0)")) == "Nobody wrote a note to the organiser."
    for user_id in range(1, 8):
        await answered(world, user_id, Choice.MAYBE if user_id == 2 else Choice.GOING)
        await set_answer(world, user_id, note="# @everyone **hi**" if user_id == 1 else f"Note {user_id}")
    first = await world.mod.click(await managed(world), label="Notes (7)")
    assert first.ephemeral
    assert words(first.response) == (
        "### Notes about Cherry blossom evening\n"
        "**Member 1** · going\n\\# @\u200beveryone \\*\\*hi\\*\\*\n"
        "**Member 2** · maybe\nNote 2\n**Member 3** · going\nNote 3\n**Member 4** · going\nNote 4\n"
        "**Member 5** · going\nNote 5\n-# Page 1 of 2\n[Next page]"
    )
    second = await world.mod.click(shown_by(first), label="Next page")
    assert words(second.response) == (
        "### Notes about Cherry blossom evening\n"
        "**Member 6** · going\nNote 6\n**Member 7** · going\nNote 7\n-# Page 2 of 2\n[Previous page]"
    )


async def test_a_further_card_is_posted_once_and_stays_up_to_date(world: World) -> None:
    await announced(world)
    shared = await world.mod.slash(world.general, "event share", event="id:1", channel=world.stories)
    assert only_text(shared) == f"Its card appears in <#{world.stories.id}>."
    early = await world.mod.slash(world.general, "event share", event="id:1", channel=world.stories)
    assert only_text(early) == f"Its card is on its way to <#{world.stories.id}> already."
    await world.deliver()
    copy = card_in(world.stories)
    again = await world.mod.slash(world.general, "event share", event="id:1", channel=world.stories)
    assert only_text(again) == f"Its card is there already: {LINK}/{world.guild.id}/{world.stories.id}/{copy.id}"
    await world.alice.click(copy, label="Going")
    world.clock[0] = world.clock[0].replace(minute=5)
    await world.deliver()
    assert ["\nAlice\n" in words(card_in(channel)) for channel in (world.events, world.stories)] == [True, True]


async def test_a_further_card_that_was_deleted_while_the_bot_was_away_can_be_shared_anew(world: World) -> None:
    await announced(world)
    lost = CardCopy(message_id=1, guild_id=world.guild.id, channel_id=world.stories.id, event_id=1)
    async with world.bot.database.write() as session:
        session.add(lost)
    again = await world.mod.slash(world.general, "event share", event="id:1", channel=world.stories)
    assert only_text(again) == f"Its card appears in <#{world.stories.id}>."
    await world.deliver()
    assert words(card_in(world.stories)) == words(card_in(world.events))


async def test_a_further_card_that_was_deleted_can_be_shared_anew(world: World) -> None:
    await announced(world)
    await world.mod.slash(world.general, "event share", event="id:1", channel=world.stories)
    await world.deliver()
    await card_in(world.stories).delete()
    again = await world.mod.slash(world.general, "event share", event="id:1", channel=world.stories)
    assert only_text(again) == f"Its card appears in <#{world.stories.id}>."
    await world.deliver()
    assert len(world.stories.history()) == 1


async def test_share_here_posts_in_the_channel_of_the_panel(world: World) -> None:
    card = await announced(world)
    here = await world.mod.click(await managed(world), label="Share here")
    assert only_text(here) == f"Its card is there already: {LINK}/{world.guild.id}/{world.events.id}/{card.id}"


async def test_a_card_is_not_shared_in_a_thread(world: World) -> None:
    card = await announced(world)
    await card.create_thread(name="Talk")
    [thread] = world.events.threads
    form = await world.mod.slash(thread, "event edit", event="id:1")
    panel = await world.mod.submit_modal(form, defaults(form))
    here = await world.mod.click(shown_by(panel), label="Share here")
    assert only_text(here) == "A card can be shared in text channels only. Choose one with `/event share`."


async def test_sharing_needs_the_bots_permission_and_the_members(world: World) -> None:
    await announced(world)
    await set_columns(world, host_user_id=world.alice.id)
    silence = discord.PermissionOverwrite(send_messages=False)
    me = world.guild.me
    assert me is not None
    muted = world.guild.create_text_channel("muted", overwrites={me: silence})
    closed = world.guild.create_text_channel("closed", overwrites={world.alice: silence})
    there = await another_server(world)
    refusals = [
        (world.bob, world.stories.id, NOT_ALLOWED),
        (world.alice, muted.id, f"I can't post in <#{muted.id}> yet. Please allow me there: Send Messages."),
        (world.alice, closed.id, f"You cannot write in <#{closed.id}> yourself, so I won't for you."),
        (there.mod, there.general.id, EVENT_GONE),
    ]
    for actor, channel_id, sentence in refusals:
        channel = next(handle for handle in actor.guild.channels.values() if handle.id == channel_id)
        shared = await actor.slash(
            there.general if actor is there.mod else world.general, "event share", event="id:1", channel=channel
        )
        assert only_text(shared) == sentence


async def test_a_pressed_id_that_was_made_up_changes_nothing(world: World) -> None:
    card = await announced(world)
    for deed in ("edit", "seats", "answers", "cancel", "hide", "names", "share"):
        assert only_text(await forged(world.bob, card, f"event-change:1:{deed}")) == NOT_ALLOWED
    assert only_text(await forged(world.mod, card, "event-change:1:destroy")) == (
        "This is from before an update of the bot. Please use the command again."
    )
