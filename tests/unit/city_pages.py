"""The pages of the seed, and cards as they read, for the tests of cards."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from sqlalchemy import select

from bot.lookup.cities import CityPage, Tie, place_of, tie_of
from bot.lookup.places import Place
from bot.ui.cities.far_text import NO_BREAK
from db import cities as queries
from db.database import Database
from db.models import Partnership

TOWN = Place(1, 1, "Town", "city", "Ohio", "US", 40.0, -83.0, 1_000, "America/New_York")
PARTNER = Place(2, 2, "Ville", "city", "Bretagne", "FR", 48.0, -3.0, 1_000, "Europe/Paris")
TIE = Tie(PARTNER, "sister", "unknown", "confirmed", None, None, ("wikipedia:2026",), "")


@pytest.fixture(scope="module")
def pages(sqlite_template: Path) -> dict[int, CityPage]:
    """The page of every place with ties in the seed, by the place's id."""
    return asyncio.run(_pages(f"sqlite+aiosqlite:///{sqlite_template}"))


async def _pages(url: str) -> dict[int, CityPage]:
    database = Database(url)
    async with database.read() as session:
        places = {row.id: row for row in await queries.places(session)}
        ties = (await session.scalars(select(Partnership))).all()
    await database.close()
    partners: dict[int, list[Tie]] = defaultdict(list)
    for tie in ties:
        partners[tie.place_a_id].append(tie_of(tie, places[tie.place_b_id]))
        partners[tie.place_b_id].append(tie_of(tie, places[tie.place_a_id]))
    return {place_id: CityPage(place_of(places[place_id]), tuple(some)) for place_id, some in partners.items()}


def components(view: discord.ui.LayoutView) -> Iterator[dict[str, Any]]:
    """Every component as Discord gets it, the outer ones first."""

    def walk(parts: Any) -> Iterator[dict[str, Any]]:
        for part in parts:
            yield part
            yield from walk(part.get("components", []))

    return walk(view.to_components())  # type: ignore[no-untyped-call]  # discord.py leaves it untyped


def shown(view: discord.ui.LayoutView) -> str:
    """The card as it reads: a piece of text or a button a line, a rule as dashes, every space a plain one."""
    pieces = []
    for component in components(view):
        if component["type"] == discord.ComponentType.separator.value:
            pieces.append("---")
        elif "content" in component:
            pieces.append(component["content"])
        elif "label" in component:
            pieces.append(f"[{component['label']}]")
    return "\n".join(pieces).replace(NO_BREAK, " ")
