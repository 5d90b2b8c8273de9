"""The command line, as an operator meets it: every test runs `main.py` in an empty folder."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from db.database import Database
from db.migrate import schema_versions
from db.seeding import shipped_version
from tests.feeds_server import FeedsServer, item, rss

MAIN = Path(__file__).parents[2] / "main.py"
TOKEN = ".".join(("MTIz" * 6, "GcanRy", "canary" * 6))
NOT_GIVEN = "FIX  DISCORD_TOKEN is empty: copy the token from your application's Bot page into .env."
GIVEN = "ok   DISCORD_TOKEN has the shape of a bot token."


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status, and what it wrote."""

    status: int
    output: str
    errors: str


@dataclass
class Shell:
    """A folder in which commands are run, with nothing in the environment but what a test gives."""

    folder: Path

    async def run(self, *arguments: str, typed: bytes = b"", **environment: str) -> Ended:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(MAIN), *arguments),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], **environment},
        )
        async with asyncio.timeout(60):
            output, errors = await process.communicate(typed)
        assert process.returncode is not None
        return Ended(process.returncode, output.decode(), errors.decode())


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty folder to run commands in."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return Shell(folder)


@pytest.fixture
async def feeds() -> AsyncIterator[FeedsServer]:
    """A server of feeds on the loopback."""
    async with FeedsServer() as server:
        yield server


async def test_without_a_token_one_sentence_names_the_preview(shell: Shell) -> None:
    sentence = "DISCORD_TOKEN is empty: put your bot's token into .env, or try `main.py preview`.\n"
    assert list(await asyncio.gather(shell.run(), shell.run("run"))) == [Ended(2, "", sentence)] * 2
    assert list(shell.folder.iterdir()) == []


async def test_wrong_settings_are_all_named_and_nothing_is_begun(shell: Shell) -> None:
    (shell.folder / ".env").write_text("FEED_MINUTES=soon\nHEAR_MENTIONS=0\n", encoding="utf-8")
    ended = await shell.run("lookup", "x", DISCORD_TOKEN="canary", DATABASE_URL="mysql://bot:canary@h/n")
    assert (ended.status, ended.output) == (2, "")
    assert [line.partition(":")[0] for line in ended.errors.splitlines()] == [
        "DISCORD_TOKEN",
        "DATABASE_URL",
        "FEED_MINUTES",
    ]
    assert "canary" not in ended.errors


async def test_settings_are_read_from_a_file_beside_which_the_bot_is_started(shell: Shell) -> None:
    # The mark at the beginning is what some editors write; the environment itself goes before the file.
    (shell.folder / ".env").write_text(f"\ufeffDISCORD_TOKEN={TOKEN}\nLOG_LEVEL=LOUD\n", encoding="utf-8")
    ended = await shell.run("doctor", LOG_LEVEL="INFO")
    assert (ended.status, ended.output.splitlines()[0]) == (0, GIVEN)


async def test_an_unknown_command_is_answered_with_those_there_are(shell: Shell) -> None:
    ended = await shell.run("dance")
    assert (ended.status, ended.output) == (2, "")
    assert [name for name in ("run", "preview", "lookup", "feed", "doctor") if name not in ended.errors] == []


async def test_a_city_is_looked_up_by_its_name_whatever_the_locale_can_write(shell: Shell, sqlite_url: str) -> None:
    ended = await shell.run("lookup", "birmingham", DATABASE_URL=sqlite_url, PYTHONIOENCODING="ascii")
    assert (ended.status, ended.errors, ended.output.splitlines()[0]) == (0, "", "Birmingham, Alabama, US")
    assert [line for line in ended.output.splitlines() if line.startswith("- Székesfehérvár")] != []


async def test_each_query_typed_or_given_is_answered_with_one_line_of_json(shell: Shell, sqlite_url: str) -> None:
    typed = "Budapest\n\nA\u2028B\x00\x85 ".encode() + b"\xff\r\n"
    ended, given = await asyncio.gather(
        shell.run("lookup", "--json", typed=typed, DATABASE_URL=sqlite_url),
        shell.run("lookup", "--json", "new", "york", DATABASE_URL=sqlite_url),
    )
    answers = [json.loads(line) for line in ended.output.removesuffix("\n").split("\n")]
    assert (ended.status, ended.errors) == (0, "")
    assert [answer["query"] for answer in answers] == ["Budapest", "", "A\u2028B\x00\x85 \ufffd"]
    for answer in answers:
        assert list(answer) == ["query", "hits", "ms"]
        assert len(answer["hits"]) <= 25
        assert 0 <= answer["ms"] < 10_000
        assert {tuple(hit) for hit in answer["hits"]} <= {("place_id", "geoname_id", "label", "score")}
    first = answers[0]["hits"][0]
    assert (first["place_id"], first["geoname_id"], first["label"]) == (3054643, 3054643, "Budapest, HU")
    scores = [hit["score"] for hit in answers[0]["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert (given.status, json.loads(given.output)["query"]) == (0, "new york")
    assert json.loads(given.output)["hits"][0]["label"] == "New York City, New York, US"


async def test_doctor_only_looks_at_a_database_that_is_yet_to_be_made(shell: Shell) -> None:
    empty = "ok   The database sqlite+aiosqlite:///sister_city_bot.db is empty: the first `main.py run` fills it."
    assert await shell.run("doctor") == Ended(1, f"{NOT_GIVEN}\n{empty}\n", "")
    assert await shell.run("doctor", DISCORD_TOKEN=TOKEN) == Ended(0, f"{GIVEN}\n{empty}\n", "")
    assert list(shell.folder.iterdir()) == []


async def test_doctor_finds_a_good_database_good(shell: Shell, database_url: str) -> None:
    database = Database(database_url)
    _, newest = await schema_versions(database)
    await database.close()
    ended = await shell.run("doctor", DISCORD_TOKEN=TOKEN, DATABASE_URL=database_url)
    assert (ended.status, ended.errors) == (0, "")
    assert ended.output.splitlines() == [
        GIVEN,
        f"ok   The database {database.url.render_as_string()} answers.",
        f"ok   Its schema is the newest, {newest}.",
        f"ok   Its places and partnerships are the newest, {shipped_version()}.",
    ]


async def test_doctor_says_what_is_out_of_date(shell: Shell, sqlite_url: str) -> None:
    database = Database(sqlite_url)
    _, newest = await schema_versions(database)
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        await session.execute(text("DELETE FROM seed_version"))
    await database.close()
    ended = await shell.run("doctor", DISCORD_TOKEN=TOKEN, DATABASE_URL=sqlite_url)
    assert (ended.status, ended.output.splitlines()[2:]) == (
        1,
        [
            f"FIX  Its schema is 0000, this bot's is {newest}: `main.py run` upgrades it.",
            f"FIX  Its places are missing, the newest are {shipped_version()}: `main.py run` loads them.",
        ],
    )


async def test_a_database_out_of_reach_is_one_sentence_without_its_password(shell: Shell) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}/bot"
        url = f"postgresql://bot:canary@{address}"
        doctor = await shell.run("doctor", DISCORD_TOKEN=TOKEN, DATABASE_URL=url)
        lookup = await shell.run("lookup", "x", DATABASE_URL=url)
    start = f"The database postgresql+asyncpg://bot:***@{address} cannot be used ("
    end = "): check DATABASE_URL and its server.\n"
    sentence = lookup.errors
    assert (sentence.startswith(start), sentence.endswith(end), sentence.count("\n")) == (True, True, 1)
    assert lookup == Ended(1, "", sentence)
    assert doctor == Ended(1, f"{GIVEN}\nFIX  {sentence}", "")


async def test_doctor_names_a_database_or_an_option_that_there_is_not(shell: Shell, postgresql_server: str) -> None:
    addresses = [postgresql_server.replace("/postgres?", "/nowhere?"), postgresql_server + "&colour=blue"]
    both = await asyncio.gather(*(shell.run("doctor", DATABASE_URL=address) for address in addresses))
    assert [(ended.status, ended.errors) for ended in both] == [(1, ""), (1, "")]
    assert '(database "nowhere" does not exist)' in both[0].output
    assert "unexpected keyword argument 'colour')" in both[1].output


async def test_doctor_says_so_if_the_file_is_no_database(shell: Shell) -> None:
    (shell.folder / "sister_city_bot.db").write_text("Dear diary, " * 100, encoding="utf-8")
    ended = await shell.run("doctor")
    sentence = "cannot be used (file is not a database): check DATABASE_URL and its server.\n"
    assert (ended.status, ended.output.endswith(sentence), ended.errors) == (1, True, "")


async def test_feed_check_says_what_would_be_posted(shell: Shell, feeds: FeedsServer) -> None:
    link = "https://news.example/choir"
    published = "Fri, 01 Nov 2024 10:00:00 GMT"
    entry = item("A choir on tour", link, guid="choir-1", summary="<p>Forty voices.</p>", published=published)
    url = feeds.serve("/feed", rss(entry))
    told = await shell.run("feed", "check", url, FEED_ALLOW_PRIVATE="1")
    assert (told.status, told.errors) == (0, "")
    assert told.output.splitlines() == [
        "Sister City News: 1 entry.",
        "What is there when the feed is added is remembered, not posted. Each later entry is posted once, like this;",
        "it is known for ever by the identity in brackets:",
        "- A choir on tour [guid:choir-1]",
        f"  2024-11-01 10:00 UTC · {link}",
        "  Forty voices.",
    ]
    ended = await shell.run("feed", "check", url, "--json", FEED_ALLOW_PRIVATE="1")
    assert (ended.status, ended.errors) == (0, "")
    [line] = ended.output.splitlines()
    assert json.loads(line) == {
        "url": url,
        "title": "Sister City News",
        "entries": [
            {
                "identity": "guid:choir-1",
                "title": "A choir on tour",
                "link": link,
                "summary": "Forty voices.",
                "picture": None,
                "published": "2024-11-01T10:00:00+00:00",
                "why": "posted once, for its identity is new; "
                "remembered and not posted if it is there when the feed is added",
            }
        ],
    }
    assert list(shell.folder.iterdir()) == []


async def test_feed_check_explains_in_one_sentence_what_is_no_feed(shell: Shell, feeds: FeedsServer) -> None:
    url = feeds.serve("/page", b"<html><body>Welcome</body></html>", content_type="text/html")
    ended = await shell.run("feed", "check", url, FEED_ALLOW_PRIVATE="1")
    advice = "Look on the site for an orange symbol or the word “RSS”, and give the address behind it."
    assert ended == Ended(1, "", f"There is no feed at {url}, and its page names none. {advice}\n")


async def test_feed_check_takes_the_address_of_a_site(shell: Shell, feeds: FeedsServer) -> None:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in ("news", "events"))
    site = feeds.serve("/", f"<html><head>{links}</head></html>".encode(), content_type="text/html")
    news, events = feeds.serve("/news", rss(title="News")), feeds.serve("/events", rss(title="Events"))
    ended = await shell.run("feed", "check", site, "--json", FEED_ALLOW_PRIVATE="1")
    assert (ended.status, json.loads(ended.output)) == (0, {"url": news, "title": "News", "entries": []})
    ended = await shell.run("feed", "check", site, FEED_ALLOW_PRIVATE="1")
    assert ended.output.splitlines()[::2] == ["News: 0 entries.", "it is known for ever by the identity in brackets:"]
    assert ended.output.splitlines()[-1] == f"The site has another feed: Events, {events}"


async def test_feed_check_keeps_away_from_private_addresses(shell: Shell, feeds: FeedsServer) -> None:
    url = feeds.serve("/feed", rss())
    ended = await shell.run("feed", "check", url)
    assert (ended.status, ended.output, ended.errors.count("\n"), feeds.hits()) == (1, "", 1, 0)
    ended = await shell.run("feed", "check", "http://127.0.0.1/feed")
    assert (ended.status, ended.output) == (1, "")
    assert ended.errors.startswith("http://127.0.0.1/feed is on a private network")
