"""The documents do not point at what is not there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(path for path in ROOT.rglob("*.md") if not {".venv", ".pytest_cache"} & set(path.parts))
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_project_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_readme_names_every_command_of_the_command_line() -> None:
    source = (ROOT / "bot" / "command_line.py").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r'add_parser\("(\w+)"', source)
    assert len(commands) >= 6
    assert [command for command in commands if command not in readme] == []
