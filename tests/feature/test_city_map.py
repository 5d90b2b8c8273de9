"""The map of a city, by command and by button."""

from collections.abc import Iterator
from typing import Any

import pytest
import simcord

from bot.ui.map.cache import Maps
from tests.feature.announcing import forged
from tests.feature.conftest import BIRMINGHAM, World, words

HONOLULU = "id:5856195"
ANSWER, THINKING, CHANGING, CHANGED = 4, 5, 6, 7  # kinds of first answers to an interaction
GALLERY = 12


def parts(message: Any) -> Iterator[dict[str, Any]]:
    """Every component of a message, the outer ones first."""

    def walk(components: Any) -> Iterator[dict[str, Any]]:
        for part in components:
            part = part.to_dict() if hasattr(part, "to_dict") else part
            yield part
            yield from walk(part.get("components", []))

    return walk(message.components)


def picture(message: simcord.ResponseMessage) -> tuple[bool, str | None]:
    """Whether the card shows the file that came with it, and its words."""
    [item] = [item for part in parts(message) if part["type"] == GALLERY for item in part["items"]]
    [attachment] = message.attachments
    return item["media"]["url"] == attachment.url, item.get("description")


def message_of(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert result.response is not None
    return result.response


def shown(result: simcord.InteractionResult) -> str:
    return words(message_of(result))


def first_answers(world: World) -> list[int]:
    """How the bot first answered each interaction."""
    callbacks = [request for request in world.env.http_requests if request.path.endswith("/callback")]
    return [request.json["type"] for request in callbacks if request.json]


async def test_a_map_shows_the_picture_and_lists_the_partners_beneath(world: World) -> None:
    result = await world.alice.slash(world.general, "city map", city=BIRMINGHAM)

    assert not result.ephemeral
    assert shown(result).startswith(
        "## 🇺🇸 Birmingham\n"
        "Alabama, United States\n"
        "-# 14 partner cities in 13 countries\n"
        "🇨🇳 China\n"
        "`1` **Anshan** · 6,940 mi\n"
    )
    assert "\n🇯🇵 Japan\n`8` **Hitachi** · 6,710 mi\n`9` **Maebashi** · 6,770 mi\n" in shown(result)
    assert picture(message_of(result)) == (
        True,
        "A map with Birmingham and lines to 14 partner cities, in China, Czechia, Ghana, Guatemala, Hungary, Israel, "
        "Jamaica, Japan, Jordan, Senegal, Ukraine, United Kingdom, Zimbabwe.",
    )


async def test_a_map_is_drawn_once_and_then_answered_at_once(world: World) -> None:
    for member in (world.alice, world.bob):
        result = await member.slash(world.general, "city map", city=BIRMINGHAM)
        assert picture(message_of(result))[0]

    assert first_answers(world) == [THINKING, ANSWER]
    assert world.bot.maps.drawn == 1


async def test_a_private_map_is_for_the_asker_alone_also_while_it_is_drawn(world: World) -> None:
    drawn = await world.alice.slash(world.general, "city map", city=BIRMINGHAM, private=True)
    kept = await world.alice.slash(world.general, "city map", city=BIRMINGHAM, private=True)

    assert (drawn.ephemeral, kept.ephemeral) == (True, True)
    assert picture(message_of(drawn)) == picture(message_of(kept))


async def test_the_maps_button_answers_privately_and_leaves_the_public_card_alone(world: World) -> None:
    card = await world.alice.slash(world.general, "city view", city=BIRMINGHAM)
    before = shown(card)
    pressed = await world.bob.click(message_of(card), label="Map")

    assert pressed.ephemeral
    assert shown(pressed).startswith("## 🇺🇸 Birmingham\nAlabama, United States\n-# 14 partner cities")
    assert picture(message_of(pressed))[0]
    assert shown(card) == before


async def test_a_city_without_partners_is_shown_alone(world: World) -> None:
    result = await world.alice.slash(world.general, "city map", city="Hoover, Alabama")

    assert shown(result) == (
        "## 🇺🇸 Hoover\n"
        "Alabama, United States\n"
        "-# I don't know of any partner city of Hoover.\n"
        "-# Sources: Natural Earth, GeoNames"
    )
    assert picture(message_of(result)) == (True, "A map with Hoover in the middle and no partner cities.")


async def test_a_long_list_is_turned_beneath_its_picture(world: World) -> None:
    result = await world.alice.slash(world.general, "city map", city=HONOLULU)
    first, of_first, sent = shown(result), picture(message_of(result)), message_of(result).attachments[0].id
    await world.alice.click(message_of(result), label="Next page")
    second, of_second = shown(result), picture(message_of(result))
    await world.alice.click(message_of(result), label="Previous page")

    assert first.endswith("\n-# Page 1 of 2\n[Next page]")
    assert second.endswith("\n-# Page 2 of 2\n[Previous page]")
    assert "\n`41` **Huế** · " in second
    assert of_first[0]
    assert of_second == of_first
    assert message_of(result).attachments[0].id != sent  # the new page brings its picture with it
    assert shown(result) == first
    assert world.bot.maps.drawn == 1


async def test_a_page_whose_picture_must_be_drawn_again_is_answered_in_time(world: World) -> None:
    result = await world.alice.slash(world.general, "city map", city=HONOLULU)
    await world.alice.click(message_of(result), label="Next page")
    world.bot.maps = Maps()
    await world.alice.click(message_of(result), label="Previous page")

    assert first_answers(world) == [THINKING, CHANGED, CHANGING]
    assert shown(result).endswith("\n-# Page 1 of 2\n[Next page]")
    assert picture(message_of(result))[0]


async def test_a_name_that_no_city_has_offers_the_nearest_whose_buttons_open_maps(world: World) -> None:
    asked = await world.alice.slash(world.general, "city map", city="Birminghm")
    assert asked.ephemeral
    assert "[Birmingham, Alabama, US]" in shown(asked)
    opened = await world.alice.click(message_of(asked), label="Birmingham, Alabama, US")

    assert opened.ephemeral
    assert picture(message_of(opened))[0]


@pytest.mark.parametrize("custom_id", ["city-map:999999999", "city-map:999999999:0"])
async def test_a_forged_id_of_no_place_says_so(world: World, custom_id: str) -> None:
    card = await world.alice.slash(world.general, "city map", city=BIRMINGHAM)
    pressed = await forged(world.bob, message_of(card), custom_id)

    assert pressed.ephemeral
    assert shown(pressed) == "That city is no longer in my list. Please search for it again by its name."


async def test_a_forged_page_is_brought_into_range(world: World) -> None:
    card = await world.alice.slash(world.general, "city map", city=HONOLULU)
    await forged(world.bob, message_of(card), "city-map:5856195:999")

    assert shown(card).endswith("\n-# Page 2 of 2\n[Previous page]")


async def test_what_is_typed_is_completed(world: World) -> None:
    choices = await world.alice.autocomplete(world.general, "city map", "city", "birm")

    assert choices[0] == {"name": "Birmingham, Alabama, US", "value": BIRMINGHAM}


async def test_a_map_can_be_had_in_a_direct_message(world: World) -> None:
    result = await world.alice.user.slash("city map", city=BIRMINGHAM)

    assert picture(message_of(result))[0]
