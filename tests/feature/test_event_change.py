"""Changing an event that is published: its words, its times, its seats; who hears of it and who does not."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import BadInput
from bot.events.changes import cancel
from bot.events.corrections import Organising
from bot.events.rsvp import Choice
from bot.members import Member
from tests.feature.announcing import (
    EVENT_GONE,
    NOT_ALLOWED,
    announced,
    another_server,
    card_in,
    defaults,
    forged,
    forged_form,
    only_text,
    restarted,
    typed_in,
)
from tests.feature.changing import (
    AS_TYPED,
    answered,
    chores,
    crowded,
    disabled,
    edited,
    managed,
    queued,
    row_of,
    set_answer,
    set_columns,
    shown_by,
    standing,
)
from tests.feature.conftest import World, words

PLZEN = 3068160
START = datetime(2026, 12, 6, 1, 0, tzinfo=UTC)  # 2026-12-05 19:00 in Birmingham, Alabama


async def test_a_new_time_and_place_reach_the_card_and_those_who_are_going(world: World) -> None:
    await crowded(world, 2, 1)
    form = await world.mod.slash(world.general, "event edit", event="id:1")
    assert defaults(form) == AS_TYPED
    saved = await world.mod.submit_modal(form, AS_TYPED | {"when": "2026-12-05 20:00-21:30", "where": "Town hall"})
    assert words(saved.response).startswith(
        "✅ Saved. Those who may come are told.\n### [Cherry blossom evening](https://"
    )
    await world.deliver()
    shown = words(world.events.history()[0])
    assert "<t:1796522400:F> – <t:1796527800:t>" in shown and "📍 Town hall\n" in shown
    row = await row_of(world)
    assert (row.sequence, row.starts_at, row.ends_at) == (1, START + timedelta(hours=1), START + timedelta(hours=2.5))
    assert await queued(world) == [
        ("change", "change:1:1:0", {"changed": ["time", "place"], "users": [1, 2, 3]}, None),
    ]


async def test_a_change_of_words_is_told_to_nobody(world: World) -> None:
    await crowded(world, 1, 1)
    await edited(world, description="Tea and koto music!", capacity="1")
    assert (await row_of(world)).sequence == 0
    saved = await edited(world, description="Tea and koto music!", title="Cherry blossom night", capacity="1")
    assert words(saved.response).startswith("✅ Saved.\n### [Cherry blossom night](https://")
    assert ((await row_of(world)).sequence, await queued(world)) == (1, [])
    await world.deliver()
    shown = words(card_in(world.events))
    assert shown.startswith("## Cherry blossom night\n") and "\nTea and koto music!\n" in shown


async def test_a_form_sent_as_it_was_opened_changes_nothing_even_in_the_hour_that_comes_twice(world: World) -> None:
    await announced(world)
    twice = datetime(2027, 11, 7, 7, 30, tzinfo=UTC)  # 01:30 in Birmingham for the second time that night
    await set_columns(world, starts_at=twice, ends_at=twice + timedelta(hours=1))
    form = await world.mod.slash(world.general, "event edit", event="id:1")
    assert defaults(form)["when"] == "2027-11-07 01:30-02:30"
    await world.mod.submit_modal(form, defaults(form))
    row = await row_of(world)
    assert (row.starts_at, row.ends_at, row.sequence) == (twice, twice + timedelta(hours=1), 0)


async def test_what_cannot_be_understood_is_kept_and_corrected_even_after_a_restart(world: World) -> None:
    card = await announced(world)
    refused = await edited(world, title="Cherry evening", capacity="many", where="Town hall")
    assert shown_by(refused).ephemeral
    assert words(refused.response) == (
        "“many” is not a number of seats. Type a whole number such as 20, or leave it empty for no limit.\n"
        "-# Nothing you typed is lost, and nothing is changed yet.\n[Correct it]"
    )
    assert (await row_of(world)).title == "Cherry blossom evening"
    await restarted(world)
    again = await world.mod.click(shown_by(refused), label="Correct it")
    assert defaults(again) == AS_TYPED | {"title": "Cherry evening", "capacity": "many", "where": "Town hall"}
    still = await world.mod.submit_modal(again, defaults(again) | {"when": "2026-11-20 20:00", "capacity": "4"})
    assert words(still.response).startswith("That moment is past: I understood **Friday, 20 November 2026, 20:00**")
    last = await world.mod.click(shown_by(still), label="Correct it")
    assert defaults(last)["capacity"] == "4"
    saved = await world.mod.submit_modal(last, defaults(last) | {"when": "2026-12-05 20:00"})
    assert words(saved.response).startswith("✅ Saved. Those who may come are told.\n### [Cherry evening](https://")
    await world.deliver()
    assert (card_in(world.events).id, (await row_of(world)).capacity) == (card.id, 4)
    used_up = await forged(world.mod, card, "event-correct:1:edit:2")
    assert only_text(used_up) == (
        "What you typed is not kept any more. Press *Manage* on the event's card to change it."
    )


async def test_an_ambiguous_date_is_settled_by_pressing_one_of_its_readings(world: World) -> None:
    await announced(world)
    asked = await edited(world, when="05/12/2026 20:00-21:00", where="Town hall")
    assert words(asked.response).endswith(
        "[Saturday, 5 December 2026, 20:00]\n[Tuesday, 12 May 2026, 20:00]\n[Correct it]"
    )
    past = await world.mod.click(shown_by(asked), label="Tuesday, 12 May 2026, 20:00")
    assert words(past.response).startswith("That moment is past: I understood **Tuesday, 12 May 2026, 20:00**")
    again = await world.mod.click(shown_by(past), label="Correct it")
    assert defaults(again) == AS_TYPED | {"when": "05/12/2026 20:00-21:00", "where": "Town hall"}
    asked = await world.mod.submit_modal(again, defaults(again))
    saved = await world.mod.click(shown_by(asked), label="Saturday, 5 December 2026, 20:00")
    assert words(saved.response).startswith("✅ Saved. Those who may come are told.\n")
    row = await row_of(world)
    assert (row.starts_at, row.location) == (START + timedelta(hours=1), "Town hall")


async def test_what_was_typed_into_a_change_is_no_draft_of_a_new_event_and_nobody_elses(world: World) -> None:
    card = await announced(world)
    await edited(world, capacity="many")
    form = await world.mod.slash(world.general, "event create")
    assert form.modal is not None
    await set_columns(world, host_user_id=world.alice.id)
    other = await forged(world.alice, card, "event-correct:1:edit:2")
    assert only_text(other).startswith("What you typed is not kept any more.")


async def test_capacity_raised_by_three_promotes_exactly_three_the_oldest_first(world: World) -> None:
    await crowded(world, 2, 5)
    panel = await managed(world)
    form = await world.mod.click(panel, label="Seats")
    assert defaults(form) == {"capacity": "2", "guests": "0", "hours": "2"}
    saved = await world.mod.submit_modal(form, {"capacity": "5", "guests": "0", "hours": "2"})
    assert words(saved.response).startswith("✅ Saved. 3 members moved up from the waiting list.\n")
    assert await standing(world) == [(n, "going" if n <= 5 else "waiting") for n in range(1, 8)]
    assert await queued(world) == [("promotion", f"promotion:1:{n}:{n}", {}, n) for n in (3, 4, 5)]
    assert (await row_of(world)).sequence == 0


async def test_capacity_lowered_throws_nobody_out_and_the_next_wait(world: World) -> None:
    await crowded(world, 4, 1)
    saved = await edited(world, capacity="2")
    assert words(saved.response).startswith("✅ Saved. 4 seats are taken already, and nobody loses theirs.\n")
    await answered(world, 1, Choice.NO)
    assert await standing(world) == [(2, "going"), (3, "going"), (4, "going"), (5, "waiting"), (1, "no")]
    assert await queued(world) == []


async def test_a_promotion_on_raised_capacity_leaves_a_party_that_does_not_fit_first_in_line(world: World) -> None:
    await crowded(world, 1, 3)
    await set_answer(world, 2, guests=2)
    await edited(world, capacity="3")
    assert await standing(world) == [(1, "going"), (2, "waiting"), (3, "waiting"), (4, "waiting")]
    await edited(world, capacity="")
    assert await standing(world) == [(n, "going") for n in range(1, 5)]


async def test_near_the_start_a_raised_capacity_offers_and_an_earlier_deadline_ends_the_offers_earlier(
    world: World,
) -> None:
    await crowded(world, 1, 2)
    world.clock[0] = START - timedelta(hours=9)  # ten in the morning
    saved = await edited(world, capacity="2")
    assert words(saved.response).startswith("✅ Saved. 1 member moved up from the waiting list.\n")
    assert await standing(world) == [(1, "going"), (2, "offered"), (3, "waiting")]
    assert (await chores(world))["offers"] == world.bot.now() + timedelta(hours=2)
    form = await world.mod.click(await managed(world), label="Answers")
    await world.mod.submit_modal(form, defaults(form) | {"deadline": "2026-12-05 11:00"})
    assert (await chores(world))["offers"] == world.bot.now() + timedelta(hours=1)


async def test_seats_guests_and_hours_that_make_no_sense_are_refused_and_kept(world: World) -> None:
    await announced(world)
    refusals = {
        "capacity": (
            "0",
            "“0” is not a number of seats. Type a whole number such as 20, or leave it empty for no limit.",
        ),
        "guests": ("21", "“21” is not a number from 0 to 20. Type a whole number."),
        "hours": ("-1", "“-1” is not a number from 0 to 24. Type a whole number."),
    }
    typed = {"capacity": "9", "guests": "1", "hours": "3"}
    for field, (text, sentence) in refusals.items():
        form = await world.mod.click(await managed(world), label="Seats")
        refused = await world.mod.submit_modal(form, typed | {field: text})
        assert words(refused.response).startswith(f"{sentence}\n-# Nothing you typed is lost")
        again = await world.mod.click(shown_by(refused), label="Correct it")
        assert defaults(again) == typed | {field: text}
    row = await row_of(world)
    assert (row.capacity, row.max_guests, row.offer_hours) == (2, 0, 2)


async def test_answers_open_and_close_when_the_organiser_says_and_help_is_asked_for(world: World) -> None:
    await announced(world)
    form = await world.mod.click(await managed(world), label="Answers")
    assert defaults(form) == {"opens": "", "deadline": "", "host_family": "", "interpreter": "", "driver": ""}
    typed = {"opens": "2026-11-24 09:00", "deadline": "2026-12-04 18:00", "driver": "2", "interpreter": "0"}
    await world.mod.submit_modal(form, defaults(form) | typed)
    row = await row_of(world)
    assert (row.opens_at, row.deadline, row.volunteers, row.sequence) == (
        datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
        datetime(2026, 12, 5, 0, 0, tzinfo=UTC),
        "driver:2",
        0,
    )
    assert await queued(world) == []
    form = await world.mod.click(await managed(world), label="Answers")
    assert defaults(form) == {**typed, "host_family": "", "interpreter": ""}
    late = await world.mod.submit_modal(form, defaults(form) | {"deadline": "2026-12-05 19:01"})
    assert words(late.response).startswith("Answers open and close before the event begins, <t:1796518800:f>.\n")
    again = await world.mod.click(shown_by(late), label="Correct it")
    swapped = await world.mod.submit_modal(again, defaults(again) | {"deadline": "2026-11-24 08:00"})
    assert words(swapped.response).startswith("Answers must close after they open.\n")
    early = await edited(world, when="2026-11-24 08:00")
    assert words(early.response).startswith("Answers would open only after it begins.")
    cleared = await world.mod.click(shown_by(swapped), label="Correct it")
    await world.mod.submit_modal(cleared, {key: "" for key in defaults(cleared)})
    row = await row_of(world)
    assert (row.opens_at, row.deadline, row.volunteers) == (None, None, "")


async def test_names_are_hidden_and_shown_again_by_a_button_but_never_shown_for_the_young(world: World) -> None:
    await announced(world)
    panel = await managed(world)
    hidden = await world.mod.click(panel, label="Hide names")
    assert (await row_of(world)).hide_roster
    shown = await world.mod.click(shown_by(hidden), label="Show names")
    assert "[Hide names]" in words(shown.response)
    assert not (await row_of(world)).hide_roster
    await set_columns(world, track="youth_education")
    panel = await managed(world)
    assert disabled(panel) == ["Hide names"]


async def test_an_event_that_moves_has_its_reminders_moved(world: World) -> None:
    await announced(world)
    await edited(world, description="New words only")
    assert await chores(world) == {
        "reminder:1440": START - timedelta(days=1),
        "reminder:60": START - timedelta(hours=1),
        "start": START,
        "end": START + timedelta(hours=2),
    }
    await edited(world, when="2026-12-12 19:00-22:00")
    later = START + timedelta(days=7)
    assert await chores(world) == {
        "reminder:1440": later - timedelta(days=1),
        "reminder:60": later - timedelta(hours=1),
        "start": later,
        "end": later + timedelta(hours=3),
    }


async def test_cancelling_from_the_panel_asks_for_a_reason_and_tells_those_who_are_going(world: World) -> None:
    await crowded(world, 2, 2)
    form = await world.mod.click(await managed(world), label="Cancel event")
    cancelled = await world.mod.submit_modal(form, {"reason": "The gardens\nare flooded."})
    told = "Cancelled. Its card says so, and those who may come are told."
    assert words(cancelled.response).startswith(f"✅ {told}\n### [~~Cherry blossom evening~~](https://")
    buttons = [
        button for row in shown_by(cancelled).components[0]["components"] for button in row.get("components", [])
    ]
    assert [button["label"] for button in buttons if button.get("disabled")] == [
        "Edit",
        "Seats",
        "Answers",
        "Share here",
        "More…",
        "Hide names",
        "Cancel event",
    ]
    assert await queued(world) == [("change", "change:1:1:0", {"cancelled": True, "users": [1, 2, 3, 4]}, None)]
    row = await row_of(world)
    assert (row.status, row.cancel_reason, row.sequence) == ("cancelled", "The gardens are flooded.", 1)
    assert {name for name in await chores(world) if name.startswith("reminder")} == set()
    await world.deliver()
    assert "The gardens are flooded." in words(world.events.history()[0])


async def test_cancelled_twice_is_told_so_and_nothing_can_be_changed_after(world: World) -> None:
    await announced(world)
    panel = await managed(world)
    form = await world.mod.click(panel, label="Cancel event")
    second = await world.mod.click(panel, label="Cancel event")
    edit = await world.mod.slash(world.general, "event edit", event="id:1")
    await world.mod.submit_modal(form, {"reason": ""})
    sentence = "That event is cancelled already."
    assert only_text(await world.mod.submit_modal(second, {"reason": "again"})) == sentence
    assert only_text(await world.mod.submit_modal(edit, AS_TYPED | {"title": "Late"})) == sentence
    assert only_text(await world.mod.slash(world.general, "event cancel", event="id:1")) == sentence
    for deed in ("edit", "seats", "answers", "cancel", "hide", "share"):
        assert only_text(await forged(world.mod, panel, f"event-change:1:{deed}")) == sentence
    row = await row_of(world)
    assert (row.title, row.cancel_reason, row.sequence) == ("Cherry blossom evening", "", 1)


async def test_a_cancellation_among_answers_leaves_everyone_where_they_stood_or_had_just_come_to(world: World) -> None:
    await crowded(world, 3, 2)
    before = dict(await standing(world))
    by = Organising(world.guild.id, 1, Member(9, "Mod", manages_events=True), world.bot.now())
    deeds = {1: Choice.NO, 2: Choice.NO, 3: Choice.MAYBE, 6: Choice.GOING, 7: Choice.MAYBE, 8: Choice.GOING}
    presses = [answered(world, user_id, deed) for user_id, deed in deeds.items()]
    outcomes = await asyncio.gather(
        *presses[:3], cancel(world.bot.database, by, "Snow"), *presses[3:], return_exceptions=True
    )
    after, told = dict(await standing(world)), await queued(world)
    refused = {user_id for user_id, outcome in zip(deeds, outcomes[:3] + outcomes[4:], strict=True) if outcome}
    assert {after.get(user_id) for user_id in refused} == {before.get(user_id) for user_id in refused}
    assert all(after[user_id] in (deed, "waiting") for user_id, deed in deeds.items() if user_id not in refused)
    promoted = [user_id for kind, _, _, user_id in told if kind == "promotion"]
    assert [user_id for user_id in (4, 5) if after[user_id] == "going"] == promoted
    assert [key for kind, key, _, _ in told if kind == "change"] == ["change:1:1:0"]
    with pytest.raises(BadInput, match="cancelled"):
        await answered(world, 2, Choice.NO)
    assert await queued(world) == told


async def test_the_host_may_change_an_event_without_being_a_moderator_and_others_may_not(world: World) -> None:
    card = await announced(world)
    for custom_id in ("event-manage:1", "event-change:1:edit", "event-change:1:hide", "event-notes:1:0"):
        assert only_text(await forged(world.alice, card, custom_id)) == NOT_ALLOWED
    form = await forged_form(world.alice, world.general, "event-changing:1:cancel:0:0:aa", reason="Mine")
    assert only_text(form) == NOT_ALLOWED
    assert only_text(await world.alice.slash(world.general, "event edit", event="id:1")) == NOT_ALLOWED
    await set_columns(world, host_user_id=world.alice.id)
    saved = await edited(world, world.alice, where="Town hall")
    assert words(saved.response).startswith("✅ Saved. Those who may come are told.\n")
    assert words(await managed(world, world.alice)).startswith("### [Cherry blossom evening](https://")


async def test_events_of_other_servers_and_drafts_are_not_there(world: World) -> None:
    card = await announced(world)
    await typed_in(world)
    there = await another_server(world)
    for actor, channel, event_id in ((there.mod, there.general, 1), (world.mod, world.general, 2)):
        for command in ("edit", "cancel", "view"):
            assert only_text(await actor.slash(channel, f"event {command}", event=f"id:{event_id}")) == EVENT_GONE
        form = await forged_form(actor, channel, f"event-changing:{event_id}:edit:0:0:aa")
        assert only_text(form) == EVENT_GONE
    for custom_id in ("event-manage:2", "event-change:2:hide", "event-notes:999999999999:0", "event-manage:999999999"):
        assert only_text(await forged(world.mod, card, custom_id)) == EVENT_GONE
    assert ((await row_of(world)).status, (await row_of(world, 2)).status) == ("open", "draft")


async def test_the_past_is_refused_and_of_an_event_that_has_begun_only_the_end_moves(world: World) -> None:
    await announced(world)
    past = await edited(world, when="2026-11-21 19:00")
    assert words(past.response).startswith("That moment is past: I understood **Saturday, 21 November 2026, 19:00**")
    world.clock[0] = START + timedelta(minutes=30)
    begun = "This event has begun: only its end can still be moved, to a later time than now."
    for when in ("2026-12-06 19:00", "2026-12-05 19:00-19:30"):
        assert words((await edited(world, when=when)).response).startswith(begun)
    link = await edited(world, where="https://example.org/call")
    assert words(link.response).startswith("✅ Saved.")
    await edited(world, when="2026-12-05 19:00-23:00", where="https://example.org/call")
    row = await row_of(world)
    assert (row.starts_at, row.ends_at, row.sequence) == (START, START + timedelta(hours=4), 2)
    world.clock[0] = START + timedelta(hours=4)
    over = await world.mod.slash(world.general, "event edit", event="id:1")
    assert only_text(over) == "That event is over, so there is nothing to change any more."


async def test_two_who_change_an_event_at_once_do_not_undo_each_other(world: World) -> None:
    await announced(world)
    mine = await world.mod.slash(world.general, "event edit", event="id:1")
    await edited(world, when="2026-12-05 18:00-20:00")
    second = await world.mod.submit_modal(mine, AS_TYPED | {"title": "Hanami"})
    assert words(second.response).startswith("Somebody else changed this event while you were typing")
    assert (await row_of(world)).starts_at == START - timedelta(hours=1)
    again = await world.mod.click(shown_by(second), label="Correct it")
    assert defaults(again) == AS_TYPED | {"title": "Hanami"}
    await world.mod.submit_modal(again, defaults(again) | {"when": "2026-12-05 18:00-20:00"})
    row = await row_of(world)
    assert (row.title, row.starts_at, row.sequence) == ("Hanami", START - timedelta(hours=1), 2)


@pytest.mark.parametrize("theirs", [{"description": "Bring a cup."}, {"capacity": "9"}])
async def test_text_and_seats_that_another_typed_meanwhile_are_not_lost(world: World, theirs: dict[str, Any]) -> None:
    await announced(world)
    mine = await world.mod.slash(world.general, "event edit", event="id:1")
    await edited(world, **theirs)
    second = await world.mod.submit_modal(mine, AS_TYPED | {"title": "Hanami"})
    assert words(second.response).startswith("Somebody else changed this event while you were typing")
    row = await row_of(world)
    now = {"title": row.title, "description": row.description, "capacity": str(row.capacity)}
    assert now == {key: AS_TYPED[key] for key in now} | theirs


async def test_forms_say_in_which_zone_times_are_typed(world: World) -> None:
    await announced(world)
    await set_columns(world, timezone="Asia/Tokyo")
    form = await world.mod.slash(world.general, "event edit", event="id:1")
    assert form.modal is not None and "When (Asia/Tokyo)" in [part["label"] for part in form.modal["components"]]
    assert defaults(form)["when"] == "2026-12-06 10:00-12:00"
    form = await world.mod.click(await managed(world), label="Answers")
    assert form.modal is not None
    told = [part["description"] for part in form.modal["components"]]
    assert [text for text in told if "in Asia/Tokyo;" in text] == told[:2]


async def test_an_event_about_other_cities_is_found_by_them(world: World) -> None:
    await announced(world, description="With friends from Plzeň.")
    place = await world.mod.slash(world.general, "city view", city="Plzeň")
    assert "Cherry blossom evening" in words(place.response)
    await edited(world, description="With friends from Hitachi.")
    place, other = [await world.mod.slash(world.general, "city view", city=city) for city in ("Plzeň", "Hitachi")]
    assert ["Cherry blossom evening" in words(shown.response) for shown in (place, other)] == [False, True]
    await set_columns(world, place_id=PLZEN)
    await edited(world, description="With friends from far away.")
    place = await world.mod.slash(world.general, "city view", city="Plzeň")
    assert "Cherry blossom evening" in words(place.response)
