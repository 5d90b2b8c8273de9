"""The pictures of maps: what is drawn where, how large they get, how they are kept."""

import asyncio
import time
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from bot.lookup.cities import CityPage
from bot.lookup.geography import Point
from bot.texts import ENGLISH
from bot.ui.cities.map_card import map_sketch
from bot.ui.map.cache import Maps
from bot.ui.map.font import LETTERS, NAME_SIZE, font, size_of
from bot.ui.map.picture import HUB_COLOUR, LAND, OVER, PAPER, SEA, SPACE, WAY, draw
from bot.ui.map.sketch import BAND, Sketch, Stop, panels_of
from tests.unit.city_pages import pages

__all__ = ["pages"]  # a fixture

ON_LAND = {
    "Kansas": (38.0, -98.0), "Amazonas": (-6.0, -62.0), "Sahara": (23.0, 10.0), "Congo": (-2.0, 22.0),
    "Kalahari": (-23.0, 22.0), "Moscow": (55.7, 37.6), "Siberia": (62.0, 100.0), "Chukotka": (67.0, -176.0),
    "Kamchatka": (55.0, 159.5), "Alaska": (65.0, -152.0), "Greenland": (72.0, -40.0), "India": (22.0, 79.0),
    "Outback": (-25.0, 134.0), "Taveuni to Vanua Levu": (-16.6, 179.2), "South Island": (-44.0, 170.5),
    "Patagonia": (-45.0, -70.0), "Japan": (36.3, 138.5), "Antarctica": (-82.0, 60.0), "Wrangel": (71.2, 180.0),
}  # fmt: skip
AT_SEA = {
    "North Pacific": (38.0, -170.0), "date line": (10.0, 180.0), "Bering Sea": (58.0, -178.0),
    "Chukchi Sea": (73.5, -179.9), "South Pacific": (-40.0, -120.0), "Tasman Sea": (-40.0, 160.0),
    "Atlantic": (35.0, -45.0), "Gulf of Guinea": (0.0, 0.0), "Indian Ocean": (-30.0, 80.0),
    "Mediterranean": (34.0, 20.0), "Caspian Sea": (42.0, 50.5), "Hudson Bay": (59.0, -86.0),
    "Southern Ocean": (-60.0, 100.0), "Sea of Japan": (40.0, 134.0), "Gulf of Mexico": (25.0, -90.0),
    "Arctic Ocean": (85.0, 179.0), "off Fiji": (-21.0, -177.0), "Labrador Sea": (58.0, -54.0),
}  # fmt: skip

Colour = tuple[int, ...]


def rgb(colour: str) -> Colour:
    return tuple(bytes.fromhex(colour[1:]))


def unlike(one: Colour, other: Colour) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def opened(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture)).convert("RGB")


def colour_at(image: Image.Image, spot: tuple[float, float], top: int = BAND) -> Colour:
    colour = image.getpixel((round(spot[0]), round(spot[1]) + top))
    assert isinstance(colour, tuple)
    return colour


def whole_world(longitude: float) -> Sketch:
    """A map with a longitude in its middle and so far to both sides that all of the Earth is on it."""
    ends = [Stop(1, "ア", (-4.0, longitude + 175), False), Stop(2, "ア", (-4.0, longitude - 175), False)]
    return Sketch("", "ア", (-4.0, longitude), tuple(ends))


@pytest.mark.parametrize("longitude", [-180.0, -157.9, -86.8, -20.0, 0.0, 90.0, 139.7, 179.9])
def test_land_is_where_land_is_and_sea_where_sea_is_wherever_the_middle_is(longitude: float) -> None:
    sketch = whole_world(longitude)
    [panel] = panels_of(sketch)
    image = opened(draw(sketch))

    def is_land(point: Point) -> bool | None:
        colour = colour_at(image, panel.view.spot(point))
        likeness = {unlike(colour, rgb(LAND)): True, unlike(colour, rgb(SEA)): False}
        return likeness[min(likeness)] if min(likeness) < 30 else None  # something else is drawn there

    land = {name: is_land(point) for name, point in ON_LAND.items()}
    sea = {name: is_land(point) for name, point in AT_SEA.items()}
    assert [name for name, seen in land.items() if seen is False] == []
    assert [name for name, seen in sea.items() if seen is True] == []
    assert sum(seen is None for seen in [*land.values(), *sea.values()]) <= 6


def test_beyond_the_edge_of_the_earth_is_nothing() -> None:
    image = opened(draw(whole_world(-157.9)))

    assert [unlike(colour_at(image, spot), rgb(SPACE)) < 12 for spot in [(8, 20), (1_190, 20), (8, 625)]] == [True] * 3


def test_hub_ways_and_numbers_are_drawn_and_what_is_over_is_grey() -> None:
    stops = (Stop(1, "One", (0.0, 30.0), False), Stop(2, "Two", (0.0, -30.0), True))
    sketch = Sketch("Hub", "ア", (0.0, 0.0), stops)
    [panel] = panels_of(sketch)
    image = opened(draw(sketch))

    def unlike_at(point: Point, colour: str, below: float = 0.0) -> int:
        x, y = panel.view.spot(point)
        return unlike(colour_at(image, (x, y + below)), rgb(colour))

    assert unlike_at((0.0, 0.0), HUB_COLOUR) < 30
    assert unlike_at((0.0, 8.0), WAY) < 60
    assert unlike_at((0.0, -8.0), OVER) < 60
    assert unlike_at((0.0, 30.0), PAPER, below=12) < 30
    assert unlike_at((0.0, -30.0), SEA, below=12) < 30
    assert unlike_at((0.0, -30.0), OVER, below=15.5) < 90  # the rim


def test_the_same_sketch_gives_the_same_picture_and_another_another() -> None:
    sketch = Sketch("Town", "Town", (40.0, -83.0), (Stop(1, "Ville", (48.0, -3.0), False),))
    ended = replace(sketch, stops=(replace(sketch.stops[0], over=True),))

    assert draw(sketch) == draw(sketch)
    assert draw(sketch) != draw(ended)


def test_the_largest_picture_is_small_enough_to_send_and_quick_to_draw(pages: dict[int, CityPage]) -> None:
    page = max(pages.values(), key=lambda page: len(page.ties))
    sketch = map_sketch(page, ENGLISH)
    assert sketch is not None
    picture, seconds = draw(sketch), []
    for _ in range(5):
        start = time.process_time()
        draw(sketch)
        seconds.append(time.process_time() - start)

    assert (page.place.name, len(sketch.stops)) == ("Honolulu", 41)
    assert opened(picture).size == (1_200, 1_012)
    assert len(picture) <= 200 * 1_024
    assert min(seconds) <= 0.3


def test_a_name_that_the_font_has_no_letters_for_is_left_to_the_list() -> None:
    assert size_of("前橋", NAME_SIZE) is None
    assert size_of("ירושלים", NAME_SIZE) is None
    assert [size_of(name, NAME_SIZE) is not None for name in ("Huế", "Вінниця", "Αθήνα", "Székesfehérvár")] == [
        True
    ] * 4


def test_the_font_has_every_letter_that_names_may_have() -> None:
    missing = bytes(font(40).getmask("\u4e00"))  # what stands for a letter that is not there
    letters = [chr(code) for code in range(0x20, 0x2028) if LETTERS.fullmatch(chr(code))]
    known = [letter for letter in letters if letter.isprintable() and letter.isalpha()]

    assert [letter for letter in known if bytes(font(40).getmask(letter)) == missing] == []
    assert len(known) > 1_000


def test_every_name_in_the_seed_can_be_drawn(pages: dict[int, CityPage]) -> None:
    assert [page.place.name for page in pages.values() if not LETTERS.fullmatch(page.place.name)] == []


def town(number: int) -> Sketch:
    return Sketch(f"Town {number}", "Town", (40.0, -83.0), ())


async def test_a_picture_is_drawn_once_for_all_who_ask_at_the_same_time() -> None:
    maps = Maps()
    pictures = await asyncio.gather(*(maps.picture(town(1)) for _ in range(20)))

    assert set(pictures) == {draw(town(1))}
    assert (maps.drawn, len(maps), town(1) in maps) == (1, 1, True)


async def test_only_the_latest_pictures_are_kept() -> None:
    maps = Maps(kept=2)
    for number in (1, 2, 1, 3):
        await maps.picture(town(number))

    assert [town(number) in maps for number in (1, 2, 3)] == [True, False, True]
    assert (maps.drawn, len(maps)) == (3, 2)


async def test_drawing_leaves_the_event_loop_free() -> None:
    maps, turns = Maps(), 0
    drawing = asyncio.create_task(maps.picture(whole_world(0.0)))
    while not drawing.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert turns >= 5
