"""What is coming up and what was, found and looked at; and calling it off."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.events.rsvp import Choice
from db.models import EventPicture
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
from tests.feature.changing import LINK, answered, made, set_answer, set_columns, shown_by, standing
from tests.feature.conftest import World, words

HITACHI = 2112708


async def test_the_list_shows_title_time_seats_and_a_link_to_the_card(world: World) -> None:
    none = await world.alice.slash(world.general, "event list")
    assert only_text(none) == "Nothing is coming up. Moderators announce events with `/event create`."
    second = await announced(world, title="Koto night", when="2026-12-08 19:00", capacity="", where="")
    first = await announced(world)
    await announced(world, title="Soon over", when="2026-11-23 10:00")
    await typed_in(world, title="Only a draft")
    await world.alice.click(first, label="Going")
    await answered(world, 5)
    await set_answer(world, 5, guests=3)
    world.clock[0] += timedelta(days=3)
    listed = await world.alice.slash(world.general, "event list")
    address = f"{LINK}/{world.guild.id}/{world.events.id}"
    assert listed.ephemeral
    assert words(listed.response) == (
        "### Coming up\n"
        f"**[Cherry blossom evening]({address}/{first.id})** · <t:1796518800:F> · Botanical Gardens · going 1/2\n"
        f"**[Koto night]({address}/{second.id})** · <t:1796778000:F> · going 4"
    )


async def test_cancelling_edits_the_card_and_takes_the_event_off_the_list(world: World) -> None:
    card = await announced(world)
    [choice] = await world.mod.autocomplete(world.general, "event cancel", "event", "cherry")
    assert choice == {"name": "Cherry blossom evening · Sat, Dec 5, 2026", "value": "id:1"}
    cancelled = await world.mod.slash(world.general, "event cancel", event=choice["value"], reason="It *rains*.")
    assert only_text(cancelled) == (
        "**Cherry blossom evening** is cancelled. Its card says so, and those who may come are told."
    )
    await world.deliver()
    shown = card_in(world.events)
    assert shown.id == card.id
    assert words(shown).startswith("## ~~Cherry blossom evening~~\n**Cancelled**: It \\*rains\\*.\n")
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
        "That event is over, so there is nothing to change any more.",
    ]


async def test_my_events_are_those_i_host_or_answered_and_not_those_i_declined(world: World) -> None:
    await world.set_up()
    start = world.bot.now() + timedelta(days=1)
    for number, title in enumerate(("Going", "Waiting", "Maybe", "Declined", "Unanswered", "Hosted", "Over"), start=1):
        await made(world, title, start + timedelta(hours=number), capacity=1)
    await set_columns(world, 6, host_user_id=world.alice.id)
    for event_id, choice in ((1, "going"), (2, "going"), (3, "maybe"), (4, "no"), (7, "going")):
        await answered(world, 99, event_id=event_id)
        await answered(world, world.alice.id, Choice(choice), event_id)
    await set_columns(world, 7, starts_at=start - timedelta(days=3), ends_at=start - timedelta(days=2))
    listed = await world.alice.slash(world.general, "event list", which="mine")
    assert titles(listed) == ["### My events", "Going", "Waiting", "Maybe", "Hosted"]
    nothing = await world.bob.slash(world.general, "event list", which="mine")
    assert only_text(nothing) == ("There is no such event. `/event list` without options shows what is coming up.")


def titles(result: Any) -> list[str]:
    """The heading of a list, its titles, and what stands below them."""
    lines = words(result.response).split("\n")
    return [re.sub(r"^\*\*\[?(.+?)(\]\(.*?\))?\*\* · .*", r"\1", line) for line in lines]


async def test_past_events_come_the_latest_first_and_cancelled_ones_are_on_no_list(world: World) -> None:
    now = world.bot.now()
    for days, title in ((-9, "First"), (-5, "Second"), (-2, "Third"), (3, "To come")):
        await made(world, title, now + timedelta(days=days))
    await made(world, "Called off", now - timedelta(days=4), status="cancelled")
    await made(world, "Draft", now - timedelta(days=4), status="draft")
    await made(world, "Elsewhere", now - timedelta(days=4), guild_id=5)
    await made(world, "Going on", now - timedelta(hours=1))
    listed = await world.alice.slash(world.general, "event list", which="past")
    assert titles(listed) == ["### Past events", "Third", "Second", "First"]
    assert titles(await world.alice.slash(world.general, "event list")) == ["### Coming up", "Going on", "To come"]


async def test_the_list_is_narrowed_by_track_and_by_the_city_that_an_event_is_in_or_about(world: World) -> None:
    await announced(world, description="With friends from Hitachi.")
    soon = world.bot.now() + timedelta(days=1)
    await made(world, "In Hitachi", soon, place_id=HITACHI, track="arts_culture")
    await made(world, "At home", soon + timedelta(hours=1), track="arts_culture")
    by_city = await world.alice.slash(world.general, "event list", city=f"id:{HITACHI}")
    assert titles(by_city) == ["### Coming up", "In Hitachi", "Cherry blossom evening"]
    by_track = await world.alice.slash(world.general, "event list", track="arts_culture")
    assert titles(by_track) == ["### Coming up · Arts & Culture", "In Hitachi", "At home"]
    both = await world.alice.slash(world.general, "event list", track="arts_culture", city=f"id:{HITACHI}")
    assert titles(both) == ["### Coming up · Arts & Culture", "In Hitachi"]
    typed = await world.alice.slash(world.general, "event list", city="Hitachi")
    assert only_text(typed) == "Please pick one from the list that appears while you type."


async def test_more_than_twelve_events_are_turned_page_by_page(world: World) -> None:
    now = world.bot.now()
    for number in range(1, 27):
        await made(world, f"Event {number}", now + timedelta(days=number), track="arts_culture")
        await made(world, f"Past {number}", now - timedelta(days=number))
    first = await world.alice.slash(world.general, "event list", track="arts_culture")
    heading = "### Coming up · Arts & Culture"
    assert titles(first) == [heading, *(f"Event {n}" for n in range(1, 13)), "-# Page 1 of 3", "[Later]"]
    second = await world.alice.click(shown_by(first), label="Later")
    assert titles(second) == [heading, *(f"Event {n}" for n in range(13, 25)), "-# Page 2 of 3", "[Earlier]", "[Later]"]
    third = await world.alice.click(shown_by(second), label="Later")
    assert titles(third) == [heading, "Event 25", "Event 26", "-# Page 3 of 3", "[Earlier]"]
    world.clock[0] += timedelta(days=20)  # fewer are left: the last page that is there is shown
    shown = await world.alice.click(shown_by(third), label="Earlier")
    assert titles(shown) == [heading, *(f"Event {n}" for n in range(20, 27))]
    past = await world.alice.slash(world.general, "event list", which="past")
    older = await world.alice.click(shown_by(past), label="Older")
    assert titles(older)[-2:] == ["[Newer]", "[Older]"]


async def test_twelve_events_with_the_longest_titles_and_places_fit_on_a_page(world: World) -> None:
    for number in range(12):
        start = world.bot.now() + timedelta(days=number + 1)
        await made(world, "[*_~`|" * 16 + "1234", start, location="<@1>\\" * 40, capacity=100_000)
    listed = await world.alice.slash(world.general, "event list")
    assert len(words(listed.response).split("\n")) == 13


async def test_events_are_picked_by_words_of_their_title_with_the_day_in_the_readers_language(world: World) -> None:
    now = world.bot.now()
    await made(world, "Dinner for Plzeň and friends", datetime(2026, 12, 6, 1, 0, tzinfo=UTC))
    await made(world, "Dinner", now - timedelta(days=2))
    await made(world, "Dinner called off", now + timedelta(days=1), status="cancelled")
    await made(world, "x" * 100, now + timedelta(days=2))

    async def named(command: str, typed: str) -> list[str]:
        choices = await world.mod.autocomplete(world.general, f"event {command}", "event", typed)
        return [choice["name"] for choice in choices]

    coming = "Dinner for Plzeň and friends · Sat, Dec 5, 2026"
    assert await named("cancel", "plzen DIN") == [coming]
    assert await named("edit", "inner") == []
    assert await named("view", "dinner") == [
        "Dinner called off · Mon, Nov 23, 2026",
        coming,
        "Dinner · Fri, Nov 20, 2026",
    ]
    assert await named("share", "xx") == ["x" * 79 + "… · Tue, Nov 24, 2026"]
    there = await another_server(world)
    assert await there.mod.autocomplete(there.general, "event view", "event", "") == []


async def test_one_event_is_looked_at_privately_with_its_buttons_which_work(world: World) -> None:
    card = await announced(world)
    viewed = await world.alice.slash(world.general, "event view", event="id:1")
    assert viewed.ephemeral and words(viewed.response) == words(card)
    await world.alice.click(shown_by(viewed), label="Going")
    assert await standing(world) == [(world.alice.id, "going")]


async def test_one_event_is_looked_at_in_the_readers_language_where_it_has_that(world: World) -> None:
    await announced(world)
    await set_columns(world, second_language="en", second_title="Hanami", second_description="")
    viewed = await world.alice.slash(world.general, "event view", event="id:1")
    assert words(viewed.response).startswith("## Hanami\n")


async def test_one_event_is_shown_to_everyone_as_it_is_now_with_a_link_to_its_card(world: World) -> None:
    card = await announced(world)
    viewed = await world.alice.slash(world.general, "event view", event="id:1", private=False)
    assert not shown_by(viewed).ephemeral
    shown = words(viewed.response)
    assert shown.startswith("## Cherry blossom evening\n")
    assert shown.endswith(f"\n-# As of <t:{int(world.bot.now().timestamp())}:f>.\n[Answer on its card]")
    assert f"{LINK}/{world.guild.id}/{world.events.id}/{card.id}" in str(shown_by(viewed).components)


async def test_a_picture_is_shown_with_every_view_of_an_event(world: World) -> None:
    await announced(world)
    await set_columns(world, picture_alt="Cherry trees in bloom")
    async with world.bot.database.write() as session:
        session.add(EventPicture(event_id=1, content=b"webp"))
    assert await world.bot.events.picture(world.guild.id, 1) == b"webp"
    assert await world.bot.events.picture(5, 1) is None
    for private in (True, False):
        viewed = await world.alice.slash(world.general, "event view", event="id:1", private=private)
        assert [file.filename for file in shown_by(viewed).attachments] == ["event.webp"]
