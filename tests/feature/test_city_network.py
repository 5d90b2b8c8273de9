"""Two cities side by side, the chain between them, and the network in numbers, as members ask for them."""

from datetime import timedelta
from typing import Any

import pytest
import simcord

from bot.client import SisterCityBot
from bot.lookup.search import CityIndex
from db.models import Event, Feed, Partnership, Story
from tests.feature.conftest import BIRMINGHAM, World, words

HITACHI, PLZEN, NASHVILLE, HOOVER = "id:2112708", "id:3068160", "id:4644585", "id:4067994"

HITACHI_PLZEN = (
    "### How two cities are linked\n"
    "🇯🇵 **Hitachi** · Ibaraki, Japan\n"
    "🇨🇿 **Plzeň** · Czechia\n"
    "-# 2 ties from one to the other · 5,660 mi as the crow flies · 11,610 mi along the ties\n"
    "1. 🇯🇵 **Hitachi** — 🇺🇸 **Birmingham**, Alabama: sister cities, signed April 23, 1982 · 6,710 mi\n"
    "2. 🇺🇸 **Birmingham**, Alabama — 🇨🇿 **Plzeň**: sister or partner cities · 4,900 mi\n"
    "[Hitachi, Ibaraki, JP]\n"
    "[Plzeň, CZ]"
)


def text_of(result: simcord.InteractionResult) -> str:
    """What the answer shows."""
    assert result.response is not None
    return words(result.response)


async def say_of_tie(world: World, a: str, b: str, state: str) -> None:
    """The server says itself how it stands with a tie."""
    first, second = sorted(int(chosen.removeprefix("id:")) for chosen in (a, b))
    async with world.bot.database.write() as session:
        session.add(
            Partnership(
                guild_id=world.guild.id, place_a_id=first, place_b_id=second, kind="sister", state=state,
                confidence="confirmed", signed=None, as_of="2026", sources="page:2026", notes="", origin="moderator",
            )
        )  # fmt: skip


async def test_two_cities_are_compared_for_everybody(world: World) -> None:
    result = await world.alice.slash(world.general, "city compare", city=HITACHI, other=PLZEN)

    assert not result.ephemeral
    assert text_of(result) == (
        "① 🇯🇵 **Hitachi** · Ibaraki, Japan\n"
        "② 🇨🇿 **Plzeň** · Czechia\n"
        "They have no tie with each other.\n"
        "5,660 mi as the crow flies\n"
        "**Population** ① 174,508 · ② 168,733\n"
        "**Local time** ① 🌙 1:00 AM · ② 5:00 PM, −8 h\n"
        "**Partners** ① 1 partner city · ② 1 partner city\n"
        "**Oldest tie signed** ① April 23, 1982 · ② not known\n"
        "### Partners of both (1)\n"
        "🇺🇸 **Birmingham**, Alabama\n"
        "-# ① signed April 23, 1982, active as of 2017\n"
        "-# Of places outside the United States only ties with places in the United States are listed.\n"
        "[Hitachi, Ibaraki, JP]\n"
        "[Plzeň, CZ]"
    )


async def test_both_options_of_each_command_complete_cities(world: World) -> None:
    for command in ("city compare", "city path"):
        for option in ("city", "other"):
            choices = await world.alice.autocomplete(world.general, command, option, "birmingham al")
            assert choices[0] == {"name": "Birmingham, Alabama, US", "value": BIRMINGHAM}


async def test_answers_can_be_for_the_asker_alone(world: World) -> None:
    for command in ("compare", "path"):
        result = await world.alice.slash(
            world.general, f"city {command}", city=BIRMINGHAM, other=NASHVILLE, private=True
        )
        assert result.ephemeral
    assert (await world.alice.slash(world.general, "city stats", private=True)).ephemeral


async def test_the_pages_of_a_comparison_turn_also_after_a_restart(world: World, index: CityIndex) -> None:
    asked = await world.alice.slash(world.general, "city compare", city=BIRMINGHAM, other=NASHVILLE)
    assert asked.response is not None
    old, first = world.bot, text_of(asked)
    await world.env.restart_bot(SisterCityBot(old.settings, old.database, clock=lambda: world.clock[0], index=index))
    await world.bob.click(asked.response, label="Next page")
    second = text_of(asked)
    await world.bob.click(asked.response, label="Previous page")

    assert "**Different partners in the same country** China, Japan, United Kingdom\n" in first
    assert "### Partners of ① Birmingham only (14)\n" in first
    assert "### Partners of ② Nashville only (10)\n" in second
    assert "**Population**" not in second
    assert "-# Page 2 of 2\n[Previous page]" in second
    assert text_of(asked) == first


async def test_the_chain_between_two_cities_is_explained_step_by_step(world: World) -> None:
    result = await world.alice.slash(world.general, "city path", city="hitachi japan", other="Pilsen")

    assert not result.ephemeral
    assert text_of(result) == HITACHI_PLZEN


async def test_other_chains_that_are_as_short_are_a_press_away(world: World) -> None:
    asked = await world.alice.slash(world.general, "city path", city="Honolulu", other="Laredo, Texas")
    assert asked.response is not None
    first = text_of(asked)
    await world.bob.click(asked.response, label="Next page")

    assert "**Chain 1 of 3**\n1. 🇺🇸 **Honolulu**, Hawaii — 🇹🇼 **Kaohsiung**: sister cities, signed 1962" in first
    assert "-# 7 chains are this short. Here are 3: confirmed ties first, then larger cities.\n[Next page]" in first
    assert "**Chain 2 of 3**\n1. 🇺🇸 **Honolulu**, Hawaii — " in text_of(asked)
    assert "\n[Previous page]\n[Next page]\n" in text_of(asked)


async def test_where_nothing_links_two_cities_there_are_ways_on_from_both(world: World) -> None:
    asked = await world.alice.slash(world.general, "city path", city=HOOVER, other=BIRMINGHAM)
    assert asked.response is not None
    offered = text_of(asked)
    await world.alice.click(asked.response, label="Birmingham, Alabama, US")

    assert offered.startswith("### No chain of ties links these two\n🇺🇸 **Hoover** · Alabama, United States\n")
    assert "\nI don't know of any sister cities of it. The closest cities that have some:\n🇺🇸 **Birmingham**" in offered
    assert text_of(asked).startswith("## 🇺🇸 Birmingham\n")


async def test_a_servers_own_word_on_a_tie_counts_there_and_nowhere_else(world: World) -> None:
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    carol = elsewhere.add_member(world.env.create_user("Carol"))
    await say_of_tie(world, BIRMINGHAM, PLZEN, "ended")
    ended = await world.alice.slash(world.general, "city path", city=HITACHI, other=PLZEN)
    compared = await world.alice.slash(world.general, "city compare", city=HITACHI, other=PLZEN)
    there = await carol.slash(channel, "city path", city=HITACHI, other=PLZEN)

    assert "**Birmingham**, Alabama — 🇨🇿 **Plzeň**: sister cities, ended as of 2026 · 4,900 mi\n" in text_of(ended)
    assert "-# No ties that last link them: this chain needs one that is ended or suspended.\n" in text_of(ended)
    assert "**Partners** ① 1 partner city · ② none known\n" in text_of(compared)
    assert text_of(there) == HITACHI_PLZEN


async def test_a_tie_that_a_server_added_makes_a_way_there(world: World) -> None:
    await say_of_tie(world, HOOVER, BIRMINGHAM, "active")
    linked = await world.alice.slash(world.general, "city path", city=HOOVER, other=HITACHI)

    assert "-# 2 ties from one to the other · " in text_of(linked)


@pytest.mark.parametrize("command", ["city compare", "city path"])
async def test_a_city_with_itself_is_refused_with_its_name(world: World, command: str) -> None:
    result = await world.alice.slash(world.general, command, city=BIRMINGHAM, other="Birmingham, Alabama")

    assert result.ephemeral
    assert text_of(result) == "Both are Birmingham, Alabama, US. Please choose two different cities."


@pytest.mark.parametrize("command", ["city compare", "city path"])
async def test_an_id_that_is_no_place_says_so(world: World, command: str) -> None:
    result = await world.alice.slash(world.general, command, city=BIRMINGHAM, other="id:999999999")

    assert result.ephemeral
    assert text_of(result) == "That city is no longer in my list. Please search for it again by its name."


async def test_an_unclear_city_is_asked_for_and_a_press_goes_on_with_it(world: World) -> None:
    path = await world.alice.slash(world.general, "city path", city="hitachy", other=PLZEN)
    comparison = await world.alice.slash(world.general, "city compare", city=PLZEN, other="hitachy")
    assert path.response is not None and comparison.response is not None
    asked = [text_of(path), text_of(comparison)]
    await world.alice.click(path.response, label="Hitachi, Ibaraki, JP")
    await world.alice.click(comparison.response, label="Hitachi, Ibaraki, JP")

    assert path.ephemeral and comparison.ephemeral
    question = "I don't know a city called “hitachy”. Did you mean one of these?\n[Hitachi, Ibaraki, JP]\n"
    assert asked[0].startswith(f"This is about the option `city`:\n{question}")
    assert asked[1].startswith(f"This is about the option `other`:\n{question}")
    assert text_of(path) == HITACHI_PLZEN
    assert text_of(comparison).startswith("① 🇨🇿 **Plzeň** · Czechia\n② 🇯🇵 **Hitachi**")


async def test_two_unclear_cities_are_asked_for_one_after_the_other(world: World) -> None:
    asked = await world.alice.slash(world.general, "city path", city="hitachy", other="nashvile")
    assert asked.response is not None
    question = text_of(asked)
    await world.alice.click(asked.response, label="Hitachi, Ibaraki, JP")

    assert question.startswith("This is about the option `city`:\nI don't know a city called “hitachy”.")
    assert text_of(asked).startswith("## 🇯🇵 Hitachi\n")


@pytest.mark.parametrize("text", ["", "   ", "?!", "x" * 6_000, "@everyone", "<@&1> `*_~|", "%_\\", "\u202e\x00"])
async def test_odd_input_is_answered_privately_with_names_to_press(world: World, text: str) -> None:
    for options in ({"city": text, "other": PLZEN}, {"city": PLZEN, "other": text}):
        for command in ("city compare", "city path"):
            result = await world.alice.slash(world.general, command, **options)

            assert result.ephemeral
            assert "[" in text_of(result)
            assert len(text_of(result)) < 450


@pytest.mark.parametrize(
    ("custom_id", "answer"),
    [
        ("city-path:4049979:4049979:0", "Both are Birmingham, Alabama, US. Please choose two different cities."),
        (
            "city-compare:999999999:4049979:0",
            "That city is no longer in my list. Please search for it again by its name.",
        ),
        ("city-path:4049979:1:x", "This is from before an update of the bot. Please use the command again."),
        ("city-compare:9999999999:1:0", "This is from before an update of the bot. Please use the command again."),
    ],
)
async def test_a_forged_button_is_answered(world: World, custom_id: str, answer: str) -> None:
    pressed = await press_forged(world, custom_id)

    assert pressed.ephemeral
    assert text_of(pressed) == answer


@pytest.mark.parametrize(
    ("custom_id", "last"),
    [("city-compare:4049979:4644585:999", "-# Page 2 of 2"), ("city-path:5856195:4705349:999", "**Chain 3 of 3**")],
)
async def test_a_forged_page_is_brought_into_range(world: World, custom_id: str, last: str) -> None:
    assert last in text_of(await press_forged(world, custom_id))


async def press_forged(world: World, custom_id: str) -> simcord.InteractionResult:
    """Press a button whose id is not one that we would send now."""
    asked = await world.alice.slash(world.general, "city compare", city=BIRMINGHAM, other=NASHVILLE)
    assert asked.response is not None
    stored = world.env.backend.get_message(asked.response.channel_id, asked.response.id)
    button = {"type": 2, "style": 2, "label": "Old", "custom_id": custom_id}
    stored.components = [{"type": 1, "components": [button]}]
    return await world.alice.click(asked.response, label="Old")


async def fill(world: World) -> None:
    """Give the server two ties of its own, stories, events and feeds, and another server one of each."""
    here, now, day = world.guild.id, world.clock[0], timedelta(days=1)
    await say_of_tie(world, BIRMINGHAM, PLZEN, "ended")
    await say_of_tie(world, HOOVER, BIRMINGHAM, "active")
    event: dict[str, Any] = dict.fromkeys(("description", "location", "typed_when", "typed_capacity"), "")
    event |= {"timezone": "UTC", "host_user_id": 1, "host_name": "x", "created_at": now}
    story: dict[str, Any] = {"identity": "x", "source": "x", "title": "x", "summary": "", "first_seen_at": now}
    past, coming = (now - 2 * day, now - day), (now - day, now + day)
    events = [(here, "open", past), (here, "open", coming), (here, "open", coming), (here, "open", coming)]
    events += [(here, "cancelled", past), (here, "draft", coming), (here + 1, "open", coming)]
    async with world.bot.database.write() as session:
        for number, guild_id in enumerate((here, here, here + 1)):
            session.add(Feed(guild_id=guild_id, url=str(number), title="x", channel_id=1, added_by_user_id=1))
        for announced, guild_id in ((True, here), (True, here), (True, here), (False, here), (True, here + 1)):
            decision = "post" if announced else "old"
            session.add(Story(guild_id=guild_id, announced=announced, decision=decision, **story))
        for guild_id, status, (start, end) in events:
            session.add(Event(guild_id=guild_id, title="x", status=status, starts_at=start, ends_at=end, **event))


async def test_the_numbers_are_of_the_network_and_of_this_server(world: World) -> None:
    await world.set_up()
    await fill(world)
    result = await world.alice.slash(world.general, "city stats")
    text = text_of(result)

    assert not result.ephemeral
    assert text.startswith(
        "## The network in numbers\n"
        "**2,805** ties · **3,255** places\n"
        "**157** countries · **50** US states\n"
        "2,298 confirmed · 507 unconfirmed\n"
        "456 active · 14 suspended · 17 ended · 2,318 not known whether active\n"
        "### Countries with the most ties\n"
        "1. 🇺🇸 United States · 2,788\n"
        "2. 🇯🇵 Japan · 357\n"
    )
    assert (
        "### This server\n"
        "🇺🇸 **Birmingham** · Alabama, United States · 14 partner cities\n"
        "Ties added or corrected here · **2**\n"
        "Stories posted · **3**\n"
        "Events held · **1**\n"
        "Events to come · **3**\n"
        "Feeds followed · **2**\n"
        "-# Data of November 2026\n"
    ) in text


async def test_a_server_without_a_home_city_learns_how_to_choose_one(world: World) -> None:
    result = await world.alice.slash(world.general, "city stats")

    assert "### This server\nNo home city yet: a moderator can choose it with `/setup`.\n" in text_of(result)


async def test_all_three_work_in_direct_messages_without_a_servers_numbers(world: World) -> None:
    user = world.alice.user
    stats = await user.slash("city stats")
    path = await user.slash("city path", city=HITACHI, other=PLZEN)
    compared = await user.slash("city compare", city=HITACHI, other=PLZEN)

    assert text_of(stats).startswith("## The network in numbers\n**2,804** ties · **3,254** places\n")
    assert "This server" not in text_of(stats)
    assert text_of(path) == HITACHI_PLZEN
    assert text_of(compared).startswith("① 🇯🇵 **Hitachi**")
