"""Made-up people, events and stories for the preview, and a feed on loopback that brings the stories."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape

from aiohttp import web

EVENT = {
    "title": "Cherry blossom evening with Hitachi",
    "where": "Botanical Gardens, Strange Auditorium",
    "description": "Tea, koto music and a live call with friends in Hitachi. Families welcome.",
    "capacity": "12",
}
OPTIONS = {"kind": "festival", "track": "arts_culture", "city": "id:4049979"}
PICTURE_ALT = "A blossoming cherry branch before the evening sky"
HELP = {"host_family": "", "interpreter": "2", "driver": "1"}
SECOND = {
    "language": "ja",
    "title": "日立との桜の夕べ",
    "description": "お茶、琴の演奏、日立の友だちとの中継。ご家族でどうぞ。",
}
GUESTS = ("Chiyo", "Emeka", "Farah", "Goro", "Hana", "Iris", "João", "Kofi", "Lena", "Mika", "Noor")
OLD_STORIES = (
    ("Choir from Székesfehérvár sang at the festival", "Forty singers spent a week with host families in Birmingham."),
    ("New members welcome", "The association meets on the first Tuesday of each month."),
)
NEW_STORIES = (
    (
        "Students from Hitachi visit Railroad Park",
        "Twenty students from Hitachi spent a sunny Saturday in Railroad Park. They planted a cherry tree with pupils "
        "from Birmingham. Both schools will write to each other all year.",
    ),
    (
        "Plzeň and Birmingham compare notes on breweries",
        "Two small breweries talked about hops over video. A shared beer is planned for spring.",
    ),
)


class SampleFeed:
    """A site with an RSS feed on 127.0.0.1. `publish_next` adds a story to it, as an editor would.

    `url` is the site's own address, from which the feed is found; while it is `broken` the server answers with errors.
    """

    def __init__(self, now: datetime) -> None:
        self._stories = [(title, summary, now - timedelta(days=3)) for title, summary in OLD_STORIES]
        self._coming = list(NEW_STORIES)
        self.url = ""
        self.broken = False

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/", self._serve_site)
        app.router.add_get("/exchange.rss", self._serve)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def publish_next(self, now: datetime) -> bool:
        """Add the next story; False when there is none left."""
        if self._coming:
            title, summary = self._coming.pop(0)
            self._stories.insert(0, (title, summary, now))
            return True
        return False

    async def _serve_site(self, _request: web.Request) -> web.Response:
        link = '<link rel="alternate" type="application/rss+xml" href="/exchange.rss">'
        page = f"<!DOCTYPE html><title>The Exchange</title>{link}<p>News of our sister cities."
        return web.Response(text=page, content_type="text/html")

    async def _serve(self, _request: web.Request) -> web.Response:
        if self.broken:
            raise web.HTTPServiceUnavailable
        items = "".join(
            f"<item><title>{escape(title)}</title><guid>sample:{escape(title)}</guid>"
            f"<link>https://exchange.example/{number}</link><description>{escape(summary)}</description>"
            f"<pubDate>{format_datetime(when.astimezone(UTC))}</pubDate></item>"
            for number, (title, summary, when) in zip(range(len(self._stories), 0, -1), self._stories, strict=True)
        )
        head = "<title>The Exchange (sample)</title><link>https://exchange.example/</link>"
        body = f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'
        return web.Response(text=body, content_type="application/rss+xml")
