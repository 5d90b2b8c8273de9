"""What becomes of drafts: published once, discarded, changed late, found again; in a channel that can take them."""

from datetime import timedelta

import discord
import simcord
from sqlalchemy import select

from db import guilds
from db.models import Event
from tests.feature.announcing import (
    CARD,
    DRAFT_GONE,
    NOT_ALLOWED,
    TYPED,
    announced,
    another_server,
    button_ids,
    card_in,
    defaults,
    event_row,
    forged,
    forged_form,
    only_text,
    restarted,
    typed_in,
)
from tests.feature.conftest import World, words


async def test_a_discarded_draft_is_gone(world: World) -> None:
    await world.set_up()
    preview = await typed_in(world)
    assert preview.response is not None
    ids = button_ids(preview.response)
    discarded = await world.mod.click(preview.response, label="Discard")
    assert words(discarded.response) == "Discarded."
    assert await event_row(world) is None
    for custom_id in ids.values():
        assert only_text(await forged(world.mod, preview.response, custom_id)) == DRAFT_GONE


async def test_publishing_twice_posts_once_and_a_later_change_gets_a_sentence(world: World) -> None:
    await world.set_up()
    preview = await typed_in(world)
    assert preview.response is not None
    await world.mod.click(preview.response, label="Publish")
    for deed in ("publish", "change", "discard"):
        assert only_text(await forged(world.mod, preview.response, f"event-draft:1:{deed}")) == DRAFT_GONE
    await world.deliver()
    assert len(world.events.history()) == 1


async def test_a_draft_whose_time_passed_is_not_published(world: World) -> None:
    await world.set_up()
    preview = await typed_in(world)
    assert preview.response is not None
    world.clock[0] += timedelta(days=30)
    refused = await world.mod.click(preview.response, label="Publish")
    assert only_text(refused) == "The time of this draft has passed. Press *Change* and give a new one."
    await world.deliver()
    assert world.events.last_message is None
    assert defaults(await world.mod.click(preview.response, label="Change")) == TYPED


async def test_a_plain_members_forged_press_changes_nothing(world: World) -> None:
    card = await announced(world)
    await typed_in(world)
    for deed in ("publish", "change", "discard"):
        refused = await forged(world.alice, card, f"event-draft:2:{deed}")
        assert refused.modal is None
        assert only_text(refused) == NOT_ALLOWED
    assert only_text(await forged_form(world.alice, world.general, "event-form:2:0abc")) == NOT_ALLOWED
    draft = await event_row(world, 2)
    assert draft is not None and draft.status == "draft"


async def test_a_draft_of_another_server_is_not_there(world: World) -> None:
    await world.set_up()
    await typed_in(world)
    there = await another_server(world)
    card = await announced(there)
    for deed in ("publish", "change", "discard"):
        refused = await forged(there.mod, card, f"event-draft:1:{deed}")
        assert refused.modal is None
        assert only_text(refused) == DRAFT_GONE
    await forged_form(there.mod, there.general, "event-form:1:0abc", title="Taken over")
    async with world.bot.database.read() as session:
        drafts = await session.scalars(select(Event).where(Event.status == "draft").order_by(Event.id))
        assert [(draft.guild_id, draft.title) for draft in drafts] == [
            (world.guild.id, TYPED["title"]),
            (there.guild.id, "Taken over"),  # a new draft of their own server
        ]


async def test_a_form_that_comes_in_after_its_draft_was_published_becomes_a_new_draft(world: World) -> None:
    await world.set_up()
    preview = await typed_in(world)
    assert preview.response is not None
    change = await world.mod.click(preview.response, label="Change")
    await world.mod.click(preview.response, label="Publish")
    late = await world.mod.submit_modal(change, TYPED | {"title": "Another evening"})
    assert late.response is not None and "## Another evening" in words(late.response)
    async with world.bot.database.read() as session:
        events = await session.scalars(select(Event).order_by(Event.id))
        assert [(event.status, event.title) for event in events] == [
            ("open", TYPED["title"]),
            ("draft", "Another evening"),
        ]


async def test_a_form_that_was_open_during_a_restart_is_not_lost(world: World) -> None:
    await world.set_up()
    form = await world.mod.slash(world.general, "event create")
    await restarted(world)
    preview = await world.mod.submit_modal(form, TYPED)
    assert preview.response is not None and CARD in words(preview.response)
    await restarted(world)
    change = await world.mod.click(preview.response, label="Change")
    await restarted(world)
    changed = await world.mod.submit_modal(change, TYPED | {"title": "Koto night"})
    assert changed.response is not None and changed.response.id == preview.response.id
    await restarted(world)
    await world.mod.click(changed.response, label="Publish")
    await world.deliver()
    assert "## Koto night\n" in words(card_in(world.events))


async def closed_channel(world: World) -> simcord.ChannelHandle:
    """A channel in which the bot may not speak, chosen for events although the bot warned of it."""
    me = world.guild.me
    assert me is not None
    muted = world.guild.create_text_channel("muted", overwrites={me: discord.PermissionOverwrite(send_messages=False)})
    await world.set_up(events_channel=muted)
    return muted


async def test_nothing_is_published_into_a_channel_where_the_bot_may_not_speak(world: World) -> None:
    await world.set_up()
    preview = await typed_in(world)
    assert preview.response is not None
    muted = await closed_channel(world)
    sentence = f"I can't post in <#{muted.id}> yet. Please allow me there: Send Messages."
    assert only_text(await world.mod.click(preview.response, label="Publish")) == sentence
    assert only_text(await world.mod.slash(world.general, "event create")) == sentence
    await world.set_up()
    await world.mod.click(preview.response, label="Publish")
    await world.deliver()
    assert CARD in words(card_in(world.events))


async def test_a_channel_that_is_gone_is_said_to_be_gone(world: World) -> None:
    await world.set_up()
    async with world.bot.database.write() as session:
        settings = await guilds.settings(session, world.guild.id)
        settings.events_channel_id = 1
    result = await world.mod.slash(world.general, "event create")
    assert only_text(result) == "The channel chosen for this is gone. A moderator can choose another with `/setup`."


async def test_a_draft_whose_preview_is_gone_is_offered_again(world: World) -> None:
    await world.set_up()
    await typed_in(world)
    offer = await world.mod.slash(world.general, "event create")
    assert offer.ephemeral and words(offer.response) == (
        "You began to announce **Cherry blossom evening** and did not publish it.\n"
        "[Go on with it]\n[Start a new one]\n[Discard it]"
    )
    assert offer.response is not None
    new = await world.mod.click(offer.response, label="Start a new one")
    assert (new.modal is not None, set(defaults(new).values())) == (True, {""})
    preview = await world.mod.click(offer.response, label="Go on with it")
    assert CARD in words(preview.response)
    world.clock[0] += timedelta(days=1, seconds=1)
    assert (await world.mod.slash(world.general, "event create")).modal is not None
