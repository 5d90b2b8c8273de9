"""The operator's settings: what is understood, what is refused, and what is never shown."""

import logging
from dataclasses import fields, replace
from pathlib import Path

import pytest

from bot.settings import SETTINGS, Settings, SettingsError, example, load_settings

PROJECT = Path(__file__).parents[2]
TOKEN = ".".join(("MTIz" * 6, "GcanRy", "canary" * 6))

DEFAULTS = Settings(
    discord_token="",
    database_url="sqlite+aiosqlite:///sister_city_bot.db",
    log_level=logging.INFO,
    discord_api_url="",
    discord_gateway_url="",
    hear_mentions=True,
    members_intent=False,
    contact="",
    feed_minutes=15,
    feed_allow_private=False,
    requests_a_second=45,
)


def faults(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environment)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


def test_without_any_setting_the_defaults_hold() -> None:
    assert load_settings({}) == DEFAULTS


def test_an_empty_value_is_the_default_and_space_around_a_value_is_cut_off() -> None:
    assert load_settings({setting.name: "  " for setting in SETTINGS}) == DEFAULTS
    assert load_settings({"FEED_MINUTES": " 5\n"}) == replace(DEFAULTS, feed_minutes=5)


def test_every_setting_is_read() -> None:
    environment = {
        "DISCORD_TOKEN": TOKEN,
        "DATABASE_URL": "postgresql+asyncpg://bot:pass@db.example/bot",
        "LOG_LEVEL": "debug",
        "DISCORD_API_URL": "http://127.0.0.1:8080/api/v10/",
        "DISCORD_GATEWAY_URL": "wss://gateway.example",
        "HEAR_MENTIONS": "0",
        "MEMBERS_INTENT": "1",
        "CONTACT": "https://example.org/bot",
        "FEED_MINUTES": "1440",
        "FEED_ALLOW_PRIVATE": "1",
        "REQUESTS_A_SECOND": "20",
    }
    assert set(environment) == {setting.name for setting in SETTINGS}
    assert load_settings(environment) == Settings(
        discord_token=TOKEN,
        database_url="postgresql+asyncpg://bot:pass@db.example/bot",
        log_level=logging.DEBUG,
        discord_api_url="http://127.0.0.1:8080/api/v10",
        discord_gateway_url="wss://gateway.example",
        hear_mentions=False,
        members_intent=True,
        contact="https://example.org/bot",
        feed_minutes=1440,
        feed_allow_private=True,
        requests_a_second=20,
    )


def test_every_fault_is_told_at_once_by_name_and_with_what_is_expected() -> None:
    environment = {
        "DISCORD_TOKEN": "changeme",
        "DATABASE_URL": "mysql://bot:pass@db.example/bot",
        "LOG_LEVEL": "LOUD",
        "DISCORD_API_URL": "discord.example",
        "DISCORD_GATEWAY_URL": "https://gateway.example",
        "HEAR_MENTIONS": "yes",
        "FEED_MINUTES": "0",
        "FEED_ALLOW_PRIVATE": "true",
    }
    assert faults(environment) == [
        "DISCORD_TOKEN: expected a bot token: three parts separated by dots, from the Bot page of your application.",
        "DATABASE_URL: expected sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME.",
        "LOG_LEVEL: expected DEBUG, INFO, WARNING or ERROR.",
        "DISCORD_API_URL: expected an address that starts with http:// or https://.",
        "DISCORD_GATEWAY_URL: expected an address that starts with ws:// or wss://.",
        "HEAR_MENTIONS: expected 1 (yes) or 0 (no).",
        "FEED_MINUTES: expected a whole number of minutes from 1 to 1440.",
        "FEED_ALLOW_PRIVATE: expected 1 (yes) or 0 (no).",
    ]


@pytest.mark.parametrize("text", ["1441", "-5", "1.5", "15 min", "²", "9" * 5_000])
def test_minutes_are_a_whole_number_up_to_a_day(text: str) -> None:
    assert faults({"FEED_MINUTES": text}) == ["FEED_MINUTES: expected a whole number of minutes from 1 to 1440."]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///bot.db", "sqlite+aiosqlite:///bot.db"),
        ("sqlite:////data/bot.db", "sqlite+aiosqlite:////data/bot.db"),
        ("sqlite+aiosqlite:///bot.db", "sqlite+aiosqlite:///bot.db"),
        ("postgresql://bot:p%40ss@db.example/bot", "postgresql+asyncpg://bot:p%40ss@db.example/bot"),
        ("postgres://bot@db.example:5433/bot?ssl=require", "postgresql+asyncpg://bot@db.example:5433/bot?ssl=require"),
        ("postgresql://bot@db.example/bot?sslmode=require", "postgresql+asyncpg://bot@db.example/bot?ssl=require"),
        ("postgresql+asyncpg://bot@db.example/bot", "postgresql+asyncpg://bot@db.example/bot"),
    ],
)
def test_a_database_address_gets_the_driver_that_we_ship(given: str, used: str) -> None:
    assert load_settings({"DATABASE_URL": given}).database_url == used


@pytest.mark.parametrize(
    "address",
    [
        "canary",
        "canary.db",
        "sqlite://",
        "mysql://bot:canary@db.example/bot",
        "postgresql+psycopg://bot:canary@db.example/bot",
        "postgresql://bot:canary@db.example",
        "postgresql://bot:p@ss:canary@db.example/bot",  # what follows the second colon is taken for the port
        "postgresql://bot@db.example/bot?password=canary",
    ],
)
def test_a_database_address_that_cannot_be_used_is_refused_without_repeating_it(address: str) -> None:
    expected = "sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME"
    assert faults({"DATABASE_URL": address}) == [f"DATABASE_URL: expected {expected}."]


@pytest.mark.parametrize("token", ["canary", f"Bot {TOKEN}", f'"{TOKEN}"', TOKEN[:-20], TOKEN.replace(".", "-")])
def test_a_token_of_the_wrong_shape_is_refused_without_repeating_it(token: str) -> None:
    assert "canary" not in str(faults({"DISCORD_TOKEN": token}))


def test_settings_do_not_show_their_secrets() -> None:
    settings = load_settings({"DISCORD_TOKEN": TOKEN, "DATABASE_URL": "postgresql://bot:canary@db.example/bot"})
    assert "canary" not in f"{settings!r} {settings}"
    assert settings.secrets() == (TOKEN, "canary")


def test_a_password_is_secret_in_both_its_spellings() -> None:
    settings = load_settings({"DATABASE_URL": "postgresql://bot:p%40ss%2Fword@db.example/bot"})
    assert settings.secrets() == ("p@ss/word", "p%40ss%2Fword")
    assert settings.secrets()[1] in settings.database_url


def test_without_token_and_password_nothing_is_secret() -> None:
    assert load_settings({}).secrets() == ()


def test_the_example_file_is_what_the_code_says_and_names_every_setting() -> None:
    text = (PROJECT / "config.example.env").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert text == example()
    assert [line.partition("=")[0].lower() for line in lines] == [field.name for field in fields(Settings)]
    assert load_settings(dict(line.split("=", 1) for line in lines)) == DEFAULTS
