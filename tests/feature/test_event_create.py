"""Announcing an event: the form, the private preview, and everything that can be wrong with either."""

from datetime import timedelta

import pytest

from tests.feature.announcing import (
    CARD,
    CARD_BUTTONS,
    CLOCKS,
    NIGHT,
    NOT_ALLOWED,
    PREVIEW_BUTTONS,
    TYPED,
    announced,
    card_in,
    defaults,
    forged,
    only_text,
    screen,
    typed_in,
)
from tests.feature.conftest import World, message_bodies, words


async def test_the_form_asks_five_things_and_starts_empty(world: World) -> None:
    await world.set_up()
    form = await world.mod.slash(world.general, "event create")
    assert form.modal is not None
    fields = [(label["label"], label["component"]) for label in form.modal["components"]]
    assert [(label, field["required"], field["max_length"], field.get("value")) for label, field in fields] == [
        ("Title", True, 100, None),
        ("When", True, 200, None),
        ("Where", False, 200, None),
        ("Description", False, 1500, None),
        ("Seats", False, 10, None),
    ]


async def test_the_preview_is_private_and_shows_the_card_and_who_sleeps(world: World) -> None:
    await world.set_up()
    preview = await typed_in(world)
    assert preview.ephemeral
    assert words(preview.response) == (
        "-# Only you see this preview.\n"
        f"{CARD}{CLOCKS}"
        "-# Reminders before: 24 hours, 1 hour\n"
        f"{NIGHT}"
        f"[Publish]\n{PREVIEW_BUTTONS}"
    )
    await world.deliver()
    assert world.events.last_message is None


async def test_publishing_posts_the_card_to_the_events_channel(world: World) -> None:
    await world.set_up()
    preview = await typed_in(world)
    assert preview.response is not None
    published = await world.mod.click(preview.response, label="Publish")
    assert words(published.response) == f"Published: its card appears in {world.events.mention}."
    await world.deliver()
    await world.deliver()
    [posted] = world.events.history()
    assert words(posted) == f"{CARD}{CARD_BUTTONS}"
    assert len(world.events.history()) == 1


async def test_two_hours_are_meant_and_no_limit_unless_the_form_says(world: World) -> None:
    await world.set_up()
    shown = words((await typed_in(world, when="5 December 7pm", capacity="", where="", description="")).response)
    assert "<t:1796518800:F> – <t:1796526000:t> (<t:1796518800:R>)\n" in shown
    assert "**Going 0**" in shown
    assert "📍" not in shown


async def test_an_hour_that_comes_twice_is_pointed_out(world: World) -> None:
    await world.set_up()
    shown = words((await typed_in(world, when="2027-11-07 01:30")).response)
    assert "⚠️ Clocks go back around then, so that time comes twice: the first one is meant.\n" in shown


async def test_a_plain_member_gets_a_sentence_instead_of_the_form(world: World) -> None:
    await world.set_up()
    refused = await world.alice.slash(world.general, "event create")
    assert refused.modal is None
    assert only_text(refused) == NOT_ALLOWED


async def test_the_moderator_role_is_enough(world: World) -> None:
    role = world.guild.create_role("Exchange team")
    await world.set_up(moderator_role=role)
    helper = world.guild.add_member(world.env.create_user("Helper"), roles=[role])
    form = await helper.slash(world.general, "event create")
    shown = await helper.submit_modal(form, TYPED)
    assert "[Publish]" in words(shown.response)


async def test_a_server_that_is_not_set_up_hears_of_setup_before_the_form(world: World) -> None:
    refused = await world.mod.slash(world.general, "event create")
    assert refused.modal is None
    assert only_text(refused) == "This server has no time zone yet. A moderator can choose one with `/setup`."
    await world.mod.slash(world.general, "setup", time_zone="Europe/Prague")
    refused = await world.mod.slash(world.general, "event create")
    assert refused.modal is None
    assert only_text(refused) == "This server has no channel for events yet. A moderator can choose one with `/setup`."


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        pytest.param(
            {"when": "2026-13-45 19:00"},
            "I cannot read that as a day and a time. "
            "Type it like **2026-12-06 19:00** or **6 December 2026, 7pm to 9pm**.",
            id="unreadable",
        ),
        pytest.param(
            {"when": "03/04/2027 19:00"},
            "That date can be read in two ways: "
            "**Saturday, 3 April 2027, 19:00** or **Thursday, 4 March 2027, 19:00**. "
            "Type it like **2027-04-03 19:00**, or write the month's name.",
            id="ambiguous",
        ),
        pytest.param(
            {"when": "2026-11-01 19:00"},
            "That moment is past: I understood **Sunday, 1 November 2026, 19:00** (America/Chicago). "
            "Type a later one, like **2026-12-06 19:00**.",
            id="past",
        ),
        pytest.param(
            {"capacity": "many"},
            "“many” is not a number of seats. Type a whole number such as 20, or leave it empty for no limit.",
            id="seats",
        ),
        pytest.param({"title": " \u200b "}, "The event needs a title.", id="blank-title"),
    ],
)
async def test_what_was_typed_is_kept_and_can_be_corrected(world: World, wrong: dict[str, str], sentence: str) -> None:
    await world.set_up()
    readings = "[Saturday, 3 April 2027, 19:00]\n[Thursday, 4 March 2027, 19:00]\n" * ("two ways" in sentence)
    refused = await typed_in(world, **wrong)
    assert refused.ephemeral and refused.response is not None
    assert words(refused.response) == f"{sentence}\n-# Nothing you typed is lost.\n{readings}[Correct it]\n[Discard]"
    form = await world.mod.click(refused.response, label="Correct it")
    assert defaults(form) == {key: text.strip() for key, text in (TYPED | wrong).items()}
    corrected = await world.mod.submit_modal(form, TYPED)
    assert corrected.response is not None and corrected.response.id == refused.response.id
    assert CARD in words(corrected.response)
    await world.mod.click(corrected.response, label="Publish")
    await world.deliver()
    assert CARD in words(card_in(world.events))


@pytest.mark.parametrize(
    ("label", "written", "start", "end"),
    [
        ("Saturday, 3 April 2027, 19:00", "2027-04-03 19:00-21:30", 1_806_796_800, 1_806_805_800),
        ("Thursday, 4 March 2027, 19:00", "2027-03-04 19:00-21:30", 1_804_208_400, 1_804_217_400),
    ],
)
async def test_an_ambiguous_date_is_settled_by_a_button_and_its_end_is_kept(
    world: World, label: str, written: str, start: int, end: int
) -> None:
    await world.set_up()
    asked = await typed_in(world, when="03/04/2027 19:00-21:30")
    assert asked.response is not None
    preview = await world.mod.click(asked.response, label=label)
    assert preview.response is not None and preview.response.id == asked.response.id
    assert f"<t:{start}:F> – <t:{end}:t>" in words(preview.response)
    assert defaults(await world.mod.click(preview.response, label="Change")) == TYPED | {"when": written}


async def test_each_end_of_a_span_can_be_settled(world: World) -> None:
    await world.set_up()
    asked = await typed_in(world, when="03/04/2027 10:00 - 04/04/2027 16:00")
    preview = await world.mod.click(screen(asked), label="Saturday, 3 April 2027, 10:00")
    assert defaults(await world.mod.click(screen(preview), label="Change"))["when"] == (
        "2027-04-03 10:00 - 04/04/2027 16:00"
    )
    form = await world.mod.click(screen(preview), label="Change")
    asked = await world.mod.submit_modal(form, TYPED | {"when": "2027-03-02 10:00 - 03/04/2027 16:00"})
    preview = await world.mod.click(screen(asked), label="Thursday, 4 March 2027, 16:00")
    assert defaults(await world.mod.click(screen(preview), label="Change"))["when"] == (
        "2027-03-02 10:00 - 2027-03-04 16:00"
    )


async def test_the_date_may_be_typed_in_a_partners_language(world: World) -> None:
    await world.set_up()
    shown = words((await typed_in(world, when="Samstag, 5. Dezember, 19 bis 21 Uhr")).response)
    assert "<t:1796518800:F> – <t:1796526000:t> (<t:1796518800:R>)\n" in shown


async def test_change_opens_the_form_filled_in_and_brings_the_preview_up_to_date(world: World) -> None:
    await world.set_up()
    preview = await typed_in(world)
    assert preview.response is not None
    form = await world.mod.click(preview.response, label="Change")
    assert defaults(form) == TYPED
    changed = await world.mod.submit_modal(form, TYPED | {"title": "Koto night", "capacity": "30"})
    assert changed.response is not None and changed.response.id == preview.response.id
    assert "## Koto night\n" in words(changed.response)
    assert "**Going 0/30**" in words(changed.response)


async def test_a_change_for_the_worse_can_be_corrected_too(world: World) -> None:
    await world.set_up()
    preview = await typed_in(world)
    assert preview.response is not None
    form = await world.mod.click(preview.response, label="Change")
    worse = await world.mod.submit_modal(form, TYPED | {"when": "yesterday-ish"})
    assert worse.response is not None and "[Correct it]" in words(worse.response)
    refused = await forged(world.mod, worse.response, "event-draft:1:publish")
    assert only_text(refused) == "The time of this draft has passed. Press *Change* and give a new one."
    assert defaults(await world.mod.click(worse.response, label="Correct it")) == TYPED | {"when": "yesterday-ish"}


async def test_a_title_full_of_mentions_pings_nobody(world: World) -> None:
    title = f"@everyone <@{world.alice.id}> @here"
    card = await announced(world, title=title, where=title, description=title)
    await world.mod.slash(world.general, "event list")
    await world.mod.slash(world.general, "event cancel", event="id:1")
    world.clock[0] += timedelta(seconds=10)
    await world.deliver()
    bodies = message_bodies(world.env)
    assert len(bodies) == 7  # /setup, preview, published, card, list, cancelled, edited card
    assert [body["allowed_mentions"] for body in bodies] == [{"parse": []}] * 7
    stored = world.env.backend.get_message(world.events.id, card.id)
    assert (stored.ping_user_ids, stored.mention_everyone) == ([], False)


async def test_an_event_of_half_a_day_and_more_is_asked_about(world: World) -> None:
    await world.set_up()
    mixed_up = await typed_in(world, when="2026-12-05 19:00-18:00")
    assert "⚠️ It lasts 23 hours. Is that meant?\n" in words(mixed_up.response)
    assert mixed_up.response is not None
    form = await world.mod.click(mixed_up.response, label="Change")
    days = await world.mod.submit_modal(form, TYPED | {"when": "2026-12-05 19:00 to 2026-12-07 18:00"})
    assert "It lasts" not in words(days.response) and "<t:1796688000:f>" in words(days.response)
