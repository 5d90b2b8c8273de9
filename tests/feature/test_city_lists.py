"""Lists of partners, countries, states and clocks, and random cities, as members ask for them."""

import pytest
import simcord

from bot.lookup.search import CityIndex
from db.database import Database
from db.models import Partnership
from tests.feature.conftest import BIRMINGHAM, World
from tests.feature.test_city import press_forged, text_of

HONOLULU = "id:5856195"
GONE = "That city is no longer in my list. Please search for it again by its name."


async def a_tie_of_the_server(world: World, database: Database, one: int, other: int, state: str) -> None:
    """What this server's moderators say of a pair."""
    first, second = sorted((one, other))
    async with database.write() as session:
        session.add(
            Partnership(
                guild_id=world.guild.id,
                place_a_id=first,
                place_b_id=second,
                kind="sister",
                state=state,
                confidence="confirmed",
                signed=None,
                as_of="2026",
                sources="page:2026",
                notes="https://town.example/sisters ; council",
                origin="moderator",
            )
        )


async def pressed(world: World, result: simcord.InteractionResult, label: str) -> str:
    """What the asker's message shows after a press on it."""
    assert result.response is not None
    await world.alice.click(result.response, label=label)
    return text_of(result)


async def test_the_button_partners_answers_privately_and_the_card_stays(world: World) -> None:
    card = await world.alice.slash(world.general, "city view", city=BIRMINGHAM)
    assert card.response is not None
    before = text_of(card)
    listed = await world.bob.click(card.response, label="Partners")

    assert listed.ephemeral
    assert text_of(listed).startswith(
        "## Partners of 🇺🇸 Birmingham\nAlabama, United States\n"
        "-# 14 partner cities in 13 countries · local time **10:00 AM**\n"
    )
    assert text_of(listed).endswith("-# Page 1 of 3\n[Next page]")
    assert text_of(card) == before


async def test_all_41_partners_of_honolulu_are_read_page_by_page(world: World) -> None:
    asked = await world.alice.slash(world.general, "city partners", city=HONOLULU)
    read = [text_of(asked)]
    while "[Next page]" in read[-1]:
        read.append(await pressed(world, asked, "Next page"))

    assert not asked.ephemeral
    assert len(read) == 9
    assert sum(text.count(" **") for text in read) - len(read) == 41  # the city's own clock is bold too
    assert read[-1].endswith("-# Page 9 of 9\n[Previous page]")


@pytest.mark.parametrize("typed", ["JP", "japan", "Japan"])
async def test_partners_can_be_those_in_one_country(world: World, typed: str) -> None:
    asked = await world.alice.slash(world.general, "city partners", city="Birmingham, AL", country=typed, private=True)

    assert asked.ephemeral
    assert text_of(asked).startswith("## Partners of 🇺🇸 Birmingham: Japan\nAlabama, United States\n-# 2 partner cities")


async def test_a_country_without_partners_of_the_city_is_answered_privately(world: World) -> None:
    asked = await world.alice.slash(world.general, "city partners", city=BIRMINGHAM, country="France")

    assert asked.ephemeral
    assert text_of(asked).startswith(
        "France: I don't know of any partner city of Birmingham there. Its partners are in: "
    )


async def test_a_moderators_source_is_a_link_in_its_server_alone(world: World, database: Database) -> None:
    await a_tie_of_the_server(world, database, 4049979, 2112708, "suspended")
    here = await world.alice.slash(world.general, "city partners", city="id:2112708")
    elsewhere = await world.alice.user.slash("city partners", city="id:2112708")

    assert "\nsister city · signing date not known · suspended as of 2026 · confirmed\n" in text_of(here)
    assert "\n-# https://town.example/sisters ; council\n" in text_of(here)
    assert "town.example" not in text_of(elsewhere)


async def test_a_country_can_be_picked_in_the_readers_language_or_english(world: World) -> None:
    largest = await world.alice.autocomplete(world.general, "city country", "country", "")
    found = [
        (await world.alice.autocomplete(world.general, "city country", "country", typed))[0]
        for typed in ("jap", "UK", "holland", "%")
    ]

    assert len(largest) == 25
    assert largest[1] == {"name": "Japan", "value": "JP"}
    assert found[:3] == [
        {"name": "Japan", "value": "JP"},
        {"name": "United Kingdom", "value": "GB"},
        {"name": "Netherlands", "value": "NL"},
    ]


async def test_who_is_paired_with_a_country(world: World) -> None:
    asked = await world.alice.slash(world.general, "city country", country="JP")
    first = text_of(asked)
    second = await pressed(world, asked, "Next page")

    assert first.startswith(
        "## 🇯🇵 Japan\n"
        "-# 357 partnerships: 310 places there with 336 places elsewhere\n"
        "**🇺🇸 Alabama** · 6\n"
        "Birmingham — Hitachi, Maebashi\n"
        "Dothan — Sakado\n"
    )
    assert first.endswith("-# Page 1 of 28\n[Next page]")
    assert second.startswith("## 🇯🇵 Japan\n-# 357 partnerships")
    assert second.endswith("-# Page 2 of 28\n[Previous page]\n[Next page]")
    assert not set(first.split("\n")[2:]) & {line for line in second.split("\n") if " — " in line}


async def test_a_servers_own_ties_are_among_those_of_a_country(world: World, database: Database) -> None:
    # Hoover with Hitachi is new, Birmingham with Maebashi ended; elsewhere nothing changes.
    await a_tie_of_the_server(world, database, 4067994, 2112708, "active")
    await a_tie_of_the_server(world, database, 4049979, 1857843, "ended")
    here = await world.alice.slash(world.general, "city country", country="Japan")
    elsewhere = await world.alice.user.slash("city country", country="Japan")

    assert "\nBirmingham — Hitachi, ~~Maebashi~~\n" in text_of(here)
    assert "\nHoover — Hitachi\n" in text_of(here)
    assert "\nBirmingham — Hitachi, Maebashi\nDothan" in text_of(elsewhere)


async def test_the_united_states_list_ties_within_them(world: World) -> None:
    asked = await world.alice.slash(world.general, "city country", country="US")

    assert text_of(asked).startswith("## 🇺🇸 United States\n-# 10 partnerships between two places there\n")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Japn", "I don't know which country that is. Did you mean one of these: Japan?"),
        ("x" * 6_000, "I don't know that country. Type the first letters of its name and pick it from the list."),
        ("Liechtenstein", "Liechtenstein: I don't know of any partnership with a place there."),
    ],
)
async def test_a_country_that_is_not_found_is_answered_privately(world: World, typed: str, sentence: str) -> None:
    asked = await world.alice.slash(world.general, "city country", country=typed)

    assert asked.ephemeral
    assert text_of(asked) == sentence


async def test_all_towns_of_a_state_and_a_press_opens_one(world: World) -> None:
    choices = await world.alice.autocomplete(world.general, "city state", "state", "ala")
    asked = await world.alice.slash(world.general, "city state", state=choices[0]["value"])
    listed = text_of(asked)
    opened = await pressed(world, asked, "Birmingham")

    assert choices[:2] == [{"name": "Alabama", "value": "Alabama, US"}, {"name": "Alaska", "value": "Alaska, US"}]
    assert listed.startswith("## 🇺🇸 Alabama\n-# 10 towns with partner cities\n**Mobile** · 16 partner cities\n")
    assert (
        "\n**Birmingham** · 14 partner cities\n"
        "-# Al Karak, Anshan, Cobán, Guédiawaye, Gweru, Hitachi, Kingston, Liverpool and 6 more\n"
    ) in listed
    assert opened.startswith("## 🇺🇸 Birmingham\nAlabama, United States\n")


async def test_a_large_state_has_pages(world: World) -> None:
    asked = await world.alice.slash(world.general, "city state", state="CA", private=True)
    first = text_of(asked)
    second = await pressed(world, asked, "Next page")

    assert asked.ephemeral
    assert first.startswith("## 🇺🇸 California\n-# 168 towns with partner cities\n**Los Angeles** · ")
    assert "-# Page 1 of 17\n[Next page]" in first
    assert "-# Page 2 of 17\n[Previous page]\n[Next page]" in second


async def test_a_servers_own_ties_count_in_its_states(world: World, database: Database) -> None:
    await a_tie_of_the_server(world, database, 4067994, 2112708, "active")
    await a_tie_of_the_server(world, database, 4049979, 1857843, "ended")
    asked = await world.alice.slash(world.general, "city state", state="AL")

    assert "\n**Birmingham** · 13 partner cities\n" in text_of(asked)
    assert "\n-# 11 towns with partner cities\n" in text_of(asked)
    assert "\n**Hoover** · 1 partner city\n" in text_of(asked)


async def test_a_state_that_is_not_found_is_asked_for_privately(world: World) -> None:
    asked = await world.alice.slash(world.general, "city state", state="Misissippi")

    assert asked.ephemeral
    assert text_of(asked) == "I don't know which state that is. Did you mean one of these: Mississippi?"


async def test_the_clocks_are_brought_up_to_date_by_a_press(world: World) -> None:
    asked = await world.alice.slash(world.general, "city time", city=BIRMINGHAM)
    before = text_of(asked)
    world.clock[0] = world.clock[0].replace(hour=18, minute=30)
    after = await pressed(world, asked, "Update")

    assert "\n**10:00 AM**\n🇺🇸 **Birmingham** · 🇬🇹 Cobán\n" in before
    assert "\n**1:00 AM** 🌙 *next day* · +15 h\n🇯🇵 Hitachi, Maebashi\n" in before
    assert "\n**12:30 PM**\n🇺🇸 **Birmingham** · 🇬🇹 Cobán\n" in after


@pytest.mark.parametrize("command", ["city partners", "city time"])
async def test_a_city_that_is_not_found_is_answered_with_the_nearest_names(world: World, command: str) -> None:
    asked = await world.alice.slash(world.general, command, city="hitachy")

    assert asked.ephemeral
    assert "[Hitachi, Ibaraki, JP]" in text_of(asked)


async def test_a_random_city_has_partners_and_there_is_always_another(world: World, index: CityIndex) -> None:
    asked = await world.alice.slash(world.general, "city random")
    seen = {text_of(asked).split("\n")[0]}
    for _ in range(6):
        text = await pressed(world, asked, "Another")
        seen.add(text.split("\n")[0])
        assert " partner cit" in text or "~~" in text
    assert asked.response is not None
    for_bob = await world.bob.click(asked.response, label="Another")

    assert len(seen) > 1
    assert for_bob.ephemeral
    assert "[Another]" in text_of(for_bob)


async def test_the_lists_work_in_direct_messages(world: World) -> None:
    user = world.alice.user
    answers = [
        await user.slash("city partners", city=BIRMINGHAM),
        await user.slash("city country", country="Ghana"),
        await user.slash("city state", state="Alabama"),
        await user.slash("city time", city=BIRMINGHAM),
        await user.slash("city random"),
    ]

    assert [text_of(answer)[:3] for answer in answers] == ["## "] * 5


@pytest.mark.parametrize(
    "custom_id",
    [
        "city-partners:4049979:all:x",
        "city-partners:4049979:jp:0",
        "city-country:JPN:0",
        "city-state:Alabama:0",
        "city-time:",
        "city-random:1",
    ],
)
async def test_a_forged_id_is_from_before_an_update(world: World, custom_id: str) -> None:
    answer = await press_forged(world, custom_id)

    assert answer.ephemeral
    assert text_of(answer) == "This is from before an update of the bot. Please use the command again."


@pytest.mark.parametrize(
    ("custom_id", "beginning"),
    [
        ("city-partners:999999999", GONE),
        ("city-partners:999999999:all:0", GONE),
        ("city-time:999999999", GONE),
        ("city-state:1:0", "That state is no longer in my list. Please search for it again by its name."),
        ("city-country:XX:0", "XX: I don't know of any partnership with a place there."),
        ("city-partners:4049979:FR:7", "France: I don't know of any partner city of Birmingham there."),
        ("city-country:JP:999", "## 🇯🇵 Japan\n"),
        ("city-state:4049979:999", "## 🇺🇸 Alabama\n"),
        ("city-partners:4049979:JP:999", "## Partners of 🇺🇸 Birmingham: Japan\n"),
    ],
)
async def test_whatever_a_forged_id_asks_for_is_checked(world: World, custom_id: str, beginning: str) -> None:
    answer = await press_forged(world, custom_id)

    assert text_of(answer).startswith(beginning)
