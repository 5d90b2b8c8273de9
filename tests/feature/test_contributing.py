"""The example in CONTRIBUTING.md is a command that works as it stands."""

import re
from pathlib import Path

import pytest

from tests.feature.conftest import World, words

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_example_command_works(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "example_cog.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    await world.bot.load_extension("example_cog")
    await world.bot.tree.sync()
    told = await world.alice.slash(world.general, "time", city="Birmingham")
    unknown = await world.alice.slash(world.general, "time", city="xyzxyzxyz")
    assert words(told.response) == "It is 10:00 AM there."
    assert words(unknown.response) == "I don't know the time there. Pick a city from the list."
