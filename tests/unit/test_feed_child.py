"""The child process: hostile documents end in time, hold up nobody, and leave nothing behind."""

import asyncio
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import FeedError
from bot.feeds.reader import Fetched, parse
from tests.feeds_server import RSS, item, rss

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROJECT = Path(__file__).parent.parent.parent


def fetched(body: bytes) -> Fetched:
    return Fetched("https://news.example/feed.xml", 200, body, content_type=RSS, etag=None, last_modified=None)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "attributes": rss("<item " + " ".join(f'a{n}="x"' for n in range(40_000)) + "><title>a</title></item>"),
    "comments": rss(item("a", summary="<!--" * 100_000)),
    "tags": rss(item("a", summary="<b>x</b> " * 300_000)),
    "items": rss(*(item(f"t{n}", f"https://news.example/{n}") for n in range(20_000))),
    "less-than": rss(item("a", summary="<" * 200_000)),
    "ampersands": rss(item("a", summary="&" * 200_000)),
    "nesting": rss("<item><title>a</title>" + "<div>" * 20_000 + "</div>" * 20_000 + "</item>"),
    "nested html": rss(item("a", summary="<div>" * 20_000)),
    "entities": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'.encode() + rss(item("a"))[21:].replace(b">a<", b">&l9;<"),
    "outer entity": b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + rss(item("&f;"))[21:],
    "long words": rss(item("x" * 1_000_000, "/1", summary="y" * 1_000_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_document_ends_in_time_and_does_not_hold_up_the_event_loop(name: str) -> None:
    stretches: list[float] = []  # seconds that this thread computed without a pause

    async def watch() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.001)
            stretches.append(time.thread_time() - before)

    watcher = asyncio.create_task(watch())
    started = time.monotonic()
    try:
        feed = await parse(fetched(HOSTILE[name]), now=NOW)
        assert [len(entry.title) <= 256 and "root:" not in entry.title for entry in feed.entries] == [True]
    except FeedError as error:
        assert "broken, or too large or complicated to read" in str(error)
        assert name in ("attributes", "items")
    finally:
        watcher.cancel()
    assert time.monotonic() - started < 25
    assert max(stretches) < 0.05


async def test_a_flood_of_attributes_is_given_up() -> None:
    with pytest.raises(FeedError, match="too large or complicated"):
        await parse(fetched(HOSTILE["attributes"]), now=NOW, timeout=1.0)


async def test_a_reading_that_is_called_off_leaves_no_child_and_the_child_was_limited() -> None:
    psutil = pytest.importorskip("psutil")
    reading = asyncio.create_task(parse(fetched(HOSTILE["attributes"]), now=NOW))
    most = 256 * 1024 * 1024
    children = []
    limited = not hasattr(psutil, "RLIMIT_AS")
    for _ in range(100):  # a busy machine takes its time to start a child
        await asyncio.sleep(0.05)
        children = [child for child in psutil.Process().children() if "bot.feeds.child" in child.cmdline()]
        limited = limited or (children != [] and children[0].rlimit(psutil.RLIMIT_AS) == (most, most))
        if children and limited:
            break
    assert children != [] and limited
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


@pytest.mark.parametrize(
    ("act", "limits"),
    [
        ("b'x' * 2**30", "limit_resources()"),
        ("[0 for _ in iter(int, 1)]", "limit_resources(memory=2**30); limit_time(seconds=1)"),
    ],
)
def test_the_child_has_its_own_limits(act: str, limits: str) -> None:
    pytest.importorskip("resource")
    program = f"from bot.feeds.child import limit_resources, limit_time; {limits}; {act}"
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, timeout=20, check=False)
    assert done.returncode != 0
    assert done.returncode == -signal.SIGPROF or b"MemoryError" in done.stderr


async def test_the_child_is_found_from_anywhere_and_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "feedparser.py").write_text("raise SystemExit")
    assert (await parse(fetched(rss(item("a"))), now=NOW)).entries[0].title == "a"
