"""Drawing the map of a city and its partners."""

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from bot.ui.map.boxes import Box, Spot, Way
from bot.ui.map.font import CREDIT_SIZE, HUB_SIZE, NAME_SIZE, NUMBER_SIZE, TITLE_SIZE, font, shown
from bot.ui.map.labels import BADGE, DOT, HUB
from bot.ui.map.land import polygons
from bot.ui.map.sketch import BAND, CREDIT, WIDTH, Panel, Sketch, panels_of
from bot.ui.map.view import Numbers, View

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

FINER = 2  # drawn so much larger, then shrunk: smooth edges
WIDE = 2.6  # half a way's width, in the finer pixels
SPACE, SEA, GRID, LAND, COAST = "#0f1c2e", "#16283f", "#1f3550", "#3a5572", "#56748f"
WAY, OVER, HUB_COLOUR, PAPER, INK, QUIET = "#f0b65a", "#9aa7b5", "#ff6b5e", "#fdf6e7", "#16283f", "#9fb2c6"
COLOURS = 128


def draw(sketch: Sketch) -> bytes:
    """The picture as a PNG. It takes a tenth of a second of computing: not for the event loop."""
    from PIL import Image, ImageDraw

    panels = panels_of(sketch)
    picture = Image.new("RGB", (WIDTH, panels[-1].top + panels[-1].height), SPACE)
    for panel in panels:
        picture.paste(_panel(panel, sketch.name), (0, panel.top))
    _word(ImageDraw.Draw(picture), (28, 0, 28, BAND), sketch.title, TITLE_SIZE, PAPER, anchor="lm")
    file = BytesIO()
    picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _panel(panel: Panel, hub: str) -> "Image":
    from PIL import Image, ImageDraw

    large = Image.new("RGB", (WIDTH * FINER, panel.height * FINER), SEA)
    pencil = ImageDraw.Draw(large)
    _earth(pencil, panel.view, (WIDTH, panel.height))
    _ways(pencil, panel)
    _marks(pencil, panel)
    small = large.reduce(FINER)
    _words(ImageDraw.Draw(small), panel, hub)
    return small


def _earth(pencil: "ImageDraw", view: View, size: tuple[int, int]) -> None:
    turn = np.linspace(-180, 180, 73)
    for parallel in range(-80, 81, 20):
        _line(pencil, *view.pixels(np.full(73, float(parallel)), view.centre + turn))
    for meridian in range(-180, 180, 20):
        _line(pencil, *view.pixels(turn / 2, np.full(73, view.centre + meridian)))
    for ring, hole in polygons(view, size):
        pencil.polygon((ring * FINER).ravel().tolist(), fill=SEA if hole else LAND, outline=COAST)
    if not view.mercator:
        _space(pencil, view, size)


def _space(pencil: "ImageDraw", view: View, size: tuple[int, int]) -> None:
    """Cover what lies beyond the edge of the Earth; the edge is bent, so nothing could be cut off before."""
    latitudes = np.linspace(-90, 90, 91)
    for side in (-1, 1):
        x, y = view.pixels(latitudes, np.full(91, view.centre + side * 180))
        x = np.concatenate([x, np.full(2, side * 9_999.0)])
        y = np.concatenate([y, y[[-1, 0]]])
        pencil.polygon((np.column_stack([x, y]) * FINER).ravel().tolist(), fill=SPACE)
    bottom, top = (view.pixels(np.array([-90.0, 90.0]), np.full(2, view.centre))[1] * FINER).tolist()
    if top > 0:
        pencil.rectangle((0, 0, size[0] * FINER, top), fill=SPACE)
    if bottom < size[1] * FINER:
        pencil.rectangle((0, bottom, size[0] * FINER, size[1] * FINER), fill=SPACE)


def _line(pencil: "ImageDraw", x: Numbers, y: Numbers) -> None:
    pencil.line((np.column_stack([x, y]) * FINER).ravel().tolist(), fill=GRID, width=FINER)


def _ways(pencil: "ImageDraw", panel: Panel) -> None:
    for stop, way in sorted(panel.ways, key=lambda pair: not pair[0].over):
        pencil.polygon(_ribbon(way), fill=OVER if stop.over else WAY)


def _ribbon(way: Way) -> list[float]:
    """The outline of a way as wide as it is drawn; Pillow's own lines are of uneven width."""
    spots = np.array(way) * FINER
    along = np.gradient(spots, axis=0)
    across = along[:, ::-1] * (-1, 1) / np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-9) * WIDE
    outline: list[float] = np.vstack([spots + across, (spots - across)[::-1]]).ravel().tolist()
    return outline


def _marks(pencil: "ImageDraw", panel: Panel) -> None:
    moved = [placed for placed in panel.layout.partners if placed.moved]
    for placed in moved:
        pencil.line([end * FINER for end in placed.leader], fill=PAPER, width=3)
    numbered = {stop.number for stop in panel.stops}
    for stop, way in panel.ways:
        if stop.number not in numbered:
            _disc(pencil, way[-1], 6, PAPER)
    if panel.part:
        pencil.rounded_rectangle([side * FINER for side in panel.part], 16, outline=PAPER, width=4)
    hub = panel.layout.hub
    _disc(pencil, ((hub[0] + hub[2]) / 2, (hub[1] + hub[3]) / 2), HUB - 4, PAPER)
    _disc(pencil, ((hub[0] + hub[2]) / 2, (hub[1] + hub[3]) / 2), HUB - 10, HUB_COLOUR)
    for placed in moved:
        _disc(pencil, placed.mark.spot, DOT, INK)
        _disc(pencil, placed.mark.spot, DOT - 2, PAPER)
    for stop, placed in zip(panel.stops, panel.layout.partners, strict=True):
        _disc(pencil, placed.number, BADGE, OVER if stop.over else PAPER)
        if stop.over:
            _disc(pencil, placed.number, BADGE - 4, SEA)


def _disc(pencil: "ImageDraw", middle: Spot, side: float, colour: str) -> None:
    x, y = middle[0] * FINER, middle[1] * FINER
    radius = side * FINER / 2
    pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _words(pencil: "ImageDraw", panel: Panel, hub: str) -> None:
    for stop, placed in zip(panel.stops, panel.layout.partners, strict=True):
        colour = OVER if stop.over else INK
        pencil.text(placed.number, str(stop.number), fill=colour, font=font(NUMBER_SIZE), anchor="mm")
        if placed.name:
            _word(pencil, placed.name, stop.name, NAME_SIZE, OVER if stop.over else "#ffffff")
    if panel.layout.hub_name:
        _word(pencil, panel.layout.hub_name, hub, HUB_SIZE, "#ffd9a0")
    if panel.bar:
        left, top, right, bottom = panel.bar.line
        pencil.line((left, top, left, bottom, right, bottom, right, top), fill=QUIET, width=2)
        _word(pencil, panel.bar.box, panel.bar.text, CREDIT_SIZE, QUIET)
    if panel.credit:
        _word(pencil, panel.credit, CREDIT, CREDIT_SIZE, QUIET)


def _word(pencil: "ImageDraw", box: Box, text: str, size: int, colour: str, anchor: str = "mm") -> None:
    words = shown(text, size)
    if words:
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        pencil.text(middle, words, fill=colour, font=font(size), anchor=anchor, stroke_width=3, stroke_fill=SEA)
