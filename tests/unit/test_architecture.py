"""The house keeps its own rules: who may import whom, how long things get, where the clock is read."""

import ast
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from discord import app_commands

import cogs
from bot.client import SisterCityBot
from bot.settings import load_settings
from db.database import Database

PROJECT = Path(__file__).parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 250, 40

# Those that are read as one list from top to bottom, and are no better in pieces.
LONGER = {
    "db/models.py": "every table",
    "db/seed/build.py": "the maintainers' steps from the sources to the seed",
}
# Discord is the business of `cogs` and `bot/ui`; these hold the connection to it, or stand where it would be.
DISCORD_IN_BOT = {
    "bot.events.attendee_roles",
    "bot.posting.channel_post",
    "bot.client",
    "bot.posting.editing",
    "bot.posting.event_posts",
    "bot.events.threads",
    "bot.events.leavers",
    "bot.events.live_posts",
    "bot.posting.outbox",
    "bot.posting.posts",
    "bot.posting.posted_before",
    "bot.preview",
    "bot.posting.refresh",
    "bot.posting.rest_gate",
    "bot.serve",
    "bot.posting.story_edits",
    "bot.posting.story_posts",
    "bot.posting.story_targets",
    "bot.stories.threads",
    "bot.posting.webhooks",
}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of ours by its full name, tests aside."""
    paths = [path for folder in ("bot", "cogs", "db") for path in (PROJECT / folder).rglob("*.py")]
    return {named(path): ast.parse(path.read_text(encoding="utf-8")) for path in [*paths, PROJECT / "main.py"]}


def named(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


def imported(tree: ast.Module) -> Iterator[str]:
    """Everything a module imports anywhere in it; of `from a import b` both `a` and `a.b`, b being a module or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, "imports are absolute"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offences(who: Callable[[str], bool], *what: str, unless: Callable[[str], bool] = lambda name: False) -> list[str]:
    """Imports, by modules that `who` picks, of these packages or anything inside them."""
    return [
        f"{module} imports {name}"
        for module, tree in modules().items()
        if who(module)
        for name in imported(tree)
        if any(name == package or name.startswith(f"{package}.") for package in what) and not unless(name)
    ]


def in_package(*packages: str) -> Callable[[str], bool]:
    return lambda module: any(module == package or module.startswith(f"{package}.") for package in packages)


def test_there_is_something_to_check() -> None:
    assert {"main", "bot.client", "bot.ui.press", "cogs.cities", "db.models"} <= set(modules())
    assert "discord" in imported(modules()["bot.client"])
    assert "db.events" in imported(modules()["bot.events.events"])


def test_cogs_know_nothing_of_the_database() -> None:
    assert offences(in_package("cogs"), "db", "sqlalchemy") == []


def test_no_cog_imports_another() -> None:
    """A command family may be a package: its `__init__` puts its modules together."""
    found = offences(in_package("cogs"), "cogs")
    assert [one for one in found if not re.fullmatch(r"(cogs\.\w+) imports \1\.[\w.]+", one)] == []


def test_only_the_client_knows_the_cogs() -> None:
    assert offences(lambda module: in_package("bot", "db")(module) and module != "bot.client", "cogs") == []


def test_cards_know_nothing_of_the_database() -> None:
    def folds_names(name: str) -> bool:
        return in_package("db.names")(name)  # a rule about letters; it stores and asks nothing

    assert offences(in_package("bot.ui"), "db", "sqlalchemy", unless=folds_names) == []


def test_rules_know_nothing_of_discord() -> None:
    def is_rule(module: str) -> bool:
        return module.startswith("bot.") and not in_package("bot.ui")(module) and module not in DISCORD_IN_BOT

    assert offences(is_rule, "discord", "bot.ui") == []


def test_the_database_knows_nothing_of_the_bot() -> None:
    assert offences(in_package("db"), "bot", "cogs", "discord", "aiohttp") == []


def test_only_the_preview_needs_the_simulated_discord() -> None:
    assert offences(lambda module: module not in ("bot.preview", "bot.transcript"), "simcord") == []


def test_the_clock_is_read_in_one_place() -> None:
    def reads_clock(node: ast.AST) -> bool:
        if not isinstance(node, ast.Attribute):
            return False
        owner = getattr(node.value, "id", None) or getattr(node.value, "attr", None)
        return node.attr == "utcnow" or (node.attr in ("now", "today") and owner in ("datetime", "date"))

    readers = {module for module, tree in modules().items() if any(map(reads_clock, ast.walk(tree)))}
    assert readers == {"bot.client"}


def test_files_stay_short_enough_to_read() -> None:
    lengths = {
        path.relative_to(PROJECT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("bot", "cogs", "db")
        for path in (PROJECT / folder).rglob("*.py")
        if "migrations" not in path.parts
    }
    long = {name for name, lines in lengths.items() if lines > LONGEST_FILE}
    assert {name: lengths[name] for name in long - set(LONGER)} == {}, f"at most {LONGEST_FILE} lines"
    assert set(LONGER) - long == set(), "no longer too long: take them off the list"


def test_functions_stay_short_enough_to_read() -> None:
    lengths = {
        f"{module}.{node.name}, line {node.lineno}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module, tree in modules().items()
        if not in_package("db.migrations")(module)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}, f"at most {LONGEST_FUNCTION} lines"


async def test_every_command_and_every_option_is_described_and_no_name_comes_twice(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    bot = SisterCityBot(load_settings({"DATABASE_URL": sqlite_url}), database)
    for module in pkgutil.iter_modules(cogs.__path__, "cogs."):
        await bot.load_extension(module.name)
    described: dict[str, str] = {}
    names: list[str] = []
    for command in bot.tree.walk_commands():
        names.append(command.qualified_name)
        described[command.qualified_name] = command.description
        if isinstance(command, app_commands.Command):
            for option in command.parameters:
                described[f"{command.qualified_name} {option.name}"] = str(option.description)
    await bot.close()
    await database.close()
    assert sorted(names) == sorted(set(names))
    assert {"city view", "sister", "event create", "feed add", "setup"} <= set(names)
    # discord.py puts an ellipsis where nobody wrote a description; Discord takes 100 characters.
    assert {name: text for name, text in described.items() if not 10 <= len(text) <= 100} == {}


def test_no_lock_file_records_an_address() -> None:
    locks = sorted(PROJECT.glob("requirements*.txt"))
    assert [path.name for path in locks] == ["requirements-bench.txt", "requirements-dev.txt", "requirements.txt"]
    assert [path.name for path in locks if "://" in path.read_text(encoding="utf-8")] == []


def test_nothing_is_left_to_be_done_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    folders = ("bot", "cogs", "db", "tests", "bench", "docs", ".ci")
    paths = [path for folder in folders for path in (PROJECT / folder).rglob("*") if path.suffix in (".py", ".md", "")]
    paths += [*PROJECT.glob("*.py"), *PROJECT.glob("*.md"), PROJECT / "Makefile"]
    read = {path: path.read_text(encoding="utf-8") for path in paths if path.is_file()}
    assert [str(path.relative_to(PROJECT)) for path, text in read.items() if later.search(text)] == []
