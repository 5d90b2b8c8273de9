"""The picture of the preview's event: a cherry branch in the evening, drawn when it is needed."""

import math
import random
from io import BytesIO
from itertools import pairwise

WIDTH, HEIGHT, SMOOTH = 1200, 500, 2  # pixels; drawn at twice the size
DUSK, DAWN = (74, 78, 130), (247, 202, 190)
BARK, HEART = (72, 48, 52), (196, 70, 110)
PETALS = ((255, 228, 236), (252, 204, 220), (255, 240, 244))
BRANCH = ((-20, 420), (220, 330), (470, 300), (700, 210), (960, 190), (1230, 90))
BLOSSOMS = 46


def blossoms() -> bytes:
    """The picture as PNG, always the same."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH))
    draw, chance = ImageDraw.Draw(image), random.Random(7)  # noqa: S311 - a repeatable picture
    for row in range(image.height):
        share = row / image.height
        colour = tuple(round(a + (b - a) * share) for a, b in zip(DUSK, DAWN, strict=True))
        draw.line([(0, row), (image.width, row)], fill=colour)
    points = [(x * SMOOTH, y * SMOOTH) for x, y in BRANCH]
    draw.line(points, fill=BARK, width=18 * SMOOTH, joint="curve")
    for _ in range(BLOSSOMS):
        (x0, y0), (x1, y1) = chance.choice(list(pairwise(points)))
        along, size = chance.random(), chance.uniform(14, 30) * SMOOTH
        x = x0 + (x1 - x0) * along + chance.uniform(-50, 50) * SMOOTH
        y = y0 + (y1 - y0) * along + chance.uniform(-75, 60) * SMOOTH
        turn, petal = chance.uniform(0, math.tau), chance.choice(PETALS)
        for number in range(5):
            angle = turn + number * math.tau / 5
            px, py = x + math.cos(angle) * size * 0.8, y + math.sin(angle) * size * 0.8
            draw.ellipse([px - size * 0.6, py - size * 0.6, px + size * 0.6, py + size * 0.6], fill=petal)
        draw.ellipse([x - size * 0.28, y - size * 0.28, x + size * 0.28, y + size * 0.28], fill=HEART)
    file = BytesIO()
    image.resize((WIDTH, HEIGHT)).save(file, "PNG")
    return file.getvalue()
