"""The child processes that read documents: used again, replaced when they die, never more than allowed."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.errors import FeedError
from bot.feeds.pool import Answer, ChildDied, ParserPool
from bot.feeds.reader import FeedReader, Fetched
from tests.feeds_server import RSS, item, rss

resource = pytest.importorskip("resource")
psutil = pytest.importorskip("psutil")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://news.example/feed.xml"
NEWS = rss(item("Hitachi writes", "https://news.example/1"))
HANGS = rss("<item " + " ".join(f'a{n}="x"' for n in range(40_000)) + "><title>a</title></item>")
NO_FEED = Answer({"problem": "not a feed"}, ())


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    one = ParserPool(1)
    yield one
    await one.close()


async def titles(pool: ParserPool, body: bytes = NEWS) -> list[str]:
    answer = await pool.ask("feed", body, url=URL, content_type=RSS)
    return [line["title"] for line in answer.lines]


def children() -> list[int]:
    """The children that still run, by their numbers; other tests' processes are no matter."""
    ours = (child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE)
    return sorted(child.pid for child in ours if "bot.feeds.child" in child.cmdline())


async def test_one_child_reads_one_document_after_another(pool: ParserPool) -> None:
    assert children() == []
    assert await titles(pool) == ["Hitachi writes"]
    (child,) = children()
    assert await pool.ask("feed", b"<html>", url=URL, content_type="text/html") == NO_FEED
    assert await pool.ask("feed", b"", url=URL, content_type="") == NO_FEED
    assert await titles(pool) == ["Hitachi writes"]
    assert children() == [child]


async def test_documents_at_the_same_moment_share_the_children_there_may_be() -> None:
    pool = ParserPool(2)
    bodies = [rss(item(f"story {number}")) for number in range(20)]
    assert await asyncio.gather(*(titles(pool, body) for body in bodies)) == [[f"story {n}"] for n in range(20)]
    assert len(children()) == 2
    await pool.close()
    assert children() == []


async def test_a_child_killed_while_idle_is_replaced_and_nobody_notices(pool: ParserPool) -> None:
    await titles(pool)
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    assert await titles(pool) == ["Hitachi writes"]
    assert len(children()) == 1 and children() != [child]


async def test_a_child_that_hangs_is_ended_and_costs_no_other_document() -> None:
    pool = ParserPool(1, timeout=4.0)
    await titles(pool)
    (child,) = children()
    os.kill(child, signal.SIGSTOP)
    hanging = asyncio.create_task(titles(pool))
    await asyncio.sleep(0.01)
    waiting = asyncio.create_task(titles(pool))
    with pytest.raises(ChildDied):
        await hanging
    assert await waiting == ["Hitachi writes"]
    assert child not in children()
    await pool.close()


def computed() -> float:
    """Seconds that ended children of ours have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(used.ru_utime + used.ru_stime)


async def test_a_child_grants_a_document_five_seconds_of_computing_and_it_is_not_tried_again() -> None:
    pool = ParserPool(1, timeout=60.0)
    await titles(pool)
    before = computed()
    with pytest.raises(ChildDied):
        await titles(pool, HANGS)
    assert 3 < computed() - before < 7.5  # a second try would make it ten
    await pool.close()


async def test_a_question_that_is_called_off_leaves_no_answer_for_the_next(pool: ParserPool) -> None:
    await titles(pool)
    asked = asyncio.create_task(titles(pool, rss(*(item(f"old {n}") for n in range(4_000)))))
    await asyncio.sleep(0.1)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert await titles(pool) == ["Hitachi writes"]


async def test_a_child_is_replaced_after_its_share_of_documents() -> None:
    pool = ParserPool(1, documents=2)
    seen = []
    for _ in range(4):
        await titles(pool)
        seen.append(children())
    assert [len(running) for running in seen] == [1, 0, 1, 0]
    assert seen[0] != seen[2]
    await pool.close()


async def test_a_child_without_work_is_let_go_and_another_started_when_there_is_some() -> None:
    pool = ParserPool(1, idle=0.3)
    await titles(pool)
    await titles(pool)
    (child,) = children()
    for _ in range(100):
        await asyncio.sleep(0.05)
        if children() == []:
            break
    assert children() == []
    assert await titles(pool) == ["Hitachi writes"]
    assert children() != [child]
    await pool.close()


async def test_closing_ends_children_in_the_middle_of_their_work() -> None:
    pool = ParserPool(1)
    asked = asyncio.create_task(titles(pool, HANGS))
    await asyncio.sleep(0.5)
    assert len(children()) == 1
    await pool.close()
    assert children() == []
    with pytest.raises(ChildDied):
        await asked
    assert await titles(pool) == ["Hitachi writes"]
    await pool.close()


async def test_a_reader_reads_in_its_own_children_and_ends_them() -> None:
    async with FeedReader(children=1) as reader:
        fetched = Fetched(URL, 200, NEWS, RSS, None, None)
        assert [entry.title for entry in (await reader.parse(fetched, now=NOW)).entries] == ["Hitachi writes"]
        (child,) = children()
        with pytest.raises(FeedError, match="There is no feed"):
            await reader.parse(Fetched(URL, 200, b"<html>", RSS, None, None), now=NOW)
        assert children() == [child]
    assert children() == []


async def test_a_page_is_asked_for_its_feeds(pool: ParserPool) -> None:
    page = b'<link rel="alternate" type="application/rss+xml" href="/feed">'
    answer = await pool.ask("links", page, url=URL, content_type="text/html")
    assert answer == Answer({"links": ["https://news.example/feed"]}, ())


async def test_reading_a_large_feed_does_not_hold_up_the_event_loop(pool: ParserPool) -> None:
    entries = [item(f"story {n}", f"https://news.example/{n}", summary="word " * 100) for n in range(3_000)]
    stretches: list[float] = []  # seconds that this thread computed without a pause

    async def watch() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.001)
            stretches.append(time.thread_time() - before)

    await titles(pool)
    watcher = asyncio.create_task(watch())
    assert len(await titles(pool, rss(*entries))) == 3_000
    watcher.cancel()
    assert max(stretches) < 0.05
