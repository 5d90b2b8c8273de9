"""The pages behind the preview: what is chosen is kept at once, shown, and published."""

from datetime import UTC, datetime
from typing import Any

import discord
import simcord

from db.models import Event
from tests.feature.announcing import card_in, defaults, event_row, forged, only_text, restarted, screen, typed_in
from tests.feature.conftest import World, words

DETAILS, ANSWERS, NOTICES, BACK = "Details…", "Answers…", "Roles, reminders…", "Back to the preview"


async def drafted(world: World, **typed: str) -> simcord.ResponseMessage:
    """A draft's preview."""
    await world.set_up()
    preview = (await typed_in(world, **typed)).response
    assert preview is not None
    return preview


async def choose(world: World, preview: Any, page: str, field: str, *values: Any) -> simcord.InteractionResult:
    """The moderator chooses values of a field on a page behind the preview; the result shows that page."""
    await world.mod.click(preview, label=page)
    return await world.mod.select(preview, values, custom_id=f"event-choice:1:{field}")


async def back(world: World, preview: Any) -> str:
    """What the preview shows now."""
    return words((await world.mod.click(preview, label=BACK)).response)


async def draft(world: World) -> Event:
    """The draft as the database has it."""
    row = await event_row(world)
    assert row is not None
    return row


def ticked(message: Any, field: str) -> list[str]:
    """The options of a select that are ticked, or the roles."""
    for row in message.components[0]["components"]:
        for part in row.get("components", []):
            if part.get("custom_id", "").endswith(f":{field}"):
                if "options" in part:
                    return [option["value"] for option in part["options"] if option["default"]]
                return [str(default["id"]) for default in part.get("default_values", [])]
    raise AssertionError(f"no select for {field}")


async def test_kind_and_track_are_kept_at_once_and_stand_on_the_preview(world: World) -> None:
    preview = await drafted(world)
    await choose(world, preview, DETAILS, "kind", "festival")
    page = await world.mod.select(preview, ["arts_culture"], custom_id="event-choice:1:track")
    assert ticked(page.response, "kind") == ["festival"]
    assert ticked(page.response, "track") == ["arts_culture"]
    assert "-# Festival · Arts & Culture · hosted by Mod\n" in await back(world, preview)
    row = await draft(world)
    assert (row.kind, row.track) == ("festival", "arts_culture")


async def test_no_track_takes_the_track_away(world: World) -> None:
    preview = await drafted(world)
    await choose(world, preview, DETAILS, "track", "business_trade")
    await world.mod.select(preview, ["none"], custom_id="event-choice:1:track")
    assert (await draft(world)).track is None


async def test_the_youth_track_hides_the_names(world: World) -> None:
    preview = await drafted(world)
    page = await choose(world, preview, DETAILS, "track", "youth_education")
    assert "Names are hidden and nobody gets a direct message." in words(page.response)
    assert "· Names are hidden\n" in await back(world, preview)


async def test_answers_are_limited_to_a_role_with_guests_and_hours_to_decide(world: World) -> None:
    role = world.guild.create_role("Choir")
    preview = await drafted(world)
    await choose(world, preview, ANSWERS, "answer_role_id", role)
    await world.mod.select(preview, ["2"], custom_id="event-choice:1:max_guests")
    await world.mod.select(preview, ["0"], custom_id="event-choice:1:offer_hours")
    page = await world.mod.click(preview, label="Names: shown")
    assert "[Names: hidden]" in words(page.response)
    assert ticked(page.response, "answer_role_id") == [str(role.id)]
    row = await draft(world)
    assert (row.answer_role_id, row.max_guests, row.offer_hours, row.hide_roster) == (role.id, 2, 0, True)
    await world.mod.select(preview, [], custom_id="event-choice:1:answer_role_id")
    assert (await draft(world)).answer_role_id is None


async def test_everyone_may_answer_where_the_role_of_all_is_chosen(world: World) -> None:
    preview = await drafted(world)
    await choose(world, preview, ANSWERS, "answer_role_id", world.guild.default_role)
    assert (await draft(world)).answer_role_id is None


async def test_reminders_are_the_servers_until_others_are_ticked(world: World) -> None:
    await world.mod.slash(world.general, "setup", reminders="2 days")
    preview = await drafted(world)
    assert "-# Reminders before: 2 days\n" in words(preview)
    page = await choose(world, preview, NOTICES, "reminder_minutes", "server", "10080", "60")
    assert ticked(page.response, "reminder_minutes") == ["10080", "60"]
    assert (await draft(world)).reminder_minutes == "10080,60"
    assert "-# Reminders before: 1 week, 1 hour\n" in await back(world, preview)
    await choose(world, preview, NOTICES, "reminder_minutes", "none")
    assert (await draft(world)).reminder_minutes == ""
    await world.mod.select(preview, [], custom_id="event-choice:1:reminder_minutes")
    assert (await draft(world)).reminder_minutes is None


async def test_an_attendee_role_is_kept_if_bot_and_organiser_can_give_it(world: World) -> None:
    rights = discord.Permissions(manage_events=True, manage_guild=True, manage_roles=True)
    lead = world.guild.create_role("Lead", permissions=rights)
    guests = world.guild.create_role("Guests")  # below those that were there
    refused = await choose(world, await drafted(world), NOTICES, "attendee_role_id", guests)
    assert only_text(refused).startswith(f"You can't give {guests.mention} to members yourself, so I won't for you.")
    world.mod = world.guild.add_member(world.env.create_user("Lea"), roles=[lead])
    preview = await drafted(world)
    await world.mod.click(preview, label=NOTICES)
    page = await world.mod.select(preview, [guests], custom_id="event-choice:2:attendee_role_id")
    assert ticked(page.response, "attendee_role_id") == [str(guests.id)]
    await world.mod.click(preview, label="Thread: no")
    row = await event_row(world, 2)
    assert row is not None and (row.attendee_role_id, row.wants_thread) == (guests.id, True)
    shown = await back(world, preview)
    assert f"-# Reminders before: 24 hours, 1 hour · Attendees get <@&{guests.id}> · With a thread\n" in shown


async def test_a_role_that_the_bot_cannot_give_is_refused_with_the_reason(world: World) -> None:
    high = world.guild.create_role("Board", position=100)
    bots = world.guild.create_role("Some bot", managed=True)
    preview = await drafted(world)
    for role, sentence in (
        (
            high,
            f"{high.mention} stands above my own role, so I can't give it. "
            "Move my role above it under Server Settings → Roles.",
        ),
        (
            bots,
            f"{bots.mention} belongs to an app or to Discord, so nobody can give it to members. Please choose another.",
        ),
        (world.guild.default_role, "Please choose a role that only some members have."),
    ):
        refused = await choose(world, preview, NOTICES, "attendee_role_id", role)
        assert only_text(refused) == sentence
        await back(world, preview)
    assert (await draft(world)).attendee_role_id is None


async def test_the_card_is_published_with_a_ping_only_by_the_button_that_says_so(world: World) -> None:
    friends = world.guild.create_role("Friends of Hitachi", mentionable=True)
    preview = await drafted(world)
    assert "Publish and ping" not in words(preview)
    await choose(world, preview, NOTICES, "ping_role_id", friends)
    assert "[Publish]\n[Publish and ping @Friends of Hitachi]\n[Change]" in await back(world, preview)
    await world.mod.click(preview, label="Publish and ping @Friends of Hitachi")
    await world.deliver()
    card = card_in(world.events)
    assert words(card).startswith(friends.mention)
    stored = world.env.backend.get_message(world.events.id, card.id)
    assert (stored.ping_role_ids, stored.mention_everyone) == ([friends.id], False)


async def test_publish_alone_pings_nobody_though_a_role_was_chosen(world: World) -> None:
    friends = world.guild.create_role("Friends", mentionable=True)
    preview = await drafted(world)
    await choose(world, preview, NOTICES, "ping_role_id", friends)
    await back(world, preview)
    await world.mod.click(preview, label="Publish")
    await world.deliver()
    assert (await draft(world)).ping_role_id is None
    assert words(card_in(world.events)).startswith("## Cherry blossom evening")


async def test_a_role_that_the_bot_may_not_mention_is_said_to_be_so(world: World) -> None:
    me = world.guild.me
    assert me is not None
    quiet = discord.PermissionOverwrite(mention_everyone=False)
    muted = world.guild.create_text_channel("quiet", overwrites={me: quiet})
    board = world.guild.create_role("Board", mentionable=False)
    preview = await drafted(world)
    await world.set_up(events_channel=muted)
    await choose(world, preview, NOTICES, "ping_role_id", board)
    await back(world, preview)
    refused = await world.mod.click(preview, label="Publish and ping @Board")
    assert only_text(refused) == (
        f"I can't ping {board.mention}: let anyone mention it in the role's settings, or give me the permission to "
        f"mention all roles in {muted.mention}. Or press *Publish*, which pings nobody."
    )
    assert (await draft(world)).status == "draft"
    everyone = await choose(world, preview, NOTICES, "ping_role_id", world.guild.default_role)
    assert only_text(everyone) == "Please choose a role that only some members have."


async def test_nobody_pings_by_the_bot_whom_they_could_not_ping_themselves(world: World) -> None:
    board = world.guild.create_role("Board", mentionable=False)
    preview = await drafted(world)
    await choose(world, preview, NOTICES, "ping_role_id", board)
    await back(world, preview)
    refused = await world.mod.click(preview, label="Publish and ping @Board")
    assert only_text(refused) == (
        f"You can't ping {board.mention} yourself, so I won't for you. Ask somebody who can to let anyone mention it "
        "in the role's settings, or press *Publish*, which pings nobody."
    )
    assert (await draft(world)).status == "draft"


async def test_pages_work_after_a_restart(world: World) -> None:
    preview = await drafted(world)
    await world.mod.click(preview, label=DETAILS)
    await restarted(world)
    await world.mod.select(preview, ["webinar"], custom_id="event-choice:1:kind")
    await restarted(world)
    assert "-# Webinar · hosted by Mod\n" in await back(world, preview)


async def test_a_forged_choice_changes_nothing(world: World) -> None:
    preview = await drafted(world)
    for custom_id in ("event-choice:1:status", "event-choice:1:host_user_id", "event-draft:1:nonsense"):
        refused = await forged(world.mod, preview, custom_id)
        assert only_text(refused) == "This is from before an update of the bot. Please use the command again."
    row = await draft(world)
    assert (row.status, row.host_user_id) == ("draft", world.mod.id)


async def form(world: World, preview: Any, page: str, label: str) -> simcord.InteractionResult:
    """One of the small forms, opened from its page."""
    await world.mod.click(preview, label=page)
    return await world.mod.click(preview, label=label)


TIMES, VOLUNTEERS, LANGUAGE = "Opens and closes…", "Volunteers…", "Second language…"
LOST = "-# Nothing you typed is lost.\n"


async def test_times_of_answering_are_typed_like_the_event_itself(world: World) -> None:
    preview = await drafted(world)
    shown = await form(world, preview, ANSWERS, TIMES)
    assert defaults(shown) == {"opens": "", "closes": ""}
    page = await world.mod.submit_modal(shown, {"opens": "tomorrow 9:00", "closes": "Freitag, 4. Dezember, 18 Uhr"})
    assert "Answers open <t:1795446000:F>\nAnswers close <t:1796428800:F>\n" in words(page.response)
    on_preview = await back(world, preview)
    assert (
        "**Answers open** <t:1795446000:f>\n"
        "-# Birmingham, Cobán 9:00 AM · Kingston 10:00 AM · Guédiawaye, Liverpool, Winneba 3:00 PM · "
        "Plzeň, Székesfehérvár 4:00 PM · Gweru, Rosh HaAyin, Vinnytsia 5:00 PM · Al Karak 6:00 PM · "
        "Anshan 11:00 PM · Hitachi, Maebashi 12:00 AM *next day* 🌙\n"
        "**Answers close** <t:1796428800:f>\n"
        "-# Birmingham, Cobán 6:00 PM · Kingston 7:00 PM · Guédiawaye, Liverpool, Winneba 12:00 AM *next day* 🌙 · "
    ) in on_preview
    again = await form(world, preview, ANSWERS, TIMES)
    assert defaults(again) == {"opens": "2026-11-23 09:00", "closes": "2026-12-04 18:00"}
    await world.mod.submit_modal(again, {"opens": "", "closes": ""})
    row = await draft(world)
    assert (row.opens_at, row.deadline) == (None, None)


async def test_an_ambiguous_deadline_is_settled_by_a_button(world: World) -> None:
    preview = await drafted(world)
    shown = await form(world, preview, ANSWERS, TIMES)
    asked = await world.mod.submit_modal(shown, {"opens": "tomorrow 9:00", "closes": "03/12/2026 18:00"})
    assert words(asked.response) == (
        "That date can be read in two ways: **Thursday, 3 December 2026, 18:00** or "
        "**Thursday, 12 March 2026, 18:00**. Type it like **2026-12-03 18:00**, or write the month's name.\n"
        f"{LOST}[Thursday, 3 December 2026, 18:00]\n[Thursday, 12 March 2026, 18:00]\n"
        "[Correct it]\n[Leave it as it was]"
    )
    await restarted(world)
    page = await world.mod.click(preview, label="Thursday, 3 December 2026, 18:00")
    assert "Answers open <t:1795446000:F>\nAnswers close <t:1796342400:F>\n" in words(page.response)


async def test_two_ambiguous_times_are_asked_about_one_after_the_other(world: World) -> None:
    preview = await drafted(world)
    shown = await form(world, preview, ANSWERS, TIMES)
    await world.mod.submit_modal(shown, {"opens": "01/12/2026 9:00", "closes": "03/12/2026 18:00"})
    asked = await world.mod.click(preview, label="Tuesday, 1 December 2026, 09:00")
    assert "[Thursday, 3 December 2026, 18:00]" in words(asked.response)
    page = await world.mod.click(preview, label="Thursday, 3 December 2026, 18:00")
    assert "Answers open <t:1796137200:F>\nAnswers close <t:1796342400:F>\n" in words(page.response)


async def test_times_that_cannot_be_used_are_kept_to_be_corrected(world: World) -> None:
    preview = await drafted(world)
    typed = {"opens": "tomorrow 9:00", "closes": "6 | December 9:00"}
    shown = await form(world, preview, ANSWERS, TIMES)
    refused = await world.mod.submit_modal(shown, typed | {"closes": "6 December 9:00"})
    assert words(refused.response) == (
        "Answers would close after the event has begun. Press *Opens and closes…* and correct it.\n"
        f"{LOST}[Correct it]\n[Leave it as it was]"
    )
    await restarted(world)
    again = await world.mod.click(preview, label="Correct it")
    assert defaults(again) == typed | {"closes": "6 December 9:00"}
    refused = await world.mod.submit_modal(again, typed)
    assert defaults(await world.mod.click(preview, label="Correct it")) == typed | {"closes": "6   December 9:00"}
    page = await world.mod.click(screen(refused), label="Leave it as it was")
    assert "[Opens and closes…]" in words(page.response)
    assert (await draft(world)).opens_at is None


async def test_an_event_moved_before_its_deadline_is_not_published(world: World) -> None:
    preview = await drafted(world)
    shown = await form(world, preview, ANSWERS, TIMES)
    await world.mod.submit_modal(shown, {"opens": "", "closes": "5 December 12:00"})
    await back(world, preview)
    change = await world.mod.click(preview, label="Change")
    moved = await world.mod.submit_modal(change, defaults(change) | {"when": "4 December 19:00"})
    sentence = "Answers would close after the event has begun. Press *Opens and closes…* and correct it."
    assert f"⚠️ {sentence}\n" in words(moved.response)
    assert only_text(await world.mod.click(preview, label="Publish")) == sentence


async def test_a_deadline_that_comes_twice_is_pointed_out_and_one_that_is_skipped_refused(world: World) -> None:
    preview = await drafted(world, when="2027-11-08 19:00")
    shown = await form(world, preview, ANSWERS, TIMES)
    await world.mod.submit_modal(shown, {"opens": "", "closes": "2027-11-07 01:30"})
    assert (
        "⚠️ Clocks go back around when answers open or close: of the two times the first one is meant.\n"
    ) in await back(world, preview)
    row = await draft(world)
    assert row.deadline == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    shown = await form(world, preview, ANSWERS, TIMES)
    refused = await world.mod.submit_modal(shown, {"opens": "2027-03-14 02:30", "closes": ""})
    assert words(refused.response).startswith(
        "**Sunday, 14 March 2027, 02:30** does not exist in America/Chicago: clocks jump forward then."
    )


async def test_volunteers_are_numbers_and_stand_on_the_card(world: World) -> None:
    preview = await drafted(world)
    shown = await form(world, preview, ANSWERS, VOLUNTEERS)
    assert defaults(shown) == {"host_family": "", "interpreter": "", "driver": ""}
    refused = await world.mod.submit_modal(shown, {"host_family": "", "interpreter": "one", "driver": "2"})
    assert words(refused.response) == (
        "“one” is not a number of volunteers. Type a whole number up to 99, or leave it empty for none.\n"
        f"{LOST}[Correct it]\n[Leave it as it was]"
    )
    again = await world.mod.click(preview, label="Correct it")
    assert defaults(again) == {"host_family": "", "interpreter": "one", "driver": "2"}
    page = await world.mod.submit_modal(again, {"host_family": "0", "interpreter": "1", "driver": "2"})
    assert "Wanted: Interpreters 1 · Drivers 2\n" in words(page.response)
    assert "🤝 Help wanted: Interpreters 0/1 · Drivers 0/2\n" in await back(world, preview)


async def test_a_second_language_is_kept_even_if_nobody_knows_the_language(world: World) -> None:
    preview = await drafted(world)
    texts = {"title": "Cseresznyevirág-est", "description": "Tea és koto."}
    shown = await form(world, preview, DETAILS, LANGUAGE)
    refused = await world.mod.submit_modal(shown, {"language": "Hungrian"} | texts)
    assert words(refused.response) == (
        "I do not know the language “Hungrian”. Type its name, such as **Hungarian**, or its code, such as **hu**.\n"
        f"{LOST}[Correct it]\n[Leave it as it was]"
    )
    again = await world.mod.click(preview, label="Correct it")
    assert defaults(again) == {"language": "Hungrian"} | texts
    page = await world.mod.submit_modal(again, {"language": "Hungarian"} | texts)
    assert "**Magyar** Cseresznyevirág-est\n" in words(page.response)
    row = await draft(world)
    assert (row.second_language, row.second_title, row.second_description) == ("hu", *texts.values())
    again = await world.mod.click(preview, label=LANGUAGE)
    assert defaults(again) == {"language": "Magyar"} | texts
    await world.mod.submit_modal(again, {"language": "", "title": "", "description": ""})
    assert (await draft(world)).second_language is None


async def test_a_second_description_needs_a_title(world: World) -> None:
    preview = await drafted(world)
    shown = await form(world, preview, DETAILS, LANGUAGE)
    refused = await world.mod.submit_modal(shown, {"language": "hu", "title": "", "description": "Tea."})
    assert words(refused.response).startswith(
        "A description in a second language needs a title in that language too.\n"
    )
    assert (await draft(world)).second_language is None
