"""Looking cities up with commands and buttons, as members do."""

import pytest
import simcord

from bot.client import SisterCityBot
from bot.lookup.search import CityIndex
from tests.feature.conftest import BIRMINGHAM, World, words

HITACHI_CARD = (
    "## 🇯🇵 Hitachi\n"
    "Ibaraki, Japan\n"
    "-# 1 partner city · population 174,508\n"
    "-# local time **1:00 AM** · Asia/Tokyo\n"
    "🇺🇸 **Birmingham**, Alabama\n"
    "-# sister city · signed April 23, 1982\n"
    "-# active as of 2017\n"
    "-# 10:00 AM, −15 h · 6,710 mi\n"
    "-# Only its ties with places in the United States are listed here; it may have others.\n"
    "-# No mark: confirmed by good sources.\n"
    "-# Listed in 2026 · sources: "
    "[Wikipedia](https://en.wikipedia.org/wiki/List_of_sister_cities_in_the_United_States), "
    "pages of cities, associations and newspapers, [GeoNames](https://www.geonames.org/2112708)\n"
    "[Map]\n"
    "[Partners]\n"
    "[Wikipedia]"
)


NAMESAKES = (
    "· America/Chicago\n-# Did you mean another Birmingham?\n[Birmingham, England, GB]\n[Birmingham, Michigan, US]\n"
)


def text_of(result: simcord.InteractionResult) -> str:
    """What the answer shows, with spaces where lines must not break."""
    assert result.response is not None
    return words(result.response)


async def test_a_choice_from_the_list_opens_the_card_for_everybody(world: World) -> None:
    choices = await world.alice.autocomplete(world.general, "city view", "city", "birm")
    result = await world.alice.slash(world.general, "city view", city=choices[0]["value"])

    assert choices[0] == {"name": "Birmingham, Alabama, US", "value": BIRMINGHAM}
    assert not result.ephemeral
    assert text_of(result).startswith(
        "## 🇺🇸 Birmingham\nAlabama, United States\n-# 14 partner cities in 13 countries · population 196,357\n"
    )
    assert text_of(result).endswith("-# Page 1 of 2\n[Next page]\n[Map]\n[Partners]\n[Wikipedia]")


async def test_every_choice_has_a_label_and_an_id(world: World, index: CityIndex) -> None:
    for typed in ("", "b", "springfield", "SZÉKES", "rosh-", "前橋", "%_\\", "@everyone", "x" * 6_000):
        choices = await world.alice.autocomplete(world.general, "sister", "city", typed)

        assert len(choices) <= 25
        for choice in choices:
            assert choice["name"] == index.places[int(choice["value"].removeprefix("id:"))].label


async def test_sister_is_a_short_way_to_the_same_card(world: World) -> None:
    short = await world.alice.slash(world.general, "sister", city=BIRMINGHAM)
    long = await world.alice.slash(world.general, "city view", city=BIRMINGHAM)

    assert text_of(short) == text_of(long)


async def test_text_that_was_typed_instead_of_picked_is_searched(world: World) -> None:
    result = await world.alice.slash(world.general, "city view", city="hitachi japan")

    assert text_of(result) == HITACHI_CARD


async def test_a_card_can_be_for_the_asker_alone(world: World) -> None:
    result = await world.alice.slash(world.general, "city view", city=BIRMINGHAM, private=True)

    assert result.ephemeral


async def test_a_typed_name_with_namesakes_offers_them_and_a_press_opens_them(world: World) -> None:
    asked = await world.alice.slash(world.general, "city view", city="Birmingham")
    assert asked.response is not None
    await world.alice.click(asked.response, label="Birmingham, England, GB")

    assert text_of(asked).startswith("## 🇬🇧 Birmingham\nEngland, United Kingdom\n")


async def test_an_unknown_city_is_answered_privately_and_its_nearest_names_open_cards(world: World) -> None:
    asked = await world.alice.slash(world.general, "city view", city="hitachy")
    assert asked.response is not None
    offered = text_of(asked)
    await world.alice.click(asked.response, label="Hitachi, Ibaraki, JP")

    assert asked.ephemeral
    question = "I don't know a city called “hitachy”. Did you mean one of these?"
    assert offered.startswith(f"{question}\n[Hitachi, Ibaraki, JP]")
    assert text_of(asked) == HITACHI_CARD


@pytest.mark.parametrize("typed", ["Japan", " japan! ", "JAPAN"])
@pytest.mark.parametrize("command", ["city view", "sister", "city map", "city time"])
async def test_a_country_is_told_to_be_one_and_a_press_lists_its_ties(world: World, command: str, typed: str) -> None:
    asked = await world.alice.slash(world.general, command, city=typed)
    assert asked.response is not None
    told = text_of(asked)
    await world.alice.click(asked.response, label="Japan")

    assert asked.ephemeral
    assert told == "Japan is a country. `/city country` lists the cities that are paired with it.\n[Japan]"
    assert text_of(asked).startswith("## 🇯🇵 Japan\n")


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("UK", "United Kingdom"),
        ("great britain", "United Kingdom"),
        ("Tuvalu", "Tuvalu"),
        ("new zealand", "New Zealand"),
    ],
)
async def test_countries_go_by_their_other_names_too_and_need_no_ties(world: World, typed: str, country: str) -> None:
    asked = await world.alice.slash(world.general, "city view", city=typed)

    assert text_of(asked).startswith(f"{country} is a country.")


@pytest.mark.parametrize("typed", ["Jap", "Japann", "jp"])
async def test_only_a_countrys_whole_name_is_taken_for_it(world: World, typed: str) -> None:
    asked = await world.alice.slash(world.general, "city view", city=typed)

    assert "is a country" not in text_of(asked)


@pytest.mark.parametrize("text", ["qqqqqq", "   ", "?!", "x" * 6_000, "@everyone", "<@&1> `*_~|", "id:9999999999999"])
async def test_whatever_is_typed_never_ends_without_buttons(world: World, text: str) -> None:
    asked = await world.alice.slash(world.general, "city view", city=text)

    assert asked.ephemeral
    assert "[" in text_of(asked)
    assert "@everyone" not in text_of(asked)
    assert len(text_of(asked)) < 400


async def test_where_nothing_is_alike_the_servers_own_cities_are_offered(world: World) -> None:
    await world.set_up()
    asked = await world.alice.slash(world.general, "city view", city="qqqqqq")

    assert "\n[Birmingham, Alabama, US]\n" in text_of(asked)


async def test_a_city_without_ties_offers_the_nearest_that_have_some(world: World) -> None:
    asked = await world.alice.slash(world.general, "city view", city="Hoover, Alabama")
    assert asked.response is not None
    offered = text_of(asked)
    await world.alice.click(asked.response, label="Birmingham, Alabama, US")

    assert not asked.ephemeral
    sentence = "I don't know of any sister cities of Hoover. The closest cities that have some:"
    assert f"{sentence}\n[Birmingham, Alabama, US]\n" in offered
    assert text_of(asked).startswith("## 🇺🇸 Birmingham\nAlabama")


@pytest.mark.parametrize("text", ["id:1", "id:0", "id:999999999"])
async def test_an_id_that_is_no_place_says_so(world: World, text: str) -> None:
    result = await world.alice.slash(world.general, "city view", city=text)

    assert result.ephemeral
    assert text_of(result) == "That city is no longer in my list. Please search for it again by its name."


async def test_somebody_elses_press_on_a_name_answers_them_alone(world: World) -> None:
    asked = await world.alice.slash(world.general, "city view", city="Birmingham")
    assert asked.response is not None
    before = text_of(asked)
    pressed = await world.bob.click(asked.response, label="Birmingham, England, GB")

    assert pressed.ephemeral
    assert text_of(pressed).startswith("## 🇬🇧 Birmingham")
    assert text_of(asked) == before


async def test_pages_turn_on_the_same_message_also_after_a_restart(world: World, index: CityIndex) -> None:
    asked = await world.alice.slash(world.general, "city view", city=BIRMINGHAM)
    assert asked.response is not None
    old = world.bot
    again = SisterCityBot(old.settings, old.database, clock=lambda: world.clock[0], index=index)
    await world.env.restart_bot(again)
    first = text_of(asked)
    await world.bob.click(asked.response, label="Next page")
    second = text_of(asked)
    await world.bob.click(asked.response, label="Previous page")

    assert "**Liverpool**, United Kingdom\n-# *unconfirmed* · 4:00 PM, +6 h · 4,160 mi\n" in second
    assert "-# Page 2 of 2\n[Previous page]" in second
    assert text_of(asked) == first


@pytest.mark.parametrize(
    "custom_id", ["city-page:4049979:x", "city-page:4049979:1:drop", "city-open:", "city-open:9999999999999", "old:1"]
)
async def test_a_button_from_before_an_update_says_so(world: World, custom_id: str) -> None:
    pressed = await press_forged(world, custom_id)

    assert pressed.ephemeral
    assert text_of(pressed) == "This is from before an update of the bot. Please use the command again."


@pytest.mark.parametrize("custom_id", ["city-open:999999999", "city-page:999999999:0"])
async def test_a_forged_id_of_no_place_says_so(world: World, custom_id: str) -> None:
    pressed = await press_forged(world, custom_id)

    assert pressed.ephemeral
    assert text_of(pressed) == "That city is no longer in my list. Please search for it again by its name."


async def test_a_forged_page_is_brought_into_range(world: World) -> None:
    pressed = await press_forged(world, "city-page:4049979:999")

    assert "-# Page 2 of 2" in text_of(pressed)


async def test_a_random_citys_forged_page_is_brought_into_range_and_keeps_its_buttons(world: World) -> None:
    pressed = await press_forged(world, "city-page:4049979:999:nr")

    assert text_of(pressed).endswith("-# Page 2 of 2\n[Previous page]\n[Map]\n[Partners]\n[Wikipedia]\n[Another]")
    assert NAMESAKES in text_of(pressed)


async def test_namesakes_stay_while_pages_turn(world: World) -> None:
    asked = await world.alice.slash(world.general, "city view", city="Birmingham")
    assert asked.response is not None
    first = text_of(asked)
    await world.alice.click(asked.response, label="Next page")
    second = text_of(asked)
    await world.alice.click(asked.response, label="Previous page")

    assert text_of(asked) == first
    assert [text.count(NAMESAKES) for text in (first, second)] == [1, 1]


async def press_forged(world: World, custom_id: str) -> simcord.InteractionResult:
    """Press a button whose id is not one that we would send now."""
    asked = await world.alice.slash(world.general, "city view", city=BIRMINGHAM)
    assert asked.response is not None
    stored = world.env.backend.get_message(asked.response.channel_id, asked.response.id)
    button = {"type": 2, "style": 2, "label": "Old", "custom_id": custom_id}
    stored.components = [{"type": 1, "components": [button]}]
    return await world.alice.click(asked.response, label="Old")


async def test_commands_work_in_direct_messages(world: World) -> None:
    user = world.alice.user
    choices = await user.autocomplete("city view", "city", "hitachi")
    card = await user.slash("city view", city=choices[0]["value"])
    short = await user.slash("sister", city="Hitachi")
    unknown = await user.slash("city view", city="nashvile")

    assert [text_of(card), text_of(short)] == [HITACHI_CARD, HITACHI_CARD]
    assert "[Nashville, Tennessee, US]" in text_of(unknown)
    assert {"city view", "city partners", "city time", "city random", "sister"} <= set(user.available_commands())


async def test_a_press_in_a_direct_message_works(world: World) -> None:
    asked = await world.alice.user.slash("city view", city=BIRMINGHAM)
    await world.alice.user.click(asked.response, label="Next page")

    assert "-# Page 2 of 2" in text_of(asked)


async def test_the_servers_home_and_partners_come_first_in_its_choices_alone(world: World) -> None:
    await world.set_up()
    here = await world.alice.autocomplete(world.general, "city view", "city", "")
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    carol = elsewhere.add_member(world.env.create_user("Carol"))
    there = await carol.autocomplete(channel, "city view", "city", "")

    assert here[0]["name"] == "Birmingham, Alabama, US"
    assert {"Plzeň, CZ", "Hitachi, Ibaraki, JP"} <= {choice["name"] for choice in here[:15]}
    assert there[0]["name"] != "Birmingham, Alabama, US"
