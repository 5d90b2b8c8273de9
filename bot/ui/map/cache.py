"""The pictures of maps: drawn beside the event loop, a few at a time, and kept for whoever asks next."""

import asyncio
from collections import OrderedDict

from bot.ui.map.picture import draw
from bot.ui.map.sketch import Sketch

AT_ONCE = 2  # drawing keeps a core busy
KEPT = 64  # about 5 MB


class Maps:
    """Draws each picture once and keeps the latest; a sketch says all about a picture, so none goes out of date."""

    def __init__(self, kept: int = KEPT) -> None:
        self.drawn = 0  # since the start
        self._kept = kept
        self._pictures: OrderedDict[Sketch, bytes] = OrderedDict()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._drawing: dict[Sketch, asyncio.Task[bytes]] = {}

    def __contains__(self, sketch: Sketch) -> bool:
        return sketch in self._pictures

    def __len__(self) -> int:
        return len(self._pictures)

    async def picture(self, sketch: Sketch) -> bytes:
        """The picture as a PNG; whoever asks while it is being drawn waits for the same drawing."""
        if sketch in self._pictures:
            self._pictures.move_to_end(sketch)
            return self._pictures[sketch]
        if sketch not in self._drawing:
            drawing = self._drawing[sketch] = asyncio.create_task(self._draw(sketch), name="map")
            drawing.add_done_callback(lambda _: self._drawing.pop(sketch))
        return await asyncio.shield(self._drawing[sketch])  # one who stops waiting must not stop the others

    async def _draw(self, sketch: Sketch) -> bytes:
        async with self._room:
            picture = await asyncio.to_thread(draw, sketch)
        self.drawn += 1
        self._pictures[sketch] = picture
        while len(self._pictures) > self._kept:
            self._pictures.popitem(last=False)
        return picture
