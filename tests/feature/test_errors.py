"""What a person sees when something goes wrong that nobody foresaw, and what the log has of it."""

import logging
import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.feature.conftest import World, words

NUMBER = re.compile(r"the number `([0-9a-f]{8})`")
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def break_the_database(world: World) -> None:
    """From here on no page of a city can be read."""
    async with world.bot.database.write() as session:
        await session.execute(text("ALTER TABLE partnerships RENAME TO elsewhere"))


@pytest.fixture
def unforeseen() -> tuple[type[Exception], ...]:
    return (OperationalError,)


@on_one_database
async def test_a_command_that_fails_gives_a_number_that_the_log_has_too(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await break_the_database(world)
    result = await world.alice.slash(world.general, "city view", city="id:4049979")
    said = words(result.response)
    found = NUMBER.search(said)
    assert found is not None and result.ephemeral
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.getMessage().startswith(f"error {found[1]} in interaction ")
    assert record.exc_info is not None and "partnerships" not in said


@on_one_database
async def test_a_mention_that_fails_is_answered_with_such_a_number(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await break_the_database(world)
    await world.alice.send(world.general, f"{world.bot.me} Nashville")
    found = NUMBER.search(words(world.general.last_message))
    assert found is not None
    assert [record.getMessage()[:14] for record in caplog.records if record.levelno == logging.ERROR] == [
        f"error {found[1]}"
    ]
