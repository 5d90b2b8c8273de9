"""Checking an installation: each finding is one sentence, with what to do if something is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import NotSetUp
from bot.settings import Settings
from bot.start import DatabaseUnusable
from bot.ties.data_report import Finding, data_report
from db.database import Database
from db.migrate import schema_versions
from db.seeding import loaded_version, shipped_version


@dataclass(frozen=True, slots=True)
class Check:
    """Whether something is in order, and the sentence that says so."""

    good: bool
    sentence: str


async def checks(settings: Settings, faults: Sequence[str] = ()) -> list[Check]:
    """Look at the settings, the token's shape, the database, its schema and the seed; changes nothing.

    `faults` are those found while the settings were read; a variable with one counts as unset here.
    """
    wrong = [Check(False, f"{fault} Correct it in .env.") for fault in faults]
    token = [] if any(fault.startswith("DISCORD_TOKEN") for fault in faults) else [_token(settings)]
    database = [] if any(fault.startswith("DATABASE_URL") for fault in faults) else await _database(settings)
    return [*wrong, *token, *database]


def _token(settings: Settings) -> Check:
    if not settings.discord_token:
        return Check(False, "DISCORD_TOKEN is empty: copy the token from your application's Bot page into .env.")
    return Check(True, "DISCORD_TOKEN has the shape of a bot token.")


async def _database(settings: Settings) -> list[Check]:
    database = Database(settings.database_url)
    shown = database.url.render_as_string(hide_password=True)
    empty = Check(True, f"The database {shown} is empty: the first `main.py run` fills it.")
    if _is_yet_to_be_made(database):
        return [empty]
    try:
        schema, newest = await schema_versions(database)
        if schema is None:
            return [empty]
        seed = await loaded_version(database)
    except Exception as error:  # also asyncpg's TypeError for an option that it does not know
        return [Check(False, str(DatabaseUnusable(database, error)))]
    finally:
        await database.close()
    found = [Check(True, f"The database {shown} answers.")]
    if schema == newest:
        found.append(Check(True, f"Its schema is the newest, {newest}."))
    else:
        # Versions are numbers of four digits.
        advice = "update the bot" if schema > newest else "`main.py run` upgrades it"
        found.append(Check(False, f"Its schema is {schema}, this bot's is {newest}: {advice}."))
    shipped = shipped_version()
    if seed == shipped:
        found.append(Check(True, f"Its places and partnerships are the newest, {seed}."))
    else:
        advice = "`main.py run` loads them"
        found.append(Check(False, f"Its places are {seed or 'missing'}, the newest are {shipped}: {advice}."))
    return found


async def doubts(settings: Settings) -> list[Finding]:
    """What looks doubtful in the places and ties of the database; changes nothing.

    Raises NotSetUp if the database is empty, else DatabaseUnusable.
    """
    database = Database(settings.database_url)
    empty = NotSetUp("The database is empty: the first `main.py run` fills it.")
    if _is_yet_to_be_made(database):
        raise empty
    try:
        schema, _ = await schema_versions(database)
        if schema is None:
            raise empty
        return await data_report(database)
    except NotSetUp:
        raise
    except Exception as error:  # also asyncpg's TypeError for an option that it does not know
        raise DatabaseUnusable(database, error) from error
    finally:
        await database.close()


def _is_yet_to_be_made(database: Database) -> bool:
    """True for a SQLite file that the first run makes; only to look at it would make it, too."""
    file = Path(database.url.database or "")
    return database.is_sqlite and not file.exists() and file.parent.is_dir()
