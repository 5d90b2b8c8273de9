"""The command line: run, preview, lookup, feed check, doctor."""

import argparse
import asyncio
import io
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from dotenv import load_dotenv

from bot.errors import BotError
from bot.logs import start_logging
from bot.settings import Settings, read_settings
from bot.start import DatabaseUnusable
from bot.texts import ENGLISH

logger = logging.getLogger("main")

WRONG_SETTINGS = 2
MOST_HITS = 25


def main(arguments: list[str] | None = None) -> int:
    """Read the settings and do what was asked; returns the exit status."""
    options = _parser().parse_args(arguments)
    command = COMMANDS[options.command or "run"]
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # names are in all scripts, whatever the locale
    load_dotenv(".env", encoding="utf-8-sig")  # some editors begin a file with a mark
    settings, options.faults = read_settings(os.environ)
    if options.faults and command is not doctor:
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py", description="The Sister City Bot.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="connect to Discord (the default)")
    show = commands.add_parser("preview", help="try the bot in a local page, without a token")
    show.add_argument("--transcript", action="store_true", help="play a short session and print what people see")
    show.add_argument("--port", type=_port, default=0, help="the page's port (default: any free one)")
    look = commands.add_parser("lookup", help="look a city up from the shell")
    look.add_argument("text", nargs="*", help="the city; without it, one query a line is read from standard input")
    look.add_argument("--json", action="store_true", help="one JSON object a line")
    feed = commands.add_parser("feed", help="feeds")
    check = feed.add_subparsers(dest="feed_command", required=True).add_parser("check", help="what a feed would post")
    check.add_argument("url")
    check.add_argument("--json", action="store_true", help="one JSON object")
    commands.add_parser("doctor", help="check token, database, schema and seed")
    return parser


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
    from bot.cities import NoSuchCity, find_city, find_in_chat, load_index
    from bot.client import utc_now
    from bot.start import open_database
    from bot.ui.city_lines import page_lines

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
    """Fetch and read one feed, and say what the bot would post of it."""
    from bot.client import utc_now
    from bot.feeds import FeedReader, parse

    reader = FeedReader(allow_private=settings.feed_allow_private, user_agent=settings.user_agent)
    try:
        feed = await parse(await reader.fetch(options.url), now=utc_now())
    finally:
        await reader.close()
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
        print(json.dumps({"url": options.url, "title": feed.title, "entries": entries}, ensure_ascii=False))
        return 0
    print(ENGLISH.plural("{title}: {n} entry.", "{title}: {n} entries.", len(feed.entries), title=feed.title))
    print("What is there when the feed is added is remembered, not posted. Each later entry is posted once, like this;")
    print("it is known for ever by the identity in brackets:")
    for entry in feed.entries:
        when = f"{entry.published:%Y-%m-%d %H:%M} UTC" if entry.published else "no date"
        print(f"- {entry.title} [{entry.identity}]\n  {when} · {entry.link or 'no link'}")
        print("\n".join(f"  {part}" for part in (entry.summary, entry.picture) if part))
    return 0


async def doctor(settings: Settings, options: argparse.Namespace) -> int:
    """Say what is in order and what is not, with what to do about it."""
    from bot.doctor import checks

    wrong = 0
    for check in await checks(settings, options.faults):
        print(f"{'ok  ' if check.good else 'FIX '} {check.sentence}")
        wrong += not check.good
    return 1 if wrong else 0


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr)


COMMANDS = {"run": run, "preview": preview, "lookup": lookup, "feed": feed_check, "doctor": doctor}

if __name__ == "__main__":
    sys.exit(main())
