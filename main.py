"""The command line: run, preview, lookup, feed check, ties export and import, doctor."""

import argparse
import asyncio
import io
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dotenv import load_dotenv

from bot.command_line import parser
from bot.errors import BadInput, BotError
from bot.logs import start_logging
from bot.settings import Settings, read_settings
from bot.start import DatabaseUnusable
from bot.texts import ENGLISH

logger = logging.getLogger("main")

WRONG_SETTINGS = 2
MOST_HITS = 25


def main(arguments: list[str] | None = None) -> int:
    """Read the settings and do what was asked; returns the exit status."""
    options = parser().parse_args(arguments)
    command = COMMANDS[options.command or "run"]
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # names are in all scripts, whatever the locale
    load_dotenv(".env", encoding="utf-8-sig")  # some editors begin a file with a mark
    settings, options.faults = read_settings(os.environ)
    if options.faults and (command is not doctor or options.data):
        print("\n".join(options.faults), file=sys.stderr)
        return WRONG_SETTINGS
    start_logging(settings)
    try:
        with asyncio.Runner(loop_factory=_fast_loop() if command is run else None) as runner:
            return runner.run(command(settings, options))
    except (BotError, DatabaseUnusable) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # `… | head` has seen enough; nothing more can be written, not even at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop, where it installs (not on Windows); None is Python's own."""
    try:
        import uvloop
    except ModuleNotFoundError:
        return None
    return uvloop.new_event_loop


async def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Connect to Discord and stay until told to end."""
    import discord

    from bot.client import SisterCityBot, utc_now
    from bot.serve import serve
    from bot.start import open_database

    if not settings.discord_token:
        print("DISCORD_TOKEN is empty: put your bot's token into .env, or try `main.py preview`.", file=sys.stderr)
        return WRONG_SETTINGS
    async with open_database(settings.database_url, utc_now()) as database:
        try:
            await serve(settings, lambda: SisterCityBot(settings, database, start_loops=True))
        except discord.LoginFailure:
            print("Discord refuses the token in DISCORD_TOKEN. Copy it again from the Bot page.", file=sys.stderr)
            return WRONG_SETTINGS
    return 0


async def preview(settings: Settings, options: argparse.Namespace) -> int:
    """The bot inside a local look-alike of Discord."""
    # simcord's own trial client warns of things we do not need, and the bot's everyday lines are not what one looks at.
    for name in ("discord", "bot"):
        logging.getLogger(name).setLevel(max(logging.WARNING, settings.log_level))
    for name in ("discord.client", "discord.state"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        from bot.preview import show
        from bot.transcript import transcript
    except ModuleNotFoundError as error:
        print(f"The preview needs {error.name}: run `make preview`, which installs it.", file=sys.stderr)
        return 1
    return await (transcript(settings) if options.transcript else show(settings, options.port))


async def lookup(settings: Settings, options: argparse.Namespace) -> int:
    """Look cities up: the words of the command line, or each line of standard input."""
    from bot.client import utc_now
    from bot.lookup.chat import find_in_chat
    from bot.lookup.cities import NoSuchCity, find_city
    from bot.lookup.index import load_index
    from bot.start import open_database
    from bot.ui.cities.city_lines import page_lines

    async with open_database(settings.database_url, utc_now(), progress=_to_stderr) as database:
        index = await load_index(database)
        if options.text and not options.json:
            text = " ".join(options.text)
            page = await find_city(database, index, text)
            if isinstance(page, NoSuchCity):  # perhaps a question, as in chat
                page = await find_in_chat(database, index, text)
            print("\n".join(page_lines(page, utc_now())))
            return 0
        for query in [" ".join(options.text)] if options.text else _typed_lines():
            started = time.perf_counter()
            hits = index.search(query, MOST_HITS)
            milliseconds = round((time.perf_counter() - started) * 1000, 3)
            if options.json:
                print(json.dumps(_hits_json(query, hits, milliseconds), ensure_ascii=False), flush=True)
            else:
                print("; ".join(hit.place.label for hit in hits[:5]) or "(nothing)", flush=True)
    return 0


def _hits_json(query: str, hits: Iterable[Any], milliseconds: float) -> dict[str, Any]:
    found = [
        {
            "place_id": hit.place.id,
            "geoname_id": hit.place.geoname_id,
            "label": hit.place.label,
            "score": round(hit.score, 3),
        }
        for hit in hits
    ]
    return {"query": query, "hits": found, "ms": milliseconds}


def _typed_lines() -> Iterable[str]:
    """Lines end at a newline alone, whatever else Unicode takes for one, and need not be valid UTF-8."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").rstrip("\r\n")


async def feed_check(settings: Settings, options: argparse.Namespace) -> int:
    """Fetch and read the feed of an address, or of a site, and say what the bot would post of it."""
    from bot.client import utc_now
    from bot.feeds.discovery import discover
    from bot.feeds.reader import FeedReader

    async with FeedReader(allow_private=settings.feed_allow_private, user_agent=settings.user_agent) as reader:
        found, *others = await discover(reader, options.url, utc_now())
    feed = found.feed
    why = "posted once, for its identity is new; remembered and not posted if it is there when the feed is added"
    if options.json:
        entries = [
            {
                "identity": entry.identity,
                "title": entry.title,
                "link": entry.link,
                "summary": entry.summary,
                "picture": entry.picture,
                "published": entry.published.isoformat() if entry.published else None,
                "why": why,
            }
            for entry in feed.entries
        ]
        print(json.dumps({"url": found.url, "title": feed.title, "entries": entries}, ensure_ascii=False))
        return 0
    print(ENGLISH.plural("{title}: {n} entry.", "{title}: {n} entries.", len(feed.entries), title=feed.title))
    print("What is there when the feed is added is remembered, not posted. Each later entry is posted once, like this;")
    print("it is known for ever by the identity in brackets:")
    for entry in feed.entries:
        when = f"{entry.published:%Y-%m-%d %H:%M} UTC" if entry.published else "no date"
        print(f"- {entry.title} [{entry.identity}]\n  {when} · {entry.link or 'no link'}")
        print("\n".join(f"  {part}" for part in (entry.summary, entry.picture) if part))
    for other in others:
        print(f"The site has another feed: {other.feed.title}, {other.url}")
    return 0


async def doctor(settings: Settings, options: argparse.Namespace) -> int:
    """Say what is in order and what is not, with what to do about it."""
    from bot.doctor import checks

    if options.data:
        return await _report_data(settings, options)
    wrong = 0
    for check in await checks(settings, options.faults):
        print(f"{'ok  ' if check.good else 'FIX '} {check.sentence}")
        wrong += not check.good
    return 1 if wrong else 0


async def _report_data(settings: Settings, options: argparse.Namespace) -> int:
    """Doubtful places and ties; to find some is no failure."""
    from bot.doctor import doubts
    from bot.ties.data_report import report_json, report_lines

    found = await doubts(settings)
    print("\n".join(report_json(found) if options.json else report_lines(found, verbose=options.verbose)))
    return 0


async def ties(settings: Settings, options: argparse.Namespace) -> int:
    """Write ties to a file, or take corrections in for all servers."""
    from bot.client import utc_now
    from bot.start import open_database
    from bot.ties.files import BadFile
    from bot.ties.imports import export_ties, import_ties

    importing = options.ties_command == "import"
    try:
        content = _read_file(options.file) if importing else b""
        async with open_database(settings.database_url, utc_now(), progress=_to_stderr) as database:
            if not importing:
                _write_file(options.file, await export_ties(database, options.server, options.corrections))
                return 0
            plan = await import_ties(database, content, utc_now(), dry_run=options.dry_run)
    except BadFile as error:
        print(error, "Nothing was imported.", sep="\n", file=sys.stderr)
        return 1
    print(f"{plan}.")
    if options.dry_run:
        print("Nothing was written.")
    elif plan.writes:
        print("Restart the bot: it reads places and ties when it starts.")
    return 0


def _read_file(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise BadInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None


def _write_file(path: str, text: str) -> None:
    if path == "-":
        print(text, end="")
        return
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise BadInput("{path} cannot be written: {reason}.", path=path, reason=error.strerror) from None


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr)


COMMANDS = {"run": run, "preview": preview, "lookup": lookup, "feed": feed_check, "ties": ties, "doctor": doctor}

if __name__ == "__main__":
    sys.exit(main())
