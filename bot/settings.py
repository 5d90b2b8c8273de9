"""The operator's settings: read once from the environment, checked all at once, then frozen."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot import __version__

TOKEN_SHAPE = re.compile(r"[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}")


class SettingsError(Exception):
    """Every fault found in the environment, one line each: the variable's name and what is expected."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """What the operator chose; the secrets are kept out of `repr`."""

    discord_token: str = field(repr=False)
    database_url: str = field(repr=False)
    log_level: int
    discord_api_url: str
    discord_gateway_url: str
    hear_mentions: bool
    members_intent: bool
    contact: str
    feed_minutes: int
    feed_allow_private: bool
    requests_a_second: int

    @property
    def user_agent(self) -> str:
        """How we introduce ourselves to the sites whose feeds we read."""
        return f"SisterCityBot/{__version__} ({self.contact or 'feed reader of a community server'})"

    def secrets(self) -> tuple[str, ...]:
        """The values that no log line may show."""
        password = make_url(self.database_url).password or ""
        in_address = quote(password, safe=" +")  # as SQLAlchemy spells it there
        return tuple(dict.fromkeys(secret for secret in (self.discord_token, password, in_address) if secret))


@dataclass(frozen=True)
class Setting:
    """One environment variable: `parse` raises ValueError with what is expected."""

    name: str
    default: str
    comment: str
    parse: Callable[[str], Any]


def _token(text: str) -> str:
    if text and not TOKEN_SHAPE.fullmatch(text):
        raise ValueError("a bot token: three parts separated by dots, from the Bot page of your application")
    return text


def _database_url(text: str) -> str:
    expected = "sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the latter names what it took for the port: a piece of a password
        raise ValueError(expected) from None
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
    name = drivers.get(url.drivername, url.drivername)
    # A password among the options would not be known as a secret.
    if name not in drivers.values() or not url.database or "password" in url.query:
        raise ValueError(expected)
    # Hosts hand out addresses in libpq's spelling; asyncpg has another word for the same values.
    query = {"ssl" if option == "sslmode" else option: value for option, value in url.query.items()}
    return url.set(drivername=name, query=query).render_as_string(hide_password=False)


def _log_level(text: str) -> int:
    level = logging.getLevelNamesMapping().get(text.upper())
    if level is None:
        raise ValueError("DEBUG, INFO, WARNING or ERROR")
    return level


def _yes_or_no(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("1 (yes) or 0 (no)")
    return text == "1"


def _address(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text and not text.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(f"an address that starts with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return text.rstrip("/")

    return parse


def _minutes(text: str) -> int:
    if not text.isdecimal() or len(text) > 4 or not 1 <= int(text) <= 1440:
        raise ValueError("a whole number of minutes from 1 to 1440")
    return int(text)


def _requests_a_second(text: str) -> int:
    if not text.isdecimal() or len(text) > 4 or not 1 <= int(text) <= 1000:
        raise ValueError("a whole number from 1 to 1000")
    return int(text)


SETTINGS = (
    Setting("DISCORD_TOKEN", "", "The bot's token. Secret. Needed for `run`, not for `preview`.", _token),
    Setting(
        "DATABASE_URL",
        "sqlite+aiosqlite:///sister_city_bot.db",
        "Where everything is kept: a SQLite file, or postgresql+asyncpg://USER:PASSWORD@HOST/NAME. Secret.",
        _database_url,
    ),
    Setting("LOG_LEVEL", "INFO", "How much is logged: DEBUG, INFO, WARNING or ERROR.", _log_level),
    Setting(
        "DISCORD_API_URL",
        "",
        "Another address for Discord's REST API (a rate-limit proxy, a local server). Empty: Discord's own.",
        _address("http", "https"),
    ),
    Setting(
        "DISCORD_GATEWAY_URL",
        "",
        "Another address for Discord's gateway. Empty: Discord's own.",
        _address("ws", "wss"),
    ),
    Setting(
        "HEAR_MENTIONS",
        "1",
        "1: answer when someone mentions the bot in chat. 0: slash commands only (for hosts of very many servers).",
        _yes_or_no,
    ),
    Setting(
        "MEMBERS_INTENT",
        "0",
        "1: free the seats of members who leave at once; needs Server Members Intent on the Bot page. "
        "0: find them out before reminders and promotions.",
        _yes_or_no,
    ),
    Setting(
        "CONTACT", "", "Sent to the sites whose feeds are read: a page or mail address where you can be reached.", str
    ),
    Setting("FEED_MINUTES", "15", "How many minutes lie between two looks at the same feed.", _minutes),
    Setting(
        "FEED_ALLOW_PRIVATE",
        "0",
        "1: feeds may be on private addresses (an intranet, a test). on any port. 0: public addresses only.",
        _yes_or_no,
    ),
    Setting(
        "REQUESTS_A_SECOND",
        "45",
        "How many requests a second are made of Discord at most. It allows 50 for all processes with the same token.",
        _requests_a_second,
    ),
)


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings; an empty variable counts as unset. Raises SettingsError with every fault at once."""
    settings, faults = read_settings(environment)
    if faults:
        raise SettingsError(faults)
    return settings


def read_settings(environment: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """The settings with every fault found; a variable with a fault has its default."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for setting in SETTINGS:
        text = environment.get(setting.name, "").strip() or setting.default
        try:
            values[setting.name.lower()] = setting.parse(text)
        except ValueError as error:
            faults.append(f"{setting.name}: expected {error}.")
            values[setting.name.lower()] = setting.parse(setting.default)
    return Settings(**values), faults


def example() -> str:
    """The text of config.example.env."""
    head = "# Copy this file to .env and fill in what you need; an empty value means the default.\n"
    return head + "".join(f"\n# {setting.comment}\n{setting.name}={setting.default}\n" for setting in SETTINGS)
