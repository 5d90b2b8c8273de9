"""Feeds of many hosts in one process of their own: `python -m bench.feed_hosts SEED`; ends when its input does.

It answers on every address of the loopback, after the time of a round trip. Each feed has twenty stories; from its
second answer on, one feed in twenty has one more.
"""

import asyncio
import random
import sys
from collections import Counter

from aiohttp import web

from tests.feeds_server import ALL_ADDRESSES, RSS, item, rss

ROUND_TRIP = 0.05  # seconds
STORIES = 20
WORDS = ("choir", "delegation", "mayor", "exchange", "students", "festival", "bridge", "museum", "garden", "signed")


def document(feed: int, seed: int, *, more: bool) -> bytes:
    """A feed of some ten kilobytes, the newest story first."""
    draw = random.Random(seed * 1_000_003 + feed)  # noqa: S311 - repeatable
    items = []
    for story in range(STORIES + more):
        words = " ".join(draw.choices(WORDS, k=40))
        address = f"https://news-{feed}.example/{story}"
        items.append(item(f"Story {story} {words[:50]}", address, guid=address, summary=f"<p>{words}</p>"))
    return rss(*items[::-1], title=f"News of city {feed}")


def application(seed: int) -> web.Application:
    """The server; `/N` is feed N."""
    asked: Counter[int] = Counter()

    async def answer(request: web.Request) -> web.Response:
        feed = int(request.match_info["feed"])
        asked[feed] += 1
        await asyncio.sleep(ROUND_TRIP)
        body = document(feed, seed, more=asked[feed] > 1 and feed % 20 == 0)
        return web.Response(body=body, headers={"Content-Type": RSS})

    app = web.Application()
    app.router.add_get(r"/{feed:\d+}", answer)
    return app


async def main(seed: int) -> None:
    """Serve until standard input ends; the port is the first line of standard output."""
    runner = web.AppRunner(application(seed), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, ALL_ADDRESSES, 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
