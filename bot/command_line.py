"""The commands and options of the command line."""

import argparse
from typing import Any


def parser() -> argparse.ArgumentParser:
    """What `main.py` understands."""
    whole = argparse.ArgumentParser(prog="main.py", description="The Sister City Bot.")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND")
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
    _add_ties(commands)
    look_after = commands.add_parser("doctor", help="check token, database, schema and seed")
    look_after.add_argument("--data", action="store_true", help="report doubtful places and ties instead")
    look_after.add_argument("--verbose", action="store_true", help="with --data: all of them, not a few examples")
    look_after.add_argument("--json", action="store_true", help="with --data: one JSON object for each kind of doubt")
    return whole


def _add_ties(commands: Any) -> None:
    ties = commands.add_parser("ties", help="correct partnerships for all servers, by way of a CSV file")
    actions = ties.add_subparsers(dest="ties_command", required=True)
    export = actions.add_parser("export", help="write the ties that all servers see")
    export.add_argument("file", nargs="?", default="-", help="the file to write (default: standard output)")
    export.add_argument("--corrections", action="store_true", help="only those that did not come with the bot")
    export.add_argument("--server", type=_server_id, metavar="ID", help="those that this server's moderators put right")
    take = actions.add_parser("import", help="take corrections in: all lines, or none if one is wrong")
    take.add_argument("file", help="the file to read, with the columns of an export; - for standard input")
    take.add_argument("--dry-run", action="store_true", help="only say what would change")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _server_id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 2**63):
        raise argparse.ArgumentTypeError("a server's id is a number, as Discord's developer mode copies it")
    return int(text)
