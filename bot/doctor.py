"""Checking an installation: each finding is one sentence, with what to do if something is wrong."""

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from db.database import Database
from db.migrate import schema_versions
from db.seeding import loaded_version, shipped_version


@dataclass(frozen=True, slots=True)
class Check:
    """Whether something is in order, and the sentence that says so."""

    good: bool
    sentence: str


async def checks(settings: Settings) -> list[Check]:
    """Look at the token's shape, the database, its schema and the seed; changes nothing."""
    return [_token(settings), *await _database(settings)]


def _token(settings: Settings) -> Check:
    if not settings.discord_token:
        return Check(False, "DISCORD_TOKEN is empty: copy the token from your application's Bot page into .env.")
    return Check(True, "DISCORD_TOKEN has the shape of a bot token.")


async def _database(settings: Settings) -> list[Check]:
    database = Database(settings.database_url)
    shown = database.url.render_as_string(hide_password=True)
    try:
        schema, newest = await schema_versions(database)
        if schema is None:
            return [Check(True, f"The database {shown} is empty: the first `main.py run` fills it.")]
        seed = await loaded_version(database)
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return [Check(False, f"The database {shown} cannot be used ({reason}): check DATABASE_URL and its server.")]
    finally:
        await database.close()
    found = [Check(True, f"The database {shown} answers.")]
    if schema == newest:
        found.append(Check(True, f"Its schema is the newest, {newest}."))
    else:
        advice = "`main.py run` upgrades an older one"
        found.append(Check(False, f"Its schema is {schema}, this bot's is {newest}: {advice}."))
    shipped = shipped_version()
    if seed == shipped:
        found.append(Check(True, f"Its places and partnerships are the newest, {seed}."))
    else:
        advice = "`main.py run` loads them"
        found.append(Check(False, f"Its places are {seed or 'missing'}, the newest are {shipped}: {advice}."))
    return found
