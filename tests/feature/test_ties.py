"""`/city tie …`, as moderators and members use it."""

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from sqlalchemy import func, select

from bot.client import SisterCityBot
from bot.lookup.search import CityIndex
from bot.members import Member
from bot.ties.corrections import Ends, Scene, add_tie, edit_tie, withdraw_tie
from bot.ties.facts import Facts, Said
from bot.ties.history import tie_history
from bot.ties.imports import export_ties, import_ties
from db.models import Partnership, TieChange
from tests.feature.announcing import announced, forged
from tests.feature.conftest import BIRMINGHAM, World, words

HITACHI = "id:2112708"
OSLO = "id:3143244"
PAGE = "https://news.example/2026/oslo"

NOT_LISTED = "These two are not listed as partners. Add them with `/city tie add`."
NOTHING_OF_ITS_OWN = "This server has said nothing of its own about these two, so there is nothing to take back."
NOTHING_CHANGED = "Nothing was changed here yet: this server sees what all servers see."

ADDED = (
    "### Added for this server\n"
    "🇺🇸 **Birmingham** · Alabama, United States\n"
    "🇳🇴 **Oslo** · Norway\n"
    "friendship city · active as of November 22, 2026 · signed May 2026 · confirmed\n"
    f"-# {PAGE}; Signed in the town hall.\n"
    "-# Only this server sees it so; it wins over what others see.\n"
    "-# All changes: `/city tie history`\n"
    "[Birmingham, Alabama, US]\n"
    "[Oslo, NO]\n"
    "[Undo]"
)


async def tie(world: World, action: str, actor: simcord.MemberActor | None = None, **options: Any) -> str:
    """What `/city tie …` answers a moderator, privately; Birmingham and Hitachi unless others are named."""
    ends = {"city": BIRMINGHAM, "partner": HITACHI}
    result = await (actor or world.mod).slash(world.general, f"city tie {action}", **(ends | options))
    assert result.ephemeral and result.response is not None
    return words(result.response)


async def add_oslo(world: World, **options: Any) -> str:
    """A moderator adds Oslo."""
    said = {"kind": "friendship", "signed": "2026-05", "source": PAGE, "note": "Signed in the town hall."}
    return await tie(world, "add", **({"partner": OSLO} | said | options))


async def card(world: World, channel: simcord.ChannelHandle, actor: simcord.MemberActor, city: str) -> str:
    """A city's card as a member of a server sees it."""
    result = await actor.slash(channel, "city view", city=city, private=True)
    assert result.response is not None
    return words(result.response)


async def history(world: World, **options: Any) -> str:
    """What `/city tie history` of Birmingham tells a member."""
    result = await world.alice.slash(world.general, "city tie history", **({"city": BIRMINGHAM} | options))
    assert result.ephemeral and result.response is not None
    return words(result.response)


async def counts(world: World) -> list[int]:
    """How many ties are servers' own, and how many changes are remembered."""
    async with world.bot.database.read() as session:
        own = select(func.count()).select_from(Partnership).where(Partnership.guild_id.is_not(None))
        changes = select(func.count()).select_from(TieChange)
        return [await session.scalar(query) or 0 for query in (own, changes)]


async def test_an_added_tie_is_on_the_card_here_and_nowhere_else(world: World) -> None:
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    carol = elsewhere.add_member(world.env.create_user("Carol"))
    before = await card(world, world.general, world.alice, OSLO)
    answer = await add_oslo(world)

    assert answer == ADDED
    assert "**Birmingham**" not in before
    after = await card(world, world.general, world.alice, OSLO)
    assert "**Birmingham**, Alabama" in after
    assert "signed May 2026" in after
    assert await card(world, channel, carol, OSLO) == before


@pytest.mark.parametrize("action", ["add", "edit", "end", "withdraw"])
async def test_a_plain_member_is_refused_with_a_sentence(world: World, action: str) -> None:
    given = {"add": {"kind": "sister", "source": PAGE}, "edit": {"kind": "partner"}, "end": {"source": PAGE}}
    answer = await tie(world, action, world.alice, **given.get(action, {}))

    assert answer == "This is for moderators. You need the Manage Server permission, or the server's moderator role."
    assert await counts(world) == [0, 0]


async def test_the_moderator_role_may_change_ties(world: World) -> None:
    helpers = world.guild.create_role("Helpers")
    await world.set_up(moderator_role=helpers)
    carol = world.guild.add_member(world.env.create_user("Carol"), roles=[helpers])

    assert (await tie(world, "edit", carol, kind="partner")).startswith("### Corrected for this server\n")


async def test_a_tie_that_is_listed_already_is_pointed_to_edit(world: World) -> None:
    sentence = "These two are listed as partners already. Correct what is said of them with `/city tie edit`."
    by_seed = await tie(world, "add", kind="sister", source=PAGE)
    await add_oslo(world)

    assert by_seed == sentence
    assert await add_oslo(world) == sentence
    assert await counts(world) == [1, 1]


async def test_an_edit_changes_what_is_given_and_keeps_the_rest(world: World) -> None:
    answer = await tie(world, "edit", kind="partner", source="Mayor's letter of 2026")

    assert answer == (
        "### Corrected for this server\n"
        "🇺🇸 **Birmingham** · Alabama, United States\n"
        "🇯🇵 **Hitachi** · Ibaraki, Japan\n"
        "partner city · active as of 2017 · signed April 23, 1982 · confirmed\n"
        "-# Mayor's letter of 2026\n"
        "-# Only this server sees it so; it wins over what others see.\n"
        "-# All changes: `/city tie history`\n"
        "[Birmingham, Alabama, US]\n"
        "[Hitachi, Ibaraki, JP]\n"
        "[Undo]"
    )
    shown = await card(world, world.general, world.alice, HITACHI)
    assert "partner city" in shown.partition("**Birmingham**")[2]


async def test_a_dash_takes_a_wrong_date_away(world: World) -> None:
    assert "· signing date not known ·" in await tie(world, "edit", signed="-")
    assert "· signed 1983 ·" in await tie(world, "edit", signed="1983")


async def test_an_edit_that_changes_nothing_says_so(world: World) -> None:
    answers = [await tie(world, "edit"), await tie(world, "edit", kind="sister", signed="1982-04-23")]

    sentence = (
        "That is what is listed already. Say what should be different: kind, signed, state, confidence, source or a "
        "note."
    )
    assert answers == [sentence] * 2
    assert await counts(world) == [0, 0]


async def test_an_ended_tie_is_struck_through_here_and_loses_its_place_in_searches_until_undone(world: World) -> None:
    async def offered() -> set[str]:
        return {choice["value"] for choice in await world.alice.autocomplete(world.general, "sister", "city", "")}

    await world.set_up()
    first = await offered()
    ended = await world.mod.slash(
        world.general, "city tie end", city=BIRMINGHAM, partner=HITACHI, source=PAGE, since="2025-03", reason="A vote."
    )
    assert ended.response is not None
    answer, later = words(ended.response), await offered()
    shown = await card(world, world.general, world.alice, HITACHI)
    await world.mod.click(ended.response, label="Undo")

    assert "\nsister city · ended as of March 2025 · signed April 23, 1982 · confirmed\n" in answer
    assert f"-# {PAGE}; A vote.\n" in answer
    assert "~~**Birmingham**~~" in shown
    assert [HITACHI in some for some in (first, later, await offered())] == [True, False, True]


async def test_an_added_partner_of_the_home_city_comes_first_in_searches_also_after_a_restart(
    world: World, index: CityIndex
) -> None:
    async def first(actor: simcord.MemberActor, channel: simcord.ChannelHandle) -> set[str]:
        choices = await actor.autocomplete(channel, "sister", "city", "")
        return {choice["value"] for choice in choices[:16]}

    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    helpers = elsewhere.create_role("Helpers", permissions=discord.Permissions(manage_guild=True))
    carol = elsewhere.add_member(world.env.create_user("Carol"), roles=[helpers])
    await world.set_up()
    await carol.slash(channel, "setup", home_city=BIRMINGHAM)
    await add_oslo(world)
    await tie(world, "end", source=PAGE)
    now = [await first(world.alice, world.general), await first(carol, channel)]
    old = world.bot
    again = SisterCityBot(old.settings, old.database, clock=lambda: world.clock[0], index=index)
    await world.env.restart_bot(again)
    later = [await first(world.alice, world.general), await first(carol, channel)]

    assert [(OSLO in some, HITACHI in some) for some in now] == [(True, False), (False, True)]
    assert later == now


async def test_the_clocks_of_events_follow_what_the_server_says(world: World) -> None:
    await world.set_up()
    await add_oslo(world)
    await tie(world, "end", source=PAGE, state="suspended")
    event = await announced(world)

    shown = await world.alice.click(event, label="All clocks")

    assert shown.response is not None
    clocks = words(shown.response)
    assert [name for name in ("Oslo", "Maebashi", "Plzeň") if name not in clocks] == []
    assert "Hitachi" not in clocks


async def test_a_suspended_tie_rests_from_today_unless_a_day_is_given(world: World) -> None:
    assert "\nsister city · suspended as of November 22, 2026 ·" in await tie(
        world, "end", source=PAGE, state="suspended"
    )


async def test_taking_back_shows_what_all_servers_see(world: World) -> None:
    nothing = await tie(world, "withdraw")
    before = await card(world, world.general, world.alice, HITACHI)
    await tie(world, "end", source=PAGE)
    answer = await tie(world, "withdraw")

    assert nothing == NOTHING_OF_ITS_OWN
    assert answer.startswith("### Taken back for this server\n")
    assert "\nsister city · active as of 2017 · signed April 23, 1982 · confirmed\n" in answer
    assert "\n-# This is what all servers see.\n" in answer
    assert await card(world, world.general, world.alice, HITACHI) == before
    assert await counts(world) == [0, 2]


async def test_taking_back_a_tie_that_nobody_else_names_takes_it_off_the_card(world: World) -> None:
    await add_oslo(world)
    answer = await tie(world, "withdraw", partner=OSLO)

    assert "\nNobody else names this tie, so it is no longer listed here.\n" in answer
    assert "**Birmingham**" not in await card(world, world.general, world.alice, OSLO)


async def test_only_a_listed_tie_can_be_corrected_ended_or_taken_back(world: World) -> None:
    answers = [
        await tie(world, "edit", partner=OSLO, kind="sister"),
        await tie(world, "end", partner=OSLO, source=PAGE),
        await tie(world, "withdraw", partner=OSLO),
    ]

    assert answers == [NOT_LISTED, NOT_LISTED, NOTHING_OF_ITS_OWN]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"partner": BIRMINGHAM}, "A city cannot be its own partner. Pick two different cities."),
        (
            {"partner": "qqqqqq"},
            "I don't know a city called “qqqqqq”. Type its first letters and pick it from the list; if it is missing "
            "there, the people who run this bot can add it.",
        ),
        ({"partner": "id:1"}, "That city is no longer in my list. Please search for it again by its name."),
        (
            {"signed": "May 2026"},
            "“May 2026” is no date. Give a year, a month or a day, like 1982, 1982-04 or 1982-04-23.",
        ),
        ({"signed": "2027"}, "2027 is still to come. Give the day on which it happened."),
        ({"source": "ftp://files.example/x"}, "A link must begin with http:// or https:// and name a site. "
         "You can also give a few words instead."),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_and_nothing_is_written(
    world: World, options: dict[str, str], sentence: str
) -> None:
    assert await add_oslo(world, **options) == sentence
    assert await counts(world) == [0, 0]


async def test_the_answer_can_be_for_everybody(world: World) -> None:
    result = await world.mod.slash(
        world.general, "city tie edit", city=BIRMINGHAM, partner=HITACHI, kind="partner", private=False
    )
    shown = await world.alice.slash(world.general, "city tie history", city=BIRMINGHAM, private=False)

    assert (result.ephemeral, shown.ephemeral) == (False, False)


async def test_undo_puts_a_tie_back_step_by_step_and_is_remembered(world: World) -> None:
    await tie(world, "edit", kind="partner")
    ended = await world.mod.slash(world.general, "city tie end", city=BIRMINGHAM, partner=HITACHI, source=PAGE)
    assert ended.response is not None
    await world.mod.click(ended.response, label="Undo")
    first = words(ended.response)
    await world.mod.click(ended.response, label="Undo")

    assert first.startswith("### Corrected for this server\n")
    assert "\npartner city · active as of 2017 ·" in first
    assert "\npartner city · ended as of November 22, 2026 ·" in words(ended.response)
    assert await counts(world) == [1, 4]


async def test_undo_of_the_first_change_takes_the_servers_word_back(world: World) -> None:
    edited = await world.mod.slash(world.general, "city tie edit", city=BIRMINGHAM, partner=HITACHI, kind="partner")
    assert edited.response is not None
    ends = words(edited.response).split("\n")[1:3]
    await world.mod.click(edited.response, label="Undo")
    undone = words(edited.response)
    await world.mod.click(edited.response, label="Undo")

    assert undone.startswith("### Taken back for this server\n")
    assert words(edited.response).startswith("### Corrected for this server\n")
    assert "\npartner city · active" in words(edited.response)
    assert ends == ["🇺🇸 **Birmingham** · Alabama, United States", "🇯🇵 **Hitachi** · Ibaraki, Japan"]
    assert [text.split("\n")[1:3] for text in (undone, words(edited.response))] == [ends, ends]


@pytest.mark.parametrize("city", ["", ":0", ":3068160"])
async def test_an_undo_that_names_no_city_of_the_tie_works_all_the_same(world: World, city: str) -> None:
    edited = await world.mod.slash(world.general, "city tie edit", city=BIRMINGHAM, partner=HITACHI, kind="partner")
    assert edited.response is not None
    async with world.bot.database.read() as session:
        change = (await session.scalars(select(TieChange))).one()
    await forged(world.mod, edited.response, f"tie-undo:{change.id}{city}")

    assert words(edited.response).startswith("### Taken back for this server\n")


async def test_undo_is_for_moderators_and_for_the_last_change_alone(world: World) -> None:
    public = await world.mod.slash(
        world.general, "city tie edit", city=BIRMINGHAM, partner=HITACHI, kind="partner", private=False
    )
    assert public.response is not None
    refused = await world.alice.click(public.response, label="Undo")
    await tie(world, "edit", signed="1983")
    late = await world.mod.click(public.response, label="Undo")

    assert refused.response is not None and late.response is not None
    assert words(refused.response).startswith("This is for moderators.")
    assert words(late.response) == "This tie was changed again since. See `/city tie history`."
    assert await counts(world) == [1, 2]


@pytest.mark.parametrize("number", [0, 999, 9_999_999_999])
async def test_a_forged_undo_says_so(world: World, number: int) -> None:
    edited = await world.mod.slash(world.general, "city tie edit", city=BIRMINGHAM, partner=HITACHI, kind="partner")
    pressed = await press_forged(world, edited, f"tie-undo:{number}")

    assert pressed == "That change is not in this server's history. See `/city tie history`."


async def test_a_change_of_another_server_cannot_be_undone(world: World) -> None:
    elsewhere = world.env.create_guild("Elsewhere")
    async with world.bot.database.write() as session:
        values = {"kind": "sister", "state": "ended", "confidence": "confirmed", "sources": "x:1", "notes": ""}
        change = TieChange(guild_id=elsewhere.id, place_a_id=2112708, place_b_id=4049979, action="end",
                           changed_by_user_id=1, changed_at=world.clock[0], **values)  # fmt: skip
        session.add(change)
    edited = await world.mod.slash(world.general, "city tie edit", city=BIRMINGHAM, partner=HITACHI, kind="partner")

    assert await press_forged(world, edited, f"tie-undo:{change.id}") == (
        "That change is not in this server's history. See `/city tie history`."
    )


async def press_forged(world: World, asked: simcord.InteractionResult, custom_id: str) -> str:
    """What a moderator is told who presses a button whose id is not one that we would send now."""
    public = await world.mod.slash(world.general, "city view", city=BIRMINGHAM)
    assert public.response is not None
    stored = world.env.backend.get_message(public.response.channel_id, public.response.id)
    stored.components = [{"type": 1, "components": [{"type": 2, "style": 2, "label": "Old", "custom_id": custom_id}]}]
    pressed = await world.mod.click(public.response, label="Old")
    assert pressed.response is not None
    return words(pressed.response)


async def test_the_history_says_who_changed_what_and_when_the_newest_first(world: World) -> None:
    empty = await history(world)
    await tie(world, "edit", kind="partner", signed="-")
    world.clock[0] += timedelta(days=1)
    await tie(world, "end", source=PAGE)
    await tie(world, "withdraw")
    await add_oslo(world)

    mod, then, later = f"<@{world.mod.user.id}>", 1_795_363_200, 1_795_449_600
    assert empty == NOTHING_CHANGED
    oslo = [
        f"**Oslo** · added by {mod} <t:{later}:R>",
        "friendship city · active as of November 23, 2026 · signed May 2026 · confirmed",
        f"-# {PAGE}; Signed in the town hall.",
    ]
    hitachi = [
        f"**Hitachi** · taken back by {mod} <t:{later}:R>",
        "partner city → sister city · ended as of November 23, 2026 → active as of 2017 "
        "· signing date not known → signed April 23, 1982",
        f"**Hitachi** · marked as ended by {mod} <t:{later}:R>",
        "active as of 2017 → ended as of November 23, 2026",
        f"-# {PAGE}",
        f"**Hitachi** · corrected by {mod} <t:{then}:R>",
        "sister city → partner city · signed April 23, 1982 → signing date not known",
    ]
    head = ["### What this server changed", "🇺🇸 **Birmingham** · Alabama, United States"]
    assert (await history(world)).split("\n") == [*head, *oslo, *hitachi]
    pair = await history(world, partner=HITACHI)
    assert pair.split("\n") == [*head, "🇯🇵 **Hitachi** · Ibaraki, Japan", *hitachi]
    seen_from_oslo = await history(world, city=OSLO)
    assert seen_from_oslo.split("\n")[2] == f"**Birmingham** · added by {mod} <t:{later}:R>"


async def test_a_tie_that_was_added_and_taken_back_is_told_as_it_was(world: World) -> None:
    await add_oslo(world)
    await tie(world, "withdraw", partner=OSLO)
    await add_oslo(world, signed="2025")

    lines = (await history(world, partner=OSLO)).split("\n")
    assert [line.partition(" by ")[0] for line in lines[3:]][:5] == [
        "**Oslo** · added",
        "friendship city · active as of November 22, 2026 · signed 2025 · confirmed",
        f"-# {PAGE}; Signed in the town hall.",
        "**Oslo** · taken back",
        "no longer listed",
    ]


async def test_an_addition_stays_one_when_all_servers_come_to_see_it(world: World) -> None:
    await add_oslo(world)
    text = await export_ties(world.bot.database, world.guild.id)
    await import_ties(world.bot.database, text.replace(",active,", ",ended,").encode(), world.clock[0])

    assert (await history(world)).split("\n")[3] == (
        "friendship city · active as of November 22, 2026 · signed May 2026 · confirmed"
    )


async def test_a_long_history_has_pages(world: World) -> None:
    for number in range(9):
        await tie(world, "edit", signed=f"19{50 + number}", source=f"Letter {number}")
    asked = await world.alice.slash(world.general, "city tie history", city=BIRMINGHAM)
    assert asked.response is not None
    first = words(asked.response)
    await world.alice.click(asked.response, label="Next page")
    second = words(asked.response)
    await world.alice.click(asked.response, label="Previous page")

    assert first.count("**Hitachi**") == 8
    assert first.endswith("-# Page 1 of 2\n[Next page]")
    assert second.count("**Hitachi**") == 1
    assert second.endswith("signed April 23, 1982 → signed 1950\n-# Letter 0\n-# Page 2 of 2\n[Previous page]")
    assert words(asked.response) == first


async def test_the_history_of_one_server_is_not_seen_in_another(world: World) -> None:
    await add_oslo(world)
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    carol = elsewhere.add_member(world.env.create_user("Carol"))
    result = await carol.slash(channel, "city tie history", city=BIRMINGHAM)

    assert result.response is not None
    assert words(result.response) == NOTHING_CHANGED


async def test_what_a_moderator_writes_formats_nothing_and_pings_nobody(world: World) -> None:
    answer = await add_oslo(world, source="**@everyone** <@1>", note="# Big\n[x](y) `code`")

    assert "\n-# \\*\\*@\u200beveryone\\*\\* \\<@1>; # Big \\[x\\](y) \\`code\\`\n" in answer


async def test_the_partners_of_the_chosen_city_are_offered(world: World) -> None:
    async def offered(typed: str, **filled: str) -> list[str]:
        choices = await world.mod.autocomplete(world.general, "city tie edit", "partner", typed, **filled)
        return [choice["name"] for choice in choices]

    await add_oslo(world)
    everything = await offered("", city=BIRMINGHAM)

    assert len(everything) == 15
    assert everything[:2] == sorted(everything)[:2]
    assert {"Hitachi, Ibaraki, JP", "Oslo, NO"} <= set(everything)
    assert await offered("hita", city=BIRMINGHAM) == ["Hitachi, Ibaraki, JP"]
    assert await offered("zzzz", city=BIRMINGHAM) == []
    assert (await offered("hitachi"))[0] == "Hitachi, Ibaraki, JP"
    assert (await offered("hitachi", city="Birm"))[0] == "Hitachi, Ibaraki, JP"


async def test_ties_are_corrected_in_servers_only(world: World) -> None:
    result = await world.alice.user.slash("city tie history", city=BIRMINGHAM)

    assert result.response is not None
    assert words(result.response) == (
        "This works in servers only. In a direct message you can look cities up with `/city view`."
    )


async def test_the_commands_go_with_their_file(world: World) -> None:
    await world.bot.unload_extension("cogs.ties")
    without = {command.qualified_name for command in world.bot.tree.walk_commands()}
    await world.bot.load_extension("cogs.ties")
    again = {command.qualified_name for command in world.bot.tree.walk_commands()}

    assert [name for name in without if name.startswith("city tie")] == []
    assert {name for name in again if name.startswith("city tie ")} == {
        f"city tie {name}" for name in ("add", "edit", "end", "withdraw", "history")
    }


async def test_of_a_very_long_history_the_newest_part_is_told_and_begins_right(world: World) -> None:
    database, index, ends = world.bot.database, world.bot.index, Ends(BIRMINGHAM, HITACHI)
    scene = Scene(world.guild.id, Member(1, "", manages_server=True), world.clock[0])
    for number in range(102):
        await edit_tie(database, index, scene, ends, Said(signed=str(1900 + number)))
    told = await tie_history(database, index, world.guild.id, BIRMINGHAM, None)

    signed = [(change.before and change.before.signed, change.after and change.after.signed) for change in told.changes]
    assert signed == [(str(1900 + number - 1), str(1900 + number)) for number in range(101, 1, -1)]
    assert told.more


async def test_many_at_once_leave_one_row_and_a_whole_history(world: World) -> None:
    database, index, guild_id = world.bot.database, world.bot.index, world.guild.id
    ends = Ends(BIRMINGHAM, OSLO)

    def scene(user_id: int) -> Scene:
        return Scene(guild_id, Member(user_id, "", manages_server=True), world.clock[0])

    adding = (add_tie(database, index, scene(n), ends, Said(kind="sister", source=PAGE)) for n in range(8))
    added = await asyncio.gather(*adding, return_exceptions=True)
    editing = (edit_tie(database, index, scene(n), ends, Said(signed=f"19{50 + n}")) for n in range(8))
    await asyncio.gather(*editing)
    backs = await asyncio.gather(
        *(withdraw_tie(database, index, scene(n), ends) for n in range(4)), return_exceptions=True
    )

    assert sorted(type(answer).__name__ for answer in added) == ["BadInput"] * 7 + ["ChangedTie"]
    assert sorted(type(answer).__name__ for answer in backs) == ["ChangedTie"] + ["NotFound"] * 3
    assert await counts(world) == [0, 10]
    told = await tie_history(database, index, guild_id, BIRMINGHAM, OSLO)
    edits = [change for change in told.changes if change.action == "edit"]
    assert sorted(change.user_id for change in edits) == list(range(8))
    # Each change begins where the one before it ended: none was decided on what was there too early.
    for newer, older in zip(told.changes, told.changes[1:], strict=False):
        assert newer.before == older.after
    assert told.changes[-1].before is None
    assert told.changes[0].after is None
    assert isinstance(edits[0].after, Facts)
